"""Items that nobody met, completed from what is said of them."""

from __future__ import annotations

import numpy as np
import pytest

from catalog import Catalog
from evaluation.ratings.cold import bench_cold, cold_models
from ranking.cf import (
    ALS,
    EASE,
    ALSConfig,
    ALSText,
    ALSTextConfig,
    EASEConfig,
    EASEText,
    EASETextConfig,
    Training,
)
from ranking.cf.coldstart import TextToCF, TextToCFConfig
from tests.ranking.cf.crowd import checkerboard, interactions
from tests.retrieval.shop import build_shop

NOBODY = np.empty(0, np.int32)
CATALOG = build_shop()
EVEN = np.arange(len(CATALOG)) % 2 == 0
TEXTS = np.where(EVEN[:, np.newaxis], [[1.0, 0.0]], [[0.0, 1.0]]).astype(np.float32)
"""All that a text says is whether the item is of the even or of the odd kind."""
TRAINING = Training(CATALOG, checkerboard(), TEXTS)
BARE = TextToCFConfig(regularization=1.0, facets=0.0, min_interactions=1)
ALS_CONFIG = ALSConfig(factors=4, min_interactions=1, regularization=1.0)
EASE_CONFIG = EASEConfig(regularization=5.0, min_interactions=1)


def test_the_map_is_a_weighted_ridge_regression() -> None:
    rng = np.random.default_rng(0)
    met = interactions([[0, 1, 2, 3], [0, 1], [0, 1], [0]])
    texts = rng.normal(size=(len(CATALOG), 3)).astype(np.float32)
    known = np.arange(len(CATALOG)) < 4
    vectors = rng.normal(size=(4, 2)).astype(np.float32)
    text = TextToCF.fit(Training(CATALOG, met, texts), vectors, known, BARE, "test")
    x, root = texts[:4], np.sqrt(np.sqrt([4.0, 3.0, 1.0, 1.0]))[:, np.newaxis]
    # The same problem as plain least squares: scaled rows, and one more for each coefficient.
    left = np.vstack([root * x, np.eye(3)])
    right = np.vstack([root * (vectors - vectors.mean(axis=0)), np.zeros((3, 2))])
    expected = np.linalg.lstsq(left, right, rcond=None)[0]
    np.testing.assert_allclose(text.coefficients[:3], expected, atol=1e-4)
    everything = np.ones(len(CATALOG), np.bool_)
    np.testing.assert_allclose(
        text.predict(everything), texts @ expected + vectors.mean(axis=0), atol=1e-4
    )


def test_facets_say_what_texts_leave_out() -> None:
    # The shop's even rows are red, its odd ones blue; the texts are all the same.
    same = Training(CATALOG, checkerboard(), np.ones((len(CATALOG), 1), np.float32))
    config = TextToCFConfig(regularization=1.0, facets=1.0, min_interactions=1)
    model = ALSText.fit_text(same, ALSTextConfig(ALS_CONFIG, config))
    scores = model.fold_in(np.array([0, 2], np.int32), NOBODY)
    assert scores[10:][EVEN[10:]].min() > scores[10:][~EVEN[10:]].max()


@pytest.mark.parametrize("name", ["als-text", "ease-text"])
def test_new_items_go_to_those_who_like_their_kind(name: str) -> None:
    model = (
        ALSText.fit_text(TRAINING, ALSTextConfig(ALS_CONFIG, BARE))
        if name == "als-text"
        else EASEText.fit_text(TRAINING, EASETextConfig(EASE_CONFIG, BARE))
    )
    scores = model.fold_in(np.array([1, 3], np.int32), NOBODY)
    assert scores[10:][~EVEN[10:]].min() > scores[10:][EVEN[10:]].max()
    parts = model.contributions(np.array([1, 3], np.int32), np.array([41]))[0]
    assert parts.sum() == pytest.approx(scores[41], abs=1e-5)


def test_items_that_were_met_keep_their_own_vectors() -> None:
    n_items = len(CATALOG)
    plain = ALS.fit(checkerboard(), n_items, ALS_CONFIG)
    completed = ALSText.fit_text(TRAINING, ALSTextConfig(ALS_CONFIG, BARE))
    np.testing.assert_array_equal(completed.items[:10], plain.items[:10])
    ease = EASE.fit(checkerboard(), n_items, EASE_CONFIG)
    eased = EASEText.fit_text(TRAINING, EASETextConfig(EASE_CONFIG, BARE))
    likes = np.array([0, 3], np.int32)
    scores, before = (model.fold_in(likes, NOBODY) for model in (eased, ease))
    np.testing.assert_allclose(scores[:10], before[:10], atol=1e-6)


def test_a_new_item_speaks_as_a_like() -> None:
    model = ALSText.fit_text(TRAINING, ALSTextConfig(ALS_CONFIG, BARE))
    scores = model.fold_in(np.array([20], np.int32), NOBODY)
    assert scores[:10][EVEN[:10]].min() > scores[:10][~EVEN[:10]].max()


def test_to_ease_a_new_item_says_nothing_as_a_like() -> None:
    model = EASEText.fit_text(TRAINING, EASETextConfig(EASE_CONFIG, BARE))
    new, both, old = (
        model.fold_in(np.array(rows, np.int32), NOBODY) for rows in ([20], [20, 1], [1])
    )
    assert (new == -np.inf).all()
    np.testing.assert_array_equal(both, old)


def crowd() -> Catalog:
    """Sixty people who met ten of the shop's items of one kind each, in random order."""
    rng = np.random.default_rng(3)
    rows = np.arange(len(CATALOG))
    histories = [rng.permutation(rows[rows % 2 == user % 2])[:12].tolist() for user in range(60)]
    return Catalog.build(CATALOG.schema, CATALOG.items, interactions(histories))


def test_the_benchmark_tells_who_reads_from_who_guesses() -> None:
    models = {name: cold_models(0)[name] for name in ("random", "popularity", "content")}
    models["als-text"] = lambda training: ALSText.fit_text(
        training, ALSTextConfig(ALS_CONFIG, BARE)
    )
    report = bench_cold(crowd(), TEXTS, models, seed=0, k=2)
    by = {row.model: row for row in report.results}
    assert report.cases > 10
    assert by["popularity"].all_recall200.mean == 0
    assert by["als-text"].new_ndcg10.mean > by["random"].new_ndcg10.mean
    assert by["content"].new_ndcg10.mean > by["random"].new_ndcg10.mean
    assert "als-text" in report.to_text()
    assert report.to_json()["seed"] == 0
