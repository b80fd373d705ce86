"""What other sites' pages load: the code for everybody, the framed page for the site's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.ui.api.conftest import OTHER, SHOP, client, service, site_client, sited
from ui.examples.shop import Shop
from ui.sites import Site
from ui.tokens import read_visitor

__all__ = ["client", "service", "site_client", "sited"]
WIDGET = Path(__file__).parents[2] / "ui" / "widget"
LANGUAGES = ("en", "de", "es", "fr", "zh")


def test_the_code_is_public_and_cached(site_client: TestClient) -> None:
    answer = site_client.get("/widget/vouch-chat.js", headers={"Origin": "https://any.example"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["content-encoding"] == "gzip"
    again = site_client.get(
        "/widget/vouch-chat.js", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304
    assert again.headers["access-control-allow-origin"] == "*"
    for path in ("/widget/../app.py", "/widget/%2e%2e/app.py", "/widget/", "/widget/none.js"):
        assert site_client.get(path).status_code == 404


def test_the_framed_page_names_its_sites_origins(site_client: TestClient) -> None:
    for key, origin in (("shop", SHOP), ("other", OTHER)):
        answer = site_client.get("/embed", params={"site": key})
        policy = dict(
            rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; ")
        )
        assert policy["frame-ancestors"] == origin
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == "'self'"
        assert f'data-site="{key}" data-origins="{origin}"' in answer.text


@pytest.mark.parametrize("key", ["", "local", "nobody", "shop&x", "<script>", "s" * 40])
def test_an_unknown_key_gets_nothing(site_client: TestClient, key: str) -> None:
    answer = site_client.get("/embed", params={"site": key})
    assert answer.status_code == 404
    assert "vouch" not in answer.text.lower()


def test_without_sites_only_this_machine_is_served(client: TestClient) -> None:
    assert "frame-ancestors 'self'" in client.get("/embed").headers["content-security-policy"]
    assert client.get("/embed", headers={"Host": "evil.example"}).status_code == 404


def test_a_preflight_is_answered_by_the_api(site_client: TestClient) -> None:
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "X-Vouch-Site",
    }
    answer = site_client.options("/v1/sessions", headers={"Origin": SHOP, **asked})
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert answer.headers["x-content-type-options"] == "nosniff"
    answer = site_client.options(
        "/v1/sessions", headers={"Origin": "https://evil.example", **asked}
    )
    assert answer.status_code == 400
    assert "access-control-allow-origin" not in answer.headers
    answer = site_client.options("/config", headers={"Origin": SHOP, **asked})
    assert "access-control-allow-origin" not in answer.headers  # the page is not the API


def test_a_page_learns_what_it_is_about(site_client: TestClient) -> None:
    headers = {"X-Vouch-Site": "shop", "Origin": SHOP}
    about = site_client.get("/v1/site", headers=headers).json()
    assert about["consumed"] == "bought"
    assert len(about["openers"]) == 4
    german = site_client.get("/v1/site", params={"language": "de"}, headers=headers).json()
    assert german["plural"] == "Produkte"
    assert german["openers"] == []
    assert site_client.get("/v1/site", headers={**headers, "Origin": OTHER}).status_code == 403


def test_every_language_says_everything() -> None:
    def words(language: str) -> dict[str, list[str]]:
        said: dict[str, str] = {}
        for path in (WIDGET / "locales").rglob(f"{language}.js"):
            text = path.read_text(encoding="utf-8")
            found = dict(re.findall(r'^  (\w+): "(.+)",$', text, re.MULTILINE))
            assert len(found) == len(text.strip().splitlines()) - 2
            assert not said.keys() & found.keys()
            said |= found
        return {key: sorted(re.findall(r"\{\w+\}", text)) for key, text in said.items()}

    english = words("en")
    assert all(words(language) == english for language in LANGUAGES)
    used = "".join(path.read_text(encoding="utf-8") for path in WIDGET.glob("*.js"))
    assert [key for key in english if not re.search(rf"\b{key}\b", used)] == []


def test_the_example_shops_tokens_are_good() -> None:
    shop = Shop(0, "shop", "s" * 40, "http://127.0.0.1:7860")
    shop.server_close()
    site = Site("shop", "Hearthside", (shop.origin,), shop.secret)
    first, second = (read_visitor(shop.visitor_token("customer-1"), site) for _ in range(2))
    assert first.user_id == second.user_id == "shop/customer-1"
    assert first.token_id != second.token_id
