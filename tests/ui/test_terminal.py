"""What the terminal offers, by number."""

from __future__ import annotations

import sys
from io import StringIO

import pytest

from assistant.engine import Assistant
from tests.assistant.driving import say
from ui.terminal import converse, hints


def test_every_offer_has_a_number_and_a_line_that_does_it(shop: Assistant) -> None:
    schema = shop.catalog.schema
    session, turn = say(shop, shop.start(), "recommend me a product")
    offered = hints(turn, schema)
    assert turn.question
    assert turn.suggestions
    assert len(offered) == len(turn.question.options) + len(turn.suggestions)
    _, turn = say(shop, session, offered[-1].line)
    assert turn.cards
    session, turn = say(shop, shop.start(), "a fan under $1")
    (way_out, *_) = hints(turn, schema)
    assert way_out.line.startswith("/remove ")
    _, turn = say(shop, session, way_out.line)
    assert turn.cards


def test_a_number_alone_takes_the_offer(
    shop: Assistant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("a fan under $1\n1\n"))
    converse(shop, None)
    said = capsys.readouterr().out
    assert "1 without “" in said
    assert "Dropped “" in said
