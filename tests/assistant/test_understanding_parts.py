"""The parts of understanding that have rules of their own: text, amounts, title forms."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.understanding.quantities import QuantityReader
from assistant.understanding.text import MAX_WORDS, Text, normalise
from assistant.understanding.title_index import TitleIndex, title_form
from catalog import Catalog, Facet, Item, Schema

_SCHEMA = Schema(
    name="things",
    noun="thing",
    plural="things",
    item_id="id",
    title="title",
    texts=(),
    facets=(
        Facet("year", "number", "year", "year", role="year", integer=True),
        Facet("minutes", "number", "length", "minutes", role="duration", integer=True,
              units={"hour": 60.0, "hours": 60.0, "h": 60.0, "min": 1.0, "minutes": 1.0}),
        Facet("price", "number", "price", "price", role="price", prefix="$"),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Amélie", "amelie"),
        ("Ocean's Eleven", "oceans eleven"),
        ("WALL·E", "wall e"),
        ("Fast & Furious", "fast and furious"),
        ("Alien³", "alien3"),
        ("1,149.00", "1149.00"),
        ("  ", ""),
    ],
)
def test_normal_form(written: str, normal: str) -> None:
    assert normalise(written) == normal


@given(st.text(max_size=200))
@example("W/ a friend, w/o a dog")
def test_words_lead_back_to_the_message(message: str) -> None:
    text = Text(message)

    assert len(text) <= MAX_WORDS
    for word in text.words:
        assert word.norm
        assert Text(message[word.start : word.end]).words[0].norm == word.norm
    starts = [word.start for word in text.words]
    assert starts == sorted(starts)


def test_separators_and_quotes() -> None:
    text = Text('No horror, "The Quiet One" please. E.T. too')

    assert text.flat == "no horror , the quiet one please . e t too"
    assert text.quotes == ((2, 5),)
    assert not text.named(0)
    assert text.named(3)


def test_capitals_say_nothing_when_all_are() -> None:
    assert not Text("I LOVED THE MATRIX SO MUCH").named(3)


@pytest.mark.parametrize(
    ("message", "low", "high", "facet"),
    [
        ("two hours", 120, 120, "minutes"),
        ("an hour and a half", 90, 90, "minutes"),
        ("two and a half hours", 150, 150, "minutes"),
        ("half an hour", 30, 30, "minutes"),
        ("1h30", 90, 90, "minutes"),
        ("1 hour 45 minutes", 105, 105, "minutes"),
        ("a hundred and twenty minutes", 120, 120, "minutes"),
        ("$49.90", 49.9, 49.9, "price"),
        ("1,149 dollars", 1149, 1149, "price"),
        ("fifty bucks", 50, 50, "price"),
        ("the 90s", 1990, 1999, "year"),
        ("the late eighties", 1987, 1989, "year"),
        ("2000s", 2000, 2009, "year"),
        ("1995", 1995, 1995, "year"),
        ("seven", 7, 7, None),
    ],
)
def test_amounts(message: str, low: float, high: float, facet: str | None) -> None:
    [found] = QuantityReader(_SCHEMA).read(Text(message))

    assert (found.low, found.high) == (low, high)
    assert (found.facet.name if found.facet else None) == facet


@pytest.mark.parametrize("message", ["my thirties", "under 10s", "a thing", "won"])
def test_no_amounts(message: str) -> None:
    assert all(q.facet is None for q in QuantityReader(_SCHEMA).read(Text(message)))


def _index() -> TitleIndex:
    titles = [
        ("Heat", 1995), ("The Matrix", 1999), ("Rocky II", 1979), ("King Kong", 1933),
        ("King Kong", 2005), ("Kill Bill: Vol. 2", 2004), ("Spider-Man 2", 2004),
        ("Star Wars: Episode IV - A New Hope", 1977), ("Matrix Reloaded, The", 2003),
        ("Mission: Impossible", 1996), ("Harry Potter and the Stone", 2001),
        ("Harry Potter and the Chamber", 2002),
    ]  # fmt: skip
    items = [
        Item(str(row), title, numbers={"year": year}) for row, (title, year) in enumerate(titles)
    ]
    return TitleIndex(Catalog.build(_SCHEMA, items))


@pytest.mark.parametrize(
    ("written", "row"),
    [
        ("matrix", 1),
        ("the matrix reloaded", 8),
        ("rocky 2", 2),
        ("rocky two", 2),
        ("kill bill volume 2", 5),
        ("spiderman 2", 6),
        ("a new hope", 7),
        ("star wars", 7),
        ("harry potter", 10),
    ],
)
def test_written_forms(written: str, row: int) -> None:
    assert _index().rows(title_form(written.split()))[0] == row


def test_parts_that_are_no_titles() -> None:
    assert _index().rows("mission") == []
    assert _index().rows("impossible") == []


def test_the_year_decides_between_remakes() -> None:
    index = _index()
    rows = index.rows("king kong")

    assert index.with_year(rows, 2005) == [4]
    assert index.with_year(rows, 1934) == [3]
    assert index.with_year(rows, 1976) == []


@pytest.mark.parametrize(
    ("typed", "form"),
    [("heaat", "heat"), ("haet", "heat"), ("hot", None), ("matirx", "matrix"), ("rocky 3", None),
     ("beat", None), ("zorblax", None)],
)  # fmt: skip
def test_typing_mistakes(typed: str, form: str | None) -> None:
    assert _index().closest(typed) == form
