"""How firmly and for how long something is meant: hedges, "tonight", marked jokes.

Owns: `Tone`. Does not own: the stand itself (`polarity`) or what it does (`draft`). A hedge or a
"tonight" speaks of the mention nearest to it, so both are looked for between its neighbours.
"""

# ruff: noqa: E501 - a phrase table is read by its rows

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from assistant.understanding.mentions import Mention
from assistant.understanding.text import Text

_NOW = re.compile(
    r"(?<![^ ])(?:tonight|today|right now|just now|for now|at the moment|this (?:time|evening|weekend"
    r"|afternoon|week)|not now|at present)(?= |$)"
)
_BEFORE = re.compile(
    r"(?<![^ ])(?:ideally|preferably|preferrably|prefer(?! not)|hopefully"
    r"|(?:would|might|itd) be (?:nice|great|ideal|good|lovely|cool|a plus|a bonus) if(?: its| it is| it was| it were"
    r"| they are| theyre)?|(?:would|might) prefer|leaning towards?|bonus (?:points )?(?:if|for)(?: its| it is| it was)?"
    r"|if anything|(?:^|(?<=\. ))if (?:possible|you can))"
    r"(?: ,)?(?: \w+){0,3} $"
)
_UNSURE = re.compile(r"(?<![^ ])(?:maybe|perhaps|possibly|kind of|kinda|sort of)(?: \w+){0,2} $")
_AFTER = re.compile(
    r" ?,? ?(?:\w+ ){0,2}(?:if (?:possible|you can|you have (?:it|one|any)|there is one|its not too much trouble)"
    r"|ideally|preferably|(?:would|might) be (?:nice|great|ideal|good|lovely|cool|preferred|preferable|a plus|a bonus|perfect"
    r"|appreciated)|(?:is|s) (?:a plus|a bonus|preferred|preferable|not essential|optional)|for preference"
    r"|but (?:its )?not (?:essential|a must|a deal ?breaker|required|necessary)|but (?:thats|its) (?:optional|flexible))"
    r"(?= [,.]|$)"
)
_SENTENCE = re.compile(r"[.!?…]\s")
_JOKE = re.compile(
    r"(?:^|[\s(])/s(?:arcasm)?(?!\w)|\((?:(?:that was|this is|just|being) )?sarcas\w+\)|#sarcasm|\bif by \w+ you mean",
    re.IGNORECASE,
)


class Tone:
    """The tone of one message, asked mention by mention."""

    def __init__(self, text: Text, mentions: Sequence[Mention]) -> None:
        self._text = text
        self._starts = sorted(mention.start for mention in mentions if mention.kind != "act")
        self._ends = sorted(mention.end for mention in mentions if mention.kind != "act")
        self._joke = _joking(text.message)

    def ironic(self, mention: Mention) -> bool:
        """Tell whether the person marked what says `mention` as meant the other way round: "/s"."""
        begin, end = self._joke
        return begin <= self._text.words[mention.start].start < end

    def hedged(self, mention: Mention) -> bool:
        """Tell whether a hedge makes `mention` a wish rather than a condition."""
        before, after = self._around(mention)
        return bool(_BEFORE.search(before)) or bool(_AFTER.match(after))

    def unsure(self, mention: Mention) -> bool:
        """Tell whether `mention` is only tried out: "maybe something funny"."""
        return bool(_UNSURE.search(self._around(mention)[0]))

    def for_now(self, mention: Mention) -> bool:
        """Tell whether `mention` is only meant for the moment: "not Heat tonight"."""
        before, after = self._around(mention)
        return bool(_NOW.search(before)) or bool(_NOW.search(after))

    def _around(self, mention: Mention) -> tuple[str, str]:
        """Return the words on either side of `mention`, to its neighbours or the sentence's end."""
        place = bisect_left(self._ends, mention.start + 1)
        begin = self._ends[place - 1] if place else 0
        follower = bisect_left(self._starts, mention.end)
        last = follower == len(self._starts)
        stop = len(self._text) if last else self._starts[follower]
        flat, at = self._text.flat, self._text.flat_at
        # What follows a mention opens no clause: "a romance if possible, and no Hugh Grant".
        before = ("+ " if begin else "") + flat[at(begin) : at(mention.start)]
        before = before.rpartition(" . ")[2]
        after = flat[at(mention.end) - 1 : at(stop)]
        # "From the 70s, ideally with Robert Redford": that hedge belongs to what follows.
        after = after if last else f"{after.rstrip()} +"
        return before, after.partition(" . ")[0]


def _joking(message: str) -> tuple[int, int]:
    """Return the characters that a joke's mark speaks of: the sentence that it ends."""
    mark = _JOKE.search(message)
    if mark is None:
        return 0, 0
    told = message[: mark.start()].rstrip(" .!?…")
    ends = [match.end() for match in _SENTENCE.finditer(told)]
    return (ends[-1] if ends else 0), mark.start()
