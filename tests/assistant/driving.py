"""Taking turns in a test, and the rules that hold after every one of them."""

from __future__ import annotations

from assistant.commands import Command
from assistant.engine import Assistant
from assistant.events import CardsReady, Finished, Prose
from assistant.state import Session, Turn


def say(assistant: Assistant, session: Session, message: str | Command) -> tuple[Session, Turn]:
    """Take one turn, checking the order of its events and the contracts on its cards."""
    events = list(assistant.respond(session, message))
    assert isinstance(events[0], CardsReady)
    assert isinstance(events[-1], Finished)
    # A language model may understand more and bring a second slate, before any prose.
    prose = [event.text for event in events if isinstance(event, Prose)]
    slates = [event for event in events if isinstance(event, CardsReady)]
    assert events == [*slates, *events[len(slates) : -1], events[-1]]
    assert len(slates) + len(prose) == len(events) - 1
    assert len(slates) <= 2
    finished = events[-1]
    assert "".join(prose) == finished.turn.reply
    check(assistant, finished.session, finished.turn)
    return finished.session, finished.turn


def check(assistant: Assistant, session: Session, turn: Turn) -> None:
    """Every card is real, satisfies the ledger, proves it, and was never refused or seen."""
    catalog, profile = assistant.catalog, turn.profile
    barred = {opinion.item_id for opinion in (*profile.dislikes, *profile.seen, *profile.later)}
    for card in turn.cards:
        row = catalog.row(card.item_id)
        assert card.title == catalog.items[row].title
        assert catalog.facets.satisfies(row, profile.constraints), (card, profile.constraints)
        alternatives = {c.facet for c in profile.constraints if c.op == "="}
        for constraint in profile.constraints:
            holds = catalog.satisfies(card.item_id, constraint)
            assert (str(constraint) in card.satisfies) == holds
            assert holds or constraint.op == "="
        assert all(
            any(s.startswith(f"{facet} =") for s in card.satisfies) for facet in alternatives
        )
        assert card.item_id not in barred, (card.title, turn.user)
        assert abs(card.score - sum(term.contribution for term in card.terms)) < 1e-4
    ids = [card.item_id for card in turn.cards]
    assert len(set(ids)) == len(ids)
    assert turn.reply
    assert session.turns[-1] == turn
    assert turn.number == len(session.turns)
