"""The tables of a hand-over: whom a conversation was handed to, what was said since, what to send.

Owns: their columns, `Handover` and `Message`, reading and writing single rows. Does not own:
transactions, or what follows from what (`assistant.handovers`, `assistant.outbox`).

Every row goes with its conversation, so that erasing one leaves nothing of it here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    DateTime,
    ForeignKey,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    exists,
    func,
    insert,
    select,
)

from assistant.state import HandoverReason
from catalog.database import METADATA

Speaker = Literal["person", "agent", "system"]
State = Literal["waiting", "human", "closed"]

NAME_LENGTH = 80
_WAITS = timedelta(days=7)  # An open hand-over keeps an anonymous conversation for so long.


@dataclass(frozen=True, slots=True)
class Handover:
    """A conversation that a human was asked into.

    Attributes
    ----------
    number : int
        Of the hand-over, from 1: for systems that number conversations.
    session_id, site : str
        The conversation, and the key of the site that it is on.
    state : {"waiting", "human", "closed"}
        Nobody is there yet; somebody is; it is the assistant's again.
    agent : str
        Who took it; empty while it waits.
    reason : HandoverReason
        Why it was asked for.
    language : str
        Of the conversation, an ISO 639-1 code.
    created, updated : datetime
        When it was asked for, and when something was last said or done.
    """

    number: int
    session_id: str
    site: str
    state: State
    agent: str
    reason: HandoverReason
    language: str
    created: datetime
    updated: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """Something said while a human was asked for, or there.

    Attributes
    ----------
    seq : int
        From 1 in each conversation, without gaps.
    speaker : {"person", "agent", "system"}
        Whose words; the system's tell who comes and goes.
    name : str
        The agent's who speaks, or whose coming and going it tells of; empty otherwise.
    text : str
        Plain text.
    at : datetime
        When.
    state : {"waiting", "human", "closed"}
        Of the hand-over from then on.
    turn : int
        The last turn taken by then, 0 before the first.
    """

    seq: int
    speaker: Speaker
    name: str
    text: str
    at: datetime
    state: State
    turn: int


def _session() -> Column[str]:
    return Column(
        "session_id", ForeignKey("sessions.session_id", ondelete="CASCADE"), nullable=False
    )


HANDOVERS = Table(
    "handovers",
    METADATA,
    Column("number", Integer, primary_key=True),
    _session(),
    Column("site", String(40), nullable=False),
    Column("state", String(8), nullable=False, index=True),
    Column("agent", String(NAME_LENGTH), nullable=False),
    Column("reason", String(8), nullable=False),
    Column("language", String(8), nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("updated", DateTime(timezone=True), nullable=False),
    UniqueConstraint("session_id"),
    sqlite_autoincrement=True,
)
MESSAGES = Table(
    "messages",
    METADATA,
    Column("number", Integer, primary_key=True),  # over all conversations: who waits follows it
    _session(),
    Column("seq", Integer, nullable=False),
    Column("speaker", String(8), nullable=False),
    Column("name", String(NAME_LENGTH), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("state", String(8), nullable=False),
    Column("turn", Integer, nullable=False),
    UniqueConstraint("session_id", "seq"),
    sqlite_autoincrement=True,
)
OUTBOX = Table(
    "outbox",
    METADATA,
    Column("number", Integer, primary_key=True),
    _session(),
    Column("delivery_id", String(36), nullable=False),
    Column("payload", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", DateTime(timezone=True), nullable=False, index=True),
    sqlite_autoincrement=True,
)
DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("delivery_id", String(200), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False, index=True),
)
TABLES = (HANDOVERS, MESSAGES, OUTBOX, DELIVERIES)

_COLUMNS = tuple(column for column in MESSAGES.c if column.name not in {"number", "session_id"})


def waits(session_id: ColumnElement[Any], now: datetime) -> ColumnElement[bool]:
    """Return the condition that somebody waits for a human in the conversation `session_id`."""
    return exists().where(
        HANDOVERS.c.session_id == session_id,
        HANDOVERS.c.state != "closed",
        HANDOVERS.c.updated >= now - _WAITS,
    )


def handovers(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[Handover, ...]:
    """Return the hand-overs that meet `conditions`, the longest waiting first."""
    wanted = select(HANDOVERS).where(*conditions).order_by(HANDOVERS.c.created, HANDOVERS.c.number)
    return tuple(_handover(row) for row in connection.execute(wanted).mappings())


def messages(connection: Connection, session_id: str, after: int = 0) -> tuple[Message, ...]:
    """Return what was said in a conversation after the message `after`, oldest first."""
    wanted = _messages(session_id).where(MESSAGES.c.seq > after).order_by(MESSAGES.c.seq)
    return tuple(_message(row) for row in connection.execute(wanted).mappings())


def last_message(connection: Connection, session_id: str) -> Message | None:
    """Return what was said last in a conversation."""
    wanted = _messages(session_id).order_by(MESSAGES.c.seq.desc()).limit(1)
    found = connection.execute(wanted).mappings().one_or_none()
    return None if found is None else _message(found)


def add_message(connection: Connection, session_id: str, message: Message) -> Message:
    """Store `message` under the next number of its conversation, which the caller has locked."""
    last = connection.execute(
        select(func.max(MESSAGES.c.seq)).where(MESSAGES.c.session_id == session_id)
    ).scalar()
    values = {column.name: getattr(message, column.name) for column in _COLUMNS}
    values |= {"session_id": session_id, "seq": (last or 0) + 1}
    connection.execute(insert(MESSAGES).values(values))
    return Message(**{column.name: values[column.name] for column in _COLUMNS})


def moment(stored: datetime) -> datetime:
    """Return a stored time with its zone, which SQLite does not keep."""
    return stored if stored.tzinfo else stored.replace(tzinfo=UTC)


def _messages(session_id: str) -> Select[Any]:
    return select(*_COLUMNS).where(MESSAGES.c.session_id == session_id)


def _handover(row: RowMapping) -> Handover:
    values: dict[str, Any] = dict(row)
    values |= {name: moment(values[name]) for name in ("created", "updated")}
    return Handover(**values)


def _message(row: RowMapping) -> Message:
    values: dict[str, Any] = dict(row)
    values["at"] = moment(values["at"])
    return Message(**values)
