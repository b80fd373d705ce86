"""The dialogue's values: what was understood, what is known, what was shown.

Owns: the frozen types that the turn passes from stage to stage. Does not own: any rule that makes
or changes them (`assistant.understanding`, `assistant.profile`), nor their JSON form
(`assistant.wire`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from catalog import Constraint, Relaxation
from ranking.scoring import Term

Act = Literal[
    "greeting",
    "thanks",
    "goodbye",
    "help",
    "off_topic",
    "request",
    "like",
    "dislike",
    "seen",
    "constrain",
    "prefer",
    "avoid",
    "critique",
    "correct",
    "more_like",
    "missing",
    "reset",
    "undo",
    "button",
]

Tier = Literal["none", "embedded", "endpoint"]


@dataclass(frozen=True, slots=True)
class Opinion:
    """A stand on one item, with its provenance.

    Attributes
    ----------
    item_id, title : str
        The item.
    turn : int
        The turn that it came from, counted from 1.
    text : str
        The person's own words, or the button's.
    """

    item_id: str
    title: str
    turn: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Preference:
    """A soft wish for a facet value; negative weight avoids. Weights are in [-1, 1]."""

    facet: str
    value: str
    weight: float
    turn: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class UserProfile:
    """All that Vouch holds of a person in a session: shown to them, and theirs to change.

    An item is in at most one of `likes` and `dislikes`; tuples are oldest first, without repeats.

    Attributes
    ----------
    likes, dislikes, seen : tuple of Opinion
        Stands on items.
    constraints : tuple of Constraint
        The ledger: hard conditions with turn and words.
    preferences : tuple of Preference
        Soft wishes.
    topics : tuple of str
        What they asked for in words that no facet covers, newest last.
    """

    likes: tuple[Opinion, ...] = ()
    dislikes: tuple[Opinion, ...] = ()
    seen: tuple[Opinion, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    preferences: tuple[Preference, ...] = ()
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a message, for the record.

    Attributes
    ----------
    start, end : int
        Span in the message; ``message[start:end] == text``.
    text : str
        The words.
    kind : str
        ``"item"``, ``"value"``, ``"number"``, ``"reference"``, ``"missing"``, ``"act"``.
    means : str
        What it was taken for, readable: ``"like 6"``, ``"year >= 1991"``.
    """

    start: int
    end: int
    text: str
    kind: str
    means: str


