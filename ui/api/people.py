"""What is kept of a person, as their own: take it along, or have all of it erased.

Owns: ``/sessions/{id}/export`` and ``/sessions/{id}/person``. Does not own: what is kept, or how
it is erased (`assistant.people`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import TypeAdapter

from assistant.memory import Memory
from assistant.wire import Json
from ui.api.bodies import ExportOut
from ui.api.callers import Serving, session_of
from ui.api.handover import whole
from ui.api.limits import Writing

router = APIRouter(prefix="/sessions", tags=["person"])
_MEMORIES: TypeAdapter[tuple[Memory, ...]] = TypeAdapter(tuple[Memory, ...])


@router.get("/{session_id}/export", response_model=ExportOut)
def export_person(caller: Writing, service: Serving) -> Json:
    """Take along all that is kept: of a known person everything, else this conversation."""
    session, people = session_of(caller, service), service.assistant.people
    user_id = session.user_id
    sessions = (session,) if user_id is None else people.sessions(user_id)
    memories = () if user_id is None else people.memories(user_id)
    return {
        "person": user_id,
        "exported_at": datetime.now(UTC).isoformat(),
        "sessions": [whole(one, service) for one in sessions],
        "memory": _MEMORIES.dump_python(memories, mode="json"),
    }


@router.delete("/{session_id}/person", status_code=HTTPStatus.NO_CONTENT)
def erase_person(caller: Writing, service: Serving) -> Response:
    """Erase all that is kept: of a known person everything, else this conversation."""
    session, people = session_of(caller, service), service.assistant.people
    if session.user_id is None:
        people.erase(session.session_id)
    else:
        people.forget(session.user_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)
