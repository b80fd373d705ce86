"""Popularity: the baseline that knows nobody.

Owns: `Popularity`. Does not own: the "popularity" term of the blend (`ranking.terms`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from catalog import Interactions
from retrieval.query import Rows, Scores


@dataclass(frozen=True, slots=True)
class PopularityConfig:
    """How popularity is counted: interactions with a value below `min_value` are left out."""

    min_value: float = 0.0


@dataclass(frozen=True, slots=True)
class Popularity:
    """Logarithm of the number of interactions, the same for everybody.

    Attributes
    ----------
    counts : int64 array, shape (n_items,)
        Interactions that count.
    min_value : float
        As in `PopularityConfig`.
    """

    counts: NDArray[np.int64]
    min_value: float

    @property
    def name(self) -> str:
        """``"popularity"``."""
        return "popularity"

    @classmethod
    def fit(cls, interactions: Interactions, n_items: int, config: PopularityConfig) -> Popularity:
        """Return the counts of `interactions` over a catalogue of `n_items`."""
        rows = interactions.row[interactions.value >= config.min_value]
        return cls(np.bincount(rows, minlength=n_items), config.min_value)

    def updated(self, interactions: Interactions) -> Popularity:
        """Return the model with `interactions` counted in; see `Updatable`. Exact."""
        more = self.fit(interactions, len(self.counts), PopularityConfig(self.min_value))
        return Popularity(self.counts + more.counts, self.min_value)

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """Return the same scores whoever asks; ``-inf`` for items that nobody met."""
        return np.where(self.counts > 0, np.log1p(self.counts), -np.inf).astype(np.float32)

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        """Return zeros: no like adds to an item's popularity."""
        return np.zeros((len(rows), len(likes)), np.float32)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a file must keep."""
        return {"counts": self.counts, "min_value": np.array(self.min_value)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the model that `arrays` came from."""
        return cls(arrays["counts"], float(arrays["min_value"]))
