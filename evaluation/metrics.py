"""Measures of a ranking, and how sure of them one may be.

Owns: the formulas. Does not own: what is ranked (`evaluation.movielens` and others). All measures
are over the full ranking: never over a sample of negatives (Krichene & Rendle, KDD 2020).

A *ranking* is item rows, best first, without repeats; *relevant* is the set of right answers. A
measure without a right answer to find is not defined, so an empty `relevant` raises `ValueError`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its bootstrap interval.

    Attributes
    ----------
    mean : float
        Of all values; NaN of none.
    low, high : float
        Percentile interval of the mean.
    n : int
        How many values.
    """

    mean: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        """Return ``"0.081 [0.070, 0.093]"``."""
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def precision(ranking: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Return the share of the first `k` places that hold a right answer."""
    return _hits(ranking, relevant, k) / k


def recall(ranking: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Return the share of the right answers that are in the first `k` places."""
    return _hits(ranking, relevant, k) / len(relevant)


def f1(ranking: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Return the harmonic mean of precision and recall at `k`; 0 where both are."""
    p, r = precision(ranking, relevant, k), recall(ranking, relevant, k)
    return 2 * p * r / (p + r) if p + r else 0.0


def hit_rate(ranking: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Return 1 where any right answer is in the first `k` places, else 0."""
    return float(_hits(ranking, relevant, k) > 0)


def ndcg(ranking: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Return the normalised discounted cumulative gain at `k`, binary relevance.

    A right answer in place p (from 1) gains ``1 / log2(p + 1)``; 1 is the best order possible
    (Järvelin & Kekäläinen, TOIS 2002).
    """
    _check(relevant, k)
    gains = [1 / np.log2(place + 2) for place, row in enumerate(ranking[:k]) if row in relevant]
    best = [1 / np.log2(place + 2) for place in range(min(k, len(relevant)))]
    return float(sum(gains) / sum(best))


def reciprocal_rank(ranking: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Return one over the place of the first right answer, 0 where none is in the first `k`."""
    _check(relevant, k)
    places = (place for place, row in enumerate(ranking[:k], 1) if row in relevant)
    return 1 / first if (first := next(places, 0)) else 0.0


def auc(scores: NDArray[np.floating], relevant: Collection[int]) -> float:
    """Return the chance that a right answer scores above a wrong one; a tie counts one half.

    Parameters
    ----------
    scores : float array, shape (n,)
        Of every item; ``-inf`` is a tie with every other ``-inf``.
    relevant : collection of int
        Positions of the right answers.

    Notes
    -----
    Mann-Whitney, O(n log n).
    """
    _check(relevant, 1)
    right = np.zeros(len(scores), np.bool_)
    right[list(relevant)] = True
    if right.all():
        raise ValueError("auc needs at least one wrong answer")
    wrong = np.sort(scores[~right])
    below = np.searchsorted(wrong, scores[right], side="left")
    not_above = np.searchsorted(wrong, scores[right], side="right")
    return float(np.mean((below + not_above) / 2) / len(wrong))


def mean_absolute_error(
    predicted: NDArray[np.floating], actual: NDArray[np.floating], k: int | None = None
) -> float:
    """Return how far predictions are off, on average.

    Parameters
    ----------
    predicted, actual : float arrays, shape (n,)
        In the same unit.
    k : int, optional
        Only the `k` highest predictions count, ties in order of position; all by default.
    """
    if len(predicted) == 0 or len(predicted) != len(actual):
        raise ValueError(f"need as many predictions as values, not {len(predicted)}/{len(actual)}")
    chosen = np.argsort(-predicted, kind="stable")[:k]
    return float(np.mean(np.abs(predicted[chosen] - actual[chosen])))


def bootstrap(
    values: Sequence[float] | NDArray[np.floating] | NDArray[np.bool_],
    seed: int,
    *,
    samples: int = 1000,
    level: float = 0.95,
) -> Interval:
    """Return the mean of `values` with a percentile bootstrap interval (Efron, 1979); seeded."""
    column = np.asarray(values, np.float64)
    if len(column) == 0:
        return Interval(float("nan"), float("nan"), float("nan"), 0)
    rng = np.random.default_rng(seed)
    means = np.array([rng.choice(column, len(column)).mean() for _ in range(samples)])
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(column.mean()), float(low), float(high), len(column))


def _hits(ranking: Sequence[int], relevant: Collection[int], k: int) -> int:
    _check(relevant, k)
    return sum(row in relevant for row in ranking[:k])


def _check(relevant: Collection[int], k: int) -> None:
    if not relevant:
        raise ValueError("a measure needs at least one right answer")
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
