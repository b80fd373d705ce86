"""What is sent twice counts once."""

from __future__ import annotations

import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from tests.ui.api.conftest import SHOP, api_client, opened
from tests.ui.api.test_sessions import events_of
from tests.ui.api.visitors import visitor_token
from ui.api.idempotency import RUNNING, WRITES, Repeats, Write
from ui.api.problems import ProblemError
from ui.service import Service

_ELSEWHERE = """
import sys
from catalog.database import open_database
from ui.api.idempotency import Repeats, Write

url, session, message = sys.argv[1:]
with Repeats(open_database(url)).once(Write(session, "1", message)):
    print("runs", flush=True)
    sys.stdin.read()
"""
"""Another process that begins a write and gets no further."""


@pytest.fixture(scope="module")
def shop_client(sited: Service) -> Iterator[TestClient]:
    with api_client(sited, "vouch.example") as client:
        yield client


@pytest.fixture
def talk(shop_client: TestClient) -> tuple[str, dict[str, str]]:
    return opened(shop_client, **{"X-Vouch-Site": "shop", "Origin": SHOP})


def plain(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "timings_ms"}


def test_every_write_counts_once(shop_client: TestClient, talk: tuple[str, dict[str, str]]) -> None:
    path, token = talk
    first = shop_client.post(f"{path}/turns", json={"message": "a kettle"}, headers=token).json()
    item = first["items"][0]["item_id"]
    writes: list[tuple[str, str, dict[str, object]]] = [
        ("POST", "turns", {"message": "under 60"}),
        ("POST", "turns", {"command": {"kind": "seen", "target": item}}),
        ("POST", "feedback", {"item_id": item, "kind": "dislike"}),
        ("PATCH", "profile", {}),
    ]
    for number, (method, place, body) in enumerate(writes, 2):
        if place == "profile":
            chips = shop_client.get(f"{path}/profile", headers=token).json()["chips"]
            body["remove"] = [next(c["key"] for c in chips if c["kind"] == "dislike")]
        headers = {**token, "Idempotency-Key": str(uuid.uuid4())}
        once = shop_client.request(method, f"{path}/{place}", json=body, headers=headers)
        assert once.status_code == 200, once.text
        assert "idempotent-replayed" not in once.headers
        for _ in range(2):
            again = shop_client.request(method, f"{path}/{place}", json=body, headers=headers)
            assert again.headers["idempotent-replayed"] == "true"
            assert plain(again.json()) == plain(once.json())
        assert once.json()["turn"] == number
    whole = shop_client.get(path, headers=token).json()
    assert [turn["turn"] for turn in whole["turns"]] == [1, 2, 3, 4, 5]


def test_a_streamed_turn_is_streamed_again(
    shop_client: TestClient, talk: tuple[str, dict[str, str]]
) -> None:
    path, token = talk
    headers = {**token, "Idempotency-Key": "1", "Accept": "text/event-stream"}
    body = {"message": "headphones"}
    once = shop_client.post(f"{path}/turns", json=body, headers=headers)
    again = shop_client.post(f"{path}/turns", json=body, headers=headers)
    assert again.headers["idempotent-replayed"] == "true"
    (_, *_, (_, done)), replayed = events_of(once.text), events_of(again.text)
    assert [name for name, _ in replayed] == ["cards", "done"]
    assert plain(replayed[-1][1]) == plain(done)


def test_a_key_is_for_one_body_and_one_conversation(
    shop_client: TestClient, talk: tuple[str, dict[str, str]]
) -> None:
    path, token = talk
    headers = {**token, "Idempotency-Key": "1"}
    body = {"message": "a kettle"}
    assert shop_client.post(f"{path}/turns", json=body, headers=headers).status_code == 200
    other = {"message": "a lamp"}
    refused = shop_client.post(f"{path}/turns", json=other, headers=headers)
    assert refused.status_code == 422
    assert "Idempotency-Key" in refused.json()["detail"]
    second, its_token = opened(shop_client, **{"X-Vouch-Site": "shop"})
    headers = {**its_token, "Idempotency-Key": "1"}
    answer = shop_client.post(f"{second}/turns", json=other, headers=headers)
    assert (answer.status_code, answer.json()["turn"]) == (200, 1)
    assert "idempotent-replayed" not in answer.headers


def test_what_was_refused_may_be_tried_again(
    shop_client: TestClient, talk: tuple[str, dict[str, str]]
) -> None:
    path, token = talk
    headers = {**token, "Idempotency-Key": "1"}
    body = {"command": {"kind": "like", "target": "no such item"}}
    for _ in range(2):
        answer = shop_client.post(f"{path}/turns", json=body, headers=headers)
        assert answer.status_code == 404
        assert "idempotent-replayed" not in answer.headers


def test_of_two_at_once_one_is_done(
    shop_client: TestClient, talk: tuple[str, dict[str, str]]
) -> None:
    path, token = talk
    headers = {**token, "Idempotency-Key": "1"}
    start = threading.Barrier(4)
    answers: list[tuple[int, bool]] = []

    def send() -> None:
        start.wait()
        body = {"message": "a quiet kettle"}
        answer = shop_client.post(f"{path}/turns", json=body, headers=headers)
        answers.append((answer.status_code, "idempotent-replayed" in answer.headers))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count((200, False)) == 1
    assert set(answers) <= {(200, False), (200, True), (409, False)}
    assert len(shop_client.get(path, headers=token).json()["turns"]) == 1


