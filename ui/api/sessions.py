"""Conversations: open one, take turns, see and edit what is held, erase it.

Owns: the routes under ``/sessions``. Does not own: the turn (`assistant.engine`), who may call
(`ui.api.callers`), how a turn is streamed (`ui.api.stream`).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header
from fastapi.responses import JSONResponse, Response, StreamingResponse

from assistant.commands import Command, apply_command
from assistant.wire import Json
from ui.api import stream
from ui.api.bodies import (
    Feedback,
    NewSession,
    NewTurn,
    OpenedOut,
    ProfileEdit,
    ProfileOut,
    SessionOut,
    TurnOut,
    profile_body,
    session_body,
    turn_body,
)
from ui.api.callers import SESSION, Caller, Calling, CallingSite, Serving, session_of
from ui.service import Service
from ui.tokens import read_visitor

router = APIRouter(prefix="/sessions", tags=["conversation"])

_STREAMED: dict[int | str, dict[str, Any]] = {
    HTTPStatus.OK.value: {
        "model": TurnOut,
        "content": {stream.MEDIA_TYPE: {"schema": {"type": "string"}}},
        "description": "The turn; as server-sent events where the Accept header asks for them: "
        "`cards` first, then `prose` pieces, then `done`, or `problem`.",
    }
}


@router.post("", status_code=HTTPStatus.CREATED, response_model=OpenedOut)
def open_session(body: NewSession, site: CallingSite, service: Serving) -> Json:
    """Open a conversation and get the token that it is continued with."""
    user_id = read_visitor(body.visitor_token, site).user_id if body.visitor_token else None
    session = service.assistant.start(user_id)
    lifetime = service.session_lifetime
    return {
        **session_body(session, service.assistant.catalog),
        "token": service.signer.sign(SESSION, lifetime, sid=session.session_id, site=site.key),
        "expires_in": int(lifetime.total_seconds()),
        "site": site.key,
    }


@router.get("/{session_id}", response_model=SessionOut)
def read_session(caller: Calling, service: Serving) -> Json:
    """Read the whole conversation."""
    return session_body(session_of(caller, service), service.assistant.catalog)


@router.delete("/{session_id}", status_code=HTTPStatus.NO_CONTENT)
def erase_session(caller: Calling, service: Serving) -> Response:
    """Erase the conversation. What lasts of a known person stays; see ``/me``."""
    service.assistant.people.erase(caller.session_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post("/{session_id}/turns", response_model=TurnOut, responses=_STREAMED)
def take_turn(
    body: NewTurn, caller: Calling, service: Serving, accept: Annotated[str, Header()] = ""
) -> Response:
    """Say something, or press a button."""
    press = body.command
    message = Command(press.kind, press.target) if press else (body.message or "")
    return _taken(message, caller, service, accept)


@router.post("/{session_id}/feedback", response_model=TurnOut, responses=_STREAMED)
def give_feedback(
    body: Feedback, caller: Calling, service: Serving, accept: Annotated[str, Header()] = ""
) -> Response:
    """Like, dislike, put off or mark one item as seen; the next slate answers to it."""
    return _taken(Command(body.kind, body.item_id), caller, service, accept)


@router.get("/{session_id}/profile", response_model=ProfileOut)
def read_profile(caller: Calling, service: Serving) -> Json:
    """Read what is held of the person, as chips and in sentences."""
    return profile_body(session_of(caller, service).profile, service.assistant.catalog)


@router.patch("/{session_id}/profile", response_model=TurnOut, responses=_STREAMED)
def edit_profile(
    body: ProfileEdit, caller: Calling, service: Serving, accept: Annotated[str, Header()] = ""
) -> Response:
    """Remove chips, or keep one for always or for now; the next slate answers to it."""
    if body.remove:
        command = Command("remove", "\n".join(body.remove))
    else:
        command = Command("always", body.always) if body.always else Command("now", body.now)
    return _taken(command, caller, service, accept)


def _taken(message: str | Command, caller: Caller, service: Service, accept: str) -> Response:
    """Return the turn that `message` leads to, at once or as it comes."""
    session, catalog = session_of(caller, service), service.assistant.catalog
    if isinstance(message, Command) and message.kind != "undo":
        # A person is told in the reply what could not be done; a program, by the status.
        apply_command(session.profile, message, catalog, len(session.turns) + 1)
    events = service.assistant.respond(session, message)
    if stream.MEDIA_TYPE in accept:
        lines = stream.lines(events, catalog)
        return StreamingResponse(lines, media_type=stream.MEDIA_TYPE, headers=stream.HEADERS)
    return JSONResponse(turn_body(stream.finished(events), catalog))
