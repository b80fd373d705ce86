"""Runs of the benchmark of the blend.

Owns: their page and their units. Does not own: the measures (`evaluation.blending`).
"""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.reports.page import Page, Section, Table, Tile, interval, told
from evaluation.reports.plots import Curve, Dot, Plot, curves, decimals, signed, whiskers
from evaluation.reports.run_file import Json, RunFile
from evaluation.reports.units import Kind, Measure, Unit

_GROUPS = {
    "blend": ("Blends", "Ways of joining the same terms."),
    "ablation": ("Without a term", "Learned anew without it: what is lost is what it adds."),
    "term": ("Terms alone", "Each term by itself."),
    "model": ("Models alone", "Each collaborative model by itself; it reads no words."),
}
_MEASURE = "ndcg@10"


def page(run: RunFile) -> Page:
    """Return the page of the blend: rivals, ablations, reliability."""
    report = run.report
    first = report["rows"][0]
    sections = [
        _section(group, [first, *(row for row in report["rows"][1:] if row["group"] == group)])
        for group in _GROUPS
    ]
    return Page(
        title="What the blend is worth",
        lead=f"{report['tested']:,} sessions of people that nothing was learned from; all systems "
        f"order the same candidates, which hold the answer in {report['retrieved']:.0%} of "
        "sessions. 95% intervals over people, differences paired.",
        tiles=(
            Tile("NDCG@10, all sessions", decimals(first["ndcg10"]["all"]["mean"]), "learned"),
            Tile("calibration error", decimals(report["calibration_error"]), "of the first pick"),
        ),
        sections=(*(one for one in sections if one.tables), _sureness(report["reliability"])),
        settings=told({"command": "vouch bench blend", **run.settings, **report["left_out"]}),
    )


def units(run: RunFile) -> tuple[Unit, ...]:
    """Return a unit per system and kind of session: its mean."""
    return tuple(
        Unit(
            key=(row["system"], kind),
            series=f"{kind}: {row['system']}",
            group=row["group"],
            values={_MEASURE: one["mean"]},
            passed=None,
            title=row["system"],
            row=row,
        )
        for row in run.report["rows"]
        for kind, one in row["ndcg10"].items()
    )


KIND = Kind("What the blend is worth", page, units, (Measure(_MEASURE, "NDCG@10", form=decimals),))


def _section(group: str, rows: Sequence[Json]) -> Section:
    title, lead = _GROUPS[group]
    kinds = list(rows[0]["ndcg10"])
    dots = [_dot(row, row["ndcg10"]["all"], row is rows[0]) for row in rows]
    away = [_dot(row, row["difference"]["all"], False) for row in rows[1:]]
    plots = [whiskers(f"{title}: NDCG@10", dots, decimals)]
    if away:
        plots.append(whiskers(f"{title}: minus the learned blend", away, signed(decimals)))
    cells = tuple(
        (row["system"], *(interval(row["ndcg10"][kind]) for kind in kinds)) for row in rows
    )
    table = Table(("system", *kinds), cells, caption=f"{title}, by kind of session")
    return Section(title, lead, tuple(plots), (table,) if away else ())


def _dot(row: Json, one: Json, strong: bool) -> Dot:
    return Dot(row["system"], one["mean"], one["low"], one["high"], strong)


def _sureness(rows: Sequence[Json]) -> Section:
    sure = [row["predicted"] for row in rows]
    right = [row["observed"] for row in rows]
    drawn: Plot = curves(
        "Sure of the first pick, and right",
        (
            Curve("how often it is right", [one["mean"] for one in right],
                  [one["low"] for one in right], [one["high"] for one in right], strong=True),
            Curve("how sure it is", sure, sure, sure),
        ),
        "tenths of the sessions, least sure first",
    )  # fmt: skip
    cells = tuple(
        (str(at), decimals(row["predicted"]), interval(row["observed"]))
        for at, row in enumerate(rows, 1)
    )
    return Section(
        "Whether it knows how sure it is",
        "The probability that the blend gives its first pick, and the share of sessions where that "
        "is the answer.",
        (drawn,),
        (Table(("tenth", "sure", "right"), cells, caption="Calibration"),),
    )
