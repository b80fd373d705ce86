"""OpenAI's chat protocol: existing chat pages and clients talk with Vouch as if it were a model.

Owns: ``/chat/completions`` and ``/models``. Does not own: which conversation a transcript is
(`ui.api.transcripts`), the bodies (`ui.api.chat_bodies`), the text (`ui.api.chat_markdown`).

Specification: https://platform.openai.com/docs/api-reference/chat. An answer and every piece of a
streamed one may carry a member of Vouch's own, `vouch`: the turn, with its items. In a stream it
comes with the first piece, before any prose, and with the last.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import chain
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from fastapi.sse import format_sse_event

from assistant.events import CardsReady, Event, Finished, Prose
from assistant.wire import Json
from catalog import Catalog
from catalog.errors import VouchError
from ui.api import stream
from ui.api.bodies import turn_body
from ui.api.callers import CallingServer, Serving
from ui.api.chat_bodies import (
    MODEL,
    ChatRequest,
    CompletionOut,
    ErrorOut,
    ModelOut,
    ModelsOut,
    check,
    spoken,
    usage,
)
from ui.api.chat_errors import ChatRoute, RefusedError, error_body
from ui.api.chat_markdown import Listing, listing
from ui.api.limits import Limits, address_of, limits_of
from ui.api.metrics import Measuring
from ui.api.problems import DOCUMENTED
from ui.api.transcripts import Transcript, Transcripts, answered
from ui.sites import LOCAL, Site

_ERRORS: dict[int | str, dict[str, Any]] = {
    # What comes no further than the door is a problem document, as on every route.
    status: {**deepcopy(DOCUMENTED[status]), "model": ErrorOut}
    for status in (400, 401, 403, 404, 409, 429)
}
_STREAMED: dict[int | str, dict[str, Any]] = {
    HTTPStatus.OK.value: {
        "model": CompletionOut,
        "content": {stream.MEDIA_TYPE: {"schema": {"type": "string"}}},
        "description": "The answer; as pieces (`chat.completion.chunk`) where `stream` is set.",
    }
}

router = APIRouter(tags=["OpenAI's protocol"], route_class=ChatRoute, responses=_ERRORS)


def _transcripts(request: Request) -> Transcripts:
    return cast(Transcripts, request.app.state.transcripts)


@router.get("/models", response_model=ModelsOut)
def list_models(_: CallingServer) -> Json:
    """Name the only model there is."""
    return {"object": "list", "data": [_model(MODEL)]}


@router.get("/models/{model:path}", response_model=ModelOut)
def read_model(model: str, _: CallingServer) -> Json:
    """Read what is known of a model."""
    return _model(model)


@router.post("/chat/completions", response_model=CompletionOut, responses=_STREAMED)
def complete(
    request: Request,
    body: ChatRequest,
    site: CallingServer,
    service: Serving,
    transcripts: Annotated[Transcripts, Depends(_transcripts)],
    limits: Annotated[Limits, Depends(limits_of)],
    metrics: Measuring,
) -> Response:
    """Answer the last message of a transcript; every message of the user's before it counts."""
    _model(body.model)
    check(body)
    said, replied = spoken(body.messages)
    transcript = Transcript(site.key, _person(body, site), said, replied)
    limits.write(site.key, address_of(request), transcript.user_id)
    events = metrics.watch(answered(service.assistant, transcripts, transcript))
    answer = _Answer(body, transcript, transcripts, service.assistant.catalog)
    if not body.stream:
        return JSONResponse(answer.whole(events))
    first = next(events)  # Before anything is sent: what is refused has a status of its own.
    return stream.EventStream(answer.pieces(chain((first,), events)), events)


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer while it is given."""

    request: ChatRequest
    transcript: Transcript
    transcripts: Transcripts
    catalog: Catalog
    answer_id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, events: Iterator[Event]) -> Json:
        """Return the answer at once."""
        *_, last = events
        assert isinstance(last, Finished)
        listed = self._listed(last)
        content = last.turn.reply + listed.text
        self.transcripts.keep(self.transcript, last.session, content)
        message = {
            "role": "assistant",
            "content": content,
            "refusal": None,
            "annotations": list(listed.annotations),
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {
            **self._head("chat.completion"),
            "choices": [choice],
            "usage": usage(self.request.messages, content),
            "vouch": turn_body(last.turn, self.catalog),
        }

    def pieces(self, events: Iterator[Event]) -> Iterator[bytes]:
        """Return the answer as server-sent events, as it comes."""
        try:
            for happened in events:
                match happened:
                    case CardsReady(turn):
                        cards = turn_body(turn, self.catalog)
                        yield self._piece({"role": "assistant", "content": ""}, vouch=cards)
                    case Prose(text):
                        yield self._piece({"content": text})
                    case Finished():
                        yield from self._end(happened)
        except VouchError as error:
            yield _event(error_body(error))

    def _end(self, finished: Finished) -> Iterator[bytes]:
        turn, listed = finished.turn, self._listed(finished)
        content = turn.reply + listed.text
        # Before the last piece: whoever has it may go on at once.
        self.transcripts.keep(self.transcript, finished.session, content)
        if listed.text:
            yield self._piece({"content": listed.text, "annotations": list(listed.annotations)})
        yield self._piece({}, "stop", vouch=turn_body(turn, self.catalog))
        options = self.request.stream_options
        if options is not None and options.include_usage:
            sizes = usage(self.request.messages, content)
            yield _event({**self._head("chat.completion.chunk"), "choices": [], "usage": sizes})
        yield format_sse_event(data_str="[DONE]")

    def _piece(self, delta: Json, finish_reason: str | None = None, **more: object) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return _event({**self._head("chat.completion.chunk"), "choices": [choice], **more})

    def _head(self, kind: str) -> Json:
        return {"id": self.answer_id, "object": kind, "created": self.created, "model": MODEL}

    def _listed(self, finished: Finished) -> Listing:
        if not self.request.vouch.markdown:
            return Listing()
        before = finished.session.turns[-2:-1]
        shown = before[0].cards if before else ()
        return listing(finished.turn, shown, self.catalog, len(finished.turn.reply))


def _person(body: ChatRequest, site: Site) -> str | None:
    """Return the known person who talks: only a site's secret vouches for a name."""
    return f"{site.key}/{body.user}" if body.user and site.key != LOCAL else None


def _model(name: str) -> Json:
    if name != MODEL:
        detail = f"the model {name!r} does not exist; this server has {MODEL!r}"
        raise RefusedError(detail, "model", "model_not_found", HTTPStatus.NOT_FOUND)
    # When it was made has no one answer: the catalogue, the weights and the program all count.
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": "vouch"}


def _event(data: Json) -> bytes:
    return format_sse_event(data_str=json.dumps(data, ensure_ascii=False))
