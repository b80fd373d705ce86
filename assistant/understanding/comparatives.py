"""Wishes relative to what is known: "newer than Heat", "cheaper", "too long", "not too old".

Owns: bounds taken from items. Does not own: bounds from amounts (`numbers`). A bare comparative
is strictly beyond the titles named before it ("like Heat but newer"), else beyond the median of the
slate; without either it bounds nothing. "Too long" is "shorter"; "not too long", and "too long"
without a slate, mean no longer than the median of the catalogue.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

import numpy as np

from assistant.understanding.english import FILLER, FUNCTION
from assistant.understanding.mentions import Bound, Mention, covered
from assistant.understanding.numbers import beyond
from assistant.understanding.text import Text, normalise
from catalog import Catalog, Facet

_NOT_TOO = (
    r"(?:not|nothing|isnt|arent|nor|no|never|dont want (?:it|anything|something|one)"
    r"|without being)"
    r"(?: (?:an?|anything|something|ones?|{noun}|thats|that is|that are|which is|to be|be|being"
    r"|in))*"
    r" (?:too|very|so|overly|super|that|all that|terribly|excessively|ridiculously)"
)
_TOO = (
    r"(?:(?:is|are|was|were|all|look|looks|bit|little|way|far|much|slightly|kinda|still) )*"
    r"(?:too|2)"
)
_OF_A_PERSON = re.compile(
    r"(?<![^ ])(?:im|i am|were|we are|hes|shes|he is|she is|youre|am i)(?: \w+)? $"
)
_RATHER = (
    r"(?:^|(?<=[.,] ))(?:(?:theyre|these are|those are|they are|all) )*(?:a )?"
    r"(?:bit|tad|little|rather|kinda|pretty|quite|very|so|really)"
)
_FOR_ME = r"(?=(?: (?:innit|for me|for us|tbh|though|arent they|isnt it|no))?(?: [.,]|$))"
_CLOSE = 3
_DENIED = re.compile(
    r"(?<![^ ])(?:nothing|not|no|never|none|anything but)(?: (?:any|that is|thats|much))* $"
)
_DATED = re.compile(r"(?<![^ ])(?:made|released|shot|filmed|from|out) (?P<when>before|after)(?= )")
_GENERAL = frozenset({"later", "earlier"})
"""Comparatives that everyday talk uses of anything: they need "than"."""


class ComparativeReader:
    """Finds comparatives and turns them into bounds."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._rules: list[tuple[re.Pattern[str], Facet, bool]] = []
        for facet in catalog.schema.facets:
            for words, more in ((facet.higher, True), (facet.lower, False)):
                if facet.kind == "number" and words:
                    either = "|".join(re.escape(normalise(word)) for word in words)
                    rule = rf"(?<![^ ])(?P<word>{either})(?P<than> (?:one )?than)?(?= |$)"
                    self._rules.append((re.compile(rule), facet, more))
        self._excess = list(self._excess_rules())
        self._nouns = {catalog.schema.noun, catalog.schema.plural, "movie", "movies"}

    def read(self, text: Text, slate: Sequence[str], taken: Sequence[Mention]) -> list[Mention]:
        """Return number mentions; one with "than" spans the title or reference it compares to."""
        blocked = covered(taken)
        found: list[Mention] = []
        for rule, facet, more in self._rules:
            for start, end, match in text.find(rule):
                if blocked & set(range(start, end)):
                    continue
                items, until = self._against(text, end, bool(match["than"]), slate, taken)
                bare = not match["than"]
                if bare and (match["word"] in _GENERAL or not self._free(text, until)):
                    continue
                known = self._known(facet, items)
                if known:
                    denied = _DENIED.search(text.flat[: text.flat_at(start)])
                    bound = beyond(facet, more, median(known))
                    first = start
                    if denied and match["than"]:  # "nothing newer than the second one"
                        bound = ("<=" if more else ">=", median(known))
                        first = text.word_range(denied.start(), len(text.flat))[0]
                    found.append(
                        Mention(
                            first, until, "number", facet=facet.name, bounds=(bound,), strength=1
                        )
                    )
        return found

    def dated(self, text: Text, taken: Sequence[Mention]) -> list[Mention]:
        """Return bounds on the year taken from items: "made before the first one"."""
        year = self._catalog.schema.by_role("year")
        found: list[Mention] = []
        for start, end, match in text.find(_DATED) if year else ():
            for item in taken:
                if year and item.items and end <= item.start <= end + 1:
                    known = self._known(year, item.items)
                    bounds = [beyond(year, match["when"] == "after", value) for value in known[:1]]
                    if bounds:
                        found.append(Mention(start, item.end, "number", facet=year.name,
                                             bounds=tuple(bounds), strength=1))  # fmt: skip
        return found

    def excess(self, text: Text, slate: Sequence[str], taken: Sequence[Mention]) -> list[Mention]:
        """Return the bounds that "too long" and "not too long" set, outside `taken`."""
        blocked = covered(taken)
        found: list[Mention] = []
        for rule, facet, more in self._excess:
            for start, end, match in text.find(rule):
                own = _OF_A_PERSON.search(text.flat[: text.flat_at(start)])
                if own or blocked & set(range(start, end)):
                    continue
                if not match["denied"] and "too" not in match.group() and not slate:
                    continue  # "pretty old" is said of something shown
                shown = _spoken_of(text, start, taken) or slate
                bound = self._bound(facet, more, () if match["denied"] else shown)
                if bound is not None:
                    mention = Mention(start, end, "number", facet=facet.name, bounds=(bound,))
                    found.append(replace(mention, strength=0 if match["denied"] else 1))
                    blocked.update(range(start, end))
        return found

    def _excess_rules(self) -> Iterator[tuple[re.Pattern[str], Facet, bool]]:
        schema = self._catalog.schema
        nouns = "|".join({re.escape(schema.noun), re.escape(schema.plural), "movie", "movies"})
        denied = _NOT_TOO.replace("{noun}", nouns)
        for facet in schema.facets:
            for words, more in ((facet.high, False), (facet.low, True)):
                if facet.kind == "number" and words:
                    either = "|".join(re.escape(normalise(word)) for word in words)
                    rule = rf"(?<![^ ])(?:(?P<denied>{denied})|{_TOO}) (?:{either})(?= |$)"
                    rule += rf"|{_RATHER} (?:{either}){_FOR_ME}"
                    yield re.compile(rule), facet, more

    def _bound(self, facet: Facet, more: bool, slate: Sequence[str]) -> Bound | None:
        shown = self._known(facet, slate)
        if shown:
            return beyond(facet, more, median(shown))
        column = self._catalog.facets.numbers(facet.name)
        column = column[~np.isnan(column)]
        if not len(column):
            return None
        middle = float(np.median(column))
        if facet.integer:
            middle = math.floor(middle)
        return (">=" if more else "<=", round(middle, 2))

    def _known(self, facet: Facet, items: Sequence[str]) -> list[float]:
        numbers = (self._catalog.item(item).numbers.get(facet.name) for item in items)
        return [value for value in numbers if value is not None]

    def _against(
        self, text: Text, end: int, than: bool, slate: Sequence[str], taken: Sequence[Mention]
    ) -> tuple[Sequence[str], int]:
        """Return the items compared with, and where the comparison ends."""
        if not than:
            named = [i for m in taken if m.kind == "item" and m.end <= end for i in m.items]
            # "The last one but newer".
            close = [m for m in taken if m.kind == "reference" and 0 < end - m.end <= _CLOSE]
            return named or [i for m in close for i in m.items] or slate, end
        for mention in taken:
            if mention.items and end <= mention.start <= end + 1:
                return mention.items, mention.end
        if text.norms(end, end + 1) in {"that", "this", "it"}:
            named = [item for m in taken if m.kind == "item" and m.end <= end for item in m.items]
            return named[-1:] or slate[:1], end + 1
        if text.norms(end, end + 1) in {"these", "those", "them"}:
            return slate, end + 1
        return (), end

    def _free(self, text: Text, end: int) -> bool:
        """Tell whether nothing that the comparative could describe follows it."""
        if end >= len(text) or not text.joined(end):
            return True
        after = text.words[end].norm
        return after in FUNCTION or after in FILLER or after in self._nouns


def _spoken_of(text: Text, at: int, taken: Sequence[Mention]) -> tuple[str, ...]:
    """Return the items named last in the sentence before word `at`: "the third is too long"."""
    before = [
        mention
        for mention in taken
        if mention.items and mention.end <= at <= text.sentence_end(mention.end)
    ]
    return max(before, key=lambda mention: mention.end).items if before else ()
