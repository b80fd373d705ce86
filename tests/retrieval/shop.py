"""A small shop whose right answers are known by construction."""

from __future__ import annotations

from itertools import product

import numpy as np

from catalog import Catalog, Interactions, Item, parse_schema
from retrieval.query import Rows, Scores

OBJECTS = ("kettle", "lamp", "chair", "blanket", "clock", "mirror")
MATERIALS = ("copper", "oak", "wool", "glass")
COLOURS = ("red", "blue")

SCHEMA = parse_schema(
    """
    name = "shop"
    noun = "product"
    texts = ["description"]
    [facets.colour]
    kind = "category"
    [facets.price]
    kind = "number"
    role = "price"
    """
)


def build_shop(extra: tuple[Item, ...] = ()) -> Catalog:
    """One product per object, material and colour, 48 in all, `extra` after them.

    Row r costs 10 + r. The first 12 rows are one copper and oak, red and blue of kettle and lamp
    and chair; person i of 10 met rows 0 to i, so that the popularity of row r is 10 - r and no one
    met anything from row 10 on.
    """
    items = [
        Item(
            item_id=f"{material}-{thing}-{colour}",
            title=f"{material} {thing}",
            labels={"colour": (colour,)},
            numbers={"price": 10.0 + row},
            texts={"description": f"{thing} of {material}"},
        )
        for row, (thing, material, colour) in enumerate(product(OBJECTS, MATERIALS, COLOURS))
    ]
    met = [(person, row) for person in range(10) for row in range(person + 1)]
    count = len(met)
    interactions = Interactions(
        users=tuple(f"person {i}" for i in range(10)),
        user=np.array([person for person, _ in met], np.int32),
        row=np.array([row for _, row in met], np.int32),
        value=np.ones(count, np.float32),
        timestamp=np.arange(count, dtype=np.int64),
    )
    return Catalog.build(SCHEMA, (*items, *extra), interactions)


def rows_with(catalog: Catalog, *words: str) -> set[int]:
    """Rows whose text has every one of `words`."""
    return {
        row for row in range(len(catalog)) if set(words) <= set(catalog.items[row].title.split())
    }


class CooccurrenceModel:
    """Counts the people who met a liked item and this one; unknown items are at minus infinity."""

    def __init__(self, catalog: Catalog) -> None:
        known = catalog.interactions
        matrix = np.zeros((len(known.users), len(catalog)), np.float32)
        matrix[known.user, known.row] = 1
        self._together = matrix.T @ matrix
        self._unknown = matrix.sum(axis=0) == 0

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        scores = self._together[likes].sum(axis=0)
        scores[self._unknown] = -np.inf
        return scores
