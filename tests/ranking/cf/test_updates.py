"""A model with new interactions counted in, against a fit on everything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from catalog import Interactions
from catalog.errors import ModelError
from ranking.cf import (
    ALS,
    EASE,
    ALSConfig,
    EASEConfig,
    ItemKNN,
    ItemKNNConfig,
    PearsonKNN,
    Popularity,
    PopularityConfig,
    UserKNN,
    UserKNNConfig,
    load_cf,
    save_cf,
)
from ranking.cf import ease as ease_module
from ranking.cf.history import History
from ranking.cf.matrix import incidence

ITEMS = 120
NOBODY = np.empty(0, np.int32)
RNG = np.random.default_rng(11)
EASE_CONFIG = EASEConfig(regularization=5.0, min_interactions=3, top=0, updatable=True)
KNN_CONFIG = UserKNNConfig(updatable=True)
ALS_CONFIG = ALSConfig(factors=8, regularization=2.0, updatable=True)


def taken(first: int, last: int) -> Interactions:
    """From the one to the other, in time, of what 40 people met."""
    users = [f"person {user}" for user in USERS[first:last]]
    return Interactions.build(users, ROWS[first:last], VALUES[first:last], TIMES[first:last])


# Some items are rare, some times are the same, and some people meet an item twice.
USERS = RNG.integers(0, 40, 900)
ROWS = (ITEMS * RNG.random(900) ** 2).astype(np.int32)
VALUES = RNG.integers(1, 6, 900).astype(np.float32)
TIMES = np.sort(RNG.integers(0, 400, 900))
BEGUN = 700
EVERYTHING = taken(0, 900)

EXACT: list[tuple[Any, Any]] = [
    (Popularity, PopularityConfig(min_value=3.0)),
    (ItemKNN, ItemKNNConfig(window=4, updatable=True)),
    (UserKNN, KNN_CONFIG),
    (PearsonKNN, replace(KNN_CONFIG, min_value=2.0)),
    (EASE, EASE_CONFIG),
    (EASE, replace(EASE_CONFIG, window=4, min_value=2.0)),
]


def assert_same(one: Any, other: Any, tolerance: float) -> None:
    found, expected = one.arrays(), other.arrays()
    assert found.keys() == expected.keys()
    for key, array in expected.items():
        if array.dtype.kind == "f":
            np.testing.assert_allclose(found[key], array, atol=tolerance, err_msg=key)
        else:
            np.testing.assert_array_equal(found[key], array, err_msg=key)


@pytest.mark.parametrize(("kind", "config"), EXACT)
def test_updated_in_steps_is_fitted_on_everything(kind: Any, config: Any) -> None:
    first = kind.fit(taken(0, BEGUN), ITEMS, config)
    before = {key: array.copy() for key, array in first.arrays().items()}
    model = first
    for step in range(BEGUN, 900, 50):
        model = model.updated(taken(step, step + 50))
    assert_same(model, kind.fit(EVERYTHING, ITEMS, config), 1e-5)
    for key, array in first.arrays().items():
        np.testing.assert_array_equal(array, before[key], err_msg="the first one stays")


@pytest.mark.parametrize(("window", "people"), [(0, 1), (0, 2), (3, 1)])
def test_a_few_people_change_ease_without_another_inversion(
    window: int, people: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = replace(EASE_CONFIG, window=window)
    model = EASE.fit(taken(0, 850), ITEMS, config)
    # One who is known, with an item that is known and one that becomes so, and one who is new.
    counts = np.bincount(ROWS[:850], minlength=ITEMS)
    rows = [int(np.flatnonzero(counts == 2)[0]), int(counts.argmax()), int(counts.argmax())]
    users = ["person 0", "person 0", "new"][: people + 1]
    more = columns(users, rows[: people + 1])
    everything = columns(
        [f"person {user}" for user in USERS[:850]] + users,
        [*ROWS[:850].tolist(), *rows[: people + 1]],
        TIMES[:850].tolist() + [500] * len(users),
    )
    expected = EASE.fit(everything, ITEMS, config)
    with monkeypatch.context() as patch:
        patch.setattr(ease_module, "LOW_RANK", 1.0)
        patch.delattr(ease_module, "_inverse")  # it would raise NameError
        found = model.updated(more)
    assert found.known.sum() == model.known.sum() + 1
    np.testing.assert_allclose(found.weights.toarray(), expected.weights.toarray(), atol=1e-5)
    assert found.inverse is not None
    assert expected.inverse is not None
    np.testing.assert_allclose(found.inverse, expected.inverse, atol=1e-5)


def test_ease_does_not_drift() -> None:
    model = EASE.fit(taken(0, 800), ITEMS, EASE_CONFIG)
    for step in range(800, 900):
        model = model.updated(taken(step, step + 1))
    assert_same(model, EASE.fit(EVERYTHING, ITEMS, EASE_CONFIG), 2e-5)


def test_als_comes_as_low_as_a_fit() -> None:
    x = incidence(EVERYTHING, ITEMS).toarray()
    first = ALS.fit(taken(0, BEGUN), ITEMS, ALS_CONFIG)
    updated, fitted = first.updated(taken(BEGUN, 900)), ALS.fit(EVERYTHING, ITEMS, ALS_CONFIG)
    assert (updated.known == fitted.known).all()
    assert updated.known.sum() > first.known.sum()
    stale, found, best = (loss(model.items, x) for model in (first, updated, fitted))
    assert found < best * 1.01
    assert found < stale - (stale - best) * 0.8


def loss(items: np.ndarray, x: np.ndarray) -> float:
    """Hu, Koren and Volinsky's objective where every person has the best vector."""
    total = ALS_CONFIG.regularization * (items**2).sum()
    for met in x:
        confidence = 1 + ALS_CONFIG.alpha * met
        system = (items.T * confidence) @ items + ALS_CONFIG.regularization * np.eye(8)
        person = np.linalg.solve(system, items.T @ (confidence * met))
        total += confidence @ (met - items @ person) ** 2
        total += ALS_CONFIG.regularization * person @ person
    return float(total)


