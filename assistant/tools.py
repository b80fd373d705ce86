"""The toolbox as LangChain tools, for agents that are built with it.

Owns: `langchain_tools`, `langchain_tool`. Does not own: what the tools do (`assistant.toolbox`).
LangChain is imported when the tools are made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from assistant.toolbox import Capability, Toolbox
from assistant.wire import Json
from catalog.errors import VouchError

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool


def langchain_tools(toolbox: Toolbox) -> list[BaseTool]:
    """Return the tools of `toolbox`, in its order; see `langchain_tool`."""
    return [langchain_tool(capability) for capability in toolbox.capabilities]


def langchain_tool(capability: Capability) -> BaseTool:
    """Return `capability` as a tool, with its form as ``args_schema``.

    It returns a dict. What cannot be done, wrong arguments among it, is answered in words, so that
    the agent can do better: a `VouchError`'s message, never a stack trace.
    """
    from langchain_core.tools import StructuredTool

    return StructuredTool.from_function(
        _answering(capability),
        name=capability.name,
        description=capability.description,
        args_schema=capability.form,
        handle_tool_error=True,
        handle_validation_error=True,
    )


def _answering(capability: Capability) -> Callable[..., Json]:
    from langchain_core.tools import ToolException

    def run(**fields: Any) -> Json:  # noqa: ANN401 - the form's fields
        try:
            return capability.run(**fields)
        except VouchError as error:
            raise ToolException(str(error)) from error

    return run
