"""The blend beside its parts, its rivals and itself without each term.

Owns: `bench_blend`. Does not own: the sessions and the learning (`ranking.train_blend`), the rivals
(`evaluation.blending.systems`).

Every system orders the same candidates of the same sessions, whose people nothing was learned from.
Intervals are bootstraps over people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.settings import Settings
from catalog.errors import MissingDependencyError
from catalog.progress import Progress, silent
from evaluation.blending.report import LEARNED, BlendTable, Reliability, Row
from evaluation.blending.systems import Order, lambdamart, model_alone, rrf
from evaluation.metrics import Interval, bootstrap, bootstrap_ratio
from ranking.blend import Weights
from ranking.cf import MODELS, Training, fit_cf
from ranking.cf.folds import fold_people, without
from ranking.logit import Example, blend_scores, fit_weights, gain10
from ranking.scoring import CFModel
from ranking.simulated import SimulationConfig
from ranking.train_blend import Learned, TrainConfig, gather, learn, single_terms

_SURE = 10
TEXT_AND_LIKES = "text and likes"


def bench_home(
    settings: Settings,
    sessions: int,
    seed: int,
    redial: Path | None = None,
    progress: Progress = silent,
    *,
    models: bool = True,
) -> BlendTable:
    """Return the table for the home of `settings`, which must have been built; see `gather`.

    Parameters
    ----------
    sessions, seed : int
        How many are simulated, and from what.
    redial : Path, optional
        A folder with ReDial's training dialogues.
    models : bool
        Whether every collaborative model is fitted and judged alone.
    """
    config = TrainConfig(seed=seed)
    found = gather(settings.home, SimulationConfig(sessions=sessions, seed=seed), redial)
    learned = learn(
        found.catalog, found.sessions, found.dense, found.searchers, found.reranker, config,
        progress,
    )  # fmt: skip
    interactions = found.catalog.interactions
    people = fold_people(len(interactions.users), config.folds, config.seed)
    training = Training(
        found.catalog, without(interactions, people == config.test_fold), found.dense.vectors
    )
    fits = {name: partial(fit_cf, name, training) for name in MODELS} if models else {}
    return bench_blend(learned, fits, config, progress)


def bench_blend(
    learned: Learned,
    models: Mapping[str, Callable[[], CFModel]],
    config: TrainConfig,
    progress: Progress = silent,
) -> BlendTable:
    """Return the table of all systems on the sessions of `learned.test`.

    Parameters
    ----------
    learned : Learned
        See `ranking.train_blend.learn`.
    models : mapping of str to callable
        Collaborative models, each fitted when its turn comes on the people of `learned.train`.
    config : TrainConfig
        As it was learned with.
    """
    orders: list[tuple[str, str, Order]] = [(LEARNED, "blend", _by(learned.weights))]
    orders += [
        (name, "term" if name.endswith("alone") else "blend", _by(weights))
        for name, weights in {"order of retrieval": None, **single_terms(learned.weights)}.items()
    ]
    orders.append(("reciprocal rank fusion", "blend", rrf))
    left_out: dict[str, str] = {}
    try:
        orders.append(("LambdaMART", "blend", lambdamart(learned.train, config.seed)))
    except MissingDependencyError as error:
        left_out["LambdaMART"] = str(error)
    for name in sorted(learned.weights.terms):
        train = [_without(example, name) for example in learned.train]
        weights = fit_weights(train, config.l2)
        orders.append((f"without {name}", "ablation", _by(weights)))
    kinds = {example.session.kind for example in learned.test}
    columns = {name: _gains(order, learned.test) for name, _, order in orders}
    groups = {name: group for name, group, _ in orders}
    for done, (name, fit) in enumerate(models.items(), 1):
        columns[f"model {name}"] = _gains(model_alone(fit()), learned.test)
        groups[f"model {name}"] = "model"
        progress("Judging single models", done, len(models))
    chosen = {"all": [True] * len(learned.test)}
    chosen |= {k: [e.session.kind == k for e in learned.test] for k in sorted(kinds)}
    chosen[TEXT_AND_LIKES] = [
        bool(e.session.request.query.text and e.session.request.query.likes) for e in learned.test
    ]
    mean = partial(_mean, people=[e.session.user for e in learned.test], seed=config.seed)
    best = columns[LEARNED]
    rows = tuple(
        Row(
            name,
            groups[name],
            {kind: mean(values, which) for kind, which in chosen.items()},
            {kind: mean(values - best, which) for kind, which in chosen.items()},
        )
        for name, values in columns.items()
    )
    reliability = _reliability(learned, config.seed)
    error = float(np.mean([abs(one.predicted - one.observed.mean) for one in reliability]))
    return BlendTable(
        config.seed, len(learned.train), len(learned.test), learned.retrieved, rows, reliability,
        error, left_out,
    )  # fmt: skip


def _by(weights: Weights | None) -> Order:
    return lambda example: blend_scores(example, weights)


def _without(example: Example, term: str) -> Example:
    return replace(example, raw={k: v for k, v in example.raw.items() if k != term})


def _gains(order: Order, examples: Sequence[Example]) -> NDArray[np.float64]:
    return np.array([gain10(order(example), example.target) for example in examples])


def _mean(
    values: NDArray[np.float64], which: Sequence[bool], people: Sequence[int], seed: int
) -> Interval:
    mask = np.array(which, np.float64)
    _, group = np.unique(np.array(people), return_inverse=True)
    sums, counts = (
        np.bincount(group, weights=column).astype(np.float64) for column in (values * mask, mask)
    )
    return bootstrap_ratio(sums, counts, seed)


def _reliability(learned: Learned, seed: int) -> tuple[Reliability, ...]:
    """Return tenths of the tested sessions, by the probability of the blend's first pick."""
    sure: list[float] = []
    right: list[bool] = []
    for example in learned.test:
        scores = blend_scores(example, learned.weights)
        likely = np.exp(scores - scores.max())
        sure.append(float(likely.max() / likely.sum()))
        right.append(int(scores.argmax()) == example.target)
    order = np.argsort(sure, kind="stable")
    return tuple(
        Reliability(float(np.mean(np.array(sure)[part])), bootstrap(np.array(right)[part], seed))
        for part in np.array_split(order, _SURE)
    )
