"""Runs of ``vouch simulate``.

Owns: their page, their units, which conversations went worst. Does not own: the measures
(`evaluation.simulation`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluation.metrics import Interval
from evaluation.reports.conversation import exchange_of
from evaluation.reports.page import Card, Exchange, Page, Section, Table, Talk, Tile, told
from evaluation.reports.plots import Curve, Dot, Plot, curves, number, percent, whiskers
from evaluation.reports.run_file import Json, RunFile
from evaluation.reports.units import Kind, Measure, Unit
from evaluation.simulation.measures import bootstrap_by

VOUCH, ORACLE = "vouch", "oracle"
_WITHIN = (1, 3, 5, 8)
_SHOWN = 12

MEASURES = (
    *(Measure(f"found_{turn}", f"found by turn {turn}", form=percent) for turn in _WITHIN),
    Measure("turns", "messages until the end", "lower"),
    Measure("constraint_violations", "cards that break the ledger", "lower"),
    Measure("repeats", "refused or seen cards shown", "lower"),
    Measure("cards_against_the_words", "cards against the words", "lower"),
    Measure("questions", "questions", "neither"),
    Measure("diversity", "diversity of a slate", "neither"),
    Measure("novelty_bits", "novelty of a slate, bits", "neither"),
    Measure("miscalibration_nats", "miscalibration, nats", "lower"),
)
_SAME = {measure.name for measure in MEASURES[len(_WITHIN) + 1 :]}


def page(run: RunFile) -> Page:
    """Return the page of a simulation."""
    report, seed = run.report, int(run.settings["seed"])
    compared = [row for row in run.rows if row["user"] < report["compared"]]
    sections = (
        Section(
            "Vouch beside others",
            f"The same {report['compared']:,} simulated users talk with every system; all of them "
            "read messages and filter as Vouch does. The oracle knows what is wanted; no-memory "
            "forgets after every message; never-ask and always-ask differ from Vouch only in when "
            "they ask. Lines are 95% intervals, people drawn.",
            _beside(report["systems"]),
        ),
        Section(
            "Turn by turn",
            "Share of the conversations in which something wanted was shown, by turn. "
            "Solid: Vouch. Dashed: the other system. Bands are 95% intervals.",
            tuple(_by_turn(compared, seed)),
        ),
        Section(
            "Kinds of people",
            "Vouch only, all conversations.",
            _beside(report["personas"], best=False),
            (_table("Vouch by kind of person", report["personas"]),) if report["personas"] else (),
        ),
        _conditions(run.rows, seed),
        Section(
            "Every figure",
            "Broken: cards against a condition in the ledger. Repeated: cards that had been refused"
            " or seen. Against the words: cards a conversation against what was said, understood or"
            " not. Changed: share of the questions after which the slate was another one.",
            tables=(_table("Every system, the same users", report["systems"], VOUCH),),
        ),
        Section(
            "The conversations that went worst",
            "Vouch's, those that found nothing first, and of them those that most others found. "
            "Why opens what each score was made of and what was held of the person.",
            talks=tuple(talk(row) for row in worst(run.rows)),
        ),
    )
    return Page(
        title="Simulated conversations",
        lead=f"{report['users']:,} simulated users, drawn from {report['people']:,} people whom no "
        f"model knows, look for what those went on to like among {report['items']:,} items.",
        tiles=_tiles(report),
        sections=tuple(s for s in sections if s.plots or s.tables or s.talks),
        settings=told({"command": "vouch simulate", **run.settings}),
    )


def worst(rows: Sequence[Json], count: int = _SHOWN) -> tuple[Json, ...]:
    """Return Vouch's rows that went worst, worst first; ties in order of user.

    Failures first: those that most other systems served, then those with most cards against the
    words; then successes, the longest first.
    """
    served: dict[int, int] = {}
    for row in rows:
        if row["system"] not in (VOUCH, ORACLE) and row["success"] is not None:
            served[row["user"]] = served.get(row["user"], 0) + 1

    def badness(row: Json) -> tuple[int, ...]:
        found, others = row["success"] is not None, served.get(row["user"], 0)
        missed, turns = row["cards_against_the_words"], len(row["turns"])
        return (found, -others, -missed, -turns) if not found else (found, -turns, -missed, -others)

    ours = [row for row in rows if row["system"] == VOUCH]
    return tuple(sorted(ours, key=lambda row: (badness(row), row["user"]))[:count])


def units(run: RunFile) -> tuple[Unit, ...]:
    """Return a unit per conversation; people are those of the seed."""
    seed = int(run.settings["seed"])
    return tuple(
        Unit(
            key=(row["system"], seed, row["user"], row["person"], row["persona"]),
            series=row["system"],
            group=str(row["person"]),
            values={
                **{f"found_{turn}": float(_found(row, turn)) for turn in _WITHIN},
                "turns": float(len(row["turns"])),
                **{name: value for name, value in row.items() if name in _SAME},
            },
            passed=row["success"] is not None,
            title=f"{row['system']}, user {row['user']}, {row['persona']}",
            row=row,
        )
        for row in run.rows
    )


def talk(row: Json) -> Talk:
    """Return a conversation, with why where it was traced."""
    success = row["success"]
    taken = {
        i: t for turn in row["turns"] for i, t in zip(turn["items"], turn["titles"], strict=True)
    }
    facets = ", ".join(f"{facet} {met} of {cards}" for facet, (met, cards) in row["fits"].items())
    note = f"Right answers: {row['targets']}"
    note += f"; took {taken.get(row['accepted'], row['accepted'])}" if row["accepted"] else ""
    note += f"; cards of the last slate that fit the need: {facets}" if facets else ""
    return Talk(
        title=f"User {row['user']}, {row['persona']}, with {row['system']}",
        verdict="gave up" if success is None else f"found at turn {success}",
        tone="bad" if success is None else "good",
        note=f"{note}.",
        exchanges=tuple(map(exchange_of, row["trace"]))
        if "trace" in row
        else tuple(
            Exchange(
                user=turn["user"],
                reply=turn["reply"],
                cards=tuple(Card(title, {}) for title in turn["titles"]),
                asked=turn["question"],
            )
            for turn in row["turns"]
        ),
    )


KIND = Kind("Simulated conversations", page, units, MEASURES, talk)


def _found(row: Json, turn: int) -> bool:
    return row["success"] is not None and row["success"] <= turn


def _tiles(report: Json) -> tuple[Tile, ...]:
    line = report["vouch"]
    if line is None:
        return ()
    five = line["success"]["5"]
    return (
        Tile("Found within 5 turns", f"{five['mean']:.1%}",
             f"{five['low']:.1%} to {five['high']:.1%}, n = {line['users']:,}"),
        Tile("Messages until the end", number(line["turns"]["mean"]),
             f"{number(line['turns']['low'])} to {number(line['turns']['high'])}"),
        Tile("Ledger broken", f"{line['constraint_violations']:,}", "cards against a condition"),
        Tile("Shown again", f"{line['repeats']:,}", "cards refused or seen before"),
        Tile("Against the words", number(line["cards_against_the_words"]), "cards a conversation"),
    )  # fmt: skip


def _beside(lines: Sequence[Json], *, best: bool = True) -> tuple[Plot, ...]:
    if not lines:
        return ()

    def dots(name: str, turn: str = "") -> list[Dot]:
        found: list[Dot] = []
        for line in lines:
            value = line[name][turn] if turn else line[name]
            strong = not best or line["name"] == VOUCH
            found.append(Dot(line["name"], value["mean"], value["low"], value["high"], strong))
        return sorted(found, key=lambda dot: dot.value, reverse=bool(turn)) if best else found

    named = "by kind of person" if not best else "by system"
    return (
        whiskers(f"Found within 1 turn, {named}", dots("success", "1"), percent, percent),
        whiskers(f"Found within 5 turns, {named}", dots("success", "5"), percent, percent),
        whiskers(f"Messages until the end, {named}", dots("turns")),
    )


def _by_turn(rows: Sequence[Json], seed: int) -> Iterator[Plot]:
    last = max((len(row["turns"]) for row in rows), default=0)
    lines: dict[str, Curve] = {}
    for name in dict.fromkeys(row["system"] for row in rows):
        mine = [row for row in rows if row["system"] == name]
        people = [row["person"] for row in mine]
        found = [
            bootstrap_by([float(_found(row, turn)) for row in mine], people, seed)
            for turn in range(1, last + 1)
        ]
        lines[name] = _curve(name, found, strong=name == VOUCH)
    ours = lines.pop(VOUCH, None)
    for name, line in lines.items():
        title = f"Vouch and {name}" if ours else name
        yield curves(title, [line, ours] if ours else [line], "turn")
    if ours and not lines:
        yield curves("Vouch", [ours], "turn")


def _curve(name: str, found: Sequence[Interval], *, strong: bool) -> Curve:
    return Curve(
        label=name,
        values=[one.mean for one in found],
        low=[one.low for one in found],
        high=[one.high for one in found],
        strong=strong,
    )


def _conditions(rows: Sequence[Json], seed: int) -> Section:
    ours = [row for row in rows if row["system"] == VOUCH]
    cells: list[tuple[str, ...]] = []
    dots: list[Dot] = []
    for facet in sorted({facet for row in ours for facet in row["fits"]}):
        mine = [row for row in ours if row["fits"].get(facet, (0, 0))[1]]
        if not mine:
            continue
        shares = [row["fits"][facet][0] / row["fits"][facet][1] for row in mine]
        fit = bootstrap_by(shares, [row["person"] for row in mine], seed)
        found = sum(_found(row, 5) for row in mine) / len(mine)
        dots.append(Dot(facet.replace("_", " "), fit.mean, fit.low, fit.high, strong=True))
        met, cards = (sum(row["fits"][facet][at] for row in mine) for at in (0, 1))
        cells.append(
            (facet.replace("_", " "), f"{len(mine):,}", f"{met:,}", f"{cards:,}", f"{found:.1%}")
        )
    head = ("facet", "conversations", "cards that fit", "cards", "found within 5 turns")
    return Section(
        "Conditions, facet by facet",
        "How many cards of the last slate fit the hard conditions that the person had in mind, said"
        " or not. What was said and still broken is counted above as against the words.",
        (whiskers("Cards of the last slate that fit", dots, percent, percent),) if dots else (),
        (Table(head, tuple(cells), caption="Vouch, all conversations"),) if cells else (),
    )


def _table(caption: str, lines: Sequence[Json], strong: str = "") -> Table:
    head = ("", "users", "by 1", "by 3", "by 5", "95% of by 5", "by 8", "messages", "broken",
            "repeated", "against the words", "questions", "changed", "diversity", "novelty, bits",
            "miscalibration, nats", "coverage")  # fmt: skip
    names = ("cards_against_the_words", "questions", "questions_that_changed_the_slate",
             "diversity", "novelty_bits", "miscalibration_nats", "coverage")  # fmt: skip
    rows: list[tuple[str, ...]] = []
    for line in lines:
        share = {turn: one["mean"] for turn, one in line["success"].items()}
        five = line["success"]["5"]
        rows.append((
            line["name"], f"{line['users']:,}",
            *(f"{share[turn]:.1%}" for turn in ("1", "3", "5")),
            f"{five['low']:.1%} to {five['high']:.1%}", f"{share['8']:.1%}",
            f"{line['turns']['mean']:.2f}",
            str(line["constraint_violations"]), str(line["repeats"]),
            *("–" if line[name] is None else f"{line[name]:.3f}" for name in names),
        ))  # fmt: skip
    return Table(head, tuple(rows), caption=caption, strong=strong)
