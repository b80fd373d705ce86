"""One model's measures of one person, worked out by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log2

import numpy as np
import pytest
from numpy.typing import NDArray

from catalog import Interactions
from evaluation.ratings.judging import ACCURACY, CURVE, Contender, accuracy, judge, places, rank
from evaluation.ratings.popularity import COLD, Popularity
from evaluation.ratings.predicting import baselines, errors_of
from evaluation.ratings.splits import Case, Fold
from ranking.cf import Training
from retrieval.query import Rows, Scores
from tests.ranking.cf.crowd import interactions
from tests.retrieval.shop import build_shop

SHOP = build_shop()
ITEMS = len(SHOP)
NOTHING = np.empty(0, np.int32)
UNIT = np.eye(ITEMS, dtype=np.float32)


def rows(*numbers: int) -> Rows:
    return np.array(numbers, np.int32)


def case(relevant: Rows, met: Rows = NOTHING) -> Case:
    return Case(0, met, np.full(len(met), 5, np.float32), relevant, met, NOTHING, UNIT[0, :0])


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always the same scores, and always the same value."""

    scores: Scores
    value: float = 3.0
    name = "fixed"

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        return self.scores.copy()

    def contributions(self, likes: Rows, row: int) -> NDArray[np.float32]:
        return np.zeros(len(likes), np.float32)

    def predict_ratings(
        self, rows: Rows, values: NDArray[np.float32], wanted: Rows
    ) -> NDArray[np.float32]:
        return np.full(len(wanted), self.value, np.float32)


@dataclass(frozen=True, slots=True)
class Given(Contender):
    """A model that needs no fit, and remembers what it could have learned from."""

    model: Fixed | None = None
    seen: tuple[Training, ...] = ()

    def fit(self, training: Training) -> Fixed:
        object.__setattr__(self, "seen", (*self.seen, training))
        assert self.model
        return self.model


def descending(n: int = ITEMS) -> Scores:
    return np.arange(n, 0, -1).astype(np.float32)


def test_places_count_from_one_and_ties_go_to_the_lower_row() -> None:
    scores = np.array([5, 4, 4, 4, -np.inf, np.nan], np.float32)
    assert rank(scores, NOTHING).tolist() == [0, 1, 2, 3]
    assert places(rank(scores, NOTHING), 6).tolist() == [1, 2, 3, 4, np.inf, np.inf]
    assert places(rank(scores, rows(0, 2)), 6)[3] == 2


def test_measures_of_one_person() -> None:
    # Row r is in place r + 1; without rows 0 and 1, in place r - 1.
    scores = descending()
    met = rows(0, 1)
    values = accuracy(scores, rank(scores, met), case(rows(3, 12, 47), met))
    found = dict(zip(ACCURACY, values, strict=True))
    wrong = ITEMS - 2 - 3
    assert found == pytest.approx(
        {
            "precision@10": 1 / 10,
            "recall@10": 1 / 3,
            "f1@10": 2 / 13,
            "hit_rate@10": 1,
            "ndcg@10": (1 / log2(3)) / (1 + 1 / log2(3) + 1 / log2(4)),
            "recall@50": 1,
            "map@10": (1 / 2) / 3,
            "mrr": 1 / 2,
            # Of the wrong ones, 1 is before row 3, 9 before row 12, and all before row 47.
            "auc": (wrong - 1 + wrong - 9 + 0) / (3 * wrong),
        }
    )


def test_the_tenth_place_counts_and_the_eleventh_does_not() -> None:
    scores = descending()
    for row, inside in ((9, True), (10, False)):
        found = dict(
            zip(ACCURACY, accuracy(scores, rank(scores, NOTHING), case(rows(row))), strict=True)
        )
        assert found["hit_rate@10"] == found["recall@10"] == inside
        assert found["ndcg@10"] == pytest.approx(inside / log2(11))
        assert found["map@10"] == pytest.approx(inside / 10)
        assert found["mrr"] == pytest.approx(1 / (row + 1))


def test_what_is_not_scored_is_never_found() -> None:
    scores = descending()
    scores[5] = -np.inf
    found = accuracy(scores, rank(scores, NOTHING), case(rows(5)))
    assert found == [0.0] * len(ACCURACY)


