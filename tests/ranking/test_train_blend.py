"""Learning weights where the right ones are known, and the sessions they are learned on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog
from ranking.logit import Example, fit_weights, ndcg10
from ranking.scoring import Request
from ranking.simulated import SimulatedSession, SimulationConfig, read_requests, simulate
from ranking.train_blend import TrainConfig, train_blend
from retrieval.lexical import LexicalRetriever
from retrieval.query import Query
from tests.ranking.cf.crowd import interactions
from tests.ranking.shelf import Source, WordReader, build_shelf

SESSION = SimulatedSession("likes", 0, Request(Query()), 0)


def examples(count: int = 200) -> list[Example]:
    """The target is drawn by softmax of 2 "good" + 0 "noise" - 1 "bad", all standard normal."""
    rng = np.random.default_rng(0)
    drawn: list[Example] = []
    for _ in range(count):
        good, noise, bad = rng.normal(size=(3, 20)).astype(np.float32)
        likely = np.exp(2 * good - bad)
        target = int(rng.choice(20, p=likely / likely.sum()))
        raw = {"good": good, "noise": noise, "bad": bad}
        drawn.append(Example(SESSION, np.arange(20, dtype=np.int32), raw, target))
    return drawn


def test_the_useful_term_gets_the_weight_and_no_weight_is_negative() -> None:
    weights = fit_weights(examples(), l2=1e-4)
    found = {name: term.weight for name, term in weights.terms.items()}
    assert found["good"] > 5 * found["noise"]
    assert found["bad"] == 0
    quality = ndcg10(examples(), weights)["all"]
    assert quality > ndcg10(examples(), None)["all"] + 0.2


def test_a_term_that_some_sessions_lack_counts_nothing_there() -> None:
    mixed = examples()
    for example in mixed[::2]:
        del example.raw["noise"]  # type: ignore[attr-defined]
    assert fit_weights(mixed, l2=1e-4).terms["good"].weight > 1


def test_tied_candidates_share_their_places() -> None:
    tied = Example(SESSION, np.arange(2, dtype=np.int32), {"good": np.zeros(2, np.float32)}, 1)
    weights = fit_weights(examples(20), l2=1e-2)
    assert ndcg10([tied], weights)["all"] == pytest.approx((1 + 1 / np.log2(3)) / 2, abs=1e-4)


@pytest.fixture
def crowd() -> Catalog:
    shelf = build_shelf()
    readers = [[(genre + 3 * step) % 12 for step in range(4)] for genre in range(12)]
    return Catalog.build(shelf.schema, shelf.items, interactions(readers))


REQUESTS = {row: (f"tell me of word{row}",) for row in range(12)}


def test_sessions_keep_their_promises(crowd: Catalog) -> None:
    config = SimulationConfig(sessions=150, seed=4)
    sessions = simulate(crowd, REQUESTS, config)
    assert sessions == simulate(crowd, REQUESTS, config)
    assert {session.kind for session in sessions} == {"likes", "wishes", "words"}
    for session in sessions:
        query, met = session.request.query, crowd.interactions
        theirs = set(met.row[met.user == session.user].tolist())
        assert session.target not in query.exclude
        assert session.target not in query.likes
        assert set(query.likes) <= query.exclude == theirs - {session.target}
        if session.kind == "likes":
            assert query.likes
            assert not query.text
        if session.kind == "words":
            assert f"word{session.target}" in query.text


def test_requests_are_read_by_row(tmp_path: Path, crowd: Catalog) -> None:
    path = tmp_path / "requests.jsonl"
    path.write_text(
        '{"item_id": "b3", "requests": ["x", "y"], "near_miss": "z"}\n'
        '{"item_id": "gone", "requests": ["x"], "near_miss": "z"}\n'
    )
    assert read_requests(path, crowd) == {3: ("x", "y")}


@pytest.mark.parametrize("reranker", [None, WordReader()])
def test_learns_on_a_whole_catalogue(crowd: Catalog, reranker: WordReader | None) -> None:
    sessions = simulate(crowd, REQUESTS, SimulationConfig(sessions=60, seed=1))
    source = Source(crowd)
    report = train_blend(
        crowd, sessions, source, (LexicalRetriever(crowd),), reranker, TrainConfig(folds=2)
    )
    assert ("text" in report.weights.terms) == (reranker is not None)
    assert report.ndcg10["learned"]["words"] > 0.9
    assert report.ndcg10["learned"]["all"] > report.ndcg10["popularity alone"]["all"]
    assert report.weights.terms["avoidance"] == report.weights.terms["preferences"]
    assert report.provenance()["seed"] == 0
