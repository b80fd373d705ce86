"""Item-to-item models: a score is a sum of one weight per liked item.

Owns: `LinearModel`, the scoring that EASE, ItemKNN and SLIM share, exact to the last contribution.
Does not own: how the weights come about (`ranking.cf.ease`, `ranking.cf.itemknn`,
`ranking.cf.slim`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog import Mask
from ranking.cf.history import History, stored_history
from retrieval.query import Rows, Scores


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Scores ``score[j] = sum over likes i of weights[j, i]``.

    Dislikes are left out: no negative weighting improved the ranking (see docs/log.md); refused
    items are excluded before ranking.

    Attributes
    ----------
    weights : scipy.sparse.csr_matrix, shape (n_items, n_items), float32
        To the scored item (row) from the liked item (column), indices sorted; zero diagonal.
    known : bool array, shape (n_items,)
        Items that the model can score.
    past : History, optional
        What it was fitted on, where it is to be updated.
    by_like : scipy.sparse.csc_matrix, shape (n_items, n_items), float32
        The same weights, by the liked item.
    """

    weights: sparse.csr_matrix
    known: Mask
    past: History | None = None
    by_like: sparse.csc_matrix = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Turn the weights round: a like is looked up, not searched for in every item."""
        object.__setattr__(self, "by_like", sparse.csc_matrix(self.weights))

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """Return every item's score, shape (n_items,); see `CFModel`.

        O(n_items) a like. Likes that are not `known` say nothing; when none is, every score is
        ``-inf``.
        """
        return self.weighted(likes, self.known[likes].astype(np.float32))

    def weighted(self, likes: Rows, strengths: NDArray[np.float32]) -> Scores:
        """Return every item's score where each of `likes` counts as much as its strength."""
        if not self.known[likes].any():
            return np.full(len(self.known), -np.inf, np.float32)
        scores = np.zeros(len(self.known), np.float32)
        for like, strength in zip(likes.tolist(), strengths.tolist(), strict=True):
            scores += np.float32(strength) * self._from(like)
        scores[~self.known] = -np.inf
        return scores

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        """Return the weight from each of `likes` to `rows`; they sum to the score exactly."""
        parts = [self._from(like)[rows] for like in likes.tolist()]
        return np.array(parts, np.float32).reshape(len(likes), len(rows)).T

    def _from(self, like: int) -> NDArray[np.float32]:
        """Return the weight from `like` to every item."""
        start, end = self.by_like.indptr[like : like + 2]
        weights = np.zeros(len(self.known), np.float32)
        weights[self.by_like.indices[start:end]] = self.by_like.data[start:end]
        return weights

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a file must keep."""
        weights = self.weights
        return {
            "data": weights.data,
            "indices": weights.indices,
            "indptr": weights.indptr,
            "known": self.known,
            **(self.past.arrays() if self.past else {}),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the model that `arrays` came from."""
        size = len(arrays["known"])
        parts = (arrays["data"], arrays["indices"], arrays["indptr"])
        weights = sparse.csr_matrix(parts, shape=(size, size))
        return cls(weights, arrays["known"], stored_history(arrays))


def prune(weights: NDArray[np.float32], top: int) -> NDArray[np.float32]:
    """Keep the `top` largest absolute weights of each row and set the others to zero, in place.

    Parameters
    ----------
    weights : float32 array, shape (n, n)
        Row by scored item.
    top : int
        0 keeps all.
    """
    if 0 < top < weights.shape[1]:
        for row in weights:
            size = np.abs(row)
            row[size < np.partition(size, -top)[-top]] = 0.0
    return weights


def spread(weights: sparse.csr_matrix, known: Mask) -> sparse.csr_matrix:
    """Return `weights` over known items as weights over all rows of the catalogue.

    Parameters
    ----------
    weights : scipy.sparse.csr_matrix, shape (n_known, n_known)
        In the order of the known rows.
    known : bool array, shape (n_items,)
        Which rows they are.
    """
    rows = np.flatnonzero(known)
    pairs = weights.tocoo()
    size = len(known)
    cells = (rows[pairs.row], rows[pairs.col])
    matrix = sparse.csr_matrix((pairs.data.astype(np.float32), cells), shape=(size, size))
    matrix.sort_indices()
    return matrix
