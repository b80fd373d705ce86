"""From what a source file says to values that can be kept: text, numbers, flags, lists, links.

Owns: reading one cell. Does not own: which column is what (`catalog.infer`) or whole rows
(`catalog.ingest`). Every function returns None, or an empty value, for what it cannot read; the
caller reports it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from math import inf, isfinite, isnan
from typing import cast

from catalog.schema import Facet

Cell = str | float | bool | list[str] | None

UNKNOWN = frozenset({"", "-", "--", "?", "n/a", "na", "nan", "nil", "none", "null", "unknown"})
_TRUE = frozenset({"true", "yes", "y", "1", "in stock", "instock", "available", "on"})
_FALSE = frozenset(
    {"false", "no", "n", "0", "out of stock", "outofstock", "sold out", "unavailable", "off"}
    | {"discontinued", "not available", "backorder"}
)
_SKIPPED_TAGS = frozenset({"script", "style", "template", "noscript"})
_INLINE_TAGS = frozenset(
    {"a", "b", "i", "em", "strong", "span", "u", "small", "sub", "sup", "code"}
)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
# Controls, zero-width and bidirectional marks (they can reorder what a person reads), and lone
# surrogates, which no file or database can hold. The joiners U+200C and U+200D carry meaning.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2069\ufeff\ud800-\udfff]"
)
_CURRENCIES = "USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|BRL|MXN|Rs|kr"
_AMOUNT = (
    r"[-+]?(?:\d{1,3}(?:[ '\u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?"
    r"|\d{1,3}(?:\.\d{3})+,\d+|\d+(?:[.,]\d+)?|\.\d+)"
)
_NUMBER = re.compile(
    rf"(?:from\s+)?(?P<before>{_CURRENCIES}|[A-Za-z]{{0,2}}[$€£¥₹]|[^\w\s.,+-])?\s*"
    rf"(?P<low>{_AMOUNT})(?:\s*(?:-|\u2013|to)\s*[^\w\s]?(?P<high>{_AMOUNT}))?"
    r"\s*(?P<after>[^\d\s][^\d]{0,15})?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written: ``"$12.99-15.99"`` is 12.99 with ``prefix="$"`` and ``is_range``."""

    value: float
    prefix: str = ""
    unit: str = ""
    is_range: bool = False


def plain_text(cell: object, limit: int) -> str:
    """Return a cell as plain text of at most `limit` characters.

    Markup and the contents of scripts and styles are dropped, entities decoded, invisible and
    bidirectional control characters removed, and runs of white space become one space.
    """
    text = _written(cell)
    for _ in range(2):  # a second pass for shops that escape their markup twice
        if "&" in text or _TAG.search(text):
            text = _without_markup(text)
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip() + "…"


def is_unknown(cell: object) -> bool:
    """Tell whether a cell says nothing: None, NaN, empty, or a word such as ``n/a``."""
    # None and NaN are among the words, as "none" and "nan".
    if isinstance(cell, list):
        return not cell
    return str(cell).strip().casefold() in UNKNOWN


def read_quantity(cell: Cell, money: bool = False) -> Quantity | None:
    """Return the number that a cell states, or None.

    Understands currency before or after (``"$1,299.00"``, ``"1299 USD"``), decimal commas
    (``"EUR 12,50"``, ``"1.299,00"``), units (``"1.2 kg"``), and ranges, of which the lower end
    counts. As `money`, which has no third decimal, ``"1.299"`` is 1299.
    """
    if isinstance(cell, bool) or cell is None or isinstance(cell, list):
        return None
    if isinstance(cell, int | float):
        return Quantity(float(cell)) if isfinite(cell) else None
    found = _NUMBER.fullmatch(cell.strip())
    value = _amount(found["low"], money) if found else inf
    if found is None or not isfinite(value):
        return None
    return Quantity(
        value=value,
        prefix=(found["before"] or "").strip(),
        unit=(found["after"] or "").strip().casefold().rstrip("."),
        is_range=found["high"] is not None,
    )


def read_year(cell: Cell) -> float | None:
    """Return the first four-digit year in a cell (also in a date), or None."""
    found = _YEAR.search(_written(cell))
    return float(found[0]) if found else None


