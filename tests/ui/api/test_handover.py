"""A human takes over: over HTTP from both sides, by webhook, and with many who wait."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from assistant.engine import Assistant
from assistant.outbox import OutboxConfig
from assistant.settings import HandoverSettings, load_settings
from catalog.database import open_database
from catalog.errors import ConfigurationError
from tests.awaiting import awaited
from tests.serving import served
from tests.ui.api.conftest import ADMIN, opened
from tests.ui.api.test_sessions import events_of
from tests.webhook_receiver import Delivery, Receiver, receiving
from ui.api import create_api
from ui.desk import Desk, desk_of, open_desk
from ui.service import Service
from ui.webhook import WebhookConfig, sign

AGENT = {"Authorization": f"Bearer {ADMIN}"}
SECRET = SecretStr("w" * 40)
QUICK = OutboxConfig(first=timedelta(milliseconds=20))
ASKED = {"message": "I want to talk to a human"}


def app_of(service: Service) -> FastAPI:
    """Return the API alone, without the page."""
    app = FastAPI()
    app.mount("/v1", create_api(service))
    return app


@contextmanager
def client_of(service: Service, desk: Desk | None) -> Iterator[TestClient]:
    app = app_of(replace(service, desk=desk))
    with TestClient(app, base_url="http://127.0.0.1:7860", raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def desk(service: Service) -> Desk:
    return desk_of(service.database, service.assistant.catalog)


@pytest.fixture(scope="module")
def staffed(service: Service, desk: Desk) -> Iterator[TestClient]:
    with client_of(service, desk) as client:
        yield client


@pytest.fixture(scope="module")
def alone(service: Service) -> Iterator[TestClient]:
    """An API without humans."""
    with client_of(service, None) as client:
        yield client


def said(client: TestClient, path: str, token: dict[str, str], words: str) -> dict[str, Any]:
    answer = client.post(f"{path}/turns", json={"message": words}, headers=token)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_from_the_wish_to_the_way_back(staffed: TestClient) -> None:
    path, token = opened(staffed)
    sid = path.rsplit("/", 1)[1]
    said(staffed, path, token, "a quiet kettle under 60")
    turn = said(staffed, path, token, ASKED["message"])
    assert turn["handover"] == {"state": "waiting", "agent": None, "reason": "request"}
    assert "person to take over" in turn["reply"]
    heard = said(staffed, path, token, "a kettle, please")
    assert heard["delivered"] is True
    assert heard["handover"]["state"] == "waiting"
    assert heard["message"]["text"] == "a kettle, please"
    assert "items" not in heard

    waiting = staffed.get("/v1/admin/handovers", headers=AGENT).json()
    (mine,) = [one for one in waiting if one["session_id"] == sid]
    assert mine["last"]["text"] == "a kettle, please"
    desk = f"/v1/admin/handovers/{sid}"
    refused = staffed.post(f"{desk}/messages", json={"text": "hi"}, headers=AGENT)
    assert refused.status_code == 409
    taken = staffed.post(f"{desk}/take", json={"name": "Ana"}, headers=AGENT).json()
    assert taken == {"state": "human", "agent": "Ana", "reason": "request"}
    staffed.post(f"{desk}/messages", json={"text": "Try the Alder."}, headers=AGENT)
    packet = staffed.get(desk, headers=AGENT).json()
    assert "under 60" in [want["words"] for want in packet["packet"]["wanted"]]
    assert packet["packet"]["shown"][0]["card"]["terms"]
    assert packet["packet"]["transcript"][-1]["text"] == "Try the Alder."

    messages = staffed.get(f"{path}/messages?after=2", headers=token).json()
    assert [(m["seq"], m["speaker"], m["name"], m["text"]) for m in messages] == [
        (3, "system", "Ana", "Ana is here now."),
        (4, "agent", "Ana", "Try the Alder."),
    ]
    card = turn["items"][0]["item_id"]
    pressed = staffed.post(
        f"{path}/feedback", json={"item_id": card, "kind": "like"}, headers=token
    ).json()
    assert pressed["handover"] == taken  # a button is still the assistant's
    back = staffed.delete(f"{path}/handover", headers=token).json()
    assert back["state"] == "closed"
    assert said(staffed, path, token, "a lamp")["handover"] is None
    whole = staffed.get(path, headers=token).json()
    assert whole["handover"]["state"] == "closed"
    assert [m["speaker"] for m in whole["messages"]] == [
        "system", "person", "system", "agent", "system",
    ]  # fmt: skip
    assert sid not in [
        one["session_id"] for one in staffed.get("/v1/admin/handovers", headers=AGENT).json()
    ]
    export = staffed.get(f"{path}/export", headers=token).json()
    assert export["sessions"][0]["messages"] == whole["messages"]


def test_a_button_asks_too_and_a_human_closes(staffed: TestClient) -> None:
    path, token = opened(staffed)
    sid = path.rsplit("/", 1)[1]
    asked = staffed.post(f"{path}/handover", json={"reason": "failure"}, headers=token)
    assert asked.json() == {"state": "waiting", "agent": None, "reason": "failure"}
    again = staffed.post(f"{path}/handover", headers=token)
    assert again.json() == asked.json()
    closed = staffed.post(f"/v1/admin/handovers/{sid}/close", headers=AGENT).json()
    assert closed["state"] == "closed"
    messages = staffed.get(f"{path}/messages", headers=token).json()
    assert [m["state"] for m in messages] == ["waiting", "closed"]
    assert staffed.delete(path, headers=token).status_code == 204
    assert staffed.get(f"/v1/admin/handovers/{sid}", headers=AGENT).status_code == 409


def test_a_stream_says_that_a_human_hears_it(staffed: TestClient) -> None:
    path, token = opened(staffed)
    token = {**token, "Accept": "text/event-stream"}
    first = events_of(staffed.post(f"{path}/turns", json=ASKED, headers=token).text)
    assert [body["handover"]["state"] for name, body in first if name in {"cards", "done"}] == [
        "waiting", "waiting",
    ]  # fmt: skip
    second = events_of(
        staffed.post(f"{path}/turns", json={"message": "hello?"}, headers=token).text
    )
    assert [name for name, _ in second] == ["handover", "done"]
    assert second[0][1] == second[1][1]
    assert second[0][1]["delivered"] is True


def test_a_message_sent_twice_is_heard_once(staffed: TestClient) -> None:
    path, token = opened(staffed)
    key = {**token, "Idempotency-Key": str(uuid.uuid4())}
    turn = staffed.post(f"{path}/turns", json=ASKED, headers=key).json()
    repeated = staffed.post(f"{path}/turns", json=ASKED, headers=key).json()
    assert (repeated["turn"], repeated["reply"]) == (turn["turn"], turn["reply"])
    key = {**token, "Idempotency-Key": str(uuid.uuid4())}
    bodies = [
        staffed.post(f"{path}/turns", json={"message": "hello?"}, headers=key).json()
        for _ in range(2)
    ]
    assert bodies[0] == bodies[1]
    messages = staffed.get(f"{path}/messages", headers=token).json()
    assert [m["text"] for m in messages].count("hello?") == 1


def test_after_repeated_failure_a_human_is_offered_and_not_called(staffed: TestClient) -> None:
    path, token = opened(staffed)
    said(staffed, path, token, "a lamp under 1 dollar")
    for words in ("and lighter than 5 g", "and under 0.50"):
        turn = said(staffed, path, token, words)
    assert turn["items"] == []
    assert turn["handover"] == {"state": "offered", "agent": None, "reason": "failure"}
    assert "person can take over" in turn["reply"]
    assert staffed.get(path, headers=token).json()["handover"] is None
    assert "turn" in said(staffed, path, token, "start over")


def test_the_desk_is_the_operators_alone(staffed: TestClient) -> None:
    path, token = opened(staffed)
    sid = path.rsplit("/", 1)[1]
    staffed.post(f"{path}/handover", headers=token)
    _, others = opened(staffed)
    assert staffed.get(f"{path}/messages", headers=others).status_code == 404
    assert staffed.delete(f"{path}/handover", headers=others).status_code == 404
    for route in ("handovers", f"handovers/{sid}", f"handovers/{sid}/messages", "events"):
        assert staffed.get(f"/v1/admin/{route}", headers=token).status_code == 401
        assert staffed.get(f"/v1/admin/{route}").status_code == 401
    for route, body in (("take", {"name": "Eve"}), ("messages", {"text": "x"}), ("close", None)):
        answer = staffed.post(f"/v1/admin/handovers/{sid}/{route}", json=body, headers=token)
        assert answer.status_code == 401
    assert staffed.get("/v1/admin/handovers/unknown", headers=AGENT).status_code == 409
    for route, body in (("take", {"name": "  "}), ("messages", {"text": " "})):
        answer = staffed.post(f"/v1/admin/handovers/{sid}/{route}", json=body, headers=AGENT)
        assert answer.status_code == 422


def test_without_a_desk_it_says_that_nobody_is_there(alone: TestClient) -> None:
    path, token = opened(alone)
    turn = said(alone, path, token, ASKED["message"])
    assert turn["handover"] is None
    assert "nobody" in turn["reply"]
    assert alone.post(f"{path}/handover", headers=token).status_code == 404
    assert alone.get(f"{path}/messages", headers=token).status_code == 404
    assert alone.get("/v1/admin/handovers", headers=AGENT).status_code == 404
    assert alone.post("/v1/webhooks/handover", json={}).status_code == 404


# Waiting


def test_two_hundred_who_wait_hold_up_nobody(service: Service, desk: Desk) -> None:
    conversations, windows = 10, 20

    async def run(address: str) -> None:
        pool = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=address, timeout=60, limits=pool) as client:

            async def begin() -> tuple[str, dict[str, str]]:
                body = (await client.post("/v1/sessions", json={})).json()
                return body["session_id"], {"Authorization": f"Bearer {body['token']}"}

            async def follow(sid: str, token: dict[str, str]) -> list[dict[str, Any]]:
                url = f"/v1/sessions/{sid}/messages?after=1&wait=25"
                return (await client.get(url, headers=token)).json()

            talks = [await begin() for _ in range(conversations)]
            for sid, token in talks:
                await client.post(f"/v1/sessions/{sid}/handover", headers=token)
            polls = [[asyncio.create_task(follow(*talk)) for _ in range(windows)] for talk in talks]
            first, others = polls[0], [poll for row in polls[1:] for poll in row]
            while desk.bell.waiting < conversations * windows:
                await asyncio.sleep(0.05)
            sid, token = await begin()
            words = {"message": "a lamp"}
            turn = await client.post(f"/v1/sessions/{sid}/turns", json=words, headers=token)
            assert turn.json()["items"]
            assert desk.bell.waiting == conversations * windows  # not one had to end for it
            # Who is answered hears it, and nobody else does.
            name = {"name": "Ana"}
            await client.post(f"/v1/admin/handovers/{talks[0][0]}/take", json=name, headers=AGENT)
            for heard in await asyncio.gather(*first):
                assert [m["text"] for m in heard] == ["Ana is here now."]
            assert not any(poll.done() for poll in others)
            for sid, token in talks[1:]:
                await client.delete(f"/v1/sessions/{sid}/handover", headers=token)
            for heard in await asyncio.gather(*others):
                assert [m["state"] for m in heard] == ["closed"]

    with served(app_of(replace(service, desk=desk)), backlog=1024) as address:
        awaited(run(address))


def test_what_another_process_does_is_heard_here(staffed: TestClient, service: Service) -> None:
    path, token = opened(staffed)
    sid = path.rsplit("/", 1)[1]
    staffed.post(f"{path}/handover", headers=token)
    last = staffed.get("/v1/admin/events", headers=AGENT).json()["last"]
    elsewhere = desk_of(open_database(str(service.database.url)), service.assistant.catalog)
    timer = threading.Timer(0.3, lambda: elsewhere.handovers.take(sid, "Ben"))
    timer.start()
    start = time.monotonic()
    heard = staffed.get(f"{path}/messages?after=1&wait=10", headers=token).json()
    assert [m["text"] for m in heard] == ["Ben is here now."]
    assert 0.2 < time.monotonic() - start < 5
    timer.join()
    news = staffed.get(f"/v1/admin/events?after={last}&wait=5", headers=AGENT).json()
    assert news["sessions"] == [sid]
    assert staffed.get(f"/v1/admin/events?after={news['last']}", headers=AGENT).json() == {
        "last": news["last"], "sessions": [],
    }  # fmt: skip


# The webhook


Form = Literal["generic", "chatwoot"]


@contextmanager
def telling(
    service: Service, receiver: Receiver, form: Form = "generic"
) -> Iterator[tuple[TestClient, Desk]]:
    """Serve with a courier on its way to `receiver`."""
    webhook = WebhookConfig(receiver.url, form, SECRET)
    desk = desk_of(service.database, service.assistant.catalog, webhook, QUICK)
    assert desk.courier is not None
    desk.courier.start()
    with client_of(service, desk) as client:
        try:
            yield client, desk
        finally:
            desk.courier.stop()


def genuine(delivery: Delivery, prefix: str = "x-vouch") -> bool:
    """Tell whether a delivery is signed, by what is said in the documentation alone."""
    timestamp = delivery.headers[f"{prefix}-timestamp"]
    assert abs(time.time() - int(timestamp)) < 60
    signed = timestamp.encode() + b"." + delivery.body
    expected = hmac.new(SECRET.get_secret_value().encode(), signed, hashlib.sha256).hexdigest()
    return delivery.headers[f"{prefix}-signature"] == f"sha256={expected}"


def test_another_system_is_told_in_order_and_again_until_it_hears(service: Service) -> None:
    with receiving(500, 503, 302) as receiver, telling(service, receiver) as (client, _):
        path, token = opened(client)
        said(client, path, token, "a quiet kettle under 60")
        said(client, path, token, ASKED["message"])
        said(client, path, token, "one")
        said(client, path, token, "two")
        client.delete(f"{path}/handover", headers=token)
        accepted = receiver.wait(4)
    assert [d.json["event"] for d in accepted] == [
        "handover.opened", "handover.message", "handover.message", "handover.closed",
    ]  # fmt: skip
    assert [d.json["message"]["text"] for d in accepted[1:3]] == ["one", "two"]
    packet = accepted[0].json["packet"]
    assert "under 60" in [want["words"] for want in packet["wanted"]]
    assert packet["last_message"] == ASKED["message"]
    assert all(genuine(delivery) for delivery in receiver.deliveries)
    tries = [d.headers["x-vouch-delivery"] for d in receiver.deliveries[:4]]
    assert len(set(tries)) == 1  # 500, 503 and a redirect, which is not followed; then heard
    assert len({d.headers["x-vouch-delivery"] for d in accepted}) == 4


def test_a_turn_does_not_wait_for_a_receiver_that_is_down(service: Service) -> None:
    receiver = Receiver("http://127.0.0.1:9/hook")
    with telling(service, receiver) as (client, _):
        path, token = opened(client)
        assert said(client, path, token, ASKED["message"])["handover"]["state"] == "waiting"
        assert said(client, path, token, "hello?")["delivered"] is True
        client.delete(path, headers=token)


def test_what_was_not_sent_is_sent_after_a_restart(service: Service) -> None:
    with receiving() as receiver:
        webhook, catalog = WebhookConfig(receiver.url, "generic", SECRET), service.assistant.catalog
        dying = desk_of(service.database, catalog, webhook, QUICK)  # never sends
        session = service.assistant.start()
        dying.handovers.open(session, "request")
        dying.handovers.say(session.session_id, "is anybody there?", agent=False)
        assert receiver.deliveries == []
        reborn = desk_of(open_database(str(service.database.url)), catalog, webhook, QUICK)
        assert reborn.courier is not None
        reborn.courier.start()
        events = [delivery.json["event"] for delivery in receiver.wait(2)]
        reborn.courier.stop()
    assert events == ["handover.opened", "handover.message"]


def test_in_the_shape_of_chatwoot(service: Service) -> None:
    with receiving() as receiver, telling(service, receiver, "chatwoot") as (client, _):
        path, token = opened(client)
        sid = path.rsplit("/", 1)[1]
        said(client, path, token, ASKED["message"])
        said(client, path, token, "hello?")
        client.post(f"/v1/admin/handovers/{sid}/take", json={"name": "Ana"}, headers=AGENT)
        client.post(f"/v1/admin/handovers/{sid}/messages", json={"text": "Hi."}, headers=AGENT)
        client.post(f"/v1/admin/handovers/{sid}/close", headers=AGENT)
        bodies = [delivery.json for delivery in receiver.wait(5)]
    assert all(genuine(delivery, "x-chatwoot") for delivery in receiver.deliveries)
    created, note, person, agent, closed = bodies
    assert created["event"] == "conversation_created"
    assert created["custom_attributes"]["vouch_packet"]["session_id"] == sid
    assert (note["private"], note["message_type"]) == (True, "outgoing")
    assert "Why: request" in note["content"]
    assert (person["message_type"], person["content"]) == ("incoming", "hello?")
    assert person["sender"]["type"] == "contact"
    assert (agent["message_type"], agent["sender"]["name"]) == ("outgoing", "Ana")
    assert (closed["event"], closed["status"]) == ("conversation_status_changed", "resolved")
    assert {b["conversation"]["id"] for b in (note, person, agent)} == {created["id"]}


def posted(
    client: TestClient, body: object, prefix: str = "X-Vouch", **headers: str
) -> httpx.Response:
    """Send `body` as the humans' system does; `headers` replace what it would send."""
    raw = json.dumps(body).encode()
    timestamp = headers.get("timestamp", str(int(time.time())))
    given = {
        f"{prefix}-Timestamp": timestamp,
        f"{prefix}-Delivery": headers.get("delivery", str(uuid.uuid4())),
        f"{prefix}-Signature": headers.get("signature", sign(SECRET, timestamp, raw)),
    }
    return client.post("/v1/webhooks/handover", content=raw, headers=given)


