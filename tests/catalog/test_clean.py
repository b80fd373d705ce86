from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import Facet
from catalog.clean import (
    Cell,
    canonical_values,
    canonicalise,
    is_unknown,
    plain_text,
    read_flag,
    read_link,
    read_quantity,
    read_values,
    read_year,
)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("$1,299.00", 1299),
        ("EUR 12,50", 12.5),
        ("1299 USD", 1299),
        ("US$ 12", 12),
        ("1.299,00 €", 1299),
        ("1 299,00 kr", 1299),
        ("1,299", 1299),
        ("1.299", 1299),
        ("3'000 CHF", 3000),
        ("from $12", 12),
        ("12,99 €/kg", 12.99),
        (".99", 0.99),
        (12.5, 12.5),
        ("-5", -5),
        ("call us", None),
        ("iPhone 12", None),
        ("2 x 3", None),
        ("A+++", None),
        ("X-12-84", None),
        ("ABC123", None),
        ("", None),
        (True, None),
        (float("inf"), None),
    ],
)
def test_prices_as_people_write_them(cell: Cell, value: float | None) -> None:
    found = read_quantity(cell, money=True)
    assert (found.value if found else None) == value


def test_a_range_counts_by_its_lower_end_and_says_so() -> None:
    found = read_quantity("$12.99 - $15.99", money=True)
    assert found is not None
    assert (found.value, found.prefix, found.is_range) == (12.99, "$", True)


def test_what_is_not_money_may_have_three_decimals() -> None:
    found = read_quantity("1.299 kg")
    assert found is not None
    assert (found.value, found.unit) == (1.299, "kg")


@given(st.floats(0, 1e7).map(lambda value: round(value, 2)))
def test_both_ways_of_writing_a_price_read_alike(price: float) -> None:
    english = f"${price:,.2f}"
    german = f"{price:,.2f} €".translate(str.maketrans(",.", ".,"))
    for text in (english, german):
        found = read_quantity(text, money=True)
        assert found is not None
        assert found.value == price


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<p>Hello&nbsp;<b>bo</b>ld</p><p>two</p>", "Hello bold two"),
        ("a<script>alert('x')</script>b<style>p{}</style>", "ab"),
        ("&lt;i&gt;twice&lt;/i&gt; &amp;amp; escaped", "twice & escaped"),
        ("3 < 4 & 5 > 2", "3 < 4 & 5 > 2"),
        ("tab\tand\r\nline", "tab and line"),
        ("\u202eevil\u202c \u200bzero\ufeff", "evil zero"),
        ("bell\x07 \ud800lone", "bell lone"),
        ("cafe\u0301", "café"),
        ("<img src=x onerror=alert(1)>", ""),
        (None, ""),
        (float("nan"), ""),
        (1234567.0, "1234567"),
    ],
)
def test_text_comes_out_plain(cell: object, text: str) -> None:
    assert plain_text(cell, 100) == text


@given(st.text(), st.integers(2, 50))
def test_plain_text_is_short_clean_and_stable(raw: str, limit: int) -> None:
    text = plain_text(raw, limit)
    assert len(text) <= limit
    assert text == " ".join(text.split())
    assert not any(unicodedata.category(mark) in {"Cc", "Cs"} for mark in text)
    text.encode()


def test_long_text_is_cut_between_words() -> None:
    assert plain_text("one two three", 9) == "one two…"


@pytest.mark.parametrize(
    ("cell", "flag"),
    [
        ("In stock", True), ("out_of_stock", False), ("yes", True), ("N", False), (True, True),
        (0.0, False), (1.0, True), ("12", True), (240.0, True), ("maybe", None),
    ],
)  # fmt: skip
def test_flags(cell: Cell, flag: bool | None) -> None:
    assert read_flag(cell) is flag


@pytest.mark.parametrize(
    ("cell", "separator", "values"),
    [
        ("a|b| a |", "|", ("a", "b")),
        ('["red", "blue"]', "|", ("red", "blue")),
        ("['red', 'blue']", "|", ("red", "blue")),
        (["x", "n/a"], "|", ("x",)),
        ("a, b", "", ("a, b",)),
        (5.0, "|", ("5",)),
        ("[not json", "|", ("[not json",)),
    ],
)
def test_values(cell: Cell, separator: str, values: tuple[str, ...]) -> None:
    assert read_values(cell, separator) == values


@pytest.mark.parametrize(
    ("cell", "link"),
    [
        ("https://a.example/b?c=d", "https://a.example/b?c=d"),
        ("HTTP://A.EXAMPLE/", "HTTP://A.EXAMPLE/"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//a.example", ""),
        ("https://a.example/ onload=x", ""),
        ('https://a.example/"><b>', ""),
        (None, ""),
    ],
)
def test_only_web_addresses_are_links(cell: Cell, link: str) -> None:
    assert read_link(cell) == link


def test_years_and_the_unknown() -> None:
    assert [read_year(cell) for cell in ("1995", 1995.0, "2021-05-03", "soon", "123456")] == [
        1995, 1995, 2021, None, None,
    ]  # fmt: skip
    assert all(is_unknown(cell) for cell in (None, "", " N/A ", "null", float("nan"), []))
    assert not any(is_unknown(cell) for cell in (0.0, False, "0", "x", ["x"]))


def test_synonyms_become_values_unless_two_values_claim_them() -> None:
    facet = Facet(
        "genre",
        "category",
        "genre",
        "genre",
        synonyms={"Comedy": ("comedies", "romcom"), "Romance": ("romcom",)},
    )
    canonical = canonical_values(facet)
    assert canonicalise(("COMEDIES", "romcom", "comedy", "Other"), canonical) == (
        "Comedy", "romcom", "Other",
    )  # fmt: skip
