"""Scripted dialogues: what a person says, and what must be true after every turn.

Owns: the YAML format, running it over an assistant, and the reports. Does not own: our dialogues
(`evaluation/scripts`) or the assistant. `evaluation/README.md` shows how to write one.
"""