@pytest.fixture(scope="module")
def told(service: Service) -> Iterator[TestClient]:
    """An API whose replies come by webhook; nobody is told anything."""
    webhook = WebhookConfig("http://127.0.0.1:9/hook", "generic", SECRET)
    with client_of(service, desk_of(service.database, service.assistant.catalog, webhook)) as one:
        yield one


def asking(client: TestClient) -> tuple[str, str, dict[str, str]]:
    path, token = opened(client)
    client.post(f"{path}/handover", headers=token)
    return path.rsplit("/", 1)[1], path, token


def test_replies_come_back_into_the_conversation(told: TestClient) -> None:
    sid, path, token = asking(told)
    body = {"session_id": sid, "text": "Hello, how can I help?", "agent": "Ana"}
    assert posted(told, body, delivery="one").json() == {"accepted": True, "detail": ""}
    assert posted(told, body, delivery="one").json()["detail"] == "known already"
    chatwoot = {
        "event": "message_created", "message_type": "outgoing", "private": False,
        "content": "Look at the Alder.", "sender": {"id": 3, "name": "Ben"},
        "conversation": {"id": 7, "contact_inbox": {"source_id": sid}},
    }  # fmt: skip
    assert posted(told, chatwoot, "X-Chatwoot").json()["accepted"] is True
    for unheard in ({"private": True}, {"message_type": "incoming"}, {"event": "contact_updated"}):
        assert posted(told, {**chatwoot, **unheard}).json()["accepted"] is False
    resolved = {
        "event": "conversation_status_changed", "status": "resolved",
        "custom_attributes": {"vouch_session_id": sid},
    }  # fmt: skip
    assert posted(told, resolved).json()["accepted"] is True
    messages = told.get(f"{path}/messages", headers=token).json()
    assert [(m["speaker"], m["name"], m["text"]) for m in messages[1:]] == [
        ("system", "Ana", "Ana is here now."),
        ("agent", "Ana", "Hello, how can I help?"),
        ("system", "Ben", "Ben is here now."),
        ("agent", "Ben", "Look at the Alder."),
        ("system", "Ben", "Ben has left the conversation. The assistant is here again."),
    ]
    assert posted(told, body).status_code == 409


