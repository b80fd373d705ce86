"""The operator's figures over HTTP: after a few turns, and for nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.engine import Assistant
from assistant.settings import RankingSettings
from assistant.store import SqlStore
from catalog import Constraint, Relaxation
from catalog.database import save_catalog
from tests.assistant.test_store import TURN
from tests.fresh_service import ADMIN, KEY, fresh_service
from tests.ui.api.conftest import api_client, opened
from ui.service import Service
from ui.sites import Site, Sites

ROUTES = ("status", "quality", "dials", "report", "conversations", "conversations/none")


@pytest.fixture
def operated(shop: Assistant, tmp_path: Path) -> Service:
    return fresh_service(shop, tmp_path)


@pytest.fixture
def desk(operated: Service) -> Iterator[TestClient]:
    with api_client(operated) as client:
        yield client


def read(client: TestClient, path: str) -> Any:
    answer = client.get(f"/v1/admin/{path}", headers=KEY)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("path", ROUTES)
def test_nobody_else_reads_it(operated: Service, desk: TestClient, path: str) -> None:
    url = f"/v1/admin/{path}"
    assert desk.get(url).status_code == 401
    assert desk.get(url, headers={"Authorization": f"Bearer {ADMIN}x"}).status_code == 401
    _, token = opened(desk)
    assert desk.get(url, headers=token).status_code == 401
    assert desk.get(url, headers={**KEY, "Origin": "https://evil.example"}).status_code == 403
    with api_client(replace(operated, admin_key=None)) as shut:
        assert shut.get(url, headers=KEY).status_code == 403


def test_figures_after_a_few_turns(desk: TestClient) -> None:
    path, token = opened(desk)

    def take(**body: object) -> Any:
        return desk.post(f"{path}/turns", json=body, headers=token).json()

    first = take(message="a quiet kettle under 60")
    shown = {card["item_id"] for card in first["items"]}
    liked, refused = (card["item_id"] for card in first["items"][:2])
    for kind, target in (("like", liked), ("dislike", refused)):
        turn = take(command={"kind": kind, "target": target})
        shown |= {card["item_id"] for card in turn["items"]}
    empty = take(message="under 1 dollar")
    assert empty["items"] == []
    opened(desk)  # and says nothing

    window = read(desk, "report")
    report = window["report"]
    assert window["days"] == 30
    assert report["total"] == {
        "conversations": 1, "turns": 4, "served": 1, "accepted": 1,
        "shown": len(shown), "liked": 1, "disliked": 1, "seen": 0, "later": 0,
    }  # fmt: skip
    assert [day["tally"] for day in report["days"]] == [report["total"]]
    (unmet,) = report["unfulfilled"]
    assert unmet["words"] == ["under 1 dollar"]
    assert unmet["conditions"] == [
        f"{row['facet']} {row['op']} {row['value']}"
        for row in sorted(
            empty["profile"]["constraints"], key=lambda row: (row["facet"], row["op"])
        )
    ]
    assert unmet["ways_out"]
    timed = {stage["name"]: stage["turns"] for stage in report["stages"]}
    assert timed["cards"] == timed["retrieve"] == 4
    assert report["worded"] == [{"tier": "none", "model": None, "turns": 4}]
    assert (report["warned"], report["model_failures"]) == (0, 0)

    listed = read(desk, "conversations")
    assert listed["total"] == 1
    (row,) = listed["conversations"]
    assert (row["who"], row["first"], row["tally"]) == (
        "anonymous",
        "a quiet kettle under 60",
        report["total"],
    )
    whole = read(desk, f"conversations/{row['session_id']}")
    assert whole["about"] == row
    assert [turn["turn"] for turn in whole["turns"]] == [1, 2, 3, 4]
    assert whole["turns"][0]["items"] == first["items"]
    assert liked in whole["names"]
    desk.delete(path, headers=token)
    assert read(desk, "conversations")["total"] == 0
    assert read(desk, "report")["report"]["total"]["turns"] == 0


def test_what_is_served_and_whether_it_is_well(operated: Service, desk: TestClient) -> None:
    status, catalog = read(desk, "status"), operated.assistant.catalog
    assert status["items"] == status["indexed"] == len(catalog)
    assert status["fingerprint"] == catalog.fingerprint
    assert all(check["ok"] for check in status["checks"])
    save_catalog(operated.database, catalog.schema, catalog.items[1:])
    ill = [check for check in read(desk, "status")["checks"] if not check["ok"]]
    assert [check["name"] for check in ill] == ["catalogue"]
    assert "restart" in ill[0]["detail"]


def test_no_secret_is_told(operated: Service) -> None:
    site = Site("shop", "The shop", ("https://shop.example",), "a-secret-" * 5)
    with api_client(replace(operated, sites=Sites([site]))) as client:
        assert read(client, "status")["origins"] == ["https://shop.example"]
        told = "".join(json.dumps(read(client, path)) for path in ROUTES[:-1])
    assert ADMIN not in told
    assert "a-secret-" not in told


def test_what_the_catalogue_does_not_say(operated: Service, desk: TestClient) -> None:
    quality, catalog = read(desk, "quality"), operated.assistant.catalog
    assert quality["items"] == len(catalog)
    assert [row["facet"] for row in quality["coverage"]] == [f.name for f in catalog.schema.facets]
    priced = sum("price" in item.numbers for item in catalog.items)
    (price,) = [row for row in quality["coverage"] if row["facet"] == "price"]
    assert (price["items"], price["share"]) == (priced, priced / len(catalog))
    assert quality["without_url"] == sum(not item.url for item in catalog.items)


def test_dials_as_they_run(operated: Service) -> None:
    turned = replace(operated, ranking=RankingSettings(weights={"text": 0.5}))
    with api_client(turned) as client:
        dials = read(client, "dials")
    slate = {dial["key"]: dial["value"] for dial in dials["slate"]}
    assert slate == {
        "k": 5, "ranking.diversity": 0.8, "ranking.calibration": 0, "ranking.novelty": 0
    }  # fmt: skip
    weights = {dial["key"]: dial for dial in dials["weights"]}
    assert weights["ranking.weights.text"]["value"] == 0.5
    assert weights["ranking.weights.text"]["default"] != 0.5
    others = [dial for key, dial in weights.items() if key != "ranking.weights.text"]
    assert all(dial["value"] == dial["default"] for dial in others)
    assert not [dial for dial in weights.values() if dial["meaning"] == "A term of the score."]


def test_who_somebody_is_is_not_told(operated: Service, desk: TestClient) -> None:
    store = SqlStore(operated.database)
    for user in ("shop:ada@example.org", "device-" + "x" * 32, None):
        store.append(store.create(user), replace(TURN, number=1))
    listed = read(desk, "conversations")["conversations"]
    assert {row["who"] for row in listed} == {"anonymous", "device", "known"}
    known = [row["session_id"] for row in listed if row["who"] != "anonymous"]
    told = json.dumps([listed, *(read(desk, f"conversations/{one}") for one in known)])
    assert "ada@example.org" not in told
    assert "device-x" not in told


def test_a_conversation_over_another_catalogue_can_be_read(
    operated: Service, desk: TestClient
) -> None:
    """Of items, facets and conditions that are gone."""
    gone = Constraint("year", ">=", 1991, 1, "after 1990")
    store = SqlStore(operated.database)
    session = store.append(store.create(), replace(TURN, relaxations=(Relaxation((gone,), 3),)))
    whole = read(desk, f"conversations/{session.session_id}")
    assert whole["turns"][0]["items"][0]["title"] == "Birch"
    assert whole["names"] == {}
    assert whole["turns"][0]["relaxations"] == []


def test_pages_of_conversations(operated: Service, desk: TestClient) -> None:
    store = SqlStore(operated.database)
    ids = [store.append(store.create(), TURN).session_id for _ in range(23)]
    first, second = read(desk, "conversations"), read(desk, "conversations?offset=20")
    assert first["total"] == second["total"] == 23
    rows = [*first["conversations"], *second["conversations"]]
    assert [row["session_id"] for row in rows] == ids[::-1]
    assert desk.get("/v1/admin/conversations?offset=-1", headers=KEY).status_code == 422
    assert desk.get("/v1/admin/report?days=0", headers=KEY).status_code == 422
