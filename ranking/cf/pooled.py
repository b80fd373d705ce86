"""Serving a person who is the sum of their likes: what NeuMF, FM and DeepFM share.

Owns: `Pooled`. Does not own: how the tables come about (`ranking.cf.networks`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from catalog import Mask
from ranking.cf.model import without_each
from retrieval.query import Rows, Scores

Table = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pooled:
    """Scores ``score[j] = bias[j] + person . items[j] + tower(deep_person + deep_items[j])``.

    ``person`` is the sum of the likes' rows of `likes` over the root of how many there are, and
    ``deep_person`` the same of `deep_likes`: a function of the session, so that folding in someone
    new is exact and needs no optimisation (as in FISM, Kabbur et al., KDD 2013). Dislikes are left
    out.

    Attributes
    ----------
    known : bool array, shape (n_items,)
        Items that can be scored, and likes that say something.
    likes, items : float32 arrays, shape (n_items, factors)
        What an item says as a like, and what it is as a candidate.
    bias : float32 array, shape (n_items,)
        What an item has without anybody.
    deep_likes, deep_items : float32 arrays, shape (n_items, width)
        Each one's part of the tower's first layer; width 0 where there is no tower.
    layers : tuple of (weight, offset)
        The tower's later layers, a ReLU before each; the last has one output.
    """

    known: Mask
    likes: Table
    items: Table
    bias: Scores
    deep_likes: Table
    deep_items: Table
    layers: tuple[tuple[Table, Table], ...] = ()

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """Return every item's score, shape (n_items,); see `CFModel`.

        O(n_items (factors + size of the tower)). When no like is known every score is ``-inf``.
        """
        scores = np.full(len(self.known), -np.inf, np.float32)
        likes = likes[self.known[likes]]
        if len(likes):
            scores[self.known] = self.score(likes, self.known)
        return scores

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        """Return what the scores of `rows` lose without each like; see `without_each`."""
        return without_each(self.fold_in, likes, rows)

    def score(self, likes: Rows, wanted: Mask | Rows) -> Scores:
        """Return the scores of `wanted` items for known `likes`, of which there is at least one."""
        share = np.float32(1 / np.sqrt(len(likes)))
        scores = self.items[wanted] @ (self.likes[likes].sum(axis=0) * share) + self.bias[wanted]
        if not self.layers:
            return scores
        hidden = self.deep_items[wanted] + self.deep_likes[likes].sum(axis=0) * share
        for weight, offset in self.layers:
            hidden = np.maximum(hidden, 0) @ weight + offset
        return scores + hidden[:, 0]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a file must keep."""
        names = ("known", "likes", "items", "bias", "deep_likes", "deep_items")
        tables = {name: getattr(self, name) for name in names}
        for depth, (weight, offset) in enumerate(self.layers):
            tables |= {f"weight{depth}": weight, f"offset{depth}": offset}
        return tables

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the model that `arrays` came from."""
        tables = dict(arrays)
        depths = range(sum(name.startswith("weight") for name in tables))
        layers = tuple((tables.pop(f"weight{d}"), tables.pop(f"offset{d}")) for d in depths)
        return cls(**tables, layers=layers)
