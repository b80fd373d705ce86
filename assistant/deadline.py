"""A stream of text with a total deadline and a size limit, whatever its source does.

Owns: `stream_within`. Does not own: the source (`assistant.llm`, `assistant.embedded`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import Empty, Full, Queue
from time import monotonic

from catalog.errors import ChatModelError, ChatModelTimeoutError

Emit = Callable[[str], bool]


def stream_within(
    produce: Callable[[Emit], None], deadline_s: float, most_characters: int
) -> Iterator[str]:
    """Yield what `produce` emits until it returns, fails, takes too long or writes too much.

    `produce` runs in a thread of its own, so that a source which stalls between two pieces cannot
    hold the reader; the thread is a daemon, so that it cannot hold the process either. ``emit``
    returns False once nobody is listening: the source should stop then.

    Parameters
    ----------
    produce : callable
        Given ``emit``; raises `ChatModelError` on failure.
    deadline_s : float
        Seconds from the first request for a piece to the last piece.
    most_characters : int
        How much text is accepted in all.

    Raises
    ------
    ChatModelTimeoutError
        When the deadline passes.
    ChatModelError
        When the source fails or writes too much.
    """
    pieces: Queue[str | ChatModelError | None] = Queue(maxsize=64)
    abandoned = threading.Event()

    def _put(piece: str | ChatModelError | None) -> bool:
        while not abandoned.is_set():
            try:
                pieces.put(piece, timeout=0.1)
            except Full:
                continue
            return True
        return False

    def _run() -> None:
        ending: ChatModelError | None = ChatModelError("the language model broke off unexpectedly")
        try:
            produce(_put)
            ending = None
        except ChatModelError as error:
            ending = error
        finally:
            _put(ending)

    end = monotonic() + deadline_s
    threading.Thread(target=_run, name="chat-model", daemon=True).start()
    written = 0
    try:
        while True:
            try:
                piece = pieces.get(timeout=max(1e-3, end - monotonic()))
            except Empty:
                piece = None
            if monotonic() > end:
                raise ChatModelTimeoutError(
                    f"the language model did not finish within {deadline_s:g} s"
                )
            if piece is None:
                return
            if isinstance(piece, ChatModelError):
                raise piece
            written += len(piece)
            if written > most_characters:
                raise ChatModelError(
                    f"the language model wrote more than {most_characters:,} characters"
                )
            yield piece
    finally:
        abandoned.set()
