"""What conversations come to, counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant import recent
from assistant.recent import Conversation
from assistant.reporting import report, tally
from assistant.reports import Counted, Day, Stage, Tally, Unfulfilled, WayOut, Worded
from assistant.state import Answer, Card, LlmStatus, Opinion, Quote, Turn, UserProfile
from assistant.store import SqlStore
from catalog import Constraint, Relaxation
from catalog.database import open_database
from catalog.errors import UnknownSessionError

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CHEAP = Constraint("price", "<=", 5.0, 1, "under 5")
RED = Constraint("colour", "=", "Red", 1, "red")


def cards(*item_ids: str) -> tuple[Card, ...]:
    return tuple(Card(item_id, item_id.upper(), None, 0.0, (), (), ()) for item_id in item_ids)


def taken(*opinions: tuple[str, int]) -> tuple[Opinion, ...]:
    return tuple(Opinion(item_id, item_id.upper(), turn) for item_id, turn in opinions)


def turn(number: int, user: str = "a lamp", *shown: str, **more: object) -> Turn:
    made = Turn(number, user, ("request",), "", None, UserProfile(), cards(*shown))
    return replace(made, **more)  # type: ignore[arg-type]


def talk(*turns: Turn, began: datetime = NOON, name: str = "s") -> Conversation:
    return Conversation(name, None, began, began, turns)


def test_a_stand_counts_once_shown_and_while_it_is_kept_to() -> None:
    told = UserProfile(likes=taken(("a", 0), ("b", 1)))  # known before, and named before shown
    liked = replace(told, likes=(*told.likes, *taken(("c", 2))), dislikes=taken(("d", 2)))
    both = replace(liked, seen=taken(("c", 3)), later=taken(("e", 3)))
    undone = replace(both, dislikes=())
    turns = (
        turn(1, "I like b", "a", "b", "c", "d", profile=told),
        turn(2, "/like 3", "a", "c", "e", profile=liked),
        turn(3, "/seen 2", "e", profile=both),
        turn(4, "/undo", "e", "d", profile=undone),
    )
    assert tally(turns) == Tally(1, 4, 1, 1, shown=5, liked=1, disliked=0, seen=1, later=1)


def test_starting_over_takes_no_stand_back() -> None:
    turns = (
        turn(1, "x", "a", "b"),
        turn(2, "/dislike 1", "b", profile=UserProfile(dislikes=taken(("a", 2)))),
        turn(3, "start over", "b", acts=("reset",)),
        turn(4, "/dislike 1", "c", profile=UserProfile(dislikes=taken(("b", 4)))),
    )
    assert tally(turns) == Tally(1, 4, 1, 0, shown=3, disliked=2)


def test_days_and_their_sum() -> None:
    first = talk(turn(1, "x", "a", "b"), turn(2, profile=UserProfile(likes=taken(("a", 2)))))
    second = talk(turn(1, "hello", acts=("greeting",)), began=NOON + timedelta(hours=11))
    third = talk(turn(1, "x", "a"), began=NOON + timedelta(hours=13))
    found = report([third, second, first])
    assert found.days == (
        Day("2026-11-22", Tally(1, 1, 1, 0, 1)),
        Day("2026-11-21", Tally(2, 3, 1, 1, 2, liked=1)),
    )
    assert found.total == Tally(3, 4, 2, 1, 3, liked=1)


def test_what_people_did_not_get() -> None:
    searched = {"retrieve": 1.0}
    both = UserProfile(constraints=(RED, CHEAP))
    nothing = turn(1, "a red lamp under 5", profile=both, timings_ms=searched)
    offered = replace(nothing, user="red, 5 at most", relaxations=(Relaxation((CHEAP,), 7),))
    talked = turn(2, "thanks", acts=("thanks",), profile=both)  # nothing was searched for
    cheap = replace(nothing, user="", profile=UserProfile(constraints=(CHEAP,)))
    found = report([talk(offered), talk(nothing, talked, replace(nothing, number=3)), talk(cheap)])
    assert found.unfulfilled == (
        Unfulfilled(
            ("colour = Red", "price <= 5"),
            2,
            ("red, 5 at most", "a red lamp under 5"),
            (WayOut(("price <= 5",), 7),),
        ),
        Unfulfilled(("price <= 5",), 1, ("",), ()),
    )


def test_titles_that_are_missing_count_once_a_conversation_however_spelt() -> None:
    found = report(
        [
            talk(turn(1, missing_titles=("The  Oak", "Elm")), turn(2, missing_titles=("the oak",))),
            talk(turn(1, missing_titles=("The Oak",))),
        ]
    )
    assert found.missing_titles == (Counted("The Oak", 2), Counted("Elm", 1))


def test_questions_that_the_help_pages_do_not_answer() -> None:
    asked = turn(1, "do you ship to Mars?", acts=("policy",), answer=Answer("No page says.", ()))
    quoted = Answer("Yes.", ("Shipping",), quotes=(Quote("We do.", "Shipping"),))
    fact = Answer("No page says. It is 5.", ("price",))  # answered about an item, not the shop
    found = report(
        [
            talk(
                asked,
                replace(asked, number=2, user="do you ship to Oslo?", answer=quoted),
                replace(asked, number=3, user="gift cards? and how much is it?", answer=fact),
                replace(asked, number=4, user="I complain", handover="words", answer=None),
            )
        ]
    )
    assert [one.what for one in found.unanswered] == [
        "do you ship to Mars?",
        "gift cards? and how much is it?",
    ]


def test_time_by_nearest_rank_in_the_order_of_the_turn() -> None:
    turns = [turn(n, timings_ms={"cards": float(n), "new": 1.04}) for n in range(1, 101)]
    turns.append(turn(101, timings_ms={"total": 9.0, "retrieve": 3.0, "understand": 2.0}))
    assert report([talk(*turns)]).stages == (
        Stage("understand", 1, 2, 2, 2),
        Stage("retrieve", 1, 3, 3, 3),
        Stage("cards", 100, 50, 95, 99),
        Stage("total", 1, 9, 9, 9),
        Stage("new", 100, 1.0, 1.0, 1.0),
    )


def test_warnings_and_who_wrote() -> None:
    model = LlmStatus("endpoint", "m")
    late = "The language model did not answer in time; the reasons are Vouch's own templates."
    found = report(
        [
            talk(turn(1, llm=model), turn(2, llm=model), turn(3, warnings=(late, "no card 9"))),
            talk(turn(1, warnings=("no card 9",))),
        ]
    )
    assert found.warned == 2
    assert found.warnings == (Counted("no card 9", 2), Counted(late, 1))
    assert set(found.worded) == {Worded("endpoint", "m", 2), Worded("none", None, 2)}
    assert found.model_failures == 1


def test_nothing_said_comes_to_nothing() -> None:
    found = report([])
    assert found.total == Tally()
    assert (found.days, found.unfulfilled, found.stages, found.worded) == ((), (), (), ())


def test_lists_are_cut_to_the_most_frequent() -> None:
    talks = [talk(turn(1, missing_titles=tuple(f"T{k}" for k in range(n)))) for n in range(1, 6)]
    found = report(talks, most=2)
    assert found.missing_titles == (Counted("T0", 5), Counted("T1", 4))


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def talked(tmp_path: Path) -> tuple[SqlStore, Sequence[str], Path]:
    """Four conversations, an hour apart: of one, two and three turns, and one without a word."""
    path, clock = tmp_path / "vouch.db", Clock()
    store = SqlStore(open_database(f"sqlite:///{path}"), clock)
    ids: list[str] = []
    for length in range(4):
        clock.now += timedelta(hours=1)
        session = store.create("7" if length == 2 else None, UserProfile(topics=("oak",)))
        ids.append(session.session_id)
        for number in range(1, length + 1):
            session = store.append(session, turn(number, f"{length}.{number}", "a"))
    return store, ids, path


def test_conversations_are_read_newest_first_and_no_more_than_asked_for(
    talked: tuple[SqlStore, Sequence[str], Path],
) -> None:
    _, ids, path = talked
    engine = open_database(f"sqlite:///{path}")

    def words(since: datetime, most: int) -> list[list[str]]:
        return [[t.user for t in one.turns] for one in recent.recent(engine, since, most)]

    assert words(NOON, 100) == [["3.1", "3.2", "3.3"], ["2.1", "2.2"], ["1.1"]]
    assert words(NOON, 4) == [["3.1", "3.2", "3.3"], ["2.1"]]
    assert words(NOON + timedelta(hours=3), 100) == [["3.1", "3.2", "3.3"]]
    total, (middle,) = recent.page(engine, 1, 1)
    assert total == 3
    assert (middle.session_id, middle.user_id) == (ids[2], "7")
    assert middle.began == middle.last == NOON + timedelta(hours=3)
    assert recent.page(engine, 3, 20) == (3, ())
    assert [t.user for t in recent.find(engine, ids[3]).turns] == ["3.1", "3.2", "3.3"]
    for unknown in (ids[0], "none"):
        with pytest.raises(UnknownSessionError):
            recent.find(engine, unknown)
