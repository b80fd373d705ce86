"""An operator's files become the saved catalogue, with a report of what was found.

Owns: checking rows and making items of them. Does not own: file forms (`catalog.readers`), single
cells (`catalog.clean`), guessing a schema (`catalog.infer`), interactions
(`catalog.interaction_file`) or storage (`catalog.database`).

Bad rows never stop a good import and never enter it; a file that gives no item at all replaces
nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Engine

from catalog.clean import (
    Cell,
    canonical_values,
    canonicalise,
    is_unknown,
    plain_text,
    read_flag,
    read_link,
    read_quantity,
    read_values,
    read_year,
)
from catalog.database import save_catalog
from catalog.errors import IngestError
from catalog.infer import infer_schema
from catalog.interaction_file import read_interactions
from catalog.item import Interactions, Item
from catalog.progress import Progress, silent
from catalog.quality import Findings, QualityReport, coverage, thin_texts
from catalog.readers import Table, read_table
from catalog.schema import Facet, Schema

_TITLE_LIMIT, _TEXT_LIMIT, _ID_LIMIT = 300, 5_000, 128
# Fewer words than for other cells: there is a film called "Unknown".
_NO_TITLE = frozenset({"", "-", "n/a", "nan", "null"})
_PROGRESS_EVERY = 1_000


def ingest(
    engine: Engine,
    items: Path,
    *,
    schema: Schema | None = None,
    interactions: Path | None = None,
    progress: Progress = silent,
) -> QualityReport:
    """Replace the saved catalogue by what the files say.

    Parameters
    ----------
    engine : Engine
        From `catalog.database.open_database`.
    items : Path
        CSV, JSON Lines, JSON or Parquet, one row for each item.
    schema : Schema, optional
        What the columns mean; inferred when it is not given.
    interactions : Path, optional
        Rows of user, item and, where known, value and time.
    progress : Progress
        Told about every thousand rows.

    Raises
    ------
    IngestError
        When a file cannot be read, lacks the schema's title column, or gives no item; the old
        catalogue then stays.
    CatalogError
        When the database refuses; the old catalogue then stays.
    """
    rejected, warnings, lost = Findings(), Findings(), Findings()
    table = read_table(items, rejected, warnings)
    if schema is None:
        inference = infer_schema(table, items.stem)
        schema = inference.schema
        for column in inference.unused:
            warnings.add(f"column {column!r} is not used: no clear meaning", 0)
    else:
        _check_columns(schema, table, items)
    made = _items(table, schema, rejected, warnings, progress)
    if not made:
        reasons = "; ".join(f"{found.rows} x {found.what}" for found in rejected.result())
        raise IngestError(
            f"no row of {str(items)!r} is usable ({reasons}); nothing was replaced. Check the "
            "columns that the schema names"
        )
    met = Interactions.empty()
    if interactions is not None:
        met = read_interactions(interactions, made, lost)
    save_catalog(engine, schema, made, met)
    return QualityReport(
        source=str(items),
        schema=schema,
        rows=table.read,
        items=len(made),
        rejected=rejected.result(),
        warnings=warnings.result(),
        coverage=coverage(schema, made),
        thin_texts=thin_texts(made),
        interactions=len(met),
        interactions_rejected=lost.result(),
    )


def _check_columns(schema: Schema, table: Table, path: Path) -> None:
    known = set(table.columns)
    needed = {schema.title, schema.item_id, *schema.texts, schema.url, schema.image}
    needed |= {facet.column for facet in schema.facets}
    if missing := sorted(needed - known - {""}):
        raise IngestError(
            f"{str(path)!r} lacks columns that the schema names: {', '.join(map(repr, missing))}; "
            f"it has: {', '.join(map(repr, table.columns))}"
        )


def _items(
    table: Table, schema: Schema, rejected: Findings, warnings: Findings, progress: Progress
) -> list[Item]:
    reader = RowReader.of(schema, warnings)
    items: list[Item] = []
    ids: set[str] = set()
    contents: set[str] = set()
    for place, (number, cells) in enumerate(table.rows, 1):
        if place % _PROGRESS_EVERY == 0 or place == len(table.rows):
            progress("reading items", place, len(table.rows))
        title = plain_text(cells.get(schema.title), _TITLE_LIMIT)
        if title.casefold() in _NO_TITLE:
            rejected.add("empty title", number)
            continue
        item = reader.item(number, title, cells)
        content = repr(item)
        if content in contents:
            rejected.add("same content as an earlier row", number, title)
            continue
        item_id = _item_id(schema, cells, title, ids)
        if not item_id:
            rejected.add("empty id", number, title)
            continue
        if item_id in ids:
            rejected.add("duplicate id", number, item_id)
            continue
        ids.add(item_id)
        contents.add(content)
        items.append(replace(item, item_id=item_id))
    return items


def _item_id(schema: Schema, cells: Mapping[str, Cell], title: str, taken: set[str]) -> str:
    if schema.item_id:
        cell = cells.get(schema.item_id)
        return "" if is_unknown(cell) else plain_text(cell, _ID_LIMIT)
    # Made from the title alone, so that a new price or text keeps the item's identity.
    base = hashlib.sha256(title.casefold().encode()).hexdigest()[:12]
    item_id, copy = base, 1
    while item_id in taken:
        copy += 1
        item_id = f"{base}-{copy}"
    return item_id


@dataclass(frozen=True, slots=True)
class RowReader:
    """Makes items of rows by a schema; what it cannot read goes to `warnings`."""

    schema: Schema
    canonical: Mapping[str, Mapping[str, str]]
    warnings: Findings

    @classmethod
    def of(cls, schema: Schema, warnings: Findings) -> RowReader:
        """Return the reader of `schema`."""
        canonical = {facet.name: canonical_values(facet) for facet in schema.facets}
        return cls(schema, canonical, warnings)

    def item(self, number: int, title: str, cells: Mapping[str, Cell]) -> Item:
        """Return row `number` as an item that has no id yet."""
        labels: dict[str, tuple[str, ...]] = {}
        numbers: dict[str, float] = {}
        flags: dict[str, bool] = {}
        for facet in self.schema.facets:
            cell = cells.get(facet.column)
            if is_unknown(cell):
                continue
            if facet.kind == "number":
                value = self._number(facet, number, cell)
                if value is not None:
                    numbers[facet.name] = value
            elif facet.kind == "flag":
                flag = read_flag(cell)
                if flag is None:
                    self.warnings.add(f"{facet.name}: neither yes nor no", number, str(cell))
                else:
                    flags[facet.name] = flag
            else:
                values = read_values(cell, facet.separator)
                if values:
                    labels[facet.name] = canonicalise(values, self.canonical[facet.name])
        texts = {name: plain_text(cells.get(name), _TEXT_LIMIT) for name in self.schema.texts}
        return Item(
            item_id="",
            title=title,
            labels=labels,
            numbers=numbers,
            flags=flags,
            texts={name: text for name, text in texts.items() if not is_unknown(text)},
            url=self._link("url", self.schema.url, number, cells),
            image=self._link("image", self.schema.image, number, cells),
        )

    def _number(self, facet: Facet, number: int, cell: Cell) -> float | None:
        if facet.role == "year":
            value = read_year(cell)
            if value is None:
                self.warnings.add(f"{facet.name}: not a year", number, str(cell))
            return value
        quantity = read_quantity(cell, money=facet.role == "price")
        if quantity is None or (facet.role == "price" and quantity.value < 0):
            self.warnings.add(f"{facet.name}: not a number", number, str(cell))
            return None
        if quantity.is_range:
            self.warnings.add(f"{facet.name}: a range, its lower end counts", number, str(cell))
        return quantity.value * facet.units.get(quantity.unit, 1.0)

    def _link(self, what: str, column: str, number: int, cells: Mapping[str, Cell]) -> str:
        cell = cells.get(column) if column else None
        if is_unknown(cell):
            return ""
        link = read_link(cell)
        if not link:
            self.warnings.add(f"{what}: not an http or https address", number, str(cell))
        return link
