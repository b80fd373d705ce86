"""Measures of conversations and of the slates in them.

Owns: the formulas. Does not own: the conversations (`evaluation.simulation.play`), the table
(`evaluation.simulation.report`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from catalog import Catalog
from evaluation.metrics import Interval
from evaluation.simulation.play import Exchange

# Steck's alpha: keeps the divergence finite where a slate lacks a value altogether.
_SMOOTHING = 0.01


def bootstrap_by(
    values: Sequence[float], groups: Sequence[Hashable], seed: int, *, samples: int = 1000
) -> Interval:
    """Return the mean of `values` with a 95% bootstrap interval over whole groups; seeded.

    Conversations of one person are alike: drawing people, not conversations, says so (Field &
    Welsh, "Bootstrapping clustered data", JRSS B 2007).

    Parameters
    ----------
    values, groups : sequences of length n
        A value, and whose it is.
    """
    if not len(values):
        return Interval(float("nan"), float("nan"), float("nan"), 0)
    column = np.asarray(values, np.float64)
    place = {group: at for at, group in enumerate(dict.fromkeys(groups))}
    at = np.array([place[group] for group in groups])
    sums, counts = np.bincount(at, weights=column), np.bincount(at)
    drawn = np.random.default_rng(seed).integers(len(place), size=(samples, len(place)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(float(column.mean()), float(low), float(high), len(column))


def diversity(rows: Sequence[int], vectors: NDArray[np.float32]) -> float:
    """Return how unlike the items of a slate are: mean of 1 - cosine over pairs; NaN below two.

    Intra-list diversity (Ziegler et al., WWW 2005); `vectors` are unit rows.
    """
    if len(rows) < 2:
        return float("nan")
    mine = vectors[list(rows)].astype(np.float64)
    pairs = np.triu_indices(len(rows), 1)
    return float(np.mean(1 - (mine @ mine.T)[pairs]))


def novelty(rows: Sequence[int], popularity: NDArray[np.float32], people: int) -> float:
    """Return the mean self-information of a slate in bits; NaN of none.

    ``-log2((people who met it + 1) / (people + 1))``: 0 for what everybody knows (Zhou et al.,
    PNAS 2010, smoothed for what nobody met).
    """
    if not len(rows):
        return float("nan")
    share = (popularity[list(rows)].astype(np.float64) + 1) / (people + 1)
    return float(np.mean(-np.log2(share)))


def taste(rows: Iterable[int], facet: str, catalog: Catalog) -> dict[str, float]:
    """Return the share of every value of `facet` among items, each of which counts one."""
    shares: Counter[str] = Counter()
    for row in rows:
        values = catalog.items[row].labels.get(facet, ())
        for value in values:
            shares[value] += 1 / len(values)  # pyright: ignore[reportArgumentType]
    total = sum(shares.values())
    return {value: share / total for value, share in sorted(shares.items())}


def miscalibration(wanted: dict[str, float], shown: dict[str, float]) -> float:
    """Return the Kullback-Leibler divergence of what is shown from a person's taste, in nats.

    0 where the shares agree; Steck, "Calibrated recommendations", RecSys 2018, alpha 0.01.
    """
    total = 0.0
    for value, share in wanted.items():
        mixed = (1 - _SMOOTHING) * shown.get(value, 0.0) + _SMOOTHING * share
        total += share * np.log(share / mixed)
    return float(total)


def questions(exchanges: Sequence[Exchange]) -> tuple[int, int]:
    """Return how many questions got a message in return, and how many of those other items."""
    pairs = [(a, b) for a, b in pairwise(exchanges) if a.question]
    return len(pairs), sum(set(a.items) != set(b.items) for a, b in pairs)


def rows_of(item_ids: Iterable[str], catalog: Catalog) -> list[int]:
    """Return the rows of item ids."""
    return [catalog.rows[item_id] for item_id in item_ids]


def mean(values: Iterable[float]) -> float:
    """Return the mean of the values that are numbers; NaN of none."""
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")
