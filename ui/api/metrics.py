"""Figures for a monitor, in Prometheus' text form.

Owns: ``/metrics``, `Metrics`. Does not own: what is shown to the operator as a page, or any word
of what was said: nothing here is about a person.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from http import HTTPStatus
from time import perf_counter
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from fastapi.security import HTTPAuthorizationCredentials
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.events import CardsReady, Event
from ui.api.callers import Serving, admin_key, operating
from ui.service import Service
from ui.sites import is_loopback

router = APIRouter(tags=["health"])
_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 12, 20, 30)


class Metrics:
    """What one API has done since it started. Safe to share between threads."""

    def __init__(self, service: Service) -> None:
        self._registry = registry = CollectorRegistry()
        self._turns = Counter(
            "vouch_turns", "Turns: finished, left by the caller, failed.", ["outcome"],
            registry=registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "vouch_turn_seconds", "From the request to the cards, and to the end.", ["stage"],
            buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        self._errors = Counter(
            "vouch_errors", "Answers of 400 and above.", ["status"], registry=registry
        )
        self._pressed = Counter(
            "vouch_feedback", "Buttons pressed: like, dislike, undo ...", ["kind"],
            registry=registry,
        )  # fmt: skip
        self._sessions = Counter(
            "vouch_sessions_opened", "Conversations opened.", ["site"], registry=registry
        )
        tier = Gauge("vouch_llm_tier", "Who words the replies.", ["tier"], registry=registry)
        tier.labels(service.assistant.llm.tier).set(1)
        items = Gauge("vouch_catalog_items", "Items in the catalogue.", registry=registry)
        items.set_function(lambda: len(service.assistant.catalog))

    def watch(self, events: Generator[Event]) -> Generator[Event]:
        """Yield `events`, and count their turn and time it."""
        began, outcome = perf_counter(), "failed"
        cards = self._seconds.labels("cards")
        shown = False
        try:
            with closing(events):
                for event in events:
                    if isinstance(event, CardsReady) and not shown:
                        shown = True
                        cards.observe(perf_counter() - began)
                    yield event
            outcome = "finished"
        except GeneratorExit:
            outcome = "left"
            raise
        finally:
            self._turns.labels(outcome).inc()
            self._seconds.labels("total").observe(perf_counter() - began)

    def opened(self, site: str) -> None:
        """Count one conversation."""
        self._sessions.labels(site).inc()

    def pressed(self, kind: str) -> None:
        """Count one piece of feedback."""
        self._pressed.labels(kind).inc()

    def refused(self, status: int) -> None:
        """Count one answer of 400 or above."""
        self._errors.labels(str(status)).inc()

    def text(self) -> bytes:
        """Return all of it, in Prometheus' text form."""
        return generate_latest(self._registry)


class CountErrors:
    """ASGI middleware that counts the answers of 400 and above."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        answered = False

        async def send_counted(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered, status = True, int(message["status"])
                if status >= HTTPStatus.BAD_REQUEST:
                    self._metrics.refused(status)
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        except Exception:  # What nobody foresaw is answered further out.
            if not answered:
                self._metrics.refused(HTTPStatus.INTERNAL_SERVER_ERROR.value)
            raise


async def metrics_of(request: Request) -> Metrics:
    """Return the figures of the API that answers `request`."""
    metrics: Metrics = request.app.state.metrics
    return metrics


async def monitoring(
    request: Request,
    service: Serving,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(admin_key)],
) -> None:
    """Refuse everybody but the operator; where that has no key, everybody off this machine."""
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    own = origin is None or service.sites.is_own(origin, host)
    if service.admin_key is not None or not (own and is_loopback(host)):
        await operating(request, service, bearer)


Measuring = Annotated[Metrics, Depends(metrics_of)]


@router.get(
    "/metrics",
    dependencies=[Depends(monitoring)],
    response_class=Response,
    responses={
        HTTPStatus.OK.value: {"content": {"text/plain": {"schema": {"type": "string"}}}},
    },
)
def metrics(measuring: Measuring) -> Response:
    """Read the figures, with the operator's key; on this machine, without one set, with none."""
    return Response(measuring.text(), media_type=CONTENT_TYPE_LATEST)
