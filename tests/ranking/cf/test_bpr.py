"""BPR and the weights against imbalance, each against its definition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize

from ranking.cf import BPR, BPRConfig
from ranking.cf.propensity import inverse_propensity
from tests.ranking.cf.crowd import checkerboard, interactions

NOBODY = np.empty(0, np.int32)
SMALL = BPRConfig(factors=8, epochs=40, batch=16, rate=0.02, min_interactions=1)


def test_someone_new_minimises_the_penalised_loss() -> None:
    rng = np.random.default_rng(3)
    items = rng.normal(size=(6, 4)).astype(np.float32)
    bias = rng.normal(size=6).astype(np.float32)
    model = BPR(items, bias, np.ones(6, np.bool_), regularization=0.1, steps=8)
    likes = np.array([0, 2, 5], np.int32)

    def loss(person: NDArray[np.float64]) -> float:
        gap = items[likes] @ person + bias[likes]
        return float(np.log1p(np.exp(-gap)).sum() + 0.1 * len(likes) * person @ person)

    best = minimize(loss, np.zeros(4), options={"gtol": 1e-8}).x
    np.testing.assert_allclose(model.fold_in(likes, NOBODY), items @ best + bias, atol=1e-3)


def test_the_expected_negative_lies_at_the_origin() -> None:
    config = BPRConfig(factors=4, epochs=5, exponent=1.0, min_interactions=1)
    crowd = interactions([[0, 1], [0, 2], [0, 1]])
    model = BPR.fit(crowd, 4, config)
    chance = np.array([3, 2, 1, 0]) / 6
    np.testing.assert_allclose(chance @ model.items, 0, atol=1e-6)
    assert chance @ model.bias == pytest.approx(0, abs=1e-6)
    assert model.known.tolist() == [True, True, True, False]


def test_fits_of_one_seed_are_the_same_and_of_another_are_not() -> None:
    one, same = (BPR.fit(checkerboard(), 11, SMALL) for _ in range(2))
    other = BPR.fit(checkerboard(), 11, replace(SMALL, seed=1))
    np.testing.assert_array_equal(one.items, same.items)
    assert np.abs(one.items - other.items).max() > 0.01


def test_harder_negatives_lower_what_is_popular() -> None:
    # Item 0 is met by all, the others by one each: against popular negatives, 0 stands out less.
    crowd = interactions([[0, 1 + user] for user in range(12)])
    even = BPR.fit(crowd, 13, replace(SMALL, negatives="uniform")).bias
    hard = BPR.fit(crowd, 13, replace(SMALL, negatives="popularity", exponent=1.0)).bias
    assert even[0] - even[1:].mean() > hard[0] - hard[1:].mean()


def test_inverse_propensity_weighs_one_on_average() -> None:
    crowd = interactions([[0, 1], [0], [0, 2], [0]])
    np.testing.assert_array_equal(inverse_propensity(crowd, 4, 0.0), 1.0)
    weights = inverse_propensity(crowd, 4, 1.0)
    assert weights[1] == pytest.approx(4 * weights[0])
    assert weights[crowd.row].mean() == pytest.approx(1.0)


def test_inverse_propensity_lifts_the_long_tail() -> None:
    crowd = interactions([[0, 1 + user] for user in range(12)])
    gaps: list[float] = []
    for power in (0.0, 1.0):
        bias = BPR.fit(crowd, 13, replace(SMALL, negatives="uniform", propensity=power)).bias
        gaps.append(float(bias[0] - bias[1:].mean()))
    assert gaps[1] < gaps[0] - 0.1
