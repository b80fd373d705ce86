"""What numbers in catalogues are measured in, and the words that compare them.

Owns: units, currencies and comparatives of general language. Does not own: what a certain
catalogue says of its numbers (its schema does).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from catalog.clean import Quantity
from catalog.schema import Role

# Unit word to its multiple of the family's first word.
_UNIT_FAMILIES: tuple[dict[str, float], ...] = (
    {"kg": 1, "kgs": 1, "kilo": 1, "kilos": 1, "kilograms": 1, "g": 0.001, "grams": 0.001},
    {"lb": 1, "lbs": 1, "pounds": 1, "oz": 0.0625, "ounces": 0.0625},
    {"min": 1, "mins": 1, "minute": 1, "minutes": 1, "h": 60, "hr": 60, "hour": 60, "hours": 60},
    {"cm": 1, "mm": 0.1, "m": 100, "metres": 100, "meters": 100},
    {"l": 1, "litre": 1, "litres": 1, "liter": 1, "liters": 1, "ml": 0.001, "cl": 0.01},
    {"w": 1, "watt": 1, "watts": 1, "kw": 1000},
    {"in": 1, "inch": 1, "inches": 1, "ft": 12, "feet": 12},
    {"gb": 1, "tb": 1000, "mb": 0.001},
)
_AMBIGUOUS = frozenset({"in", "m", "g", "l", "h", "w"})
"""Too short to be told from other words in a column's name."""
COMPARATIVES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "price": (
        ("more expensive", "pricier", "dearer", "fancier", "more premium"),
        ("cheaper", "less expensive", "more affordable", "lower priced", "less pricey"),
    ),
    "year": (("newer", "more recent", "later"), ("older", "earlier")),
    "duration": (("longer",), ("shorter",)),
    "weight": (("heavier",), ("lighter",)),
    "rating": (("better rated", "higher rated", "better reviewed"), ("lower rated",)),
    "size": (("bigger", "larger"), ("smaller", "more compact")),
    "capacity": (("bigger", "larger", "roomier"), ("smaller", "more compact")),
    "height": (("taller", "higher"), ("shorter", "lower")),
    "width": (("wider",), ("narrower",)),
    "power": (("more powerful", "stronger"), ("less powerful", "weaker")),
}


def units_of(
    words: set[str], quantities: Sequence[Quantity], role: Role
) -> dict[str, float] | None:
    """Return unit words with their multiples, the stored unit first.

    Taken from the cells (``"1.2 kg"``) or else from the words of the column's name
    (``weight_kg``); a duration without either is in minutes. None where cells do not go together.
    """
    if role == "price":
        return {}
    written = {quantity.unit for quantity in quantities} - {""}
    for family in _UNIT_FAMILIES:
        if written:
            if written <= set(family):
                return dict(family)
        elif named := [word for word in family if word in words and word not in _AMBIGUOUS]:
            base = named[0]
            return {base: 1.0, **{word: size / family[base] for word, size in family.items()}}
    if written:
        return {next(iter(written)): 1.0} if len(written) == 1 else None
    return {"min": 1.0, "minutes": 1.0, "hours": 60.0} if role == "duration" else {}


def currency_of(words: set[str], quantities: Sequence[Quantity]) -> str:
    """Return the sign that most prices carry, or that the column's name says; else nothing."""
    marks = Counter(
        mark
        for quantity in quantities
        for mark in (quantity.prefix, quantity.unit.upper())
        if re.fullmatch(r"[$€£¥₹]|[A-Z]{3}", mark)
    )
    if marks:
        mark = marks.most_common(1)[0][0]
        symbols = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
        return symbols.get(mark, mark if len(mark) == 1 else f"{mark} ")
    named = {"usd": "$", "eur": "€", "gbp": "£"}
    return next((symbol for word, symbol in named.items() if word in words), "")
