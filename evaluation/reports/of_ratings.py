"""Runs of the benchmark on ratings.

Owns: their page and their units. Does not own: the measures (`evaluation.ratings`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluation.reports.page import Page, Section, Table, Tile, interval, told
from evaluation.reports.plots import Bar, Dot, Plot, bars, decimals, signed, whiskers
from evaluation.reports.run_file import Json, RunFile
from evaluation.reports.units import Kind, Measure, Unit

_FIRST = "ndcg@10"
_PLOTTED = (_FIRST, "recall@50")


MEASURES = tuple(
    Measure(name, label, form=decimals)
    for name, label in (
        (_FIRST, "NDCG@10"), ("recall@10", "Recall@10"), ("recall@50", "Recall@50"),
        ("precision@10", "Precision@10"), ("f1@10", "F1@10"), ("hit_rate@10", "Hit rate@10"),
        ("map@10", "MAP@10"), ("mrr", "MRR"), ("auc", "AUC"),
    )
)  # fmt: skip
_LABELS: dict[str, str] = {measure.name: measure.label for measure in MEASURES}


def page(run: RunFile) -> Page:
    """Return the page of a comparison of models."""
    report = run.report
    data = report["data"]
    sections = [_section(table, report["reference"]) for table in report["tables"]]
    sections += [_predictions(report["predictions"]), _costs(run.timings.get("costs") or ())]
    return Page(
        title=f"What people liked next, {data['name']}",
        lead=f"{data['people']:,} people, {data['items']:,} items, {data['interactions']:,} "
        f"interactions; every model ranks all items. Differences are to {report['reference']}, "
        "paired by person.",
        tiles=tuple(_tiles(report["tables"])),
        sections=tuple(one for one in sections if one.plots or one.tables),
        settings=told({"command": "vouch bench movielens", **run.settings, **{
            f"left out: {name}": why for name, why in report["left_out"].items()
        }}),
    )  # fmt: skip


def units(run: RunFile) -> tuple[Unit, ...]:
    """Return a unit per model and setting: its means, so that runs differ without an interval."""
    return tuple(
        Unit(
            key=(table["protocol"], table["setting"], table["people"], result["model"]),
            series=f"{_named(table)}: {result['model']}",
            group=result["model"],
            values={name: one["mean"] for name, one in result["measures"].items()},
            passed=None,
            title=result["model"],
            row=result,
        )
        for table in run.report["tables"]
        for result in table["results"]
    )


KIND = Kind("What people liked next", page, units, MEASURES)


def _named(table: Json) -> str:
    protocol = table["protocol"].replace("_", " ")
    return protocol if table["setting"] == "all" else f"{protocol}, {table['setting']}"


def _tiles(tables: Sequence[Json]) -> Iterator[Tile]:
    for table in tables:
        best = max(table["results"], key=lambda result: result["measures"][_FIRST]["mean"] or 0)
        value = best["measures"][_FIRST]
        yield Tile(f"NDCG@10, {_named(table)}", decimals(value["mean"]), f"best: {best['model']}")


def _section(table: Json, reference: str) -> Section:
    results = table["results"]
    plots = [_plot(_LABELS[name], results, "measures", name) for name in _PLOTTED]
    others = [result for result in results if result["model"] != reference and result["difference"]]
    if others:
        plots.append(_plot(f"NDCG@10 minus that of {reference}", others, "difference", _FIRST))
    names = (_FIRST, *(name for name in results[0]["measures"] if name != _FIRST))
    cells = tuple(_row(result, names) for result in results)
    labels = tuple(_LABELS.get(name, name) for name in names)
    head = ("model", *labels, "coverage", "long tail", "Gini")
    answers = f"{table['answers']:,} right answers of {table['people']:,} people"
    return Section(
        _named(table).capitalize(),
        f"{answers}, learned from {table['learned']:,} interactions; 95% intervals over people. "
        "Blue: the best; of the differences, those whose interval is without 0.",
        tuple(plots),
        (Table(head, cells, caption="Every measure"),),
    )


def _row(result: Json, names: Sequence[str]) -> tuple[str, ...]:
    measures = result["measures"]
    cells = [interval(measures[_FIRST])]
    cells += [_cell(measures[name]["mean"]) for name in names if name != _FIRST]
    cells += [_cell(result[name]) for name in ("coverage", "long_tail", "gini")]
    return result["model"], *cells


def _plot(title: str, results: Sequence[Json], part: str, name: str) -> Plot:
    found = [(result["model"], result[part][name]) for result in results]
    dots = [Dot(label, one["mean"], one["low"], one["high"]) for label, one in found]
    dots.sort(key=lambda dot: -dot.value)
    # The best stands out; of differences, those that cannot be chance.
    strong = {dots[0].label} if part == "measures" else {
        dot.label for dot in dots if (dot.low or 0) > 0 or (dot.high or 0) < 0
    }  # fmt: skip
    marked = [Dot(d.label, d.value, d.low, d.high, d.label in strong) for d in dots]
    return whiskers(title, marked, decimals if part == "measures" else signed(decimals))


def _predictions(rows: Sequence[Json]) -> Section:
    cells = tuple((row["model"], interval(row["mae"]), interval(row["rmse"])) for row in rows)
    head = ("model", "mean absolute error", "root of the mean square error")
    return Section(
        "Values predicted",
        "What people gave after the split in time.",
        tables=(Table(head, cells, caption="How far off"),) if cells else (),
    )


def _costs(rows: Sequence[Json]) -> Section:
    fits = [Bar(row["model"], row["fit_s"], row["fit_s"]) for row in rows]
    if not fits:
        return Section("Cost")
    longest: dict[str, Bar] = {}
    for bar in fits:
        longest[bar.label] = max(bar, longest.get(bar.label, bar), key=lambda one: one.value)
    cells = tuple(
        (row["model"], row.get("protocol", ""), f"{row['fit_s']:.2f}", f"{row['fold_in_ms']:.2f}")
        for row in rows
    )
    table = Table(("model", "protocol", "fit, s", "fold-in, ms"), cells, words=2, caption="Means")
    return Section(
        "Cost",
        plots=(bars("Seconds of the longest fit", list(longest.values())),),
        tables=(table,),
    )


def _cell(value: float | None) -> str:
    return "–" if value is None else decimals(value)
