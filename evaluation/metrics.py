"""Measures of a ranking, and how sure of them one may be.

Owns: the formulas. Does not own: what is ranked (`evaluation.ratings` and others). All measures
are over the full ranking: never over a sample of negatives (Krichene & Rendle, KDD 2020).

A *ranking* is item rows, best first, without repeats; *relevant* is the set of right answers. A
measure without a right answer to find is not defined, so an empty `relevant` raises `ValueError`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

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


def average_precision(ranking: Sequence[int], relevant: Collection[int], k: int) -> float:
    """Return the mean, over right answers, of the precision at the place of each, up to place `k`.

    One that is not in the first `k` counts 0; as at most `k` can be, the mean is over
    ``min(k, len(relevant))``. Its mean over people is MAP@k (Manning, Raghavan & Schütze,
    "Introduction to Information Retrieval", 2008, section 8.4).
    """
    _check(relevant, k)
    places = [place for place, row in enumerate(ranking[:k], 1) if row in relevant]
    found = sum(nth / place for nth, place in enumerate(places, 1))
    return found / min(k, len(relevant))


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


def root_mean_squared_error(predicted: NDArray[np.floating], actual: NDArray[np.floating]) -> float:
    """Return the root of the mean squared difference; arrays of one shape, in one unit."""
    if len(predicted) == 0 or len(predicted) != len(actual):
        raise ValueError(f"need as many predictions as values, not {len(predicted)}/{len(actual)}")
    return float(np.sqrt(np.mean(np.square(predicted - actual))))


def gini(amounts: NDArray[np.floating] | NDArray[np.integer]) -> float:
    """Return how unevenly `amounts`, none negative, are spread; NaN where they sum to 0.

    0 where all are equal; ``1 - 1 / n`` where one of n has everything. O(n log n).
    """
    ordered = np.sort(np.asarray(amounts, np.float64))
    total, n = ordered.sum(), len(ordered)
    if total == 0:
        return float("nan")
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total))


def bootstrap(
    values: Sequence[float] | NDArray[np.floating] | NDArray[np.bool_],
    seed: int,
    *,
    samples: int = 1000,
    level: float = 0.95,
) -> Interval:
    """Return the mean of `values` with a percentile bootstrap interval (Efron, 1979); seeded.

    Two columns of one length are resampled alike, so that the interval of their difference is that
    of a paired comparison.
    """
    column = np.asarray(values, np.float64)
    return bootstrap_ratio(column, np.ones(len(column)), seed, samples=samples, level=level)


def bootstrap_ratio(
    sums: NDArray[np.floating],
    counts: NDArray[np.floating],
    seed: int,
    *,
    samples: int = 1000,
    level: float = 0.95,
) -> Interval:
    """Return the mean of all observations, with an interval that resamples whole groups; seeded.

    Observations of one person are alike: drawing people, not observations, says so (Field & Welsh,
    "Bootstrapping clustered data", JRSS B 2007).

    Parameters
    ----------
    sums, counts : float arrays, shape (n_groups,)
        Of every group: the sum of its observations and how many they are. A group may have none;
        a sample of nothing but such groups says nothing and is left out.
    """
    sums, counts = np.asarray(sums, np.float64), np.asarray(counts, np.float64)
    n = int((counts > 0).sum())
    if n == 0:
        return Interval(float("nan"), float("nan"), float("nan"), 0)
    drawn = _draws(len(sums), samples, seed)
    observed = drawn @ counts
    means = (drawn @ sums)[observed > 0] / observed[observed > 0]
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(sums.sum() / counts.sum()), float(low), float(high), n)


@lru_cache(maxsize=4)
def _draws(n: int, samples: int, seed: int) -> NDArray[np.float64]:
    """Return how often each of `n` is drawn in each sample of size n, shape (samples, n)."""
    times = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=samples)
    drawn = times.astype(np.float64)
    drawn.setflags(write=False)
    return drawn


def _hits(ranking: Sequence[int], relevant: Collection[int], k: int) -> int:
    _check(relevant, k)
    return sum(row in relevant for row in ranking[:k])


def _check(relevant: Collection[int], k: int) -> None:
    if not relevant:
        raise ValueError("a measure needs at least one right answer")
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
