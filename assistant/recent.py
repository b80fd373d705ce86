"""Conversations as their operator looks back on them: newest first, so many and no more.

Owns: `Conversation`, reading across conversations. Does not own: the rows (`assistant.store`), what
follows from them (`assistant.reports`), or who may look.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, Select, exists, func, select

from assistant.handover_table import moment
from assistant.state import Turn
from assistant.store import SESSIONS, TURNS
from catalog.errors import UnknownSessionError

_TURN: TypeAdapter[Turn] = TypeAdapter(Turn)
_AT_ONCE = 200  # rows fetched together

_SAID = exists().where(TURNS.c.session_id == SESSIONS.c.session_id, TURNS.c.number > 0)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with its times.

    Attributes
    ----------
    session_id : str
        Its id.
    user_id : str or None
        The known person that it is with.
    began, last : datetime
        When it was opened, and when something was last said.
    turns : tuple of Turn
        Oldest first; never empty.
    """

    session_id: str
    user_id: str | None
    began: datetime
    last: datetime
    turns: tuple[Turn, ...]


def recent(engine: Engine, since: datetime, most_turns: int) -> Generator[Conversation]:
    """Yield the conversations in which something was said after `since`, newest first.

    Parameters
    ----------
    engine : Engine
        The database of the conversations.
    since : datetime
        With its zone.
    most_turns : int
        Stops after so many; the last conversation may then lack its end. One is in memory at a
        time.
    """
    with engine.connect() as connection:
        wanted = _newest_first().where(SESSIONS.c.last_at > since).limit(most_turns)
        yield from _grouped(connection, wanted)


def page(engine: Engine, offset: int, limit: int) -> tuple[int, tuple[Conversation, ...]]:
    """Return how many conversations there are, and `limit` of them after the newest `offset`."""
    ids = (
        select(SESSIONS.c.session_id)
        .where(_SAID)
        .order_by(SESSIONS.c.last_at.desc(), SESSIONS.c.session_id)
        .limit(limit)
        .offset(offset)
    )
    with engine.connect() as connection:
        total = connection.execute(select(func.count()).select_from(SESSIONS).where(_SAID)).scalar()
        shown = connection.execute(ids).scalars().all()
        wanted = _newest_first().where(SESSIONS.c.session_id.in_(shown))
        return total or 0, tuple(_grouped(connection, wanted))


def find(engine: Engine, session_id: str) -> Conversation:
    """Return one conversation; raises `UnknownSessionError`, also where nothing was said yet."""
    with engine.connect() as connection:
        wanted = _newest_first().where(SESSIONS.c.session_id == session_id)
        found = next(_grouped(connection, wanted), None)
    if found is None:
        raise UnknownSessionError(f"no conversation {session_id!r}; it may have been erased")
    return found


def _newest_first() -> Select[Any]:
    return (
        select(*SESSIONS.c, TURNS.c.payload)
        .join(TURNS, TURNS.c.session_id == SESSIONS.c.session_id)
        .where(TURNS.c.number > 0)
        .order_by(SESSIONS.c.last_at.desc(), SESSIONS.c.session_id, TURNS.c.number)
    )


def _grouped(connection: Connection, wanted: Select[Any]) -> Generator[Conversation]:
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(wanted)
    for (session_id, user_id, began, last), group in groupby(rows, itemgetter(0, 1, 2, 3)):
        turns = tuple(_TURN.validate_json(row.payload) for row in group)
        yield Conversation(session_id, user_id, moment(began), moment(last), turns)