def is_flag_word(cell: Cell) -> bool:
    """Tell whether a cell is a word, or digit, for yes or no; a count above one is not."""
    return _flag_word(cell) in _TRUE | _FALSE


def read_flag(cell: Cell) -> bool | None:
    """Return yes or no, or None; a count is yes when it is above zero."""
    if is_flag_word(cell):
        return _flag_word(cell) in _TRUE
    quantity = read_quantity(cell)
    return None if quantity is None else quantity.value > 0


def read_values(cell: Cell, separator: str, limit: int = 80) -> tuple[str, ...]:
    """Return the values in a cell, without repeats: a list, a JSON list, or separated text."""
    if isinstance(cell, str) and cell.lstrip().startswith("["):
        cell = _listed(cell)
    if isinstance(cell, list):
        parts = cell
    else:
        text = _written(cell)
        parts = text.split(separator) if separator else [text]
    values = (plain_text(part, limit) for part in parts)
    return tuple(dict.fromkeys(value for value in values if not is_unknown(value)))


def read_link(cell: Cell) -> str:
    """Return a cell that is an ``http`` or ``https`` address, else an empty string."""
    text = str(cell or "").strip()
    usable = re.fullmatch(r"https?://[^\s<>\"'\\]{3,2000}", text, re.IGNORECASE)
    return text if usable and not _INVISIBLE.search(text) else ""


def identifier(name: str) -> str:
    """Return a column name as an identifier: ``"Product Price"`` and ``"productPrice"`` alike."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return re.sub(r"\W+", "_", spaced.casefold()).strip("_") or "column"


def canonical_values(facet: Facet) -> Mapping[str, str]:
    """Return lower-case spelling to the value it is stored as, for the synonyms of `facet`.

    A word that several values claim stands for none of them, and a value is never its own synonym.
    """
    claims: dict[str, set[str]] = {}
    for value, words in facet.synonyms.items():
        for word in words:
            claims.setdefault(word.casefold(), set()).add(value)
    result = {word: next(iter(values)) for word, values in claims.items() if len(values) == 1}
    return {**result, **{value.casefold(): value for value in facet.synonyms}}


def canonicalise(values: tuple[str, ...], canonical: Mapping[str, str]) -> tuple[str, ...]:
    """Return `values` with synonyms replaced, in order, without repeats."""
    return tuple(dict.fromkeys(canonical.get(value.casefold(), value) for value in values))


def _written(cell: object) -> str:
    if isinstance(cell, float) and (cell.is_integer() or isnan(cell)):
        return "" if isnan(cell) else str(int(cell))
    return "" if cell is None else str(cell)


def _flag_word(cell: Cell) -> str:
    return _written(cell).strip().casefold().replace("_", " ")


class _TextParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _SKIPPED_TAGS:
            self._skipping += 1
        elif tag not in _INLINE_TAGS:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED_TAGS:
            self._skipping = max(0, self._skipping - 1)
        elif tag not in _INLINE_TAGS:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.parts.append(data)


def _without_markup(text: str) -> str:
    parser = _TextParser()
    parser.feed(text)
    parser.close()
    return "".join(parser.parts)


def _amount(text: str, money: bool) -> float:
    # The last mark is the decimal one, unless it is a comma before exactly three digits.
    digits = re.sub(r"[ '\u00a0\u202f]", "", text)
    if "," in digits and "." in digits:
        thousands = "," if digits.rindex(".") > digits.rindex(",") else "."
        digits = digits.replace(thousands, "")
    elif re.fullmatch(r"[-+]?\d{1,3}(?:,\d{3})+", digits):
        digits = digits.replace(",", "")
    elif money and re.fullmatch(r"[-+]?\d{1,3}(?:\.\d{3})+", digits):
        digits = digits.replace(".", "")
    return float(digits.replace(",", "."))


def _listed(text: str) -> list[str] | str:
    for candidate in (text, text.replace("'", '"')):
        try:
            parsed: object = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(parsed, list):
            return [str(value) for value in cast("list[object]", parsed) if value is not None]
    return text