@dataclass(frozen=True, slots=True)
class Retraction:
    """Something to take back from the profile.

    Attributes
    ----------
    facet : str
        Facet whose constraints and preferences go; empty for an item.
    value : str, float or None
        Only this value; None for every row on the facet.
    item_id : str
        Item whose opinions go.
    ops : tuple of str
        Only constraints with these operators (and, where empty, preferences too).
    """

    facet: str = ""
    value: str | int | float | bool | None = None
    item_id: str = ""
    ops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understanding:
    """What one message says, before anything is done about it.

    Attributes
    ----------
    acts : tuple of Act
        In order of appearance, without repeats; never empty.
    likes, dislikes, seen : tuple of Opinion
        Stands taken on items of the catalogue.
    constraints : tuple of Constraint
        Hard conditions added.
    preferences : tuple of Preference
        Soft wishes added.
    retractions : tuple of Retraction
        Taken back, before the additions are applied.
    missing_titles : tuple of str
        Titles named that the catalogue lacks, in the person's words.
    topic : str
        Descriptive words left over, for search: ``"a slow heist gone wrong"``.
    again : tuple of str
        Item ids that the person asks to see although shown, seen or refused before.
    reset, undo : bool
        Start over; take back the last turn.
    findings : tuple of Finding
        Every span that meant something, in order.
    """

    acts: tuple[Act, ...]
    likes: tuple[Opinion, ...] = ()
    dislikes: tuple[Opinion, ...] = ()
    seen: tuple[Opinion, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    preferences: tuple[Preference, ...] = ()
    retractions: tuple[Retraction, ...] = ()
    missing_titles: tuple[str, ...] = ()
    topic: str = ""
    again: tuple[str, ...] = ()
    reset: bool = False
    undo: bool = False
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """What a message may refer to.

    Attributes
    ----------
    turn : int
        Number of the turn being understood, from 1.
    profile : UserProfile
        Before this turn.
    slate : tuple of str
        Item ids of the last cards shown, first to last: "the second one".
    """

    turn: int
    profile: UserProfile = UserProfile()
    slate: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One checkable statement about a pick.

    Attributes
    ----------
    kind : {"collaborative", "preference", "shared", "constraint", "text", "popular", "facet"}
        Where it comes from.
    facet : str
        Facet name, or empty.
    values : tuple of str
        Facet values, or the numbers as displayed.
    likes : tuple of str
        Ids of liked items that it refers to.
    text : str
        The template's words for it, with liked titles filled in.
    """

    kind: Literal["collaborative", "preference", "shared", "constraint", "text", "popular", "facet"]
    facet: str = ""
    values: tuple[str, ...] = ()
    likes: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What may be said about the pick in one slot, strongest fact first."""

    slot: int
    item_id: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One pick as shown.

    Attributes
    ----------
    item_id, title : str
        From the catalogue.
    year : int or None
        Where the schema has one.
    score : float
        Sum of the terms' contributions.
    terms : tuple of Term
        Largest contribution first.
    reasons : tuple of str
        Template sentences, each from a term that contributed or a constraint that holds.
    satisfies : tuple of str
        Every active constraint that holds, as ``"year >= 1991"``: all of them but for the other
        alternatives on a facet.
    """

    item_id: str
    title: str
    year: int | None
    score: float
    terms: tuple[Term, ...]
    reasons: tuple[str, ...]
    satisfies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """Something worth asking: its answer can change the top of the slate."""

    text: str
    facet: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LlmStatus:
    """Which tier wrote the reply, and with which model; None for templates."""

    tier: Tier = "none"
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange, complete: the state after it is the state of the session.

    Attributes
    ----------
    number : int
        From 1.
    user : str
        The message, or the button line (``"/like 2"``).
    acts : tuple of Act
        What the message did.
    reply : str
        The prose, plain text.
    question : Question or None
        What Vouch asks.
    profile : UserProfile
        After the turn.
    cards : tuple of Card
        The slate, best first.
    missing_titles : tuple of str
        Titles named that the catalogue lacks.
    relaxations : tuple of Relaxation
        Offered when nothing fits.
    llm : LlmStatus
        Who wrote the prose.
    warnings : tuple of str
        What did not work as it should have, for the person's eyes.
    timings_ms : mapping of str to float
        By stage; ``"cards"`` is when the slate was ready, ``"total"`` the whole.
    """

    number: int
    user: str
    acts: tuple[Act, ...]
    reply: str
    question: Question | None
    profile: UserProfile
    cards: tuple[Card, ...]
    missing_titles: tuple[str, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    llm: LlmStatus = LlmStatus()
    warnings: tuple[str, ...] = ()
    timings_ms: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True)
class Session:
    """A conversation: its turns so far.

    Attributes
    ----------
    session_id : str
        Unguessable.
    user_id : str or None
        A known person of the catalogue's interactions; None is anonymous.
    turns : tuple of Turn
        Oldest first.
    """

    session_id: str
    user_id: str | None = None
    turns: tuple[Turn, ...] = ()

    @property
    def profile(self) -> UserProfile:
        """What is known after the last turn."""
        return self.turns[-1].profile if self.turns else UserProfile()

    @property
    def slate(self) -> tuple[str, ...]:
        """Item ids of the last cards shown, first to last."""
        for turn in reversed(self.turns):
            if turn.cards:
                return tuple(card.item_id for card in turn.cards)
        return ()
