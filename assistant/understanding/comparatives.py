"""Wishes relative to what is known: "newer than Heat", "shorter than the second one", "cheaper".

Owns: bounds taken from items. Does not own: bounds from amounts (`numbers`). A bare comparative
is strictly beyond the titles named before it ("like Heat but newer"), else beyond the median of the
slate; without either it bounds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from assistant.understanding.english import FILLER, FUNCTION
from assistant.understanding.mentions import Mention, covered
from assistant.understanding.numbers import beyond
from assistant.understanding.text import Text, normalise
from catalog import Catalog, Facet

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
                known = [
                    value
                    for item in items
                    if (value := self._catalog.item(item).numbers.get(facet.name)) is not None
                ]
                if known:
                    bound = beyond(facet, more, median(known))
                    found.append(
                        Mention(
                            start, until, "number", facet=facet.name, bounds=(bound,), strength=1
                        )
                    )
        return found

    def _against(
        self, text: Text, end: int, than: bool, slate: Sequence[str], taken: Sequence[Mention]
    ) -> tuple[Sequence[str], int]:
        """Return the items compared with, and where the comparison ends."""
        if not than:
            named = [i for m in taken if m.kind == "item" and m.end <= end for i in m.items]
            return named or slate, end
        for mention in taken:
            if mention.items and end <= mention.start <= end + 1:
                return mention.items, mention.end
        if text.norms(end, end + 1) in {"that", "this", "it"}:
            return slate[:1], end + 1
        if text.norms(end, end + 1) in {"these", "those", "them"}:
            return slate, end + 1
        return (), end

    def _free(self, text: Text, end: int) -> bool:
        """Tell whether nothing that the comparative could describe follows it."""
        if end >= len(text) or not text.joined(end):
            return True
        after = text.words[end].norm
        return after in FUNCTION or after in FILLER or after in self._nouns
