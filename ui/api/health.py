"""Whether the server lives, and whether it can serve.

Owns: ``/health`` and ``/ready``. Does not own: figures (`ui.api.metrics`).
"""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import select

from assistant.wire import Json
from ui.api.callers import Serving

router = APIRouter(tags=["health"])


@router.get("/health")
def health() -> Json:
    """Tell that the process answers."""
    return {"status": "ok"}


@router.get("/ready")
def ready(service: Serving) -> Json:
    """Tell what is served, when the database can be read."""
    with service.database.connect() as connection:
        connection.execute(select(1))
    assistant = service.assistant
    return {"status": "ok", "items": len(assistant.catalog), "llm": assistant.llm.tier}
