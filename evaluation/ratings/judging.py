"""One model with the people of one fold.

Owns: `judge`: fitting, asking, and the measures of every person. Does not own: the formulas
(`evaluation.metrics`), who is served (`evaluation.ratings.splits`), means and intervals
(`evaluation.ratings.report`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog import Catalog, Interactions
from evaluation import metrics
from evaluation.ratings.popularity import COLD, Popularity
from evaluation.ratings.predicting import Errors, errors_of
from evaluation.ratings.splits import Case, Fold
from evaluation.simulation.measures import diversity, novelty
from ranking.cf import MODELS, Training, fit_cf
from ranking.cf.model import RatingModel
from ranking.scoring import CFModel
from retrieval.query import Rows, Scores

K = 10
"""Places of a list."""
FAR = 50
ACCURACY = (
    "precision@10", "recall@10", "f1@10", "hit_rate@10", "ndcg@10", "recall@50", "map@10", "mrr",
    "auc",
)  # fmt: skip
"""How well right answers are found, in the order of reports; higher is better."""
VARIETY = ("diversity@10", "novelty@10")
"""What the lists are like: mean of 1 - cosine over pairs, and mean self-information in bits."""
CURVE = (1, 2, 5, 10, 20, 50, 100, 200, 500)
"""Places at which the recall is kept, for a plot."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A model as it takes part.

    Attributes
    ----------
    label : str
        Its name in the report.
    kind : str
        Key of `ranking.cf.MODELS`.
    config : dataclass instance, optional
        Its settings; its own defaults without.
    """

    label: str
    kind: str
    config: Any = None

    def settings(self) -> Any:  # noqa: ANN401 - the model's own settings
        """Return the settings that it is fitted with."""
        return MODELS[self.kind].config if self.config is None else self.config

    def fit(self, training: Training) -> CFModel:
        """Return the model, fitted."""
        return fit_cf(self.kind, training, self.config)


@dataclass(frozen=True, slots=True)
class Served:
    """What a model did for the people of one setting; axis 0 of every array is the person.

    Attributes
    ----------
    measures : float64 array, shape (n, len(ACCURACY) + len(VARIETY))
        NaN where not defined.
    recalls : float64 array, shape (n, len(CURVE))
        Share of the right answers up to each place.
    shown : int32 array, shape (n, K)
        The list, -1 where it is shorter.
    shown_tenth : int8 array, shape (n, K)
        How well known each of them is (`Popularity.tenth`), -1 where the list is shorter.
    tails : int64 array, shape (n,)
        How many of them are in the long tail.
    answers : float64 array, shape (n, COLD + 1)
        Right answers by how well known they are.
    gains : float64 array, shape (n, COLD + 1)
        Sum of their NDCG@10, of each as if it were the only one.
    """

    measures: NDArray[np.float64]
    recalls: NDArray[np.float64]
    shown: Rows
    shown_tenth: NDArray[np.int8]
    tails: NDArray[np.int64]
    answers: NDArray[np.float64]
    gains: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One model on one fold.

    Attributes
    ----------
    served : mapping of str to Served
        By setting.
    errors : Errors or None
        Of predicted values, where the model predicts any and the fold asks for them.
    fit_s, fold_in_ms : float
        Seconds of the fit; mean milliseconds of a fold-in.
    """

    served: Mapping[str, Served]
    errors: Errors | None
    fit_s: float
    fold_in_ms: float


def judge(
    contender: Contender, fold: Fold, catalog: Catalog, vectors: NDArray[np.float32] | None
) -> Outcome:
    """Return how `contender`, fitted on the fold's training, serves the fold's people.

    Parameters
    ----------
    catalog : Catalog
        The model sees it with the fold's training in place of its interactions.
    vectors : float32 array, shape (len(catalog), dimensions), optional
        Unit vectors of the items' texts; without them there is no `diversity@10`.
    """
    popularity = Popularity.of(fold.training, len(catalog))
    started = time.perf_counter()
    seen = _knowing_only(fold.training, catalog)
    model = contender.fit(Training(seen, fold.training, vectors))
    fit_s = time.perf_counter() - started
    spent: list[float] = []
    served = {
        setting: _serve(model, cases, popularity, vectors, spent)
        for setting, cases in fold.cases.items()
    }
    return Outcome(
        served=served,
        errors=errors_of(model, fold)
        if fold.protocol == "time" and isinstance(model, RatingModel)
        else None,
        fit_s=fit_s,
        fold_in_ms=1000 * float(np.mean(spent)) if spent else float("nan"),
    )


