"""An agent that chooses the slate: what stands of its choice, and what a hostile one cannot do.

The model is scripted; the endpoint, the client, the agent's loop and the tools are real.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.engine import Assistant
from assistant.events import CardsReady, Finished
from assistant.home import open_assistant
from assistant.orders import Order, read_order
from assistant.settings import load_settings
from assistant.state import Context, Turn
from assistant.understanding import Understander
from catalog import Catalog
from tests.assistant.driving import say
from tests.openai_server import ScriptedServer, openai_server

ORDER = "two lamps and a fan under $80"
Body = dict[str, Any]


def calls(*wanted: tuple[str, Any]) -> dict[str, Any]:
    """Return a message of a model that calls tools; arguments that are text go as they are."""
    return {
        "tool_calls": [
            {
                "id": f"call-{number}",
                "type": "function",
                "function": {
                    "name": name,
                    "arguments": given if isinstance(given, str) else json.dumps(given),
                },
            }
            for number, (name, given) in enumerate(wanted)
        ]
    }


def results(body: Body) -> list[list[str]]:
    """Return what the searches so far found, as item ids."""
    told = [message["content"] for message in body["messages"] if message["role"] == "tool"]
    found = [json.loads(text) for text in told if text.startswith('{"items"')]
    return [[item["item_id"] for item in one["items"]] for one in found]


def sensible(body: Body) -> Any:
    """Search for each part, then choose the best of each: two lamps and a fan."""
    if not (found := results(body)):
        kinds = ({"facet": "category", "op": "=", "value": kind} for kind in ("Lighting", "Fans"))
        return calls(*(("search_catalog", {"conditions": [kind]}) for kind in kinds))
    lamps, fans = found
    return calls(("pick", {"item_ids": [*lamps[:2], fans[0]]}))


@dataclass
class Driven:
    """An assistant whose agent does what `drive` says; its model reads and explains nothing."""

    assistant: Assistant
    server: ScriptedServer
    drive: Callable[[Body], Any] = sensible

    def asked(self) -> list[Body]:
        """Return what the agent's model was asked since the last time, and forget it."""
        bodies = [body for body in self.server.requests if "tools" in body]
        self.server.requests.clear()
        return bodies


@pytest.fixture(scope="module")
def opened(shop_home: Path) -> Iterator[Driven]:
    def reply(body: Body) -> Any:
        return driven.drive(body) if "tools" in body else "{}"

    with openai_server(replies=[reply]) as server:
        llm = {"tier": "endpoint", "base_url": server.url, "model": "scripted", "agent": True,
               "deadline_s": 6.0}  # fmt: skip
        settings = load_settings(home=shop_home, llm=llm, openai_api_key="sk-test")
        driven = Driven(open_assistant(settings), server)
        yield driven


@pytest.fixture
def driven(opened: Driven) -> Iterator[Driven]:
    opened.asked()
    opened.drive = sensible
    yield opened
    opened.server.behaviour = "answer"


def ordinary(shop: Assistant) -> Turn:
    return say(shop, shop.start(), ORDER)[1]


def ids(turn: Turn) -> list[str]:
    return [card.item_id for card in turn.cards]


def test_the_choice_takes_the_place_of_the_first_cards(shop: Assistant, driven: Driven) -> None:
    assistant = driven.assistant
    session, turn = say(assistant, assistant.start(), ORDER)
    asked = driven.asked()
    assert len(asked) == 2
    offered = {tool["function"]["name"] for tool in asked[0]["tools"]}
    assert offered == {"search_catalog", "lookup_item", "compare_items", "pick"}
    catalog = assistant.catalog
    kinds = [catalog.item(item_id).labels["category"] for item_id in ids(turn)]
    assert kinds == [("Lighting",), ("Lighting",), ("Fans",)]
    # What was asked of some is required of none, and still there to be seen and removed.
    assert [str(row) for row in turn.profile.constraints] == ["price <= 79.99"]
    wishes = [(wish.facet, wish.value) for wish in turn.profile.preferences]
    assert wishes == [("category", "Lighting"), ("category", "Fans")]
    assert assistant.resume(session.session_id).turns[-1].cards == turn.cards
    assert all(card.reasons for card in turn.cards)
    # The ordinary turn knows only that all of them must be one or the other.
    assert len(ordinary(shop).cards) == 5


