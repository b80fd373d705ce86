"""What simulated people say, and that it is what they mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from assistant.state import Card, Context, Question, Turn, UserProfile
from catalog import Constraint
from catalog.errors import StoreError, UnknownSessionError
from evaluation.simulation import grammar
from evaluation.simulation.facts import Fact
from evaluation.simulation.memory_store import MemoryStore
from evaluation.simulation.personas import PERSONAS, Persona
from evaluation.simulation.play import rule_user
from evaluation.simulation.wording import Speaker
from tests.evaluation.small_library import bench, whole
from tests.evaluation.test_simulation import need

PLAIN = Persona("plain", typos=0, careless=0, filler=0)
CRIME = Fact((Constraint("genre", "=", "crime"),), hard=False)
NO_HORROR = Fact((Constraint("genre", "!=", "horror"),), hard=True)
NINETIES = Fact((Constraint("year", ">=", 1990), Constraint("year", "<=", 1999)), hard=True)
SHORT = Fact((Constraint("pages", "<=", 200.0),), hard=True)


def speaker(seed: int, persona: Persona = PLAIN) -> Speaker:
    return Speaker(whole(), persona, Random(seed))


@pytest.mark.parametrize("fact", [CRIME, NO_HORROR, NINETIES, SHORT])
def test_vouch_reads_plain_words_as_they_are_meant(fact: Fact) -> None:
    """Words are not made for Vouch; but it would be odd if it did not follow most of them."""
    understander, right = bench().parts.understander, 0
    for seed in range(40):
        read = understander.understand(speaker(seed).more([fact]), Context(1))
        found = {(c.facet, c.op, str(c.value)) for c in read.constraints}
        found |= {(p.facet, "=", p.value) for p in read.preferences if p.weight > 0}
        meant = {(c.facet, c.op, str(c.value).removesuffix(".0")) for c in fact.constraints}
        right += found == meant
    assert right >= 30


def test_many_phrasings_and_no_blank_left() -> None:
    said = {speaker(seed).opening([CRIME, NINETIES], whole().items[0]) for seed in range(200)}
    assert len(said) > 180
    assert not any("{" in text or "  " in text for text in said)
    assert any("Amber Harbour" in text for text in said)


def test_what_is_meant_without_exception_is_not_hedged() -> None:
    for seed in range(100):
        text = speaker(seed).more([NINETIES]).lower()
        assert not any(word in text for word in ("maybe", "ideally", "prefer", "guess", "try"))
    assert any("maybe" in speaker(seed).more([CRIME]).lower() for seed in range(100))


def test_personas_type_differently() -> None:
    terse, chatty, *_ = PERSONAS
    lengths = [
        sum(len(speaker(seed, persona).more([CRIME])) for seed in range(100))
        for persona in (terse, chatty)
    ]
    assert lengths[0] < lengths[1]
    sloppy = next(persona for persona in PERSONAS if persona.name == "sloppy")
    typed = [speaker(seed, sloppy).answer([CRIME]) for seed in range(100)]
    assert all(text == text.lower() for text in typed)
    assert 2 < sum("crime" not in text for text in typed) < 40


def test_every_form_can_be_filled() -> None:
    blanks = dict.fromkeys(
        ("noun", "plural", "want", "title", "ref", "consumed", "a", "b", "value", "text", "ordinal",
         "number", "decade", "short", "before", "after"), "x"
    )  # fmt: skip
    assert all("{" not in form.format(**blanks) for form in grammar.ALL)


def asked(facet: str, *cards: Card) -> Turn:
    return Turn(1, "", (), "", Question("?", facet, ()), UserProfile(), cards)


def test_a_question_is_answered_with_the_truth() -> None:
    for number in range(12):
        wanted = need(number)
        talker = replace(wanted, persona=replace(PLAIN, passes=0.0), facts=(), mistake=None)
        user = rule_user(talker, bench(), 7)
        user.open()
        answer = user.reply(asked("genre"))
        assert isinstance(answer, str)
        genres = {whole().items[row].labels["genre"][0] for row in wanted.targets}
        told = [genre for genre in ("crime", "horror") if genre in answer.lower()]
        told += ["romance"] if "romance" in answer or "love story" in answer.lower() else []
        assert set(told) <= genres


def test_who_does_not_mind_says_so() -> None:
    shy = replace(need(0), persona=replace(PLAIN, passes=1.0))
    user = rule_user(shy, bench(), 7)
    user.open()
    answer = user.reply(asked("genre"))
    assert str(answer).strip(".!?").lower() in {form.lower() for form in grammar.PASSING}


def test_a_store_without_a_file_keeps_the_rules_of_one() -> None:
    store = MemoryStore()
    session = store.create()
    turn = Turn(1, "hello", (), "hi", None, UserProfile(), ())
    longer = store.append(session, turn)
    assert store.load(session.session_id) == longer
    with pytest.raises(StoreError):
        store.append(session, turn)
    assert store.revise(longer, replace(turn, reply="ho")).turns[0].reply == "ho"
    assert store.expire(timedelta(0)) == 0
    branch = store.branch(longer, 0)
    assert (branch.turns, store.load(session.session_id).turns != ()) == ((), True)
    store.erase(branch.session_id)
    mine = store.adopt(session.session_id, "ann")
    assert mine.user_id == "ann"
    with pytest.raises(UnknownSessionError):
        store.adopt(session.session_id, "bob")
    erased = store.forget("ann")
    assert (erased.sessions, erased.turns, store.recall("ann")) == (1, 1, ())
    with pytest.raises(UnknownSessionError):
        store.load(session.session_id)
    store.erase(session.session_id)
