"""Runs of ``vouch bench redial``.

Owns: their page and their units. Does not own: the measures (`evaluation.redial.measure`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluation.redial.measure import MEASURES as NAMES
from evaluation.redial.measure import gains
from evaluation.redial.systems import VOUCH
from evaluation.reports.page import Page, Section, Table, Tile, told
from evaluation.reports.plots import Bar, Dot, Plot, bars, decimals, number, whiskers
from evaluation.reports.run_file import Json, RunFile
from evaluation.reports.units import Kind, Measure, Unit

_LABELS = ("Recall@1", "Recall@10", "Recall@50", "MRR", "NDCG@10")
_RULES = {"new": "Films not yet mentioned", "all": "All films, mentioned or not"}
_FAR = 25


MEASURES = (
    *(Measure(name, label, form=decimals) for name, label in zip(NAMES, _LABELS, strict=True)),
    Measure("place", "place of the answer", "lower"),
)


def page(run: RunFile) -> Page:
    """Return the page of a split of ReDial."""
    report = run.report
    sections = [_rule(rule, report["scores"]) for rule in _RULES]
    sections += [_far(run.rows), _speed(run.timings)]
    return Page(
        title=f"ReDial, {report['split']}",
        lead=f"At {report['turns']:,} turns of real conversations, where does the film that was "
        f"recommended next come in a ranking of all {report['films']:,}? Learned from "
        f"{report['training_dialogues']:,} other conversations.",
        tiles=_tiles(report),
        sections=tuple(one for one in sections if one.plots or one.tables),
        settings=told({"command": "vouch bench redial", **run.settings}),
    )


def units(run: RunFile) -> tuple[Unit, ...]:
    """Return a unit per answer, system and rule; answers of one dialogue are alike."""
    places = np.array([row["place"] for row in run.rows], np.int64)
    values = gains(places).tolist() if len(places) else []
    return tuple(
        Unit(
            key=(row["system"], row["rule"], row["turn"], row["answer"]),
            series=f"{row['system']}, {row['rule']}",
            group=row["dialogue"],
            values={**dict(zip(NAMES, found, strict=True)), "place": float(row["place"])},
            passed=row["place"] <= 10,
            title=f"{row['answer']}, turn {row['turn']}: place {row['place']:,}",
            row=row,
        )
        for row, found in zip(run.rows, values, strict=True)
    )


KIND = Kind("ReDial", page, units, MEASURES)


def _tiles(report: Json) -> tuple[Tile, ...]:
    ours = [s for s in report["scores"] if s["system"] == VOUCH and s["rule"] == "new"]
    return tuple(
        Tile(label, f"{score[name]['mean']:.3f}",
             f"{score[name]['low']:.3f} to {score[name]['high']:.3f}, n = {score['answers']:,}")
        for score in ours
        for name, label in zip(NAMES, _LABELS, strict=True)
    )  # fmt: skip


def _rule(rule: str, scores: Sequence[Json]) -> Section:
    mine = [score for score in scores if score["rule"] == rule]
    if not mine:
        return Section(_RULES[rule])
    plots: list[Plot] = []
    for name, label in zip(NAMES, _LABELS, strict=True):
        dots = [
            Dot(s["system"], s[name]["mean"], s[name]["low"], s[name]["high"], s["system"] == VOUCH)
            for s in mine
        ]
        dots.sort(key=lambda dot: -dot.value)
        plots.append(whiskers(f"{label}, {_RULES[rule].lower()}", dots, decimals))
    cells = tuple(
        (
            s["system"],
            *(f"{s[n]['mean']:.3f} [{s[n]['low']:.3f}, {s[n]['high']:.3f}]" for n in NAMES),
        )
        for s in mine
    )
    return Section(
        _RULES[rule],
        f"{mine[0]['answers']:,} answers in {mine[0]['dialogues']:,} dialogues; 95% intervals, "
        "dialogues drawn.",
        tuple(plots),
        (Table(("system", *_LABELS), cells, strong=VOUCH, caption=_RULES[rule]),),
    )


def _far(rows: Sequence[Json]) -> Section:
    """Return the answers that Vouch has far down and another system near the top."""
    best: dict[tuple[int, str], tuple[int, str]] = {}
    for row in rows:
        if row["rule"] == "new" and row["system"] != VOUCH:
            key, found = (row["turn"], row["answer"]), (row["place"], row["system"])
            best[key] = min(best.get(key, found), found)
    ours = [row for row in rows if row["rule"] == "new" and row["system"] == VOUCH]
    lost = [row for row in ours if (row["turn"], row["answer"]) in best]
    lost.sort(key=lambda row: best[row["turn"], row["answer"]][0] - row["place"])
    cells = tuple(
        (row["answer"], row["dialogue"], f"{row['place']:,}",
         f"{best[row['turn'], row['answer']][0]:,}", best[row["turn"], row["answer"]][1],
         "; ".join(row["top"][:5]))
        for row in lost[:_FAR]
    )  # fmt: skip
    head = ("answer", "dialogue", "place", "best other", "by", "Vouch's first five")
    return Section(
        "Answers that Vouch has furthest below another system",
        tables=(Table(head, cells, words=len(head), caption="Films not yet mentioned"),)
        if cells
        else (),
    )


def _speed(timings: Json) -> Section:
    if not timings:
        return Section("Speed")
    bar = Bar("a turn", timings["ms_p50"], timings["ms_p95"])
    lead = "From words to a ranking of the whole catalogue: median, and 95th percentile."
    return Section("Speed", lead, (bars("Milliseconds", [bar], number),))
