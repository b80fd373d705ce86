"""A human in the conversation, from the human's side: who waits, what was said, answer, close.

Owns: the routes under ``/admin`` for agents. Does not own: the page that calls them
(``ui/console``), the person's side (`ui.api.handover`).
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from assistant.handover_table import Message
from assistant.wire import Json
from ui.api.bodies import (
    HandoverOut,
    MessageOut,
    NewsOut,
    PacketOut,
    Saying,
    Taking,
    WaitingOut,
    handover_body,
    message_body,
    waiting_body,
)
from ui.api.callers import Operating, Serving
from ui.api.handover import After, AtDesk, Wait

router = APIRouter(prefix="/admin", tags=["agents"], dependencies=[Operating])

SessionId = Annotated[str, Path(max_length=64)]


@router.get("/handovers", response_model=list[WaitingOut])
def list_handovers(desk: AtDesk) -> list[Json]:
    """List the conversations that wait for a human or are with one, the longest waiting first."""
    return [waiting_body(handover, last) for handover, last in desk.handovers.waiting()]


@router.get("/handovers/{session_id}", response_model=PacketOut)
def read_packet(session_id: SessionId, service: Serving, desk: AtDesk) -> Json:
    """Read all that a human needs to go on, with what was said since."""
    handover = desk.handovers.find(session_id)
    session = service.assistant.resume(session_id)
    messages = desk.handovers.messages(session_id)
    return {
        "handover": waiting_body(handover, messages[-1] if messages else None),
        "packet": desk.handovers.packet(session, handover.reason).json(),
        "messages": [message_body(message) for message in messages],
    }


@router.get("/handovers/{session_id}/messages", response_model=list[MessageOut])
async def follow(
    session_id: SessionId, desk: AtDesk, after: After = 0, wait: Wait = 0
) -> list[Json]:
    """Read what was said, oldest first; waits for the next where there is none."""

    def read() -> tuple[Message, ...]:
        return desk.handovers.messages(session_id, after)

    return [message_body(message) for message in await desk.bell.until(read, session_id, wait)]


@router.post("/handovers/{session_id}/take", response_model=HandoverOut)
def take(session_id: SessionId, body: Taking, desk: AtDesk) -> Json:
    """Join a conversation, or go on in another agent's place."""
    return handover_body(desk.handovers.take(session_id, body.name.strip()))


@router.post("/handovers/{session_id}/messages", response_model=MessageOut)
def answer(session_id: SessionId, body: Saying, desk: AtDesk) -> Json:
    """Say something to the person."""
    return message_body(desk.handovers.say(session_id, body.text.strip(), agent=True))


@router.post("/handovers/{session_id}/close", response_model=HandoverOut)
def close(session_id: SessionId, desk: AtDesk) -> Json:
    """Give the conversation back to the assistant."""
    return handover_body(desk.handovers.close(session_id, person=False))


@router.get("/events", response_model=NewsOut)
async def read_events(desk: AtDesk, after: After | None = None, wait: Wait = 0) -> Json:
    """Tell in which conversations something was said or done; waits where nothing was.

    Without `after` it tells at once where things stand.
    """
    handovers = desk.handovers
    last, _ = handovers.changed(None) if after is None else (after, frozenset[str]())
    found = frozenset[str]()

    def read() -> frozenset[str]:
        nonlocal last
        last, sessions = handovers.changed(last)
        return sessions

    if after is not None:
        found = await desk.bell.until(read, "", wait)
    return {"last": last, "sessions": sorted(found)}
