"""EASE: a linear autoencoder with a closed form, which new interactions change exactly.

Owns: `EASE`. Does not own: scoring (`ranking.cf.linear`), or what is kept of who met what
(`ranking.cf.history`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog import Interactions, Mask
from catalog.errors import ModelError
from ranking.cf.history import History, kept, of_people, pseudonymous
from ranking.cf.linear import LinearModel, prune, spread
from ranking.cf.matrix import frequent, incidence

LOW_RANK = 1 / 4
"""Changed rows of X, in parts of its columns, where Woodbury takes a quarter of an inversion."""


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
    updatable : bool
        Keep who met what, under pseudonyms, so that new interactions can be counted in.
    """

    regularization: float = 1000.0
    window: int = 0
    min_interactions: int = 5
    min_value: float = 0.0
    top: int = 300
    updatable: bool = False


@dataclass(frozen=True, slots=True)
class EASE(LinearModel):
    """Embarrassingly shallow autoencoder (Steck, WWW 2019).

    With Gram matrix ``G = X'X`` and ``P = inv(G + lambda I)``, the weight to item j from item i is
    ``-P[i, j] / P[j, j]``, and 0 to itself. Fitting takes O(n^3) time and O(n^2)
    memory in the known items.

    Attributes
    ----------
    inverse : float32 array, shape (n_known, n_known), optional
        P, where the model is to be updated; not in its file, where it would be most of it.
    """

    inverse: NDArray[np.float32] | None = None

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
        past = History.of(interactions, config) if config.updatable else None
        return cls._of(_inverse(interactions, known, config), known, config, past)

    def updated(self, interactions: Interactions) -> EASE:
        """Return the model with `interactions` counted in; see `Updatable`.

        Exact but for rounding. The rows of X that change are a change of G of low rank r, which
        takes P to the new P in O(n^2 r) by Woodbury's identity. The first update of a model from a
        file, and one that changes many rows, take the time of a fit.

        Raises
        ------
        ModelError
            When the model was fitted without ``updatable``.
        """
        before = kept(self.past, self.name)
        after, config = before.plus(interactions), EASEConfig(**before.settings)
        known = frequent(after.interactions, len(self.known), config.min_interactions)
        # Who met an item that was too rare until now has another row as well.
        fresh = (known & ~self.known)[before.interactions.row]
        names = {before.interactions.users[at] for at in before.interactions.user[fresh].tolist()}
        names.update(pseudonymous(interactions).users)
        old, new = (
            _rows(of_people(history.interactions, names), known, config).toarray()
            for history in (before, after)
        )
        old[:, ~self.known[known]] = 0.0
        if self.inverse is None or len(old) + len(new) > known.sum() * LOW_RANK:
            inverse = _inverse(after.interactions, known, config)
        else:
            # An item that nobody has met yet is alone in its row and column of G + lambda I.
            inverse = np.eye(len(new.T), dtype=np.float32) / np.float32(config.regularization)
            inverse[np.ix_(self.known[known], self.known[known])] = self.inverse
            _woodbury(inverse, old, new)
        return self._of(inverse, known, config, after)

    @classmethod
    def _of(
        cls, inverse: NDArray[np.float32], known: Mask, config: EASEConfig, past: History | None
    ) -> EASE:
        weights = inverse / -np.diag(inverse)[:, np.newaxis]
        np.fill_diagonal(weights, 0.0)
        pruned = spread(sparse.csr_matrix(prune(weights, config.top)), known)
        return cls(pruned, known, past, inverse if past else None)


def _rows(interactions: Interactions, known: Mask, config: EASEConfig) -> sparse.csr_matrix:
    """Return X over the known items."""
    x = incidence(interactions, len(known), min_value=config.min_value, window=config.window)
    return x[:, np.flatnonzero(known)]


def _inverse(interactions: Interactions, known: Mask, config: EASEConfig) -> NDArray[np.float32]:
    x = _rows(interactions, known, config)
    gram = np.asarray((x.T @ x).todense(), np.float32)
    gram[np.diag_indices_from(gram)] += config.regularization
    # float32 halves memory and time; lambda keeps the matrix well conditioned.
    return np.linalg.inv(gram)


def _woodbury(
    inverse: NDArray[np.float32], old: NDArray[np.float32], new: NDArray[np.float32]
) -> None:
    """Make `inverse` of G that of ``G - old' old + new' new``, in place."""
    rows = np.concatenate([old, new])
    signs = np.repeat([-1.0, 1.0], [len(old), len(new)])
    moved = rows @ inverse
    core = np.diag(signs) + moved @ rows.T
    inverse -= moved.T @ np.linalg.solve(core, moved).astype(np.float32)
