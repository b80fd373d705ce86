"""A whole catalogue in memory, immutable, addressed by row.

Owns: `Catalog`. Does not own: where it is kept (`catalog.database`) or how it got there
(`catalog.ingest`). A *row* is an item's position in `Catalog.items`; retrieval and ranking work on
int32 arrays of rows and never on ids.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from catalog.constraint import Constraint
from catalog.errors import UnknownItemError
from catalog.facets import FacetStore
from catalog.item import Interactions, Item
from catalog.schema import Schema


@dataclass(frozen=True, slots=True)
class Catalog:
    """Items, what they mean, and who met them.

    Attributes
    ----------
    schema : Schema
        What the columns mean.
    items : tuple of Item
        In a fixed order; the position is the row.
    interactions : Interactions
        Sorted by time.
    rows : mapping of str to int
        Item id to row.
    facets : FacetStore
        Evaluates constraints.
    popularity : float32 array, shape (n_items,)
        Number of interactions with each item.
    fingerprint : str
        Hash over schema and items; derived files that carry another one are stale.
    """

    schema: Schema
    items: tuple[Item, ...]
    interactions: Interactions
    rows: Mapping[str, int]
    facets: FacetStore
    popularity: NDArray[np.float32]
    fingerprint: str

    @classmethod
    def build(
        cls, schema: Schema, items: Sequence[Item], interactions: Interactions | None = None
    ) -> Catalog:
        """Return the catalogue of `items`, with its columns and hashes computed."""
        interactions = interactions or Interactions.empty()
        counts = np.bincount(interactions.row, minlength=len(items)).astype(np.float32)
        return cls(
            schema=schema,
            items=tuple(items),
            interactions=interactions,
            rows={item.item_id: row for row, item in enumerate(items)},
            facets=FacetStore(schema, items),
            popularity=counts,
            fingerprint=_fingerprint(schema, items),
        )

    def __len__(self) -> int:
        return len(self.items)

    def row(self, item_id: str) -> int:
        """Return the row of `item_id`.

        Raises
        ------
        UnknownItemError
            When the catalogue lacks it.
        """
        try:
            return self.rows[item_id]
        except KeyError:
            raise UnknownItemError(
                f"no item {item_id!r} in catalogue {self.schema.name!r}"
            ) from None

    def item(self, item_id: str) -> Item:
        """Return the item called `item_id`; raises `UnknownItemError`."""
        return self.items[self.row(item_id)]

    def satisfies(self, item_id: str, constraint: Constraint) -> bool:
        """Tell whether `item_id` satisfies `constraint`, alone."""
        return self.facets.satisfies(self.row(item_id), (constraint,))

    def document(self, row: int) -> str:
        """Return the text that stands for an item in search and ranking.

        Title, then the facets that the schema marks ``in_text``, then the free texts:
        ``"Heat (1995). Genres: Action, Crime. Directed by ... Synopsis ..."``.
        """
        item = self.items[row]
        parts = [self.name(row)]
        for facet in self.schema.facets:
            values = item.labels.get(facet.name, ())
            if values and facet.in_text:
                parts.append(f"{facet.label}: {', '.join(values)}")
        parts.extend(text for text in item.texts.values() if text)
        return ". ".join(part.rstrip(". ") for part in parts) + "."

    def name(self, row: int) -> str:
        """Return the title, with the year where the schema has one: ``"Heat (1995)"``."""
        item = self.items[row]
        year = self.schema.by_role("year")
        if year is None or year.name not in item.numbers:
            return item.title
        return f"{item.title} ({item.numbers[year.name]:g})"


def _fingerprint(schema: Schema, items: Sequence[Item]) -> str:
    digest = hashlib.sha256(repr(schema).encode())
    names = sorted(entry.name for entry in fields(Item))
    for item in items:
        # Not asdict(), which copies every value first and takes three times as long.
        values = {name: getattr(item, name) for name in names}
        digest.update(json.dumps(values, sort_keys=True).encode())
    return digest.hexdigest()[:16]
