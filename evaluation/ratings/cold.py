"""Collaborative models on items that nobody met.

Owns: the protocol and its report. Does not own: the models (`ranking.cf`).

Protocol: a fifth of the items that people met is hidden, drawn at random: none of their
interactions is learned from. One person in five is held out
too. A case is a hidden item that such a person liked, and the session is the `k` liked
interactions before it with items that are not hidden. The item is ranked among all hidden items
("new"), and among all items ("all"), in each case less those that the person met at any other time.
The measure of a case that the model cannot score is 0. Intervals are over people, whose cases are
averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from catalog import Catalog, Interactions, Mask
from catalog.progress import Progress, silent
from evaluation.metrics import Interval, bootstrap
from evaluation.ratings.judging import places, rank
from ranking.cf import MODELS, Training, fit_cf
from ranking.cf.folds import fold_people
from ranking.scoring import CFModel
from retrieval.query import Rows, Scores

Fit = Callable[[Training], CFModel]

HIDDEN = 0.2
"""Share of the items that nobody meets in training."""
FOLDS = 5
LIKED = 4.0


@dataclass(frozen=True, slots=True)
class ColdResult:
    """One model on hidden items, among the hidden ones and among all."""

    model: str
    new_ndcg10: Interval
    new_recall10: Interval
    all_recall50: Interval
    all_recall200: Interval


@dataclass(frozen=True, slots=True)
class ColdReport:
    """All results, in the order of the models given."""

    seed: int
    k: int
    people: int
    cases: int
    hidden: int
    results: tuple[ColdResult, ...]

    def to_json(self) -> dict[str, object]:
        """Return the report as plain values."""
        return asdict(self)

    def to_text(self) -> str:
        """Return the report as a table."""
        lines = [
            f"{self.cases:,} likes of {self.people} people among {self.hidden:,} hidden items, "
            f"sessions of {self.k}, seed {self.seed}",
            f"{'model':<14} {'new NDCG@10':<22} {'new Recall@10':<22} "
            f"{'all Recall@50':<22} all Recall@200",
        ]
        lines += [
            f"{row.model:<14} {row.new_ndcg10!s:<22} {row.new_recall10!s:<22} "
            f"{row.all_recall50!s:<22} {row.all_recall200}"
            for row in self.results
        ]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class RandomOrder:
    """Scores that mean nothing: the floor."""

    scores: Scores

    @property
    def name(self) -> str:
        """``"random"``."""
        return "random"

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """Return the same scores whoever asks."""
        return self.scores

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        """Return zeros."""
        return np.zeros((len(rows), len(likes)), np.float32)


@dataclass(frozen=True, slots=True)
class _Case:
    user: int
    likes: Rows
    target: int
    met: Rows


def cold_models(seed: int) -> dict[str, Fit]:
    """Return the models that score items nobody met, chance, and popularity, which cannot."""

    def chance(training: Training) -> CFModel:
        scores = np.random.default_rng(seed).random(len(training.catalog), np.float32)
        return RandomOrder(scores)

    def fit(name: str) -> Fit:
        return lambda training: fit_cf(name, training)

    names = ["popularity", "content", "fm", "deepfm", "portrait", "als-text", "ease-text"]
    return {"random": chance, **{name: fit(name) for name in names if name in MODELS}}


def bench_cold(
    catalog: Catalog,
    vectors: NDArray[np.float32] | None,
    models: Mapping[str, Fit],
    seed: int = 0,
    k: int = 5,
    progress: Progress = silent,
) -> ColdReport:
    """Return how well `models` place liked items that none of them has seen anybody meet.

    Parameters
    ----------
    catalog : Catalog
        With interactions.
    vectors : float32 array, shape (len(catalog), dimensions)
        Unit vectors of the items' texts.
    models : mapping of str to callable
        Label to what fits a model.
    seed : int
        Of what is hidden, of the people held out and of the bootstrap.
    k : int
        Likes folded in.
    progress : Progress
        Told after every model.
    """
    observed = catalog.interactions
    hidden = (np.random.default_rng(seed).random(len(catalog)) < HIDDEN) & (catalog.popularity > 0)
    held = fold_people(len(observed.users), FOLDS, seed) == 0
    cases = _cases(observed, held, hidden, k)
    learned = ~(held[observed.user] | hidden[observed.row])
    training = Training(catalog, observed.kept(learned), vectors)
    results: list[ColdResult] = []
    for done, (label, fit) in enumerate(models.items(), 1):
        results.append(_result(label, fit(training), cases, hidden, seed))
        progress("benchmarking new items", done, len(models))
    people = len({case.user for case in cases})
    return ColdReport(seed, k, people, len(cases), int(hidden.sum()), tuple(results))


def _cases(observed: Interactions, held: Mask, hidden: Mask, k: int) -> list[_Case]:
    cases: list[_Case] = []
    for user in np.flatnonzero(held).tolist():
        mine = observed.user == user
        rows = observed.row[mine]
        liked = rows[observed.value[mine] >= LIKED]
        for place in np.flatnonzero(hidden[liked]).tolist():
            before = liked[:place]
            likes = before[~hidden[before]][-k:]
            if len(likes) == k:
                target = int(liked[place])
                cases.append(_Case(user, likes, target, rows[rows != target]))
    return cases


def _result(label: str, model: CFModel, cases: list[_Case], hidden: Mask, seed: int) -> ColdResult:
    nobody = np.empty(0, np.int32)
    seen = np.flatnonzero(~hidden).astype(np.int32)
    new, everywhere = np.zeros(len(cases)), np.zeros(len(cases))
    for at, case in enumerate(cases):
        scores = model.fold_in(case.likes, nobody)
        new[at] = places(rank(scores, np.append(case.met, seen)), len(scores))[case.target]
        everywhere[at] = places(rank(scores, case.met), len(scores))[case.target]
    users = np.array([case.user for case in cases])
    return ColdResult(
        label,
        _interval(np.where(new <= 10, 1 / np.log2(new + 1), 0.0), users, seed),
        _interval(new <= 10, users, seed),
        _interval(everywhere <= 50, users, seed),
        _interval(everywhere <= 200, users, seed),
    )


def _interval(values: NDArray[np.generic], users: NDArray[np.int64], seed: int) -> Interval:
    _, person = np.unique(users, return_inverse=True)
    return bootstrap(np.bincount(person, values.astype(float)) / np.bincount(person), seed)
