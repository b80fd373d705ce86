"""What every CFModel promises, whichever it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import Interactions
from ranking.cf import (
    MODELS,
    BERT4RecConfig,
    BPRConfig,
    DeepFMConfig,
    EASEConfig,
    EASETextConfig,
    EASEWindowConfig,
    FittedModel,
    FMConfig,
    ItemKNNConfig,
    LightGCNConfig,
    NARMConfig,
    NeuMFConfig,
    PortraitConfig,
    SASRecConfig,
    SLIMConfig,
    SVDConfig,
    Training,
    Updatable,
    fit_cf,
    load_cf,
    save_cf,
)
from ranking.cf.session_learning import Learning
from retrieval.query import Rows
from tests.ranking.cf.crowd import checkerboard
from tests.retrieval.shop import build_shop

ITEMS = 10
NOBODY = np.empty(0, np.int32)
CATALOG = build_shop()
FEW = Learning(steps=80, batch=32, rate=0.02)
CONFIGS = {
    "ease": EASEConfig(regularization=5.0, min_interactions=1),
    "itemknn": ItemKNNConfig(shrinkage=1.0),
    "slim": SLIMConfig(l1=0.1, l2=5.0, min_interactions=1),
    "svd": SVDConfig(factors=4, regularization=0.1, missing=0.1),
    "ease-window": EASEWindowConfig(regularization=5.0, min_interactions=1),
    "sasrec": SASRecConfig(dimensions=16, length=5, epochs=60, batch=8, min_interactions=1),
    "bert4rec": BERT4RecConfig(
        dimensions=16, length=5, epochs=60, batch=8, learning_rate=0.01, min_interactions=1
    ),
    "narm": NARMConfig(dimensions=16, length=5, epochs=60, batch=8, min_interactions=1),
    "bpr": BPRConfig(factors=8, epochs=60, batch=16, rate=0.02, min_interactions=1),
    "lightgcn": LightGCNConfig(factors=8, steps=80, batch=32, min_interactions=1),
    "neumf": NeuMFConfig(factors=8, sizes=(8,), min_interactions=1, learning=FEW),
    "fm": FMConfig(factors=8, min_interactions=1, learning=FEW),
    "deepfm": DeepFMConfig(factors=8, sizes=(8,), min_interactions=1, learning=FEW),
    "portrait": PortraitConfig(factors=8, min_interactions=1, learning=FEW),
    "ease-text": EASETextConfig(EASEConfig(regularization=5.0, min_interactions=1)),
}
"""Settings for a crowd of twenty, where the usual ones are for thousands."""
# What the texts say: the first direction is an item's kind, the others tell items apart a little.
VECTORS = np.hstack([np.ones((len(CATALOG), 1)), 0.5 * np.eye(len(CATALOG))]).astype(np.float32)
VECTORS[1::2, 0] = -1.0
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)
TRAINING = Training(CATALOG, checkerboard(), VECTORS)
DESCRIBED = frozenset({"knowledge", "fm", "deepfm", "content", "portrait", "als-text", "ease-text"})
"""Models that score items that nobody met, from what is said of them."""
SEQUENTIAL = frozenset({"ease-window", "sasrec", "bert4rec", "narm"})
"""Models that read the order of the likes."""
MARGINAL = frozenset({"bpr", "neumf", "deepfm", "portrait", "sasrec", "bert4rec", "narm", "svd"})
"""Models whose contributions are what the score loses without each like."""
UPDATED_EXACTLY = frozenset({"popularity", "itemknn", "userknn", "userknn-pearson", "ease"})
UPDATED_NEARLY = frozenset({"als"})
FITTED = {name: fit_cf(name, TRAINING, CONFIGS.get(name)) for name in MODELS}

names = st.sampled_from(sorted(MODELS))
sessions = st.lists(st.integers(0, ITEMS - 1), min_size=1, max_size=5, unique=True).map(
    lambda rows: np.array(rows, np.int32)
)


@pytest.fixture(params=sorted(MODELS))
def model(request: pytest.FixtureRequest) -> FittedModel:
    return FITTED[request.param]


def test_name_is_the_one_that_settings_use(model: FittedModel) -> None:
    assert FITTED[model.name] is model


@settings(deadline=None, max_examples=30)
@given(names, sessions)
def test_scores_every_item_and_only_known_ones(name: str, likes: Rows) -> None:
    scores = FITTED[name].fold_in(likes, NOBODY)
    assert scores.shape == (len(CATALOG),)
    assert scores.dtype == np.float32
    assert np.isfinite(scores[:ITEMS]).all()
    assert (np.isfinite(scores[ITEMS:]) == (name in DESCRIBED)).all()


@settings(deadline=None, max_examples=30)
@given(names, sessions, st.randoms(use_true_random=False))
def test_order_of_likes_does_not_matter(name: str, likes: Rows, random: object) -> None:
    if name in SEQUENTIAL:
        return
    shuffled = np.array(random.sample(likes.tolist(), len(likes)), np.int32)  # type: ignore[attr-defined]
    one, other = (FITTED[name].fold_in(rows, NOBODY) for rows in (likes, shuffled))
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


@settings(deadline=None, max_examples=30)
@given(names, sessions, st.integers(0, ITEMS - 1))
def test_contributions_are_what_is_promised(name: str, likes: Rows, row: int) -> None:
    model = FITTED[name]
    rows = np.array([row, 0, ITEMS - 1], np.int32)
    parts = model.contributions(likes, rows)
    assert parts.shape == (len(rows), len(likes))
    if name in MARGINAL:
        for at, _ in enumerate(likes):
            rest = model.fold_in(np.delete(likes, at), NOBODY)[rows]
            lost = model.fold_in(likes, NOBODY)[rows] - np.where(np.isfinite(rest), rest, 0)
            np.testing.assert_allclose(parts[:, at], lost, atol=1e-5)
        return
    scores = np.zeros(3) if name == "popularity" else model.fold_in(likes, NOBODY)[rows]
    np.testing.assert_allclose(parts.sum(axis=1), scores, atol=1e-5)


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(["ease", "itemknn", "slim"]), sessions, st.integers(0, ITEMS - 1))
def test_without_a_like_a_linear_score_falls_by_its_part(name: str, likes: Rows, row: int) -> None:
    model = FITTED[name]
    part = model.contributions(likes, np.array([row]))[0, 0]
    if len(likes) > 1:
        before, after = (model.fold_in(rows, NOBODY)[row] for rows in (likes, likes[1:]))
        assert before - after == pytest.approx(part, abs=1e-5)


def test_finds_the_one_of_its_kind(model: FittedModel) -> None:
    if model.name == "popularity":
        pytest.skip("popularity serves everybody the same")
    scores = model.fold_in(np.array([0, 2, 4, 6], np.int32), NOBODY)
    fresh = {row: scores[row] for row in (1, 3, 5, 7, 8, 9)}
    assert max(fresh, key=fresh.__getitem__) == 8


def test_a_session_of_unknown_items_says_nothing(model: FittedModel) -> None:
    scores = model.fold_in(np.array([ITEMS], np.int32), NOBODY)
    nothing = model.fold_in(NOBODY, NOBODY)
    if model.name == "popularity":
        np.testing.assert_array_equal(scores, nothing)
        return
    assert (nothing == -np.inf).all()
    if model.name not in DESCRIBED:  # there the item is not unknown
        assert (scores == -np.inf).all()


def test_asking_changes_nothing(model: FittedModel) -> None:
    likes = np.array([1, 3], np.int32)
    first = model.fold_in(likes, NOBODY)
    first[:] = 0
    again = model.fold_in(likes, NOBODY)
    assert again[:ITEMS].any()
    assert likes.tolist() == [1, 3]


def test_comes_back_from_a_file_as_it_was(model: FittedModel, tmp_path: Path) -> None:
    save_cf(model, tmp_path / "deep" / "model.npz", "stamp")
    loaded, stamp = load_cf(tmp_path / "deep" / "model.npz")
    likes = np.array([0, 5], np.int32)
    assert (loaded.name, stamp) == (model.name, "stamp")
    np.testing.assert_array_equal(loaded.fold_in(likes, NOBODY), model.fold_in(likes, NOBODY))
    assert list((tmp_path / "deep").iterdir()) == [tmp_path / "deep" / "model.npz"]


@pytest.mark.parametrize("name", sorted(UPDATED_EXACTLY | UPDATED_NEARLY))
def test_updated_is_as_fitted_on_everything(name: str) -> None:
    def part(mask: Any) -> Interactions:
        one = TRAINING.interactions
        users = [one.users[at] for at in one.user[mask]]
        return Interactions.build(users, one.row[mask], one.value[mask], one.timestamp[mask])

    config: Any = CONFIGS.get(name, MODELS[name].config)
    if name != "popularity":  # which needs to keep nothing for it
        config = replace(config, updatable=True)
    # The earliest person is new, and of the others every third interaction.
    new = (np.arange(len(TRAINING.interactions)) % 3 == 0) | (TRAINING.interactions.user == 0)
    model = fit_cf(name, Training(CATALOG, part(~new)), config)
    assert isinstance(model, Updatable)
    found: Any = model.updated(part(new))
    expected = fit_cf(name, Training(CATALOG, part(slice(None))), config)
    for likes in (np.array([0, 2], np.int32), np.array([5], np.int32)):
        one, other, stale = (m.fold_in(likes, NOBODY)[:ITEMS] for m in (found, expected, model))
        assert np.abs(stale - other).max() > 1e-3
        if name in UPDATED_EXACTLY:
            np.testing.assert_allclose(one, other, atol=1e-5)
        else:
            assert np.corrcoef(one, other)[0, 1] > 0.99
