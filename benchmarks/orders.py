"""What an ordinary turn makes of requests for several different items, and what an agent costs.

    python benchmarks/orders.py --home HOME

Plays first messages over the film demo in HOME, each twice: as an ordinary turn, and with the agent
(`assistant.agent`) driven by a scripted model that searches for every share and picks the best of
each. The loop, the tools and the check are the real ones; the model is a few lines of code and
answers at once. So the table says whether the ordinary turn fills such orders, and what the agent's
machinery costs. It says nothing of any language model's choices.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from assistant.agent import Agent
from assistant.engine import Assistant
from assistant.events import CardsReady
from assistant.explanation import Explainer
from assistant.home import Home, engine_config, open_catalog, open_search, parts_of
from assistant.orders import Order, read_order
from assistant.settings import load_settings
from assistant.state import Context, Turn
from assistant.store import SqlStore
from assistant.understanding import Understander
from catalog.database import open_database

REQUESTS = (
    "three films for a weekend with my parents, one of them in French, none seen",
    "two comedies and a thriller under two hours",
    "three films for tonight, at least one of them from the 90s",
    "three films: one for the kids, one with Tom Hanks and one of them shorter than 100 minutes",
    "five films, two of them by Hitchcock, no horror",
    "two French comedies and one Italian drama",
    "five thrillers, one with Tom Hanks",
    "three films under 90 minutes, one in black and white",
    "four westerns, one of them from the 50s and one from the 90s",
    "two horror films and a musical",
    "three science fiction films, one of them Japanese",
    "six films, two of them in Spanish and one in German",
)


class Scripted(BaseChatModel):
    """Searches for every share and for the rest, then picks the best of each."""

    order: Order

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[object], **_: object) -> BaseChatModel:
        """Return itself: it knows its tools."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: object = None,
        run_manager: object = None,
        **_: object,
    ) -> ChatResult:
        answers = [str(message.content) for message in messages if isinstance(message, ToolMessage)]
        if any(not answer.startswith("{") for answer in answers):  # refused: it gives up
            return ChatResult(generations=[ChatGeneration(message=AIMessage(content="sorry"))])
        told = [json.loads(answer) for answer in answers]
        calls = self._pick(told) if told else self._searches()
        message = AIMessage(content="", tool_calls=calls)
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _searches(self) -> list[dict[str, Any]]:
        parts = [share.conditions for share in self.order.shares]
        wanted = [
            [{"facet": c.facet, "op": c.op, "value": c.value} for c in part]
            for part in (*parts, ())
        ]
        return [
            {"name": "search_catalog", "id": str(at), "args": {"conditions": rows, "limit": 10}}
            for at, rows in enumerate(wanted)
        ]

    def _pick(self, told: list[Any]) -> list[dict[str, Any]]:
        counts = [share.count for share in self.order.shares]
        counts.append(self.order.count - sum(counts))
        picks: list[str] = []
        for count, found in zip(counts, told, strict=True):
            fresh = [item["item_id"] for item in found["items"] if item["item_id"] not in picks]
            picks += fresh[:count]
        return [{"name": "pick", "id": "pick", "args": {"item_ids": picks}}]


@dataclass
class Caller:
    """Lends the scripted model."""

    order: Order = Order(1, ())

    @contextmanager
    def client(self, timeout_s: float) -> Iterator[BaseChatModel]:
        """Yield the model for the order at hand."""
        yield Scripted(order=self.order)


def measured(assistant: Assistant, order: Order, message: str) -> tuple[dict[str, Any], Turn]:
    """Return how the last slate of the turn fills `order`, and what it took."""
    events = list(assistant.respond(assistant.start(), message))
    turn = [event for event in events if isinstance(event, CardsReady)][-1].turn
    rows = [assistant.catalog.row(card.item_id) for card in turn.cards]
    return {
        "cards": len(rows),
        "filled": order.is_filled(rows[: order.count], assistant.catalog),
        "exact": len(rows) == order.count and _exact(rows, order, assistant),
        "titles": [card.title for card in turn.cards],
    }, events[-1].turn


def _exact(rows: Sequence[int], order: Order, assistant: Assistant) -> bool:
    """Tell whether no more items than asked for are what some were to be."""
    facets = assistant.catalog.facets
    return all(
        sum(facets.satisfies(row, share.conditions) for row in rows) == share.count
        for share in order.shares
    )


def main() -> int:
    """Print one JSON line a request, then the sums."""
    parser = argparse.ArgumentParser(description="Requests for several different items.")
    parser.add_argument("--home", type=Path, required=True)
    wanted = parser.parse_args()
    settings = load_settings(home=wanted.home)
    database = open_database(settings.url)
    catalog = open_catalog(database)
    search = open_search(settings, Home(settings.home), catalog)
    parts = parts_of(catalog, search, Explainer(catalog), SqlStore(database))
    caller, understander = Caller(), Understander(catalog)
    plain = Assistant(parts, engine_config(settings))
    led = Assistant(replace(parts, planner=Agent(caller)), engine_config(settings))
    plain.warm_up()
    sums: Counter[str] = Counter()
    extra: list[float] = []
    for message in REQUESTS:
        sums["requests"] += 1
        order = read_order(message, understander.understand(message, Context(1)))
        if order is None:
            print(json.dumps({"message": message, "order": None}))
            continue
        caller.order = order
        ordinary, _ = measured(plain, order, message)
        agent, last = measured(led, order, message)
        sums["orders_read"] += 1
        for name, found in (("ordinary", ordinary), ("agent", agent)):
            sums[f"{name}_filled"] += found["filled"]
            sums[f"{name}_exact"] += found["exact"]
        extra.append(last.timings_ms["reread"])
        line = {"message": message, "ordinary": ordinary, "agent": agent,
                "warnings": last.warnings, "agent_ms": round(extra[-1])}  # fmt: skip
        print(json.dumps(line, ensure_ascii=False))
    middle = sorted(extra)[len(extra) // 2] if extra else None
    json.dump({**sums, "agent_ms_median": middle and round(middle)}, sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
