"""Vouch's tools over the Model Context Protocol, for other people's agents.

Owns: `create_server`, `serve_stdio`. Does not own: what the tools do (`assistant.toolbox`).

Specification: https://modelcontextprotocol.io/specification. Standard output carries the protocol
and nothing else: while it is served, the library sends everything that others print to stderr.
A client's conversation is the session that `recommend` opened and named in its result.
"""

from __future__ import annotations

import json
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from assistant.engine import Assistant
from assistant.toolbox import Capability, Toolbox
from catalog.errors import VouchError

if TYPE_CHECKING:
    from mcp.server import Server, ServerRequestContext
    from mcp.types import (
        CallToolRequestParams,
        CallToolResult,
        ListToolsResult,
        PaginatedRequestParams,
        Tool,
    )

_USE = (
    "Vouch recommends items of one catalogue, and vouches for every pick: it returns only items "
    "that the catalogue has and that meet every condition. Begin with recommend and the person's "
    "own words; send the session_id that it returns with what they say next. Name no item that no "
    "tool returned."
)


def create_server(assistant: Assistant) -> Server[dict[str, object]]:
    """Return an MCP server with the tools of `assistant`, for any transport."""
    from anyio.to_thread import run_sync
    from mcp.server import Server
    from mcp.types import CallToolResult, ListToolsResult, TextContent

    toolbox = Toolbox(assistant)
    listed = [_tool(capability) for capability in toolbox.capabilities]

    async def list_tools(
        _: ServerRequestContext[dict[str, object]], __: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=listed)

    async def call_tool(
        _: ServerRequestContext[dict[str, object]], params: CallToolRequestParams
    ) -> CallToolResult:
        call = partial(toolbox.call, params.name, params.arguments or {})
        try:
            result = await run_sync(call)
        except VouchError as error:
            # In the result, not as a fault of the protocol: the agent can read it and do better.
            return CallToolResult(content=[TextContent(text=str(error))], is_error=True)
        text = json.dumps(result, ensure_ascii=False)
        return CallToolResult(content=[TextContent(text=text)], structured_content=result)

    return Server(
        "vouch",
        version=version("vouch-assistant"),
        instructions=_USE,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def serve_stdio(assistant: Assistant) -> None:
    """Serve `assistant` on standard input and output until the client closes them."""
    import anyio
    from mcp.server.stdio import stdio_server

    server = create_server(assistant)

    async def serve() -> None:
        async with stdio_server() as (requests, answers):
            await server.run(requests, answers, server.create_initialization_options())

    anyio.run(serve)


def _tool(capability: Capability) -> Tool:
    from mcp.types import Tool, ToolAnnotations

    return Tool(
        name=capability.name,
        description=capability.description,
        input_schema=capability.form.model_json_schema(),
        annotations=ToolAnnotations(
            read_only_hint=not capability.changes, destructive_hint=False, open_world_hint=False
        ),
    )
