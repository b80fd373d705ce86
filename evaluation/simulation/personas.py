"""What simulated people are like.

Owns: `Persona` and the six that there are. Does not own: what any of them wants
(`evaluation.simulation.needs`) or says (`evaluation.simulation.wording`).

The numbers were set once, before any system was measured, from how people write to assistants:
short, a wish or two at a time, seldom polite, often with mistakes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Persona:
    """Habits; every number but the counts is a chance in [0, 1].

    Attributes
    ----------
    name : str
        As reported.
    conditions : tuple of (int, int)
        Least and most conditions that the need is made of.
    wishes : int
        Most things said beyond those.
    facts : int
        Most facts in one message.
    example : float
        Names something liked in the opening.
    refuses : float
        Says what is wrong with a card, a turn.
    passes : float
        Has no preference when asked.
    asks : float
        Asks about a card, a turn.
    strays : float
        Says something off topic, a turn.
    errs : float
        First says something that is corrected later.
    typos : float
        Of a mistake in a word of five letters or more.
    careless : float
        Writes without capitals and without a full stop.
    filler : float
        Wraps the message in words that mean nothing.
    rare : bool
        Wants what few people know.
    """

    name: str
    conditions: tuple[int, int] = (1, 2)
    wishes: int = 4
    facts: int = 2
    example: float = 0.5
    refuses: float = 0.4
    passes: float = 0.2
    asks: float = 0.08
    strays: float = 0.02
    errs: float = 0.2
    typos: float = 0.01
    careless: float = 0.3
    filler: float = 0.3
    rare: bool = False


PERSONAS = (
    Persona("terse", facts=1, example=0.3, careless=0.8, filler=0.0),
    Persona("chatty", example=0.8, asks=0.15, strays=0.06, careless=0.1, filler=0.9),
    Persona("picky", conditions=(2, 3), wishes=6, refuses=0.7, passes=0.05, errs=0.3),
    Persona("easy-going", conditions=(1, 1), wishes=2, refuses=0.2, passes=0.5),
    Persona("sloppy", typos=0.12, careless=1.0, filler=0.2),
    Persona("explorer", example=0.7, asks=0.15, rare=True),
)
