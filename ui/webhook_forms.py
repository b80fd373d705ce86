"""What another system is told of a hand-over, and what it answers, in two forms.

Owns: `FORMS`, `Reply`, `read_reply`. Does not own: signing and sending (`ui.webhook`).

The generic form is Vouch's own. The other one has the shape of Chatwoot's webhook events
(``conversation_created``, ``message_created``, ``conversation_status_changed``; see "Webhook
events" in Chatwoot's developer documentation), so that what reads those reads these. The packet
comes as a private note, which a customer never sees, and its JSON as ``custom_attributes``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.handovers import Describe, News
from assistant.wire import Json
from catalog.errors import CommandError

_STATUS = {"waiting": "open", "human": "open", "closed": "resolved"}


@dataclass(frozen=True, slots=True)
class Reply:
    """What the humans' system sends.

    Attributes
    ----------
    session_id : str
        The conversation.
    text : str
        The human's words; empty where nothing is said.
    agent : str
        Who speaks.
    close : bool
        Whether the conversation is given back to the assistant.
    """

    session_id: str
    text: str
    agent: str
    close: bool = False


def generic(news: News) -> Sequence[Json]:
    """Return `news` in Vouch's own form: one payload."""
    handover = news.handover
    return (
        {
            "event": f"handover.{news.kind}",
            "session_id": handover.session_id,
            "handover": _plain(asdict(handover)),
            "message": _plain(asdict(news.message)),
            **({"packet": news.packet.json()} if news.packet else {}),
        },
    )


def chatwoot(news: News) -> Sequence[Json]:
    """Return `news` in the shape of Chatwoot's webhook events."""
    conversation = _conversation(news)
    if news.kind == "closed":
        status = {**conversation, "event": "conversation_status_changed"}
        return (status,)
    if news.packet is None:
        kind = "outgoing" if news.message.speaker == "agent" else "incoming"
        return (_message(news, conversation, news.message.text, kind),)
    attributes = {**conversation["custom_attributes"], "vouch_packet": news.packet.json()}
    created = {**conversation, "event": "conversation_created", "custom_attributes": attributes}
    note = _message(news, conversation, news.packet.note(), "outgoing", private=True)
    return created, note


FORMS: Mapping[Literal["generic", "chatwoot"], Describe] = {
    "generic": generic,
    "chatwoot": chatwoot,
}


def _conversation(news: News) -> Json:
    handover = news.handover
    assignee = {"name": handover.agent, "type": "user"} if handover.agent else None
    return {
        "id": handover.number,
        "status": _STATUS[handover.state],
        "channel": "Channel::Api",
        "can_reply": handover.state != "closed",
        "contact_inbox": {"source_id": handover.session_id},
        "additional_attributes": {"browser_language": handover.language},
        "custom_attributes": {
            "vouch_session_id": handover.session_id,
            "vouch_site": handover.site,
            "vouch_reason": handover.reason,
        },
        "meta": {"sender": _contact(news), "assignee": assignee},
        "created_at": int(handover.created.timestamp()),
        "timestamp": int(handover.updated.timestamp()),
    }


def _message(
    news: News, conversation: Json, text: str, kind: str, *, private: bool = False
) -> Json:
    agent = {"name": news.message.name or "Vouch", "type": "user"}
    return {
        "event": "message_created",
        "id": news.message.seq,
        "content": text,
        "content_type": "text",
        "content_attributes": {},
        "message_type": kind,
        "private": private,
        "created_at": news.message.at.isoformat(),
        "source_id": f"{news.handover.session_id}/{news.message.seq}",
        "sender": _contact(news) if kind == "incoming" else agent,
        "conversation": conversation,
    }


def _contact(news: News) -> Json:
    customer = news.packet.customer if news.packet else ""
    return {
        "id": news.handover.number,
        "name": customer or f"Visitor {news.handover.number}",
        "identifier": customer or news.handover.session_id,
        "type": "contact",
    }


def _plain(values: Json) -> Json:
    return {key: v.isoformat() if hasattr(v, "isoformat") else v for key, v in values.items()}


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Generic(_Body):
    session_id: str = Field(min_length=1, max_length=64)
    text: str = Field(default="", max_length=4_000)
    agent: str = Field(default="", max_length=80)
    close: bool = False


class _Inbox(_Body):
    source_id: str = ""


class _Sender(_Body):
    name: str | None = Field(default="", max_length=200)


class _Conversation(_Body):
    contact_inbox: _Inbox | None = None
    custom_attributes: Mapping[str, Any] = Field(default_factory=dict)
    status: str = ""

    @property
    def session_id(self) -> str:
        given = self.custom_attributes.get("vouch_session_id")
        return str(given or (self.contact_inbox.source_id if self.contact_inbox else ""))


class _Message(_Body):
    content: str | None = Field(default="", max_length=4_000)
    message_type: str | int = ""
    private: bool = False
    sender: _Sender | None = None
    conversation: _Conversation


def read_reply(body: bytes) -> Reply | None:
    """Return what `body` says, in either form; None where there is nothing to pass on.

    Of Chatwoot's events, an agent's public messages and the resolving of a conversation count.

    Raises
    ------
    CommandError
        When it is not of either form.
    """
    try:
        event = _Event.model_validate_json(body)
        if not event.event or event.event.startswith("handover"):
            given = _Generic.model_validate_json(body)
            return Reply(given.session_id, given.text.strip(), given.agent.strip(), given.close)
        if event.event == "message_created":
            return _said(_Message.model_validate_json(body))
        if event.event == "conversation_status_changed":
            conversation = _Conversation.model_validate_json(body)
            resolved = conversation.status == "resolved"
            return Reply(conversation.session_id, "", "", close=True) if resolved else None
    except ValidationError as error:
        faults = "; ".join(
            f"{'/'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()
        )
        raise CommandError(f"the webhook's body is of no form that is known: {faults}") from error
    return None


class _Event(_Body):
    event: str = ""


def _said(message: _Message) -> Reply | None:
    text = (message.content or "").strip()
    outgoing = message.message_type in {"outgoing", 1}  # the name in webhooks, the number elsewhere
    if not outgoing or message.private or not text:
        return None
    name = (message.sender.name if message.sender else "") or ""
    return Reply(message.conversation.session_id, text, name)
