"""What the API takes and gives, as types: the OpenAPI document is made of them.

Owns: request and response bodies, and a turn's public form with what a card shows. Does not own:
the turn's JSON itself (`assistant.wire`), which these describe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.chips import chips, condition_labels
from assistant.commands import CommandKind
from assistant.handover import AT_ONCE
from assistant.handover_table import Handover, Message
from assistant.state import HandoverReason, Session, Turn, UserProfile
from assistant.wire import Json, profile_json, turn_json
from catalog import Catalog, Relaxation
from ui.cards import facts, summary, web_address

MOST_CHARACTERS = 2_000
_Text = Annotated[str, Field(max_length=MOST_CHARACTERS)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class NewSession(_In):
    """Open a conversation."""

    visitor_token: str = Field(
        default="",
        max_length=4_000,
        description="Signed by the site's server; without it the visitor is anonymous.",
    )


class Identify(_In):
    """Say whose the conversation is, which was anonymous so far."""

    visitor_token: str = Field(
        min_length=1, max_length=4_000, description="Signed by the site's server; counts once."
    )


class Press(_In):
    """One press of a button."""

    kind: CommandKind
    target: _Text = Field(default="", description="An item id, or a chip's key.")


class NewTurn(_In):
    """What the person says, or the button they press: exactly one of the two."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"message": "something funny, not too long"},
                {"command": {"kind": "undo"}},
            ]
        }
    )

    message: _Text | None = Field(default=None, description="Words, in any supported language.")
    command: Press | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> NewTurn:
        said = bool(self.message and self.message.strip())
        if said == (self.command is not None):
            raise ValueError("give either a message that is not empty, or a command")
        return self


class Feedback(_In):
    """What the person thinks of one item."""

    item_id: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Literal["like", "dislike", "seen", "later", "more"]


class ProfileEdit(_In):
    """Chips to remove, or to keep for always or for now; by key."""

    remove: tuple[_Text, ...] = Field(default=(), max_length=50)
    always: _Text = ""
    now: _Text = ""

    @model_validator(mode="after")
    def _one_kind(self) -> ProfileEdit:
        if sum((bool(self.remove), bool(self.always), bool(self.now))) != 1:
            raise ValueError("give exactly one of remove, always and now")
        return self


class TermOut(_Out):
    """One part of a score."""

    name: str
    contribution: float
    because: list[str] = Field(description="Item ids and facet values that it comes from.")


class CardOut(_Out):
    """One pick, with its proofs."""

    item_id: str
    title: str
    year: int | None
    score: float = Field(description="The sum of its terms' contributions.")
    terms: list[TermOut]
    reasons: list[str]
    satisfies: list[str] = Field(description="The person's conditions that it meets.")
    url: str
    image: str
    facts: list[str]
    summary: str


class ChipOut(_Out):
    """One removable entry of the profile."""

    key: str
    label: str
    kind: str
    scope: str | None
    before: bool = Field(description="Whether it is known from before this conversation.")


class ProfileOut(_Out):
    """All that is held of the person in this conversation."""

    model_config = ConfigDict(frozen=True, extra="allow")

    summary: str
    chips: list[ChipOut]
    likes: list[Json]
    dislikes: list[Json]
    seen: list[Json]
    later: list[Json]
    constraints: list[Json]
    preferences: list[Json]
    topics: list[str]


class NewHandover(_In):
    """Ask for a human."""

    reason: HandoverReason = "request"


class Taking(_In):
    """Who takes a conversation."""

    name: Annotated[str, Field(min_length=1, max_length=80, pattern=r"\S")]


class Saying(_In):
    """What a human says."""

    text: Annotated[str, Field(min_length=1, max_length=4_000, pattern=r"\S")]


class HandoverOut(_Out):
    """Whether a human is called, or there."""

    state: Literal["offered", "waiting", "human", "closed"] = Field(
        description="One could be called; is called; is there; was there."
    )
    agent: str | None = Field(description="Who is there.")
    reason: HandoverReason


class MessageOut(_Out):
    """Something said while a human was called, or there."""

    seq: int = Field(description="From 1 in each conversation, without gaps.")
    speaker: Literal["person", "agent", "system"]
    name: str = Field(description="The agent's who speaks, comes or goes; else empty.")
    text: str
    at: str = Field(description="ISO 8601.")
    state: Literal["waiting", "human", "closed"] = Field(description="From then on.")
    turn: int = Field(description="The last turn taken by then; 0 before the first.")


class WaitingOut(HandoverOut):
    """A conversation that a human was asked into."""

    session_id: str
    number: int
    site: str
    language: str
    created: str
    updated: str
    last: MessageOut | None = Field(description="What was said last.")


class PacketOut(_Out):
    """All that a human needs to go on."""

    handover: WaitingOut
    packet: Json = Field(
        description="Profile, conditions with the person's words, shown and refused items, open "
        "question and transcript."
    )
    messages: list[MessageOut]


class NewsOut(_Out):
    """Where something happened."""

    last: int = Field(description="Ask for what came after it next.")
    sessions: list[str]


class DeliveredOut(_Out):
    """What the person said went to a human, and is not answered by the assistant."""

    handover: HandoverOut
    delivered: Literal[True]
    message: MessageOut


