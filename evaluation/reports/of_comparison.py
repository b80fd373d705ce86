"""The page of two runs side by side.

Owns: `page`. Does not own: the differences (`evaluation.reports.compare`).
"""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.reports.compare import Comparison, Difference
from evaluation.reports.kinds import kind_of
from evaluation.reports.page import Page, Pair, Section, Table, Tile, told
from evaluation.reports.plots import Dot, Plot, percent, rounded, signed, whiskers
from evaluation.reports.run_file import RunFile
from evaluation.reports.units import Kind, Measure, Unit

_MOST = 40
_PLOTTED = 6


def page(found: Comparison, first: RunFile, second: RunFile) -> Page:
    """Return what changed from `first` to `second`, both transcripts of what turned."""
    kind = kind_of(first)
    names = {measure.name: measure for measure in kind.measures}
    sections = [
        Section(
            "Second run minus first",
            "Over the units that both have, 95% intervals where there is more than one person, "
            "dialogue or the like to draw. Blue: the interval is without 0.",
            tuple(_plots(found.differences, kind)),
            (_table(found.differences, names),),
        )
    ]
    sections += [
        _turned(title, pairs, kind)
        for title, pairs in (
            ("From pass to fail", found.broken),
            ("From fail to pass", found.mended),
        )
    ]
    settings = {"first": first.settings, "second": second.settings}
    return Page(
        title=f"Two runs: {kind.title.lower()}",
        lead="Matched unit by unit, so that what is hard in both cancels out.",
        tiles=(
            Tile("Units in both", f"{found.common:,}"),
            Tile("Only in one", f"{found.only_first:,} / {found.only_second:,}", "first / second"),
            Tile("From pass to fail", f"{len(found.broken):,}"),
            Tile("From fail to pass", f"{len(found.mended):,}"),
        ),
        sections=tuple(one for one in sections if one.tables or one.pairs or one.lead),
        settings=told({
            f"{name} run, {key}": value
            for name, some in settings.items() for key, value in some.items()
        }),
    )  # fmt: skip


def _plots(differences: Sequence[Difference], kind: Kind) -> list[Plot]:
    """Return the kind's first measures, a dot per series."""
    series = {one.series for one in differences}
    plots: list[Plot] = []
    for measure in kind.measures[:_PLOTTED]:
        mine = [one for one in differences if one.measure == measure.name]
        dots = [
            Dot(
                one.series if len(series) > 1 else measure.label,
                one.change,
                one.low,
                one.high,
                bool(one.verdict),
            )
            for one in mine
        ]
        if dots:
            share = measure.form is percent
            form = signed(_points if share else measure.form)
            axis = percent if share else rounded
            plots.append(whiskers(f"Change in {measure.label}", dots, form, axis))
    return plots


def _points(value: float) -> str:
    return f"{100 * value:.1f}%"


def _table(differences: Sequence[Difference], names: dict[str, Measure]) -> Table:
    rows: list[tuple[str, ...]] = []
    for one in differences:
        form = names[one.measure].form
        change = signed(_points if form is percent else form)
        span = "–"
        if one.low is not None and one.high is not None:
            span = f"{change(one.low)} to {change(one.high)}"
        rows.append((
            one.series, names[one.measure].label, one.verdict, f"{one.units:,}", form(one.first),
            form(one.second), change(one.change), span,
        ))  # fmt: skip
    head = ("", "measure", "verdict", "units", "first", "second", "change", "95%")
    return Table(head, tuple(rows), words=3, caption="Every measure")


def _turned(title: str, pairs: Sequence[tuple[Unit, Unit]], kind: Kind) -> Section:
    more = f"The first {_MOST} of {len(pairs):,}." if len(pairs) > _MOST else ""
    shown = pairs[:_MOST]
    if kind.talk is None:
        rows = tuple((a.title, b.title) for a, b in shown)
        tables = (Table(("first run", "second run"), rows, words=2, caption=title),) if rows else ()
        return Section(title, more, tables=tables)
    talk = kind.talk
    return Section(
        title, more, pairs=tuple(Pair(a.title, talk(a.row), talk(b.row)) for a, b in shown)
    )
