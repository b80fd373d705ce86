"""The report of a simulation.

Owns: means over conversations, their JSON and their table. Does not own: the measures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog import Catalog
from evaluation.metrics import Interval
from evaluation.simulation.measures import bootstrap_by, mean
from evaluation.simulation.outcome import Outcome

WITHIN = (1, 3, 5, 8)
"""Turns within which success is reported."""


@dataclass(frozen=True, slots=True)
class Line:
    """One system, or one persona's part of one.

    Attributes
    ----------
    name : str
        Of the system or the persona.
    users, people : int
        Conversations, and how many people's histories they are from.
    success : dict of int to Interval
        Share that were shown a target within so many turns.
    turns : Interval
        Messages until the end, of all conversations.
    first : float
        Share of the successes that came at the first turn; NaN without any.
    broken, repeated : int
        Cards shown in spite of the ledger: of a condition, of having been refused or seen.
    missed : float
        Cards a conversation that go against what was said in words, understood or not.
    questions : float
        Questions a conversation that were followed by a message.
    changed : float
        Share of those after which the slate had other items; NaN without any.
    diversity, novelty, miscalibration : float
        See `evaluation.simulation.measures`; means over conversations.
    coverage : float
        Share of the catalogue that was shown at all.
    """

    name: str
    users: int
    people: int
    success: dict[int, Interval]
    turns: Interval
    first: float
    broken: int
    repeated: int
    missed: float
    questions: float
    changed: float
    diversity: float
    novelty: float
    miscalibration: float
    coverage: float

    def to_json(self) -> dict[str, Any]:
        """Return the line as JSON values; what is not defined is null."""
        return {
            "name": self.name,
            "users": self.users,
            "people": self.people,
            "success": {str(turn): _interval(i) for turn, i in self.success.items()},
            "turns": _interval(self.turns),
            "first_turn_share": _number(self.first),
            "constraint_violations": self.broken,
            "repeats": self.repeated,
            "cards_against_the_words": _number(self.missed),
            "questions": _number(self.questions),
            "questions_that_changed_the_slate": _number(self.changed),
            "diversity": _number(self.diversity),
            "novelty_bits": _number(self.novelty),
            "miscalibration_nats": _number(self.miscalibration),
            "coverage": _number(self.coverage),
        }

    def cells(self) -> str:
        """Return the line of a table."""
        share = "".join(f"{self.success[turn].mean:7.3f}" for turn in WITHIN)
        five = self.success[5]
        return (
            f"{self.name:<14}{self.users:>6}{share}  [{five.low:.3f}, {five.high:.3f}]"
            f"{self.turns.mean:7.2f}{self.first:7.2f}{self.broken:8}{self.repeated:8}{self.missed:8.2f}"
            f"{self.questions:7.2f}{self.changed:9.2f}{self.diversity:7.3f}{self.novelty:7.2f}"
            f"{self.miscalibration:7.2f}{self.coverage:7.3f}"
        )


@dataclass(frozen=True, slots=True)
class SimulationReport:
    """A run.

    Attributes
    ----------
    seed, users, compared, people, items : int
        Its size.
    whole : Line or None
        Vouch with all users.
    personas : tuple of Line
        The same by persona.
    systems : tuple of Line
        Every system with the same users, the first `compared`.
    """

    seed: int
    users: int
    compared: int
    people: int
    items: int
    whole: Line | None
    personas: tuple[Line, ...]
    systems: tuple[Line, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values, the same for the same seed."""
        return {
            "seed": self.seed,
            "users": self.users,
            "compared": self.compared,
            "people": self.people,
            "items": self.items,
            "vouch": self.whole.to_json() if self.whole else None,
            "personas": [line.to_json() for line in self.personas],
            "systems": [line.to_json() for line in self.systems],
        }

    def to_text(self) -> str:
        """Return the report as tables."""
        head = (
            f"{'':<14}{'users':>6}" + "".join(f"{f'@{turn}':>7}" for turn in WITHIN)
            + f"  {'95% of @5':<14}{'turns':>7}{'first':>7}{'broken':>8}{'repeat':>8}"
            f"{'missed':>8}{'asked':>7}{'changed':>9}{'ILD':>7}{'bits':>7}{'KL':>7}{'cover':>7}"
        )  # fmt: skip
        lines = [
            f"{self.users:,} simulated users of {self.people} held-out people, "
            f"{self.items:,} items, seed {self.seed}; intervals by person"
        ]
        if self.whole:
            lines += ["", head, *(line.cells() for line in (self.whole, *self.personas))]
        if self.systems:
            lines += ["", f"The same {self.compared} users with every system", head]
            lines += [line.cells() for line in self.systems]
        return "\n".join(lines)


def summarise(
    outcomes: Sequence[Outcome],
    systems: Sequence[str],
    seed: int,
    users: int,
    compared: int,
    catalog: Catalog,
) -> SimulationReport:
    """Return the report of `outcomes`, which are in order of system and number."""

    def line(name: str, chosen: Sequence[Outcome]) -> Line:
        return _line(name, chosen, seed, len(catalog))

    vouch = [o for o in outcomes if o.system == "vouch"]
    personas = dict.fromkeys(o.persona for o in vouch)
    return SimulationReport(
        seed=seed,
        users=users,
        compared=compared,
        people=len({o.person for o in outcomes}),
        items=len(catalog),
        whole=line("vouch", vouch) if vouch else None,
        personas=tuple(line(p, [o for o in vouch if o.persona == p]) for p in personas),
        systems=tuple(
            line(s, [o for o in outcomes if o.system == s and o.number < compared]) for s in systems
        ),
    )


def _line(name: str, outcomes: Sequence[Outcome], seed: int, items: int) -> Line:
    people = [o.person for o in outcomes]
    success = {
        turn: bootstrap_by(
            [float(o.success is not None and o.success <= turn) for o in outcomes], people, seed
        )
        for turn in WITHIN
    }
    found = [o for o in outcomes if o.success is not None]
    asked = sum(o.questions for o in outcomes)
    shown = {item_id for o in outcomes for e in o.exchanges for item_id in e.items}
    return Line(
        name=name,
        users=len(outcomes),
        people=len(set(people)),
        success=success,
        turns=bootstrap_by([float(len(o.exchanges)) for o in outcomes], people, seed),
        first=mean(float(o.success == 1) for o in found),
        broken=sum(e.broken for o in outcomes for e in o.exchanges),
        repeated=sum(e.repeated for o in outcomes for e in o.exchanges),
        missed=mean(float(sum(e.missed for e in o.exchanges)) for o in outcomes),
        questions=asked / len(outcomes) if outcomes else float("nan"),
        changed=sum(o.changed for o in outcomes) / asked if asked else float("nan"),
        diversity=mean(o.diversity for o in outcomes),
        novelty=mean(o.novelty for o in outcomes),
        miscalibration=mean(o.miscalibration for o in outcomes),
        coverage=len(shown) / items,
    )


def _interval(interval: Interval) -> dict[str, float | None]:
    return {
        "mean": _number(interval.mean),
        "low": _number(interval.low),
        "high": _number(interval.high),
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
