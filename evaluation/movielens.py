"""Collaborative models on short anonymous sessions of MovieLens.

Owns: the protocol and its report. Does not own: the models (`ranking.cf`).

Protocol: the people are cut at random into five folds; each fold is scored by models fitted on the
other four, so nobody is known to the model that serves them. A person's target is the last
interaction that they liked (value of at least 4); the session is the `k` liked interactions before
it, folded in oldest first. All items compete, except those that the person met at any other time.
The measure of a person whose target the model cannot score is 0.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from catalog import Catalog, Interactions
from catalog.progress import Progress, silent
from evaluation.metrics import Interval, bootstrap
from ranking.cf import EASEConfig, Training, fit_cf
from ranking.cf.folds import fold_people, without
from ranking.scoring import CFModel
from retrieval.query import Rows

Fit = Callable[[Interactions], CFModel]

FOLDS = 5
LIKED = 4.0
SESSIONS = (1, 3, 5)


@dataclass(frozen=True, slots=True)
class Result:
    """One model on sessions of one length.

    Attributes
    ----------
    model : str
        Label.
    k : int
        Likes folded in.
    ndcg10, recall10, recall50, mrr : Interval
        Over people; `mrr` over the full ranking.
    """

    model: str
    k: int
    ndcg10: Interval
    recall10: Interval
    recall50: Interval
    mrr: Interval


@dataclass(frozen=True, slots=True)
class Cost:
    """What a model costs: mean seconds of one fit, mean milliseconds of one fold-in."""

    model: str
    fit_s: float
    score_ms: float


@dataclass(frozen=True, slots=True)
class MovieLensReport:
    """All results, in the order of the models given, shortest sessions first."""

    seed: int
    people: int
    items: int
    results: tuple[Result, ...]
    costs: tuple[Cost, ...]

    def to_json(self) -> dict[str, object]:
        """Return the report as plain values."""
        return asdict(self)

    def to_text(self) -> str:
        """Return the report as a table."""
        lines = [
            f"MovieLens, {self.people} people, {self.items:,} items, seed {self.seed}",
            f"{'model':<24} k  {'NDCG@10':<22} {'Recall@10':<22} {'Recall@50':<22} fit s  score ms",
        ]
        costs = {cost.model: cost for cost in self.costs}
        for row in self.results:
            cost = costs[row.model]
            lines.append(
                f"{row.model:<24} {row.k}  {row.ndcg10!s:<22} {row.recall10!s:<22} "
                f"{row.recall50!s:<22} {cost.fit_s:5.2f}  {cost.score_ms:8.2f}"
            )
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Case:
    """One held-out person: what they liked in order, what comes next, what they met besides."""

    likes: Rows
    target: int
    met: Rows


@dataclass(slots=True)
class _Tally:
    fit_s: list[float] = field(default_factory=list[float])
    score_ms: list[float] = field(default_factory=list[float])
    ranks: dict[int, list[float]] = field(default_factory=dict[int, list[float]])


def standard_models(catalog: Catalog) -> dict[str, Fit]:
    """Return every model of `ranking.cf` as it comes, and EASE over short stretches of history."""

    def fit(name: str, config: EASEConfig | None = None) -> Fit:
        return lambda interactions: fit_cf(name, Training(catalog, interactions), config)

    models = {name: fit(name) for name in ("popularity", "itemknn", "als", "ease")}
    windowed = EASEConfig(regularization=400.0, window=20)
    models["ease (windows of 20)"] = fit("ease", windowed)
    return models


def bench_movielens(
    catalog: Catalog,
    models: Mapping[str, Fit],
    seed: int = 0,
    sessions: Sequence[int] = SESSIONS,
    progress: Progress = silent,
) -> MovieLensReport:
    """Return how well `models` find the next liked item of people they have never seen.

    Parameters
    ----------
    catalog : Catalog
        With interactions.
    models : mapping of str to callable
        Label to what fits a model on the interactions given.
    seed : int
        Of the folds and of the bootstrap.
    sessions : sequence of int
        Numbers of likes to fold in.
    progress : Progress
        Told after every fit.
    """
    folds = fold_people(len(catalog.interactions.users), FOLDS, seed)
    tallies = {label: _Tally() for label in models}
    people = 0
    for fold in range(FOLDS):
        cases = held_out_cases(catalog.interactions, folds == fold, max(sessions))
        people += len(cases)
        rest = without(catalog.interactions, folds == fold)
        for at, (label, fit) in enumerate(models.items()):
            _score_fold(fit, rest, cases, sessions, tallies[label])
            progress(
                "benchmarking collaborative models",
                fold * len(models) + at + 1,
                FOLDS * len(models),
            )
    return MovieLensReport(
        seed=seed,
        people=people,
        items=len(catalog),
        results=tuple(
            _result(label, k, np.array(tally.ranks[k]), seed)
            for label, tally in tallies.items()
            for k in sessions
        ),
        costs=tuple(
            Cost(label, float(np.mean(tally.fit_s)), float(np.mean(tally.score_ms)))
            for label, tally in tallies.items()
        ),
    )


def held_out_cases(
    interactions: Interactions, users: NDArray[np.bool_], longest: int
) -> tuple[Case, ...]:
    """Return a case for each of `users` with more than `longest` liked interactions.

    The same people are in every session length, so that lengths can be compared.
    """
    cases: list[Case] = []
    for user in np.flatnonzero(users):
        mine = interactions.user == user
        rows = interactions.row[mine]
        liked = rows[interactions.value[mine] >= LIKED]
        if len(liked) > longest:
            target = int(liked[-1])
            cases.append(Case(liked[:-1], target, rows[rows != target]))
    return tuple(cases)


def rank_of(scores: NDArray[np.float32], target: int, met: Rows) -> float:
    """Return the place of `target`, from 1, among all items but `met`; infinite if unscored.

    Ties go to the lower row.
    """
    if not np.isfinite(scores[target]):
        return float("inf")
    rivals = scores.copy()
    rivals[met] = -np.inf
    above = int((rivals > scores[target]).sum())
    return 1.0 + above + int((rivals[:target] == scores[target]).sum())


def _score_fold(
    fit: Fit,
    rest: Interactions,
    cases: Sequence[Case],
    sessions: Sequence[int],
    tally: _Tally,
) -> None:
    started = time.perf_counter()
    model = fit(rest)
    tally.fit_s.append(time.perf_counter() - started)
    nobody = np.empty(0, np.int32)
    for case in cases:
        for k in sessions:
            started = time.perf_counter()
            scores = model.fold_in(case.likes[-k:], nobody)
            tally.score_ms.append((time.perf_counter() - started) * 1000)
            tally.ranks.setdefault(k, []).append(rank_of(scores, case.target, case.met))


def _result(label: str, k: int, ranks: NDArray[np.float64], seed: int) -> Result:
    return Result(
        model=label,
        k=k,
        ndcg10=bootstrap(np.where(ranks <= 10, 1 / np.log2(ranks + 1), 0.0), seed),
        recall10=bootstrap(ranks <= 10, seed),
        recall50=bootstrap(ranks <= 50, seed),
        mrr=bootstrap(1 / ranks, seed),
    )
