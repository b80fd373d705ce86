"""The dialogue: understanding, profile, the turn, evidence, explanation, storage, settings."""
