"""People as neighbours, against an independent computation of their definitions."""

from __future__ import annotations

import numpy as np
import pytest

from catalog import Interactions
from ranking.cf import PearsonKNN, RatingModel, UserKNN, UserKNNConfig
from ranking.cf.matrix import ratings
from tests.ranking.cf.crowd import interactions

NOBODY = np.empty(0, np.int32)
MIXED = interactions([[0, 1, 2], [0, 1], [1, 2, 3], [0, 3], [2, 3, 1], [0, 1, 3, 2]])
MET = np.zeros((6, 5))
MET[MIXED.user, MIXED.row] = 1
ALL = UserKNNConfig(neighbours=0)


def rated(table: list[list[float]]) -> Interactions:
    """Row by row what each person gave to items 0, 1 ...; 0 where nothing."""
    cells = [(u, row, v) for u, values in enumerate(table) for row, v in enumerate(values) if v]
    user, row, value = zip(*cells, strict=True)
    return Interactions.build(
        [f"person {u}" for u in user],
        np.array(row, np.int32),
        np.array(value, np.float32),
        np.arange(len(cells)),
    )


TASTES = rated([[5, 4, 1, 1, 5, 0], [4, 5, 2, 1, 5, 0], [1, 2, 5, 4, 1, 0], [2, 1, 4, 5, 1, 3]])


def test_cosine_is_between_the_session_and_a_history() -> None:
    likes = np.array([0, 2], np.int32)
    session = np.isin(np.arange(5), likes).astype(float)
    sizes = np.linalg.norm(MET, axis=1) * np.linalg.norm(session)
    expected = (MET @ session / sizes) @ MET
    found = UserKNN.fit(MIXED, 5, ALL).fold_in(likes, NOBODY)
    np.testing.assert_allclose(found[:4], expected[:4], rtol=1e-5)
    assert found[4] == -np.inf


def test_pearson_is_the_correlation_of_met_or_not() -> None:
    likes = np.array([0, 2], np.int32)
    session = np.isin(np.arange(4), likes)
    # Person 5 met all of the items: nothing to correlate.
    correlations = [np.corrcoef(met, session)[0, 1] for met in MET[:5, :4]]
    expected = np.maximum(correlations, 0) @ MET[:5]
    found = PearsonKNN.fit(MIXED, 5, ALL).fold_in(likes, NOBODY)
    np.testing.assert_allclose(found[:4], expected[:4], rtol=1e-5, atol=1e-6)


def test_only_the_nearest_count() -> None:
    # Person 1 met nothing but the session.
    model = UserKNN.fit(MIXED, 5, UserKNNConfig(neighbours=1))
    scores = model.fold_in(np.array([0, 1], np.int32), NOBODY)
    np.testing.assert_allclose(scores[:4], [1, 1, 0, 0], atol=1e-6)


@pytest.mark.parametrize("kind", [UserKNN, PearsonKNN])
def test_contributions_pass_over_likes_that_are_not_known(kind: type[UserKNN]) -> None:
    model = kind.fit(MIXED, 5, ALL)
    parts = model.contributions(np.array([4, 0, 2], np.int32), np.arange(4))
    assert (parts[:, 0] == 0).all()
    heard = model.contributions(np.array([0, 2], np.int32), np.arange(4))
    np.testing.assert_allclose(parts[:, 1:], heard)


@pytest.mark.parametrize("kind", [UserKNN, PearsonKNN])
def test_contributions_are_parts_of_the_item_that_they_are_asked_for(kind: type[UserKNN]) -> None:
    model, likes = kind.fit(MIXED, 5, ALL), np.array([0, 2], np.int32)
    scores = model.fold_in(likes, NOBODY)
    sums = model.contributions(likes, np.arange(4)).sum(axis=1)
    np.testing.assert_allclose(sums, scores[:4], rtol=1e-5, atol=1e-6)
    assert len(set(np.round(sums, 4))) > 1


def test_items_too_rare_to_be_known_are_no_part_of_a_history() -> None:
    rare = interactions([[0, 1, 4], [0, 1], [1, 2], [2, 0]])
    model = UserKNN.fit(rare, 5, UserKNNConfig(min_interactions=2))
    assert model.known.tolist() == [True, True, True, False, False]
    assert model.met.sum(axis=1).ravel().tolist() == [[2, 2, 2, 2]]


def test_histories_have_no_names() -> None:
    arrays = PearsonKNN.fit(MIXED, 5, ALL).arrays()
    assert not [key for key, array in arrays.items() if b"person" in array.tobytes()]


def test_min_value_keeps_an_item_from_being_met_and_not_from_being_rated() -> None:
    model = PearsonKNN.fit(TASTES, 6, UserKNNConfig(min_value=3.0))
    assert model.met[0].indices.tolist() == [0, 1, 4]
    assert model.raters.rest[0].indices.tolist() == [0, 1, 2, 3, 4]


def test_a_rating_follows_those_who_agree() -> None:
    model = PearsonKNN.fit(TASTES, 6, UserKNNConfig(shrinkage=0.5, significance=2))
    assert isinstance(model, RatingModel)
    rows, wanted = np.array([0, 2, 3], np.int32), np.array([1, 4], np.int32)
    like_the_first = model.predict_ratings(rows, np.array([5, 1, 1], np.float32), wanted)
    like_the_last = model.predict_ratings(rows, np.array([1, 5, 5], np.float32), wanted)
    assert (like_the_first > 3.3).all()
    assert (like_the_last < 2.7).all()


def test_a_rating_is_the_usual_one_and_the_weighted_rest_of_the_others() -> None:
    raters = PearsonKNN.fit(TASTES, 6, UserKNNConfig(shrinkage=1.0, significance=4)).raters
    rows, values = np.array([0, 1, 2], np.int32), np.array([5, 3, 2], np.float32)
    own = (values - raters.mean - raters.items[rows]).sum() / (3 + 1.0)
    mine = values - raters.mean - raters.items[rows] - own
    rest = raters.rest.toarray()
    theirs = rest[:, rows]
    cosine = theirs @ mine / np.linalg.norm(theirs, axis=1) / np.linalg.norm(mine)
    similarity = cosine * 3 / 4  # three items in common, four are trusted
    expected = raters.mean + own + raters.items[4]
    expected += similarity @ rest[:, 4] / (np.abs(similarity).sum() + 1.0)
    found = raters.predict(rows, values, np.array([4], np.int32))
    np.testing.assert_allclose(found, [expected], rtol=1e-5)


def test_someone_without_ratings_gets_the_usual_ones() -> None:
    raters = PearsonKNN.fit(TASTES, 7, UserKNNConfig()).raters
    found = raters.predict(NOBODY, np.empty(0, np.float32), np.arange(7, dtype=np.int32))
    np.testing.assert_allclose(found, raters.mean + raters.items, rtol=1e-6)
    assert found[6] == pytest.approx(TASTES.value.mean())  # rated by nobody


def test_the_latest_rating_of_an_item_counts() -> None:
    twice = interactions([[0, 1, 0]])
    value = np.array([1.0, 0.0, 4.0], np.float32)
    again = Interactions(twice.users, twice.user, twice.row, value, twice.timestamp)
    matrix = ratings(again, 3)
    assert matrix.nnz == 2  # the rating of 0 is one
    assert matrix.toarray().tolist() == [[4.0, 0.0, 0.0]]