def test_a_reply_that_is_forged_late_or_malformed_is_refused(told: TestClient) -> None:
    sid, path, token = asking(told)
    body = {"session_id": sid, "text": "Send me your card number.", "agent": "Eve"}
    late = str(int(time.time()) - 400)
    for headers in (
        {"signature": "sha256=" + "0" * 64},
        {"signature": sign(SecretStr("x" * 40), str(int(time.time())), json.dumps(body).encode())},
        {"signature": ""},
        {"timestamp": late},
        {"timestamp": "soon"},
        {
            "timestamp": str(int(time.time())),
            "signature": sign(SECRET, late, json.dumps(body).encode()),
        },
    ):
        assert posted(told, body, **headers).status_code == 401, headers
    assert told.post("/v1/webhooks/handover", json=body).status_code == 401
    for wrong in ({"text": "hi"}, {"session_id": 7}, [], {"event": "message_created"}):
        assert posted(told, wrong).status_code == 422, wrong
    assert posted(told, {**body, "session_id": "unknown"}).status_code == 409
    messages = told.get(f"{path}/messages", headers=token).json()
    assert [m["speaker"] for m in messages] == ["system"]


# Settings


@pytest.mark.parametrize(
    ("handover", "secrets", "complaint"),
    [
        ({"enabled": True}, {}, "VOUCH_ADMIN_KEY"),
        ({"enabled": True, "url": "https://h.example/x"}, {}, "VOUCH_WEBHOOK_SECRET"),
        ({"url": "https://h.example/x"}, {"webhook_secret": "w" * 40}, "handover.enabled"),
    ],
)
def test_a_desk_that_nobody_could_sit_at_is_refused(
    shop: Assistant,
    service: Service,
    handover: dict[str, Any],
    secrets: dict[str, str],
    complaint: str,
) -> None:
    settings = load_settings(handover=HandoverSettings(**handover), **secrets)
    with pytest.raises(ConfigurationError, match=complaint):
        open_desk(settings, service.database, shop.catalog)


def test_a_desk_is_opened_from_settings(shop: Assistant, service: Service) -> None:
    assert open_desk(load_settings(), service.database, shop.catalog) is None
    settings = load_settings(handover=HandoverSettings(enabled=True), admin_key=ADMIN)
    desk = open_desk(settings, service.database, shop.catalog)
    assert desk is not None
    assert desk.courier is None
    with pytest.raises(ConfigurationError, match="url"):
        load_settings(handover={"enabled": True, "url": "ftp://h.example"})
