"""A share of many yes-or-no observations, some of them about the same person.

Owns: `Share`, `share`. Does not own: the bootstrap (`evaluation.metrics`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.metrics import bootstrap_ratio


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many, with an interval that resamples people.

    Attributes
    ----------
    hits, n, people : int
        Observations that hold, observations, and people who have any.
    low, high : float
        95% interval of the share. Where all or none hold, drawing again says nothing: the far
        bound is then the rule of three over people (Hanley & Lippman-Hand, JAMA 1983).
    """

    hits: int
    n: int
    people: int
    low: float
    high: float

    @property
    def value(self) -> float:
        """The share in [0, 1]; NaN of nothing."""
        return self.hits / self.n if self.n else float("nan")

    def __str__(self) -> str:
        """Return ``"98.3% [97.1%, 99.2%] of 1,242"``."""
        if not self.n:
            return "none"
        return f"{self.value:.1%} [{self.low:.1%}, {self.high:.1%}] of {self.n:,}"

    def to_json(self) -> dict[str, object]:
        """Return the share as plain values; the value of none is null."""
        interval = [self.low, self.high] if self.n else None
        value = self.value if self.n else None
        return {"hits": self.hits, "n": self.n, "value": value, "interval": interval}


def share(observed: Sequence[Sequence[bool]], seed: int) -> Share:
    """Return the share of observations that hold, given those of each person; seeded."""
    sums = np.array([sum(mine) for mine in observed], np.float64)
    counts = np.array([len(mine) for mine in observed], np.float64)
    hits, n, people = int(sums.sum()), int(counts.sum()), int((counts > 0).sum())
    if n == 0:
        return Share(0, 0, 0, float("nan"), float("nan"))
    margin = min(1.0, 3 / people)
    if hits == n:
        return Share(hits, n, people, 1 - margin, 1.0)
    if hits == 0:
        return Share(hits, n, people, 0.0, margin)
    found = bootstrap_ratio(sums, counts, seed)
    return Share(hits, n, people, found.low, found.high)
