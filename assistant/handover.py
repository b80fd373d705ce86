"""Handing a conversation over to a human: when, and what the human is told.

Owns: `handover_reason`, `called_for`, `Packet`. Does not own: where a hand-over is kept
(`assistant.handovers`), or how its news reaches people (`ui.webhook`, `ui.api`).

Everything here is a pure function of the conversation: a human who reads the packet need not ask
anything again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import takewhile
from typing import Literal

from assistant.handover_table import Message, Speaker
from assistant.people import is_device
from assistant.state import SMALL_TALK, HandoverReason, Opinion, Session, Turn, UserProfile
from assistant.summary import summary
from assistant.wire import Json, profile_json, turn_json
from catalog import Catalog

Stand = Literal["liked", "disliked", "seen", "later", ""]

AT_ONCE: frozenset[HandoverReason] = frozenset({"request", "words"})
"""Reasons that call a human; the others only offer one."""

_AGAIN = 2  # abuse, or a question about shipping without an answer: the second is one too many
_NO_TRY = (SMALL_TALK - {"abuse"}) | {"reset", "undo"}
"""Turns of these cannot fail: nothing was looked for."""


@dataclass(frozen=True, slots=True)
class HandoverConfig:
    """When a human is called, or offered.

    Attributes
    ----------
    words : tuple of str
        Of the operator's policy: who says one of them is handed over at once. A star ends a word
        in any way: ``"complain*"``.
    failures : int
        So many turns that failed, one after the other, and a human is offered.
    """

    words: tuple[str, ...] = ()
    failures: int = 3


def called_for(turn: Turn, config: HandoverConfig) -> HandoverReason | None:
    """Return why the message of `turn` calls a human at once, if it does."""
    if "human" in turn.acts:
        return "request"
    if "button" not in turn.acts and _says(turn.user, config.words):
        return "words"
    return None


def handover_reason(
    session: Session, turn: Turn, config: HandoverConfig = HandoverConfig()
) -> HandoverReason | None:
    """Return why a human should take over after `turn`, or be offered; None where neither.

    Parameters
    ----------
    session : Session
        Before `turn`.
    turn : Turn
        With its acts, slate and answer.
    """
    called = called_for(turn, config)
    if called:
        return called
    turns = (*session.turns, turn)
    if _unanswered(turn) and sum(map(_unanswered, turns)) >= _AGAIN:
        return "policy"
    abuse = ["abuse" in past.acts for past in turns]
    if abuse[-1] and sum(abuse) >= _AGAIN:
        return "failure"
    before = (None, *turns)
    newest_first = reversed(list(zip(before, turns, strict=False)))
    running = sum(1 for _ in takewhile(lambda pair: _failed(*pair), newest_first))
    return "failure" if running >= config.failures else None


def _says(message: str, words: Sequence[str]) -> bool:
    """Tell whether `message` holds one of `words`, whole; scripts without spaces have no edges."""
    patterns = (
        re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "") for word in words
    )
    edged = (
        rf"(?<![^\W_]){pattern}(?![^\W_])" if pattern.isascii() else pattern for pattern in patterns
    )
    return any(re.search(pattern, message, re.IGNORECASE) for pattern in edged)


def _unanswered(turn: Turn) -> bool:
    return "policy" in turn.acts and not (turn.answer and turn.answer.sources)


def _failed(before: Turn | None, turn: Turn) -> bool:
    """Tell whether `turn` gave the person nothing that they could use."""
    if turn.missing_titles:
        return True
    if not turn.cards:
        return turn.answer is None and not _NO_TRY.issuperset(turn.acts)
    refused = {opinion.item_id for opinion in turn.profile.dislikes}
    shown = {card.item_id for card in before.cards} if before else set[str]()
    return bool(shown) and shown <= refused


@dataclass(frozen=True, slots=True)
class Wanted:
    """A condition or wish, with the person's words.

    Attributes
    ----------
    means : str
        As Vouch took it: ``"price <= 60"``.
    words : str
        As the person put it.
    turn : int
        When; 0 is from before this conversation.
    must : bool
        Whether it is a condition, not a wish.
    """

    means: str
    words: str
    turn: int
    must: bool


@dataclass(frozen=True, slots=True)
class Pick:
    """An item that was shown: its last card, when that was, and what the person made of it."""

    card: Json
    turn: int
    stand: Stand


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the transcript; `speaker` may be the assistant here."""

    speaker: Speaker | Literal["assistant"]
    name: str
    text: str
    turn: int


