"""Requests, their split, and requests composed from facets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import Catalog
from catalog.errors import CatalogError
from ranking.reranker_data import Wanted, compose_request, read_requests, split_of
from tests.ranking.shelf import SIZE, build_shelf


def test_requests_of_unknown_items_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    path.write_text(
        '{"item_id": "b3", "requests": ["one", "two"], "near_miss": "three"}\n'
        '{"item_id": "gone", "requests": ["four"]}\n'
        '{"item_id": "b0", "requests": ["five"]}\n'
    )
    assert read_requests(path, build_shelf()) == (
        Wanted(3, ("one", "two"), "three"),
        Wanted(0, ("five",)),
    )


@pytest.mark.parametrize("line", ["{", "[]", '{"item_id": "b0"}', '{"requests": ["x"]}', "3"])
def test_a_malformed_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "requests.jsonl"
    path.write_text('{"item_id": "b0", "requests": ["x"]}\n' + line)
    with pytest.raises(CatalogError, match=r"requests\.jsonl:2"):
        read_requests(path, build_shelf())


def test_a_file_that_fits_no_item_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    path.write_text('{"item_id": "gone", "requests": ["x"]}\n')
    with pytest.raises(CatalogError, match="books"):
        read_requests(path, build_shelf())
    with pytest.raises(CatalogError, match="cannot read"):
        read_requests(tmp_path / "none.jsonl", build_shelf())


def test_splits_have_their_shares_and_never_move() -> None:
    splits = [split_of(str(number)) for number in range(5000)]
    assert abs(splits.count("test") / 5000 - 0.15) < 0.02
    assert abs(splits.count("validation") / 5000 - 0.10) < 0.02
    assert (split_of("1"), split_of("6"), split_of("2")) == (splits[1], splits[6], splits[2])


@given(row=st.integers(0, SIZE - 1), seed=st.integers(0, 10_000))
def test_an_item_answers_what_was_composed_from_it(row: int, seed: int) -> None:
    shelf = build_shelf()
    request = compose_request(shelf, row, np.random.default_rng(seed))
    assert request is not None
    assert request.text.strip()
    for fact in request.facts:
        assert shelf.facets.satisfies(row, (fact,))


def test_numbers_and_flags_are_composed_too(tiny: Catalog) -> None:
    rng = np.random.default_rng(5)
    facets: set[str] = set()
    for row in [0, 1, 2, 3, 4] * 30:
        request = compose_request(tiny, row, rng)
        assert request is not None
        facets |= {fact.facet for fact in request.facts}
        assert all(tiny.facets.satisfies(row, (fact,)) for fact in request.facts), request
    assert facets == {"year", "price", "genre", "author", "in_print"}
