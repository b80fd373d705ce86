"""Every measure against a value worked out by hand."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest

from evaluation.metrics import (
    auc,
    average_precision,
    bootstrap,
    bootstrap_ratio,
    f1,
    gini,
    hit_rate,
    mean_absolute_error,
    ndcg,
    precision,
    recall,
    reciprocal_rank,
    root_mean_squared_error,
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


def test_average_precision_is_over_the_places_of_right_answers() -> None:
    assert average_precision(RANKING, RELEVANT, 5) == pytest.approx((1 / 2 + 2 / 5) / 3)
    assert average_precision(RANKING, RELEVANT, 4) == pytest.approx((1 / 2) / 3)
    # At most two can be in two places.
    assert average_precision([3, 4, 8], RELEVANT, 2) == 1
    assert average_precision(RANKING, {0}, 5) == 0


@pytest.mark.parametrize(
    "measure", [precision, recall, f1, hit_rate, ndcg, average_precision, reciprocal_rank]
)
def test_the_last_place_counts_and_the_next_does_not(measure) -> None:  # type: ignore[no-untyped-def]
    assert measure(RANKING, {1}, 4) > 0
    assert measure(RANKING, {4}, 4) == 0


def test_auc_counts_pairs() -> None:
    # Right: 3 and 1; wrong: 2 and 1. Pairs: 3>2, 3>1, 1<2, 1=1: 2.5 of 4.
    assert auc(np.array([3.0, 1.0, 2.0, 1.0]), [0, 1]) == 2.5 / 4
    assert auc(np.array([1.0, -np.inf, -np.inf]), [1]) == 0.25


def test_mean_absolute_error_over_the_highest_predictions() -> None:
    predicted, actual = np.array([4.0, 5.0, 1.0]), np.array([3.0, 3.0, 1.0])
    assert mean_absolute_error(predicted, actual) == pytest.approx(1.0)
    assert mean_absolute_error(predicted, actual, k=1) == 2.0


@pytest.mark.parametrize(
    "measure", [precision, recall, f1, hit_rate, ndcg, average_precision, reciprocal_rank]
)
def test_no_right_answer_or_no_place_is_an_error(measure) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="right answer"):
        measure(RANKING, set(), 5)
    with pytest.raises(ValueError, match="k must be"):
        measure(RANKING, RELEVANT, 0)


def test_auc_needs_both_sides() -> None:
    with pytest.raises(ValueError, match="wrong answer"):
        auc(np.ones(2), [0, 1])


def test_errors_need_pairs() -> None:
    for error in (mean_absolute_error, root_mean_squared_error):
        with pytest.raises(ValueError, match="2/1"):
            error(np.ones(2), np.ones(1))


def test_root_mean_squared_error_weighs_large_errors_more() -> None:
    # Differences 1, 2 and 0.
    found = root_mean_squared_error(np.array([4.0, 5.0, 1.0]), np.array([3.0, 3.0, 1.0]))
    assert found == pytest.approx((5 / 3) ** 0.5)


def test_gini_is_how_unevenly_amounts_are_spread() -> None:
    assert gini(np.array([2, 2, 2, 2])) == 0
    assert gini(np.array([0, 7, 0, 0])) == pytest.approx(3 / 4)
    # Half the mean absolute difference of two drawn at random, 1, over the mean, 2: 0.5 / 2.
    assert gini(np.array([1, 3])) == pytest.approx(1 / 4)
    assert np.isnan(gini(np.zeros(3)))


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


def test_bootstrap_of_two_columns_is_paired() -> None:
    worse = np.random.default_rng(2).normal(0, 5, 200)
    gap = bootstrap(worse + 1 - worse, seed=1)
    assert (gap.low, gap.high) == pytest.approx((1, 1))


def test_bootstrap_of_groups_weighs_observations_and_draws_groups() -> None:
    # Three observations of one person and one of another: 4 values, 2 people.
    interval = bootstrap_ratio(np.array([3.0, 5.0]), np.array([3.0, 1.0]), seed=0)
    assert (interval.mean, interval.n) == (2.0, 2)
    assert (interval.low, interval.high) == (1.0, 5.0)
    # Who has no observation says nothing.
    with_nobody = bootstrap_ratio(np.array([3.0, 0.0, 3.0]), np.array([3.0, 0.0, 3.0]), seed=0)
    assert str(with_nobody) == "1.000 [1.000, 1.000]"
    assert with_nobody.n == 2
    assert np.isnan(bootstrap_ratio(np.zeros(2), np.zeros(2), seed=0).mean)