@pytest.mark.parametrize(("kind", "config"), [*EXACT[1:], (ALS, ALS_CONFIG)])
def test_what_was_fitted_to_stay_says_so(kind: Any, config: Any) -> None:
    model = kind.fit(taken(0, 100), ITEMS, replace(config, updatable=False))
    with pytest.raises(ModelError, match="fit it with updatable=True"):
        model.updated(taken(100, 200))
    assert not [key for key in model.arrays() if key.startswith("past")]


@pytest.mark.parametrize(("kind", "config"), [*EXACT, (ALS, ALS_CONFIG)])
def test_a_model_from_a_file_is_updated_alike(
    kind: Any,
    config: Any,
    tmp_path: Path,
) -> None:
    model = kind.fit(taken(0, BEGUN), ITEMS, config)
    save_cf(model, tmp_path / "model.npz", "stamp")
    loaded: Any = load_cf(tmp_path / "model.npz")[0]
    more = taken(BEGUN, 750)
    assert_same(loaded.updated(more), model.updated(more), 1e-5)


def test_a_history_has_pseudonyms_for_those_who_are_in_it() -> None:
    seen = taken(0, 50)
    named = replace(seen, users=(*seen.users, "nobody"))
    past = History.of(named, KNN_CONFIG)
    assert len(past.interactions.users) == len(seen.users)
    assert not set(past.interactions.users) & set(named.users)
    np.testing.assert_array_equal(past.interactions.row, seen.row)


def columns(users: list[str], rows: list[int], times: list[int] | None = None) -> Interactions:
    when = np.array([500] * len(users) if times is None else times)
    values = np.full(len(users), 4, np.float32)
    return Interactions.build(users, np.array(rows, np.int32), values, when)
