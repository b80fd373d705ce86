"""Tells items of one title apart: by year, by part of a series, by what follows the title.

Owns: `Namesakes`. Does not own: whether words are meant as a title (`titles`) or the written forms
(`title_index`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.understanding.english import ORDINALS
from assistant.understanding.mentions import Mention
from assistant.understanding.naming import TitleSigns, bracketed, continues_name
from assistant.understanding.text import Text
from assistant.understanding.title_index import TitleIndex, title_form
from catalog import Catalog, Constraint

_VERSION = frozenset({"one", "version", "film", "movie", "original", "remake"})
_APPOSED = _VERSION | {
    "old",
    "older",
    "new",
    "newer",
    "first",
    "latest",
    "recent",
    "with",
    "by",
    "from",
    "starring",
    "directed",
    "made",
    "of",
    "in",
    "the",
}


class Namesakes:
    """Chooses among the items that one written form may mean."""

    def __init__(self, catalog: Catalog, index: TitleIndex, signs: TitleSigns) -> None:
        self._catalog = catalog
        self._index = index
        self._signs = signs

    def told_apart(self, text: Text, start: int, end: int, form: str) -> Mention | None:
        """Return the item that a year or an ordinal beside words ``[start, end)`` singles out.

        "Heat (1995)", "the 2019 Little Women", "the second Terminator". A title with the wrong year
        in brackets is ``missing``; None where nothing singles one out.
        """
        rows = self._index.rows(form)
        dated_end, year = self._signs.year_after(text, end)
        dated = self._index.with_year(rows, year) if year is not None else []
        part = self._part(text, start, form)
        if part is not None:
            return self._item(part, start - 1, end, 2)
        before = self._year_before(text, start)
        if before and (named := self._index.with_year(rows, before)):
            return self._item(named[0], start - 1, dated_end if dated else end, 3)
        if dated and not (self._index.year(dated[0]) != year and continues_name(text, start)):
            return self._item(dated[0], start, dated_end, 3)
        if year is not None and bracketed(text, dated_end - 1):
            return Mention(start, dated_end, "missing", strength=3)
        return None

    def qualified(self, text: Text, mentions: Sequence[Mention]) -> list[Mention]:
        """Return `mentions` with titles that what follows them tells apart from their namesakes.

        "Cape Fear, the one with De Niro", "Arrival, the Villeneuve one", "Heat, the 1986 version":
        the qualifier is no wish, so its mention goes.
        """
        kept: list[Mention] = []
        for mention in sorted(mentions, key=lambda mention: mention.start):
            last = kept[-1] if kept else None
            if last is None or last.kind != "item" or not self._apposed(text, last, mention):
                kept.append(mention)
                continue
            item = self._fitting(text, last, mention)
            if item:
                kept[-1] = item
            else:
                kept.append(mention)
        return kept

    def singled_out(self, text: Text, mentions: Sequence[Mention]) -> list[Mention]:
        """Return `mentions` with titles that a later sentence tells apart from their namesakes.

        "Crash was awful. The Cronenberg one I mean": that sentence is no wish.
        """
        kept = sorted(mentions, key=lambda mention: mention.start)
        titles = [at for at, mention in enumerate(kept) if mention.kind == "item"]
        for place, mention in enumerate(kept):
            before = [at for at in titles if at < place]
            if not before or not self._named_again(text, mention):
                continue
            title = kept[before[-1]]
            again = self._fitting(text, title, mention)
            if again:
                kept[before[-1]] = replace(title, items=again.items)
                kept[place] = Mention(mention.start - 1, mention.end + 1, "act")
        return kept

    def _fitting(self, text: Text, title: Mention, mention: Mention) -> Mention | None:
        """Return the item of that title which `mention` describes, with both for its words."""
        form = title_form(word.norm for word in text.words[title.start : title.end])
        rows = [row for row in self._index.rows(form) if self._fits(row, mention)]
        return self._item(rows[0], title.start, mention.end, 3) if rows else None

    def _named_again(self, text: Text, mention: Mention) -> bool:
        """Tell whether a later sentence singles out a namesake: "The Cronenberg one I mean"."""
        if not mention.start or text.norms(mention.start - 1, mention.start) != "the":
            return False
        begins = text.sentence_start(mention.start - 1)
        return begins and text.norms(mention.end, mention.end + 1) in _VERSION

    def _apposed(self, text: Text, title: Mention, mention: Mention) -> bool:
        between = [word.norm for word in text.words[title.end : mention.start]]
        after = text.words[mention.end].norm if mention.end < len(text) else ""
        return between[:1] == ["the"] and (
            set(between[1:]) <= _APPOSED and (after in _VERSION or bool(_VERSION & set(between)))
        )

    def _fits(self, row: int, mention: Mention) -> bool:
        facets, item = self._catalog.facets, self._catalog.items[row]
        if mention.kind == "number":
            bounds = [Constraint(mention.facet, op, value) for op, value in mention.bounds]
            return facets.satisfies(row, bounds)
        held = {value for values in item.labels.values() for value in values}
        return mention.kind == "value" and bool(held & set(mention.values))

    def _part(self, text: Text, start: int, form: str) -> int | None:
        """Return the row that "the second ..." or "the latest ..." makes of a series."""
        if not start or not text.joined(start):
            return None
        place = ORDINALS.get(text.words[start - 1].norm)
        return self._index.part(form, place) if place and text.words[start].capital else None

    def _year_before(self, text: Text, start: int) -> int | None:
        """Return the year that dates a title from the front: "the 2019 Little Women"."""
        if start < 2 or text.words[start - 2].norm != "the" or not text.joined(start):
            return None
        year = text.words[start - 1].norm.removesuffix("s")
        return int(year) if len(year) == 4 and year.isdigit() else None

    def _item(self, row: int, start: int, end: int, strength: int) -> Mention:
        item = self._catalog.items[row]
        return Mention(start, end, "item", items=(item.item_id,), strength=strength)
