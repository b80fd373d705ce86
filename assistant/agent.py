"""A language model with tools chooses the slate, where one step is not enough.

Owns: `Agent`: when it is asked, what it may use, which of its choices stand. Does not own: the
tools (`assistant.toolbox`), what is asked for (`assistant.orders`), or the turn, which shows its
own slate first and keeps it where the agent fails (`assistant.engine`).

The contracts are the turn's own. Only what a search of this very turn returned can be chosen; that
search keeps the person's conditions and leaves out what they refused. The choice is checked
against the order by our code. Nothing that the model writes is shown: the prose about its choices
is written, and checked sentence by sentence, as ever (`assistant.explanation`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import Field

from assistant.deadline import Emit, stream_within
from assistant.engine import Assistant
from assistant.orders import Order, read_order
from assistant.profile import update_profile
from assistant.prompts import inert, load_prompt
from assistant.reading import Reading
from assistant.state import Asker, Session
from assistant.summary import summary
from assistant.tool_forms import ToolForm
from assistant.toolbox import Capability, Toolbox
from assistant.tools import langchain_tool
from assistant.wire import Json
from catalog.errors import ChatModelError, CommandError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_LENT = frozenset({"search_catalog", "lookup_item", "compare_items"})
_MOST_WORDS = 1_000


@dataclass(frozen=True, slots=True)
class AgentConfig:
    """How far an agent may go.

    Attributes
    ----------
    deadline_s : float
        The choice must be made by then.
    steps : int
        Answers of the model.
    calls : int
        Tool calls in all.
    """

    deadline_s: float = 20.0
    steps: int = 8
    calls: int = 16


class ToolCaller(Protocol):
    """A language model that can call tools: `assistant.llm.EndpointChatModel`."""

    def client(self, timeout_s: float) -> AbstractContextManager[BaseChatModel]:
        """Lend LangChain's client, whose failures become `ChatModelError`."""
        ...


class Pick(ToolForm):
    """Give the final choice: item ids that search_catalog returned, best first."""

    item_ids: tuple[str, ...] = Field(min_length=1, max_length=10)


class Agent:
    """Chooses slates with a model behind an endpoint. Safe to share between threads."""

    def __init__(self, model: ToolCaller, config: AgentConfig = AgentConfig()) -> None:
        # Slow imports, which must not come out of the first person's deadline; nothing is sent.
        with model.client(config.deadline_s):
            from langchain.agents import create_agent

        self._create: Callable[..., Any] = create_agent
        self._model = model
        self._config = config

    def plan(self, assistant: Assistant, session: Session, reading: Reading) -> Reading | None:
        """Return `reading` with picks, or None where it asks for nothing of several kinds.

        What is asked of some items only becomes a wish: it is not required of the others.

        Raises
        ------
        ChatModelError
            When no choice that fills the order was made in time.
        """
        order = None if reading.help else read_order(reading.said, reading.understood)
        if order is None:
            return None
        number, eased = len(session.turns) + 1, order.eased(reading.understood)
        profile = update_profile(session.profile, eased, number)
        # What some must be is no reason to prefer it for the others.
        rest = update_profile(session.profile, order.without(reading.understood), number)
        desk = _Desk(assistant, order, Asker(session, rest), self._config.calls)
        drive = partial(self._drive, desk, _prompt(assistant, order, desk.asker, reading.said))
        for _ in stream_within(drive, self._config.deadline_s, 0):
            pass
        return replace(reading, understood=eased, profile=profile, picks=desk.picks)

    def _drive(self, desk: _Desk, prompt: tuple[str, str], emit: Emit) -> None:
        """Let the model call tools until its choice stands."""
        system, user = prompt
        with self._model.client(self._config.deadline_s) as model:
            agent = self._create(
                model, [langchain_tool(lent) for lent in desk.capabilities], system_prompt=system
            )
            # An answer of the model and the calls in it are two steps of the graph.
            steps = agent.stream(
                {"messages": [{"role": "user", "content": user}]},
                {"recursion_limit": 2 * self._config.steps},
                stream_mode="updates",
            )
            try:
                for _ in steps:
                    if desk.picks or not emit(""):
                        return
            except RecursionError as error:
                raise ChatModelError("it found no end") from error
        raise ChatModelError("it made no choice that fills the order")


class _Desk:
    """What one agent works with: tools on behalf of one person, and what came of them."""

    def __init__(self, assistant: Assistant, order: Order, asker: Asker, calls: int) -> None:
        self.asker = asker
        self.picks: tuple[str, ...] = ()
        self._catalog = assistant.catalog
        self._order = order
        self._left = calls
        self._found: set[str] = set()
        lent = (one for one in Toolbox(assistant, asker).capabilities if one.name in _LENT)
        pick = Capability("pick", Pick.__doc__ or "", Pick, self._pick)
        self.capabilities = tuple(
            replace(one, run=partial(self._run, one.name, one.run)) for one in (*lent, pick)
        )

    def _run(self, name: str, run: Callable[..., Json], **fields: Any) -> Json:  # noqa: ANN401
        self._left -= 1
        if self._left < 0:
            raise CommandError("no more tools can be used for this message")
        result = run(**fields)
        if name == "search_catalog":
            self._found |= {item["item_id"] for item in result["items"]}
        return result

    def _pick(self, item_ids: Sequence[str]) -> Json:
        unknown = [item_id for item_id in item_ids if item_id not in self._found]
        if unknown or len(set(item_ids)) < len(item_ids):
            raise CommandError(
                f"each must be another item that search_catalog returned; {unknown} are not"
            )
        rows = [self._catalog.row(item_id) for item_id in item_ids]
        if not self._order.is_filled(rows, self._catalog):
            raise CommandError(f"the person wants {self._order.count} in all{_told(self._order)}")
        self.picks = tuple(item_ids)
        return {"picked": list(item_ids)}


def _prompt(assistant: Assistant, order: Order, asker: Asker, message: str) -> tuple[str, str]:
    schema = assistant.catalog.schema
    return load_prompt("agent").fill(
        count=str(order.count),
        known=inert(summary(asker.profile, schema), _MOST_WORDS),
        message=inert(message, _MOST_WORDS),
        noun=schema.noun,
        plural=schema.plural,
        shares=inert(_told(order)),
    )


def _told(order: Order) -> str:
    """Return the shares, with the conditions that will be checked."""
    rows = [
        f"{share.count} {share.text} ({', '.join(map(str, share.conditions)) or 'your judgement'})"
        for share in order.shares
    ]
    return f", of these: {'; '.join(rows)}"
