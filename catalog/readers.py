"""Source files as rows: CSV, JSON Lines, JSON and Parquet.

Owns: encodings, delimiters and file forms. Does not own: what the columns mean (`catalog.infer`)
or whether a row is good (`catalog.ingest`).
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from catalog.clean import Cell
from catalog.errors import IngestError
from catalog.quality import Findings

_DELIMITERS = (",", ";", "\t", "|")
_ID_OF_OBJECT = "id"


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one file.

    Attributes
    ----------
    columns : tuple of str
        In the order of the file.
    rows : tuple of (int, mapping)
        Number of the row in the file, from 1 without the header, and its cells by column.
    read : int
        Rows in the file, with those that were not readable.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, Cell]], ...]
    read: int


def read_table(path: Path, rejected: Findings, warnings: Findings) -> Table:
    """Return the rows of the file at `path`; its form is told by suffix and first bytes.

    Rows that cannot be read go to `rejected`.

    Raises
    ------
    IngestError
        When the file cannot be opened, is empty, or is not in a known form.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise IngestError(f"cannot read {str(path)!r}: {error.strerror or error}") from error
    if not data.strip():
        raise IngestError(f"{str(path)!r} is empty; give a CSV, JSON Lines or Parquet file")
    if data.startswith(b"PAR1"):
        records = _parquet(path)
    else:
        text = _decode(data, warnings).replace("\x00", "")
        first = text.lstrip()[:1]
        if path.suffix.casefold() in {".json", ".jsonl", ".ndjson"} or first in {"{", "["}:
            records = _json(text, rejected)
        else:
            records = _csv(text, path, rejected)
    return _table(records, path)


def _table(records: Iterable[tuple[int, Mapping[str, object] | None]], path: Path) -> Table:
    columns: dict[str, None] = {}
    rows: list[tuple[int, Mapping[str, Cell]]] = []
    read = 0
    for number, record in records:
        read += 1
        if record is None:
            continue
        cells = {name.strip(): _cell(value) for name, value in _flat(record)}
        columns.update(dict.fromkeys(cells))
        rows.append((number, cells))
    if not rows:
        raise IngestError(f"{str(path)!r} has no readable row; nothing was replaced")
    return Table(tuple(columns), tuple(rows), read)


def _decode(data: bytes, warnings: Findings) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        warnings.add("not UTF-8: read as Windows-1252", max(1, line - 1))
        return data.decode("cp1252", errors="replace")


def _csv(
    text: str, path: Path, rejected: Findings
) -> Iterator[tuple[int, Mapping[str, object] | None]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    header: list[str] | None = None
    number = 0
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip() or f"column_{place}" for place, cell in enumerate(cells, 1)]
                continue
            number += 1
            if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
                rejected.add("more cells than columns", number, cells[0])
                yield number, None
            else:
                yield number, dict(zip(header, cells, strict=False))
    except csv.Error as error:
        raise IngestError(
            f"{str(path)!r} is not a readable CSV file near line {reader.line_num}: {error}; "
            "look for an unclosed quotation mark there"
        ) from error


def _delimiter(text: str) -> str:
    # The mark that cuts the first lines into the same number of cells, and into the most.
    sample = text[:65_536].splitlines()[:50]

    def agreement(delimiter: str) -> tuple[float, int]:
        widths = Counter(len(cells) for cells in csv.reader(sample, delimiter=delimiter) if cells)
        header = len(next(csv.reader(sample, delimiter=delimiter)))
        if header < 2:
            return 0.0, header
        return widths[header] / max(1, sum(widths.values())), header

    return max(_DELIMITERS, key=agreement)


def _json(text: str, rejected: Findings) -> Iterator[tuple[int, Mapping[str, object] | None]]:
    try:
        whole: object = json.loads(text)
    except (ValueError, RecursionError):  # several lines, most likely
        yield from _records(_lines(text), rejected)
        return
    if isinstance(whole, dict):
        record = cast("dict[str, object]", whole)
        if record and all(isinstance(value, dict) for value in record.values()):
            inner = cast("dict[str, dict[str, object]]", record)
            whole = [{_ID_OF_OBJECT: key, **value} for key, value in inner.items()]
        else:
            whole = [record]
    yield from _records(cast("list[object]", whole) if isinstance(whole, list) else [], rejected)


def _lines(text: str) -> Iterator[object]:
    for line in text.split("\n"):
        if line.strip():
            try:
                yield json.loads(line)
            except (ValueError, RecursionError):
                yield line


def _records(
    values: Iterable[object], rejected: Findings
) -> Iterator[tuple[int, Mapping[str, object] | None]]:
    for number, value in enumerate(values, 1):
        if isinstance(value, dict):
            yield number, cast("dict[str, object]", value)
        else:
            rejected.add("not a JSON object", number, str(value))
            yield number, None


def _parquet(path: Path) -> Iterator[tuple[int, Mapping[str, object]]]:
    parquet: Any = import_module("pyarrow.parquet")  # heavy: only for those who have such files
    try:
        records: list[dict[str, object]] = parquet.read_table(path).to_pylist()
    except (ValueError, NotImplementedError, OSError) as error:  # pyarrow's errors are subclasses
        raise IngestError(f"{str(path)!r} is not a readable Parquet file: {error}") from error
    yield from enumerate(records, 1)


def _flat(record: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _flat(cast("dict[str, object]", value), f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _cell(value: object) -> Cell:
    match value:
        case None | str() | bool() | float():
            return value
        case int():
            # Identifiers may be longer than a float is exact.
            return float(value) if abs(value) < 2**53 else str(value)
        case list() | tuple():
            return [str(part) for part in cast("list[object]", value) if part is not None]
        case bytes():
            return None
        case _:  # dates and decimals of Parquet
            return str(value)