@dataclass(frozen=True, slots=True)
class Packet:
    """All that a human needs to go on where the assistant stopped.

    Attributes
    ----------
    session_id : str
        The conversation.
    customer : str
        Whom the site vouched for; empty for an anonymous visitor.
    reason : HandoverReason
        Why a human is asked.
    language : str
        Of the conversation, an ISO 639-1 code.
    summary : str
        The profile in plain sentences, in that language.
    profile : mapping
        The same as JSON.
    wanted : tuple of Wanted
        Conditions, then wishes; oldest first.
    shown : tuple of Pick
        Every item shown, oldest first.
    rejected : tuple of str
        Titles that the person refused or put off.
    missing : tuple of str
        Titles that they named and the catalogue lacks.
    question : str
        What the assistant asked last and got no answer to.
    last_message : str
        What the person said last.
    transcript : tuple of Said
        All of it, oldest first.
    """

    session_id: str
    customer: str
    reason: HandoverReason
    language: str
    summary: str
    profile: Json
    wanted: tuple[Wanted, ...]
    shown: tuple[Pick, ...]
    rejected: tuple[str, ...]
    missing: tuple[str, ...]
    question: str
    last_message: str
    transcript: tuple[Said, ...]

    @classmethod
    def of(
        cls,
        session: Session,
        catalog: Catalog,
        reason: HandoverReason,
        messages: Sequence[Message] = (),
    ) -> Packet:
        """Return the packet of `session`; `messages` are what was said since a human was asked."""
        turns, profile = session.turns, session.profile
        last = turns[-1] if turns else None
        transcript = _transcript(turns, messages, catalog)
        user = session.user_id or ""
        return cls(
            session.session_id,
            "" if is_device(user) else user,  # A device's id opens what it remembers.
            reason,
            last.language if last else "en",
            summary(profile, catalog.schema, last.language if last else "en"),
            profile_json(profile, catalog.schema, last.language if last else "en"),
            _wanted(profile),
            _shown(turns, catalog),
            tuple(opinion.title for opinion in (*profile.dislikes, *profile.later)),
            tuple(dict.fromkeys(title for turn in turns for title in turn.missing_titles)),
            last.question.text if last and last.question else "",
            next((said.text for said in reversed(transcript) if said.speaker == "person"), ""),
            transcript,
        )

    def json(self) -> Json:
        """Return the packet as JSON values."""
        return asdict(self)

    def note(self) -> str:
        """Return the packet as a short text, for systems that show a human no more than that."""
        wanted = [f"“{want.words}”: {want.means}" for want in self.wanted]
        shown = [str(pick.card["title"]) for pick in self.shown]
        lines = (
            ("Why", self.reason),
            ("Language", self.language),
            ("Profile", self.summary),
            ("Wanted", "; ".join(wanted)),
            ("Shown", ", ".join(shown)),
            ("Refused", ", ".join(self.rejected)),
            ("Not in the catalogue", ", ".join(self.missing)),
            ("Open question", self.question),
            ("Last message", self.last_message),
        )
        told = [f"{name}: {text}" for name, text in lines if text]
        talk = [f"  {said.name or said.speaker}: {said.text}" for said in self.transcript]
        return "\n".join([*told, "Transcript:", *talk])


def _wanted(profile: UserProfile) -> tuple[Wanted, ...]:
    must = [Wanted(str(row), row.text, row.turn, must=True) for row in profile.constraints]
    wishes = [
        Wanted(
            f"{'not ' if wish.weight < 0 else ''}{wish.facet} {wish.value}",
            wish.text,
            wish.turn,
            must=False,
        )
        for wish in profile.preferences
    ]
    return (*must, *wishes)


def _shown(turns: Sequence[Turn], catalog: Catalog) -> tuple[Pick, ...]:
    profile = turns[-1].profile if turns else UserProfile()
    stands: tuple[tuple[Stand, tuple[Opinion, ...]], ...] = (
        ("liked", profile.likes),
        ("disliked", profile.dislikes),
        ("seen", profile.seen),
        ("later", profile.later),
    )
    stand: dict[str, Stand] = {
        opinion.item_id: name for name, opinions in reversed(stands) for opinion in opinions
    }
    picks: dict[str, Pick] = {}
    for turn in turns:
        for card in turn_json(turn, catalog.schema)["items"]:
            key = card["item_id"]
            first = picks[key].turn if key in picks else turn.number
            picks[key] = Pick(card, first, stand.get(key, ""))
    return tuple(picks.values())


def _transcript(
    turns: Sequence[Turn], messages: Sequence[Message], catalog: Catalog
) -> tuple[Said, ...]:
    def since(turn: int) -> list[Said]:
        return [
            Said(message.speaker, message.name, message.text, turn)
            for message in messages
            if message.turn == turn
        ]

    said = since(0)
    for turn in turns:
        said.append(Said("person", "", _words(turn, catalog), turn.number))
        said.append(Said("assistant", "", turn.reply, turn.number))
        said += since(turn.number)
    return tuple(said)


def _words(turn: Turn, catalog: Catalog) -> str:
    """Return what the person said; of a press on a card, with the item's title for its id."""
    kind, _, target = turn.user.partition(" ")
    if "button" in turn.acts and target in catalog.rows:
        return f"{kind} {catalog.item(target).title}"
    return turn.user
