"""SLIM: a sparse linear model with non-negative weights.

Owns: `SLIM`. Does not own: scoring (`ranking.cf.linear`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog import Interactions
from catalog.errors import ModelError
from ranking.cf.linear import LinearModel, prune, spread
from ranking.cf.matrix import frequent, incidence

BLOCK = 128
"""Coordinates between two updates of the whole residual: what makes it matrix products."""


@dataclass(frozen=True, slots=True)
class SLIMConfig:
    """How SLIM is fitted.

    Attributes
    ----------
    l1 : float
        Penalty on the weights: larger leaves fewer of them.
    l2 : float
        Half the penalty on their squares; above 0.
    sweeps : int
        Passes of coordinate descent over all weights.
    min_interactions, min_value, top
        As in `EASEConfig`.
    """

    l1: float = 1.0
    l2: float = 1000.0
    sweeps: int = 5
    min_interactions: int = 5
    min_value: float = 0.0
    top: int = 300


class SLIM(LinearModel):
    """Sparse linear method (Ning & Karypis, ICDM 2011).

    Minimises ``|X - X W|^2 / 2 + l2 |W|^2 / 2 + l1 |W|_1`` over ``W >= 0`` with a zero diagonal, by
    coordinate descent on the Gram matrix ``G = X'X`` (Friedman, Hastie & Tibshirani, 2010). The
    scored items do not depend on each other, so one coordinate is taken for all of them at once.
    A sweep takes O(n^3) time, and O(n^2) memory, in the known items.
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """``"slim"``."""
        return "slim"

    @classmethod
    def fit(cls, interactions: Interactions, n_items: int, config: SLIMConfig) -> SLIM:
        """Return the model of `interactions` over a catalogue of `n_items`.

        Raises
        ------
        ModelError
            When a penalty is negative, or `l2` is 0.
        """
        if config.l2 <= 0 or config.l1 < 0:
            raise ModelError(f"SLIM needs l1 >= 0 and l2 > 0, not {config.l1!r} and {config.l2!r}")
        known = frequent(interactions, n_items, config.min_interactions)
        x = incidence(interactions, n_items, min_value=config.min_value)
        x = x[:, np.flatnonzero(known)]
        gram = np.asarray((x.T @ x).todense(), np.float32)
        # Scored items are rows in a LinearModel, columns in the paper.
        weights = np.ascontiguousarray(_descend(gram, config).T)
        return cls(spread(sparse.csr_matrix(prune(weights, config.top)), known), known)


def _descend(gram: NDArray[np.float32], config: SLIMConfig) -> NDArray[np.float32]:
    """Return W, shape (n, n), from the liked item (row) to the scored item (column)."""
    weights = np.zeros_like(gram)
    residual = gram.copy()  # G - G W: what the weights leave unexplained
    size = len(gram)
    for _ in range(config.sweeps):
        for start in range(0, size, BLOCK):
            block = slice(start, min(start + BLOCK, size))
            before = weights[block].copy()
            inside, near = gram[block, block], residual[block].copy()
            for at, liked in enumerate(range(block.start, block.stop)):
                own = inside[at, at]
                old = weights[liked].copy()
                new = np.maximum(near[at] + own * old - config.l1, 0) / (own + config.l2)
                new[liked] = 0.0
                weights[liked] = new
                near -= np.outer(inside[:, at], new - old)
            residual -= gram[:, block] @ (weights[block] - before)
    return weights
