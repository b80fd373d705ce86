"""Links words to cards on the table: "the second one", "number 3", "the last", "both", "it".

Owns: references by position and by pronoun. Does not own: references by title (`titles`) or the
stand taken on them (`polarity`). "It" and "that one" are the title named last in the message, else
the first card.
"""

# ruff: noqa: E501 - a phrase table is read by its rows

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from assistant.understanding.english import FILLER, FUNCTION, ORDINALS, UNITS
from assistant.understanding.mentions import Marker, Mention, covered
from assistant.understanding.text import Text

_ORDINAL = "|".join(ORDINALS)
_ONE = r"(?:one|ones|pick|card|option|suggestion|choice|recommendation|result"
_POSITION = (
    r"(?:the |your )?(?:numbers? |no |no \. |cards? |options? |picks? |nr )(?P<number>\d|{units})"
)
_ALL = r"(?:all|any|both|each|either|neither)(?: (?:of )?(?:them|those|these|the above|\d|three|four|five))?"
_THESE = r"(?:those|these|them(?! \w+ (?:ones?|films?|movies?)(?: |$)))(?: (?:two|three|four|five|ones|all))?"
_REST = (
    r"the (?:other|remaining)(?: (?:two|three|four|2|3|4|ones?|films?|movies?|cards?|picks?|options?))*"
    r"|the (?:others|rest)(?: of (?:them|those|these|the list))?|(?:all|both) (?:of )?the others?"
)
_THIS = r"(?:that|this)(?: one| last one)?|it"


