"""The web application: headers, open and shut routes, nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from assistant.engine import Assistant
from ui.app import UiConfig, create_app


@pytest.fixture(scope="module")
def client(shop: Assistant) -> Iterator[TestClient]:
    with TestClient(create_app(shop, UiConfig(embedders=("https://shop.example",)))) as client:
        yield client


def test_health_tells_what_is_served(client: TestClient, shop: Assistant) -> None:
    assert client.get("/healthz").json() == {
        "status": "ok",
        "items": len(shop.catalog),
        "llm": "none",
    }


@pytest.mark.parametrize("path", ["/", "/healthz", "/ui/page.js", "/favicon.ico", "/theme.css"])
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "connect-src 'self'" in policy
    assert "frame-ancestors https://shop.example" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_nobody_frames_the_page_unasked(shop: Assistant) -> None:
    with TestClient(create_app(shop)) as client:
        assert "frame-ancestors 'none'" in client.get("/").headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    ["upload", "file=/etc/passwd", "proxy=http://127.0.0.1/", "info", "run/say", "call/say",
     "component_server", "vibe-edit", "run-history/buckets", "queue/status", "openapi.json"],
)  # fmt: skip
def test_routes_that_the_page_does_not_use_are_shut(client: TestClient, path: str) -> None:
    assert client.get(f"/gradio_api/{path}").status_code == 404
    assert client.post(f"/gradio_api/{path}").status_code == 404


@pytest.mark.parametrize("path", ["/monitoring", "/docs", "/openapi.json", "/redoc"])
def test_nothing_describes_or_watches_the_server(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_no_other_origin_may_read_the_answers(client: TestClient) -> None:
    answer = client.get("/config", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in answer.headers
    assert "access-control-allow-credentials" not in answer.headers


def test_a_named_origin_may(shop: Assistant) -> None:
    with TestClient(create_app(shop, UiConfig(origins=("https://shop.example",)))) as client:
        answer = client.get("/healthz", headers={"Origin": "https://shop.example"})
        assert answer.headers["access-control-allow-origin"] == "https://shop.example"


def test_styles_and_fonts_come_from_this_server(client: TestClient) -> None:
    theme = client.get("/theme.css").text
    assert "@font-face" in theme
    addresses = re.findall(r"url\(['\"]?([^'\")]+)", theme)
    assert addresses
    assert not [address for address in addresses if "//" in address]
    fonts = [address for address in addresses if address.endswith(".woff2")]
    assert all(client.get(f"/{address}").status_code == 200 for address in fonts)


def test_the_queue_is_the_only_way_in_and_nothing_is_advertised(client: TestClient) -> None:
    dependencies = client.get("/config").json()["dependencies"]
    assert dependencies
    assert all(dependency["api_visibility"] == "private" for dependency in dependencies)


def test_without_its_page_only_the_api_is_served(shop: Assistant) -> None:
    with TestClient(create_app(shop, UiConfig(page=False))) as client:
        assert client.get("/").status_code == 404
        assert client.get("/config").status_code == 404
        assert client.get("/healthz").status_code == 200
