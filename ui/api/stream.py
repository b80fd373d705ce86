"""A turn as server-sent events: cards first, then prose, then the whole turn.

Owns: the events' names and form. Does not own: their order, which `assistant.engine` guarantees.

Specification: https://html.spec.whatwg.org/multipage/server-sent-events.html. Where the caller
leaves, the generator is closed: the turn is stored with its cards by then, and no more is written.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Generator, Iterable, Iterator, Mapping
from inspect import GEN_CLOSED, getgeneratorstate
from itertools import chain, islice
from typing import Any

from anyio import CancelScope
from fastapi.responses import StreamingResponse
from fastapi.sse import format_sse_event
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.types import Receive, Scope, Send

from assistant.events import CardsReady, Event, Finished, Prose
from assistant.handover_table import Handover
from assistant.state import Turn
from assistant.wire import Json
from catalog import Catalog
from catalog.errors import VouchError
from ui.api.bodies import turn_body
from ui.api.problems import status_of

MEDIA_TYPE = "text/event-stream"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class EventStream(StreamingResponse):
    """A stream whose source is closed at its end, also where that is the caller's leaving.

    Parameters
    ----------
    content : iterator of bytes
        What goes over the wire.
    source : generator
        What `content` is made of. It is closed as soon as it can be: once its next event is there.
    headers : mapping of str to str
        Beside `HEADERS`.
    """

    def __init__(
        self,
        content: Iterator[bytes],
        source: Generator[Any],
        headers: Mapping[str, str] | None = None,
    ) -> None:
        all_headers = {**HEADERS, **(headers or {})}
        super().__init__(_from_first(content), headers=all_headers, media_type=MEDIA_TYPE)
        self._source = source

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            if getgeneratorstate(self._source) != GEN_CLOSED:
                with CancelScope(shield=True):
                    await run_in_threadpool(self._source.close)


def lines(
    events: Iterator[Event], catalog: Catalog, handover: Handover | None = None
) -> Iterator[bytes]:
    """Return `events` as they go over the wire; the first is awaited before this returns.

    So what is refused at once is answered with its own status, not in a stream.
    """
    coming = _lines(chain((next(events),), events), catalog, handover)
    return chain((next(coming),), coming)


def finished(events: Iterable[Event]) -> Turn:
    """Return the turn that `events` end with."""
    *_, last = events
    assert isinstance(last, Finished)
    return last.turn


def event(name: str, data: Json) -> bytes:
    """Return one server-sent event."""
    return format_sse_event(event=name, data_str=json.dumps(data, ensure_ascii=False))


async def _from_first(content: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield `content`; its first line is there already, and needs no thread to be waited for in."""
    for line in islice(content, 1):
        yield line
    async for line in iterate_in_threadpool(content):
        yield line


def _lines(events: Iterable[Event], catalog: Catalog, handover: Handover | None) -> Iterator[bytes]:
    try:
        for happened in events:
            match happened:
                case CardsReady(turn):
                    yield event("cards", turn_body(turn, catalog, handover))
                case Prose(text):
                    yield event("prose", {"text": text})
                case Finished(_, turn):
                    yield event("done", turn_body(turn, catalog, handover))
    except VouchError as error:
        status = status_of(error)
        body = {"type": "about:blank", "title": status.phrase, "status": status.value}
        yield event("problem", {**body, "detail": str(error)})
