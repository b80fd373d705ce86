"""A conversation over HTTP, as JSON and as events."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient

from tests.ui.api.conftest import opened


def events_of(text: str) -> list[tuple[str, dict[str, object]]]:
    """Return server-sent events by name, with their data."""
    blocks = [dict(line.split(": ", 1) for line in block.split("\n")) for block in
              text.strip().split("\n\n") if not block.startswith(":")]  # fmt: skip
    return [(block["event"], json.loads(block["data"])) for block in blocks]


def test_a_conversation_from_opening_to_erasure(client: TestClient) -> None:
    path, token = opened(client)
    first = client.post(f"{path}/turns", json={"message": "a quiet kettle under 60"}, headers=token)
    assert first.status_code == 200, first.text
    body = first.json()
    assert body["turn"] == 1
    assert body["items"]
    assert all("url" in item and item["facts"] for item in body["items"])
    refused = body["items"][0]["item_id"]
    answer = client.post(
        f"{path}/feedback", json={"item_id": refused, "kind": "dislike"}, headers=token
    ).json()
    assert refused not in [item["item_id"] for item in answer["items"]]
    chip = next(chip for chip in answer["profile"]["chips"] if chip["kind"] == "dislike")
    edited = client.patch(f"{path}/profile", json={"remove": [chip["key"]]}, headers=token).json()
    assert edited["profile"]["dislikes"] == []
    whole = client.get(path, headers=token).json()
    assert [turn["turn"] for turn in whole["turns"]] == [1, 2, 3]
    assert client.get(f"{path}/profile", headers=token).json() == whole["profile"]
    assert client.delete(path, headers=token).status_code == 204
    assert client.get(path, headers=token).status_code == 404


def test_cards_come_first_then_prose_then_all_of_it(client: TestClient) -> None:
    path, token = opened(client)
    answer = client.post(
        f"{path}/turns",
        json={"message": "headphones"},
        headers={**token, "Accept": "text/event-stream"},
    )
    assert answer.headers["content-type"].startswith("text/event-stream")
    names, bodies = zip(*events_of(answer.text), strict=True)
    assert names[0] == "cards"
    assert names[-1] == "done"
    assert set(names[1:-1]) == {"prose"}
    assert "".join(str(body["text"]) for body in bodies[1:-1]) == bodies[-1]["reply"]
    assert bodies[0]["items"] == bodies[-1]["items"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"message": "   "}, 422),
        ({"message": "a", "command": {"kind": "undo"}}, 422),
        ({"message": "x" * 2_001}, 422),
        ({"message": "a", "more": 1}, 422),
        ({"command": {"kind": "explode"}}, 422),
        ({"command": {"kind": "like", "target": "no such item"}}, 404),
        ({"command": {"kind": "remove", "target": "no such chip"}}, 422),
    ],
)
def test_what_cannot_be_done_is_a_problem_that_says_why(
    client: TestClient, body: dict[str, object], status: int
) -> None:
    path, token = opened(client)
    for accept in ("application/json", "text/event-stream"):
        answer = client.post(f"{path}/turns", json=body, headers={**token, "Accept": accept})
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == status
        assert problem["detail"]
    assert client.get(path, headers=token).json()["turns"] == []


def test_a_session_opens_to_its_own_token_only(client: TestClient) -> None:
    mine, token = opened(client)
    other, _ = opened(client)
    assert client.get(other, headers=token).status_code == 404
    assert client.get(mine).status_code == 401
    assert client.get(mine, headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_a_site_is_for_its_own_pages(site_client: TestClient) -> None:
    shop = {"X-Vouch-Site": "shop", "Origin": "https://shop.example"}
    path, token = opened(site_client, **shop)
    assert site_client.get(path, headers=token).status_code == 200
    for origin in ("https://other.example", "https://evil.example", "null"):
        assert site_client.get(path, headers={**token, "Origin": origin}).status_code == 403
    for key in ("other", "unknown", ""):
        headers = {"X-Vouch-Site": key, "Origin": "https://shop.example"}
        assert site_client.post("/v1/sessions", json={}, headers=headers).status_code == 403


def test_another_machine_cannot_use_what_is_for_this_one(client: TestClient) -> None:
    headers = {"Host": "evil.example", "Origin": "http://evil.example"}
    assert client.post("/v1/sessions", json={}, headers=headers).status_code == 403
    headers = {"Origin": "http://evil.example"}
    assert client.post("/v1/sessions", json={}, headers=headers).status_code == 403


def test_every_route_is_described(client: TestClient) -> None:
    document = client.get("/v1/openapi.json").json()
    assert {"/sessions", "/sessions/{session_id}/turns", "/health"} <= set(document["paths"])
