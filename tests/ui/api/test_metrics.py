"""Figures for a monitor."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shutil import rmtree

from prometheus_client.parser import text_string_to_metric_families

from catalog.database import open_database
from tests.ui.api.conftest import ADMIN, SHOP, api_client, opened
from ui.service import Service

KEY = {"Authorization": f"Bearer {ADMIN}"}


def figures(text: str) -> dict[str, float]:
    """Return every sample, by name and labels."""
    return {
        " ".join((sample.name, *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_what_is_done_is_counted(sited: Service) -> None:
    with api_client(sited, "vouch.example") as client:
        path, token = opened(client, **{"X-Vouch-Site": "shop", "Origin": SHOP})
        stream = {**token, "Accept": "text/event-stream"}
        shown = client.post(f"{path}/turns", json={"message": "a kettle"}, headers=token).json()
        client.post(f"{path}/turns", json={"message": "under 60"}, headers=stream)
        liked = {"item_id": shown["items"][0]["item_id"], "kind": "like"}
        headers = {**token, "Idempotency-Key": "1"}
        for _ in range(3):
            client.post(f"{path}/feedback", json=liked, headers=headers)
        client.post(f"{path}/feedback", json={**liked, "item_id": "none"}, headers=token)
        client.get(f"{path}x", headers=token)
        client.post("/v1/sessions", content=b"x" * 70_000)
        answer = client.get("/v1/metrics", headers=KEY)
        assert answer.headers["content-type"].startswith("text/plain; version=")
        seen = figures(answer.text)
    assert seen["vouch_turns_total finished"] == 3
    assert seen["vouch_turns_total failed"] == 1
    assert seen["vouch_feedback_total like"] == 1
    assert seen["vouch_sessions_opened_total shop"] == 1
    assert seen["vouch_errors_total 404"] == 2
    assert seen["vouch_errors_total 413"] == 1
    assert seen["vouch_turn_seconds_count cards"] == 3
    assert seen["vouch_turn_seconds_count total"] == 4
    assert 0 < seen["vouch_turn_seconds_sum cards"] <= seen["vouch_turn_seconds_sum total"]
    assert seen["vouch_llm_tier none"] == 1
    assert seen["vouch_catalog_items"] == len(sited.assistant.catalog)
    for private in ("kettle", path.rpartition("/")[2], liked["item_id"]):
        assert private not in answer.text


def test_two_apis_count_for_themselves(sited: Service) -> None:
    with api_client(sited, "vouch.example") as one, api_client(sited, "vouch.example") as other:
        opened(one, **{"X-Vouch-Site": "shop"})
        assert "vouch_sessions_opened_total shop" in figures(
            one.get("/v1/metrics", headers=KEY).text
        )
        text = other.get("/v1/metrics", headers=KEY).text
        assert "vouch_sessions_opened_total shop" not in figures(text)


def test_figures_are_the_operator_s(service: Service) -> None:
    with api_client(service) as client:
        assert client.get("/v1/metrics").status_code == 401
        assert client.get("/v1/metrics", headers=KEY).status_code == 200
    keyless = replace(service, admin_key=None)
    with api_client(keyless) as client:
        assert client.get("/v1/metrics").status_code == 200
        elsewhere = {"Origin": "http://evil.example"}
        assert client.get("/v1/metrics", headers=elsewhere).status_code == 403
        for host in ("evil.example", "vouch.example", "192.168.0.7:7860"):
            assert client.get("/v1/metrics", headers={"Host": host}).status_code == 403


def test_what_nobody_foresaw_is_counted(service: Service, tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'lost' / 'vouch.db'}")
    with api_client(replace(service, database=database)) as client:
        assert client.get("/v1/ready").status_code == 200
        database.dispose()
        rmtree(tmp_path / "lost")
        assert client.get("/v1/ready").status_code == 500
        seen = figures(client.get("/v1/metrics", headers=KEY).text)
    assert seen["vouch_errors_total 500"] == 1
