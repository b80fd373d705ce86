"""Every route of the document, from outside: no credentials, and pages of other origins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.settings import Settings
from catalog.errors import ConfigurationError
from tests.ui.api.conftest import ADMIN, OTHER, SECRETS, SHOP, api_client, opened
from ui.service import Service
from ui.sites import Site, Sites

OPEN = {"/health", "/ready"}
"""Told to everybody: that it lives, and how many items there are."""
SIGNED = "/webhooks/"
"""Called by servers, never by pages: the signature decides."""
WRONG = ("https://evil.example", "null", OTHER, "http://shop.example", "https://shop.example:444")


@pytest.fixture(scope="module")
def shop_client(sited: Service) -> Iterator[TestClient]:
    with api_client(sited, "vouch.example") as client:
        yield client


def routes(client: TestClient, session: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield method, path with a real session in it, and description of every route."""
    document = client.get("/v1/openapi.json").json()
    for path, methods in document["paths"].items():
        if path in OPEN:
            continue
        for method, described in methods.items():
            filled = path.replace("{session_id}", session)
            for parameter in described.get("parameters", ()):
                filled = filled.replace(f"{{{parameter['name']}}}", "x")
            yield method.upper(), path, {**described, "url": f"/v1{filled}"}


def credentials(described: dict[str, Any], token: dict[str, str]) -> dict[str, str]:
    """Return what opens a route."""
    schemes = {name for one in described.get("security", ()) for name in one}
    bearer = {"admin": ADMIN, "site": SECRETS["shop"]}
    keys = [f"Bearer {bearer[name]}" for name in schemes & bearer.keys()]
    return {**token, **({"Authorization": keys[0]} if keys else {})}


def test_nothing_but_health_is_told_to_somebody_without_credentials(
    shop_client: TestClient,
) -> None:
    path, _ = opened(shop_client, **{"X-Vouch-Site": "shop"})
    seen = 0
    for method, route, described in routes(shop_client, path.rpartition("/")[2]):
        seen += 1
        for headers in ({}, {"Authorization": "Bearer x.y.z"}, {"Origin": "https://evil.example"}):
            answer = shop_client.request(method, described["url"], json={}, headers=headers)
            assert answer.status_code in {401, 403, 404, 422}, (method, route, headers)
    assert seen > 10


@pytest.mark.parametrize("origin", WRONG)
def test_a_page_elsewhere_is_refused_whatever_it_has(shop_client: TestClient, origin: str) -> None:
    path, token = opened(shop_client, **{"X-Vouch-Site": "shop", "Origin": SHOP})
    for method, route, described in routes(shop_client, path.rpartition("/")[2]):
        headers = {**credentials(described, token), "Origin": origin}
        answer = shop_client.request(method, described["url"], json={}, headers=headers)
        refused = {401, 403, 404} if route.startswith(SIGNED) else {403}
        assert answer.status_code in refused, (method, route, answer.text)
        allowed = answer.headers.get("access-control-allow-origin")
        assert allowed == (OTHER if origin == OTHER else None)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "vouch.example@evil.example", "evil.example:80#vouch.example", "", "[::1",
     "127.0.0.1.evil.example", "localhost.evil.example", "0x7f.1", "127.1",
     "localhost@evil.example", "evil.example/localhost", "local host", "localhost:70000000"],
)  # fmt: skip
def test_a_name_pointed_here_is_not_this_server(host: str) -> None:
    shop = Sites([Site("shop", "Shop", (SHOP,))], ["vouch.example"])
    for origin in (f"http://{host}", f"https://{host}", "null", "file://", "http://127.0.0.1:7860"):
        assert not shop.is_own(origin, host)
        assert not shop.admits(Site("shop", "Shop", (SHOP,)), origin, host)
    here = Site("local", "here")
    assert not Sites().admits(here, None, host)
    assert not Sites().admits(here, f"http://{host}", host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://vouch.example", "vouch.example"),
        ("https://vouch.example:8443", "VOUCH.example:8443"),
        ("http://localhost:7860", "localhost:7860"),
        ("http://[::1]:7860", "[::1]:7860"),
        ("http://192.168.0.7:7860", "192.168.0.7:7860"),
    ],
)
def test_its_own_pages_may_use_every_site(origin: str, host: str) -> None:
    sites = Sites([Site("shop", "Shop", (SHOP,))], ["vouch.example"])
    assert sites.admits(Site("shop", "Shop", (SHOP,)), origin, host)
    assert not sites.is_own(origin.replace("://", "://x."), host)
    assert not sites.is_own(f"{origin}0", host)


@pytest.mark.parametrize(
    "given",
    [
        {"sites": [{"key": "shop", "origins": [SHOP]}, {"key": "shop", "origins": [OTHER]}]},
        {"sites": [{"key": "local", "origins": [SHOP]}]},
        {"sites": [{"key": "shop", "origins": [SHOP]}], "site_secrets": {"shopp": "s" * 40}},
    ],
)
def test_sites_that_cannot_be_told_apart_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        Sites.of(Settings(**given))
