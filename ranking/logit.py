"""Learning weights from right answers: a conditional logit.

Owns: `Example`, `fit_weights` and how good weights are on examples (`ndcg10`). Does not own: where
examples come from (`ranking.train_blend`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from ranking.blend import TermWeight, Weights
from ranking.calibration import Calibration
from ranking.simulated import SimulatedSession
from retrieval.query import Rows, Scores

# Terms whose raw 0 means nothing: their neutral point is the middle of what candidates have.
_CENTERED = ("dense", "text")


@dataclass(frozen=True, slots=True)
class Example:
    """One session's candidates, with raw terms; NaN where a term says nothing.

    Attributes
    ----------
    session : SimulatedSession
        Where they are from.
    rows : int32 array, shape (n,)
        In the order of retrieval.
    raw : mapping of str to float32 array, shape (n,)
        By term.
    target : int
        Position of the right answer among `rows`.
    """

    session: SimulatedSession
    rows: Rows
    raw: Mapping[str, Scores]
    target: int


def fit_weights(examples: Sequence[Example], l2: float) -> Weights:
    """Return calibrations, and the weights, at least 0, under which the targets are most likely.

    Conditional logit (McFadden, 1974), the listwise softmax of learning to rank: the difference of
    two scores is the log-odds that the one is the answer and not the other. Solved by L-BFGS-B.

    Parameters
    ----------
    examples : sequence of Example
        At least one.
    l2 : float
        Penalty on squared weights, per example.
    """
    names = sorted({name for example in examples for name in example.raw})
    calibrations = {name: fit_calibration(name, examples) for name in names}
    pools = [matrix(example, calibrations) for example in examples]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value, slope = l2 * float(weights @ weights), 2 * l2 * weights
        for pool, example in zip(pools, examples, strict=True):
            scores = pool @ weights
            likely = np.exp(scores - scores.max())
            total = likely.sum()
            share = 1 / len(pools)
            value -= share * (scores[example.target] - scores.max() - np.log(total))
            slope -= share * (pool[example.target] - (likely / total) @ pool)
        return value, slope

    start = np.full(len(names), 0.5)
    found = optimize.minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * len(names)
    )
    terms = {
        name: TermWeight(float(weight), calibrations[name])
        for name, weight in zip(names, found.x, strict=True)
    }
    # Nobody's record says what they asked not to have, so this is not learned: asking for the
    # absence of a value counts like asking for its presence, and is in the same unit.
    if "preferences" in terms:
        terms["avoidance"] = terms["preferences"]
    return Weights(terms)


def fit_calibration(name: str, examples: Sequence[Example]) -> Calibration:
    """Return a scale on which a good candidate has about 1, and where it matters a center."""
    pooled = np.concatenate([e.raw[name] for e in examples if name in e.raw])
    values = pooled[np.isfinite(pooled)]
    center = float(np.median(values)) if name in _CENTERED else 0.0
    away = np.abs(values - center)
    spread = float(np.quantile(away[away > 0], 0.9)) if away.any() else 1.0
    return Calibration(center=center, scale=spread)


def matrix(example: Example, calibrations: Mapping[str, Calibration]) -> NDArray[np.float64]:
    """Return calibrated terms, shape (n_candidates, n_terms); 0 where a term is absent."""
    pool = np.zeros((len(example.rows), len(calibrations)))
    for column, (name, calibration) in enumerate(calibrations.items()):
        if name in example.raw:
            pool[:, column] = calibration(example.raw[name])
    return pool


def blend_scores(example: Example, weights: Weights | None) -> NDArray[np.float64]:
    """Return the blend's score of each candidate; without weights, the order of retrieval."""
    if weights is None:
        return -np.arange(len(example.rows), dtype=np.float64)
    terms = weights.terms
    pool = matrix(example, {name: term.calibration for name, term in terms.items()})
    return pool @ np.array([term.weight for term in terms.values()])


def ndcg10(examples: Sequence[Example], weights: Weights | None) -> dict[str, float]:
    """Return mean NDCG@10 over all sessions and by kind; tied candidates share their places."""
    gains: dict[str, list[float]] = {}
    for example in examples:
        gain = gain10(blend_scores(example, weights), example.target)
        gains.setdefault("all", []).append(gain)
        gains.setdefault(example.session.kind, []).append(gain)
    return {kind: round(float(np.mean(found)), 4) for kind, found in sorted(gains.items())}


def gain10(scores: NDArray[np.floating], target: int) -> float:
    """Return the NDCG@10 of one right answer; candidates with its score share their places."""
    ahead = int((scores > scores[target]).sum())
    tied = int((scores == scores[target]).sum())
    places = np.arange(ahead + 1, ahead + tied + 1)
    return float(np.where(places <= 10, 1 / np.log2(places + 1), 0.0).mean())
