"""When a human is called, what they are told, and what is kept of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from assistant.engine import Assistant
from assistant.events import Finished
from assistant.handover import HandoverConfig, Packet, handover_reason
from assistant.handover_table import TABLES
from assistant.handovers import Handovers, News
from assistant.outbox import Outbox, OutboxConfig
from assistant.state import (
    Act,
    Answer,
    Card,
    Opinion,
    Preference,
    Question,
    Session,
    Turn,
    UserProfile,
)
from assistant.store import SqlStore
from catalog import Catalog, Constraint
from catalog.database import open_database
from catalog.errors import StoreError, UnknownSessionError
from ranking.scoring import Term
from tests.assistant.driving import say

CARD = Card("b", "Birch", 1995, 1.5, (Term("text", 1.5),), ("tense, as you asked",), ())
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def turn(number: int, user: str, *acts: Act, **values: object) -> Turn:
    """Return a turn that showed one card and went well, but for `values`."""
    told = Turn(number, user, acts or ("request",), "Here.", None, UserProfile(), (CARD,))
    return replace(told, **values)  # pyright: ignore[reportArgumentType]


def reason(*turns: Turn, config: HandoverConfig = HandoverConfig()) -> str | None:
    *before, last = turns
    return handover_reason(Session("s", turns=tuple(before)), last, config)


def test_who_asks_for_a_human_gets_one_at_once() -> None:
    assert reason(turn(1, "let me talk to a human", "human")) == "request"
    assert reason(turn(1, "hello", "greeting")) is None


@pytest.mark.parametrize(
    "message",
    [
        "talk to a human",
        "I want to speak with a real person",
        "ich möchte mit einem Menschen sprechen",
        "quiero hablar con un humano",
        "je veux parler à un humain",
        "转人工",
    ],
)
def test_the_wish_is_heard_in_every_language(shop: Assistant, message: str) -> None:
    *_, last = shop.respond(shop.start(), message, reachable=True)
    assert isinstance(last, Finished)
    assert last.turn.handover == "request"


@pytest.mark.parametrize(
    ("message", "called"),
    [
        ("I want a REFUND.", True),
        ("refundable shoes", False),  # a word is whole ...
        ("I am complaining", True),  # ... unless it ends in a star
        ("it gave me an electric shock!", True),
        ("我要退款", True),  # scripts without spaces have no edges
        ("quiet headphones", False),
    ],
)
def test_words_of_the_policy_call_one_too(message: str, called: bool) -> None:
    config = HandoverConfig(("refund", "complain*", "electric shock", "退款"))
    assert (reason(turn(1, message), config=config) == "words") is called
    assert reason(turn(1, message)) is None


def test_a_button_says_no_words() -> None:
    pressed = turn(1, "/like refund-insurance", "button")
    assert reason(pressed, config=HandoverConfig(("refund",))) is None


def failures() -> list[Sequence[Turn]]:
    refused = UserProfile(dislikes=(Opinion("b", "Birch", 1),))
    return [
        [turn(n, "x", missing_titles=("Oak",)) for n in (1, 2, 3)],
        [turn(n, "x", cards=()) for n in (1, 2, 3)],
        [turn(1, "x"), *(turn(n, "none of these", "dislike", profile=refused) for n in (2, 3, 4))],
    ]


@pytest.mark.parametrize("turns", failures())
def test_after_repeated_failure_one_is_offered(turns: Sequence[Turn]) -> None:
    assert reason(*turns) == "failure"
    assert reason(*turns[:-1]) is None
    assert reason(*turns[:-1], turn(4, "that one is nice", "like")) is None
    assert reason(*turns, config=HandoverConfig(failures=4)) is None


def test_small_talk_and_answers_without_cards_are_no_failures() -> None:
    talk = [turn(n, "thanks", "thanks", cards=()) for n in (1, 2, 3)]
    answered = [turn(n, "x", "ask", cards=(), answer=Answer("Yes.", ("x",))) for n in (1, 2, 3)]
    assert reason(*talk) is None
    assert reason(*answered) is None


def test_the_second_abuse_is_one_too_many() -> None:
    angry, calm = turn(1, "you idiot", "abuse"), turn(2, "a lamp")
    assert reason(angry) is None
    assert reason(angry, calm) is None
    assert reason(angry, calm, turn(3, "idiot", "abuse")) == "failure"


def test_the_second_question_of_policy_without_an_answer_too() -> None:
    open_one = turn(1, "where is my parcel", "policy")
    answered = turn(2, "how long is shipping", "policy", answer=Answer("Two days.", ("faq",)))
    assert reason(open_one, answered) is None
    assert reason(open_one, answered, turn(3, "can I pay by cheque", "policy")) == "policy"


@pytest.fixture
def conversation(tiny: Catalog) -> Session:
    profile = UserProfile(
        likes=(Opinion("a", "Ash", 1, "loved Ash"),),
        dislikes=(Opinion("b", "Birch", 2, "/dislike b"),),
        constraints=(Constraint("year", ">=", 1991, 1, "after 1990"),),
        preferences=(Preference("genre", "Horror", -0.5, 1, "not scary"),),
    )
    first = turn(1, "I loved Ash, after 1990, not scary. <b>Oak</b>?", missing_titles=("Oak",))
    shown = replace(CARD, item_id="c", title="Cedar", year=2000)
    question = Question("Which genre?", "genre", ("Crime", "Comedy"))
    pressed = turn(2, "/dislike b", "button", cards=(shown,), question=question, profile=profile)
    return Session("s" * 32, "shop/42", (first, pressed))


def test_a_packet_tells_all_that_a_human_needs(conversation: Session, tiny: Catalog) -> None:
    packet = Packet.of(conversation, tiny, "request")
    assert "Ash" in packet.summary
    assert [(want.means, want.words, want.must) for want in packet.wanted] == [
        ("year >= 1991", "after 1990", True),
        ("not genre Horror", "not scary", False),
    ]
    assert [(pick.card["title"], pick.turn, pick.stand) for pick in packet.shown] == [
        ("Birch", 1, "disliked"),
        ("Cedar", 2, ""),
    ]
    assert (packet.rejected, packet.missing) == (("Birch",), ("Oak",))
    assert packet.question == "Which genre?"
    assert packet.customer == "shop/42"
    assert [said.speaker for said in packet.transcript] == ["person", "assistant"] * 2
    assert packet.transcript[2].text == "/dislike Birch"
    assert packet.json()["profile"]["constraints"][0]["text"] == "after 1990"
    note = packet.note()
    for told in ("after 1990", "Birch", "Oak", "Which genre?", "I loved Ash"):
        assert told in note


def test_the_packet_of_nothing_is_a_packet(tiny: Catalog) -> None:
    packet = Packet.of(Session("s"), tiny, "request")
    assert (packet.customer, packet.language, packet.transcript) == ("", "en", ())


def test_the_id_of_a_device_is_told_to_nobody(conversation: Session, tiny: Catalog) -> None:
    secret = f"device-{'x' * 32}"
    packet = Packet.of(replace(conversation, user_id=secret), tiny, "request")
    assert secret not in str(packet.json())


def test_a_human_is_promised_only_where_one_can_be_reached(shop: Assistant) -> None:
    _, alone = say(shop, shop.start(), "I want to talk to a human")
    assert alone.handover is None
    assert "nobody" in alone.reply
    *_, last = shop.respond(shop.start(), "I want to talk to a human", reachable=True)
    assert isinstance(last, Finished)
    assert last.turn.handover == "request"
    assert "person to take over" in last.turn.reply
    (stored,) = shop.resume(last.session.session_id).turns
    assert (stored.handover, stored.reply) == ("request", last.turn.reply)


def test_the_offer_is_made_in_the_language_of_the_conversation(shop: Assistant) -> None:
    session = shop.start()
    for message in ("Eine Lampe unter 1 €", "und leichter als 5 g", "und unter 0,50 €"):
        *_, last = shop.respond(session, message, reachable=True)
        assert isinstance(last, Finished)
        session = last.session
    assert last.turn.handover == "failure"
    assert "Mensch übernehmen" in last.turn.reply


# What is kept


@pytest.fixture
def database(tmp_path: Path) -> Engine:
    return open_database(f"sqlite:///{tmp_path / 'vouch.db'}")


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


def told(news: News) -> Sequence[dict[str, object]]:
    return ({"kind": news.kind, "text": news.message.text},)


def rows(database: Engine) -> int:
    with database.connect() as connection:
        counts = [connection.execute(select(func.count()).select_from(t)) for t in TABLES]
        return sum(count.scalar_one() for count in counts)


def test_a_conversation_with_a_human(database: Engine, tiny: Catalog) -> None:
    store, handovers, heard = SqlStore(database), Handovers(database, tiny), list[str]()
    handovers.listen(heard.append)
    session = store.append(store.create(), turn(1, "talk to a human", "human", language="de"))
    sid = session.session_id
    assert handovers.current(sid) is None
    opened = handovers.open(session, "request", "shop")
    assert handovers.open(session, "failure", "shop") == opened
    assert (opened.state, opened.reason, opened.site) == ("waiting", "request", "shop")
    handovers.say(sid, "hello?", agent=False)
    with pytest.raises(StoreError, match="take the conversation"):
        handovers.say(sid, "hi", agent=True)
    assert handovers.take(sid, "Ana").state == "human"
    handovers.say(sid, "hi", agent=True)
    assert [found.agent for found, _ in handovers.waiting()] == ["Ana"]
    assert handovers.close(sid, person=False).state == "closed"
    assert handovers.close(sid, person=True).state == "closed"  # nothing changes
    assert handovers.current(sid) is None
    said = handovers.messages(sid)
    assert [message.seq for message in said] == [1, 2, 3, 4, 5]
    assert [(m.speaker, m.name, m.state) for m in said] == [
        ("system", "", "waiting"),
        ("person", "", "waiting"),
        ("system", "Ana", "human"),
        ("agent", "Ana", "human"),
        ("system", "Ana", "closed"),
    ]
    assert said[2].text == "Ana ist jetzt da."
    assert handovers.messages(sid, after=4) == said[4:]
    assert heard == [sid] * 5
    with pytest.raises(StoreError, match="with the assistant"):
        handovers.say(sid, "still there?", agent=False)
    lines = handovers.packet(store.load(sid), "request").transcript
    assert [line.speaker for line in lines][:4] == ["person", "assistant", "system", "person"]


def test_it_can_be_handed_over_again(database: Engine, tiny: Catalog) -> None:
    store, handovers = SqlStore(database), Handovers(database, tiny)
    session = store.create()
    first = handovers.open(session, "request")
    handovers.take(session.session_id, "Ana")
    handovers.close(session.session_id, person=True)
    again = handovers.open(session, "failure")
    assert (again.number, again.state, again.agent) == (first.number, "waiting", "")
    assert again.reason == "failure"


def test_one_process_learns_what_another_changed(database: Engine, tiny: Catalog) -> None:
    store = SqlStore(database)
    here, there = Handovers(database, tiny), Handovers(open_database(str(database.url)), tiny)
    session = store.create()
    last, _ = here.changed(None)
    there.open(session, "request")
    after, sessions = here.changed(last)
    assert (sessions, here.changed(after)) == ({session.session_id}, (after, frozenset()))


def test_nothing_is_left_when_the_conversation_is_erased(database: Engine, tiny: Catalog) -> None:
    store, handovers = SqlStore(database), Handovers(database, tiny, told)
    mine, known = store.create(), store.create("shop/7")
    for session in (mine, known):
        handovers.open(session, "request")
        handovers.say(session.session_id, "my secret", agent=False)
    assert rows(database) == 2 * (1 + 2 + 2)
    store.erase(mine.session_id)
    store.forget("shop/7")
    assert rows(database) == 0
    with pytest.raises(StoreError):
        handovers.find(mine.session_id)
    file = Path(str(database.url.database))
    assert b"my secret" not in file.read_bytes()


def test_who_erases_while_asking_is_not_handed_over(database: Engine, tiny: Catalog) -> None:
    store, handovers = SqlStore(database), Handovers(database, tiny)
    session = store.create()
    store.erase(session.session_id)
    with pytest.raises(UnknownSessionError):
        handovers.open(session, "request")


def test_a_person_who_waits_is_waited_for(database: Engine, tiny: Catalog) -> None:
    clock = Clock()
    store, handovers = SqlStore(database, clock), Handovers(database, tiny, now=clock)
    waiting, left = store.create(), store.create()
    handovers.open(waiting, "request")
    clock.time += timedelta(days=2)
    assert store.expire(timedelta(days=1)) == 1
    with pytest.raises(UnknownSessionError):
        store.load(left.session_id)
    handovers.close(waiting.session_id, person=False)
    assert store.expire(timedelta(days=1)) == 0  # closing was a sign of life
    clock.time += timedelta(days=2)
    assert store.expire(timedelta(days=1)) == 1
    forgotten = store.create()
    handovers.open(forgotten, "request")
    clock.time += timedelta(days=8)
    assert store.expire(timedelta(days=1)) == 1  # nobody is waited for a whole week


def test_a_parcel_is_sent_in_order_later_and_not_for_ever(database: Engine, tiny: Catalog) -> None:
    clock = Clock()
    store, handovers = SqlStore(database, clock), Handovers(database, tiny, told, clock)
    outbox = Outbox(database, OutboxConfig(attempts=3), clock)
    session = store.create()
    handovers.open(session, "request")
    handovers.say(session.session_id, "second", agent=False)
    first = outbox.take()
    assert first is not None
    assert first.attempts == 1
    assert outbox.take() is None  # what comes after it waits for it
    outbox.failed(first)
    assert outbox.idle() == pytest.approx(0)  # the second is due, but not before the first
    assert outbox.take() is None
    waits = list[float]()
    for attempt in (2, 3):
        while (again := outbox.take()) is None:
            clock.time += timedelta(seconds=0.5)
            waits.append(0.5)
        assert (again.delivery_id, again.attempts) == (first.delivery_id, attempt)
        outbox.failed(again)
    assert sum(waits) == 1 + 2
    second = outbox.take()  # the first was given up
    assert second is not None
    assert "second" in second.payload
    outbox.arrived(second)
    assert outbox.idle() is None


def test_a_process_that_died_leaves_its_parcel_to_another(database: Engine, tiny: Catalog) -> None:
    clock = Clock()
    store, handovers = SqlStore(database, clock), Handovers(database, tiny, told, clock)
    outbox = Outbox(database, now=clock)
    handovers.open(store.create(), "request")
    taken = outbox.take()
    assert taken is not None
    assert outbox.take() is None
    clock.time += timedelta(minutes=2)
    assert outbox.take() == replace(taken, attempts=2)


def test_a_delivery_counts_once_unless_it_failed(database: Engine, tiny: Catalog) -> None:
    handovers = Handovers(database, tiny)
    with pytest.raises(StoreError, match="no person"), handovers.once("d1"):
        handovers.find("unknown")
    with handovers.once("d1") as new:
        assert new
    with handovers.once("d1") as new:
        assert not new
