"""How long a person waits for cards.

Owns: a scripted load of ordinary turns, and its percentiles. Does not own: the turn.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Any

import numpy as np

from assistant.engine import Assistant
from assistant.events import CardsReady, Finished
from catalog import Catalog

_TEMPLATES = (
    "I loved {title} and {other}",
    "something like {title} but nothing with {person}",
    "a {value} {noun} please, {number}",
    "no {value}, and more like the first one",
    "/like 1",
    "/dislike 2",
    "/seen 3",
    "I am in the mood for {value} and {second}",
    "/undo",
    "actually, any {label} is fine",
)
CONVERSATION = len(_TEMPLATES)
"""Turns of one conversation."""


@dataclass(frozen=True, slots=True)
class LatencyReport:
    """Milliseconds over `turns` turns, after a warm-up of one session.

    Attributes
    ----------
    stages : dict of str to dict of str to float
        Stage to ``p50``, ``p95`` and ``max``; ``cards_seen`` is the wait as the caller sees it.
    processor_ms : float
        Of all threads, a turn: what bounds the turns a second of one server.
    """

    turns: int
    seed: int
    stages: dict[str, dict[str, float]]
    processor_ms: float

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "turns": self.turns,
            "seed": self.seed,
            "stages_ms": self.stages,
            "processor_ms": round(self.processor_ms, 1),
        }

    def render(self) -> str:
        """Return the report as a table."""
        lines = [f"{self.turns} turns, seed {self.seed}; milliseconds", ""]
        lines.append(f"{'stage':<12}{'p50':>8}{'p95':>8}{'max':>8}")
        for stage, row in self.stages.items():
            lines.append(f"{stage:<12}{row['p50']:>8.1f}{row['p95']:>8.1f}{row['max']:>8.1f}")
        lines.append(f"\nprocessor time {self.processor_ms:.1f} a turn")
        return "\n".join(lines)


def bench_turn(assistant: Assistant, turns: int = 200, seed: int = 7) -> LatencyReport:
    """Return the wait for cards over `turns` turns in sessions of ten, composed from a seed.

    Every message names titles, people and values of the catalogue at hand, so the load is as mixed
    for a shop as for films. Each turn includes storing it durably.
    """
    waits: dict[str, list[float]] = {"cards_seen": []}
    session = assistant.start()
    messages = load(assistant.catalog, seed)
    began = process_time()
    for number in range(-CONVERSATION, turns):
        if number == 0:
            began = process_time()
        if number % CONVERSATION == 0:
            session = assistant.start()
        message = next(messages)
        started = perf_counter()
        for event in assistant.respond(session, message):
            if isinstance(event, CardsReady) and number >= 0:
                waits["cards_seen"].append((perf_counter() - started) * 1000)
            if isinstance(event, Finished):
                session = event.session
                if number >= 0:
                    for stage, ms in event.turn.timings_ms.items():
                        waits.setdefault(stage, []).append(ms)
    spent = (process_time() - began) * 1000 / max(turns, 1)
    stages = {stage: percentiles(values) for stage, values in waits.items()}
    return LatencyReport(turns, seed, stages, spent)


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Return the median, the 95th percentile and the greatest of `values`; NaN of none."""
    found = np.percentile(values or [float("nan")], [50, 95, 100]).tolist()
    return dict(zip(("p50", "p95", "max"), found, strict=True))


def load(catalog: Catalog, seed: int) -> Iterator[str]:
    """Yield messages and button lines without end; every `CONVERSATION` of them begin anew."""
    rng = random.Random(seed)  # noqa: S311 - a load, not a secret
    while True:
        for template in _TEMPLATES:
            yield _compose(catalog, rng, template)


def _compose(catalog: Catalog, rng: random.Random, template: str) -> str:
    # Popular items are what people name; the catalogue's order stands in where nobody met any.
    known = (-catalog.popularity).argsort(kind="stable")[:500]
    item, other = (catalog.items[int(row)] for row in rng.sample(list(known), 2))
    people = [f for f in catalog.schema.facets if f.kind == "people" and f.name in item.labels]
    words = [f for f in catalog.schema.facets if f.kind == "category" and f.name in item.labels]
    person = rng.choice(item.labels[rng.choice(people).name]) if people else other.title
    values = [value for facet in words for value in item.labels[facet.name]] or [item.title]
    number = next((f for f in catalog.schema.facets if f.kind == "number"), None)
    bound = f"{number.higher[0] if number and number.higher else ''} than {other.title}"
    return template.format(
        title=item.title,
        other=other.title,
        person=person,
        value=rng.choice(values),
        second=rng.choice(values),
        noun=catalog.schema.noun,
        number=bound,
        label=number.label if number else "price",
    )
