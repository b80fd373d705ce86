"""A write that leads to a turn: counted, done once, answered whole or as it comes.

Owns: `Taking`. Does not own: the turn (`assistant.engine`), the events' form (`ui.api.stream`).
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header
from fastapi.responses import JSONResponse, Response

from assistant.commands import Command, apply_command, is_command
from assistant.events import CardsReady, Event, Finished
from assistant.handover_table import Handover
from assistant.state import Session
from assistant.wire import Json
from ui.api import stream
from ui.api.bodies import delivered_body, turn_body
from ui.api.callers import Caller, Serving, session_of
from ui.api.handover import current
from ui.api.idempotency import (
    REPLAYED,
    Earlier,
    IdempotencyKey,
    Repeating,
    Repeats,
    Write,
    turn_of,
)
from ui.api.limits import Writing
from ui.api.metrics import Measuring, Metrics
from ui.service import Service


@dataclass(frozen=True, slots=True)
class Taking:
    """A caller who may take a turn, and how they want it.

    Attributes
    ----------
    caller : Caller
        Whose turn it is.
    service : Service
        Takes it.
    repeats : Repeats
        What was done already.
    metrics : Metrics
        Counts it.
    key : str
        The caller's name for this turn; a repetition is answered with the same one.
    streamed : bool
        As server-sent events.
    """

    caller: Caller
    service: Service
    repeats: Repeats
    metrics: Metrics
    key: str = ""
    streamed: bool = False

    def turn(self, message: str | Command) -> Response:
        """Return the turn that `message` leads to, or led to when it was sent before."""
        write = Write(self.caller.session_id, self.key, str(message))
        with ExitStack() as running:
            earlier = running.enter_context(self.repeats.once(write))
            session = session_of(self.caller, self.service)
            taken = turn_of(earlier, session, write.body)
            handover = current(self.service.desk, session.session_id)
            if taken is None and (heard := self._heard(message, write, earlier, handover)):
                return self._delivered(heard, REPLAYED if earlier else {})
            if taken is None:
                self.repeats.keep(write, session.session_id, len(session.turns) + 1)
                events = self.metrics.watch(self._events(session, message, handover))
            else:
                events = _said(CardsReady(taken), Finished(session, taken))
            events = _until_closed(events, running.pop_all())
        catalog, headers = self.service.assistant.catalog, REPLAYED if taken else {}
        if self.streamed:
            return stream.EventStream(stream.lines(events, catalog, handover), events, headers)
        return JSONResponse(turn_body(stream.finished(events), catalog, handover), headers=headers)

    def _heard(
        self,
        message: str | Command,
        write: Write,
        earlier: Earlier | None,
        handover: Handover | None,
    ) -> Json | None:
        """Return what became of words that a human hears in place of the assistant, if one does."""
        desk, session_id = self.service.desk, self.caller.session_id
        if desk is None or not isinstance(message, str) or is_command(message):
            return None
        if earlier is not None and earlier.number < 0:  # A message, by its number below 0.
            message_before = desk.handovers.messages(session_id, -earlier.number - 1)[0]
            return delivered_body(handover or desk.handovers.find(session_id), message_before)
        if handover is None:
            return None
        said = desk.handovers.say(session_id, message, agent=False)
        self.repeats.keep(write, session_id, -said.seq)
        return delivered_body(handover, said)

    def _delivered(self, body: Json, headers: Mapping[str, str]) -> Response:
        if not self.streamed:
            return JSONResponse(body, headers=dict(headers))
        lines = (stream.event(name, body) for name in ("handover", "done"))
        return stream.EventStream(lines, lines, headers)

    def _events(
        self, session: Session, message: str | Command, handover: Handover | None
    ) -> Generator[Event]:
        if isinstance(message, Command) and message.kind != "undo":
            # A person is told in the reply what could not be done; a program, by the status.
            catalog = self.service.assistant.catalog
            apply_command(session.profile, message, catalog, len(session.turns) + 1)
        desk, respond = self.service.desk, self.service.assistant.respond
        if desk is None or handover is not None:
            yield from respond(session, message)
        else:
            events = respond(session, message, reachable=True)
            yield from desk.attend(events, session, self.caller.site.key)
        if isinstance(message, Command):
            self.metrics.pressed(message.kind)


async def taking(
    caller: Writing,
    service: Serving,
    repeats: Repeating,
    metrics: Measuring,
    key: IdempotencyKey = "",
    accept: Annotated[str, Header()] = "",
) -> Taking:
    """Return the caller as one who may take a turn now."""
    return Taking(caller, service, repeats, metrics, key, stream.MEDIA_TYPE in accept)


TakesTurn = Annotated[Taking, Depends(taking)]


def _until_closed(events: Generator[Event], running: ExitStack) -> Generator[Event]:
    with running:
        yield from events


def _said(*events: Event) -> Generator[Event]:
    yield from events
