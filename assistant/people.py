"""Whom a conversation is with: what is known of them when it begins, and how all of it goes.

Owns: `People`, the ids of people who asked to be remembered on one device, when anonymous
conversations are erased. Does not own: what lasts (`assistant.memory`), the rows
(`assistant.store`).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from assistant.memory import Memory, MemoryConfig, remembered
from assistant.recall import within
from assistant.state import Session, UserProfile
from assistant.store import Erased, Store
from catalog import Catalog

_DEVICE = re.compile(r"device-[\w-]{32}", re.ASCII)
_SWEEP = timedelta(hours=1)


def is_device(user_id: str) -> bool:
    """Tell whether `user_id` has the form of those that `device_id` makes.

    A browser may name such a person and no other: the ids of the catalogue's interactions can be
    guessed, these cannot.
    """
    return _DEVICE.fullmatch(user_id) is not None


def device_id() -> str:
    """Return a new, unguessable id for a person who asked to be remembered on one device."""
    return f"device-{secrets.token_urlsafe(24)}"


class People:
    """The people of one installation. Safe to share between threads.

    Parameters
    ----------
    store : Store
        Keeps sessions and memory.
    catalog : Catalog
        What it does not have is not brought back.
    config : MemoryConfig
        How tastes fade, and how long anonymous conversations are kept.
    now : callable
        The clock.
    """

    def __init__(
        self,
        store: Store,
        catalog: Catalog,
        config: MemoryConfig = MemoryConfig(),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._config = config
        self._now = now
        self._swept: datetime | None = None

    @property
    def config(self) -> MemoryConfig:
        """How long things are kept."""
        return self._config

    def known(self, user_id: str | None) -> UserProfile:
        """Return what lasts of a person, as a conversation that began now would know it."""
        if user_id is None:
            return UserProfile()
        profile = remembered(self._store.recall(user_id), self._now(), self._config)
        return within(profile, self._catalog)

    def begin(self, user_id: str | None) -> Session:
        """Return a new, stored session that begins with what is known of `user_id`."""
        self.sweep()
        return self._store.create(user_id, self.known(user_id))

    def resume(self, session_id: str) -> Session:
        """Return a stored session; raises `UnknownSessionError`, also for one that has expired."""
        self.sweep()
        return self._store.load(session_id)

    def branch(self, session: Session, turns: int) -> Session:
        """Return a new session with the first `turns` turns of `session`, to go on otherwise."""
        return self._store.branch(session, turns)

    def adopt(self, session_id: str, user_id: str) -> Session:
        """Return an anonymous session as that of `user_id`, for whom what lasts of it is kept.

        Raises
        ------
        UnknownSessionError
            When there is no such session, or it is somebody's already.
        """
        return self._store.adopt(session_id, user_id)

    def sessions(self, user_id: str) -> tuple[Session, ...]:
        """Return all conversations with a known person, oldest first."""
        return self._store.sessions_of(user_id)

    def memories(self, user_id: str) -> tuple[Memory, ...]:
        """Return what lasts of a known person, as it is kept: nothing has faded."""
        return self._store.recall(user_id)

    def erase(self, session_id: str) -> None:
        """Erase one conversation; what lasts of a known person stays."""
        self._store.erase(session_id)

    def forget(self, user_id: str) -> Erased:
        """Erase every session, turn and memory of a person."""
        return self._store.forget(user_id)

    def sweep(self) -> None:
        """Erase anonymous conversations that were left; does so once an hour at most."""
        now = self._now()
        if self._swept is None or now - self._swept >= _SWEEP:
            self._swept = now
            self._store.expire(timedelta(hours=self._config.anonymous_hours))
