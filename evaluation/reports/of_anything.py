"""Runs of any other command, by the form of their report alone.

Owns: a page of tables and plots for whatever is in a report: figures, lists of records, intervals.
Does not own: what any of it means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from evaluation.reports.page import Page, Section, Table, Tile, interval, told
from evaluation.reports.plots import Dot, Plot, number, whiskers
from evaluation.reports.run_file import Json, RunFile
from evaluation.reports.units import Kind, Unit

_TILES = 6


def page(run: RunFile) -> Page:
    """Return a page of everything in the report and its timings."""
    figures = [(name, value) for name, value in run.report.items() if _is_number(value)]
    parts = [(name, value) for name, value in run.report.items() if not _is_number(value)]
    parts += list(run.timings.items())
    sections = [_section(_words(name), value) for name, value in parts]
    return Page(
        title=_words(run.kind).capitalize(),
        lead=f"A run of vouch bench {run.kind}.",
        tiles=tuple(Tile(_words(name), _cell(value)) for name, value in figures[:_TILES]),
        sections=tuple(one for one in sections if one.lead or one.plots or one.tables),
        settings=told({"command": f"vouch bench {run.kind}", **run.settings}),
    )


def units(run: RunFile) -> tuple[Unit, ...]:
    """Return nothing: what can be matched is known of kinds that are known."""
    return ()


KIND = Kind("A run", page, units)


def _section(title: str, value: object) -> Section:
    records = _records(value)
    if records:
        return Section(title, "", tuple(_plots(records)), (_table(title, records),))
    if isinstance(value, Mapping):
        rows = [(_words(name), _cell(entry)) for name, entry in _flat(cast("Json", value))]
        return Section(
            title, tables=(Table(("", "value"), tuple(rows), caption=title),) if rows else ()
        )
    if isinstance(value, list):
        return Section(title, ", ".join(map(_cell, cast("list[object]", value))))
    return Section(title, _cell(value) if value is not None else "")


def _records(value: object) -> list[Json]:
    """Return the records that a value is: a list of them, or one per key."""
    if isinstance(value, list):
        entries = cast("list[object]", value)
        if entries and all(isinstance(entry, Mapping) for entry in entries):
            return [dict(_flat(cast("Json", entry))) for entry in entries]
    if isinstance(value, Mapping) and not _is_interval(value):
        named = cast("Json", value)
        if named and all(isinstance(e, Mapping) and not _is_interval(e) for e in named.values()):
            return [{"": name} | dict(_flat(entry)) for name, entry in named.items()]
    return []


def _flat(record: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        whole = f"{before} {name}".strip()
        if isinstance(value, Mapping) and not _is_interval(value):
            yield from _flat(cast("Json", value), whole)
        else:
            yield whole, value


def _plots(records: Sequence[Json]) -> Iterator[Plot]:
    """Yield a plot per column of intervals, rows named by their words and whole numbers."""
    names = [
        n for n, v in records[0].items() if isinstance(v, str | int) and not isinstance(v, bool)
    ]
    for column in [name for name, value in records[0].items() if _is_interval(value)]:
        found = [(" ".join(str(row[name]) for name in names), row[column]) for row in records]
        dots = [
            Dot(label, one["mean"], one["low"], one["high"], strong=True)
            for label, one in found
            if one["mean"] is not None
        ]
        if dots:
            yield whiskers(_words(column), dots)


def _table(caption: str, records: Sequence[Json]) -> Table:
    names = list(dict.fromkeys(name for row in records for name in row))
    # Words to the left, so that figures stand together.
    words = [
        name for name in names if any(isinstance(row.get(name), str | list) for row in records)
    ]
    head = words + [name for name in names if name not in words]
    rows = tuple(tuple(_cell(row.get(name)) for name in head) for row in records)
    return Table(tuple(map(_words, head)), rows, words=max(len(words), 1), caption=caption)


def _is_interval(value: Any) -> bool:  # noqa: ANN401 - any JSON value
    return isinstance(value, Mapping) and {"mean", "low", "high"} <= value.keys()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if _is_interval(value):
        return interval(value)
    if isinstance(value, list):
        return ", ".join(map(_cell, cast("list[object]", value)))
    if value is None:
        return "–"
    return (
        number(value)
        if isinstance(value, float)
        else f"{value:,}"
        if _is_number(value)
        else str(value)
    )


def _words(name: str) -> str:
    return name.replace("_", " ")
