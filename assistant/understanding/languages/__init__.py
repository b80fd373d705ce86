"""Messages in other languages, read into the English words that the rules know."""

from assistant.understanding.languages.reading import Languages

__all__ = ["Languages"]
