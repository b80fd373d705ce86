"""The dialogue's values: what was understood, what is known, what was shown.

Owns: the frozen types that the turn passes from stage to stage. Does not own: any rule that makes
or changes them (`assistant.understanding`, `assistant.profile`), nor their JSON form
(`assistant.wire`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from catalog import Constraint, Relaxation, Scope
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
    "later",
    "ask",
    "compare",
    "why",
    "policy",
    "indifferent",
    "abuse",
    "human",
    "profile",
    "others",
    "declined",
    "agreed",
    "reset",
    "undo",
    "button",
]

Tier = Literal["none", "embedded", "endpoint"]
AskKind = Literal["fact", "compare", "why", "why_not", "open", "beyond"]
HandoverReason = Literal["request", "words", "policy", "failure"]
"""They asked; they said a word of the operator's policy; what they asked of the shop was not known,
or nothing fitted, again and again."""

_ASKING = frozenset({"ask", "compare", "why", "policy"})
SMALL_TALK: frozenset[Act] = frozenset(
    {"greeting", "thanks", "goodbye", "help", "off_topic", "profile", "human", "abuse", "declined",
     "agreed"}
)  # fmt: skip
"""Acts that ask for no items."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """A stand on one item, with its provenance.

    Attributes
    ----------
    item_id, title : str
        The item.
    turn : int
        The turn that it came from, counted from 1; 0 is from before this conversation.
    text : str
        The person's own words, or the button's.
    """

    item_id: str
    title: str
    turn: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Preference:
    """A soft wish for a facet value.

    Attributes
    ----------
    facet, value : str
        What is wished for.
    weight : float
        In [-1, 1]; negative avoids, halves are hedged ("maybe something funny").
    turn : int
        The turn that it came from; 0 is from before this conversation.
    text : str
        The person's own words.
    scope : {"now", "always"}
        A wish of the moment ("something funny") or a taste ("I love musicals"), which a known
        person's next conversation still knows.
    """

    facet: str
    value: str
    weight: float
    turn: int
    text: str = ""
    scope: Scope = "now"


@dataclass(frozen=True, slots=True)
class Leaning:
    """A wish for how well known items are: "hidden gems", "a classic everybody knows".

    Attributes
    ----------
    novelty : float
        In [-1, 1]; above 0 little known, below it well known (`ranking.scoring.Request`).
    turn : int
        The turn that it came from; 0 is from before this conversation.
    text : str
        The person's own words.
    scope : {"now", "always"}
        As of a `Preference`.
    """

    novelty: float
    turn: int
    text: str
    scope: Scope = "now"


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
    later : tuple of Opinion
        Items put off, not refused: "not tonight". They stay away for this conversation.
    leaning : Leaning or None
        How well known items should be; None where nothing was said of it.
    """

    likes: tuple[Opinion, ...] = ()
    dislikes: tuple[Opinion, ...] = ()
    seen: tuple[Opinion, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    preferences: tuple[Preference, ...] = ()
    topics: tuple[str, ...] = ()
    later: tuple[Opinion, ...] = ()
    leaning: Leaning | None = None


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
class Ask:
    """A question about items of the catalogue.

    Attributes
    ----------
    kind : {"fact", "compare", "why", "why_not", "open", "beyond"}
        What is asked: a fact, a comparison, why an item was picked, why it was not; what the
        catalogue does not know; something of a place on the table where there is no card.
    items : tuple of str
        Item ids asked about; empty only for what is asked of the shop, or beyond the cards.
    facet : str
        Facet that a fact is asked of ("who directed it"); empty for all that is known.
    text : str
        The person's own words.
    conditions : tuple of Constraint
        What would make the answer yes, where it is yes or no: "is it scary?".
    """

    kind: AskKind
    items: tuple[str, ...]
    facet: str = ""
    text: str = ""
    conditions: tuple[Constraint, ...] = ()


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
    later : tuple of Opinion
        Items put off for now.
    asks : tuple of Ask
        Questions, in order.
    language : str
        What the message is written in, an ISO 639-1 code: ``"en"``, ``"de"``.
    leaning : Leaning or None
        How well known items should be, where the message says so.
    unheld : tuple of str
        What is refused in words that no facet knows, "plastic": nothing can be left out for it.
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
    later: tuple[Opinion, ...] = ()
    asks: tuple[Ask, ...] = ()
    language: str = "en"
    leaning: Leaning | None = None
    unheld: tuple[str, ...] = ()

    @property
    def only_asks(self) -> bool:
        """Whether it only asks, about items or the shop: the slate stays as it is."""
        beside = {"missing", "greeting", "thanks", "goodbye"}
        return bool(_ASKING.intersection(self.acts)) and (_ASKING | beside).issuperset(self.acts)


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
    language : str
        Of the turn before, for messages that show none ("ok").
    asked : tuple of str
        Item ids that the turn before answered about: "and how long is it?".
    asked_for : str
        The facet that it told of them, where it was one: "and the second?".
    """

    turn: int
    profile: UserProfile = UserProfile()
    slate: tuple[str, ...] = ()
    language: str = "en"
    asked: tuple[str, ...] = ()
    asked_for: str = ""


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
class Suggestion:
    """A critique worth trying, as a button.

    Attributes
    ----------
    label : str
        On the button: ``"shorter"``.
    message : str
        What pressing it says for the person: ``"shorter than 127 min"``.
    items : int
        How many items would remain.
    """

    label: str
    message: str
    items: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Items side by side.

    Attributes
    ----------
    titles : tuple of str
        Column heads.
    rows : tuple of (str, tuple of str)
        What is compared, and each item's value; ``"not in our data"`` where it is unknown.
    """

    titles: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """What a help page says, word for word.

    Attributes
    ----------
    text : str
        Plain text of the page.
    source : str
        The page's title and the heading above it: ``"Shipping: Where we ship"``.
    url : str
        Of that section, ``http`` or ``https``; empty where the page says none.
    """

    text: str
    source: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked, answered from the catalogue, the score, the ledger or the help pages.

    Attributes
    ----------
    text : str
        Plain sentences.
    sources : tuple of str
        Where each fact stands: facet names, ``"title"``, ``"synopsis"``, ``"score"``,
        ``"ledger"``, or the source of a quote; in the order of the text, without repeats. Empty
        where the help pages do not say.
    comparison : Comparison or None
        The table, where items are compared.
    items : tuple of str
        Item ids that it is about.
    quotes : tuple of Quote
        From the help pages.
    pointers : tuple of str
        Where to look, when they do not say: the nearest section, then the titles of the pages.
    """

    text: str
    sources: tuple[str, ...]
    comparison: Comparison | None = None
    items: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    pointers: tuple[str, ...] = ()

    def before(self, other: Answer | None) -> Answer:
        """Return one answer that says this one first, then `other`; a table is the other's."""
        if other is None:
            return self
        return Answer(
            f"{self.text}\n{other.text}",
            (*self.sources, *other.sources),
            other.comparison,
            other.items,
            (*self.quotes, *other.quotes),
            (*self.pointers, *other.pointers),
        )


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
    answer : Answer or None
        To what the person asked about items.
    suggestions : tuple of Suggestion
        Critiques worth trying, most telling first.
    language : str
        Of the reply, an ISO 639-1 code.
    handover : HandoverReason or None
        Why a human should take over, or be offered, where one can be reached.
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
    answer: Answer | None = None
    suggestions: tuple[Suggestion, ...] = ()
    language: str = "en"
    handover: HandoverReason | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A conversation: its turns so far.

    Attributes
    ----------
    session_id : str
        Unguessable.
    user_id : str or None
        A known person, of the catalogue's interactions perhaps; None is anonymous.
    turns : tuple of Turn
        Oldest first.
    memory : UserProfile
        What was known before the first turn: a known person's lasting things, marked turn 0.
    """

    session_id: str
    user_id: str | None = None
    turns: tuple[Turn, ...] = ()
    memory: UserProfile = UserProfile()

    @property
    def profile(self) -> UserProfile:
        """What is known after the last turn."""
        return self.turns[-1].profile if self.turns else self.memory

    @property
    def slate(self) -> tuple[str, ...]:
        """Item ids of the last cards shown, first to last."""
        for turn in reversed(self.turns):
            if turn.cards:
                return tuple(card.item_id for card in turn.cards)
        return ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes
    ----------
    cards : tuple of Card
        Best first.
    warnings : tuple of str
        What did not work as it should have, in plain language.
    """

    cards: tuple[Card, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody for whom items are searched, outside a turn or within one.

    Attributes
    ----------
    session : Session
        Their conversation; nobody's by default.
    profile : UserProfile
        What holds of them now.
    """

    session: Session = Session("")
    profile: UserProfile = UserProfile()
