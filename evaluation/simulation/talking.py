"""The seam between a recommender and whoever talks with it in a simulation.

Owns: `SimulatedUser` and how a conversation ends. Does not own: its implementations
(`evaluation.simulation.user`, `evaluation.simulation.llm_user`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from assistant.state import Turn
from evaluation.simulation.facts import Fact


@dataclass(frozen=True, slots=True)
class Accept:
    """The person takes this item."""

    item_id: str


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The person leaves with nothing."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person has said and not taken back.

    Attributes
    ----------
    facts : tuple of Fact
        Conditions; a card that breaks a hard one was shown in spite of it.
    barred : frozenset of str
        Ids of items that they refused or know.
    """

    facts: tuple[Fact, ...] = ()
    barred: frozenset[str] = frozenset()


class SimulatedUser(Protocol):
    """Somebody who talks with a recommender until they take an item or give up."""

    @property
    def standing(self) -> Standing:
        """What they hold the recommender to, as far as that is known."""
        ...

    def open(self) -> str:
        """Return the first message."""
        ...

    def reply(self, turn: Turn) -> str | Accept | GiveUp:
        """Return the next message, or how it ends."""
        ...
