"""Who is seen too often: weights against the imbalance of popularity.

Owns: `inverse_propensity`. Does not own: the losses that it weighs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from catalog import Interactions


def inverse_propensity(
    interactions: Interactions, n_items: int, power: float
) -> NDArray[np.float32]:
    """Return the weight of an observation of each item, shape (n_items,).

    An item is observed with a propensity that grows with its popularity, ``n_i ^ power``; its
    inverse makes the loss of what was observed speak for what was not (Schnabel et al., ICML 2016),
    in the self-normalised form: the observations weigh 1 on average.

    Parameters
    ----------
    interactions : Interactions
        What was observed.
    n_items : int
        Length of the catalogue.
    power : float
        0 weighs every observation alike, 1 every item; larger follows the long tail, and has the
        larger variance.
    """
    counts = np.bincount(interactions.row, minlength=n_items)
    weights = np.maximum(counts, 1.0) ** -power
    total = float((weights * counts).sum())
    return (weights * (len(interactions) / total if total else 1.0)).astype(np.float32)
