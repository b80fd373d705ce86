"""What the API takes and gives, as types: the OpenAPI document is made of them.

Owns: request and response bodies, and a turn's public form with what a card shows. Does not own:
the turn's JSON itself (`assistant.wire`), which these describe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.chips import chips
from assistant.commands import CommandKind
from assistant.state import Session, Turn, UserProfile
from assistant.wire import Json, profile_json, turn_json
from catalog import Catalog
from ui.cards import facts, web_address

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


class SessionOut(_Out):
    """A conversation."""

    session_id: str
    known: bool = Field(description="Whether it is with a known person, who is remembered.")
    profile: ProfileOut
    turns: list[TurnOut]


class OpenedOut(SessionOut):
    """A new conversation, with what opens it from now on."""

    token: str = Field(description="Send it as Authorization: Bearer TOKEN.")
    expires_in: int = Field(description="Seconds.")
    site: str


def profile_body(profile: UserProfile, catalog: Catalog, language: str = "en") -> Json:
    """Return `profile` as `ProfileOut` describes it."""
    entries: Sequence[Any] = chips(profile, catalog.schema)
    shown = ("key", "label", "kind", "scope", "before")
    return {
        **profile_json(profile, catalog.schema, language),
        "chips": [{name: asdict(chip)[name] for name in shown} for chip in entries],
    }


def turn_body(turn: Turn, catalog: Catalog) -> Json:
    """Return `turn` as `TurnOut` describes it."""
    body = turn_json(turn, catalog.schema)
    items = [{**card, **_shown(card["item_id"], catalog)} for card in body["items"]]
    profile = profile_body(turn.profile, catalog, turn.language)
    return {**body, "items": items, "profile": profile}


def session_body(session: Session, catalog: Catalog) -> Json:
    """Return `session` as `SessionOut` describes it."""
    return {
        "session_id": session.session_id,
        "known": session.user_id is not None,
        "profile": profile_body(session.profile, catalog),
        "turns": [turn_body(turn, catalog) for turn in session.turns],
    }


def _shown(item_id: str, catalog: Catalog) -> Json:
    """Return what a card shows of an item beyond its name; nothing of one that is gone."""
    if item_id not in catalog.rows:
        return {"url": "", "image": "", "facts": [], "summary": ""}
    item = catalog.item(item_id)
    return {
        "url": web_address(item.url),
        "image": web_address(item.image),
        "facts": list(facts(item, catalog.schema.facets)),
        "summary": next((text for text in item.texts.values() if text), ""),
    }
