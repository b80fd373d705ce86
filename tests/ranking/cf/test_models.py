"""Each model against an independent computation of its definition."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from catalog.errors import ModelError
from ranking.cf import (
    ALS,
    EASE,
    ALSConfig,
    EASEConfig,
    ItemKNN,
    ItemKNNConfig,
    Popularity,
    PopularityConfig,
)
from ranking.cf.linear import prune
from ranking.cf.matrix import frequent, incidence
from tests.ranking.cf.crowd import checkerboard, interactions

NOBODY = np.empty(0, np.int32)
MIXED = interactions([[0, 1, 2], [0, 1], [1, 2, 3], [0, 3], [2, 3, 1], [0, 1, 3]])


def test_ease_is_the_ridge_regression_that_may_not_use_the_item_itself() -> None:
    # Steck's constrained problem falls apart by item: regress it on all the others.
    x = incidence(MIXED, 4).toarray().astype(np.float64)
    weights = EASE.fit(MIXED, 4, EASEConfig(regularization=2.0, min_interactions=1)).weights
    for item in range(4):
        others = [other for other in range(4) if other != item]
        system = x[:, others].T @ x[:, others] + 2.0 * np.eye(3)
        expected = np.linalg.solve(system, x[:, others].T @ x[:, item])
        np.testing.assert_allclose(weights.toarray()[item, others], expected, atol=1e-5)
        assert weights[item, item] == 0


def test_ease_needs_a_regularization() -> None:
    with pytest.raises(ModelError, match=r"above 0, not 0"):
        EASE.fit(MIXED, 4, EASEConfig(regularization=0.0))


def test_ease_leaves_rare_items_out() -> None:
    model = EASE.fit(interactions([[0, 1], [0, 1], [0, 2]]), 4, EASEConfig(min_interactions=2))
    assert model.known.tolist() == [True, True, False, False]
    scores = model.fold_in(np.array([0, 2], np.int32), NOBODY)
    assert np.isfinite(scores).tolist() == [True, True, False, False]


def test_itemknn_is_a_shrunk_cosine() -> None:
    # Items 0 and 1: met by four and five people, three of them the same; see MIXED.
    config = ItemKNNConfig(shrinkage=2.0, neighbours=0, min_interactions=1)
    weights = ItemKNN.fit(MIXED, 4, config).weights
    assert weights[0, 1] == pytest.approx(3 / (np.sqrt(4 * 5) + 2))
    assert weights[1, 0] == weights[0, 1]
    assert weights[0, 0] == 0


def test_itemknn_keeps_its_nearest_neighbours_only() -> None:
    weights = ItemKNN.fit(MIXED, 4, ItemKNNConfig(neighbours=1, min_interactions=1)).weights
    assert (np.diff(weights.indptr) == 1).all()
    assert weights[0, 1] > 0


def test_als_fold_in_minimises_the_weighted_squares() -> None:
    config = ALSConfig(factors=3, alpha=4.0, regularization=0.5, min_interactions=1)
    model = ALS.fit(MIXED, 4, config)
    likes = np.array([0, 2], np.int32)
    confidence = np.diag([5.0, 1.0, 5.0, 1.0])
    y = model.items.astype(np.float64)
    user = np.linalg.solve(y.T @ confidence @ y + 0.5 * np.eye(3), y.T @ confidence @ [1, 0, 1, 0])
    np.testing.assert_allclose(model.fold_in(likes, NOBODY), y @ user, atol=1e-5)


def test_als_is_repeatable() -> None:
    config = ALSConfig(factors=4, seed=7)
    one, other = (ALS.fit(checkerboard(), 11, config) for _ in range(2))
    np.testing.assert_array_equal(one.items, other.items)


def test_popularity_counts() -> None:
    model = Popularity.fit(interactions([[0, 1], [0]]), 3, PopularityConfig())
    np.testing.assert_allclose(model.fold_in(NOBODY, NOBODY), [np.log(3), np.log(2), -np.inf])


def test_incidence_is_who_met_what_however_often() -> None:
    x = incidence(interactions([[0, 2, 2], [1]]), 4)
    assert x.toarray().tolist() == [[1, 0, 1, 0], [0, 1, 0, 0]]


def test_incidence_leaves_low_values_out() -> None:
    assert incidence(interactions([[0]], value=2.0), 1, min_value=3.0).nnz == 0


def test_a_window_is_a_run_of_one_persons_history() -> None:
    # The second person's interactions lie between the first's in time.
    one = interactions([[0, 1, 2, 3, 4], [3, 0]])
    order = np.array([0, 5, 1, 2, 6, 3, 4])
    mixed = type(one)(one.users, one.user[order], one.row[order], one.value, one.timestamp)
    assert incidence(mixed, 5, window=2).toarray().tolist() == [
        [1, 1, 0, 0, 0],
        [0, 0, 1, 1, 0],
        [0, 0, 0, 0, 1],
        [1, 0, 0, 1, 0],
    ]


def test_nobody_gives_an_empty_model() -> None:
    empty = interactions([])
    assert not frequent(empty, 3, 1).any()
    model = EASE.fit(empty, 3, EASEConfig())
    assert (model.fold_in(np.array([0], np.int32), NOBODY) == -np.inf).all()


def test_prune_keeps_the_largest_of_either_sign() -> None:
    weights = np.array([[0.1, -0.5, 0.3], [0.2, 0.1, 0.0]], np.float32)
    kept = sparse.csr_matrix(prune(weights, 2)).toarray()
    np.testing.assert_allclose(kept, [[0, -0.5, 0.3], [0.2, 0.1, 0]])
