"""Ratings predicted from the people whose ratings agree.

Owns: `Raters`. Does not own: who is near in what they met (`ranking.cf.userknn`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog import Interactions
from ranking.cf.matrix import ratings
from retrieval.query import Rows

Column = NDArray[np.float32]
ROUNDS = 10
"""Alternations between people's and items' means; they move by less than 0.001 after it."""


@dataclass(frozen=True, slots=True)
class Raters:
    """Pearson's correlation between ratings, less what each person and item usually gets.

    Resnick et al. (CSCW 1994) take off a person's mean alone; taking off the item's too (Bell &
    Koren, ICDM 2007) shrinks a prediction from few or distant neighbours to the item's usual one.

    Attributes
    ----------
    rest : scipy.sparse.csr_matrix, shape (n_people, n_items), float32
        What is left of each rating; a rest of 0 is stored.
    items : float32 array, shape (n_items,)
        By how much an item is usually rated above `mean`.
    mean : float
        Of all ratings.
    shrinkage : float
        Ratings, and similarities, that stand for the usual in every mean.
    significance : int
        Fewer common items than these count for less (Herlocker et al., SIGIR 1999).
    """

    rest: sparse.csr_matrix
    items: Column
    mean: float
    shrinkage: float
    significance: int

    @classmethod
    def fit(
        cls, interactions: Interactions, n_items: int, shrinkage: float, significance: int
    ) -> Self:
        """Return the raters in `interactions` over a catalogue of `n_items`."""
        given = ratings(interactions, n_items)
        mean = float(given.data.mean()) if given.nnz else 0.0
        person = np.repeat(np.arange(len(given.indptr) - 1), np.diff(given.indptr))
        item, value = given.indices, given.data - mean
        people, items = np.zeros(len(given.indptr) - 1), np.zeros(n_items)
        for _ in range(ROUNDS):
            people = _means(person, value - items[item], len(people), shrinkage)
            items = _means(item, value - people[person], n_items, shrinkage)
        given.data = (value - people[person] - items[item]).astype(np.float32)
        return cls(given, items.astype(np.float32), mean, shrinkage, significance)

    def predict(self, rows: Rows, values: Column, wanted: Rows) -> Column:
        """Return what someone who gave `values` to `rows` would give to each of `wanted`.

        Someone unlike a neighbour learns from them as well, with the sign turned. Linear in the
        ratings kept.
        """
        over = values - self.mean - self.items[rows]
        own = float(over.sum()) / (len(rows) + self.shrinkage)
        similarity = self._similarity(rows, (over - own).astype(np.float32))
        theirs = self.rest[:, wanted]
        weight = _ones(theirs).T @ np.abs(similarity) + self.shrinkage
        found = self.mean + own + self.items[wanted] + (theirs.T @ similarity) / weight
        return found.astype(np.float32)

    def _similarity(self, rows: Rows, rest: Column) -> Column:
        theirs = self.rest[:, rows]
        common = _ones(theirs)
        ones = np.ones(len(rows), np.float32)
        scale = np.sqrt((_squared(theirs) @ ones) * (common @ rest**2))
        correlation = np.divide(theirs @ rest, scale, np.zeros_like(scale), where=scale > 1e-6)
        return correlation * np.minimum(np.diff(common.indptr) / self.significance, 1.0)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a file must keep."""
        return {
            "rest_data": self.rest.data,
            "rest_indices": self.rest.indices,
            "rest_indptr": self.rest.indptr,
            "usual": self.items,
            "raters": np.array([self.mean, self.shrinkage, self.significance]),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the raters that `arrays` came from."""
        mean, shrinkage, significance = arrays["raters"].tolist()
        parts = (arrays["rest_data"], arrays["rest_indices"], arrays["rest_indptr"])
        shape = (len(arrays["rest_indptr"]) - 1, len(arrays["usual"]))
        rest = sparse.csr_matrix(parts, shape=shape)
        return cls(rest, arrays["usual"], mean, shrinkage, int(significance))


def _means(
    group: NDArray[np.integer[Any]], value: NDArray[Any], size: int, shrinkage: float
) -> NDArray[np.float64]:
    counts = np.bincount(group, minlength=size)
    return np.bincount(group, value, minlength=size) / np.maximum(counts + shrinkage, 1e-6)


def _ones(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    parts = (np.ones_like(matrix.data), matrix.indices, matrix.indptr)
    return sparse.csr_matrix(parts, shape=matrix.shape)


def _squared(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    parts = (matrix.data**2, matrix.indices, matrix.indptr)
    return sparse.csr_matrix(parts, shape=matrix.shape)
