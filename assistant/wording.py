"""Small pieces of text that every sentence may need, whatever its language.

Owns: capitals, titles cut to length, what of a person's words may be repeated. Does not own: the
sentences (`assistant.phrasebook`) or whole replies (`assistant.templates`).
"""

from __future__ import annotations

import unicodedata


def capitalised(text: str) -> str:
    """Return `text` with its first letter in upper case and the rest as it is."""
    return text[:1].upper() + text[1:]


def quotable(words: str, limit: int = 60) -> str:
    """Return a person's `words` fit to be repeated in a reply; empty when they are not.

    Control, format and private characters are removed, blanks joined, and words longer than
    `limit` characters are not repeated at all.
    """
    plain = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in words)
    plain = " ".join(plain.split()).strip(" .,;:!?")
    return plain if len(plain) <= limit else ""


def short(title: str, most: int = 56) -> str:
    """Return a title fit for a sentence: a paragraph is cut at a word, with an ellipsis."""
    if len(title) <= most:
        return title
    return title[:most].rsplit(" ", 1)[0].rstrip(" ,;:-(") + "…"
