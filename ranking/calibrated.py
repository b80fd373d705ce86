"""A slate in the proportions of a person's likes.

Owns: `Taste`, `Categories`. Does not own: the re-ranking that uses them (`ranking.diversity`), nor
the common scale of the terms, which is another calibration (`ranking.calibration`).

Somebody whose likes are seven parts drama and three parts comedy is served well by a slate that is
too; a score alone would give the larger part every place. Steck, "Calibrated recommendations",
RecSys 2018.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog import Catalog
from ranking.scoring import Request
from retrieval.query import Rows

# Steck's alpha: keeps the divergence finite where a slate lacks a value altogether.
_SMOOTHING = 0.01


@dataclass(frozen=True, slots=True)
class Taste:
    """What a slate should be made of.

    Attributes
    ----------
    wanted : float64 array, shape (n_values,)
        Share of every value in the likes; sums to 1.
    shares : float64 array, shape (n_items, n_values)
        Share of every value in an item, by catalogue row; a row sums to 1, or is 0 where the item
        has no value.
    """

    wanted: NDArray[np.float64]
    shares: NDArray[np.float64]

    def divergence(self, totals: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far slates are from what is wanted, in nats, shape (n_slates,).

        The Kullback-Leibler divergence of the slate's shares, smoothed by a hundredth of the wanted
        ones, from the wanted shares: 0 where they agree, at most log 100.

        Parameters
        ----------
        totals : float64 array, shape (n_slates, n_values)
            Sums of the `shares` of each slate's items.
        """
        held = self.wanted > 0
        wanted = self.wanted[held]
        size = np.maximum(totals.sum(axis=1, keepdims=True), 1e-12)
        shown = (1 - _SMOOTHING) * totals[:, held] / size + _SMOOTHING * wanted
        return (wanted * np.log(wanted / shown)).sum(axis=1)


class Categories:
    """What the items of a catalogue are, broadly: the shares of one facet's values.

    Parameters
    ----------
    catalog : Catalog
        Of the items.
    facet : str
        A category facet of its schema; empty is the one that most items have a value of.
    """

    def __init__(self, catalog: Catalog, facet: str = "") -> None:
        self._facet = facet or main_category(catalog)
        labels = [item.labels.get(self._facet, ()) for item in catalog.items]
        values = {value: at for at, value in enumerate(sorted({v for own in labels for v in own}))}
        self._shares = np.zeros((len(labels), len(values)))
        for row, own in enumerate(labels):
            for value in own:
                self._shares[row, values[value]] += 1 / len(own)

    def taste(self, request: Request) -> Taste | None:
        """Return what a slate for `request` should be made of, every like counting the same.

        None without likes that have a value, and where the person speaks of the facet: who asks for
        comedies wants comedies, whatever they liked before.
        """
        spoken = {wish.facet for wish in request.wishes}
        spoken |= {constraint.facet for constraint in request.query.constraints}
        if self._facet in spoken:
            return None
        likes: Rows = np.array(request.query.likes, np.int32)
        wanted = self._shares[likes].sum(axis=0)
        return Taste(wanted / wanted.sum(), self._shares) if wanted.any() else None


def main_category(catalog: Catalog) -> str:
    """Return the category facet that most items have a value of, the first of equals; or ""."""
    known = Counter(name for item in catalog.items for name in item.labels)
    facets = [facet.name for facet in catalog.schema.facets if facet.kind == "category"]
    return max(facets, key=lambda name: known[name], default="")
