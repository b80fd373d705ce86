"""Every measure against a value worked out by hand."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest

from evaluation.metrics import (
    auc,
    bootstrap,
    f1,
    hit_rate,
    mean_absolute_error,
    ndcg,
    precision,
    recall,
    reciprocal_rank,
)

RANKING = [7, 3, 9, 1, 4]
RELEVANT = {3, 4, 8}  # in places 2 and 5; 8 was not found


def test_shares_of_places_and_of_answers() -> None:
    assert precision(RANKING, RELEVANT, 2) == 1 / 2
    assert recall(RANKING, RELEVANT, 2) == 1 / 3
    assert f1(RANKING, RELEVANT, 2) == pytest.approx(2 * (1 / 2) * (1 / 3) / (1 / 2 + 1 / 3))
    assert (precision(RANKING, RELEVANT, 1), f1(RANKING, RELEVANT, 1)) == (0, 0)


def test_places_beyond_the_end_are_misses() -> None:
    assert precision(RANKING, RELEVANT, 10) == 2 / 10
    assert recall(RANKING, RELEVANT, 10) == 2 / 3


def test_hit_rate_is_any_hit() -> None:
    assert [hit_rate(RANKING, RELEVANT, k) for k in (1, 2, 5)] == [0, 1, 1]


def test_ndcg_discounts_by_place() -> None:
    gained = 1 / log2(3) + 1 / log2(6)
    possible = 1 / log2(2) + 1 / log2(3) + 1 / log2(4)
    assert ndcg(RANKING, RELEVANT, 5) == pytest.approx(gained / possible)
    assert ndcg([3, 4, 8], RELEVANT, 2) == 1
    assert ndcg(RANKING, {0}, 5) == 0


def test_reciprocal_rank_is_of_the_first() -> None:
    assert reciprocal_rank(RANKING, RELEVANT, 5) == 1 / 2
    assert reciprocal_rank(RANKING, {4}, 5) == 1 / 5
    assert reciprocal_rank(RANKING, {4}, 4) == 0


def test_auc_counts_pairs() -> None:
    # Right: 3 and 1; wrong: 2 and 1. Pairs: 3>2, 3>1, 1<2, 1=1: 2.5 of 4.
    assert auc(np.array([3.0, 1.0, 2.0, 1.0]), [0, 1]) == 2.5 / 4
    assert auc(np.array([1.0, -np.inf, -np.inf]), [1]) == 0.25


def test_mean_absolute_error_over_the_highest_predictions() -> None:
    predicted, actual = np.array([4.0, 5.0, 1.0]), np.array([3.0, 3.0, 1.0])
    assert mean_absolute_error(predicted, actual) == pytest.approx(1.0)
    assert mean_absolute_error(predicted, actual, k=1) == 2.0


@pytest.mark.parametrize("measure", [precision, recall, f1, hit_rate, ndcg, reciprocal_rank])
def test_no_right_answer_or_no_place_is_an_error(measure) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="right answer"):
        measure(RANKING, set(), 5)
    with pytest.raises(ValueError, match="k must be"):
        measure(RANKING, RELEVANT, 0)


def test_auc_needs_both_sides() -> None:
    with pytest.raises(ValueError, match="wrong answer"):
        auc(np.ones(2), [0, 1])


def test_errors_need_pairs() -> None:
    with pytest.raises(ValueError, match="2/1"):
        mean_absolute_error(np.ones(2), np.ones(1))


def test_bootstrap_covers_the_mean_and_repeats() -> None:
    values = np.random.default_rng(1).normal(3, 1, 400)
    interval = bootstrap(values, seed=5)
    assert interval == bootstrap(values, seed=5)
    assert interval.low < interval.mean < interval.high
    # The width of a normal mean's interval: 2 x 1.96 / sqrt(400).
    assert interval.high - interval.low == pytest.approx(0.196, rel=0.2)
    assert (interval.mean, interval.n) == (pytest.approx(values.mean()), 400)


def test_bootstrap_of_one_value_is_that_value() -> None:
    assert str(bootstrap([0.25], seed=0)) == "0.250 [0.250, 0.250]"
    assert bootstrap([], seed=0).n == 0
