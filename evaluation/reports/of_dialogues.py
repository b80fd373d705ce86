"""Runs of ``vouch eval``.

Owns: their page and their units. Does not own: any judgement (`evaluation.dialogues`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from evaluation.metrics import bootstrap
from evaluation.reports.conversation import exchange_of
from evaluation.reports.page import Page, Section, Table, Talk, Tile, told
from evaluation.reports.plots import Dot, percent, whiskers
from evaluation.reports.run_file import Json, RunFile
from evaluation.reports.units import Kind, Measure, Unit

MEASURES = (
    Measure("passed", "runs that pass", form=percent),
    Measure("failures", "statements that fail", "lower"),
)
_CONDITION = re.compile(r"(?:: |, )(\S+) (?:>=|<=|!=|=) ")
_COMMONEST = 24


def page(run: RunFile) -> Page:
    """Return the page of scripted dialogues."""
    failed = [row for row in run.rows if not row["passed"] and not row["known_failure"]]
    known = [row for row in run.rows if not row["passed"] and row["known_failure"]]
    sections = (
        Section("Dialogues that fail", talks=tuple(map(talk, failed))),
        _tags(run.rows),
        _conditions(run.rows),
        _statements(run.rows),
        Section(
            "Known failures",
            "What Vouch gets wrong today, and is known to.",
            talks=tuple(map(talk, known)),
        ),
    )
    return Page(
        title="Scripted dialogues",
        lead="What people say, in their own and in other words, and what must be true after every "
        "turn.",
        tiles=_tiles(run),
        sections=tuple(s for s in sections if s.plots or s.tables or s.talks),
        settings=told({"command": "vouch eval", **run.settings}),
    )


def units(run: RunFile) -> tuple[Unit, ...]:
    """Return a unit per run of a dialogue; a dialogue's runs are alike."""
    return tuple(
        Unit(
            key=(row["file"], row["test_case"], row["run"]),
            series="dialogues",
            group=f"{row['file']}: {row['test_case']}",
            values={"passed": float(row["passed"]), "failures": float(len(row["failures"]))},
            passed=row["passed"],
            title=_name(row),
            row=row,
        )
        for row in run.rows
    )


def talk(row: Json) -> Talk:
    """Return a dialogue with what fails at each turn."""
    tone = "good" if row["passed"] else "known" if row["known_failure"] else "bad"
    verdict = {"good": "passes", "known": "known failure", "bad": "fails"}[tone]
    faults: dict[int, list[str]] = {}
    for one in row["failures"]:
        words = (
            f"line {one['line']}, {one['what']}: expected {one['expected']}; found {one['found']}"
        )
        faults.setdefault(one["turn"], []).append(words)
    # An error leaves no turn behind, only what was said.
    lost = [
        text for turn, texts in faults.items() if turn > len(row["transcript"]) for text in texts
    ]
    return Talk(
        title=_name(row),
        verdict=verdict,
        tone=tone,
        note=" ".join((f"{row['file']}:{row['line']}; {', '.join(row['tags'])}.", *lost)),
        exchanges=tuple(
            exchange_of(turn, faults.get(at, ())) for at, turn in enumerate(row["transcript"], 1)
        ),
    )


KIND = Kind("Scripted dialogues", page, units, MEASURES, talk)


def _name(row: Json) -> str:
    said = "" if row["run"] == "as written" else f", {row['run']}"
    return row["test_case"].replace("_", " ") + said


def _tiles(run: RunFile) -> tuple[Tile, ...]:
    report = run.report
    passed = sum(row["passed"] for row in run.rows)
    return (
        Tile("Verdict", "passes" if report["passed"] else "fails",
             f"{report['failed']} unexpected failures"),
        Tile("Runs that pass", f"{passed:,}", f"of {report['runs']:,}"),
        Tile("Known failures", f"{report['known_failures']:,}", "runs"),
        Tile("Dialogues", f"{report['test_cases']:,}", f"{report['turns']:,} turns"),
        Tile("Statements checked", f"{report['checked']:,}",
             f"{sum(len(row['failures']) for row in run.rows):,} fail"),
    )  # fmt: skip


def _tags(rows: Sequence[Json]) -> Section:
    runs: dict[str, list[bool]] = {}
    for row in rows:
        for tag in row["tags"]:
            if tag != "known_failure":
                runs.setdefault(tag, []).append(row["passed"])
    # What goes wrong first; of what all passes, what is tried most.
    order = sorted(runs, key=lambda tag: (all(runs[tag]), -len(runs[tag]), tag))
    imperfect = [tag for tag in order if not all(runs[tag])]
    dots = [_share(tag, runs[tag]) for tag in imperfect]
    cells = tuple((tag, f"{len(runs[tag]):,}", f"{sum(runs[tag]):,}") for tag in order)
    return Section(
        "By tag",
        "A dialogue counts for each of its tags. The plot has those of which some run fails, known "
        "failures included, with 95% intervals.",
        (whiskers("Runs that pass, by tag", dots, percent, percent),) if dots else (),
        (Table(("tag", "runs", "pass"), cells, caption="Every tag", fold=True),) if cells else (),
    )


def _share(label: str, passed: Sequence[bool]) -> Dot:
    found = bootstrap([float(one) for one in passed], 0)
    return Dot(label, found.mean, found.low, found.high, strong=True)


def _conditions(rows: Sequence[Json]) -> Section:
    turns, cards, broken = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        for turn in row["transcript"]:
            for facet in {one["facet"] for one in turn["profile"]["constraints"]}:
                turns[facet] += 1
                cards[facet] += len(turn["items"])
        for one in row["failures"]:
            if one["what"] == "items.satisfy":
                broken.update(set(_CONDITION.findall(one["expected"])))
    cells = tuple(
        (facet.replace("_", " "), f"{turns[facet]:,}", f"{cards[facet]:,}", f"{broken[facet]:,}")
        for facet in sorted(turns, key=lambda facet: (-turns[facet], facet))
    )
    head = ("facet", "turns with a condition", "cards shown under it", "cards that break it")
    return Section(
        "Conditions, facet by facet",
        "After every turn, every card is checked against every condition of the profile.",
        tables=(Table(head, cells, caption="Conditions of the profile"),) if cells else (),
    )


def _statements(rows: Sequence[Json]) -> Section:
    counts = Counter(one["what"] for row in rows for one in row["failures"])
    cells = tuple((what, f"{count:,}") for what, count in counts.most_common(_COMMONEST))
    table = Table(("statement", "times"), cells, caption="What fails, known failures included")
    return Section("Statements that fail", tables=(table,) if cells else ())
