"""What the web application serves, put together from settings.

Owns: `Service`, `open_service`. Does not own: any part (`assistant`, `ui.sites`, `ui.tokens`) or
any route (`ui.api`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr
from sqlalchemy import Engine

from assistant.engine import Assistant
from assistant.home import Home, open_assistant
from assistant.settings import LimitSettings, RankingSettings, RetrievalSettings, Settings
from catalog.database import open_database
from catalog.progress import Progress, silent
from ui.desk import Desk, open_desk
from ui.sites import Sites
from ui.tokens import Signer


@dataclass(frozen=True, slots=True)
class Service:
    """One installation, as its web application needs it. Safe to share between threads.

    Attributes
    ----------
    assistant : Assistant
        Takes the turns.
    sites : Sites
        Where it is embedded.
    signer : Signer
        Of sessions' tokens.
    session_lifetime : timedelta
        After it a session's token is no longer accepted.
    database : Engine
        Where what the application itself must remember is kept.
    admin_key : SecretStr or None
        Opens what is the operator's; None keeps it shut.
    limits : LimitSettings
        How much callers may ask for.
    desk : Desk or None
        Where humans take over; None where none do.
    retrieval, ranking : RetrievalSettings, RankingSettings
        What the assistant's parts were made with, for the operator to see.
    """

    assistant: Assistant
    sites: Sites
    signer: Signer
    session_lifetime: timedelta
    database: Engine
    admin_key: SecretStr | None = None
    limits: LimitSettings = LimitSettings()
    desk: Desk | None = None
    retrieval: RetrievalSettings = RetrievalSettings()
    ranking: RankingSettings = RankingSettings()


def open_service(settings: Settings, progress: Progress = silent) -> Service:
    """Return the service over the home of `settings`, building whatever is missing or stale."""
    return service_of(open_assistant(settings, progress), settings)


def service_of(assistant: Assistant, settings: Settings) -> Service:
    """Return the service of an assistant that is open already; the home is that of `settings`."""
    database = open_database(settings.url)
    return Service(
        assistant,
        Sites.of(settings),
        Signer.of(Home(settings.home).path / "sessions.key"),
        timedelta(hours=settings.serve.session_hours),
        database,
        settings.admin_key,
        settings.limits,
        desk=open_desk(settings, database, assistant.catalog),
        retrieval=settings.retrieval,
        ranking=settings.ranking,
    )
