"""The HTTP API, versioned: everything the page can do, for programs and other sites' pages.

Owns: `create_api`. Does not own: any route (one module a resource), what is served
(`ui.service`).
"""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from ui.api import health, sessions
from ui.api.problems import explain_errors
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
    # Which page may do what is decided for each request (ui.api.callers): a browser asks before
    # it has said which site it is for.
    api.add_middleware(
        CORSMiddleware,
        allow_origins=list(service.sites.origins),
        allow_methods=list(_METHODS),
        allow_headers=list(_HEADERS),
        max_age=600,
    )
    explain_errors(api)
    for module in (health, sessions):
        api.include_router(module.router)
    return api
