"""Where conversations are kept: one row a turn, in the same database as the catalogue.

Owns: `Store` and its SQL form, durability (a turn that was appended survives a crash), and erasure.
Does not own: what a turn means, or what of it lasts (`assistant.memory`).

A known person's memory is written in the transaction of the turn that changed it, so the two never
disagree. What a conversation began with is its turn 0.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    inspect,
    literal,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, OperationalError

from assistant import handover_table, memory_table
from assistant.memory import Memory, changes
from assistant.state import Session, Turn, UserProfile
from catalog.database import METADATA
from catalog.errors import StoreError, UnknownSessionError

_TURN: TypeAdapter[Turn] = TypeAdapter(Turn)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("session_id", String(64), primary_key=True),
    Column("user_id", String(200), nullable=True, index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=True, index=True),
)
TURNS = Table(
    "turns",
    METADATA,
    Column("session_id", ForeignKey("sessions.session_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("payload", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased."""

    sessions: int = 0
    turns: int = 0
    memories: int = 0


class Store(Protocol):
    """Keeps sessions. Everything that returns is already durable."""

    def create(self, user_id: str | None = None, memory: UserProfile = UserProfile()) -> Session:
        """Return a new session without turns, with an unguessable id, that begins with `memory`."""
        ...

    def load(self, session_id: str) -> Session:
        """Return a session with all its turns; raises `UnknownSessionError`."""
        ...

    def append(self, session: Session, turn: Turn) -> Session:
        """Store `turn` as the next one and return the longer session.

        Raises
        ------
        StoreError
            When another turn with its number is already there (two windows on one session).
        UnknownSessionError
            When the session was erased meanwhile.
        """
        ...

    def revise(self, session: Session, turn: Turn) -> Session:
        """Replace the last turn, whose number `turn` has, and return the session."""
        ...

    def branch(self, session: Session, turns: int) -> Session:
        """Return a new session that begins as `session` did, with its first `turns` turns.

        It is the same person's; what lasts of them is not written again.
        """
        ...

    def erase(self, session_id: str) -> None:
        """Remove a session and all its turns; an unknown id is not an error."""
        ...

    def recall(self, user_id: str) -> tuple[Memory, ...]:
        """Return what lasts of a known person from all their conversations."""
        ...

    def sessions_of(self, user_id: str) -> tuple[Session, ...]:
        """Return the sessions of a known person with all their turns, oldest first."""
        ...

    def adopt(self, session_id: str, user_id: str) -> Session:
        """Make an anonymous session `user_id`'s, and remember what lasts of it.

        Raises
        ------
        UnknownSessionError
            When there is no such session, or it is somebody's already.
        """
        ...

    def forget(self, user_id: str) -> Erased:
        """Erase all sessions, turns and memory of a person, beyond recovery from the database."""
        ...

    def expire(self, idle: timedelta) -> int:
        """Erase anonymous sessions in which nothing was said for `idle`; returns how many.

        A person who waits for a human is waited for: their session stays.
        """
        ...


