"""How alike two items are, by what is said of them.

Owns: `ItemSimilarity`. Does not own: the vectors (`retrieval.dense`) or what a likeness is worth
(`ranking.terms`).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog import Catalog
from retrieval.query import Rows, Scores


class ItemSimilarity:
    """Likeness of text beyond the usual, plus facet values in common, rare ones first.

    ``max(0, cosine - usual) + sum over common values of rarity^2``, never negative. *Usual* is the
    mean cosine of two items of the catalogue. The rarity of a value that n of N items have is
    ``log(N / n) / log(N)``: 1 for a single item, 0 for all of them.

    Memory is one float32 and one int32 per item and facet value.
    """

    def __init__(self, catalog: Catalog, vectors: NDArray[np.float32] | None = None) -> None:
        self._vectors = vectors
        mean = np.zeros(1) if vectors is None or not len(vectors) else vectors.mean(axis=0)
        self._usual = float(mean @ mean)  # the mean of all pairwise inner products
        rarities = _rarities(catalog)
        self._starts = np.asarray(rarities.indptr, np.int64)
        self._values = np.asarray(rarities.indices)
        self._rarity = np.asarray(rarities.data)
        self._n_values = 1 + int(self._values.max(initial=-1))
        # One turn asks for the same likenesses for several terms, and again for its reasons.
        self._columns = lru_cache(maxsize=512)(self._alike)
        self._cells = lru_cache(maxsize=8)(self._values_of)

    def __call__(self, rows: Rows, others: Rows) -> Scores:
        """Return how alike each of `rows` is to each of `others`, shape (rows, others)."""
        found = np.empty((len(rows), len(others)), np.float32)
        key = np.asarray(rows, np.int32).tobytes()
        for column, other in enumerate(others.tolist()):
            found[:, column] = self._columns(key, other)
        return found

    def _alike(self, key: bytes, other: int) -> Scores:
        rows = np.frombuffer(key, np.int32)
        alike = self._in_common(key, other)
        if self._vectors is not None:
            cosines = self._vectors[rows] @ self._vectors[other]
            alike += np.maximum(0.0, cosines - self._usual)
        return alike.astype(np.float32)

    def _in_common(self, key: bytes, other: int) -> NDArray[np.float64]:
        """Return the products of rarities, shape (rows,).

        A product of sparse matrices, which for a slate is mostly the making of the matrices.
        """
        owner, values, rarities = self._cells(key)
        here = np.zeros(self._n_values, np.float32)
        own = slice(self._starts[other], self._starts[other + 1])
        here[self._values[own]] = self._rarity[own]
        n_rows = len(key) // np.dtype(np.int32).itemsize
        # Of rows that have no values at all, or of no rows, it counts in whole numbers.
        return np.bincount(owner, rarities * here[values], n_rows).astype(np.float64)

    def _values_of(self, key: bytes) -> tuple[NDArray[np.int64], NDArray[Any], NDArray[Any]]:
        """Return every value of every row: whose it is, which, and how rare."""
        rows = np.frombuffer(key, np.int32)
        starts = self._starts[rows]
        counts = self._starts[rows + 1] - starts
        owner = np.repeat(np.arange(len(rows)), counts)
        first = np.cumsum(counts) - counts
        cells = np.arange(len(owner)) - np.repeat(first - starts, counts)
        return owner, self._values[cells], self._rarity[cells]


def rarity(count: int, n_items: int) -> float:
    """Return ``log(N / n) / log(N)`` in [0, 1] for a value that `count` of `n_items` have."""
    return float(np.log(n_items / max(count, 1)) / np.log(max(n_items, 2)))


def _rarities(catalog: Catalog) -> sparse.csr_matrix:
    """Return the rarity of every facet value of every item, shape (n_items, n_values)."""
    columns: dict[tuple[str, str], int] = {}
    cells: list[tuple[int, int]] = []
    for row, item in enumerate(catalog.items):
        for facet, values in item.labels.items():
            names = {value.casefold() for value in values}
            cells += [(row, columns.setdefault((facet, n), len(columns))) for n in sorted(names)]
    at = np.array(cells, np.int64).reshape(-1, 2)
    counts = np.bincount(at[:, 1], minlength=len(columns))
    weight = np.array([rarity(int(count), len(catalog)) for count in counts], np.float32)
    shape = (len(catalog), len(columns))
    return sparse.csr_matrix((weight[at[:, 1]], (at[:, 0], at[:, 1])), shape=shape)
