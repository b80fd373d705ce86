"""What the schema says of the items, as numbers that a model can learn from.

Owns: `Features`, `text_vectors`, `described`. Does not own: what the facets mean (`catalog.schema`)
or any model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog import Catalog, Facet, Mask
from catalog.errors import ModelError
from ranking.cf.model import Training


@dataclass(frozen=True, slots=True)
class Features:
    """One row per item, one column per facet value.

    Attributes
    ----------
    matrix : scipy.sparse.csr_matrix, shape (n_items, n_columns), float32
        The values that an item has of one facet share a squared length of 1, so that a long cast
        says no more than a single director; a facet that is unknown is all zeros.
    fields : tuple of slice
        The columns of each facet that has any, in the order of the schema.
    """

    matrix: sparse.csr_matrix
    fields: tuple[slice, ...]

    @classmethod
    def of(cls, catalog: Catalog, least: int = 3, buckets: int = 8) -> Features:
        """Return the facets of the items of `catalog`; linear in the values.

        Parameters
        ----------
        least : int
            Values that fewer items have are left out: nothing can be learned from them.
        buckets : int
            Numbers are told apart by this many quantiles, one column each.
        """
        found = [_block(catalog, facet, least, buckets) for facet in catalog.schema.facets]
        blocks = [block for block, _ in found]
        ends = np.cumsum([0, *(width for _, width in found if width)]).tolist()
        empty = sparse.csr_matrix((len(catalog), 0), dtype=np.float32)
        matrix = sparse.csr_matrix(sparse.hstack([empty, *blocks], format="csr", dtype=np.float32))
        return cls(matrix, tuple(slice(*pair) for pair in pairwise(ends)))


def text_vectors(training: Training, name: str) -> NDArray[np.float32]:
    """Return the vectors of `training`, shape (n_items, dimensions), for the model called `name`.

    Raises
    ------
    ModelError
        When there are none, or not one for each item.
    """
    vectors = training.vectors
    if vectors is None:
        raise ModelError(
            f"model {name!r} reads the texts of the items and was given no vectors; pass those of "
            "the dense index as Training(..., vectors=...), or choose another model with "
            "`ranking.cf`, as 'ease'"
        )
    if len(vectors) != len(training.catalog):
        raise ModelError(
            f"{len(vectors)!r} text vectors for {len(training.catalog)!r} items; open the dense "
            "index of this catalogue"
        )
    return vectors


def described(vectors: NDArray[np.float32]) -> Mask:
    """Return which items have a text, shape (n_items,): a vector that is not zero."""
    return np.any(vectors != 0, axis=1)


def _block(
    catalog: Catalog, facet: Facet, least: int, buckets: int
) -> tuple[sparse.csr_matrix, int]:
    """Return the columns of `facet`, and how many there are."""
    pairs = list(_values(catalog, facet, buckets))
    counts = Counter(value for _, value in pairs)
    kept = sorted(value for value, count in counts.items() if count >= least)
    columns = {value: column for column, value in enumerate(kept)}
    cells = [(row, columns[value]) for row, value in pairs if value in columns]
    rows, at = np.array(cells, np.int64).reshape(-1, 2).T
    sizes = np.bincount(rows, minlength=len(catalog))
    data = (1 / np.sqrt(sizes[rows])).astype(np.float32)
    shape = (len(catalog), len(kept))
    return sparse.csr_matrix((data, (rows, at)), shape=shape), len(kept)


def _values(catalog: Catalog, facet: Facet, buckets: int) -> Iterator[tuple[int, str]]:
    """Yield every value of `facet` with the row that has it, each pair once."""
    if facet.kind == "number":
        yield from _quantiles(catalog, facet, buckets)
        return
    for row, item in enumerate(catalog.items):
        if facet.kind == "flag":
            if facet.name in item.flags:
                yield row, str(item.flags[facet.name])
        else:
            for value in dict.fromkeys(item.labels.get(facet.name, ())):
                yield row, value


def _quantiles(catalog: Catalog, facet: Facet, buckets: int) -> Iterator[tuple[int, str]]:
    known = [row for row, item in enumerate(catalog.items) if facet.name in item.numbers]
    if known:
        numbers: NDArray[np.float64] = np.array(
            [catalog.items[row].numbers[facet.name] for row in known]
        )
        edges = np.unique(np.quantile(numbers, np.arange(1, buckets) / buckets))
        for row, bucket in zip(known, np.searchsorted(edges, numbers).tolist(), strict=True):
            yield row, f"{bucket:04d}"
