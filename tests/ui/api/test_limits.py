"""How much may be asked for, by whom, and how long a body may be."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi import Request
from fastapi.testclient import TestClient

from assistant.settings import LimitSettings
from tests.ui.api.conftest import UNLIMITED, api_client, opened
from ui.api.limits import MOST_BYTES, Buckets, address_of
from ui.service import Service


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_holds_a_minute_s_worth_and_refills_evenly() -> None:
    clock = Clock()
    buckets = Buckets(60, clock=clock)
    assert [buckets.take("a") for _ in range(60)] == [0.0] * 60
    assert buckets.take("a") == pytest.approx(1.0)
    assert buckets.take("b") == 0.0
    clock.now = 0.5
    assert buckets.take("a") == pytest.approx(0.5)  # asking too early costs nothing
    clock.now = 1.0
    assert buckets.take("a") == 0.0
    assert buckets.take("a") > 0
    clock.now = 11.0
    assert [buckets.take("a") for _ in range(11)] == [0.0] * 10 + [pytest.approx(1.0)]


def test_memory_is_bounded_and_idle_buckets_go() -> None:
    clock = Clock()
    buckets = Buckets(60, most=100, clock=clock)
    for number in range(1_000):
        clock.now += 0.001
        buckets.take(str(number))
    assert len(buckets) == 100
    clock.now += 61
    buckets.take("new")
    assert len(buckets) == 1


def test_threads_share_one_bucket() -> None:
    buckets = Buckets(500, clock=Clock())
    taken: list[float] = []
    threads = [
        threading.Thread(target=lambda: taken.extend(buckets.take("a") for _ in range(200)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count(0.0) == 500


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_is_that_of_a_household(given: str, kept: str) -> None:
    assert address_of(Request({"type": "http", "client": (given, 1)})) == kept
    assert address_of(Request({"type": "http", "client": None})) == ""


@pytest.fixture
def limited(service: Service, request: pytest.FixtureRequest) -> Iterator[TestClient]:
    limits = UNLIMITED.model_copy(update=request.param)
    with api_client(replace(service, limits=limits)) as client:
        yield client


@pytest.mark.parametrize("limited", [{"per_session": 3}], indirect=True)
def test_one_conversation_that_asks_too_much_waits_and_others_go_on(limited: TestClient) -> None:
    path, token = opened(limited)
    other, others_token = opened(limited)
    body = {"command": {"kind": "undo"}}
    codes = [limited.post(f"{path}/turns", json=body, headers=token).status_code for _ in range(3)]
    assert codes == [200] * 3
    writes = [
        ("POST", f"{path}/turns", body),
        ("POST", f"{path}/feedback", {"item_id": "1", "kind": "like"}),
        ("PATCH", f"{path}/profile", {"remove": ["x"]}),
        ("POST", f"{path}/identify", {"visitor_token": "x"}),
        ("GET", f"{path}/export", None),
        ("DELETE", f"{path}/person", None),
        ("DELETE", path, None),
    ]
    for method, url, sent in writes:
        answer = limited.request(method, url, json=sent, headers=token)
        assert answer.status_code == 429, url
        assert answer.headers["content-type"] == "application/problem+json"
        assert 1 <= int(answer.headers["retry-after"]) <= 20
    assert limited.get(path, headers=token).status_code == 200
    assert limited.post(f"{other}/turns", json=body, headers=others_token).status_code == 200


@pytest.mark.parametrize(
    "limited", [{"per_address": 3}, {"per_site": 3}], indirect=True, ids=["address", "site"]
)
def test_conversations_of_one_address_or_site_share_its_limit(limited: TestClient) -> None:
    codes: list[int] = []
    for _ in range(4):
        path, token = opened(limited)
        body = {"command": {"kind": "undo"}}
        codes.append(limited.post(f"{path}/turns", json=body, headers=token).status_code)
    assert codes == [200, 200, 200, 429]


@pytest.mark.parametrize(
    "limited",
    [{"opened_per_address": 3}, {"opened_per_site": 3}],
    indirect=True,
    ids=["address", "site"],
)
def test_conversations_cannot_be_opened_without_end(limited: TestClient) -> None:
    codes = [limited.post("/v1/sessions", json={}).status_code for _ in range(5)]
    assert codes == [201, 201, 201, 429, 429]


def test_what_is_set_by_default_lets_fifty_people_of_one_office_talk() -> None:
    limits = LimitSettings()
    assert limits.opened_per_address >= 50 * 6  # a conversation of ten turns in ten seconds
    assert limits.per_address >= 50 * 30
    assert limits.per_site >= limits.per_address


def test_a_large_body_is_refused_before_it_is_read(service: Service) -> None:
    with api_client(service) as client:
        path, token = opened(client)
        headers = {**token, "Content-Type": "application/json"}
        stated = client.post(f"{path}/turns", content=b"x" * (MOST_BYTES + 1), headers=headers)
        given = 0

        def pieces() -> Iterator[bytes]:
            nonlocal given
            for _ in range(1_000):
                given += 1
                yield b"x" * 1_024

        unstated = client.post(f"{path}/turns", content=pieces(), headers=headers)
        for answer in (stated, unstated):
            assert answer.status_code == 413
            assert answer.headers["content-type"] == "application/problem+json"
        whole = b'{"message":"a"' + b" " * (MOST_BYTES - 15) + b"}"
        assert len(whole) == MOST_BYTES
        assert client.post(f"{path}/turns", content=whole, headers=headers).status_code == 200
