"""Where conversations are kept: one row a turn, in the same database as the catalogue.

Owns: `Store` and its SQL form, and durability: a turn that was appended survives a crash. Does not
own: what a turn means.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, OperationalError

from assistant.state import Session, Turn
from catalog.database import METADATA
from catalog.errors import StoreError, UnknownSessionError

_TURN: TypeAdapter[Turn] = TypeAdapter(Turn)

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("session_id", String(64), primary_key=True),
    Column("user_id", String(200), nullable=True, index=True),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
TURNS = Table(
    "turns",
    METADATA,
    Column("session_id", ForeignKey("sessions.session_id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("payload", Text, nullable=False),
)


class Store(Protocol):
    """Keeps sessions. Everything that returns is already durable."""

    def create(self, user_id: str | None = None) -> Session:
        """Return a new, empty session with an unguessable id."""
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
        """
        ...

    def revise(self, session: Session, turn: Turn) -> Session:
        """Replace the last turn, whose number `turn` has, and return the session."""
        ...

    def erase(self, session_id: str) -> None:
        """Remove a session and all its turns; an unknown id is not an error."""
        ...


class SqlStore:
    """`Store` on SQLAlchemy: SQLite by default, PostgreSQL by URL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        METADATA.create_all(engine, tables=[SESSIONS, TURNS])

    def create(self, user_id: str | None = None) -> Session:
        """See `Store.create`."""
        session = Session(secrets.token_urlsafe(24), user_id)
        with self._engine.begin() as connection:
            connection.execute(
                insert(SESSIONS).values(
                    session_id=session.session_id, user_id=user_id, created_at=datetime.now(UTC)
                )
            )
        return session

    def load(self, session_id: str) -> Session:
        """See `Store.load`."""
        with self._engine.connect() as connection:
            found = connection.execute(
                select(SESSIONS.c.user_id).where(SESSIONS.c.session_id == session_id)
            ).one_or_none()
            if found is None:
                raise UnknownSessionError(f"no conversation {session_id!r}; start a new one")
            payloads = connection.execute(
                select(TURNS.c.payload)
                .where(TURNS.c.session_id == session_id)
                .order_by(TURNS.c.number)
            ).scalars()
            turns = tuple(_TURN.validate_json(payload) for payload in payloads)
        return Session(session_id, found.user_id, turns)

    def append(self, session: Session, turn: Turn) -> Session:
        """See `Store.append`."""
        row = {
            "session_id": session.session_id,
            "number": turn.number,
            "payload": _TURN.dump_json(turn).decode(),
        }
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(TURNS).values(row))
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
            connection.execute(
                update(TURNS)
                .where(TURNS.c.session_id == session.session_id, TURNS.c.number == turn.number)
                .values(payload=_TURN.dump_json(turn).decode())
            )
        return replace(session, turns=(*session.turns[:-1], turn))

    def erase(self, session_id: str) -> None:
        """See `Store.erase`."""
        with self._engine.begin() as connection:
            connection.execute(delete(TURNS).where(TURNS.c.session_id == session_id))
            connection.execute(delete(SESSIONS).where(SESSIONS.c.session_id == session_id))
