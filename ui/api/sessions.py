"""Conversations: open one, take turns, see and edit what is held, erase it.

Owns: the routes under ``/sessions``. Does not own: the turn (`assistant.engine`), who may call
(`ui.api.callers`), how a turn is streamed (`ui.api.stream`).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from assistant.commands import Command
from assistant.wire import Json
from ui.api import stream
from ui.api.bodies import (
    DeliveredOut,
    Feedback,
    Identify,
    NewSession,
    NewTurn,
    OpenedOut,
    ProfileEdit,
    ProfileOut,
    SessionOut,
    TurnOut,
    profile_body,
    session_body,
)
from ui.api.callers import SESSION, Calling, Serving, session_of
from ui.api.handover import whole
from ui.api.idempotency import REPLAYED, IdempotencyKey, Repeating, Write
from ui.api.limits import OpeningSite, Writing, address_of
from ui.api.metrics import Measuring
from ui.api.problems import ProblemError
from ui.api.spent import spend
from ui.api.taking import TakesTurn
from ui.tokens import read_visitor

router = APIRouter(prefix="/sessions", tags=["conversation"])

_LEAST_KEY = 16
_STREAMED: dict[int | str, dict[str, Any]] = {
    HTTPStatus.OK.value: {
        "model": TurnOut | DeliveredOut,
        "content": {stream.MEDIA_TYPE: {"schema": {"type": "string"}}},
        "description": "The turn; as server-sent events where the Accept header asks for them: "
        "`cards` first, then `prose` pieces, then `done`, or `problem`; `handover`, then `done`, "
        "where a human hears it in place of the assistant.",
    }
}


@router.post("", status_code=HTTPStatus.CREATED, response_model=OpenedOut)
def open_session(
    request: Request,
    body: NewSession,
    site: OpeningSite,
    service: Serving,
    repeats: Repeating,
    metrics: Measuring,
    key: IdempotencyKey = "",
) -> Response:
    """Open a conversation and get the token that it is continued with.

    An Idempotency-Key stands for the conversation until something is said in it, so here it must
    be one that nobody guesses.
    """
    if 0 < len(key) < _LEAST_KEY:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"the Idempotency-Key of an opening has {_LEAST_KEY} characters at least: a random one",
        )
    assistant, token = service.assistant, body.visitor_token
    visitor = read_visitor(token, site) if token else None
    write = Write(f"{site.key} {address_of(request)}", key, token)
    with repeats.once(write) as earlier:
        if earlier is None:
            if visitor is not None:
                spend(service.database, visitor)
            session = assistant.start(visitor.user_id if visitor else None)
            repeats.keep(write, session.session_id, 0)
            metrics.opened(site.key)
        else:
            session = assistant.resume(earlier.session_id)
            if session.turns:
                raise ProblemError(
                    HTTPStatus.CONFLICT, "the conversation of this Idempotency-Key has begun"
                )
    lifetime = service.session_lifetime
    opened = {
        **session_body(session, assistant.catalog),
        "token": service.signer.sign(SESSION, lifetime, sid=session.session_id, site=site.key),
        "expires_in": int(lifetime.total_seconds()),
        "site": site.key,
    }
    return JSONResponse(opened, HTTPStatus.CREATED, REPLAYED if earlier else None)


@router.post("/{session_id}/identify", response_model=SessionOut)
def identify(body: Identify, caller: Writing, service: Serving) -> Json:
    """Say whose the anonymous conversation is; what lasts of it is remembered of them."""
    visitor, session = read_visitor(body.visitor_token, caller.site), session_of(caller, service)
    if session.user_id not in (None, visitor.user_id):
        raise ProblemError(HTTPStatus.CONFLICT, "this conversation is another person's already")
    spend(service.database, visitor)
    if session.user_id is None:
        session = service.assistant.people.adopt(session.session_id, visitor.user_id)
    return whole(session, service)


@router.get("/{session_id}", response_model=SessionOut)
def read_session(caller: Calling, service: Serving) -> Json:
    """Read the whole conversation, and what was said in it with a human."""
    return whole(session_of(caller, service), service)


@router.delete("/{session_id}", status_code=HTTPStatus.NO_CONTENT)
def erase_session(caller: Writing, service: Serving) -> Response:
    """Erase the conversation. What lasts of a known person stays; see ``person``."""
    service.assistant.people.erase(caller.session_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post("/{session_id}/turns", response_model=TurnOut | DeliveredOut, responses=_STREAMED)
def take_turn(body: NewTurn, taking: TakesTurn) -> Response:
    """Say something, or press a button."""
    press = body.command
    return taking.turn(Command(press.kind, press.target) if press else (body.message or ""))


@router.post("/{session_id}/feedback", response_model=TurnOut, responses=_STREAMED)
def give_feedback(body: Feedback, taking: TakesTurn) -> Response:
    """Like, dislike, put off or mark one item as seen; the next slate answers to it."""
    return taking.turn(Command(body.kind, body.item_id))


@router.get("/{session_id}/profile", response_model=ProfileOut)
def read_profile(caller: Calling, service: Serving) -> Json:
    """Read what is held of the person, as chips and in sentences."""
    return profile_body(session_of(caller, service).profile, service.assistant.catalog)


@router.patch("/{session_id}/profile", response_model=TurnOut, responses=_STREAMED)
def edit_profile(body: ProfileEdit, taking: TakesTurn) -> Response:
    """Remove chips, or keep one for always or for now; the next slate answers to it."""
    if body.remove:
        return taking.turn(Command("remove", "\n".join(body.remove)))
    return taking.turn(Command("always", body.always) if body.always else Command("now", body.now))