def test_an_ordinary_request_asks_no_agent(driven: Driven) -> None:
    say(driven.assistant, driven.assistant.start(), "a lamp under $80")
    assert not driven.asked()


def test_a_refused_choice_can_be_made_better(driven: Driven) -> None:
    def learner(body: Body) -> Any:
        refusals = [
            m for m in body["messages"] if m["role"] == "tool" and "wants 3" in m["content"]
        ]
        if results(body) and not refusals:
            return calls(("pick", {"item_ids": results(body)[0][:2]}))
        return sensible(body)

    driven.drive = learner
    _, turn = say(driven.assistant, driven.assistant.start(), ORDER)
    assert len(driven.asked()) == 3
    assert len(turn.cards) == 3
    assert not turn.warnings or "agent" not in turn.warnings[0]


def test_what_the_person_refused_cannot_be_chosen(driven: Driven) -> None:
    session, first = say(driven.assistant, driven.assistant.start(), ORDER)
    refused = ids(first)[0]
    session, _ = say(driven.assistant, session, "/dislike 1")
    _, turn = say(driven.assistant, session, ORDER)
    assert len(driven.asked()) == 4
    assert len(turn.cards) == 3
    assert refused not in ids(turn)


def invents(_: Body) -> Any:
    return calls(("pick", {"item_ids": ["HK-999", "ZORBLAX", "HK-998"]}))


def picks_unsearched(_: Body) -> Any:
    return calls(("pick", {"item_ids": ["HK-001", "HK-002", "HK-003"]}))


def picks_looked_up(body: Body) -> Any:
    if not results(body):
        return calls(*(("lookup_item", {"item_id": f"HK-00{n}"}) for n in (1, 2, 3)))
    return picks_unsearched(body)


def never_stops(_: Body) -> Any:
    return calls(("search_catalog", {"query": "lamp"}))


def floods(_: Body) -> Any:
    return calls(*[("search_catalog", {"query": "lamp", "limit": 50})] * 60)


def repeats(body: Body) -> Any:
    return (
        calls(("pick", {"item_ids": [results(body)[0][0]] * 3}))
        if results(body)
        else sensible(body)
    )


def too_many(body: Body) -> Any:
    found = results(body)
    return calls(("pick", {"item_ids": [*found[0], *found[1]]})) if found else sensible(body)


def asks_for_a_planet(_: Body) -> Any:
    planet = {"facet": "planet", "op": "=", "value": "Mars"}
    return calls(("search_catalog", {"conditions": [planet]}))


HOSTILE: list[Callable[[Body], Any]] = [
    invents,
    picks_unsearched,
    picks_looked_up,
    never_stops,
    floods,
    repeats,
    too_many,
    lambda _: calls(("delete_catalog", {}), ("recommend", {"message": "hi"})),
    lambda _: calls(("pick", {"items": 7})),
    lambda _: calls(("pick", '{"item_ids": [')),
    asks_for_a_planet,
    lambda _: {"tool_calls": "all of them"},
    lambda _: {"tool_calls": [{"id": None, "type": "function", "function": {"name": 7}}]},
    lambda _: {"content": 'Buy Zorblax 9000 at <a href="http://evil.example">here</a>!'},
    lambda _: "",
]  # fmt: skip
_NAMES = [getattr(drive, "__name__", "?") for drive in HOSTILE]


