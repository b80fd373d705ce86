"""Runs of ``vouch bench turn``.

Owns: their page and their units. Does not own: the load (`evaluation.latency`).
"""

from __future__ import annotations

from evaluation.reports.page import Page, Section, Table, Tile, told
from evaluation.reports.plots import Bar, bars, number
from evaluation.reports.run_file import RunFile
from evaluation.reports.units import Kind, Measure, Unit

_WHOLE = ("cards_seen", "cards", "total")
MEASURES = tuple(
    Measure(name, label, "lower")
    for name, label in (("p50", "median ms"), ("p95", "p95 ms"), ("max", "longest ms"))
)


def page(run: RunFile) -> Page:
    """Return the page of a run of turns."""
    stages = run.timings["stages_ms"]
    seen = stages["cards_seen"]
    rows = [Bar(name.replace("_", " "), row["p50"], row["p95"]) for name, row in stages.items()]
    whole = [bar for bar in rows if bar.label.replace(" ", "_") in _WHOLE]
    parts = [bar for bar in rows if bar not in whole]
    cells = tuple(
        (name.replace("_", " "), *(f"{row[at]:.1f}" for at in ("p50", "p95", "max")))
        for name, row in stages.items()
    )
    tables = (Table(("stage", "median", "p95", "longest"), cells, caption="Milliseconds"),)
    plots = tuple(
        bars(title, some, lambda ms: f"{ms:.1f}")
        for title, some in (("Stages, milliseconds", parts), ("The wait, milliseconds", whole))
        if some
    )
    return Page(
        title="How long a turn takes",
        lead=f"{run.report['turns']:,} turns in conversations of ten, templates only, each stored "
        "durably; after a warm-up.",
        tiles=(
            Tile("Cards after", f"{number(seen['p50'])} ms", "median"),
            Tile("95% within", f"{number(seen['p95'])} ms", "cards"),
            Tile("Longest", f"{number(seen['max'])} ms", "cards"),
        ),
        sections=(Section("By stage", "Bars end at the median, whiskers at p95.", plots, tables),),
        settings=told({"command": "vouch bench turn", **run.settings}),
    )


def units(run: RunFile) -> tuple[Unit, ...]:
    """Return a unit per stage: one measurement, so that two runs differ without an interval."""
    return tuple(
        Unit(
            key=(name, run.report["turns"], run.report["seed"]),
            series=name.replace("_", " "),
            group=name,
            values=row,
            passed=None,
            title=name,
            row=row,
        )
        for name, row in run.timings["stages_ms"].items()
    )


KIND = Kind("How long a turn takes", page, units, MEASURES)
