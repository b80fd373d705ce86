"""What a known person did before this session, from the catalogue's interactions.

Owns: `History`. Does not own: what is said in a session (`assistant.profile`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from catalog import Catalog


@dataclass(frozen=True, slots=True)
class History:
    """A known person's past.

    Attributes
    ----------
    likes : tuple of int
        Rows valued at or above the person's own mean, the most recent ones, oldest first.
    met : frozenset of int
        Every row that they have interacted with: they know these, so they are not picks.
    """

    likes: tuple[int, ...] = ()
    met: frozenset[int] = frozenset()


def history_of(catalog: Catalog, user_id: str | None, recent: int = 20) -> History:
    """Return the past of `user_id`; empty for nobody and for a person not seen before.

    Parameters
    ----------
    catalog : Catalog
        Holds the interactions.
    user_id : str or None
        As in the interactions file.
    recent : int
        How many likes to keep: taste drifts, and fold-in is trained on short windows.

    Notes
    -----
    Linear in the number of interactions; asked once a session.
    """
    interactions = catalog.interactions
    if user_id is None or user_id not in interactions.users:
        return History()
    mine = np.flatnonzero(interactions.user == interactions.users.index(user_id))
    values, rows = interactions.value[mine], interactions.row[mine]
    liked = rows[values >= values.mean()][-recent:]
    return History(
        tuple(dict.fromkeys(int(row) for row in liked)), frozenset(int(row) for row in rows)
    )
