"""Other ways of ordering the same candidates: fusion by rank, boosted trees, one model alone.

Owns: `rrf`, `lambdamart`, `model_alone`. Does not own: the blend (`ranking.logit`) or the
judging (`evaluation.blending.bench`).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from catalog.errors import MissingDependencyError
from ranking.logit import Example
from ranking.scoring import CFModel

Order = Callable[[Example], NDArray[np.float64]]
"""From an example to a score for each of its candidates."""

_RRF = 60
_ROUNDS = 400
_PATIENCE = 30


def rrf(example: Example) -> NDArray[np.float64]:
    """Return reciprocal rank fusion of all terms (Cormack et al., 2009); 0 where one is silent."""
    total = np.zeros(len(example.rows))
    for values in example.raw.values():
        known = np.isfinite(values)
        ranks = rankdata(-values[known], method="average")
        total[known] += 1 / (_RRF + ranks)
    return total


def model_alone(model: CFModel) -> Order:
    """Return the order of a collaborative model; without likes it has none."""

    def order(example: Example) -> NDArray[np.float64]:
        query = example.session.request.query
        if not query.likes:
            return np.zeros(len(example.rows))
        likes, dislikes = (np.array(rows, np.int32) for rows in (query.likes, query.dislikes))
        scores = model.fold_in(likes, dislikes)[example.rows].astype(np.float64)
        return np.where(np.isfinite(scores), scores, -np.inf)

    return order


def lambdamart(train: Sequence[Example], seed: int) -> Order:
    """Return LambdaMART (Burges, 2010) on the raw terms and the place in retrieval.

    A fifth of the people that it learns from decide when it stops.

    Raises
    ------
    MissingDependencyError
        When ``lightgbm`` is not installed.
    """
    if importlib.util.find_spec("lightgbm") is None:
        raise MissingDependencyError("package 'lightgbm' is not installed")
    import lightgbm

    names = sorted({name for example in train for name in example.raw})

    def features(example: Example) -> NDArray[np.float64]:
        silent = np.full(len(example.rows), np.nan)
        columns = [example.raw.get(name, silent) for name in names]
        return np.column_stack([*columns, np.arange(len(example.rows))]).astype(np.float64)

    def dataset(examples: Sequence[Example]) -> lightgbm.Dataset:
        right = [np.arange(len(one.rows)) == one.target for one in examples]
        return lightgbm.Dataset(
            np.vstack([features(one) for one in examples]),
            np.concatenate(right).astype(np.int32),
            group=[len(one.rows) for one in examples],
        )

    people = np.unique([example.session.user for example in train])
    kept = set(np.random.default_rng(seed).permutation(people)[: len(people) // 5].tolist())
    learned = dataset([one for one in train if one.session.user not in kept])
    judged = dataset([one for one in train if one.session.user in kept])
    booster = lightgbm.train(
        {
            "objective": "lambdarank",
            "metric": "ndcg",
            "eval_at": [10],
            "learning_rate": 0.05,
            "num_leaves": 15,
            "min_data_in_leaf": 100,
            "seed": seed,
            "deterministic": True,
            "num_threads": 1,
            "verbosity": -1,
        },
        learned,
        _ROUNDS,
        valid_sets=[judged],
        callbacks=[lightgbm.early_stopping(_PATIENCE, verbose=False)],
    )
    return lambda example: np.asarray(booster.predict(features(example)), np.float64)
