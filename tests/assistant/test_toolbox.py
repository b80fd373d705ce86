"""The tools over the example shop, as any agent's protocol would call them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistant.conditions import Condition, constraints_of
from assistant.engine import Assistant
from assistant.state import Asker, Opinion, UserProfile
from assistant.toolbox import Toolbox
from catalog import Catalog, Constraint
from catalog.errors import (
    CommandError,
    ConstraintError,
    UnknownItemError,
    UnknownSessionError,
    VouchError,
)


@pytest.fixture
def toolbox(shop: Assistant) -> Toolbox:
    return Toolbox(shop)


def call(toolbox: Toolbox, name: str, **arguments: Any) -> dict[str, Any]:
    """Call a tool as over a wire: what goes in and out is JSON."""
    return json.loads(json.dumps(toolbox.call(name, json.loads(json.dumps(arguments)))))


def test_every_item_found_meets_every_condition(toolbox: Toolbox) -> None:
    conditions = [
        {"facet": "price", "op": "<=", "value": 60},
        {"facet": "category", "op": "=", "value": "kettles"},
        {"facet": "in_stock", "op": "=", "value": True},
    ]
    found = call(toolbox, "search_catalog", query="quiet", conditions=conditions, limit=50)["items"]
    assert found
    for item in found:
        assert item["facts"]["price"] <= 60
        assert item["facts"]["category"] == ["Kettles"]
        assert item["facts"]["in_stock"] is True
        assert item["satisfies"] == ["price <= 60", "category = Kettles", "in_stock = True"]
        assert item["reasons"]
        assert item["url"].startswith("https://shop.example/")
    scores = [item["score"] for item in found]
    assert scores == sorted(scores, reverse=True)


def test_a_search_finds_what_its_words_name(toolbox: Toolbox) -> None:
    found = call(toolbox, "search_catalog", query="gooseneck kettle for pour-over", limit=3)
    assert found["items"][0]["item_id"] == "HK-002"
    assert len(found["items"]) == 3


def test_a_search_for_somebody_leaves_out_what_they_refused(shop: Assistant) -> None:
    conditions = [{"facet": "category", "op": "=", "value": "Kettles"}]
    everything = Toolbox(shop).call("search_catalog", {"conditions": conditions, "limit": 50})
    ids = [item["item_id"] for item in everything["items"]]
    refused = Opinion(ids[0], "refused", 1)
    cheap = Constraint("price", "<=", 60)
    asker = Asker(profile=UserProfile(dislikes=(refused,), constraints=(cheap,)))
    for_them = Toolbox(shop, asker).call("search_catalog", {"conditions": conditions, "limit": 50})
    left = [item["item_id"] for item in for_them["items"]]
    assert left
    assert set(left) < set(ids) - {ids[0]}
    assert all(item["facts"]["price"] <= 60 for item in for_them["items"])


def test_a_search_narrows_what_was_said_on_the_same_facet(shop: Assistant) -> None:
    said = (Constraint("category", "=", "Kettles"), Constraint("category", "=", "Toasters"))
    toolbox = Toolbox(shop, Asker(profile=UserProfile(constraints=said)))
    for value, expected in (("Toasters", {"Toasters"}), ("Fans", set[str]())):
        conditions = [{"facet": "category", "op": "=", "value": value}]
        found = toolbox.call("search_catalog", {"conditions": conditions, "limit": 50})["items"]
        assert {label for item in found for label in item["facts"]["category"]} == expected


def test_an_item_is_looked_up_by_id_and_by_title_and_never_guessed(toolbox: Toolbox) -> None:
    by_id = call(toolbox, "lookup_item", item_id="HK-002")["items"]
    assert by_id[0]["title"] == "Alder Gooseneck Kettle"
    assert by_id[0]["facts"]["price"] == 64.5
    assert "pour-over" in by_id[0]["texts"]["description"]
    assert call(toolbox, "lookup_item", title="alder  gooseneck kettle")["items"] == by_id
    missing = call(toolbox, "lookup_item", title="Alder Gooseneck Kettle 9000")
    assert missing["items"] == []
    assert "HK-002" in [near["item_id"] for near in missing["closest"]]
    with pytest.raises(UnknownItemError, match="HK-999"):
        toolbox.call("lookup_item", {"item_id": "HK-999"})


def test_a_conversation_from_recommendation_to_explanation(toolbox: Toolbox) -> None:
    first = call(toolbox, "recommend", message="a kettle under $70, not black")
    assert first["items"]
    session_id = first["session_id"]
    labels = {chip["label"] for chip in first["profile"]["chips"]}
    assert "price at most $69.99" in labels
    liked, refused = first["items"][0], first["items"][1]
    edits = [
        {"action": "like", "target": liked["item_id"]},
        {"action": "dislike", "target": refused["item_id"]},
    ]
    after = call(toolbox, "update_profile", session_id=session_id, edits=edits)
    assert after["session_id"] == session_id
    shown = [item["item_id"] for item in after["items"]]
    assert refused["item_id"] not in shown
    assert {f"like:{liked['item_id']}", f"dislike:{refused['item_id']}"} <= {
        chip["key"] for chip in after["profile"]["chips"]
    }
    why = call(toolbox, "explain", session_id=session_id, item_id=shown[0])
    assert why["shown"]
    assert after["items"][0]["title"] in why["text"]
    assert "score" in why["sources"]
    black = call(toolbox, "explain", session_id=session_id, item_id="HK-001")
    assert not black["shown"]
    assert "black" in black["text"]
    table = call(toolbox, "compare_items", item_ids=[shown[0], "HK-001"], session_id=session_id)
    assert len(table["titles"]) == 2
    assert all(len(row["values"]) == 2 for row in table["rows"])
    more = call(toolbox, "recommend", message="cheaper than $50", session_id=session_id)
    assert all(item["facts"]["price"] < 50 for item in more["items"])


def test_edits_are_made_all_or_none(shop: Assistant, toolbox: Toolbox) -> None:
    session_id = toolbox.call("recommend", {"message": "a fan"})["session_id"]
    edits = [{"action": "like", "target": "HK-001"}, {"action": "remove", "target": "no such chip"}]
    with pytest.raises(CommandError, match="no such chip"):
        toolbox.call("update_profile", {"session_id": session_id, "edits": edits})
    session = shop.resume(session_id)
    assert len(session.turns) == 1
    assert session.profile.likes == ()


@pytest.mark.parametrize(
    ("name", "arguments", "error", "told"),
    [
        ("buy_item", {}, CommandError, "search_catalog"),
        ("search_catalog", {"limit": 0}, CommandError, "limit"),
        ("search_catalog", {"limit": 51}, CommandError, "limit"),
        ("search_catalog", {"query": "x" * 2_001}, CommandError, "query"),
        ("search_catalog", {"table": "items"}, CommandError, "table"),
        ("search_catalog", {"conditions": [{"facet": "price"}]}, CommandError, "conditions.0.op"),
        ("lookup_item", {}, CommandError, "either an item_id or a title"),
        ("lookup_item", {"item_id": "a", "title": "b"}, CommandError, "either"),
        ("compare_items", {"item_ids": ["HK-001"]}, CommandError, "item_ids"),
        ("compare_items", {"item_ids": ["HK-001", "HK-001"]}, CommandError, "different"),
        ("compare_items", {"item_ids": ["HK-001", "HK-999"]}, UnknownItemError, "HK-999"),
        ("recommend", {"message": ""}, CommandError, "message"),
        ("recommend", {"message": "a", "session_id": "nobody's"}, UnknownSessionError, "nobody"),
        (
            "explain",
            {"session_id": "nobody's", "item_id": "HK-001"},
            UnknownSessionError,
            "nobody",
        ),
        ("update_profile", {"session_id": "a", "edits": []}, CommandError, "edits"),
    ],
)
def test_what_cannot_be_done_says_why(
    toolbox: Toolbox, name: str, arguments: dict[str, Any], error: type[VouchError], told: str
) -> None:
    with pytest.raises(error, match=told):
        toolbox.call(name, arguments)


@pytest.mark.parametrize(
    ("facet", "op", "value", "told"),
    [
        (
            "colour",
            "=",
            "red",
            r"no facet 'colour'; there are: year .number.; price .number, ..; genre .Crime, ",
        ),
        ("genre", "=", "Crimes", "no value 'Crimes'; there are: Crime, Comedy, Horror, Romance"),
        ("genre", ">=", "Crime", "use = or !="),
        ("year", ">=", "soon", "'year' is a number, not 'soon'"),
        ("price", "<=", float("nan"), "'price' is a number, .*, not nan"),
        ("price", "<=", True, "'price' is a number, .*, not True"),
        ("in_print", "=", "perhaps", "'in_print' is true or false, not 'perhaps'"),
    ],
)
def test_a_condition_that_the_schema_lacks_lists_what_there_is(
    tiny: Catalog, facet: str, op: Any, value: Any, told: str
) -> None:
    with pytest.raises(ConstraintError, match=told):
        constraints_of([Condition(facet=facet, op=op, value=value)], tiny)


@pytest.mark.parametrize(
    ("facet", "op", "value", "expected"),
    [
        ("genre", "!=", "horror", Constraint("genre", "!=", "Horror")),
        ("year", ">=", "1995", Constraint("year", ">=", 1995)),
        ("in_print", "=", "yes", Constraint("in_print", "=", True)),
        ("in_print", "=", 0, Constraint("in_print", "=", False)),
    ],
)
def test_a_condition_is_spelt_as_the_catalogue_spells_it(
    tiny: Catalog, facet: str, op: Any, value: Any, expected: Constraint
) -> None:
    (found,) = constraints_of([Condition(facet=facet, op=op, value=value)], tiny)
    assert found == expected
    assert type(found.value) is type(expected.value)


def test_every_tool_is_described_with_what_it_takes(toolbox: Toolbox) -> None:
    names = [capability.name for capability in toolbox.capabilities]
    assert names == [
        "search_catalog", "lookup_item", "compare_items", "recommend", "explain", "update_profile"
    ]  # fmt: skip
    for capability in toolbox.capabilities:
        assert len(capability.description) > 40
        assert capability.form.model_json_schema()["properties"]
    assert "price (number, $)" in toolbox.capabilities[0].description