def test_the_same_write_waits_for_the_first_and_then_is_told_its_end(
    service: Service, shop_client: TestClient, talk: tuple[str, dict[str, str]]
) -> None:
    repeats, session = Repeats(service.database), talk[0].rpartition("/")[2]
    write = Write(session, "1", "a kettle")
    with repeats.once(write) as earlier:
        assert earlier is None
        with pytest.raises(ProblemError) as caught, repeats.once(write):
            pass
        assert caught.value.status == 409
        with repeats.once(Write(session, "2", "a kettle")) as other:
            assert other is None
        repeats.keep(write, session, 1)
    with repeats.once(write) as earlier:
        assert earlier is not None
        assert (earlier.session_id, earlier.number) == (session, 1)
    with pytest.raises(ProblemError) as caught, repeats.once(Write(session, "1", "a lamp")):
        pass
    assert caught.value.status == 422


def test_what_runs_in_another_process_is_waited_for_until_that_is_long_dead(
    service: Service, shop_client: TestClient, talk: tuple[str, dict[str, str]]
) -> None:
    path, token = talk
    headers, body = {**token, "Idempotency-Key": "1"}, {"message": "a kettle"}
    url = service.database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", _ELSEWHERE, url, path.rpartition("/")[2], body["message"]]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as elsewhere:
        assert elsewhere.stdout is not None
        assert elsewhere.stdout.readline() == b"runs\n"
        answer = shop_client.post(f"{path}/turns", json=body, headers=headers)
        assert (answer.status_code, answer.headers["retry-after"]) == (409, "1")
        elsewhere.kill()
    assert shop_client.post(f"{path}/turns", json=body, headers=headers).status_code == 409
    with service.database.begin() as connection:
        connection.execute(update(RUNNING).values(until=datetime.now(UTC) - timedelta(seconds=1)))
    answer = shop_client.post(f"{path}/turns", json=body, headers=headers)
    assert (answer.status_code, answer.json()["turn"]) == (200, 1)
    with service.database.connect() as connection:
        assert connection.execute(RUNNING.select()).all() == []


def test_a_process_that_dies_in_between_has_done_nothing(
    service: Service, shop_client: TestClient, talk: tuple[str, dict[str, str]]
) -> None:
    path, token = talk
    session, headers = path.rpartition("/")[2], {**token, "Idempotency-Key": "1"}
    repeats = Repeats(service.database)
    repeats.keep(Write(session, "1", "a kettle"), session, 1)  # ... and no turn came of it
    other = shop_client.post(f"{path}/turns", json={"message": "a lamp"}, headers=token)
    assert other.json()["turn"] == 1
    answer = shop_client.post(f"{path}/turns", json={"message": "a kettle"}, headers=headers)
    assert (answer.status_code, answer.json()["turn"]) == (200, 2)
    assert "idempotent-replayed" not in answer.headers
    again = shop_client.post(f"{path}/turns", json={"message": "a kettle"}, headers=headers)
    assert (again.json()["turn"], again.headers["idempotent-replayed"]) == (2, "true")


def test_keys_are_forgotten_after_a_day(service: Service, talk: tuple[str, dict[str, str]]) -> None:
    repeats, session = Repeats(service.database), talk[0].rpartition("/")[2]
    write = Write(session, "1", "a kettle")
    repeats.keep(write, session, 1)
    with service.database.begin() as connection:
        day_ago = datetime.now(UTC) - timedelta(hours=25)
        mine = WRITES.c.session_id == session
        connection.execute(update(WRITES).where(mine).values(written_at=day_ago))
    with repeats.once(write) as earlier:
        assert earlier is None
    repeats.keep(Write(session, "2", ""), session, 1)
    with service.database.connect() as connection:
        kept = connection.execute(WRITES.select().where(mine)).all()
    assert len(kept) == 1


def test_a_conversation_is_opened_once(shop_client: TestClient) -> None:
    headers = {"X-Vouch-Site": "shop", "Origin": SHOP, "Idempotency-Key": str(uuid.uuid4())}
    body = {"visitor_token": visitor_token("opens twice")}
    once = shop_client.post("/v1/sessions", json=body, headers=headers)
    again = shop_client.post("/v1/sessions", json=body, headers=headers)
    assert (once.status_code, again.status_code) == (201, 201)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json()["session_id"] == once.json()["session_id"]
    bearer = {"Authorization": f"Bearer {again.json()['token']}"}
    path = f"/v1/sessions/{once.json()['session_id']}"
    turn = shop_client.post(f"{path}/turns", json={"message": "a kettle"}, headers=bearer)
    assert turn.status_code == 200
    late = shop_client.post("/v1/sessions", json=body, headers=headers)
    assert late.status_code == 409  # whoever has the key alone gets into nothing that was said


def test_a_key_that_others_may_choose_as_well_opens_nothing(shop_client: TestClient) -> None:
    headers = {"X-Vouch-Site": "shop", "Idempotency-Key": "1"}
    assert shop_client.post("/v1/sessions", json={}, headers=headers).status_code == 422
