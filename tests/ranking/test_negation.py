"""The benchmark of refusals, on a few cases: its cases are what it says, and refusals work."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.engine import Assistant
from benchmarks.negation import KINDS, REQUESTS, TOP, Bench, draw, run
from ranking.reranker import RerankerConfig, load_reranker
from ranking.reranker_data import read_requests
from ranking.scoring import Reranker

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def reranker(films: Assistant, film_home: Path) -> Reranker:
    return load_reranker(RerankerConfig(), films.catalog, film_home / "models")


def test_what_is_refused_is_shown_without_and_not_had_by_the_answer(
    films: Assistant, reranker: Reranker
) -> None:
    bench = Bench(films, reranker)
    cases = draw(bench, read_requests(REQUESTS, films.catalog), 6, seed=3)
    assert [case.kind for case in cases] == [*KINDS, *KINDS]
    for case in cases:
        having = set(films.catalog.facets.rows_with(case.facet, case.value).tolist())
        assert case.target not in having
        assert having & set(bench.slate(bench.request(case.profile))[:TOP])
    assert cases == draw(bench, read_requests(REQUESTS, films.catalog), 6, seed=3)


def test_quick_mode(films: Assistant, reranker: Reranker) -> None:
    found = run(films, reranker, 30, seed=0)
    ways = found["ways"]
    assert ways["without"]["none_in_top_5"][0] == 0  # pyright: ignore
    assert ways["condition"]["none_in_top_5"][0] == 1  # pyright: ignore
    assert ways["avoidance"]["none_in_top_5"][0] >= 0.9  # pyright: ignore
