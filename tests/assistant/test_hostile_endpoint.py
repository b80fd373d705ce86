"""A whole assistant behind endpoints that lie, stall or break: nothing invented gets through."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from assistant.engine import Assistant
from assistant.events import CardsReady, Prose
from assistant.home import open_assistant
from assistant.settings import load_settings
from assistant.state import Turn
from tests.assistant.driving import say
from tests.openai_server import openai_server

LIES = "\n".join(
    f"{slot}: {text}"
    for slot, text in enumerate(
        (
            "{pick} won three Oscars and is better than Zorblax 9000 by Ann Example.",
            '<b>Buy</b> <a href="http://evil.example">here</a> <script>alert(1)</script>',
            "It costs $3.14 and 9 of 10 dentists recommend it, see https://evil.example.",
            "The SuperKettle Ultra is cheaper than {pick}.",
            "[Click](javascript:alert(1)) for {pick} from Germany, made in 1887.",
        ),
        start=1,
    )
)
BANNED = re.compile(
    r"zorblax|oscar|ann example|evil|https?:|<|>|script|dentist|3\.14|superkettle|click|1887"
    r"|germany",
    re.IGNORECASE,
)


def _assistant(home: Path, url: str, deadline_s: float = 20.0) -> Assistant:
    llm = {"tier": "endpoint", "base_url": url, "model": "scripted", "deadline_s": deadline_s}
    return open_assistant(load_settings(home=home, llm=llm, openai_api_key="sk-test"))


def _told(turn: Turn) -> str:
    return " ".join((turn.reply, *turn.warnings, *(r for card in turn.cards for r in card.reasons)))


INVENTED = (
    '{"likes": ["Zorblax 9000"], "dislikes": ["Everything"], "seen": [], "constraints": '
    '[{"facet": "price", "op": "<=", "value": 1, "text": "one dollar"}, '
    '{"facet": "planet", "op": "=", "value": "Mars", "text": "lamp"}], "preferences": '
    '[{"facet": "colour", "value": "Zorblax", "text": "lamp"}]}'
)


@pytest.mark.parametrize(
    "script",
    [
        {"replies": [LIES]},
        {"replies": [INVENTED, LIES]},
        {"replies": ["{" * 500]},
        {"replies": [LIES], "behaviour": "break"},
        {"replies": [LIES], "behaviour": "endless"},
        {"status": 500},
        {"status": 401},
    ],
    ids=["lies", "invents", "nonsense", "breaks", "endless", "500", "401"],
)
def test_no_lie_reaches_profile_or_reply(shop_home: Path, script: dict[str, Any]) -> None:
    with openai_server(**script) as server:
        assistant = _assistant(shop_home, server.url)
        session, turn = say(assistant, assistant.start(), "a lamp under $80")
        (price,) = (c for c in turn.profile.constraints if c.facet == "price")
        assert price.value == 79.99
        assert turn.profile.likes == ()
        session, turn = say(assistant, session, "/like 1")
    assert turn.cards
    assert not BANNED.search(_told(turn)), _told(turn)
    assert turn.llm.tier == "none"
    assert turn.warnings  # a tier that fails says so


def test_a_stalled_endpoint_never_holds_up_the_cards(shop_home: Path) -> None:
    with openai_server(behaviour="stall") as server:
        assistant = _assistant(shop_home, server.url, deadline_s=1.0)
        events = assistant.respond(assistant.start(), "a lamp under $80")
        first = next(events)
        assert isinstance(first, CardsReady)
        assert first.turn.timings_ms["cards"] < 1000
        assert "".join(event.text for event in events if isinstance(event, Prose))
