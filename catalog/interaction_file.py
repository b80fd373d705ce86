"""Files of who met what: user, item and, where known, value and time.

Owns: finding the columns and checking the rows. Does not own: file forms (`catalog.readers`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from catalog.clean import Cell, identifier, is_unknown, plain_text, read_quantity
from catalog.errors import IngestError
from catalog.item import Interactions, Item
from catalog.quality import Findings
from catalog.readers import Table, read_table

_USER = ("user_id", "userid", "user", "customer_id", "customer", "visitor_id", "session_id")
_ITEM = ("item_id", "item", "itemid", "product_id", "product", "movie_id", "movieid", "sku", "asin")
_VALUE = ("value", "rating", "weight", "score", "strength", "quantity")
_TIME = ("timestamp", "time", "datetime", "date", "created_at", "event_time")
_MILLISECONDS = 1e11
"""Seconds reach this in the year 5138: anything above is in milliseconds."""


def read_interactions(path: Path, items: Sequence[Item], rejected: Findings) -> Interactions:
    """Return the interactions in the file at `path` with `items`, sorted by time.

    Columns are found by name. A missing value column counts every row as 1; a missing or
    unreadable time is 0. Rows that cannot be used go to `rejected`.

    Raises
    ------
    IngestError
        When the file cannot be read or lacks a user or an item column.
    """
    table = read_table(path, rejected, rejected)
    user_column, item_column = _column(table, _USER), _column(table, _ITEM)
    if not user_column or not item_column:
        raise IngestError(
            f"{str(path)!r} needs a user and an item column (such as user_id and item_id); it "
            f"has: {', '.join(map(repr, table.columns))}"
        )
    value_column, time_column = _column(table, _VALUE), _column(table, _TIME)
    rows = {item.item_id: row for row, item in enumerate(items)}
    users: list[str] = []
    found: list[tuple[int, float, int]] = []
    for number, cells in table.rows:
        user = plain_text(cells.get(user_column), 128)
        item_id = plain_text(cells.get(item_column), 128)
        value = _value(cells.get(value_column)) if value_column else 1.0
        if is_unknown(user):
            rejected.add("no user", number)
        elif item_id not in rows:
            rejected.add("no such item", number, item_id)
        elif value is None:
            rejected.add("value is not a number", number, str(cells.get(value_column)))
        else:
            users.append(user)
            found.append((rows[item_id], value, _seconds(cells.get(time_column))))
    row, values, times = zip(*found, strict=True) if found else ((), (), ())
    return Interactions.build(
        users,
        np.array(row, np.int32),
        np.array(values, np.float32),
        np.array(times, np.int64),
    )


def _column(table: Table, names: Sequence[str]) -> str:
    spelled = {identifier(column): column for column in table.columns}
    return next((spelled[name] for name in names if name in spelled), "")


def _value(cell: Cell) -> float | None:
    quantity = read_quantity(cell)
    return None if quantity is None else quantity.value


def _seconds(cell: Cell) -> int:
    quantity = read_quantity(cell)
    if quantity is not None and not quantity.unit:
        seconds = quantity.value / 1000 if quantity.value > _MILLISECONDS else quantity.value
        return int(seconds)
    try:
        moment = datetime.fromisoformat(str(cell))
    except ValueError:
        return 0
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
