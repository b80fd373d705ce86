"""Titles that a comparison sets side by side, however they are written: "compare heat and casino".

Owns: `SideBySide`. Does not own: the question itself (`asks`), or titles anywhere else (`titles`).
Words of a comparison with a whole title on either side are evidence enough that both are titles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.understanding.english import FUNCTION
from assistant.understanding.mentions import Mention
from assistant.understanding.namesakes import Namesakes
from assistant.understanding.naming import TitleSigns
from assistant.understanding.text import Text
from assistant.understanding.title_index import TitleIndex, title_form
from catalog import Catalog

_COMPARING = re.compile(
    r"(?<![^ ])(?:compar(?:e|ing)|comparison (?:of|between)|differences? between"
    r"|how (?:do|does|did)(?=.* (?:compare|differ)(?: |$)))(?= )"
)
_BESIDE_TEXT = "and or with to against from vs versus compare differ"
_BESIDE = frozenset(_BESIDE_TEXT.split())
"""Words between two sides."""
_PLACE = 2
"""Digits up to which a bare number is a card rather than a title."""


class SideBySide:
    """Finds the titles that a message compares."""

    def __init__(
        self, catalog: Catalog, index: TitleIndex, signs: TitleSigns, namesakes: Namesakes
    ) -> None:
        self._catalog = catalog
        self._index = index
        self._signs = signs
        self._namesakes = namesakes

    def link(self, text: Text) -> list[Mention]:
        """Return the items of every comparison that has two or more, left to right."""
        found: list[Mention] = []
        for _, start, _ in text.find(_COMPARING):
            sides: list[Mention] = []
            side = self._side(text, self._after_nouns(text, start))
            while side:
                sides.append(side)
                others = (self._side(text, at) for at in _other_sides(text, side.end))
                side = next(filter(None, others), None)
            found += sides if len(sides) > 1 else []
        return found

    def _after_nouns(self, text: Text, start: int) -> int:
        """Return where a title may start after words for what it is: "compare the films ..."."""
        at = start + (text.norms(start, start + 1) == "the")
        return at + 1 if text.norms(at, at + 1) in self._signs.generic else start

    def _side(self, text: Text, start: int) -> Mention | None:
        """Return the item whose whole title starts at word `start`, the longest first."""
        if start >= len(text):
            return None
        words = text.words[start : start + self._index.longest(text.words[start].norm)]
        for length in range(len(words), 0, -1):
            form = title_form(word.norm for word in words[:length])
            known = form in self._index.forms and self._index.is_whole(form)
            plain = all(w.norm in FUNCTION and not w.capital for w in words[:length])
            if not known or plain or (form.isdigit() and len(form) <= _PLACE):
                continue
            end = start + length
            told = self._namesakes.told_apart(text, start, end, form)
            item = self._catalog.items[self._index.rows(form)[0]]
            return told or Mention(start, end, "item", items=(item.item_id,), strength=3)
        return None


def _other_sides(text: Text, end: int) -> Iterator[int]:
    """Yield where the next side may start after one that ends before word `end`."""
    if end < len(text) and text.words[end].gap == ",":
        yield end
    while end < len(text) and text.words[end].norm in _BESIDE:
        end += 1
        yield end
