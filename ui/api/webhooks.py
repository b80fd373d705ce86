"""What the humans' own system sends: their replies, signed.

Owns: ``/webhooks/handover``. Does not own: the signature (`ui.webhook`), the forms
(`ui.webhook_forms`).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict

from assistant.handovers import Handovers
from assistant.wire import Json
from ui.api.handover import AtDesk
from ui.api.problems import ProblemError
from ui.webhook import read_signed
from ui.webhook_forms import Reply, read_reply

router = APIRouter(prefix="/webhooks", tags=["hand-over"])

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "object"},
                "examples": {
                    "generic": {
                        "value": {"session_id": "...", "text": "Hello, I am Ana.", "agent": "Ana"}
                    },
                    "chatwoot": {
                        "value": {
                            "event": "message_created",
                            "message_type": "outgoing",
                            "content": "Hello, I am Ana.",
                            "sender": {"name": "Ana"},
                            "conversation": {"custom_attributes": {"vouch_session_id": "..."}},
                        }
                    },
                },
            }
        },
    },
    "parameters": [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
        for name in ("X-Vouch-Timestamp", "X-Vouch-Delivery", "X-Vouch-Signature")
    ],
}


class AcceptedOut(BaseModel):
    """What became of a delivery."""

    model_config = ConfigDict(frozen=True)

    accepted: bool
    detail: str = ""


async def signed(request: Request, desk: AtDesk) -> tuple[str, bytes]:
    """Return the delivery id and body of a request that the humans' system signed."""
    if desk.secret is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, "no webhook is set up: handover.url is empty")
    body = await request.body()
    return read_signed(desk.secret, dict(request.headers), body), body


@router.post("/handover", response_model=AcceptedOut, openapi_extra=_BODY)
def receive(given: Annotated[tuple[str, bytes], Depends(signed)], desk: AtDesk) -> Json:
    """Take in what a human said, or that they closed; each delivery counts once.

    Signed as Vouch signs its own: ``sha256=`` and the HMAC-SHA256 of timestamp, full stop and
    body, with the webhook's secret. ``X-Chatwoot-`` is accepted in place of ``X-Vouch-``.
    """
    delivery_id, body = given
    reply = read_reply(body)
    if reply is None:
        return {"accepted": False, "detail": "nothing in it is for the person"}
    with desk.handovers.once(delivery_id) as new:
        if not new:
            return {"accepted": True, "detail": "known already"}
        _follow(reply, desk.handovers)
    return {"accepted": True}


def _follow(reply: Reply, handovers: Handovers) -> None:
    handover = handovers.find(reply.session_id)
    if reply.text:
        name = reply.agent or handover.agent or "Support"
        if handover.state == "waiting" or handover.agent != name:
            handovers.take(reply.session_id, name)
        handovers.say(reply.session_id, reply.text, agent=True, outside=True)
    if reply.close:
        handovers.close(reply.session_id, person=False, outside=True)
