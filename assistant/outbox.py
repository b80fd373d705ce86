"""What is still to be sent to another system: in the database until it has arrived.

Owns: `Outbox`, `Parcel`: the order, the waiting between attempts, when to give up. Does not own:
the payloads, or sending (`ui.webhook`).

The transactional outbox: a payload is written in the transaction of what it tells of, so neither
is without the other, and a process that starts finds what the last one left. A parcel is sent at
least once; its delivery id stays the same, by which the receiver knows it again.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from assistant.handover_table import OUTBOX, moment
from assistant.wire import Json

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OutboxConfig:
    """How long is waited for a receiver that does not answer.

    Attributes
    ----------
    first, longest : timedelta
        Before the second attempt, and at most; the wait doubles.
    attempts : int
        After so many a parcel is given up; with the defaults, after about five hours.
    lease : timedelta
        A process that took a parcel and died gives it back after so long.
    """

    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(hours=1)
    attempts: int = 16
    lease: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One payload on its way; `attempts` counts this one."""

    number: int
    delivery_id: str
    payload: str
    attempts: int


class Outbox:
    """What is to be sent, in order within a conversation. Safe to share between processes.

    Parameters
    ----------
    engine : Engine
        Holds `OUTBOX`.
    config : OutboxConfig
        How long is waited.
    now : callable
        The clock.
    """

    def __init__(
        self,
        engine: Engine,
        config: OutboxConfig = OutboxConfig(),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._engine = engine
        self._config = config
        self._now = now

    def put(self, connection: Connection, session_id: str, payloads: Iterable[Json]) -> None:
        """Add `payloads` on a conversation, in the caller's transaction."""
        for payload in payloads:
            connection.execute(
                insert(OUTBOX).values(
                    session_id=session_id,
                    delivery_id=str(uuid.uuid4()),
                    payload=json.dumps(payload, ensure_ascii=False, default=str),
                    attempts=0,
                    next_at=self._now(),
                )
            )

    def take(self) -> Parcel | None:
        """Return the parcel to send now, which no other process takes meanwhile; None for none."""
        now = self._now()
        first = select(func.min(OUTBOX.c.number)).group_by(OUTBOX.c.session_id)
        due = (
            select(OUTBOX)
            .where(OUTBOX.c.number.in_(first), OUTBOX.c.next_at <= now)
            .order_by(OUTBOX.c.next_at, OUTBOX.c.number)
            .limit(1)
        )
        with self._engine.connect() as connection:
            found = connection.execute(due).one_or_none()
        if found is None:
            return None
        with self._engine.begin() as connection:
            taken = connection.execute(
                update(OUTBOX)
                .where(OUTBOX.c.number == found.number, OUTBOX.c.attempts == found.attempts)
                .values(attempts=found.attempts + 1, next_at=now + self._config.lease)
            )
        if not taken.rowcount:
            return self.take()  # Another process was faster, or the conversation was erased.
        return Parcel(found.number, found.delivery_id, found.payload, found.attempts + 1)

    def arrived(self, parcel: Parcel) -> None:
        """Strike out what was received; nothing of it stays in the database's file."""
        with self._engine.connect() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
                connection.commit()
            connection.execute(delete(OUTBOX).where(OUTBOX.c.number == parcel.number))
            connection.commit()

    def failed(self, parcel: Parcel) -> None:
        """Try `parcel` again later, or give it up."""
        config = self._config
        if parcel.attempts >= config.attempts:
            _log.error("webhook delivery %s is given up", parcel.delivery_id)
            self.arrived(parcel)
            return
        wait = min(config.first * 2 ** (parcel.attempts - 1), config.longest)
        with self._engine.begin() as connection:
            connection.execute(
                update(OUTBOX)
                .where(OUTBOX.c.number == parcel.number)
                .values(next_at=self._now() + wait)
            )

    def idle(self) -> float | None:
        """Return the seconds until a parcel is due, None when there is none at all."""
        with self._engine.connect() as connection:
            due = connection.execute(select(func.min(OUTBOX.c.next_at))).scalar()
        return None if due is None else max(0.0, (moment(due) - self._now()).total_seconds())
