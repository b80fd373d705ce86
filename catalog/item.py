"""One thing that can be recommended, and one observation of a person with it.

Owns: `Item`, `Interactions`. Does not own: their storage (`catalog.database`) or their meaning
(`catalog.schema`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be recommended.

    Attributes
    ----------
    item_id : str
        Unique in its catalogue.
    title : str
        As shown; never empty.
    labels : mapping of str to tuple of str
        Values of category and people facets by facet name, in source order; absent means unknown.
    numbers : mapping of str to float
        Values of number facets; absent means unknown.
    flags : mapping of str to bool
        Values of flag facets; absent means unknown.
    texts : mapping of str to str
        Free text by column, plain (no markup).
    url, image : str
        ``http`` or ``https`` addresses, or empty.
    aliases : tuple of str
        Other titles that people know it by: original, translated, alternative.
    """

    item_id: str
    title: str
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    numbers: Mapping[str, float] = field(default_factory=dict[str, float])
    flags: Mapping[str, bool] = field(default_factory=dict[str, bool])
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    url: str = ""
    image: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interactions:
    """Who met what, when and how they liked it: parallel arrays of length n, sorted by time.

    Attributes
    ----------
    users : tuple of str
        User ids; `user` holds positions in it.
    user, row : int32 arrays, shape (n,)
        User position, and item row in `Catalog.items`.
    value : float32 array, shape (n,)
        Rating or strength, in the source's own scale.
    timestamp : int64 array, shape (n,)
        Seconds since 1970; 0 where unknown.
    """

    users: tuple[str, ...]
    user: NDArray[np.int32]
    row: NDArray[np.int32]
    value: NDArray[np.float32]
    timestamp: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.user)

    def kept(self, which: NDArray[np.bool_]) -> Interactions:
        """Return those where `which`, shape (n,), is true; order and positions stay."""
        return Interactions(
            self.users,
            self.user[which],
            self.row[which],
            self.value[which],
            self.timestamp[which],
        )

    @classmethod
    def empty(cls) -> Interactions:
        """Return interactions of nobody with nothing."""
        return cls(
            (),
            np.empty(0, np.int32),
            np.empty(0, np.int32),
            np.empty(0, np.float32),
            np.empty(0, np.int64),
        )

    @classmethod
    def build(
        cls,
        users: Sequence[str],
        rows: NDArray[np.int32],
        values: NDArray[np.float32],
        timestamps: NDArray[np.int64],
    ) -> Interactions:
        """Return the interactions of parallel columns, each of length n, in any order.

        Sorted by time, ties in source order; `users` is numbered in order of first appearance.
        """
        order = np.argsort(timestamps, kind="stable")
        positions: dict[str, int] = {}
        places: list[int] = order.tolist()
        user = [positions.setdefault(users[place], len(positions)) for place in places]
        return cls(
            tuple(positions),
            np.array(user, np.int32),
            rows[order].astype(np.int32),
            values[order].astype(np.float32),
            timestamps[order].astype(np.int64),
        )
