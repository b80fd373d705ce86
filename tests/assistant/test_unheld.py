"""What is refused in words that no facet knows: told, for it cannot be kept."""

from __future__ import annotations

import pytest

from assistant.engine import Assistant
from assistant.state import Context
from tests.assistant.driving import say


@pytest.mark.parametrize(
    ("message", "unheld"),
    [
        ("a kettle, no plastic please", ("plastic",)),
        ("a desk lamp, no clowns and no subtitles", ("clowns", "subtitles")),
        ("something for the kitchen, nothing with cables", ("cables",)),
        ("no velvet, no corduroy", ("velvet", "corduroy")),
        # Refusals that something is known of, that go on, or that refuse nothing.
        ("a gift, no kettles", ()),
        ("no problem, thanks", ()),
        ("no idea what to get", ()),
        ("no hurry, a toaster", ()),
        ("lamps, no: my brother has one", ()),
        ("the last one had no lid and I hated that", ()),
        ("my kettle has no handle", ()),
        ("nothing else", ()),
    ],
)
def test_it_is_found_where_a_clause_refuses_nothing_else(
    message: str, unheld: tuple[str, ...], shop: Assistant
) -> None:
    assert shop.parts.understander.understand(message, Context(1)).unheld == unheld


def test_the_reply_says_that_it_could_not_be_kept(shop: Assistant) -> None:
    _, turn = say(shop, shop.start(), "a kettle, no plastic please")
    told = "I can't tell from our data what is without “plastic”, so nothing was left out for that."
    assert told in turn.reply
    assert turn.cards
    _, turn = say(shop, shop.start(), "a kettle, no {zq<b>}")
    assert "<b>" not in turn.reply
