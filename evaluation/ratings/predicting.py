"""How far predicted values are off, beside three baselines.

Owns: `errors_of`, `Biases`. Does not own: the models that predict (`ranking.cf`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog import Interactions
from evaluation.ratings.splits import Fold
from ranking.cf.model import RatingModel
from retrieval.query import Rows

_ITEM_DAMPING, _PERSON_DAMPING = 25.0, 10.0


@dataclass(frozen=True, slots=True)
class Errors:
    """Sums over each person's predicted values, shape (n_people,) each.

    Attributes
    ----------
    absolute, squared : float64 array
        Of the differences.
    counts : float64 array
        How many values.
    """

    absolute: NDArray[np.float64]
    squared: NDArray[np.float64]
    counts: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Biases:
    """Mean, plus how much an item is above it, plus how much a person is above what they met.

    ``mu + b_i + b_u``, each offset shrunk by a damping (Koren, TKDD 2010, section 2.1).

    Attributes
    ----------
    mean : float
        Of all values.
    items : float32 array, shape (n_items,)
        Offset of each item; 0 where nobody valued it.
    damping : float
        Of a person's offset; infinite leaves it out.
    """

    mean: float
    items: NDArray[np.float32]
    damping: float

    @classmethod
    def fit(
        cls, training: Interactions, n_items: int, item_damping: float, damping: float
    ) -> Biases:
        """Return the offsets of `training`; an infinite `item_damping` leaves items' out."""
        mean = float(training.value.mean())
        counts = np.bincount(training.row, minlength=n_items)
        sums = np.bincount(training.row, training.value - mean, minlength=n_items)
        offsets = np.divide(sums, counts + item_damping, out=np.zeros(n_items), where=counts > 0)
        return cls(mean, offsets.astype(np.float32), damping)

    def predict_ratings(
        self, rows: Rows, values: NDArray[np.float32], wanted: Rows
    ) -> NDArray[np.float32]:
        """See `RatingModel.predict_ratings`."""
        above = values - self.mean - self.items[rows]
        person = float(above.sum()) / (len(rows) + self.damping) if len(rows) else 0.0
        return (self.mean + self.items[wanted] + person).astype(np.float32)


def baselines(training: Interactions, n_items: int) -> Mapping[str, Biases]:
    """Return the baselines by name."""

    def fit(item_damping: float, damping: float) -> Biases:
        return Biases.fit(training, n_items, item_damping, damping)

    return {
        "global mean": fit(np.inf, np.inf),
        "item mean": fit(0.0, np.inf),
        "biases": fit(_ITEM_DAMPING, _PERSON_DAMPING),
    }


def errors_of(model: RatingModel, fold: Fold) -> Errors:
    """Return the errors of the values that `model` predicts for what people did later.

    Predictions are first cut to the range of the training's values, whoever makes them.
    """
    low, high = float(fold.training.value.min()), float(fold.training.value.max())
    differences = [
        np.clip(model.predict_ratings(case.history, case.values, case.later), low, high)
        - case.later_values.astype(np.float64)
        for cases in fold.cases.values()
        for case in cases
    ]
    return Errors(
        absolute=np.array([np.abs(off).sum() for off in differences]),
        squared=np.array([np.square(off).sum() for off in differences]),
        counts=np.array([len(off) for off in differences], np.float64),
    )
