"""Ratings in words: "Heat 9/10", "two stars for the first".

Owns: finding them, which item each is of, and what it says: a like from .7 of the scale on, a
dislike down to .5, between them no more than that the item is known. Does not own: ratings as a
facet of items (`numbers`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.understanding.mentions import Mention, Stance
from assistant.understanding.text import Text

_COUNTS = {
    "zero": 0, "no": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
}  # fmt: skip
_COUNT = rf"(?P<count>\d{{1,2}}(?:\.\d+)?|{'|'.join(_COUNTS)})"
_RATING = re.compile(
    rf"(?<![^ ]){_COUNT}(?:/(?P<most>10|5)| out of (?P<most_said>10|5|ten|five)|(?= stars?))"
    r"(?: stars?)?(?= |$)"
)
"""A slash between two such numbers is part of one word of a `Text`."""
_LIKE, _DISLIKE = 0.7, 0.5
_OWN = re.compile(r"(?<![^ ])(?:i|id|ill|ive|we|wed|from me|from us)(?= |$)")
_QUESTION = re.compile(r"[^.!?]*\?")
_TO = frozenset({"to", "for", "on", "goes", "go"})
_NEAR = 8
"""Words between an item and its rating: "Heat, which I saw twice, gets a solid 9/10"."""
_AFTER = 3
"""Words between a rating and its item: "five stars for the second one"."""


def ratings(text: Text) -> list[Mention]:
    """Return the words of ratings, which name nothing."""
    return [Mention(start, end, "act") for start, end, _ in text.find(_RATING)]


def rated(
    text: Text, mentions: Sequence[Mention], *, told: bool
) -> tuple[list[Mention], dict[Mention, Stance]]:
    """Return `mentions` without the words of ratings, and where the person stands on those rated.

    Where items themselves are `told` to have ratings, those of nobody in particular are none of
    the person's: "the second has only 3 stars".

    Parameters
    ----------
    text : Text
        The message.
    mentions : sequence of Mention
        What it names, left to right.
    told : bool
        Whether a rating is a facet of items.
    """
    items = [m for m in mentions if m.kind in {"item", "reference"}]
    kept, given = list(mentions), dict[Mention, Stance]()
    free = 0
    for start, end, match in text.find(_RATING):
        if (told and not _OWN.search(text.flat)) or _asked(text, end):
            continue
        before = [m for m in items if free <= m.start and m.end <= start <= m.end + _NEAR]
        after = [m for m in items if end <= m.start <= end + _AFTER]
        leads = text.norms(end, end + 1) in _TO
        item = next(iter(after if leads or not before else before[::-1]), None)
        free = end
        if item:
            given[item], free = _stance(match), max(end, item.end)
            kept = [m for m in kept if not m.overlaps(Mention(start, end, "act"))]
    return kept, given


def _asked(text: Text, end: int) -> bool:
    """Tell whether the sentence that goes on after word `end` is a question."""
    return bool(_QUESTION.match(text.message, text.words[end - 1].end))


def _stance(match: re.Match[str]) -> Stance:
    count = float(_COUNTS.get(match["count"], -1))
    count = count if count >= 0 else float(match["count"])
    most = match["most"] or match["most_said"]
    scale = 10 if most in {"10", "ten"} or (most is None and count > _COUNTS["five"]) else 5
    share = count / scale
    return "like" if share >= _LIKE else "dislike" if share <= _DISLIKE else "seen"