def test_popularity_cuts_items_where_tenths_of_the_interactions_end() -> None:
    # Row 0 was met 6 times, row 1 twice, rows 2 and 3 once, the others never.
    observed = interactions([[0], [0, 1], [0, 1], [0, 2], [0, 3], [0]])
    known = Popularity.of(observed, 10)
    assert known.tenth.tolist() == [0, 6, 8, 9, *[COLD] * 6]
    assert known.tail.tolist() == [False, False, *[True] * 8]
    assert (known.people, known.counts[:4].tolist()) == (6, [6, 2, 1, 1])


def test_lists_of_all_the_people() -> None:
    observed = interactions([[0], [0], [0, 1]])
    cases = (case(rows(1, 2), rows(0)), case(rows(20)))
    fold = Fold("time", observed, {"all": cases})
    model = Given("fixed", "popularity", model=Fixed(descending()))
    outcome = judge(model, fold, SHOP, UNIT)
    served = outcome.served["all"]
    assert served.shown.tolist() == [list(range(1, 11)), list(range(10))]
    # The head is the first 10 rows of 48: row 10 is in the long tail.
    assert served.tails.tolist() == [1, 0]
    # 4 interactions: row 0 is in the first tenth, row 1 in the eighth; the others are cold.
    assert served.shown_tenth[1].tolist() == [0, 7, *[COLD] * 8]
    assert served.answers[0].nonzero()[0].tolist() == [7, COLD]
    # Each in the first place, once the other one is out of the way.
    assert served.gains[0][[7, COLD]].tolist() == [1, 1]
    assert served.gains[1].sum() == 0
    assert served.recalls[0].tolist() == [0.5, *[1.0] * (len(CURVE) - 1)]
    diversity, novelty = served.measures[1, len(ACCURACY) :]
    assert diversity == 1  # orthogonal vectors
    # Four in four met row 0, two in four row 1 and one in four the others, one added to each.
    assert novelty == pytest.approx((0 + 1 + 8 * 2) / 10)


def test_a_model_that_scores_nothing_shows_nothing() -> None:
    fold = Fold("sessions", interactions([[0]]), {"k=1": (case(rows(1)),)})
    mute = Given("mute", "popularity", model=Fixed(np.full(ITEMS, -np.inf, np.float32)))
    served = judge(mute, fold, SHOP, None).served["k=1"]
    assert (served.shown == -1).all()
    found = served.measures[0, : len(ACCURACY)]
    assert found[ACCURACY.index("auc")] == 0.5  # all tie
    assert found.sum() == 0.5
    assert np.isnan(served.measures[0, len(ACCURACY) :]).all()


def test_a_model_sees_the_training_alone() -> None:
    observed = interactions([[0, 1], [1]])
    model = Given("fixed", "popularity", model=Fixed(descending()))
    judge(model, Fold("time", observed, {"all": (case(rows(4)),)}), SHOP, UNIT)
    (training,) = model.seen
    assert training.catalog.interactions is training.interactions is observed
    assert training.catalog.popularity[:3].tolist() == [1, 2, 0]
    assert training.vectors is UNIT


def valued() -> Interactions:
    observed = interactions([[0, 1], [0, 2]])
    return replace(observed, value=np.array([5, 2, 4, 1], np.float32))


def test_errors_of_predicted_values() -> None:
    one = replace(case(rows(4)), later=rows(4, 5), later_values=np.array([4, 1], np.float32))
    two = replace(case(rows(6)), later=rows(6), later_values=np.array([5], np.float32))
    fold = Fold("time", valued(), {"all": (one, two)})
    errors = errors_of(Fixed(descending(), value=2.0), fold)
    assert (errors.absolute.tolist(), errors.squared.tolist()) == ([3, 3], [5, 9])
    assert errors.counts.tolist() == [2, 1]
    # 9 is cut to the largest value that was learned from.
    assert errors_of(Fixed(descending(), value=9.0), fold).absolute.tolist() == [5, 0]


def test_baselines_predict_means_and_offsets() -> None:
    found = baselines(valued(), ITEMS)
    history, given = rows(0), np.array([5], np.float32)
    wanted = rows(0, 1, 40)
    predicted = {name: one.predict_ratings(history, given, wanted) for name, one in found.items()}
    assert predicted["global mean"].tolist() == [3, 3, 3]
    assert predicted["item mean"].tolist() == [4.5, 2, 3]
    # Row 0 is 3 above the mean in 2 values, row 1 one below in 1: shrunk by 25. The person is
    # what is left of 5, shrunk by 10.
    first, second = 3 / 27, -1 / 26
    person = (5 - 3 - first) / 11
    assert predicted["biases"] == pytest.approx(
        [3 + first + person, 3 + second + person, 3 + person]
    )
