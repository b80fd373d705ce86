"""One turn as it is judged, and one statement about it.

Owns: `Observed`, `Check`. Does not own: what is stated (`evaluation.dialogues.checks`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.state import Session, Turn
from catalog import Catalog
from evaluation.dialogues.truth import Truth

NOTHING = "(nothing)"


@dataclass(frozen=True, slots=True)
class Observed:
    """One turn, and what it is to be judged by.

    Attributes
    ----------
    truth : Truth
        What the catalogue knows.
    session : Session
        Before the turn.
    turn : Turn
        As it finished.
    """

    truth: Truth
    session: Session
    turn: Turn

    @property
    def catalog(self) -> Catalog:
        """Return the catalogue."""
        return self.truth.catalog

    @property
    def shown(self) -> tuple[str, ...]:
        """Return the item ids on the cards, best first."""
        return tuple(card.item_id for card in self.turn.cards)


@dataclass(frozen=True, slots=True)
class Check:
    """One statement about a turn.

    Attributes
    ----------
    what : str
        Which part of it: ``"profile.constraints"``.
    expected, found : str
        For a person to compare; only what differs.
    holds : bool
        Whether it is so.
    """

    what: str
    expected: str
    found: str
    holds: bool


def listed(words: Sequence[str]) -> str:
    """Return `words` as a report shows them."""
    return "; ".join(words) or NOTHING
