"""ALS: matrix factorisation for implicit feedback.

Owns: `ALS`. Does not own: which interactions count (`ranking.cf.matrix`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog import Interactions, Mask
from ranking.cf.history import History, kept, stored_history
from ranking.cf.matrix import frequent, incidence
from retrieval.query import Rows, Scores

Factors = NDArray[np.float32]
UPDATE_SWEEPS = 2
"""Passes of an update, which begins where the last fit or update ended."""


@dataclass(frozen=True, slots=True)
class ALSConfig:
    """How ALS is fitted.

    Attributes
    ----------
    factors : int
        Length of a user's and an item's vector.
    alpha : float
        A met item has confidence ``1 + alpha``, any other 1.
    regularization : float
        Penalty on squared vectors.
    sweeps : int
        Passes over all users and all items.
    min_interactions, min_value, updatable
        As in `EASEConfig`.
    seed : int
        Of the first item vectors.
    """

    factors: int = 64
    alpha: float = 2.0
    regularization: float = 20.0
    sweeps: int = 12
    min_interactions: int = 2
    min_value: float = 0.0
    seed: int = 0
    updatable: bool = False


@dataclass(frozen=True, slots=True)
class ALS:
    """Alternating least squares (Hu, Koren & Volinsky, ICDM 2008).

    Folding in someone new solves the same least squares that training solved for everybody else,
    ``(Y'Y + Y'(C - I)Y + lambda I) x = Y'C p``, in O(factors^2 len(likes) + factors^3).

    Attributes
    ----------
    items : float32 array, shape (n_items, factors)
        Item vectors; zero where not `known`.
    known : bool array, shape (n_items,)
        Items that the model can score.
    alpha, regularization : float
        As fitted; the fold-in needs them.
    past : History, optional
        What it was fitted on, where it is to be updated.
    gram : float32 array, shape (factors, factors)
        ``Y'Y + lambda I``, the part of every fold-in that is the same.
    """

    items: Factors
    known: Mask
    alpha: float
    regularization: float
    past: History | None = None
    gram: Factors = field(init=False, repr=False)

    def __post_init__(self) -> None:
        gram = self.items.T @ self.items
        gram[np.diag_indices_from(gram)] += self.regularization
        object.__setattr__(self, "gram", gram)

    @property
    def name(self) -> str:
        """``"als"``."""
        return "als"

    @classmethod
    def fit(cls, interactions: Interactions, n_items: int, config: ALSConfig) -> ALS:
        """Return the model of `interactions` over a catalogue of `n_items`; seeded."""
        known = frequent(interactions, n_items, config.min_interactions)
        rng = np.random.default_rng(config.seed)
        first = np.zeros((n_items, config.factors), np.float32)
        first[known] = rng.normal(0, 0.1, (int(known.sum()), config.factors))
        items = _descend(first, interactions, known, config, config.sweeps)
        past = History.of(interactions, config) if config.updatable else None
        return cls(items, known, config.alpha, config.regularization, past)

    def updated(self, interactions: Interactions) -> ALS:
        """Return the model with `interactions` counted in; see `Updatable`.

        Not exact: two more sweeps over everything from the present item vectors, where a fit takes
        `ALSConfig.sweeps` from random ones. It comes to another, about as good, place of the same
        objective.

        Raises
        ------
        ModelError
            When the model was fitted without ``updatable``.
        """
        past = kept(self.past, self.name)
        config, past = ALSConfig(**past.settings), past.plus(interactions)
        known = frequent(past.interactions, len(self.known), config.min_interactions)
        items = _descend(self.items, past.interactions, known, config, UPDATE_SWEEPS)
        return ALS(items, known, config.alpha, config.regularization, past)

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """Return every item's score, shape (n_items,); see `CFModel`.

        Dislikes are left out, as in `LinearModel`. When no like is known every score is ``-inf``.
        """
        scores = np.full(len(self.known), -np.inf, np.float32)
        likes = likes[self.known[likes]]
        if len(likes):
            user = self._parts(likes).sum(axis=1)
            np.copyto(scores, self.items @ user, where=self.known)
        return scores

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        """Return each like's part of the scores of `rows`.

        The parts sum to the score (Hu et al., section 5), but each is a part only beside these
        other likes: without one of them, the others change.
        """
        return (self.items[rows] @ self._parts(likes)).astype(np.float32)

    def _parts(self, likes: Rows) -> Factors:
        met = self.items[likes]
        system = self.gram + self.alpha * (met.T @ met)
        return np.linalg.solve(system, (1.0 + self.alpha) * met.T)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a file must keep."""
        scalars = np.array([self.alpha, self.regularization])
        past = self.past.arrays() if self.past else {}
        return {"items": self.items, "known": self.known, "scalars": scalars, **past}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the model that `arrays` came from."""
        alpha, regularization = arrays["scalars"].tolist()
        past = stored_history(arrays)
        return cls(arrays["items"], arrays["known"], alpha, regularization, past)


def _descend(
    items: Factors, interactions: Interactions, known: Mask, config: ALSConfig, sweeps: int
) -> Factors:
    """Return item vectors, zero where not `known`, after `sweeps` that begin at `items`."""
    x = incidence(interactions, len(known), min_value=config.min_value)[:, np.flatnonzero(known)]
    transposed, vectors = x.T.tocsr(), items[known]
    for _ in range(sweeps):
        users = _sweep(x, vectors, config.alpha, config.regularization)
        vectors = _sweep(transposed, users, config.alpha, config.regularization)
    found = np.zeros_like(items)
    found[known] = vectors
    return found


def _sweep(x: sparse.csr_matrix, fixed: Factors, alpha: float, regularization: float) -> Factors:
    """Return the best vector of every row of `x` while the columns' vectors stay `fixed`."""
    base = fixed.T @ fixed
    base[np.diag_indices_from(base)] += regularization
    size = len(x.indptr) - 1
    solved = np.zeros((size, fixed.shape[1]), np.float32)
    for row in range(size):
        met = fixed[x.indices[x.indptr[row] : x.indptr[row + 1]]]
        solved[row] = np.linalg.solve(base + alpha * (met.T @ met), (1.0 + alpha) * met.sum(axis=0))
    return solved
