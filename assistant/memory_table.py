"""The table of what lasts: one row for each thing that a known person has a stand on.

Owns: its columns, writing the changes of a turn, reading a person's rows, erasing them. Does not
own: transactions (`assistant.store`) or what lasts (`assistant.memory`).
"""

from __future__ import annotations

from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Column, Connection, String, Table, Text, delete, insert, select, update

from assistant.memory import Changes, Memory
from catalog.database import METADATA

_MEMORY: TypeAdapter[Memory] = TypeAdapter(Memory)

MEMORIES = Table(
    "memories",
    METADATA,
    Column("user_id", String(200), primary_key=True),
    Column("stand", Text, primary_key=True),
    Column("payload", Text, nullable=False),
)


def write(
    connection: Connection, user_id: str, changed: Changes, now: datetime, session_id: str
) -> None:
    """Bring the rows of `user_id` up to date; nothing is sent where nothing changed."""
    mine = MEMORIES.c.user_id == user_id
    if changed.dropped:
        connection.execute(delete(MEMORIES).where(mine, MEMORIES.c.stand.in_(changed.dropped)))
    for stand, (kind, entry) in changed.kept.items():
        payload = _MEMORY.dump_json(Memory(kind, entry, now, session_id)).decode()
        known = connection.execute(
            update(MEMORIES).where(mine, MEMORIES.c.stand == stand).values(payload=payload)
        )
        if not known.rowcount:
            connection.execute(
                insert(MEMORIES).values(user_id=user_id, stand=stand, payload=payload)
            )


def read(connection: Connection, user_id: str) -> tuple[Memory, ...]:
    """Return the rows of `user_id`, ordered by what they are a stand on."""
    found = connection.execute(
        select(MEMORIES.c.payload).where(MEMORIES.c.user_id == user_id).order_by(MEMORIES.c.stand)
    )
    return tuple(_MEMORY.validate_json(payload) for payload in found.scalars())


def erase(connection: Connection, user_id: str) -> int:
    """Remove the rows of `user_id` and return how many there were."""
    return connection.execute(delete(MEMORIES).where(MEMORIES.c.user_id == user_id)).rowcount
