"""Holding people out.

Owns: `fold_people` and `without`. Does not own: what is measured or learned on them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from catalog import Interactions, Mask


def fold_people(n_users: int, folds: int, seed: int) -> NDArray[np.int64]:
    """Return a fold in [0, folds) for every user, shape (n_users,), of like sizes; seeded."""
    return np.random.default_rng(seed).permutation(n_users) % folds


def without(interactions: Interactions, users: Mask) -> Interactions:
    """Return `interactions` less all of some people's.

    Parameters
    ----------
    interactions : Interactions
        Of everybody.
    users : bool array, shape (n_users,)
        Who is left out; positions of the others do not change.
    """
    return interactions.kept(~users[interactions.user])
