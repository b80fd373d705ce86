"""The catalogue over HTTP: items, searches with conditions, comparisons."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.ui.api.conftest import SHOP


def test_an_item_is_read_by_its_id(client: TestClient) -> None:
    item = client.get("/v1/items/HK-002").json()
    assert item["title"] == "Alder Gooseneck Kettle"
    assert item["url"] == "https://shop.example/hk-002"
    assert item["facets"]["price"] == 64.5
    assert item["facets"]["colour"] == ["steel"]
    assert "$64.50" in item["facts"]
    assert "pour-over" in item["summary"]
    missing = client.get("/v1/items/HK-999")
    assert missing.status_code == 404
    assert "HK-999" in missing.json()["detail"]


def test_a_search_keeps_every_condition(client: TestClient) -> None:
    where = ["price<=60", "category = Kettles", "colour!=black"]
    answer = client.get("/v1/items", params={"q": "quiet", "where": where, "limit": 50})
    assert answer.status_code == 200, answer.text
    found = answer.json()["items"]
    assert found
    for item in found:
        assert item["facets"]["price"] <= 60
        assert item["facets"]["category"] == ["Kettles"]
        assert "black" not in item["facets"]["colour"]
        assert len(item["satisfies"]) == 3
    assert len(client.get("/v1/items", params={"limit": 2}).json()["items"]) == 2


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"where": "planet=Mars"}, "no facet 'planet'; there are: price"),
        ({"where": "category=Rockets"}, "no value 'Rockets'"),
        ({"where": "category>=Kettles"}, "use = or !="),
        ({"where": "price<=cheap"}, "is a number"),
        ({"where": "price"}, "no condition"),
        ({"where": "x" * 301}, "where"),
        ({"limit": 51}, "limit"),
        ({"q": "x" * 2_001}, "q"),
    ],
)
def test_what_cannot_be_searched_is_a_problem_that_says_why(
    client: TestClient, params: dict[str, str], told: str
) -> None:
    answer = client.get("/v1/items", params=params)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert told in answer.json()["detail"]


def test_items_are_compared(client: TestClient) -> None:
    table = client.post("/v1/compare", json={"item_ids": ["HK-001", "HK-002"]}).json()
    assert table["titles"] == ["Alder 1.7 L Kettle", "Alder Gooseneck Kettle"]
    prices = next(row["values"] for row in table["rows"] if row["name"] == "price")
    assert prices == ["$39", "$64.50"]
    assert "score for you" not in {row["name"] for row in table["rows"]}  # nobody is there
    assert table["text"]
    for ids, status in ((["HK-001"], 422), (["HK-001", "HK-001"], 422), (["HK-001", "x"], 404)):
        assert client.post("/v1/compare", json={"item_ids": ids}).status_code == status


def test_a_catalogue_is_for_the_site_s_own_pages(site_client: TestClient) -> None:
    for method, path in (
        ("GET", "/v1/items"),
        ("GET", "/v1/items/HK-002"),
        ("POST", "/v1/compare"),
    ):
        body = {"item_ids": ["HK-001", "HK-002"]} if method == "POST" else None
        mine = {"X-Vouch-Site": "shop", "Origin": SHOP}
        assert site_client.request(method, path, headers=mine, json=body).status_code == 200
        for key, origin in (("shop", "https://evil.example"), ("", SHOP), ("unknown", SHOP)):
            headers = {"X-Vouch-Site": key, "Origin": origin}
            assert site_client.request(method, path, headers=headers, json=body).status_code == 403
