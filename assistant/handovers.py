"""Conversations with a human: asked for, taken, held, closed, and told to whoever must know.

Owns: `Handovers`, what follows from what, one transaction each. Does not own: when a human is
called (`assistant.handover`), the rows (`assistant.handover_table`), sending (`ui.webhook`).

Every change is a message too: who follows the messages of a conversation misses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, Engine, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from assistant import handover_table as rows
from assistant.handover import Packet
from assistant.handover_table import (
    DELIVERIES,
    HANDOVERS,
    MESSAGES,
    NAME_LENGTH,
    Handover,
    Message,
    Speaker,
    State,
)
from assistant.outbox import Outbox
from assistant.phrasebook import phrasebook
from assistant.state import HandoverReason, Session
from assistant.store import SESSIONS, TURNS
from assistant.wire import Json
from catalog import Catalog
from catalog.database import METADATA
from catalog.errors import StoreError, UnknownSessionError

_REMEMBERED = timedelta(minutes=15)  # longer than a delivery's timestamp is accepted


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell the human's own system.

    Attributes
    ----------
    kind : {"opened", "message", "closed"}
        What happened.
    handover : Handover
        After it.
    message : Message
        What was said, or the line that tells of the change.
    packet : Packet or None
        With "opened".
    """

    kind: Literal["opened", "message", "closed"]
    handover: Handover
    message: Message
    packet: Packet | None = None


Describe = Callable[[News], Sequence[Json]]
"""Returns the payloads that tell news, in order."""