class SqlStore:
    """`Store` on SQLAlchemy: SQLite by default, PostgreSQL by URL; `now` is the clock."""

    def __init__(
        self, engine: Engine, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._engine = engine
        self._now = now
        tables = [SESSIONS, TURNS, memory_table.MEMORIES, *handover_table.TABLES]
        METADATA.create_all(engine, tables=tables)
        _add_last_at(engine)

    def create(self, user_id: str | None = None, memory: UserProfile = UserProfile()) -> Session:
        """See `Store.create`."""
        session = Session(secrets.token_urlsafe(24), user_id, memory=memory)
        with self._engine.begin() as connection:
            _open(connection, session, self._now())
            if memory != UserProfile():
                began = Turn(0, "", (), "", None, memory, ())
                connection.execute(insert(TURNS).values(_row(session, began)))
        return session

    def load(self, session_id: str) -> Session:
        """See `Store.load`."""
        with self._engine.connect() as connection:
            return _load(connection, session_id)

    def append(self, session: Session, turn: Turn) -> Session:
        """See `Store.append`."""
        now = self._now()
        try:
            with self._engine.begin() as connection:
                touched = connection.execute(
                    update(SESSIONS)
                    .where(SESSIONS.c.session_id == session.session_id)
                    .values(last_at=now)
                )
                if not touched.rowcount:
                    raise _unknown(session.session_id)
                connection.execute(insert(TURNS).values(_row(session, turn)))
                _remember(connection, session, session.profile, turn.profile, now)
        except IntegrityError as error:
            raise StoreError(
                f"turn {turn.number} of this conversation was already taken, in another window "
                "perhaps; reload it and try again"
            ) from error
        except OperationalError as error:
            raise StoreError(f"cannot write to the database: {error.orig}") from error
        return replace(session, turns=(*session.turns, turn))

    def revise(self, session: Session, turn: Turn) -> Session:
        """See `Store.revise`."""
        with self._engine.begin() as connection:
            revised = connection.execute(
                update(TURNS)
                .where(TURNS.c.session_id == session.session_id, TURNS.c.number == turn.number)
                .values(payload=_row(session, turn)["payload"])
            )
            if revised.rowcount:  # Else it was erased while the reply was written.
                _remember(connection, session, session.profile, turn.profile, self._now())
        return replace(session, turns=(*session.turns[:-1], turn))

    def branch(self, session: Session, turns: int) -> Session:
        """See `Store.branch`."""
        copy = replace(session, session_id=secrets.token_urlsafe(24), turns=session.turns[:turns])
        rows = select(literal(copy.session_id), TURNS.c.number, TURNS.c.payload).where(
            TURNS.c.session_id == session.session_id, TURNS.c.number <= turns
        )
        with self._engine.begin() as connection:
            _open(connection, copy, self._now())
            connection.execute(insert(TURNS).from_select(list(TURNS.c.keys()), rows))
        return copy

    def erase(self, session_id: str) -> None:
        """See `Store.erase`."""
        with self._erasing() as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.session_id == session_id))

    def recall(self, user_id: str) -> tuple[Memory, ...]:
        """See `Store.recall`."""
        with self._engine.connect() as connection:
            return memory_table.read(connection, user_id)

    def sessions_of(self, user_id: str) -> tuple[Session, ...]:
        """See `Store.sessions_of`."""
        mine = (
            select(SESSIONS.c.session_id)
            .where(SESSIONS.c.user_id == user_id)
            .order_by(SESSIONS.c.created_at, SESSIONS.c.session_id)
        )
        with self._engine.connect() as connection:
            ids = connection.execute(mine).scalars().all()
            return tuple(_load(connection, session_id) for session_id in ids)

    def adopt(self, session_id: str, user_id: str) -> Session:
        """See `Store.adopt`."""
        with self._engine.begin() as connection:
            taken = connection.execute(
                update(SESSIONS)
                .where(SESSIONS.c.session_id == session_id, SESSIONS.c.user_id.is_(None))
                .values(user_id=user_id)
            )
            if not taken.rowcount:
                raise _unknown(session_id)
            session = _load(connection, session_id)
            _remember(connection, session, UserProfile(), session.profile, self._now())
        return session

    def forget(self, user_id: str) -> Erased:
        """See `Store.forget`."""
        mine = select(SESSIONS.c.session_id).where(SESSIONS.c.user_id == user_id)
        with self._erasing() as connection:
            turns = connection.execute(delete(TURNS).where(TURNS.c.session_id.in_(mine))).rowcount
            sessions = connection.execute(delete(SESSIONS).where(SESSIONS.c.user_id == user_id))
            memories = memory_table.erase(connection, user_id)
        return Erased(sessions.rowcount, turns, memories)

    def expire(self, idle: timedelta) -> int:
        """See `Store.expire`."""
        now = self._now()
        with self._erasing() as connection:
            return connection.execute(
                delete(SESSIONS).where(
                    SESSIONS.c.user_id.is_(None),
                    SESSIONS.c.last_at < now - idle,
                    ~handover_table.waits(SESSIONS.c.session_id, now),
                )
            ).rowcount

    @contextmanager
    def _erasing(self) -> Generator[Connection]:
        """Give a transaction after which what it deleted is in no file of the database."""
        with self._engine.connect() as connection:
            sqlite = self._engine.dialect.name == "sqlite"
            if sqlite:
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
                connection.commit()
            yield connection
            connection.commit()
            if sqlite:
                # The log still has the pages as they were; another's open read puts this off.
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _open(connection: Connection, session: Session, now: datetime) -> None:
    connection.execute(
        insert(SESSIONS).values(
            session_id=session.session_id, user_id=session.user_id, created_at=now, last_at=now
        )
    )


def _load(connection: Connection, session_id: str) -> Session:
    found = connection.execute(
        select(SESSIONS.c.user_id).where(SESSIONS.c.session_id == session_id)
    ).one_or_none()
    if found is None:
        raise _unknown(session_id)
    payloads = connection.execute(
        select(TURNS.c.payload).where(TURNS.c.session_id == session_id).order_by(TURNS.c.number)
    ).scalars()
    turns = [_TURN.validate_json(payload) for payload in payloads]
    began = turns.pop(0) if turns and turns[0].number == 0 else None
    memory = began.profile if began else UserProfile()
    return Session(session_id, found.user_id, tuple(turns), memory)


def _row(session: Session, turn: Turn) -> dict[str, object]:
    return {
        "session_id": session.session_id,
        "number": turn.number,
        "payload": _TURN.dump_json(turn).decode(),
    }


def _remember(
    connection: Connection,
    session: Session,
    before: UserProfile,
    after: UserProfile,
    now: datetime,
) -> None:
    if session.user_id is not None:
        changed = changes(before, after)
        memory_table.write(connection, session.user_id, changed, now, session.session_id)


def _unknown(session_id: str) -> UnknownSessionError:
    return UnknownSessionError(f"no conversation {session_id!r}; start a new one")


def _add_last_at(engine: Engine) -> None:
    """Bring a database of an earlier version up to date: it did not know when a turn was taken."""
    with engine.begin() as connection:
        known = {column["name"] for column in inspect(connection).get_columns(SESSIONS.name)}
        if "last_at" not in known:
            kind = SESSIONS.c.last_at.type.compile(engine.dialect)
            connection.exec_driver_sql(f"ALTER TABLE sessions ADD COLUMN last_at {kind}")
            connection.execute(update(SESSIONS).values(last_at=SESSIONS.c.created_at))