def rank(scores: Scores, met: Rows) -> Rows:
    """Return all rows but `met` that have a finite score, best first, ties to the lower row."""
    open_scores = np.where(np.isfinite(scores), scores, -np.inf)
    open_scores[met] = -np.inf
    order = np.argsort(-open_scores, kind="stable")
    return order[: int(np.isfinite(open_scores).sum())].astype(np.int32)


def places(ranking: Rows, n_items: int) -> NDArray[np.float64]:
    """Return the place of every row, from 1, shape (n_items,); infinite where it has none."""
    place = np.full(n_items, np.inf)
    place[ranking] = np.arange(1, len(ranking) + 1)
    return place


def accuracy(scores: Scores, ranking: Rows, case: Case) -> list[float]:
    """Return the measures named in `ACCURACY` of one person, whose `ranking` is that of `rank`."""
    top, right = ranking[:FAR].tolist(), frozenset(case.relevant.tolist())
    rivals = np.delete(np.where(np.isfinite(scores), scores, -np.inf), case.met)
    gone = np.searchsorted(np.sort(case.met), case.relevant)  # rows before each that do not compete
    return [
        metrics.precision(top, right, K),
        metrics.recall(top, right, K),
        metrics.f1(top, right, K),
        metrics.hit_rate(top, right, K),
        metrics.ndcg(top, right, K),
        metrics.recall(top, right, FAR),
        metrics.average_precision(top, right, K),
        1 / float(places(ranking, len(scores))[case.relevant].min()),
        metrics.auc(rivals, (case.relevant - gone).tolist()),
    ]


def _serve(
    model: CFModel,
    cases: Sequence[Case],
    popularity: Popularity,
    vectors: NDArray[np.float32] | None,
    spent: list[float],
) -> Served:
    nobody = np.empty(0, np.int32)
    n = len(cases)
    measures, recalls = np.empty((n, len(ACCURACY + VARIETY))), np.empty((n, len(CURVE)))
    shown = np.full((n, K), -1, np.int32)
    answers, gains = np.empty((n, COLD + 1)), np.empty((n, COLD + 1))
    for at, case in enumerate(cases):
        started = time.perf_counter()
        scores = model.fold_in(case.history, nobody)
        spent.append(time.perf_counter() - started)
        ranking = rank(scores, case.met)
        top = ranking[:K]
        shown[at, : len(top)] = top
        place = places(ranking, len(scores))[case.relevant]
        recalls[at] = (place[:, np.newaxis] <= np.array(CURVE)).mean(axis=0)
        tenth = popularity.tenth[case.relevant]
        answers[at] = np.bincount(tenth, minlength=COLD + 1)
        gains[at] = np.bincount(tenth, _gains_alone(place), minlength=COLD + 1)
        measures[at] = [
            *accuracy(scores, ranking, case),
            float("nan") if vectors is None else diversity(top.tolist(), vectors),
            novelty(top.tolist(), popularity.counts, popularity.people),
        ]
    blank = shown < 0
    return Served(
        measures=measures,
        recalls=recalls,
        shown=shown,
        shown_tenth=np.where(blank, np.int8(-1), popularity.tenth[shown]),
        tails=(popularity.tail[shown] & ~blank).sum(axis=1),
        answers=answers,
        gains=gains,
    )


def _gains_alone(place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the discounted gain of each right answer with the other ones out of its way."""
    order = np.argsort(place, kind="stable")
    alone = np.empty(len(place))
    alone[order] = place[order] - np.arange(len(place))
    return np.where(alone <= K, 1 / np.log2(alone + 1), 0.0)


def _knowing_only(training: Interactions, catalog: Catalog) -> Catalog:
    """Return `catalog` with `training` in place of its interactions."""
    counts = np.bincount(training.row, minlength=len(catalog)).astype(np.float32)
    return replace(catalog, interactions=training, popularity=counts)
