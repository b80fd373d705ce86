"""How many may work at once: the others wait, and go in the order in which they came.

Owns: `Gate`. Does not own: what the work is (`assistant.engine`).
"""

from __future__ import annotations

from collections import deque
from threading import Lock
from types import TracebackType


class Gate:
    """A semaphore that is fair.

    `threading.Semaphore` lets whoever arrives at the right moment in before those who wait: of 50
    people the unlucky ones waited twice as long as the others.

    Parameters
    ----------
    at_once : int
        How many may be inside, at least 1.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: deque[Lock] = deque()
        self._lock = Lock()

    def __enter__(self) -> None:
        """Wait for one's turn."""
        with self._lock:
            if self._free:
                self._free -= 1
                return
            turn = Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the next one in."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1
