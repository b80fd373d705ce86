"""EASE: a linear autoencoder with a closed form.

Owns: `EASE`. Does not own: scoring (`ranking.cf.linear`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from catalog import Interactions
from catalog.errors import ModelError
from ranking.cf.linear import LinearModel, prune, spread
from ranking.cf.matrix import frequent, incidence


@dataclass(frozen=True, slots=True)
class EASEConfig:
    """How EASE is fitted.

    Attributes
    ----------
    regularization : float
        Steck's lambda: larger favours well supported weights.
    window : int
        Length of the runs of history in which items count as met together; 0 is the whole history.
    min_interactions : int
        Items with fewer are left to the other terms.
    min_value : float
        Interactions below it do not count; 0 counts every one.
    top : int
        Largest weights kept for each scored item; 0 keeps all.
    """

    regularization: float = 1000.0
    window: int = 0
    min_interactions: int = 5
    min_value: float = 0.0
    top: int = 300


class EASE(LinearModel):
    """Embarrassingly shallow autoencoder (Steck, WWW 2019).

    With Gram matrix ``G = X'X`` and ``P = inv(G + lambda I)``, the weight to item j from item i is
    ``-P[i, j] / P[j, j]``, and 0 to itself. Fitting takes O(n^3) time and O(n^2)
    memory in the known items.
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """``"ease"``."""
        return "ease"

    @classmethod
    def fit(cls, interactions: Interactions, n_items: int, config: EASEConfig) -> EASE:
        """Return the model of `interactions` over a catalogue of `n_items`.

        Raises
        ------
        ModelError
            When the regularisation is not positive.
        """
        if config.regularization <= 0:
            raise ModelError(f"EASE needs a regularization above 0, not {config.regularization!r}")
        known = frequent(interactions, n_items, config.min_interactions)
        x = incidence(interactions, n_items, min_value=config.min_value, window=config.window)
        x = x[:, np.flatnonzero(known)]
        gram = np.asarray((x.T @ x).todense(), np.float32)
        gram[np.diag_indices_from(gram)] += config.regularization
        # float32 halves memory and time; lambda keeps the matrix well conditioned.
        inverse = np.linalg.inv(gram)
        weights = (inverse / -np.diag(inverse)[:, np.newaxis]).astype(np.float32)
        np.fill_diagonal(weights, 0.0)
        return cls(spread(sparse.csr_matrix(prune(weights, config.top)), known), known)
