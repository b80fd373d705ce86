"""What all collaborative models share.

Owns: `Training`, `FittedModel`, what only some can do besides (`RatingModel`, `Updatable`), and the
contribution of a like in a model that is not linear. Does not own: any model, or the registry of
them (`ranking.cf.store`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from catalog import Catalog, Interactions
from ranking.scoring import CFModel
from retrieval.query import Rows, Scores


@dataclass(frozen=True, slots=True)
class Training:
    """What a model may learn from.

    Attributes
    ----------
    catalog : Catalog
        Items, their facets and their rows. Its own interactions are not looked at.
    interactions : Interactions
        Who met what, sorted by time; people and targets that are held out are not in it.
    vectors : float32 array, shape (len(catalog), dimensions), optional
        Unit vectors of the items' texts, for the models that read them.
    """

    catalog: Catalog
    interactions: Interactions
    vectors: NDArray[np.float32] | None = None

    @classmethod
    def of(cls, catalog: Catalog, vectors: NDArray[np.float32] | None = None) -> Training:
        """Return all that `catalog` knows of."""
        return cls(catalog, catalog.interactions, vectors)


class FittedModel(CFModel, Protocol):
    """A model that a file can keep."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all that `from_arrays` needs, under names that suit ``np.savez``."""
        ...

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the model that `arrays` came from."""
        ...


@runtime_checkable
class RatingModel(Protocol):
    """Says what someone would give to an item, besides what to show first."""

    def predict_ratings(
        self, rows: Rows, values: NDArray[np.float32], wanted: Rows
    ) -> NDArray[np.float32]:
        """Return the values expected for `wanted` from someone who gave `values` to `rows`.

        Parameters
        ----------
        rows : int32 array, shape (n,)
            What they valued, oldest first; may be empty.
        values : float32 array, shape (n,)
            In the unit of `Interactions.value`.
        wanted : int32 array, shape (m,)
            Any rows, known to the model or not.

        Returns
        -------
        float32 array, shape (m,)
            Finite, in the unit of `values`.
        """
        ...


@runtime_checkable
class Updatable(Protocol):
    """Learns from new interactions without being fitted again."""

    def updated(self, interactions: Interactions) -> Self:
        """Return the model with `interactions`, all of them new, counted in; this one stays.

        Each says how near it comes to a fit on everything: exact unless said otherwise.
        """
        ...


def without_each(
    fold_in: Callable[[Rows, Rows], Scores], likes: Rows, rows: Rows
) -> NDArray[np.float32]:
    """Return what the scores of `rows` lose without each of `likes`, (len(rows), len(likes)).

    The contributions of a model that is not linear: they need not sum to the score. A single like
    is compared with no score at all and gets the whole one. One fold-in a like.
    """

    def _scores(some: Rows) -> Scores:
        scores = fold_in(some, np.empty(0, np.int32))[rows]
        return np.where(np.isfinite(scores), scores, np.float32(0))

    rest = [_scores(np.delete(likes, at)) for at in range(len(likes))]
    without = np.array(rest, np.float32).reshape(len(likes), len(rows))
    return (_scores(likes) - without).T
