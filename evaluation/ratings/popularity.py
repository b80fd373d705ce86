"""How well known items are to those that a model learned from.

Owns: `Popularity`. Does not own: what is done with it (`evaluation.ratings.judging`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog import Interactions, Mask

HEAD = 0.2
"""Share of the items that are no long tail."""
TENTHS = 10
COLD = TENTHS
"""`Popularity.tenth` of items that nobody met."""


@dataclass(frozen=True, slots=True)
class Popularity:
    """Who met what, counted.

    Attributes
    ----------
    counts : float32 array, shape (n_items,)
        Interactions with each item.
    people : int
        Who has any.
    tail : bool array, shape (n_items,)
        All but the 20% of the items with the most interactions, ties to the lower row.
    tenth : int8 array, shape (n_items,)
        The items, most popular first, cut where each tenth of the interactions ends: 0 is the few
        best known, 9 the many hardly known, 10 those that nobody met.
    """

    counts: NDArray[np.float32]
    people: int
    tail: Mask
    tenth: NDArray[np.int8]

    @classmethod
    def of(cls, training: Interactions, n_items: int) -> Popularity:
        """Return the counts of `training` over a catalogue of `n_items`."""
        counts = np.bincount(training.row, minlength=n_items)
        order = np.argsort(-counts, kind="stable")
        tail = np.ones(n_items, np.bool_)
        tail[order[: int(np.ceil(HEAD * n_items))]] = False
        before = np.cumsum(counts[order]) - counts[order]
        tenth = np.full(n_items, COLD, np.int8)
        tenth[order] = np.where(counts[order] > 0, TENTHS * before // max(len(training), 1), COLD)
        people = len(np.unique(training.user))
        return cls(counts.astype(np.float32), people, tail, tenth)
