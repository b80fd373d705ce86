"""How far a marker reaches: over a list, not over a comma that breaks it or a full stop.

Owns: `reaches` and the words of a list. Does not own: which marker speaks of a mention
(`polarity`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.understanding.mentions import Marker, Mention, Stance
from assistant.understanding.text import Text

NEGATIVE: frozenset[Stance] = frozenset({"exclude", "never", "avoid", "hate", "dislike"})
"""Stances that speak against."""
DENYING = frozenset({"no", "without"})
"""First words of values that are themselves a lack of something: "no electricity"."""
_REACH: dict[Stance, int] = {"avoid": 4, "exclude": 6, "never": 6, "waive": 6, "require": 6}
_FAR = 12
_COLON = re.compile(r" ?:| [-–—] ")
_LIST_WORDS = frozenset({"and", "or", "nor", "the", "a", "an", "any", "no", "too", "also", "in"})


def reaches(text: Text, marker: Marker, mention: Mention, mentions: Sequence[Mention]) -> bool:
    """Tell whether `marker`, which stands before, speaks of `mention`."""
    between = [m for m in mentions if marker.end <= m.start and m.end <= mention.start]
    nearest = between[-1].end if between else marker.end
    if mention.start - nearest > _REACH.get(marker.stance, _FAR):
        return False
    starts = {m.start for m in mentions}
    for at in range(marker.end, mention.start + 1):
        gap = text.words[at].gap
        if gap == "." and heads_list(text, marker.end) and _semicolon(text, at):
            gap = ","  # "Deal breakers: torture; clowns"
        # "not a fan of sequels. or remakes", "allergic to vampires. and zombies"
        fragment = text.words[at].norm in {"or", "nor"} or (
            text.words[at].norm == "and" and at + 1 in starts
        )
        closed = at > marker.end or marker.stance == "never"  # "Never again. A kettle, please"
        if gap == "." and closed and not fragment:
            return False
        if gap == "," and not _continues(text, marker, at, starts, bool(between)):
            return False
    if marker.stance not in NEGATIVE or not between:
        return True
    instead = mention.kind == "value" and _instead(text, between)
    return not instead and _listed(text, nearest, mention.start)


def _instead(text: Text, refused: Sequence[Mention]) -> bool:
    """Tell whether a comma parts refused cards from what is wanted instead of them.

    "I don't like the second, a comedy": what follows is not one more card.
    """
    cards = [mention.end for mention in refused if mention.kind == "reference"]
    if not cards or text.words[cards[-1]].gap != ",":
        return False
    return text.words[cards[-1]].norm not in {"or", "nor", "and", "no"}


def _continues(text: Text, marker: Marker, at: int, starts: set[int], listed: bool) -> bool:
    """Tell whether the comma before word `at` only separates a list."""
    if heads_list(text, marker.end):
        return True  # "Avoid: clowns, spiders, anything old"
    if at == marker.end:
        return marker.stance not in {"neutral", "waive"}
    while at < len(text) and text.words[at].norm in _LIST_WORDS and at not in starts:
        at += 1
    if at not in starts or not listed:
        return False
    closed = {*NEGATIVE, "require"} - {"hate", "dislike"}
    return marker.stance not in closed or _ends_in_or(text, at, starts)


def _ends_in_or(text: Text, at: int, starts: set[int]) -> bool:
    """Tell whether "or" or "and" closes the list: "no A, B or C", not "no A, B with C"."""
    if text.words[at - 1].norm in {"or", "nor", "and", "no"}:
        return True
    rest = text.words[at : at + 10]
    for offset, word in enumerate(rest):
        if word.gap == "." and offset:
            return False
        if word.norm in {"or", "nor"}:
            return any(place in starts for place in range(at + offset + 1, at + offset + 4))
    return False


def _listed(text: Text, end: int, start: int) -> bool:
    """Tell whether only list words, or cues and nouns, lie between two mentions."""
    words = [word.norm for word in text.words[end : start + 1]]
    if "for" in words:  # "nothing scary for the kids"
        return False
    words.pop()
    if "and" in words and any(w not in _LIST_WORDS for w in words[words.index("and") :]):
        return False
    return not {"something", "i", "it", "just", "please"} & set(words)


def _semicolon(text: Text, at: int) -> bool:
    """Tell whether a semicolon stands before word `at`, as in a list."""
    return ";" in text.message[text.words[at - 1].end : text.words[at].start]


def heads_list(text: Text, end: int) -> bool:
    """Tell whether a colon, or a dash between spaces, follows word `end` - 1."""
    return bool(_COLON.match(text.message, text.words[end - 1].end))
