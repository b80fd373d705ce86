"""How well a language model keeps to the facts, and how long it takes.

Owns: `Slate`, `film_slates`, `measure`. Does not own: the check (`assistant.grounding`) or how a
reply is written (`assistant.explanation`); both are used as they are.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from statistics import median
from time import perf_counter

from assistant.evidence import evidence_for
from assistant.explanation import Explainer, ExplanationConfig
from assistant.llm import ChatModel
from assistant.state import Card, Evidence, Opinion, Session, Turn, Understanding, UserProfile
from catalog import Catalog, Item, parse_schema
from ranking.scoring import Scored, Term


@dataclass(frozen=True, slots=True)
class Slate:
    """Picks to explain to one invented person."""

    profile: UserProfile
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class ExplanationReport:
    """Outcome of `measure`.

    Attributes
    ----------
    model : str
        Its name.
    slots : int
        Picks explained.
    accepted : int
        Picks told in the model's words; the rest were told by templates.
    seconds : tuple of float
        Per slate, in order.
    warnings : int
        Slates with a warning.
    """

    model: str
    slots: int
    accepted: int
    seconds: tuple[float, ...]
    warnings: int

    @property
    def share(self) -> float:
        """Accepted picks over all, in [0, 1]."""
        return self.accepted / self.slots

    def to_json(self) -> dict[str, object]:
        """Return the report as JSON values."""
        return {**asdict(self), "share": self.share, "median_s": median(self.seconds)}

    def to_text(self) -> str:
        """Return the report in one line."""
        return (
            f"{self.model}: {self.accepted} of {self.slots} picks ({self.share:.0%}) told in its "
            f"own words; median {median(self.seconds):.1f} s a slate, at most "
            f"{max(self.seconds):.1f} s"
        )


def noted_films() -> Catalog:
    """Return the films of the demo that have notes, without ratings."""
    demo = resources.files("catalog") / "demo"
    schema = parse_schema((demo / "schema.toml").read_text(encoding="utf-8"), "schema.toml")
    lines = (demo / "film_notes.jsonl").read_text(encoding="utf-8").splitlines()
    return Catalog.build(schema, [_film(json.loads(line)) for line in lines])


def film_slates(catalog: Catalog, count: int, k: int = 5, seed: int = 0) -> tuple[Slate, ...]:
    """Return `count` slates of `k` films that share a mood with a liked film."""
    chance = random.Random(seed)  # noqa: S311 - reproducible sampling
    slates: list[Slate] = []
    while len(slates) < count:
        liked = chance.choice(catalog.items)
        mood = chance.choice(liked.labels["mood"])
        rows = [int(row) for row in catalog.facets.rows_with("mood", mood)]
        rows.remove(catalog.row(liked.item_id))
        if len(rows) < k:
            continue
        terms = (
            Term("collaborative", 1.0, (liked.item_id,)),
            Term("preferences", 0.8, (f"mood:{mood}",)),
            Term("content", 0.6, (liked.item_id,)),
        )
        profile = UserProfile(likes=(Opinion(liked.item_id, liked.title, 1),))
        picks = [Scored(row, 2.4, terms) for row in chance.sample(rows, k)]
        slates.append(Slate(profile, evidence_for(picks, profile, catalog)))
    return tuple(slates)


def measure(
    chat_model: ChatModel, slates: Sequence[Slate], catalog: Catalog, deadline_s: float = 60.0
) -> ExplanationReport:
    """Explain every slate with `chat_model` and count the picks told in its own words."""
    explainer = Explainer(catalog, chat_model, ExplanationConfig(deadline_s=deadline_s))
    accepted = warned = 0
    seconds: list[float] = []
    for slate in slates:
        cards = tuple(
            Card(found.item_id, catalog.item(found.item_id).title, None, 2.4, (), (), ())
            for found in slate.evidence
        )
        turn = Turn(1, "", ("request",), "", None, slate.profile, cards)
        writing = explainer.begin(
            Session("measure"), turn, Understanding(("request",)), slate.evidence
        )
        start = perf_counter()
        for _ in writing.pieces():
            pass
        seconds.append(perf_counter() - start)
        accepted += writing.accepted
        warned += bool(writing.warnings)
    slots = sum(len(slate.evidence) for slate in slates)
    return ExplanationReport(chat_model.name, slots, accepted, tuple(seconds), warned)


def _film(note: dict[str, object]) -> Item:
    def _values(name: str) -> tuple[str, ...]:
        values = note.get(name) or ()
        return (values,) if isinstance(values, str) else tuple(map(str, values))  # type: ignore[arg-type]

    names = ("genres", "directors", "cast", "certificate", "countries", "languages", "mood")
    return Item(
        str(note["item_id"]),
        str(note["title"]),
        {name: values for name in (*names, "keywords") if (values := _values(name))},
        {name: float(str(note[name])) for name in ("year", "runtime_minutes") if note.get(name)},
        texts={"synopsis": str(note["synopsis"])},
    )
