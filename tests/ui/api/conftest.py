"""The API over the example shop: on this machine's own site, and on two named ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import Mount

from assistant.engine import Assistant
from assistant.settings import LimitSettings, load_settings
from catalog.database import open_database
from ui.api import create_api
from ui.app import UiConfig, create_app
from ui.service import Service
from ui.sites import Site, Sites
from ui.tokens import Signer

SHOP, OTHER = "https://shop.example", "https://other.example"
SECRETS = {"shop": "s" * 40, "other": "o" * 40}
ADMIN = "the-operator's-own-key"
UNLIMITED = LimitSettings(
    per_session=10**6,
    per_address=10**6,
    per_site=10**6,
    opened_per_address=10**6,
    opened_per_site=10**6,
)


@pytest.fixture(scope="session")
def service(shop: Assistant, shop_home: Path) -> Service:
    """What this machine's own pages and programs talk with."""
    return Service(
        assistant=shop,
        sites=Sites(),
        signer=Signer(b"k" * 32),
        session_lifetime=timedelta(hours=1),
        database=open_database(load_settings(home=shop_home).url),
        admin_key=SecretStr(ADMIN),
        limits=UNLIMITED,
    )


@pytest.fixture(scope="session")
def sited(service: Service) -> Service:
    """The same, embedded in two shops."""
    return replace(
        service,
        sites=Sites(
            [
                Site("shop", "The shop", (SHOP,), SECRETS["shop"]),
                Site("other", "Another", (OTHER,), SECRETS["other"]),
            ],
            hosts=["vouch.example"],
        ),
    )


def client_of(service: Service, host: str = "127.0.0.1:7860") -> TestClient:
    """Return a client of the whole application that serves `service` on `host`."""
    app = create_app(service.assistant, UiConfig(), create_api(service))
    return TestClient(app, base_url=f"http://{host}", raise_server_exceptions=False)


def api_client(service: Service, host: str = "127.0.0.1:7860") -> TestClient:
    """Return a client of the API alone, which is quicker to put together."""
    app = Starlette(routes=[Mount("/v1", create_api(service))])
    return TestClient(app, base_url=f"http://{host}", raise_server_exceptions=False)


@pytest.fixture(scope="session")
def client(service: Service) -> Iterator[TestClient]:
    with client_of(service) as client:
        yield client


@pytest.fixture(scope="session")
def site_client(sited: Service) -> Iterator[TestClient]:
    with client_of(sited, "vouch.example") as client:
        yield client


def opened(client: TestClient, **headers: str) -> tuple[str, dict[str, str]]:
    """Open a conversation; returns its path, and the headers that open it."""
    answer = client.post("/v1/sessions", json={}, headers=headers)
    assert answer.status_code == 201, answer.text
    body = answer.json()
    token = {"Authorization": f"Bearer {body['token']}", **headers}
    return f"/v1/sessions/{body['session_id']}", token
