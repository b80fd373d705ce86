"""Matrix factorisation of ratings."""

from __future__ import annotations

import numpy as np
import pytest

from catalog import Interactions
from ranking.cf import SVD, RatingModel, SVDConfig
from tests.ranking.cf.crowd import interactions

NOBODY = np.empty(0, np.int32)
CONFIG = SVDConfig(factors=3, regularization=0.5, bias_regularization=0.2, sweeps=20)


def crowd(seed: int = 5, people: int = 60, items: int = 20) -> tuple[Interactions, np.ndarray]:
    """Ratings of two kinds of taste, some 60% of them known, and all of them."""
    rng = np.random.default_rng(seed)
    taste, kind = rng.choice([-1, 1], people), rng.choice([-1, 1], items)
    table = 3 + np.outer(taste, kind) + rng.normal(0, 0.4, items) + rng.normal(0, 0.1, (people, 1))
    user, row = np.nonzero(rng.random(table.shape) < 0.6)
    seen = Interactions(
        users=tuple(f"person {at}" for at in range(people)),
        user=user.astype(np.int32),
        row=row.astype(np.int32),
        value=table[user, row].astype(np.float32),
        timestamp=np.arange(len(user)),
    )
    return seen, table


def loss(model: SVD, likes: np.ndarray, person: np.ndarray) -> float:
    """The penalised squares of the bias and vector of someone who likes `likes`."""
    expected = model.mean + person[0] + model.items[:, 0] + model.items[:, 1:] @ person[1:]
    weight, target = np.full(len(expected), model.missing), np.zeros(len(expected))
    weight[likes], target[likes] = 1.0, model.like
    return weight @ (target - expected) ** 2 + model.penalty @ person**2


@pytest.mark.parametrize("missing", [0.0, 0.1])
def test_folding_in_is_the_ridge_regression_on_the_likes(missing: float) -> None:
    seen, _ = crowd()
    config = SVDConfig(factors=3, regularization=0.5, missing=missing)
    model = SVD.fit(seen, 20, config)
    likes = np.array([4, 0, 7], np.int32)
    expected = model.fold_in(likes, NOBODY).astype(float)
    design = np.c_[np.ones(20), model.items[:, 1:]]
    person = np.linalg.lstsq(design, expected - model.mean - model.items[:, 0])[0]
    best = loss(model, likes, person)
    for step in np.vstack([np.eye(4), -np.eye(4)]) * 0.01:
        assert loss(model, likes, person + step) > best


def test_predicts_what_was_held_back_better_than_the_means() -> None:
    seen, table = crowd()
    model = SVD.fit(seen, 20, CONFIG)
    given, held = np.arange(10, dtype=np.int32), np.arange(10, 20, dtype=np.int32)
    # People whom the model has not seen, of the same two tastes.
    taste = table[:6].astype(np.float32)
    found = np.array([model.predict_ratings(given, mine[given], held) for mine in taste])
    means = np.bincount(seen.row, seen.value, 20) / np.bincount(seen.row, minlength=20)
    error, usual = (np.abs(guess - taste[:, held]).mean() for guess in (found, means[held]))
    assert error < 0.3 < 0.7 < usual


def test_the_sweeps_settle() -> None:
    seen, _ = crowd()
    short, long = (SVD.fit(seen, 20, SVDConfig(factors=2, sweeps=n)) for n in (60, 61))
    np.testing.assert_allclose(short.items, long.items, atol=1e-3)


def test_predictions_stay_on_the_scale_and_know_nobody_else() -> None:
    seen, _ = crowd()
    model = SVD.fit(seen, 22, CONFIG)
    assert isinstance(model, RatingModel)
    rows = np.arange(20, dtype=np.int32)
    high = np.full(20, 9.0, np.float32)
    found = model.predict_ratings(rows, high, np.array([0, 20], np.int32))
    assert found[0] == seen.value.max()
    assert np.isfinite(found[1])
    nothing = model.predict_ratings(NOBODY, np.empty(0, np.float32), np.array([3, 21], np.int32))
    np.testing.assert_allclose(nothing, [model.mean + model.items[3, 0], model.mean], rtol=1e-6)


def test_missing_ratings_are_what_ranks_by_what_people_choose() -> None:
    # Everything has the same rating: only what was chosen differs.
    chosen = interactions([[0, 1, 2], [0, 1], [1, 2, 0], [3, 4, 5], [4, 5], [5, 3]])
    likes = np.array([0, 1], np.int32)
    blind = SVD.fit(chosen, 6, SVDConfig(factors=2)).fold_in(likes, NOBODY)
    np.testing.assert_allclose(blind, 5.0, atol=1e-5)
    config = SVDConfig(factors=2, regularization=0.1, missing=0.2)
    scores = SVD.fit(chosen, 6, config).fold_in(likes, NOBODY)
    assert scores[2] > scores[3:].max() + 1


def test_is_repeatable_and_seeded() -> None:
    seen, _ = crowd()
    one, other = (SVD.fit(seen, 20, SVDConfig(seed=3, sweeps=2)).items for _ in range(2))
    np.testing.assert_array_equal(one, other)
    assert (one != SVD.fit(seen, 20, SVDConfig(seed=4, sweeps=2)).items).any()


def test_without_ratings_there_is_a_model_of_nothing() -> None:
    model = SVD.fit(interactions([]), 3, CONFIG)
    everything = np.arange(3, dtype=np.int32)
    assert not model.predict_ratings(NOBODY, np.empty(0, np.float32), everything).any()
    assert (model.fold_in(np.array([0], np.int32), NOBODY) == -np.inf).all()
