"""Which stored conversation a transcript is, where the caller brings the transcript.

Owns: `Transcript`, `Transcripts` and their table, and the turn that answers a transcript's last
message. Does not own: the protocol that transcripts arrive in (`ui.api.chat`), sessions
(`assistant.store`).

Every turn is found by a digest of whose it is and of all that the person had said by then. The
longest known beginning of a transcript is gone on with: its session itself where nothing was said
since, else a branch of it, so what another said after the same words is never part of an answer.
Whatever of the transcript is not known is said again.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass, replace
from hashlib import sha256

from sqlalchemy import (
    Column,
    Engine,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    exists,
    insert,
    literal,
    select,
)

from assistant.engine import Assistant
from assistant.events import CardsReady, Event
from assistant.state import Session
from assistant.store import SESSIONS, TURNS
from catalog.database import METADATA
from catalog.errors import StoreError, UnknownSessionError

_STATES = Table(
    "chat_states",
    METADATA,
    Column("session_id", ForeignKey("sessions.session_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("said", String(64), nullable=False),
    Column("replied", String(64), nullable=False),
    Index("chat_states_said", "said", "replied"),
)


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation as its caller tells it.

    Attributes
    ----------
    site : str
        Key of the site that it is on.
    user_id : str or None
        The known person that it is with.
    said : tuple of str
        What the person said, oldest first; never empty. The last is to be answered.
    replied : tuple of str
        What was answered to each of `said`, as the caller has it; ``""`` where nothing was.
    """

    site: str
    user_id: str | None
    said: tuple[str, ...]
    replied: tuple[str, ...]

    @property
    def states(self) -> tuple[str, ...]:
        """A digest of the conversation after each of `said`: whose it is, and all said so far."""
        digest, found = _digest(json.dumps([self.site, self.user_id])), list[str]()
        for message in self.said:
            digest = _digest(digest + message)
            found.append(digest)
        return tuple(found)


class Transcripts:
    """The conversations that transcripts began. Safe to share between threads.

    Parameters
    ----------
    engine : Engine
        Of the database that has the sessions, its tables made; with a session goes what is kept
        of it here.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, transcript: Transcript) -> tuple[str, int] | None:
        """Return the session and the number of turns of the longest beginning that is known.

        Of several, one whose reply is the transcript's goes first, then one in which nothing was
        said since. Takes two queries, whatever the length.
        """
        states = transcript.states[:-1]
        with self._engine.connect() as connection:
            number = connection.execute(
                select(_STATES.c.number)
                .where(_STATES.c.said.in_(states))
                .order_by(_STATES.c.number.desc())
                .limit(1)
            ).scalar()
            if number is None:
                return None
            gone_on = exists().where(
                TURNS.c.session_id == _STATES.c.session_id, TURNS.c.number > number
            )
            replied = _reply(transcript.replied[number - 1])
            session_id = connection.execute(
                select(_STATES.c.session_id)
                .where(_STATES.c.said == states[number - 1])
                .order_by((_STATES.c.replied == replied).desc(), gone_on)
                .limit(1)
            ).scalar()
        return None if session_id is None else (session_id, number)

    def keep(self, transcript: Transcript, session: Session, reply: str) -> None:
        """Remember that `session` is `transcript`, to which `reply` was the answer.

        Of a session that was erased meanwhile nothing is kept.
        """
        row = (
            SESSIONS.c.session_id,
            literal(len(transcript.said)),
            literal(transcript.states[-1]),
            literal(_reply(reply)),
        )
        there = select(*row).where(SESSIONS.c.session_id == session.session_id)
        with self._engine.begin() as connection:
            connection.execute(insert(_STATES).from_select(list(_STATES.c.keys()), there))


def answered(
    assistant: Assistant, transcripts: Transcripts, transcript: Transcript
) -> Generator[Event]:
    """Take the turn that `transcript` asks for; yields what `Assistant.respond` yields.

    Costs one turn where all but the last message is known, and one more for each that is not. A
    message that is said again is understood in full, but its reply is not waited for.

    Raises
    ------
    StoreError
        When a turn cannot be stored.
    """
    session = _known(assistant, transcripts, transcript)
    for message in transcript.said[len(session.turns) : -1]:
        session = _again(assistant, session, message)
    events = assistant.respond(session, transcript.said[-1])
    try:
        yield next(events)
    except UnknownSessionError:  # Erased just now: nothing of it is brought back.
        raise
    except StoreError:  # Another caller went on with this session just now.
        branch = assistant.people.branch(session, len(session.turns))
        events = assistant.respond(branch, transcript.said[-1])
    yield from events


def _known(assistant: Assistant, transcripts: Transcripts, transcript: Transcript) -> Session:
    """Return a session with the longest known beginning of `transcript`, and nothing more."""
    found = transcripts.find(transcript)
    if found is None:
        return assistant.start(transcript.user_id)
    session_id, number = found
    try:
        session = assistant.resume(session_id)
    except UnknownSessionError:  # It expired between the two.
        return assistant.start(transcript.user_id)
    gone_on = len(session.turns) > number
    return assistant.people.branch(session, number) if gone_on else session


def _again(assistant: Assistant, session: Session, message: str) -> Session:
    longer = session
    for event in assistant.respond(session, message):
        if not isinstance(event, CardsReady):
            break
        longer = replace(session, turns=(*session.turns, event.turn))
    return longer


def _reply(text: str) -> str:
    return _digest(" ".join(text.split()))


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
