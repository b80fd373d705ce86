"""Suggested critiques, pressed: each does what its label says, and its count is true."""

from __future__ import annotations

from statistics import median

import pytest

from assistant.engine import Assistant
from assistant.query import build_request
from assistant.readback import ReadBack
from assistant.state import Context, Session, Suggestion, Turn
from catalog import Catalog, Constraint
from retrieval.retrieve import allowed_rows
from tests.assistant.driving import say

FIRST_WORDS = {
    "shop": (
        "something for the kitchen",
        "recommend me a product",
        "a gift, no kettles",
        "something quiet and cordless",
    ),
    "films": (
        "something good to watch",
        "I loved Heat and The Insider, but nothing too violent, and under two hours please",
        "a funny film",
        "a French film, not a comedy",
        "a slow-burn sci-fi from the last ten years",
        "something with Tom Hanks or Meg Ryan, rated PG",
        "Like Amelie, but not in French",
    ),
}
CASES = [(name, words) for name, lines in FIRST_WORDS.items() for words in lines]


def remaining(session: Session, catalog: Catalog, value: str = "") -> int:
    """How many items could be shown now; with `value`, how many of those have it."""
    allowed = allowed_rows(build_request(session.profile, catalog).query, catalog)
    return sum(
        not value or any(value in values for values in catalog.items[row].labels.values())
        for row in allowed.nonzero()[0].tolist()
    )


def check(pressed: Suggestion, before: Turn, session: Session, catalog: Catalog) -> None:
    """Judge the turn after a press by the words on the button."""
    after = session.turns[-1]
    assert after.cards
    assert {c.item_id for c in after.cards} != {c.item_id for c in before.cards}
    old = [catalog.item(card.item_id) for card in before.cards]
    new = [catalog.item(card.item_id) for card in after.cards]
    verb, _, value = pressed.message.partition(" ")
    numbers = [facet for facet in catalog.schema.facets if facet.kind == "number"]
    relative = {word for facet in numbers for word in (*facet.higher, *facet.lower)}
    if verb == "more" and pressed.message.split(" and ")[0] not in relative:
        assert [w.weight for w in after.profile.preferences if w.value == value] == [1.0]
        assert remaining(session, catalog, value) == pressed.items
        return
    assert remaining(session, catalog) == pressed.items
    if verb == "no":
        assert all(value not in values for item in new for values in item.labels.values())
        return
    for word in pressed.message.split(" and "):
        for facet in numbers:
            middle = median([i.numbers[facet.name] for i in old if facet.name in i.numbers] or [0])
            if word in facet.higher:
                assert all(item.numbers[facet.name] > middle for item in new)
            if word in facet.lower:
                assert all(item.numbers[facet.name] < middle for item in new)


@pytest.mark.parametrize(("name", "words"), CASES)
def test_a_press_does_what_its_label_says(
    name: str, words: str, request: pytest.FixtureRequest
) -> None:
    assistant: Assistant = request.getfixturevalue(name)
    _, turn = say(assistant, assistant.start(), words)
    assert turn.cards
    assert 1 <= len(turn.suggestions) <= 4
    for pressed in turn.suggestions:
        assert pressed.items > 0
        retold, again = say(assistant, assistant.start(), words)
        assert again.suggestions == turn.suggestions
        retold, _ = say(assistant, retold, pressed.message)
        check(pressed, turn, retold, assistant.catalog)


def test_they_are_of_different_facets_and_not_of_what_was_just_set(films: Assistant) -> None:
    session, turn = say(films, films.start(), "a funny film")
    for _ in range(4):
        spoken = {c.facet for c in turn.profile.constraints if c.turn == turn.number}
        labels = [one.label for one in turn.suggestions]
        assert len(labels) == len(set(labels))
        assert not (spoken == {"year"} and {"newer", "older"} & set(labels))
        if not labels:
            break
        session, turn = say(films, session, turn.suggestions[0].message)
    assert len(session.turns) > 2


def test_a_chain_of_presses_never_ends_in_nothing(films: Assistant) -> None:
    session, turn = say(films, films.start(), "something good to watch")
    presses = 0
    while turn.suggestions and presses < 12:
        session, turn = say(films, session, turn.suggestions[-1].message)
        assert turn.cards
        presses += 1
    assert presses > 3


def test_small_talk_keeps_the_buttons_of_the_slate_and_no_slate_has_any(shop: Assistant) -> None:
    session, first = say(shop, shop.start(), "something for the kitchen")
    assert first.suggestions
    _, turn = say(shop, session, "thank you")
    assert turn.cards == first.cards
    assert turn.suggestions == first.suggestions
    _, turn = say(shop, shop.start(), "hello")
    assert not turn.suggestions
    _, turn = say(shop, shop.start(), "a fan under $1")
    assert not turn.suggestions


@pytest.mark.parametrize("words", ["Empfiehl mir einen Film", "Recomiéndame una película"])
def test_a_press_stays_in_the_persons_language(films: Assistant, words: str) -> None:
    _, turn = say(films, films.start(), words)
    assert turn.suggestions
    comparatives = {w for f in films.catalog.schema.facets for w in (*f.higher, *f.lower)}
    for pressed in turn.suggestions:
        assert pressed.label not in comparatives
        session, _ = say(films, films.start(), words)
        session, after = say(films, session, pressed.message)
        assert after.language == turn.language
        assert remaining(session, films.catalog) >= pressed.items
        assert {c.item_id for c in after.cards} != {c.item_id for c in turn.cards}


def test_a_kept_reading_is_what_would_be_read_anew(shop: Assistant) -> None:
    """Of "cheaper" the slate decides the number only, unless the person has named one."""
    understander = shop.parts.understander
    kept, asked = ReadBack(understander), 0
    for first in ("a gift", "something for the kitchen", "something quiet", "under $40 please"):
        session, turn = say(shop, shop.start(), first)
        slate = tuple(card.item_id for card in turn.cards)
        context = Context(2, session.profile, slate)
        for words in ("cheaper", "no kettles", "cheaper and quieter", "what a lovely day"):
            said = understander.understand(words, context)
            bounds = said.constraints or (Constraint("category", "!=", "Lamps"),)
            fresh = ReadBack(understander).read(words, bounds, None, context)
            assert kept.read(words, bounds, None, context) == fresh
            alone = said.constraints == bounds and not said.preferences
            assert (fresh is not None) == alone, words
            asked += fresh is not None
    assert asked >= 7
