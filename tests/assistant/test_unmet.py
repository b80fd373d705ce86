"""A wish that nothing shown grants is said to be so, and the slate is not told as if it did."""

from __future__ import annotations

import pytest

from assistant.engine import Assistant
from assistant.state import Card, LlmStatus, Preference, Turn, UserProfile
from assistant.unmet import unmet
from catalog import Catalog
from tests.assistant.driving import say


def turn(wishes: tuple[Preference, ...], *item_ids: str) -> Turn:
    cards = tuple(Card(item_id, item_id, None, 0.0, (), (), ()) for item_id in item_ids)
    return Turn(1, "", (), "", None, UserProfile(preferences=wishes), cards, llm=LlmStatus())


def test_a_wish_is_met_by_one_card(tiny: Catalog) -> None:
    crime, lee, dear = (
        Preference("genre", "Crime", 1.0, 1),
        Preference("author", "Ann Lee", 1.0, 1),
        Preference("price", ">= 45", 1.0, 1),
    )
    less = Preference("genre", "Romance", -1.0, 1)
    wishes = (crime, lee, dear, less)
    assert unmet(turn(wishes, "b", "d"), tiny) == (lee, dear)
    assert unmet(turn(wishes, "a", "e"), tiny) == ()
    assert unmet(turn(wishes), tiny) == ()


@pytest.mark.parametrize("last", ["the red one under 20", "kettles with bluetooth"])
def test_no_headline_names_what_no_card_has(shop: Assistant, last: str) -> None:
    session = shop.start()
    for message in ("a glass kettle", last):
        session, taken = say(shop, session, message)
        for wish in unmet(taken, shop.catalog):
            headline = taken.reply.split(". ")[0]
            assert wish.value not in headline
