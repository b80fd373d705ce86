"""Conversations that nobody needs to find again.

Owns: `MemoryStore`, a store without a file. Does not own: the seam (`assistant.store`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from assistant.memory import Memory
from assistant.state import Session, Turn, UserProfile
from assistant.store import Erased
from catalog.errors import StoreError, UnknownSessionError


class MemoryStore:
    """`assistant.store.Store` in memory, of anonymous people: it remembers nothing of anybody."""

    def __init__(self) -> None:
        self._sessions: dict[str, Session] = {}

    def create(self, user_id: str | None = None, memory: UserProfile = UserProfile()) -> Session:
        """See `Store.create`; ids count up, so that two runs agree."""
        session = Session(f"simulated-{len(self._sessions)}", user_id, memory=memory)
        return self._keep(session)

    def load(self, session_id: str) -> Session:
        """See `Store.load`."""
        try:
            return self._sessions[session_id]
        except KeyError:
            raise UnknownSessionError(f"no conversation {session_id!r}") from None

    def append(self, session: Session, turn: Turn) -> Session:
        """See `Store.append`."""
        if len(self.load(session.session_id).turns) >= turn.number:
            raise StoreError(f"turn {turn.number} of {session.session_id!r} was already taken")
        return self._keep(replace(session, turns=(*session.turns, turn)))

    def revise(self, session: Session, turn: Turn) -> Session:
        """See `Store.revise`."""
        return self._keep(replace(session, turns=(*session.turns[:-1], turn)))

    def branch(self, session: Session, turns: int) -> Session:
        """See `Store.branch`."""
        copy = self.create(session.user_id, session.memory)
        return self._keep(replace(copy, turns=session.turns[:turns]))

    def sessions_of(self, user_id: str) -> tuple[Session, ...]:
        """See `Store.sessions_of`."""
        return tuple(s for s in self._sessions.values() if s.user_id == user_id)

    def erase(self, session_id: str) -> None:
        """See `Store.erase`."""
        self._sessions.pop(session_id, None)

    def recall(self, user_id: str) -> tuple[Memory, ...]:
        """See `Store.recall`: nothing lasts."""
        return ()

    def adopt(self, session_id: str, user_id: str) -> Session:
        """See `Store.adopt`."""
        session = self.load(session_id)
        if session.user_id is not None:
            raise UnknownSessionError(f"conversation {session_id!r} is somebody's already")
        return self._keep(replace(session, user_id=user_id))

    def forget(self, user_id: str) -> Erased:
        """See `Store.forget`."""
        mine = [s for s in self._sessions.values() if s.user_id == user_id]
        for session in mine:
            self.erase(session.session_id)
        return Erased(len(mine), sum(len(session.turns) for session in mine))

    def expire(self, idle: timedelta) -> int:
        """See `Store.expire`: what is in memory goes with the process."""
        return 0

    def _keep(self, session: Session) -> Session:
        self._sessions[session.session_id] = session
        return session
