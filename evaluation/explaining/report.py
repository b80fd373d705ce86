"""What a run of `vouch bench explain` found.

Owns: `ExplainReport` and its parts. Does not own: the finding (`evaluation.explaining.bench`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from evaluation.explaining.faithfulness import Deletion
from evaluation.explaining.prose import Prose
from evaluation.explaining.shares import Share
from evaluation.explaining.telling import Statement

LEAST_MOVED = 0.9
"""Share of shown reasons without which the pick must move down."""
_MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Faithfulness:
    """The deletion test over reasons of one kind, or of all.

    Attributes
    ----------
    kind : str
        As in `Fact`; ``"all"``, or ``"all at hand"`` with those that no card shows.
    score_falls, place_falls : Share
        Of the reasons, those without which score and place fall.
    """

    kind: str
    score_falls: Share
    place_falls: Share


@dataclass(frozen=True, slots=True)
class TierReport:
    """What one writer of prose says.

    Attributes
    ----------
    tier, model : str
        Who.
    own_words : Share
        Of the picks, those told in a language model's words.
    product, independent, agreeing : Share
        Of the statements, those that pass the product's check, the independent check, and agree
        with the person; the first and the last are of picks and cards.
    faults : tuple of Statement
        Those that do not pass all three.
    warnings : int
        Slates with a warning.
    seconds_p50, seconds_max : float
        For the prose of a slate.
    """

    tier: str
    model: str
    own_words: Share
    product: Share
    independent: Share
    agreeing: Share
    faults: tuple[Statement, ...]
    warnings: int
    seconds_p50: float
    seconds_max: float


@dataclass(frozen=True, slots=True)
class Lies:
    """Lies of one kind.

    Attributes
    ----------
    kind : str
        Which.
    caught : Share
        Not shown: a template took their place.
    noticed : Share
        What the independent check would notice by itself.
    shown : tuple of str
        Those that were shown.
    """

    kind: str
    caught: Share
    noticed: Share
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExplainReport:
    """All findings; the same at every run but for the seconds."""

    seed: int
    catalogue: str
    requests: int
    slates: int
    cards: int
    with_reason: Share
    faithfulness: tuple[Faithfulness, ...]
    failures: tuple[Deletion, ...]
    tiers: tuple[TierReport, ...]
    lies: tuple[Lies, ...]
    prose: tuple[Prose, ...] = ()

    def broken(self) -> tuple[str, ...]:
        """Return which promises were not kept, in words; empty where all were."""
        found: list[str] = []
        shown = next((row for row in self.faithfulness if row.kind == "all"), None)
        if shown and shown.score_falls.hits < shown.score_falls.n:
            found.append("a shown reason whose removal leaves the score")
        if shown and shown.place_falls.n and shown.place_falls.value < LEAST_MOVED:
            found.append(f"less than {LEAST_MOVED:.0%} of shown reasons decide about the place")
        found += [
            f"{tier.tier}: {len(tier.faults)} statements" for tier in self.tiers if tier.faults
        ]
        found += [f"lies shown: {lies.kind}" for lies in self.lies if lies.shown]
        return tuple(found)

    def to_json(self) -> dict[str, object]:
        """Return the report as plain values; what differs from run to run is under ``seconds``."""
        tiers = {tier.tier: tier for tier in self.tiers}
        return {
            **{name: getattr(self, name) for name in ("seed", "catalogue", "requests", "slates")},
            "cards": self.cards,
            "cards_with_reason": self.with_reason.to_json(),
            "deletion": {
                row.kind: {
                    "score_falls": row.score_falls.to_json(),
                    "place_falls": row.place_falls.to_json(),
                }
                for row in self.faithfulness
            },
            "failures": [asdict(one) for one in self.failures],
            "tiers": {
                name: {
                    "model": tier.model,
                    "own_words": tier.own_words.to_json(),
                    "supported_by_product_check": tier.product.to_json(),
                    "supported_by_independent_check": tier.independent.to_json(),
                    "agrees_with_profile": tier.agreeing.to_json(),
                    "warnings": tier.warnings,
                    "faults": [asdict(fault) for fault in tier.faults],
                }
                for name, tier in tiers.items()
            },
            "lies": {
                row.kind: {
                    "caught": row.caught.to_json(),
                    "noticed_by_independent_check": row.noticed.to_json(),
                    "shown": row.shown,
                }
                for row in self.lies
            },
            "prose": {one.writer: one.to_json() for one in self.prose},
            "broken": self.broken(),
            "seconds": {
                **{
                    name: {"slate_s_p50": tier.seconds_p50, "slate_s_max": tier.seconds_max}
                    for name, tier in tiers.items()
                },
                "prose": {one.writer: one.seconds() for one in self.prose},
            },
        }

    def to_text(self) -> str:
        """Return the report as tables."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield (
            f"{self.catalogue}: {self.requests:,} requests, {self.slates:,} slates, "
            f"{self.cards:,} cards, seed {self.seed}"
        )
        yield f"cards with a reason from the score: {self.with_reason}"
        yield ""
        yield f"{'without the reason':<20} {'score falls':<36} place falls"
        for row in self.faithfulness:
            yield f"{row.kind:<20} {row.score_falls!s:<36} {row.place_falls}"
        yield from _some(
            "shown, and without it the place stays",
            [
                f"{f.kind}: {f.item}: {f.reason!r}: place {f.place} to {f.place_without}, "
                f"score {f.score:.4f} to {f.score_without:.4f}"
                for f in self.failures
            ],
        )
        for tier in self.tiers:
            yield ""
            yield f"{tier.tier} ({tier.model})" if tier.model else tier.tier
            yield f"  picks told in a model's words    {tier.own_words}"
            yield f"  supported, the product's check   {tier.product}"
            yield f"  supported, an independent check  {tier.independent}"
            yield f"  agrees with the person           {tier.agreeing}"
            yield (
                f"  seconds a slate                  {tier.seconds_p50:.2f}, at most "
                f"{tier.seconds_max:.2f}; {tier.warnings} with a warning"
            )
            yield from _some(
                "faults",
                [
                    f"{fault.where}: {fault.text!r}: "
                    + "; ".join(
                        (*fault.refused_by_product, *fault.unsupported, *fault.disagreements)
                    )
                    for fault in tier.faults
                ],
            )
        yield ""
        yield f"{'lies':<26} {'caught':<36} noticed by the independent check alone"
        for row in self.lies:
            yield f"{row.kind:<26} {row.caught!s:<36} {row.noticed}"
            yield from _some("shown", list(row.shown))
        for one in self.prose:
            yield ""
            yield from one.lines()
        yield ""
        yield "; ".join(("broken", *self.broken())) if self.broken() else "every promise kept"


def _some(label: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"  {label}: {len(lines)}"
        yield from (f"    {line}" for line in lines[:_MOST_FAULTS])
