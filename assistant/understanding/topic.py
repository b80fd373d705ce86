"""The descriptive words that remain, for search.

Owns: `leftover`. Does not own: what is excluded from it (the caller marks words). Positive facet
words stay in (they help dense search); titles, numbers, references, everything in the reach of a
negation and the phrases of asking do not.
"""

from __future__ import annotations

from collections.abc import Set

from assistant.understanding.english import CALENDAR, FILLER, FUNCTION
from assistant.understanding.text import Text

_LITTLE = 5


def leftover(text: Text, dropped: Set[int], nouns: Set[str], kept: Set[int]) -> str:
    """Return the remaining words of `text` in the person's order, or an empty string.

    Parameters
    ----------
    text : Text
        The message.
    dropped : set of int
        Words that must not be searched for.
    nouns : set of str
        What items are called, which tells nothing.
    kept : set of int
        Words that are content whatever they look like (facet values).
    """
    segments: list[list[int]] = [[]]
    for at, word in enumerate(text.words):
        if word.gap in {",", "."} or at in dropped:
            segments.append([])
        if at not in dropped:
            segments[-1].append(at)
    parts: list[str] = []
    for segment in segments:
        words = _trimmed(text, segment, nouns, kept)
        if words:
            parts.append(" ".join(text.english(words[0], words[-1] + 1).split()))
    return ", ".join(parts)


def _trimmed(text: Text, segment: list[int], nouns: Set[str], kept: Set[int]) -> list[int]:
    def empty(at: int) -> bool:
        norm = text.words[at].norm
        return at not in kept and (
            norm in FUNCTION | FILLER | CALENDAR or norm in nouns or len(norm) < 2
        )

    content = [place for place, at in enumerate(segment) if not empty(at)]
    if not content:
        return []
    rest = len(segment) - 1 - content[-1]
    # Many little words tell something, too: "to live the same day over and over again".
    return segment[content[0] :] if rest > _LITTLE else segment[content[0] : content[-1] + 1]
