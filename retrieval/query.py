"""What retrieval is asked and what it answers.

Owns: `Query`, `Hits`, `Retriever`. Does not own: how a dialogue becomes a query
(`assistant.query`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog import Constraint, Mask

Rows = NDArray[np.int32]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Query:
    """One request for candidates.

    Attributes
    ----------
    text : str
        What the person wants, in words; may be empty.
    likes, dislikes : tuple of int
        Rows of items that the person likes and dislikes, oldest first, without repeats.
    constraints : tuple of Constraint
        Hard conditions; see `Constraint`.
    exclude : frozenset of int
        Rows that must not come back: refused, seen, or given as examples.
    """

    text: str = ""
    likes: tuple[int, ...] = ()
    dislikes: tuple[int, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    exclude: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Hits:
    """Rows in descending order of score; ties in ascending order of row.

    Attributes
    ----------
    rows : int32 array, shape (n,)
        Without repeats.
    scores : float32 array, shape (n,)
        In the retriever's own unit; only their order means anything elsewhere.
    """

    rows: Rows
    scores: Scores

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def empty(cls) -> Hits:
        """Return no hits."""
        return cls(np.empty(0, np.int32), np.empty(0, np.float32))

    @classmethod
    def top(cls, scores: Scores, allowed: Mask, k: int) -> Hits:
        """Return the `k` best allowed rows of a full score column, shape (n_items,).

        Rows that are not allowed, or whose score is not finite, never appear. Linear in n_items.
        """
        rows = np.flatnonzero(allowed & np.isfinite(scores)).astype(np.int32)
        values = scores[rows]
        if len(rows) > k:
            # argpartition leaves ties at the edge to chance: keep all of them, then cut in order.
            edge = np.partition(values, len(values) - k)[len(values) - k]
            keep = values >= edge
            rows, values = rows[keep], values[keep]
        order = np.lexsort((rows, -values))[:k]
        return cls(rows[order], values[order].astype(np.float32))


class Retriever(Protocol):
    """Something that finds candidates for a query.

    Every implementation must return only rows that `allowed` admits, in the order of `Hits`, at
    most `k` of them, and `Hits.empty()` where the query says nothing that it can use.
    """

    @property
    def name(self) -> str:
        """Short, unique and stable: ``"dense"``, ``"lexical"``."""
        ...

    def retrieve(self, query: Query, allowed: Mask, k: int) -> Hits:
        """Return the best `k` allowed rows; `allowed` has shape (n_items,)."""
        ...
