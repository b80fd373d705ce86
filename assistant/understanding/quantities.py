"""Reads amounts: "two hours", "1h30", "$50", "1995", "the late eighties".

Owns: `Quantity` and finding them; units come from the schema. Does not own: what is asked of an
amount ("under", "since": `numbers`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.understanding.english import DECADES, UNITS
from assistant.understanding.text import Text, Word
from catalog import Facet, Schema

_CURRENCY_TEXT = "$ £ € dollar dollars buck bucks usd pound pounds quid gbp euro euros eur"
_CURRENCY = frozenset(_CURRENCY_TEXT.split())
_GLUED = re.compile(r"(\d+(?:\.\d+)?)([a-z]+)(?:(\d+)([a-z]*))?$")
_DECADE = re.compile(r"((?:1[89]|20)?)([0-9]0)s$")
_YEAR = re.compile(r"(?:1[89]|20)\d\d$")
_DATING = frozenset({"the", "from", "of"})
ISH = "ish"
"""End of an amount that is only about right: "90ish"."""
_DIGITS = re.compile(rf"(?:\d+\.?\d*|\.\d+)(?:{ISH})?$", re.ASCII)
_APOSTROPHES = frozenset("'’‘")  # noqa: RUF001
_SHORT_YEARS = 30
"""From which on "'94" is a year of the last century."""
_HOUR = 60
_THIRDS = {"early": (0, 3), "mid": (4, 6), "middle": (4, 6), "late": (7, 9)}


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in a message.

    Attributes
    ----------
    start, end : int
        Half-open range of words.
    low, high : float
        Equal but for a decade, which is a range; in the facet's stored unit.
    facet : Facet or None
        What its unit measures; None for a bare number.
    """

    start: int
    end: int
    low: float
    high: float
    facet: Facet | None


class QuantityReader:
    """Finds the amounts in a message, with the units of one schema."""

    def __init__(self, schema: Schema) -> None:
        numbers = [facet for facet in schema.facets if facet.kind == "number"]
        self._units: dict[str, tuple[Facet, float]] = {
            unit.casefold(): (facet, multiple)
            for facet in numbers
            for unit, multiple in facet.units.items()
        }
        price = schema.by_role("price")
        if price:
            for word in _CURRENCY:
                self._units.setdefault(word, (price, 1.0))
        self._year = schema.by_role("year")

    def read(self, text: Text) -> list[Quantity]:
        """Return the amounts of `text`, left to right, without overlaps."""
        found: list[Quantity] = []
        at = 0
        while at < len(text):
            quantity = next(self._at(text, at), None)
            if quantity:
                found.append(quantity)
            at = quantity.end if quantity else at + 1
        return found

    def _at(self, text: Text, at: int) -> Iterator[Quantity]:
        """Yield readings of the words from `at` on, the best first."""
        words = text.words
        if self._year:
            yield from self._decade(text, at, self._year)
        if words[at].norm in {"$", "£", "€"} and words[at].norm in self._units:
            value, end = _number(words, at + 1)
            if end > at + 1:
                facet = self._units[words[at].norm][0]
                end += text.joined(end) and words[end].norm in _CURRENCY - {"$", "£", "€"}
                yield Quantity(at, end, value, value, facet)
        yield from self._glued(words, at)
        yield from self._measured(words, at)
        year = _year(text, at) if self._year else 0
        if year:
            yield Quantity(at, at + 1, year, year, self._year)
        value, end = _number(words, at)
        if end > at and words[at].norm not in {"a", "an", "half"}:
            yield Quantity(at, end, value, value, None)

    def _decade(self, text: Text, at: int, year: Facet) -> Iterator[Quantity]:
        start, words = at, text.words
        third = _THIRDS.get(words[at].norm)
        if third:
            at += 1 + (at + 1 < len(words) and words[at + 1].norm in {"to", "the"})
        if at >= len(words) or (at and words[at - 1].norm in {"my", "his", "her", "their", "our"}):
            return
        begin = start - (start > 0 and words[start - 1].norm in _THIRDS)
        aged = words[at].norm in DECADES and (third or begin < start)
        closes = at + 1 == len(words) or not text.joined(at + 1)
        if aged and closes and begin and text.norms(begin - 1, begin) not in _DATING:
            return  # "four friends, late thirties" says how old they are
        norm = words[at].norm
        written = _DECADE.match(norm)
        if norm in DECADES:
            base = 2000 if DECADES[norm] == 0 else 1900 + DECADES[norm]
        elif written and (written[1] or written[2] != "10"):
            century = int(written[1]) * 100 if written[1] else 2000 if written[2] == "00" else 1900
            base = century + int(written[2])
        else:
            return
        first, last = third or (0, 9)
        yield Quantity(start, at + 1, base + first, base + last, year)

    def _glued(self, words: tuple[Word, ...], at: int) -> Iterator[Quantity]:
        """Read "1h30", "90min", "2hrs"."""
        found = _GLUED.match(words[at].norm)
        unit = self._units.get(found[2]) if found else None
        if found is None or unit is None:
            return
        facet, multiple = unit
        value = float(found[1]) * multiple
        end = at + 1
        if found[3]:
            rest = self._units.get(found[4], (facet, 1.0))
            value += float(found[3]) * rest[1]
        elif multiple > 1 and end < len(words):
            more = _GLUED.match(words[end].norm)
            lesser = self._units.get(more[2]) if more else None
            if more and lesser and lesser[0] is facet and lesser[1] < multiple:
                value, end = value + float(more[1]) * lesser[1], end + 1
            elif words[end].norm.isdigit() and len(words[end].norm) == 2:
                value, end = value + float(words[end].norm), end + 1
        yield Quantity(at, end, value, value, facet)

    def _measured(self, words: tuple[Word, ...], at: int) -> Iterator[Quantity]:
        """Read a number and its unit, with halves and lesser units after it."""
        value, end = _number(words, at)
        end += words[at].norm.isdigit() and _norms(words, end, 1) == ["+"]  # "2+ hours"
        if end == at or end >= len(words):
            return
        unit = self._units.get(words[end].norm)
        if unit is None:
            return
        facet, multiple = unit
        end += 1
        value *= multiple
        if _norms(words, end, 3) == ["and", "a", "half"]:
            value, end = value + multiple / 2, end + 3
        elif _norms(words, end, 2) == ["and", "half"]:  # as many who learn English say
            value, end = value + multiple / 2, end + 2
        skip = end + (end < len(words) and words[end].norm == "and")
        more, more_end = _number(words, skip)
        lesser = self._units.get(words[more_end].norm) if skip < more_end < len(words) else None
        if lesser and lesser[0] is facet and lesser[1] < multiple:
            value, end = value + more * lesser[1], more_end + 1
        elif multiple == _HOUR and _two_digits(words, skip):  # "1 hour 45"
            value, end = value + float(words[skip].norm), skip + 1
        yield Quantity(at, end, value, value, facet)


