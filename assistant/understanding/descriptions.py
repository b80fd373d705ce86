"""Links words to cards on the table by what they are: "the cheapest one", "the Kubrick one".

Owns: superlatives of number facets, and words that only one card answers to. Does not own:
references by place or pronoun (`references`). Words that several cards answer to refer to none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.understanding.english import FILLER, FUNCTION, ORDINALS
from assistant.understanding.mentions import Mention, covered
from assistant.understanding.text import Text, normalise
from catalog import Catalog, Facet, Item

_PLACES = frozenset(ORDINALS) | {"last", "top", "bottom", "middle", "next", "other", "right"}


class DescriptionLinker:
    """Finds cards by description, for one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        one = rf"(?:one|{re.escape(catalog.schema.noun)}|card)"
        which = rf"(?: of (?:them|these|those)(?: all)?| {one})(?= |$)"
        self._extremes = [
            (re.compile(rf"(?<![^ ])(?:the )?(?:{words}){which}"), facet, most)
            for facet, words, most in _superlatives(catalog)
        ]
        self._described = re.compile(r"(?<![^ ])(?:the|that) (?P<words>\w+(?: \w+)?) one(?= |$)")
        self._noun = re.compile(
            r"(?:(?<=not )|(?<=skip )|(?<=love )|(?<=like )|(?<=hate )|(?<=dislike )|(?<=about ))"
            r"(?:the|that) (?P<words>\w+)(?= [.,]|$"
            r"| (?:is|was|looks|today|tonight|though|please|instead)(?: |$))"
        )
        self._titled = re.compile(r"(?<![^ ])(?:the|that) (?P<words>\w+ \w+)(?= |$)")

    def link(self, text: Text, slate: Sequence[str], taken: Sequence[Mention]) -> list[Mention]:
        """Return references to cards of `slate`, outside `taken`."""
        if not slate:
            return []
        blocked = covered(taken)
        found: list[Mention] = []
        for start, end, items in (*self._by_extreme(text, slate), *self._by_words(text, slate)):
            if not blocked & set(range(start, end)):
                found.append(Mention(start, end, "reference", items=items))
                blocked.update(range(start, end))
        return found

    def _by_extreme(
        self, text: Text, slate: Sequence[str]
    ) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        for rule, facet, most in self._extremes:
            for start, end, _ in text.find(rule):
                known = {
                    item_id: value
                    for item_id in slate
                    if (value := self._catalog.item(item_id).numbers.get(facet.name)) is not None
                }
                if known:
                    chosen = (max if most else min)(known, key=lambda item_id: known[item_id])
                    yield start, end, (chosen,)

    def _by_words(
        self, text: Text, slate: Sequence[str]
    ) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        for start, end, match in text.find(self._described):
            words = [word for word in match["words"].split() if word not in FUNCTION]
            if not words or set(words) & _PLACES or set(words) <= FILLER:
                continue
            answering = [
                item_id for item_id in slate if set(words) <= _words_of(self._catalog.item(item_id))
            ]
            if len(answering) == 1:
                yield start, end, tuple(answering)
        titles = {
            item_id: normalise(self._catalog.item(item_id).title).split() for item_id in slate
        }
        for start, end, match in text.find(self._noun):
            named = [item_id for item_id in slate if match["words"] in titles[item_id]]
            if len(named) == 1 and match["words"] not in FUNCTION | FILLER:
                yield start, end, (named[0],)
        for start, end, match in text.find(self._titled):
            words = set(match["words"].split())
            answering = [item_id for item_id in slate if words <= set(titles[item_id])]
            after = text.norms(end, end + 1)
            goes_on = bool(answering) and any(after.startswith(w) for w in titles[answering[0]])
            if len(answering) == 1 and not words & FUNCTION and not goes_on:
                yield start, end, tuple(answering)


def _superlatives(catalog: Catalog) -> Iterator[tuple[Facet, str, bool]]:
    """Yield facet, a pattern of its superlatives, and whether they mean the largest."""
    for facet in catalog.schema.facets:
        for words, most in ((facet.higher, True), (facet.lower, False)):
            forms = {_superlative(normalise(word)) for word in words} - {""}
            if facet.kind == "number" and forms:
                yield facet, "|".join(sorted(map(re.escape, forms), key=len, reverse=True)), most


def _superlative(comparative: str) -> str:
    """Return "cheapest" of "cheaper", "most expensive" of "more expensive", else nothing."""
    first, _, rest = comparative.partition(" ")
    if first in {"more", "less"} and rest:
        return f"{'most' if first == 'more' else 'least'} {rest}"
    return f"{first[:-2]}est" if not rest and first.endswith("er") else ""


def _words_of(item: Item) -> set[str]:
    values = (value for values in item.labels.values() for value in values)
    return {word for text in (item.title, *values) for word in normalise(text).split()}
