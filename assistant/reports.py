"""What the conversations of a while come to: feedback, unmet requests, time, warnings, words.

Owns: `Report` and what each of its figures means. Does not own: the counting
(`assistant.reporting`).
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.state import Tier


@dataclass(frozen=True, slots=True)
class Counted:
    """Something, and in how many conversations it was."""

    what: str
    conversations: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What was shown, and what became of it.

    Attributes
    ----------
    conversations, turns : int
        How many.
    served, accepted : int
        Conversations in which something was shown, and in which something shown was then liked.
    shown : int
        Items shown, each once a conversation.
    liked, disliked, seen, later : int
        Those of `shown` on which the person took that stand afterwards, by button or in words, and
        kept to it. An item may be liked and seen.
    """

    conversations: int = 0
    turns: int = 0
    served: int = 0
    accepted: int = 0
    shown: int = 0
    liked: int = 0
    disliked: int = 0
    seen: int = 0
    later: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """The conversations that began on one day, in UTC: ``"2026-11-22"``."""

    day: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Stage:
    """How long one stage of the turn took, in milliseconds.

    Attributes
    ----------
    name : str
        ``"cards"`` and ``"total"`` are since the turn's start, all others the stage alone.
    turns : int
        In how many turns it was timed.
    p50, p95, p99 : float
        Percentiles by nearest rank.
    """

    name: str
    turns: int
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class WayOut:
    """What could have been given up, and how many items that would have brought."""

    drop: tuple[str, ...]
    items: int


@dataclass(frozen=True, slots=True)
class Unfulfilled:
    """Conditions under which nothing was left to show.

    Attributes
    ----------
    conditions : tuple of str
        As the ledger has them, sorted: ``"price <= 20"``.
    conversations : int
        In how many.
    words : tuple of str
        Some of the messages that led there.
    ways_out : tuple of WayOut
        As offered the last time.
    """

    conditions: tuple[str, ...]
    conversations: int
    words: tuple[str, ...]
    ways_out: tuple[WayOut, ...]


@dataclass(frozen=True, slots=True)
class Worded:
    """Who wrote the prose, in how many turns."""

    tier: Tier
    model: str | None
    turns: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a while's conversations come to. Lists are longest or most frequent first, and cut.

    Attributes
    ----------
    total : Tally
        Of all days.
    days : tuple of Day
        Newest first; days without a conversation are left out.
    unfulfilled : tuple of Unfulfilled
        Requests that nothing fitted.
    missing_titles : tuple of Counted
        Titles asked for that the catalogue lacks.
    unanswered : tuple of Counted
        Questions that the help pages do not answer.
    stages : tuple of Stage
        In the order of the turn.
    warned : int
        Turns in which something did not work as it should have.
    warnings : tuple of Counted
        What.
    worded : tuple of Worded
        Who wrote.
    model_failures : int
        Turns in which a language model was asked and was late, refused, or strayed from the facts.
    """

    total: Tally
    days: tuple[Day, ...]
    unfulfilled: tuple[Unfulfilled, ...]
    missing_titles: tuple[Counted, ...]
    unanswered: tuple[Counted, ...]
    stages: tuple[Stage, ...]
    warned: int
    warnings: tuple[Counted, ...]
    worded: tuple[Worded, ...]
    model_failures: int
