"""A shop's products and histories, as a catalogue and cases.

Owns: reading a folder with ``item.json`` (an object of products by id, with ``title``,
``description`` and ``brand``) and ``valid.csv`` or ``test.csv`` (a row for each purchase:
``user_id``, ``history_item_id``, a list of what came before, oldest first, and ``item_id``, what
came next), none of which comes with Vouch. Does not own: what is done with them.

The form is that of MiniOneRec (Kong et al., 2025), made of Amazon reviews (Hou et al., "Bridging
language and items for retrieval and recommendation", 2024).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import numpy as np

from catalog import Catalog, Interactions, Item, read_schema
from catalog.clean import Cell, plain_text
from catalog.errors import IngestError
from catalog.ingest import RowReader
from catalog.quality import Findings
from catalog.readers import Table, read_table

_SCHEMA = Path(__file__).with_name("schema.toml")
_NEEDED = ("user_id", "history_item_id", "item_id")
_TITLE_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Case:
    """One purchase and what came before it.

    Attributes
    ----------
    user : str
        Whose.
    history : tuple of int
        Catalogue rows, oldest first; never empty.
    target : int
        Catalogue row of what came next.
    """

    user: str
    history: tuple[int, ...]
    target: int


def read_products(folder: Path) -> Catalog:
    """Return the products in `folder`'s ``item.json``, in its order, without interactions.

    Raises
    ------
    IngestError
        When the file is missing, damaged, or not in the form above.
    """
    path = folder / "item.json"
    rejected, warnings = Findings(), Findings()
    table = read_table(path, rejected, warnings)
    schema = read_schema(_SCHEMA)
    _check(table, path, (schema.item_id, schema.title, *schema.texts, "brand"), rejected)
    reader = RowReader.of(schema, warnings)
    items: list[Item] = []
    for number, cells in table.rows:
        title = plain_text(cells.get(schema.title), _TITLE_LIMIT)
        item_id = plain_text(cells.get(schema.item_id), 128)
        if not (title and item_id):
            raise IngestError(f"product {number} of {str(path)!r} has no {schema.title} or no id")
        items.append(replace(reader.item(number, title, _plain(cells)), item_id=item_id))
    if len({item.item_id for item in items}) < len(items):
        raise IngestError(f"{str(path)!r} has an id twice")
    return Catalog.build(schema, items)


def read_cases(path: Path, catalog: Catalog) -> tuple[Case, ...]:
    """Return the purchases in the file at `path`, in its order.

    Raises
    ------
    IngestError
        When the file is missing, damaged, or names a product that there is not.
    """
    rejected = Findings()
    table = read_table(path, rejected, Findings())
    _check(table, path, _NEEDED, rejected)
    return tuple(_case(number, cells, catalog, path) for number, cells in table.rows)


def histories(cases: Sequence[Case]) -> Interactions:
    """Return who bought what before the last purchase of theirs, which is left out.

    The histories of one person are put together, repeats once, in the order of the cases; the
    timestamp is the position.
    """
    bought: dict[str, dict[int, None]] = {}
    for case in cases:
        bought.setdefault(case.user, {}).update(dict.fromkeys(case.history))
    rows = [(user, row, at) for user, mine in bought.items() for at, row in enumerate(mine)]
    users, items, times = zip(*rows, strict=True) if rows else ((), (), ())
    return Interactions.build(
        cast("tuple[str, ...]", users),
        np.array(items, np.int32),
        np.ones(len(rows), np.float32),
        np.array(times, np.int64),
    )


def _case(number: int, cells: Mapping[str, Cell], catalog: Catalog, path: Path) -> Case:
    try:
        listed = json.loads(str(cells["history_item_id"]))
        history = tuple(catalog.rows[str(item_id)] for item_id in listed)
        target = catalog.rows[plain_text(cells["item_id"], 128)]
    except (KeyError, TypeError, ValueError) as error:
        raise IngestError(
            f"row {number} of {str(path)!r} is not a history and a product of item.json: {error!r}"
        ) from error
    if not history:
        raise IngestError(f"row {number} of {str(path)!r} has an empty history")
    return Case(str(cells["user_id"]), history, target)


def _check(table: Table, path: Path, needed: Sequence[str], rejected: Findings) -> None:
    if missing := [name for name in needed if name not in table.columns]:
        raise IngestError(
            f"{str(path)!r} lacks columns: {', '.join(map(repr, missing))}; it has: "
            f"{', '.join(map(repr, table.columns))}"
        )
    if lost := rejected.result():
        what = "; ".join(f"{found.rows} x {found.what}" for found in lost)
        raise IngestError(f"{str(path)!r} is damaged: {what}")


def _plain(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    """Return the cells with lists of paragraphs, written as Python writes them, as plain text."""
    return {name: _unlisted(cell) for name, cell in cells.items()}


def _unlisted(cell: Cell) -> Cell:
    if not isinstance(cell, str) or not (cell.startswith("[") and cell.endswith("]")):
        return cell
    return cell[1:-1].strip().strip("'\"").replace("', '", " ").replace("', \"", " ")
