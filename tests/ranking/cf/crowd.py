"""People whose taste is known by construction."""

from __future__ import annotations

import numpy as np

from catalog import Interactions


def interactions(histories: list[list[int]], value: float = 5.0) -> Interactions:
    """Each history is one person's rows, in the order of time."""
    pairs = [(user, row) for user, rows in enumerate(histories) for row in rows]
    return Interactions(
        users=tuple(f"person {user}" for user in range(len(histories))),
        user=np.array([user for user, _ in pairs], np.int32),
        row=np.array([row for _, row in pairs], np.int32),
        value=np.full(len(pairs), value, np.float32),
        timestamp=np.arange(len(pairs), dtype=np.int64),
    )


def checkerboard(people: int = 20, items: int = 10) -> Interactions:
    """Even people meet even items, odd people odd ones; each misses one, so there is an answer.

    The last row of the catalogue, `items`, is met by nobody.
    """
    return interactions(
        [
            [row for row in range(user % 2, items, 2) if row != (user % 2 + user) % items]
            for user in range(people)
        ]
    )
