"""The tools by LangChain's own interface."""

from __future__ import annotations

import pytest
from langchain_core.messages import ToolMessage
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from assistant.engine import Assistant
from assistant.toolbox import Toolbox
from assistant.tools import langchain_tools


@pytest.fixture
def tools(shop: Assistant) -> dict[str, BaseTool]:
    return {tool.name: tool for tool in langchain_tools(Toolbox(shop))}


def test_a_recommendation_with_feedback(tools: dict[str, BaseTool]) -> None:
    first = tools["recommend"].invoke({"message": "a lamp under $80"})
    assert first["items"]
    assert all(item["facts"]["price"] < 80 for item in first["items"])
    edits = [{"action": "dislike", "target": first["items"][0]["item_id"]}]
    arguments = {"session_id": first["session_id"], "edits": edits}
    after = tools["update_profile"].invoke(arguments)
    assert first["items"][0]["item_id"] not in [item["item_id"] for item in after["items"]]
    why = tools["explain"].invoke(
        {"session_id": first["session_id"], "item_id": after["items"][0]["item_id"]}
    )
    assert after["items"][0]["title"] in why["text"]


def test_a_tool_call_of_a_model_is_answered_with_a_message(tools: dict[str, BaseTool]) -> None:
    call = {
        "type": "tool_call",
        "id": "1",
        "name": "search_catalog",
        "args": {
            "query": "kettle",
            "conditions": [{"facet": "price", "op": "<=", "value": 60}],
            "limit": 2,
        },
    }
    answer = tools["search_catalog"].invoke(call)
    assert isinstance(answer, ToolMessage)
    assert answer.status == "success"
    assert '"item_id": "HK-' in str(answer.content)


def test_what_cannot_be_done_is_told_in_words(tools: dict[str, BaseTool]) -> None:
    planet = {"conditions": [{"facet": "planet", "op": "=", "value": "Mars"}]}
    for name, arguments, told in (
        ("search_catalog", planet, "no facet 'planet'; there are: price"),
        ("search_catalog", {"limit": 1000}, "validation error"),
        ("lookup_item", {"item_id": "HK-999"}, "HK-999"),
    ):
        call = {"type": "tool_call", "id": "1", "name": name, "args": arguments}
        answer = tools[name].invoke(call)
        assert answer.status == "error"
        assert told in str(answer.content)


def test_every_tool_can_be_offered_to_a_model(tools: dict[str, BaseTool]) -> None:
    assert list(tools) == [
        "search_catalog", "lookup_item", "compare_items", "recommend", "explain", "update_profile"
    ]  # fmt: skip
    for tool in tools.values():
        offered = convert_to_openai_tool(tool)["function"]
        assert offered["description"]
        assert offered["parameters"]["properties"]
