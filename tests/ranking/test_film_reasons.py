"""The reasons are the score, on the film demo: what is cited is taken away again."""

from __future__ import annotations

from pathlib import Path

import pytest

from ranking.cf import Training, open_cf
from ranking.rank import Ranker, open_ranker
from ranking.simulated import SimulationConfig, read_requests, simulate
from ranking.train_blend import REQUESTS
from retrieval.lexical import LexicalRetriever
from retrieval.query import Rows
from retrieval.retrieve import retrieve_all


def deletions(home: Path, sessions: int) -> tuple[int, float, float]:
    """Count cited causes in top fives, and how often score fell and rank did not rise without."""
    from catalog.database import load_catalog, open_database
    from retrieval.collaborative import CollaborativeRetriever
    from retrieval.content import ContentRetriever
    from retrieval.dense import open_dense
    from retrieval.embedder import EmbedderConfig, load_embedder

    catalog = load_catalog(open_database(f"sqlite:///{home / 'vouch.db'}"))
    dense = open_dense(catalog, load_embedder(EmbedderConfig(), home / "models"), home / "index")
    lexical, model = LexicalRetriever(catalog), open_cf("ease", Training.of(catalog), home / "cf")
    searchers = (dense, lexical, CollaborativeRetriever(model), ContentRetriever(dense.vectors))
    ranker = open_ranker(catalog, dense, lexical, model)
    drawn = simulate(catalog, read_requests(REQUESTS, catalog), SimulationConfig(sessions, seed=9))
    found: list[tuple[bool, bool]] = []
    for session in drawn:
        rows = retrieve_all(session.request.query, searchers, catalog).rows
        found += _deletions(ranker, session.request, rows, [i.item_id for i in catalog.items])
    fell, kept = (sum(column) / len(found) for column in zip(*found, strict=True))
    return len(found), fell, kept


def _deletions(ranker: Ranker, request, rows: Rows, ids: list[str]) -> list[tuple[bool, bool]]:  # type: ignore[no-untyped-def]
    from dataclasses import replace

    found: list[tuple[bool, bool]] = []
    for place, entry in enumerate(ranker.rank(request, rows).scored[:5]):
        causes = [c for term in entry.terms if term.contribution > 0 for c in term.because]
        for cause in dict.fromkeys(causes):
            wishes = tuple(
                w for w in request.wishes if w.weight < 0 or f"{w.facet}:{w.value}" != cause
            )
            likes = tuple(row for row in request.query.likes if ids[row] != cause)
            less = replace(request, wishes=wishes, query=replace(request.query, likes=likes))
            after = ranker.rank(less, rows).scored
            position = next(at for at, other in enumerate(after) if other.row == entry.row)
            found.append((after[position].score < entry.score, position >= place))
    return found


@pytest.mark.slow
def test_without_a_cited_cause_a_film_moves_down(film_home: Path) -> None:
    count, fell, kept = deletions(film_home, sessions=45)
    assert count > 200
    assert fell > 0.99
    assert kept >= 0.85
