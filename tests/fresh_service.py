"""The example shop as on its first day: its catalogue, and nobody has said anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from pydantic import SecretStr

from assistant.engine import Assistant
from assistant.store import SqlStore
from catalog.database import open_database, save_catalog
from ui.service import Service
from ui.sites import Sites
from ui.tokens import Signer

ADMIN = "the-operators-own-key"
KEY = {"Authorization": f"Bearer {ADMIN}"}


def fresh_service(assistant: Assistant, folder: Path) -> Service:
    """Return a service of `assistant` whose conversations are in a new database in `folder`."""
    database = open_database(f"sqlite:///{folder / 'vouch.db'}")
    catalog = assistant.catalog
    save_catalog(database, catalog.schema, catalog.items, catalog.interactions)
    parts = replace(assistant.parts, store=SqlStore(database))
    return Service(
        assistant=Assistant(parts, assistant.config),
        sites=Sites(),
        signer=Signer(b"k" * 32),
        session_lifetime=timedelta(hours=1),
        database=database,
        admin_key=SecretStr(ADMIN),
    )