class TurnOut(_Out):
    """One turn: the state is the whole state after it."""

    model_config = ConfigDict(frozen=True, extra="allow")

    turn: int
    user: str
    acts: list[str]
    reply: str
    language: str
    question: str | None
    options: list[str] = Field(description="Quick replies to the question.")
    items: list[CardOut]
    profile: ProfileOut
    missing_titles: list[str]
    relaxations: list[Json] = Field(description="Ways out where nothing fits, with counts.")
    suggestions: list[Json]
    answer: Json | None
    llm: Json
    warnings: list[str]
    timings_ms: dict[str, float]
    handover: HandoverOut | None


class SessionOut(_Out):
    """A conversation."""

    session_id: str
    known: bool = Field(description="Whether it is with a known person, who is remembered.")
    profile: ProfileOut
    turns: list[TurnOut]
    handover: HandoverOut | None
    messages: list[MessageOut] = Field(description="What was said with a human.")


class OpenedOut(SessionOut):
    """A new conversation, with what opens it from now on."""

    token: str = Field(description="Send it as Authorization: Bearer TOKEN.")
    expires_in: int = Field(description="Seconds.")
    site: str


class ExportOut(_Out):
    """All that is kept of a person."""

    person: str | None = Field(description="The site's key and its name for them.")
    exported_at: str
    sessions: list[SessionOut]
    memory: list[Json] = Field(description="What lasts from one conversation to the next.")


def profile_body(profile: UserProfile, catalog: Catalog, language: str = "en") -> Json:
    """Return `profile` as `ProfileOut` describes it."""
    entries: Sequence[Any] = chips(profile, catalog.schema)
    kept = ("key", "label", "kind", "scope", "before")
    return {
        **profile_json(profile, catalog.schema, language),
        "chips": [{name: getattr(chip, name) for name in kept} for chip in entries],
    }


def handover_body(handover: Handover) -> Json:
    """Return `handover` as `HandoverOut` describes it."""
    agent = handover.agent or None
    return {"state": handover.state, "agent": agent, "reason": handover.reason}


def waiting_body(handover: Handover, last: Message | None) -> Json:
    """Return `handover` as `WaitingOut` describes it."""
    return {
        **handover_body(handover),
        "session_id": handover.session_id,
        "number": handover.number,
        "site": handover.site,
        "language": handover.language,
        "created": handover.created.isoformat(),
        "updated": handover.updated.isoformat(),
        "last": message_body(last) if last else None,
    }


def message_body(message: Message) -> Json:
    """Return `message` as `MessageOut` describes it."""
    kept = ("seq", "speaker", "name", "text", "state", "turn")
    values = asdict(message)
    return {**{name: values[name] for name in kept}, "at": message.at.isoformat()}


def delivered_body(handover: Handover, message: Message) -> Json:
    """Return words that went to a human as `DeliveredOut` describes them."""
    body = {"handover": handover_body(handover), "delivered": True}
    return {**body, "message": message_body(message)}


def turn_body(turn: Turn, catalog: Catalog, handover: Handover | None = None) -> Json:
    """Return `turn` as `TurnOut` describes it; `handover` is one that was open before it."""
    body = turn_json(turn, catalog.schema)
    items = [{**card, **shown(card["item_id"], catalog)} for card in body["items"]]
    profile = profile_body(turn.profile, catalog, turn.language)
    ways_out = [
        {**way, **_button(relaxation, catalog)}
        for way, relaxation in zip(body["relaxations"], turn.relaxations, strict=True)
    ]
    return {
        **body,
        "items": items,
        "profile": profile,
        "relaxations": ways_out,
        "handover": handover_body(handover) if handover else _called(turn),
    }


def session_body(
    session: Session,
    catalog: Catalog,
    handover: Handover | None = None,
    messages: Sequence[Message] = (),
) -> Json:
    """Return `session` as `SessionOut` describes it."""
    return {
        "session_id": session.session_id,
        "known": session.user_id is not None,
        "profile": profile_body(session.profile, catalog),
        "turns": [turn_body(turn, catalog) for turn in session.turns],
        "handover": handover_body(handover) if handover else None,
        "messages": [message_body(message) for message in messages],
    }


def shown(item_id: str, catalog: Catalog) -> Json:
    """Return what a card shows of an item beyond its name; nothing of one that is gone."""
    if item_id not in catalog.rows:
        return {"url": "", "image": "", "facts": [], "summary": ""}
    item = catalog.item(item_id)
    return {
        "url": web_address(item.url),
        "image": web_address(item.image),
        "facts": list(facts(item, catalog.schema.facets)),
        "summary": summary(item),
    }


def _called(turn: Turn) -> Json | None:
    """Return what `turn` itself did about a human: called one, or offered to."""
    if turn.handover is None:
        return None
    state = "waiting" if turn.handover in AT_ONCE else "offered"
    return {"state": state, "agent": None, "reason": turn.handover}


def _button(relaxation: Relaxation, catalog: Catalog) -> Json:
    """Return what a button shows for `relaxation`, and what it removes, one chip a line."""
    return {
        "label": " + ".join(condition_labels(relaxation.drop, catalog.schema)),
        "target": "\n".join(map(str, relaxation.drop)),
    }
