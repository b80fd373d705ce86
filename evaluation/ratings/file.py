"""Files of ratings, in the forms that public data sets come in.

Owns: `read_ratings`. Does not own: the import of a catalogue (`catalog.ingest`), which passes over
bad rows: a benchmark must not.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np

from catalog import Catalog, Interactions, Item, Schema
from catalog.errors import IngestError
from evaluation.ratings.data import Ratings

_USER = ("user_id", "userid", "user")
_ITEM = ("item_id", "itemid", "item", "movie_id", "movieid", "product_id", "productid")
_VALUE = ("rating", "value", "score")
_TIME = ("timestamp", "time")
_DELIMITERS = ("::", "\t", ",", ";")
_STAND_IN = "\x1f"
"""For ``::``, as the csv module takes one character."""


@dataclass(frozen=True, slots=True)
class _Columns:
    """Places of the cells in a line; -1 where there is no such column."""

    width: int
    user: int
    item: int
    value: int
    time: int


def read_ratings(path: Path) -> Ratings:
    """Return the ratings in a text file; its items have no texts and no facets.

    One rating a line: user, item, rating and, where known, timestamp in seconds, parted by tabs,
    commas, semicolons or ``::``. With a header the columns are found by name, in any order and
    among others, as in MovieLens' ``ratings.csv`` and RecBole's ``.inter``, whose types
    (``user_id:token``) are passed over; without a rating column every line counts as 1. Without a
    header the columns are in the order above, as in MovieLens' ``u.data`` and ``ratings.dat``.
    Without timestamps, the order of the lines is that of time.

    Raises
    ------
    IngestError
        When the file, or a line of it, cannot be read; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise IngestError(f"cannot read ratings {str(path)!r}: {error}") from error
    lines = list(_lines(text, path))
    if not lines:
        raise IngestError(f"there are no ratings in {str(path)!r}: it is empty")
    _, first = lines[0]
    named = _named(first, path)
    columns = named or _in_order(first, path)
    users: list[str] = []
    places: dict[str, int] = {}
    found: list[tuple[int, float, int]] = []
    for number, cells in lines[1:] if named else lines:
        if len(cells) != columns.width:
            raise IngestError(
                f"{str(path)!r}, line {number}: {columns.width} cells expected, not {cells!r}"
            )
        users.append(cells[columns.user].strip())
        row = places.setdefault(cells[columns.item].strip(), len(places))
        value = _number(cells, columns.value, 1.0, number, path)
        found.append((row, value, int(_number(cells, columns.time, 0.0, number, path))))
    if not found:
        raise IngestError(f"there are no ratings in {str(path)!r}: it has a header only")
    rows, values, times = zip(*found, strict=True)
    interactions = Interactions.build(
        users, np.array(rows, np.int32), np.array(values, np.float32), np.array(times, np.int64)
    )
    schema = Schema(
        path.stem, "item", "items", item_id="item_id", title="item_id", texts=(), facets=()
    )
    items = tuple(Item(item_id, item_id) for item_id in places)
    return Ratings(path.name, Catalog.build(schema, items, interactions))


def _lines(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield number and cells of every line that is not empty."""
    head = text.lstrip().partition("\n")[0]
    delimiter = next((mark for mark in _DELIMITERS if mark in head), "")
    if head and not delimiter:
        raise IngestError(
            f"{str(path)!r}, line 1: no tab, comma, semicolon or '::' parts {head[:60]!r}"
        )
    if delimiter == "::":
        text, delimiter = text.replace("::", _STAND_IN), _STAND_IN
    quoting = csv.QUOTE_MINIMAL if delimiter in ",;" else csv.QUOTE_NONE
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or ",", quoting=quoting)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield reader.line_num, cells


def _named(cells: Sequence[str], path: Path) -> _Columns | None:
    """Return the columns that a header names; None where the line is no header."""
    names = [cell.strip().partition(":")[0].casefold() for cell in cells]

    def place(known: Sequence[str]) -> int:
        return next((names.index(name) for name in known if name in names), -1)

    user, item, value, time = (place(known) for known in (_USER, _ITEM, _VALUE, _TIME))
    if max(user, item, value, time) < 0:
        return None
    if min(user, item) < 0:
        raise IngestError(
            f"{str(path)!r} needs a user and an item column (such as user_id and item_id); its "
            f"header is {list(cells)!r}"
        )
    return _Columns(len(cells), user, item, value, time)


def _in_order(cells: Sequence[str], path: Path) -> _Columns:
    width = len(cells)
    if width not in (3, 4):
        raise IngestError(
            f"{str(path)!r}, line 1: user, item, rating and perhaps timestamp expected, or a "
            f"header, not {list(cells)!r}"
        )
    return _Columns(width, user=0, item=1, value=2, time=3 if width == 4 else -1)


def _number(cells: Sequence[str], place: int, otherwise: float, line: int, path: Path) -> float:
    if place < 0:
        return otherwise
    try:
        number = float(cells[place])
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise IngestError(f"{str(path)!r}, line {line}: {cells[place]!r} is not a number")
    return number
