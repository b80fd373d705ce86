"""The HTTP API, versioned: everything the page can do, for programs and other sites' pages.

Owns: `create_api`. Does not own: any route (one module a resource), what is served
(`ui.service`).
"""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from catalog.database import METADATA
from ui.api import (
    chat,
    desk,
    handover,
    health,
    items,
    metrics,
    operator,
    people,
    sessions,
    site,
    webhooks,
)
from ui.api.idempotency import REPLAYED, Repeats
from ui.api.limits import Limits, SmallBodies
from ui.api.metrics import CountErrors, Metrics
from ui.api.problems import DOCUMENTED, explain_errors
from ui.api.transcripts import Transcripts
from ui.service import Service

_METHODS = ("GET", "POST", "PATCH", "DELETE")
_HEADERS = ("Authorization", "Content-Type", "X-Vouch-Site", "Idempotency-Key")


def create_api(service: Service) -> FastAPI:
    """Return the API over `service`, to be mounted at ``/v1``."""
    api = FastAPI(
        title="Vouch",
        version="1",
        summary="A conversational recommendation assistant that can vouch for every pick.",
        docs_url=None,
        redoc_url=None,
    )
    api.state.service = service
    api.state.transcripts = Transcripts(service.database)
    METADATA.create_all(service.database)
    api.state.limits = Limits(service.limits)
    api.state.repeats = Repeats(service.database)
    api.state.metrics = Metrics(service)
    api.add_middleware(SmallBodies)
    # Which page may do what is decided for each request (ui.api.callers): a browser asks before
    # it has said which site it is for.
    api.add_middleware(
        CORSMiddleware,
        allow_origins=list(service.sites.origins),
        allow_methods=list(_METHODS),
        allow_headers=list(_HEADERS),
        expose_headers=["Retry-After", *REPLAYED],
        max_age=600,
    )
    api.add_middleware(CountErrors, metrics=api.state.metrics)
    explain_errors(api)
    for module in (
        chat, health, sessions, site, items, handover, desk, webhooks, operator, people, metrics
    ):  # fmt: skip
        api.include_router(module.router, responses=DOCUMENTED)
    return api
