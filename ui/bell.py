"""Waiting for a change without holding a thread: long polls.

Owns: `Bell`. Does not own: what changes (`assistant.handovers`), or the routes that wait.

Who waits costs one small object in the event loop, however many they are. A change made in this
process wakes them at once; one made in another process is found in the database, which one thread
looks at while anybody waits at all.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Generator, Sized
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

T = TypeVar("T", bound=Sized)

Changed = Callable[[int | None], tuple[int, frozenset[str]]]
"""As `assistant.handovers.Handovers.changed`."""

_EVERY_S = 0.5
_log = logging.getLogger(__name__)


class _Waiter:
    """One request that waits, in its event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.woken = asyncio.Event()

    def wake(self) -> None:
        """Wake it, from any thread."""
        try:
            self._loop.call_soon_threadsafe(self.woken.set)
        except RuntimeError:  # Its loop is closed: the server stops.
            _log.debug("a waiting request is gone")


class Bell:
    """Wakes whoever waits for news of a conversation. Safe to share between threads.

    Parameters
    ----------
    changed : callable
        Finds what other processes changed.
    """

    def __init__(self, changed: Changed) -> None:
        self._changed = changed
        self._lock = threading.Lock()
        self._waiting: dict[_Waiter, str] = {}
        self._watching = False

    @property
    def waiting(self) -> int:
        """How many requests wait in this process."""
        return len(self._waiting)

    def ring(self, topic: str) -> None:
        """Wake who waits for `topic`, and who waits for any; from any thread."""
        with self._lock:
            woken = [waiter for waiter, wanted in self._waiting.items() if wanted in {topic, ""}]
        for waiter in woken:
            waiter.wake()

    async def until(self, read: Callable[[], T], topic: str, seconds: float) -> T:
        """Return what `read` finds, as soon as it finds something, or after `seconds`.

        Parameters
        ----------
        read : callable
            Run in a thread, for a moment; an empty result is waited on.
        topic : str
            The conversation; ``""`` is every one.
        """
        end = time.monotonic() + seconds
        with self._listening(topic) as woken:  # Before reading, or a change could fall between.
            while True:
                found = await run_in_threadpool(read)
                left = end - time.monotonic()
                if found or left <= 0:
                    return found
                try:
                    await asyncio.wait_for(woken.wait(), left)
                except (TimeoutError, asyncio.CancelledError):
                    return found  # Cancelled when the server stops: better an answer than none.
                woken.clear()

    @contextmanager
    def _listening(self, topic: str) -> Generator[asyncio.Event]:
        waiter = _Waiter()
        with self._lock:
            self._waiting[waiter] = topic
            start = not self._watching
            self._watching = True
        if start:
            threading.Thread(target=self._watch, name="vouch-bell", daemon=True).start()
        try:
            yield waiter.woken
        finally:
            with self._lock:
                del self._waiting[waiter]

    def _watch(self) -> None:
        """Look for what other processes changed, until nobody waits."""
        last: int | None = None
        while True:
            with self._lock:
                waiting = tuple(self._waiting)
                if not waiting:
                    self._watching = False
                    return
            try:
                before, (last, topics) = last, self._changed(last)
                for topic in topics:
                    self.ring(topic)
                if before is None:  # What changed before the first look, nobody was told of.
                    for waiter in waiting:
                        waiter.wake()
            except SQLAlchemyError:
                _log.warning("cannot look for messages; trying again", exc_info=True)
            time.sleep(_EVERY_S)