class Handovers:
    """Every conversation that a human was asked into. Safe to share between threads and processes.

    Parameters
    ----------
    engine : Engine
        The database of the conversations.
    catalog : Catalog
        Gives the words, and what was shown.
    describe : Describe or None
        How another system is told; None tells none.
    now : callable
        The clock.
    """

    def __init__(
        self,
        engine: Engine,
        catalog: Catalog,
        describe: Describe | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        METADATA.create_all(engine, tables=list(rows.TABLES))
        self._engine = engine
        self._catalog = catalog
        self._describe = describe
        self._now = now
        self._outbox = Outbox(engine, now=now)
        self._listeners: list[Callable[[str], None]] = []

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with the conversation's id after each change made in this process."""
        self._listeners.append(listener)

    def open(self, session: Session, reason: HandoverReason, site: str = "") -> Handover:
        """Ask a human into `session`; where one was asked already, nothing changes.

        Parameters
        ----------
        session : Session
            Whole: the packet is made of it.

        Raises
        ------
        UnknownSessionError
            When the conversation was erased meanwhile.
        """
        current = self.current(session.session_id)
        if current is not None:
            return current
        language = session.turns[-1].language if session.turns else "en"
        packet = self.packet(session, reason)
        values = {"site": site, "reason": reason, "language": language, "created": self._now()}
        try:
            with self._change(session.session_id, "waiting", opening=True, **values) as change:
                change.say("system", self._phrase(language, "handover.waiting"))
                change.tell("opened", packet)
        except IntegrityError as error:
            current = self.current(session.session_id)
            if current is None:
                raise UnknownSessionError("this conversation was erased meanwhile") from error
            return current  # Another request asked in the same moment.
        return change.handover

    def find(self, session_id: str) -> Handover:
        """Return the hand-over of a conversation, also when it is closed; raises `StoreError`."""
        with self._engine.connect() as connection:
            return _only(connection, session_id)

    def current(self, session_id: str) -> Handover | None:
        """Return the hand-over of a conversation that is a human's now; None when none is."""
        with self._engine.connect() as connection:
            mine = HANDOVERS.c.session_id == session_id
            found = rows.handovers(connection, mine, HANDOVERS.c.state != "closed")
        return found[0] if found else None

    def waiting(self) -> tuple[tuple[Handover, Message | None], ...]:
        """Return all open hand-overs, the longest waiting first, with what was said last."""
        with self._engine.connect() as connection:
            found = rows.handovers(connection, HANDOVERS.c.state != "closed")
            return tuple((one, rows.last_message(connection, one.session_id)) for one in found)

    def take(self, session_id: str, name: str) -> Handover:
        """Let the agent `name` in, or another in their place; raises `StoreError`."""
        with self._change(session_id, "human", agent=name[:NAME_LENGTH]) as change:
            language = change.handover.language
            text = self._phrase(language, "handover.joined", name=change.handover.agent)
            change.say("system", text)
        return change.handover

    def say(self, session_id: str, text: str, *, agent: bool, outside: bool = False) -> Message:
        """Store what the person said, or the agent.

        Parameters
        ----------
        agent : bool
            Whether it is the agent who speaks; they must have taken the conversation.
        outside : bool
            Whether the human's own system knows it already.

        Raises
        ------
        StoreError
            When the conversation is not a human's.
        """
        with self._change(session_id) as change:
            if agent and change.handover.state != "human":
                raise StoreError("take the conversation before you answer in it")
            message = change.say("agent" if agent else "person", text)
            if not outside:
                change.tell("message")
        return message

    def close(self, session_id: str, *, person: bool, outside: bool = False) -> Handover:
        """Give the conversation back to the assistant; where it has it already, nothing changes.

        Parameters
        ----------
        person : bool
            Whether the person went back to the assistant; else the human closes.
        outside : bool
            Whether the human's own system knows it already.
        """
        before = self.find(session_id)
        if before.state == "closed":
            return before
        key = "back" if person else "left" if before.agent else "nobody"
        with self._change(session_id, "closed") as change:
            text = self._phrase(before.language, f"handover.{key}", name=before.agent)
            change.say("system", text)
            if not outside:
                change.tell("closed")
        return change.handover

    def messages(self, session_id: str, after: int = 0) -> tuple[Message, ...]:
        """Return what was said after the message `after`, oldest first."""
        with self._engine.connect() as connection:
            return rows.messages(connection, session_id, after)

    def packet(self, session: Session, reason: HandoverReason) -> Packet:
        """Return what a human should know of `session`, with all that was said since."""
        return Packet.of(session, self._catalog, reason, self.messages(session.session_id))

    def changed(self, after: int | None) -> tuple[int, frozenset[str]]:
        """Return the number of the last message of all, and the conversations of those since.

        Parameters
        ----------
        after : int or None
            A number that this returned before; None asks for the last number only.
        """
        with self._engine.connect() as connection:
            last = connection.execute(select(func.max(MESSAGES.c.number))).scalar() or 0
            if after is None or last <= after:
                return last, frozenset()
            ids = select(MESSAGES.c.session_id).where(MESSAGES.c.number > after).distinct()
            return last, frozenset(connection.execute(ids).scalars())

    @contextmanager
    def once(self, delivery_id: str) -> Generator[bool]:
        """Give whether a delivery is new; it stays new when what is done with it fails."""
        now = self._now()
        try:
            with self._engine.begin() as connection:
                connection.execute(delete(DELIVERIES).where(DELIVERIES.c.at < now - _REMEMBERED))
                connection.execute(insert(DELIVERIES).values(delivery_id=delivery_id, at=now))
        except IntegrityError:
            yield False
            return
        done = False
        try:
            yield True
            done = True
        finally:
            if not done:
                with self._engine.begin() as connection:
                    mine = DELIVERIES.c.delivery_id == delivery_id
                    connection.execute(delete(DELIVERIES).where(mine))

    @contextmanager
    def _change(
        self,
        session_id: str,
        state: State | None = None,
        *,
        opening: bool = False,
        **values: object,
    ) -> Generator[_Change]:
        """Give a change of an open hand-over; its row is locked first, so changes have an order."""
        now = self._now()
        values |= {"updated": now} | ({"state": state} if state else {})
        with self._engine.begin() as connection:
            mine = HANDOVERS.c.session_id == session_id
            fits = HANDOVERS.c.state == "closed" if opening else HANDOVERS.c.state != "closed"
            fresh = {"agent": ""} if opening else {}
            changed = connection.execute(update(HANDOVERS).where(mine, fits).values(values | fresh))
            if opening and not changed.rowcount:
                new = values | fresh | {"session_id": session_id}
                connection.execute(insert(HANDOVERS).values(new))
            elif not changed.rowcount:
                raise StoreError("this conversation is with the assistant, not with a person")
            connection.execute(
                update(SESSIONS).where(SESSIONS.c.session_id == session_id).values(last_at=now)
            )
            yield (change := _Change(connection, _only(connection, session_id), now))
            if self._describe is not None:
                for news in change.news:
                    self._outbox.put(connection, session_id, self._describe(news))
        for listener in self._listeners:
            listener(session_id)

    def _phrase(self, language: str, key: str, name: str = "") -> str:
        return phrasebook(language, self._catalog.schema).say(key, name=name)


class _Change:
    """What is said and told within one transaction."""

    def __init__(self, connection: Connection, handover: Handover, now: datetime) -> None:
        self.handover = handover
        self.news: list[News] = []
        self._connection = connection
        self._now = now
        self._last: Message | None = None

    def say(self, speaker: Speaker, text: str) -> Message:
        """Store what somebody said."""
        session_id = self.handover.session_id
        turn = self._connection.execute(
            select(func.max(TURNS.c.number)).where(TURNS.c.session_id == session_id)
        ).scalar()
        name = "" if speaker == "person" else self.handover.agent
        said = Message(0, speaker, name, text, self._now, self.handover.state, turn or 0)
        self._last = rows.add_message(self._connection, session_id, said)
        return self._last

    def tell(
        self, kind: Literal["opened", "message", "closed"], packet: Packet | None = None
    ) -> None:
        """Pass on what was said last."""
        assert self._last is not None
        self.news.append(News(kind, self.handover, self._last, packet))


def _only(connection: Connection, session_id: str) -> Handover:
    found = rows.handovers(connection, HANDOVERS.c.session_id == session_id)
    if not found:
        raise StoreError("no person was asked into this conversation")
    return found[0]
