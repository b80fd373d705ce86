"""Bare amounts that put a bound right, and those that mean nothing."""

from __future__ import annotations

import pytest

from assistant.understanding.amended import amended
from assistant.understanding.quantities import QuantityReader
from assistant.understanding.text import Text
from catalog import Constraint
from tests.assistant import small_films

READER = QuantityReader(small_films.SCHEMA)
LENGTH = Constraint("runtime_minutes", "<=", 90)
STRICT = Constraint("runtime_minutes", "<=", 89)
YEAR = Constraint("year", ">=", 1980)
BARRED = Constraint("year", "!=", 1980)


def bounds(message: str, *held: Constraint) -> list[tuple[str, tuple[tuple[str, float], ...]]]:
    text = Text(message)
    return [(m.facet, m.bounds) for m in amended(text, READER.read(text), held)]


@pytest.mark.parametrize(
    ("message", "held", "bound"),
    [
        ("i meant 120, not 90", (LENGTH,), ("runtime_minutes", "<=", 120)),
        ("120 instead of 90 please", (LENGTH, YEAR), ("runtime_minutes", "<=", 120)),
        ("not 90, 120", (LENGTH,), ("runtime_minutes", "<=", 120)),
        ("oops 100 not 90", (STRICT,), ("runtime_minutes", "<=", 99)),
        ("1990 not 1980", (LENGTH, YEAR), ("year", ">=", 1990)),
        ("no wait, 120", (LENGTH,), ("runtime_minutes", "<=", 120)),
        ("sorry i meant 100 minutes", (LENGTH, YEAR), ("runtime_minutes", "<=", 100)),
    ],
)
def test_a_bound_is_put_right(
    message: str, held: tuple[Constraint, ...], bound: tuple[str, str, float]
) -> None:
    facet, op, value = bound
    assert bounds(message, *held) == [(facet, ((op, value),))]


@pytest.mark.parametrize(
    ("message", "held"),
    [
        ("i meant 120, not 70", (LENGTH,)),  # nothing is bounded at 70
        ("no wait, 120", (LENGTH, YEAR)),  # of which?
        ("no wait, 120", ()),
        ("there are 120 of us", (LENGTH,)),
        ("no wait, 120 people are coming", (LENGTH,)),
        ("1990 not 1980", (BARRED,)),
    ],
)
def test_other_numbers_put_nothing_right(message: str, held: tuple[Constraint, ...]) -> None:
    assert bounds(message, *held) == []