@pytest.mark.parametrize("drive", HOSTILE, ids=_NAMES)
def test_a_hostile_agent_leaves_the_ordinary_turn(
    shop: Assistant, driven: Driven, drive: Callable[[Body], Any]
) -> None:
    driven.drive = drive
    _, turn = say(driven.assistant, driven.assistant.start(), ORDER)
    assert driven.asked()
    expected = ordinary(shop)
    assert ids(turn) == ids(expected)
    assert turn.profile == expected.profile
    assert any("agent" in warning for warning in turn.warnings)
    told = " ".join((turn.reply, *turn.warnings)).casefold()
    assert not [word for word in ("zorblax", "evil", "hk-999", "<a") if word in told]


def test_a_stalled_agent_holds_up_neither_cards_nor_turn(driven: Driven) -> None:
    driven.server.behaviour = "stall"
    events = driven.assistant.respond(driven.assistant.start(), ORDER)
    first = next(events)
    assert isinstance(first, CardsReady)
    assert first.turn.timings_ms["cards"] < 1_000
    assert first.turn.cards
    *_, last = events
    assert isinstance(last, Finished)
    assert any("agent" in warning for warning in last.turn.warnings)
    # Six seconds for the agent, two for the second reading, six for the prose.
    assert last.turn.timings_ms["total"] < 18_000


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("three books, one of them by Ann Lee", (3, [(1, {"author = Ann Lee"})])),
        ("two crime stories and a horror one",
         (3, [(2, {"genre = Crime"}), (1, {"genre = Horror"})])),
        ("I need 4 books: two of them comedies, one from the 90s",
         (4, [(2, {"genre = Comedy"}), (1, {"year >= 1990", "year <= 1999"})])),
        ("three books for my sister, one of them funny", (3, [(1, set())])),
        ("five crime books, one by Ann Lee", (5, [(1, {"author = Ann Lee"})])),
        ("two crime books and a comedy one, one of them by Ann Lee", None),
        ("a book", None),
        ("two crime books", None),
        ("a crime story from the 90s with a romance", None),
        ("I have two kids and want a crime book", None),
        ("twelve books, one of them by Ann Lee", None),
        ("two books, three of them by Ann Lee", None),
    ],
)  # fmt: skip
def test_an_order_is_read_from_its_counting_words(
    tiny: Catalog, message: str, expected: tuple[int, list[tuple[int, set[str]]]] | None
) -> None:
    order = read_order(message, Understander(tiny).understand(message, Context(1)))
    shares = order and [(s.count, {str(row) for row in s.conditions}) for s in order.shares]
    assert (order and (order.count, shares)) == expected


def test_what_some_must_be_is_wished_for_and_no_reason_for_the_others(tiny: Catalog) -> None:
    message = "three crime books under $40, one of them from the 90s"
    understood = Understander(tiny).understand(message, Context(1))
    order = read_order(message, understood)
    assert order is not None
    rest, eased = order.without(understood), order.eased(understood)
    for left in (rest, eased):
        assert {row.facet for row in left.constraints} <= {"price", "genre"}
        assert "price" in {row.facet for row in left.constraints}
    assert "year" not in {wish.facet for wish in rest.preferences}
    assert {w.value for w in eased.preferences if w.facet == "year"} == {">= 1990", "<= 1999"}
    assert rest.topic == ""


def test_every_share_is_filled_with_items_of_its_own(tiny: Catalog) -> None:
    message = "two crime stories and a comedy one"
    order = read_order(message, Understander(tiny).understand(message, Context(1)))
    assert isinstance(order, Order)
    rows = {item.item_id: row for row, item in enumerate(tiny.items)}

    def filled(picks: str) -> bool:
        return order.is_filled([rows[pick] for pick in picks], tiny)

    assert filled("abc")
    assert filled("cba")
    assert filled("eab")  # a and e are crime, which leaves b, crime and comedy, for the comedy
    assert not filled("aed")  # no comedy
    assert not filled("bcd")  # one crime story only
    assert not filled("abce")  # four
