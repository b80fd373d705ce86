"""Interactions as a sparse matrix.

Owns: which interactions count, what one row of the matrix is (a person, or one stretch of a
person's history), and the matrix of ratings. Does not own: the models fitted on it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog import Interactions, Mask

Flags = NDArray[np.float32]


def incidence(
    interactions: Interactions, n_items: int, *, min_value: float = 0.0, window: int = 0
) -> sparse.csr_matrix:
    """Return who met what as a matrix of ones.

    Parameters
    ----------
    interactions : Interactions
        Sorted by time.
    n_items : int
        Number of columns.
    min_value : float
        Interactions below it are left out.
    window : int
        Where positive, a row is a run of this many consecutive interactions of one person
        (runs do not overlap, the last one may be shorter); 0 makes a row a whole person.

    Returns
    -------
    scipy.sparse.csr_matrix, shape (n_rows, n_items), float32
        1 where met, however often.
    """
    kept = interactions.value >= min_value
    user, row = interactions.user[kept].astype(np.int64), interactions.row[kept]
    group = user
    if window > 0 and len(user):
        order = np.argsort(user, kind="stable")  # keeps each person's own order in time
        starts = np.searchsorted(user[order], user[order], side="left")
        position = np.empty(len(user), np.int64)
        position[order] = np.arange(len(user)) - starts
        group = user * (len(user) // window + 1) + position // window
    names, group = np.unique(group, return_inverse=True)
    ones = np.ones(len(row), np.float32)
    matrix = sparse.csr_matrix((ones, (group, row)), shape=(len(names), n_items))
    matrix.data[:] = 1.0  # repeats were summed
    return matrix


def ratings(interactions: Interactions, n_items: int) -> sparse.csr_matrix:
    """Return what everybody gave as a matrix, the latest where someone valued an item again.

    Parameters
    ----------
    interactions : Interactions
        Sorted by time.
    n_items : int
        Number of columns.

    Returns
    -------
    scipy.sparse.csr_matrix, shape (n_people, n_items), float32
        People with an interaction, in the order of their positions. A value of 0 is stored.
    """
    cell = interactions.user.astype(np.int64) * n_items + interactions.row
    # np.unique finds the first of each: backwards in time, that is the latest.
    cells, latest = np.unique(cell[::-1], return_index=True)
    people, group = np.unique(cells // n_items, return_inverse=True)
    indptr = np.searchsorted(group, np.arange(len(people) + 1))
    parts = (interactions.value[::-1][latest], (cells % n_items).astype(np.int32), indptr)
    return sparse.csr_matrix(parts, shape=(len(people), n_items))


def frequent(interactions: Interactions, n_items: int, min_interactions: int) -> Mask:
    """Return which items have at least `min_interactions` interactions, shape (n_items,)."""
    counts = np.bincount(interactions.row, minlength=n_items)
    return counts >= max(1, min_interactions)
