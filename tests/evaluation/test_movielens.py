"""The protocol, on people whose taste is known by construction."""

from __future__ import annotations

import json

import numpy as np
import pytest

from catalog import Catalog, Interactions
from evaluation.movielens import bench_movielens, held_out_cases, rank_of
from ranking.cf import EASE, EASEConfig, Popularity, PopularityConfig
from ranking.scoring import CFModel
from tests.ranking.cf.crowd import interactions
from tests.retrieval.shop import build_shop

SHOP = build_shop()
# Forty people of two tastes, who like seven of the eight items of theirs in some order.
HISTORIES = [
    (np.random.default_rng(user).permutation(8)[:7] + 8 * (user % 2)).tolist() for user in range(40)
]
CROWD = Catalog.build(SHOP.schema, SHOP.items, interactions(HISTORIES))


def ease(observed: Interactions) -> CFModel:
    return EASE.fit(observed, len(CROWD), EASEConfig(regularization=1.0, min_interactions=1))


def popularity(observed: Interactions) -> CFModel:
    return Popularity.fit(observed, len(CROWD), PopularityConfig())


def test_taste_beats_popularity_and_the_report_says_so() -> None:
    report = bench_movielens(CROWD, {"popularity": popularity, "ease": ease}, seed=3)
    assert (report.people, report.items) == (40, 48)
    found = {(row.model, row.k): row.mrr.mean for row in report.results}
    # Two of a person's eight items are open, and nothing tells them apart.
    assert found["ease", 5] == pytest.approx(0.75, abs=0.15)
    assert found["ease", 5] > found["popularity", 5] + 0.2
    assert "ease" in report.to_text()
    assert json.loads(json.dumps(report.to_json()))["seed"] == 3


def test_the_same_seed_gives_the_same_figures() -> None:
    first, second = (bench_movielens(CROWD, {"ease": ease}, seed=1).results for _ in range(2))
    assert first == second


def test_no_one_is_known_to_the_model_that_serves_them() -> None:
    served: list[set[int]] = []

    def watched(observed: Interactions) -> CFModel:
        served.append(set(observed.user.tolist()))
        return popularity(observed)

    bench_movielens(CROWD, {"popularity": watched})
    held_out = [set(range(40)) - people for people in served]
    assert sorted(user for people in held_out for user in people) == list(range(40))


def test_a_case_ends_with_the_last_liked_item() -> None:
    observed = interactions([[4, 1, 2, 3]])
    observed.value[3] = 1.0
    (case,) = held_out_cases(observed, np.array([True]), longest=2)
    assert (case.likes.tolist(), case.target, case.met.tolist()) == ([4, 1], 2, [4, 1, 3])
    assert held_out_cases(observed, np.array([True]), longest=3) == ()


def test_places_count_from_one_and_ties_go_to_the_lower_row() -> None:
    scores = np.array([5, 4, 4, 4, -np.inf], np.float32)
    nothing = np.empty(0, np.int32)
    assert [rank_of(scores, row, nothing) for row in range(4)] == [1, 2, 3, 4]
    assert rank_of(scores, 3, np.array([0, 2], np.int32)) == 2
    assert rank_of(scores, 4, nothing) == float("inf")