def _year(text: Text, at: int) -> int:
    """Return the year that word `at` is: "1994", "'94"; 0 if it is none."""
    norm, start = text.words[at].norm, text.words[at].start
    if _YEAR.match(norm):
        return int(norm)
    lead, after = text.message[max(0, start - 2) : start], text.message[text.words[at].end :]
    short = len(norm) == 2 and norm.isdigit() and lead[-1:] in _APOSTROPHES
    if not short or lead[:-1].strip(" (") or after[:1] in _APOSTROPHES:
        return 0
    return int(norm) + (1900 if int(norm) >= _SHORT_YEARS else 2000)


def _two_digits(words: tuple[Word, ...], at: int) -> bool:
    """Tell whether word `at` is minutes beside an hour: two digits, no unit after them."""
    return (
        at < len(words)
        and len(words[at].norm) == 2
        and words[at].norm.isdigit()
        and (int(words[at].norm) < _HOUR)
    )


def _number(words: tuple[Word, ...], at: int) -> tuple[float, int]:
    """Return the number written from word `at` on, and where it ends; `at` when there is none."""
    if at >= len(words):
        return 0.0, at
    norm = words[at].norm
    if _DIGITS.match(norm):
        value, end = float(norm.removesuffix(ISH)), at + 1
    elif norm == "half" and _norms(words, at + 1, 1)[:1] in (["an"], ["a"]):
        return 0.5, at + 2
    elif norm in {"a", "an"} and _norms(words, at + 1, 1) == ["hundred"]:
        value, end = 1.0, at + 1
    elif norm in {"a", "an"}:
        return 1.0, at + 1
    elif norm in UNITS:
        value, end = float(UNITS[norm]), at + 1
        following = _norms(words, end, 1)
        if value >= 20 and following and 0 < UNITS.get(following[0], 0) < 10:
            value, end = value + UNITS[following[0]], end + 1
    elif norm == "hundred":
        value, end = 1.0, at
    else:
        return 0.0, at
    if _norms(words, end, 1) == ["hundred"]:
        value, end = value * 100, end + 1
        skip = end + (_norms(words, end, 1) == ["and"])
        rest, rest_end = _number(words, skip) if _norms(words, skip, 1)[:1] else (0.0, skip)
        if rest_end > skip and 1 < rest < 100 and words[skip].norm in UNITS:
            value, end = value + rest, rest_end
    if _norms(words, end, 3) == ["and", "a", "half"]:
        value, end = value + 0.5, end + 3
    return value, end


def _norms(words: tuple[Word, ...], start: int, count: int) -> list[str]:
    return [word.norm for word in words[start : start + count]]
