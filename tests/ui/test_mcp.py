"""``vouch mcp`` as another program's agent meets it: the official client, a real process."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult

from assistant.engine import Assistant
from assistant.settings import load_settings
from assistant.store import SqlStore
from catalog.database import open_database
from tests.awaiting import awaited
from ui.mcp_server import create_server


async def _called(client: Client, name: str, **arguments: Any) -> dict[str, Any]:
    answer = await client.call_tool(name, arguments)
    assert isinstance(answer, CallToolResult)
    assert not answer.is_error, answer
    return answer.structured_content


async def _converse(client: Client) -> str:
    """Complete a recommendation with feedback; returns the session's id."""
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    assert list(tools) == [
        "search_catalog", "lookup_item", "compare_items", "recommend", "explain", "update_profile"
    ]  # fmt: skip
    assert tools["recommend"].input_schema["required"] == ["message"]
    first = await _called(client, "recommend", message="a lamp under $80")
    assert first["items"]
    assert all(item["facts"]["price"] < 80 for item in first["items"])
    refused = first["items"][0]["item_id"]
    after = await _called(
        client,
        "update_profile",
        session_id=first["session_id"],
        edits=[{"action": "dislike", "target": refused}],
    )
    assert refused not in [item["item_id"] for item in after["items"]]
    again = await _called(client, "recommend", message="cheaper", session_id=first["session_id"])
    assert again["session_id"] == first["session_id"]
    assert refused not in [item["item_id"] for item in again["items"]]
    why = await _called(
        client, "explain", session_id=first["session_id"], item_id=again["items"][0]["item_id"]
    )
    assert again["items"][0]["title"] in why["text"]
    return first["session_id"]


async def _fail(client: Client) -> None:
    for name, arguments, told in (
        ("buy_item", {}, "no tool 'buy_item'"),
        ("recommend", {"message": 7}, "message"),
        ("explain", {"session_id": "nobody's", "item_id": "HK-001"}, "nobody's"),
    ):
        answer = await client.call_tool(name, arguments)
        assert answer.is_error
        assert told in answer.content[0].text


@pytest.mark.timeout(120)
def test_a_recommendation_over_a_real_process(shop: Assistant, shop_home: Path) -> None:
    # `shop` has built the home: the process only opens it.
    command = str(Path(sys.executable).with_name("vouch"))
    parameters = StdioServerParameters(command=command, args=["mcp", "--home", str(shop_home)])

    async def run() -> str:
        with anyio.fail_after(90):
            async with Client(parameters) as client:
                await _fail(client)
                return await _converse(client)

    session_id = awaited(run())
    # What the other process heard is in the home, as of any conversation.
    stored = SqlStore(open_database(load_settings(home=shop_home).url)).load(session_id)
    assert [turn.user for turn in stored.turns][::2] == ["a lamp under $80", "cheaper"]


def test_the_same_within_this_process(shop: Assistant) -> None:
    async def run() -> None:
        async with Client(create_server(shop)) as client:
            await _fail(client)
            await _converse(client)

    awaited(run())
