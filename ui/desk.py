"""The desk where humans take over, put together from settings.

Owns: `Desk`, `open_desk`, `humans_answer`. Does not own: hand-overs (`assistant.handovers`), the
webhook (`ui.webhook`), waiting (`ui.bell`), the routes (`ui.api.handover`, `ui.api.desk`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pydantic import SecretStr
from sqlalchemy import Engine

from assistant.events import CardsReady, Event
from assistant.handover import AT_ONCE
from assistant.handovers import Handovers
from assistant.outbox import Outbox, OutboxConfig
from assistant.settings import Settings
from assistant.state import Session
from catalog import Catalog
from catalog.errors import ConfigurationError
from ui.bell import Bell
from ui.webhook import Courier, WebhookConfig
from ui.webhook_forms import FORMS


@dataclass(frozen=True, slots=True)
class Desk:
    """Where humans take over. Safe to share between threads.

    Attributes
    ----------
    handovers : Handovers
        The conversations.
    bell : Bell
        Wakes who waits for news of them.
    courier : Courier or None
        Tells another system, where there is one.
    secret : SecretStr or None
        What that system signs its replies with.
    """

    handovers: Handovers
    bell: Bell
    courier: Courier | None = None
    secret: SecretStr | None = None

    def attend(self, events: Iterator[Event], session: Session, site: str) -> Iterator[Event]:
        """Pass `events` of a turn on, and call a human where the turn asks for one."""
        for event in events:
            if isinstance(event, CardsReady) and event.turn.handover in AT_ONCE:
                with_turn = replace(session, turns=(*session.turns, event.turn))
                self.handovers.open(with_turn, event.turn.handover, site)
            yield event


def humans_answer(settings: Settings) -> bool:
    """Tell whether `settings` ask for a desk.

    Raises
    ------
    ConfigurationError
        When nobody could answer there, or the webhook could not be signed.
    """
    asked = settings.handover
    if asked.url and not asked.enabled:
        raise ConfigurationError("handover.url is set, but handover.enabled is false")
    if asked.url and settings.webhook_secret is None:
        raise ConfigurationError("handover.url needs VOUCH_WEBHOOK_SECRET, which signs the webhook")
    if asked.enabled and not asked.url and settings.admin_key is None:
        raise ConfigurationError(
            "handover.enabled needs VOUCH_ADMIN_KEY, which opens the console at /console, "
            "or handover.url"
        )
    return asked.enabled


def open_desk(settings: Settings, database: Engine, catalog: Catalog) -> Desk | None:
    """Return the desk that `settings` ask for, with its courier on the way; None for none.

    Raises
    ------
    ConfigurationError
        As `humans_answer`.
    """
    asked = settings.handover
    if not humans_answer(settings):
        return None
    if not asked.url:
        return desk_of(database, catalog)
    assert settings.webhook_secret is not None
    desk = desk_of(database, catalog, WebhookConfig(asked.url, asked.form, settings.webhook_secret))
    assert desk.courier is not None
    desk.courier.start()
    return desk


def desk_of(
    database: Engine,
    catalog: Catalog,
    webhook: WebhookConfig | None = None,
    retries: OutboxConfig = OutboxConfig(),
) -> Desk:
    """Return a desk over `database`; its courier, where it has one, is not started yet."""
    handovers = Handovers(database, catalog, FORMS[webhook.form] if webhook else None)
    bell = Bell(handovers.changed)
    handovers.listen(bell.ring)
    if webhook is None:
        return Desk(handovers, bell)
    courier = Courier(Outbox(database, retries), webhook)
    handovers.listen(courier.hurry)
    return Desk(handovers, bell, courier, webhook.secret)
