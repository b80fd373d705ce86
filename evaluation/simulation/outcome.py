"""What is kept of a conversation once it is over.

Owns: `Outcome`. Does not own: the formulas (`evaluation.simulation.measures`) or means over many.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalog import Catalog
from evaluation.simulation.measures import (
    diversity,
    mean,
    miscalibration,
    novelty,
    questions,
    rows_of,
    taste,
)
from evaluation.simulation.needs import Need
from evaluation.simulation.play import Dialogue, Exchange
from evaluation.simulation.systems import Bench
from ranking.calibrated import main_category


@dataclass(frozen=True, slots=True)
class Outcome:
    """One conversation, measured.

    Attributes
    ----------
    system, persona : str
        Who talked.
    number, person : int
        The need, and whose history it is from.
    targets : int
        How many items would have been right.
    success : int or None
        Turn at which one of them was shown, from 1.
    exchanges : tuple of Exchange
        What was said and shown.
    accepted : str
        Id of the item taken.
    questions, changed : int
        Questions followed by a message, and those after which the slate had other items.
    diversity, novelty, miscalibration : float
        Means over the slates shown; NaN where there was none.
    titles : dict of str to str
        Of every item shown, by id.
    fits : dict of str to (int, int)
        By facet that the need has a hard condition on, said or not: how many cards of the last
        slate meet it, and how many there are.
    """

    system: str
    persona: str
    number: int
    person: int
    targets: int
    success: int | None
    exchanges: tuple[Exchange, ...]
    accepted: str
    questions: int
    changed: int
    diversity: float
    novelty: float
    miscalibration: float
    titles: dict[str, str] = field(default_factory=dict[str, str])
    fits: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])

    def to_json(self) -> dict[str, Any]:
        """Return the transcript as JSON values."""
        turns = [
            {"user": e.user, "reply": e.reply, "question": e.question, "items": list(e.items)}
            for e in self.exchanges
        ]
        return {
            "system": self.system,
            "user": self.number,
            "persona": self.persona,
            "targets": self.targets,
            "success": self.success,
            "accepted": self.accepted,
            "turns": turns,
        }

    def to_row(self) -> dict[str, Any]:
        """Return transcript and measures as JSON values; NaN where one is not defined."""
        row = self.to_json()
        for turn, exchange in zip(row["turns"], self.exchanges, strict=True):
            turn["titles"] = [self.titles[item_id] for item_id in exchange.items]
        return row | {
            "person": self.person,
            "constraint_violations": sum(e.broken for e in self.exchanges),
            "repeats": sum(e.repeated for e in self.exchanges),
            "cards_against_the_words": sum(e.missed for e in self.exchanges),
            "questions": self.questions,
            "questions_that_changed_the_slate": self.changed,
            "diversity": self.diversity,
            "novelty_bits": self.novelty,
            "miscalibration_nats": self.miscalibration,
            "fits": self.fits,
        }


def outcome_of(dialogue: Dialogue, bench: Bench) -> Outcome:
    """Return `dialogue`, measured against what `bench` knows."""
    need, catalog = dialogue.need, bench.catalog
    slates = [rows_of(e.items, catalog) for e in dialogue.exchanges if e.items]
    facet = main_category(catalog)
    wanted = taste(need.person.liked.tolist(), facet, catalog)
    crowd = len(set(catalog.interactions.user.tolist()))
    asked, changed = questions(dialogue.exchanges)
    return Outcome(
        system=dialogue.system,
        persona=need.persona.name,
        number=need.number,
        person=need.person.user,
        targets=len(need.targets),
        success=dialogue.turns_to_success,
        exchanges=dialogue.exchanges,
        accepted=dialogue.accepted,
        questions=asked,
        changed=changed,
        diversity=mean(diversity(rows, bench.parts.vectors) for rows in slates),
        novelty=mean(novelty(rows, catalog.popularity, crowd) for rows in slates),
        miscalibration=mean(miscalibration(wanted, taste(rows, facet, catalog)) for rows in slates),
        titles={catalog.items[row].item_id: catalog.name(row) for rows in slates for row in rows},
        fits=_fits(need, slates[-1] if slates else (), catalog),
    )


def _fits(need: Need, rows: Sequence[int], catalog: Catalog) -> dict[str, tuple[int, int]]:
    hard = [constraint for fact in need.facts if fact.hard for constraint in fact.constraints]
    facets = dict.fromkeys(constraint.facet for constraint in hard)
    masks = {
        facet: catalog.facets.mask(one for one in hard if one.facet == facet) for facet in facets
    }
    return {facet: (int(mask[list(rows)].sum()), len(rows)) for facet, mask in masks.items()}


def write_transcripts(outcomes: Iterable[Outcome], path: Path) -> None:
    """Write conversations to a file, one JSON object a line, in their order."""
    lines = (json.dumps(outcome.to_json(), ensure_ascii=False) for outcome in outcomes)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
