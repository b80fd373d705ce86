"""Answers from an operator's help pages: shipping, returns, and what else people ask of a shop."""

from assistant.help_desk.desk import HelpConfig, HelpDesk, HelpReading
from assistant.help_desk.pages import Passage, read_pages

__all__ = ["HelpConfig", "HelpDesk", "HelpReading", "Passage", "read_pages"]
