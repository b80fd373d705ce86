"""Whose a conversation is, and what they may take along or have erased."""

from __future__ import annotations

import json
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.ui.api.conftest import SHOP, api_client, opened
from tests.ui.api.visitors import visitor_token
from ui.service import Service

HEADERS = {"X-Vouch-Site": "shop", "Origin": SHOP}


@pytest.fixture(scope="module")
def shop_client(sited: Service) -> Iterator[TestClient]:
    with api_client(sited, "vouch.example") as client:
        yield client


def known(client: TestClient, name: str) -> tuple[str, dict[str, str]]:
    """Open a conversation with the visitor `name`."""
    body = {"visitor_token": visitor_token(name)}
    answer = client.post("/v1/sessions", json=body, headers=HEADERS)
    assert answer.status_code == 201, answer.text
    assert answer.json()["known"]
    token = {"Authorization": f"Bearer {answer.json()['token']}", **HEADERS}
    return f"/v1/sessions/{answer.json()['session_id']}", token


def like_first(client: TestClient, path: str, token: dict[str, str]) -> str:
    """Like the first kettle; returns its id."""
    shown = client.post(f"{path}/turns", json={"message": "a kettle"}, headers=token).json()
    item = shown["items"][0]["item_id"]
    body = {"item_id": item, "kind": "like"}
    assert client.post(f"{path}/feedback", json=body, headers=token).status_code == 200
    return item


def test_an_anonymous_conversation_becomes_the_visitor_s(shop_client: TestClient) -> None:
    path, token = opened(shop_client, **HEADERS)
    item = like_first(shop_client, path, token)
    used = {"visitor_token": visitor_token("becomes")}
    answer = shop_client.post(f"{path}/identify", json=used, headers=token)
    assert answer.status_code == 200, answer.text
    assert answer.json()["known"]
    assert shop_client.post(f"{path}/identify", json=used, headers=token).status_code == 401
    again = {"visitor_token": visitor_token("becomes")}
    assert shop_client.post(f"{path}/identify", json=again, headers=token).status_code == 200
    other = {"visitor_token": visitor_token("somebody else")}
    assert shop_client.post(f"{path}/identify", json=other, headers=token).status_code == 409
    assert shop_client.post("/v1/sessions", json=other, headers=HEADERS).status_code == 201
    later, its_token = known(shop_client, "becomes")
    likes = shop_client.get(f"{later}/profile", headers=its_token).json()["likes"]
    assert [like["item_id"] for like in likes] == [item]


def test_a_known_person_takes_everything_along(shop_client: TestClient) -> None:
    first, token = known(shop_client, "exports")
    item = like_first(shop_client, first, token)
    second, later = known(shop_client, "exports")
    answer = shop_client.get(f"{second}/export", headers=later)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["person"] == "shop/exports"
    assert [f"/v1/sessions/{one['session_id']}" for one in body["sessions"]] == [first, second]
    assert [len(one["turns"]) for one in body["sessions"]] == [2, 0]
    assert [row["entry"]["item_id"] for row in body["memory"] if row["kind"] == "like"] == [item]
    stranger, strange = known(shop_client, "a stranger")
    assert len(shop_client.get(f"{stranger}/export", headers=strange).json()["sessions"]) == 1


def test_an_anonymous_visitor_takes_the_conversation_along(shop_client: TestClient) -> None:
    path, token = opened(shop_client, **HEADERS)
    like_first(shop_client, path, token)
    body = shop_client.get(f"{path}/export", headers=token).json()
    assert (body["person"], body["memory"]) == (None, [])
    assert body["sessions"] == [shop_client.get(path, headers=token).json()]
    assert shop_client.delete(f"{path}/person", headers=token).status_code == 204
    assert shop_client.get(path, headers=token).status_code == 404


def test_erasing_a_person_leaves_no_trace_in_the_files(
    service: Service, shop_client: TestClient, shop_home: Path
) -> None:
    client, home = shop_client, shop_home
    name, said, key = "ann-erased", "seventeen purple kettles", uuid.uuid4().hex
    tokens: list[tuple[str, dict[str, str]]] = []
    for _ in range(2):
        path, token = known(client, name)
        keyed = {**token, "Idempotency-Key": key}
        turn = client.post(f"{path}/turns", json={"message": said}, headers=keyed)
        assert turn.status_code == 200
        like_first(client, path, token)
        tokens.append((path, token))
    ids = [path.rpartition("/")[2] for path, _ in tokens]
    other, its_token = known(client, "bob")
    assert all(_found(home, words) for words in (name, said, *ids))

    path, token = tokens[0]
    assert client.delete(f"{path}/person", headers=token).status_code == 204

    assert not [words for words in (name, said, *ids) if _found(home, words)]
    for path, token in tokens:
        for place in ("", "/export", "/profile"):
            assert client.get(f"{path}{place}", headers=token).status_code == 404
        body = {"message": said}
        answer = client.post(f"{path}/turns", json=body, headers=token)
        assert answer.status_code == 404
    assert client.get(other, headers=its_token).status_code == 200
    path, token = known(client, name)
    assert client.get(path, headers=token).json()["profile"]["chips"] == []
    assert len(client.get(f"{path}/export", headers=token).json()["sessions"]) == 1
    with service.database.connect() as connection:
        kept = connection.exec_driver_sql("SELECT session_id FROM idempotent_writes").all()
    assert not {row[0] for row in kept} & set(ids)


def _found(home: Path, words: str) -> bool:
    """Tell whether `words` are in a file of the database.

    Another process reads: closing a file here would take the locks of SQLite on it away.
    """
    forms = {words, json.dumps(words).strip('"')}
    patterns = [argument for form in forms for argument in ("-e", form)]
    files = [str(file) for file in home.glob("vouch.db*")]
    return subprocess.run(["grep", "-aFq", *patterns, "--", *files], check=False).returncode == 0
