"""What a turn yields while it runs: cards first, prose after, the stored turn last.

Owns: the events. Does not own: their order, which `assistant.engine` guarantees.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.state import Session, Turn


@dataclass(frozen=True, slots=True)
class CardsReady:
    """The slate is ranked and the profile change is durably stored; the reply may still be empty.

    Comes first. Comes a second time, with a better slate, when a language model understood more
    than the rules did.
    """

    turn: Turn


@dataclass(frozen=True, slots=True)
class Prose:
    """The next piece of the reply, already checked; the pieces concatenate to `Turn.reply`."""

    text: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The turn is complete and stored. Comes last, once."""

    session: Session
    turn: Turn


Event = CardsReady | Prose | Finished
