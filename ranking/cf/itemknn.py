"""ItemKNN: items met by the same people are neighbours.

Owns: `ItemKNN`. Does not own: scoring (`ranking.cf.linear`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from catalog import Interactions
from ranking.cf.history import History, kept
from ranking.cf.linear import LinearModel, prune, spread
from ranking.cf.matrix import frequent, incidence


@dataclass(frozen=True, slots=True)
class ItemKNNConfig:
    """How ItemKNN is fitted.

    Attributes
    ----------
    shrinkage : float
        Added to the cosine's denominator: larger trusts small overlaps less.
    neighbours : int
        Largest weights kept for each scored item; 0 keeps all.
    window, min_interactions, min_value, updatable
        As in `EASEConfig`.
    """

    shrinkage: float = 20.0
    neighbours: int = 200
    window: int = 0
    min_interactions: int = 2
    min_value: float = 0.0
    updatable: bool = False


class ItemKNN(LinearModel):
    """Cosine neighbourhood with shrinkage (Sarwar et al., WWW 2001; Bell & Koren, ICDM 2007).

    ``weight[i, j] = n_ij / (sqrt(n_i n_j) + shrinkage)`` for the people (or runs) that met both.
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """``"itemknn"``."""
        return "itemknn"

    @classmethod
    def fit(cls, interactions: Interactions, n_items: int, config: ItemKNNConfig) -> ItemKNN:
        """Return the model of `interactions` over a catalogue of `n_items`."""
        past = History.of(interactions, config) if config.updatable else None
        return cls._of(interactions, n_items, config, past)

    def updated(self, interactions: Interactions) -> ItemKNN:
        """Return the model with `interactions` counted in; see `Updatable`.

        Exact: counts afresh from the history, in the time of a fit.

        Raises
        ------
        ModelError
            When the model was fitted without ``updatable``.
        """
        past = kept(self.past, self.name).plus(interactions)
        config = ItemKNNConfig(**past.settings)
        return self._of(past.interactions, len(self.known), config, past)

    @classmethod
    def _of(
        cls, interactions: Interactions, n_items: int, config: ItemKNNConfig, past: History | None
    ) -> ItemKNN:
        known = frequent(interactions, n_items, config.min_interactions)
        x = incidence(interactions, n_items, min_value=config.min_value, window=config.window)
        x = x[:, np.flatnonzero(known)]
        together = np.asarray((x.T @ x).todense(), np.float32)
        root = np.sqrt(np.diag(together))
        weights = together / (np.outer(root, root) + np.float32(max(config.shrinkage, 1e-6)))
        np.fill_diagonal(weights, 0.0)
        weights = sparse.csr_matrix(prune(weights, config.neighbours))
        return cls(spread(weights, known), known, past)
