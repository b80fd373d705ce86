"""A human in the conversation, from the person's side: ask for one, talk, go back.

Owns: the routes under ``/sessions/{id}`` that a hand-over adds. Does not own: words that go to a
human in place of a turn (`ui.api.taking`), the human's side (`ui.api.desk`).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from assistant.handover_table import Handover
from assistant.state import Session
from assistant.wire import Json
from ui.api.bodies import (
    HandoverOut,
    MessageOut,
    NewHandover,
    handover_body,
    message_body,
    session_body,
)
from ui.api.callers import Calling, Serving, session_of
from ui.api.limits import Writing
from ui.api.problems import ProblemError
from ui.desk import Desk
from ui.service import Service

LONGEST_WAIT_S = 25
router = APIRouter(prefix="/sessions", tags=["hand-over"])


async def at_desk(service: Serving) -> Desk:
    """Return the desk; refuses where no humans are."""
    if service.desk is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "no people answer here: handover.enabled is false")
    return service.desk


AtDesk = Annotated[Desk, Depends(at_desk)]
After = Annotated[int, Query(ge=0, le=2**31 - 1, description="Number of the last one known.")]
Wait = Annotated[float, Query(ge=0, le=LONGEST_WAIT_S, description="Seconds, where there is none.")]


@router.post("/{session_id}/handover", response_model=HandoverOut)
def ask_for_a_human(
    caller: Writing, service: Serving, desk: AtDesk, body: NewHandover | None = None
) -> Json:
    """Ask for a human; where one was asked for already, nothing changes."""
    reason = (body or NewHandover()).reason
    session = session_of(caller, service)
    return handover_body(desk.handovers.open(session, reason, caller.site.key))


@router.delete("/{session_id}/handover", response_model=HandoverOut)
def go_back(caller: Writing, desk: AtDesk) -> Json:
    """Go back to the assistant."""
    return handover_body(desk.handovers.close(caller.session_id, person=True))


@router.get("/{session_id}/messages", response_model=list[MessageOut])
async def read_messages(
    caller: Calling, desk: AtDesk, after: After = 0, wait: Wait = 0
) -> list[Json]:
    """Read what was said with a human, oldest first; waits for the next where there is none."""
    found = await desk.bell.until(
        lambda: desk.handovers.messages(caller.session_id, after), caller.session_id, wait
    )
    return [message_body(message) for message in found]


def current(desk: Desk | None, session_id: str) -> Handover | None:
    """Return the hand-over that a conversation is in, if it is in one."""
    return desk.handovers.current(session_id) if desk else None


def whole(session: Session, service: Service) -> Json:
    """Return the conversation, and what was said in it with a human, as `SessionOut` has it."""
    handovers, catalog = service.desk and service.desk.handovers, service.assistant.catalog
    messages = handovers.messages(session.session_id) if handovers else ()
    if handovers is None or not messages:
        return session_body(session, catalog)
    return session_body(session, catalog, handovers.find(session.session_id), messages)
