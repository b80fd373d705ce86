"""EASE for what comes next: items met close together, the latest likes first.

Owns: `EASEWindow`. Does not own: the weights (`ranking.cf.ease`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from catalog import Interactions
from ranking.cf.ease import EASE, EASEConfig
from retrieval.query import Rows, Scores


@dataclass(frozen=True, slots=True)
class EASEWindowConfig:
    """How EASE is fitted on short stretches of history.

    Attributes
    ----------
    decay : float
        In (0, 1]: a like weighs this many times what the one after it weighs; 1 forgets the order.
    regularization, window, min_interactions, min_value, top
        As in `EASEConfig`.
    """

    decay: float = 0.75
    regularization: float = 400.0
    window: int = 20
    min_interactions: int = 5
    min_value: float = 0.0
    top: int = 300


@dataclass(frozen=True, slots=True)
class EASEWindow:
    """EASE (Steck, WWW 2019) of stretches of history, whose older likes fade.

    A row of the regression is a run of `EASEWindowConfig.window` interactions, so that a weight
    says what is met soon after or before, not just by the same people. The weights serve with
    ``score[j] = sum over known likes i of decay ** (known likes after i) * weights[j, i]``.

    Attributes
    ----------
    ease : EASE
        Fitted on the stretches.
    decay : float
        As fitted.
    """

    ease: EASE
    decay: float

    @property
    def name(self) -> str:
        """``"ease-window"``."""
        return "ease-window"

    @classmethod
    def fit(cls, interactions: Interactions, n_items: int, config: EASEWindowConfig) -> EASEWindow:
        """Return the model of `interactions` over a catalogue of `n_items`; see `EASE.fit`."""
        settings = EASEConfig(
            regularization=config.regularization,
            window=config.window,
            min_interactions=config.min_interactions,
            min_value=config.min_value,
            top=config.top,
        )
        return cls(EASE.fit(interactions, n_items, settings), config.decay)

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """Return every item's score, shape (n_items,); see `LinearModel.fold_in`."""
        return self.ease.weighted(likes, self._strengths(likes))

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        """Return the faded weight of each of `likes` to `rows`; they sum to the score exactly."""
        return self.ease.contributions(likes, rows) * self._strengths(likes)

    def _strengths(self, likes: Rows) -> NDArray[np.float32]:
        """Return 1 for the latest known like, less for each before it, 0 for the unknown."""
        known = self.ease.known[likes]
        after = known[::-1].cumsum()[::-1] - 1
        return np.where(known, self.decay**after, 0.0).astype(np.float32)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a file must keep."""
        return {**self.ease.arrays(), "decay": np.array(self.decay)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the model that `arrays` came from."""
        return cls(EASE.from_arrays(arrays), float(arrays["decay"]))