class ReferenceLinker:
    """Finds references to the cards shown last."""

    def __init__(self, noun: str, plural: str) -> None:
        units = "|".join(list(UNITS)[1:10])
        self._nouns = {noun, plural, "movie", "movies"}
        self._relative = self._nouns | {"something", "anything", "one", "ones", "stuff", "things"}
        one = rf"{_ONE}|{re.escape(noun)}|{re.escape(plural)}|movie|movies)"
        self._position = re.compile(
            rf"(?<![^ ])(?:{_POSITION.format(units=units)}"
            rf"|(?:the |your )?(?P<ordinal>{_ORDINAL}|last|bottom|top|middle)(?: {one})"
            rf"|(?P<short>1st|2nd|3rd|4th|5th)(?! \w+ (?:time|half|act|part))"
            rf"|(?:the |your )(?P<alone>{_ORDINAL}|last)(?= *(?:$|,|\.|and|or|is|was|looks?|sounds?"
            rf"|seems?|but|though|please|too|very|best|most|a lot|so|both|would|really|should|bored|bores|sucks|sucked|isnt|wasnt|not|at|for|tonight|already|before|as|instead|ive|has|did|put|i|ill|we))|\# (?P<hash>\d)"
            rf"|(?:^|(?<=\. )|(?<=, ))(?P<bare>[1-9])(?= ,)"
            rf"|(?:(?<=love )|(?<=loved )|(?<=like )|(?<=liked )|(?<=hate )|(?<=hated )|(?<=seen ))"
            rf"(?P<told>[1-9])(?= |$)"
            rf"|(?:the )?(?P<head>first|last|top) (?P<count>two|three|2|3)(?: {one})?)(?= |$)"
        )
        self._more = re.compile(
            rf" (?:and|n|or|,|, and)(?: the| number)? (?P<place>[1-9]|{_ORDINAL}|{units})"
            rf"(?: {one})?(?= (?:,|\.|and|or|but|is|are|was|were|look|looks|too|please)|$)"
        )
        self._pronoun = re.compile(
            rf"(?<![^ ])(?:(?P<rest>{_REST})|(?P<all>{_ALL}|{_THESE}|the lot)|(?P<this>{_THIS}))(?= |$)"
        )

    def positions(self, text: Text, slate: Sequence[str]) -> list[Mention]:
        """Return references by position; one beyond the slate has no items."""
        if not slate:
            return []
        found: list[Mention] = []
        for start, end, match in text.find(self._position):
            found.append(Mention(start, end, "reference", items=tuple(_pick(match, slate))))
            while follower := self._more.match(text.flat, text.flat_at(end) - 1):
                begin, end = text.word_range(follower.start("place"), follower.end())  # noqa: PLW2901
                word = follower["place"]
                place = ORDINALS.get(word) or UNITS.get(word) or int(word)
                items = tuple(slate[place - 1 : place])
                found.append(Mention(begin, end, "reference", items=items))
        return found

    def _determines(self, text: Text, start: int, end: int) -> bool:
        """Tell whether the words only go with a noun: "all movies", "those actors", "that kind"."""
        if end >= len(text) or not text.joined(end):
            return False
        after, before = text.words[end].norm, text.norms(max(0, start - 1), start)
        if text.norms(start, end) == "that" and text.joined(start) and before in self._relative:
            return True  # "movies that are great"
        alone = text.norms(start, end)
        if alone == "this" or (alone == "that" and start > 0):
            return after.isalpha() and after not in FUNCTION | FILLER
        if text.words[start].norm in {"all", "any", "each"} and end - start == 1:
            return after in self._nouns or after not in FUNCTION | FILLER
        plural = after.endswith("s") and after not in FUNCTION | FILLER | self._nouns
        return after in _KINDS or (plural and text.words[end - 1].norm in {"those", "these"})

    def pronouns(
        self,
        text: Text,
        slate: Sequence[str],
        taken: Sequence[Mention],
        markers: Sequence[Marker],
        judged: Set[int],
    ) -> list[Mention]:
        """Return pronouns that an opinion speaks of: "loved it", "seen all of those".

        Parameters
        ----------
        text : Text
            The message.
        slate : sequence of str
            Cards shown, first to last.
        taken : sequence of Mention
            Mentions found so far, in order; "it" is the last item before it, unless a wish for a
            value lies between.
        markers : sequence of Marker
            Opinions: a pronoun that touches none of them refers to nothing.
        judged : set of int
            Words that are judged in a way that no phrase shows; "it" then is a title before it.
        """
        blocked = covered(taken)
        governed = {m.end: m.stance for m in markers if m.forward and m.stance in _OPINIONS}
        followed = {m.start for m in markers if not m.forward and m.stance in _OPINIONS}
        found: list[Mention] = []
        for start, end, match in text.find(self._pronoun):
            before = [
                m for m in (*taken, *found) if m.kind in {"item", "reference"} and m.end <= start
            ]
            spoken = start in governed or end in followed
            spoken = spoken or bool(match["this"] and before and start in judged)
            # "Seen the | others", "don't like any | of them".
            swallowed = match["rest"] or (
                end - start > 1 and text.words[start].norm in {"any", "all"}
            )
            spoken = spoken or bool(swallowed and start + 1 in governed)
            if blocked & set(range(start, end)) or not spoken:
                continue
            if self._determines(text, start, end) and end not in followed:
                continue
            before.sort(key=lambda mention: mention.start)
            wishes = [m.end for m in taken if m.kind == "value" and m.end <= start]
            turned = before and wishes and max(wishes) > before[-1].end
            if match["this"] and turned and governed.get(start) in _REFUSALS:
                continue  # "no war films, I had enough of that" speaks of war films
            named = {item for m in (*taken, *found) for item in m.items}
            items = (
                tuple(item for item in slate if item not in named)
                if match["rest"]
                else _antecedent(match, before, slate)
            )
            if items:
                found.append(Mention(start, end, "reference", items=items))
        return found


_KINDS = frozenset({"kind", "kinds", "type", "types", "sort", "sorts", "genre", "style", "stuff"})
_REFUSALS = frozenset({"dislike", "hate", "exclude", "never"})
_OPINIONS = frozenset({"like", "dislike", "hate", "seen", "ask", "exclude", "never", "later"})


def _pick(match: re.Match[str], slate: Sequence[str]) -> Sequence[str]:
    if match["head"]:
        count = UNITS.get(match["count"], 0) or int(match["count"])
        return slate[-count:] if match["head"] == "last" else slate[:count]
    word = match["ordinal"] or match["alone"] or match["short"]
    if word in {"last", "bottom"}:
        return slate[-1:]
    if word == "top":
        return slate[:1]
    if word == "middle":
        return slate[len(slate) // 2 : len(slate) // 2 + 1]
    number = match["number"] or match["hash"] or match["bare"] or match["told"]
    place = ORDINALS[word] if word else UNITS.get(number, 0) or int(number)
    return slate[place - 1 : place] if place else ()


def _antecedent(
    match: re.Match[str], before: Sequence[Mention], slate: Sequence[str]
) -> tuple[str, ...]:
    if match["this"]:
        return before[-1].items[-1:] if before else tuple(slate[:1])
    if before:
        return tuple(item for mention in before for item in mention.items)
    return tuple(slate[:2]) if match["all"].startswith("both") else tuple(slate)
