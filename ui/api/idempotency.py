"""Writes that may be sent twice and count once: the header ``Idempotency-Key``.

Owns: `Repeats` and its tables. Does not own: the answers. A row says which turn a write led to, and
the stored turn is the answer, so nothing that anybody said is kept twice, and rows go with their
conversation.

A row is written before its turn. If the process dies in between, no turn has the row's number, or
another's words: the write then counts as not done and is done anew. What runs at this moment
stands in the database too, so that every process over it knows; after a process died, a write
counts as running for a minute more.

Draft: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Header, Request
from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    String,
    Table,
    delete,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from assistant.state import Session, Turn
from catalog.database import METADATA
from catalog.errors import UnknownSessionError
from ui.api.problems import ProblemError

REPLAYED = {"Idempotent-Replayed": "true"}
_KEPT = timedelta(hours=24)
_LONGEST_RUN = timedelta(minutes=1)  # longer than any write takes to store its turn

WRITES = Table(
    "idempotent_writes",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column(
        "session_id", ForeignKey("sessions.session_id", ondelete="CASCADE"), nullable=False,
        index=True,
    ),
    Column("body", String(64), nullable=False),
    Column("turn", Integer, nullable=False),
    Column("written_at", DateTime(timezone=True), nullable=False, index=True),
)  # fmt: skip
RUNNING = Table(
    "running_writes",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("until", DateTime(timezone=True), nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class Write:
    """What a caller wants done once.

    Attributes
    ----------
    scope : str
        Whose key it is: no other's is meant by the same key.
    key : str
        The header; empty where the caller sent none, and nothing is looked up or kept.
    body : str
        What is wanted.
    """

    scope: str
    key: str
    body: str

    @property
    def digest(self) -> str:
        """Of scope and key, for the table."""
        return _digest(f"{self.scope}\n{self.key}")


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the same write led to: a conversation, and the turn in it or 0 for its opening."""

    session_id: str
    number: int


class Repeats:
    """The writes that carried a key. Safe to share between threads and processes."""

    def __init__(self, database: Engine) -> None:
        self._database = database

    @contextmanager
    def once(self, write: Write) -> Generator[Earlier | None]:
        """Give what `write` led to before, and hold off its repetitions until the block ends.

        Raises
        ------
        ProblemError
            409 while the same write runs, here or in another process over the same database; 422
            when the key came with another body.
        """
        if not write.key:
            yield None
            return
        until = self._begin(write)
        try:
            yield self._find(write)
        finally:
            # Not another's claim: this one may have run out, and the write been begun anew.
            mine = (RUNNING.c.key == write.digest) & (RUNNING.c.until == until)
            with self._database.begin() as connection:
                connection.execute(delete(RUNNING).where(mine))

    def keep(self, write: Write, session_id: str, number: int) -> None:
        """Note what `write` leads to, for 24 hours."""
        if not write.key:
            return
        now = datetime.now(UTC)
        row = {"session_id": session_id, "body": _digest(write.body), "turn": number}
        old = WRITES.c.written_at < now - _KEPT
        try:
            with self._database.begin() as connection:
                connection.execute(delete(WRITES).where(old | (WRITES.c.key == write.digest)))
                values = {"key": write.digest, **row, "written_at": now}
                connection.execute(insert(WRITES).values(values))
        except IntegrityError as error:  # it was erased at this moment
            raise UnknownSessionError("no such conversation; open a new one") from error

    def _begin(self, write: Write) -> datetime:
        """Claim `write` and return until when; of two that try at once, one succeeds."""
        now = datetime.now(UTC)
        until = now + _LONGEST_RUN
        try:
            with self._database.begin() as connection:
                connection.execute(delete(RUNNING).where(RUNNING.c.until < now))
                connection.execute(insert(RUNNING).values(key=write.digest, until=until))
        except IntegrityError as error:
            raise ProblemError(
                HTTPStatus.CONFLICT,
                "the same request is still being worked on; ask again",
                {"Retry-After": "1"},
            ) from error
        return until

    def _find(self, write: Write) -> Earlier | None:
        with self._database.connect() as connection:
            row = connection.execute(
                select(WRITES.c.session_id, WRITES.c.body, WRITES.c.turn).where(
                    WRITES.c.key == write.digest,
                    WRITES.c.written_at >= datetime.now(UTC) - _KEPT,
                )
            ).one_or_none()
        if row is None:
            return None
        if row.body != _digest(write.body):
            raise ProblemError(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "this Idempotency-Key came with another body before; take a new one",
            )
        return Earlier(row.session_id, row.turn)


def turn_of(earlier: Earlier | None, session: Session, message: str) -> Turn | None:
    """Return the turn that `message` led to before, if it was taken."""
    if earlier is None or not 0 < earlier.number <= len(session.turns):
        return None
    turn = session.turns[earlier.number - 1]
    return turn if turn.user == message else None


async def repeats_of(request: Request) -> Repeats:
    """Return the repeated writes of the API that answers `request`."""
    repeats: Repeats = request.app.state.repeats
    return repeats


Repeating = Annotated[Repeats, Depends(repeats_of)]
IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=128,
        description="Sent twice with the same body, the request counts once. A random UUID does.",
    ),
]


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
