"""Conversations survive, whole, and two windows cannot overwrite each other."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.state import Card, LlmStatus, Opinion, Preference, Question, Turn, UserProfile
from assistant.store import SqlStore
from catalog import Constraint, Relaxation
from catalog.database import open_database
from catalog.errors import StoreError, UnknownSessionError
from ranking.scoring import Term

TURN = Turn(
    number=1,
    user="I loved <b>Ash</b> 🎬",
    acts=("like", "constrain"),
    reply="Noted.",
    question=Question("Which genre?", "genre", ("Crime", "Comedy")),
    profile=UserProfile(
        likes=(Opinion("a", "Ash", 1, "loved"),),
        constraints=(Constraint("year", ">=", 1991, 1, "after 1990"),),
        preferences=(Preference("genre", "Crime", 0.5, 1, "crime"),),
        topics=("trees",),
    ),
    cards=(
        Card(
            "b", "Birch", 1995, 1.5, (Term("text", 1.5, ("a",)),), ("because",), ("year >= 1991",)
        ),
    ),
    missing_titles=("Oak",),
    relaxations=(Relaxation((Constraint("genre", "=", "Crime"),), 3),),
    llm=LlmStatus("endpoint", "m"),
    warnings=("careful",),
    timings_ms={"cards": 12.5},
)


@pytest.fixture
def store(tmp_path: Path) -> SqlStore:
    return SqlStore(open_database(f"sqlite:///{tmp_path / 'vouch.db'}"))


def test_a_turn_comes_back_as_it_went_in(store: SqlStore) -> None:
    session = store.append(store.create("7"), TURN)
    loaded = store.load(session.session_id)
    assert loaded == session
    constraint = loaded.turns[0].profile.constraints[0]
    assert (constraint.turn, constraint.text) == (1, "after 1990")  # not part of equality


def test_ids_are_long_and_differ(store: SqlStore) -> None:
    ids = {store.create().session_id for _ in range(50)}
    assert len(ids) == 50
    assert min(map(len, ids)) >= 32


def test_an_unknown_session_is_an_error(store: SqlStore) -> None:
    with pytest.raises(UnknownSessionError, match="nope"):
        store.load("nope")


def test_the_second_window_is_told_and_nothing_is_lost(store: SqlStore) -> None:
    session = store.create()
    store.append(session, TURN)
    with pytest.raises(StoreError, match="another window"):
        store.append(session, TURN)
    assert len(store.load(session.session_id).turns) == 1


def test_revising_replaces_and_erasing_removes(store: SqlStore) -> None:
    from dataclasses import replace

    session = store.append(store.create(), TURN)
    revised = store.revise(session, replace(TURN, reply="Better."))
    assert store.load(session.session_id) == revised
    assert revised.turns[0].reply == "Better."
    store.erase(session.session_id)
    store.erase(session.session_id)
    with pytest.raises(UnknownSessionError):
        store.load(session.session_id)


def test_a_branch_begins_the_same_and_goes_its_own_way(store: SqlStore) -> None:
    from dataclasses import replace

    memory = UserProfile(likes=(Opinion("a", "Ash", 0),))
    session = store.append(store.create("7", memory), TURN)
    longer = store.append(session, replace(TURN, number=2, user="more", profile=UserProfile()))
    kept = store.recall("7")
    branch = store.branch(longer, 1)
    assert branch.session_id != session.session_id
    assert store.load(branch.session_id) == branch
    assert replace(branch, session_id=session.session_id) == session
    assert store.recall("7") == kept
    store.append(branch, replace(TURN, number=2, user="less"))
    assert store.load(session.session_id) == longer


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    """A child appends turns and says so; it is killed in mid-flow; every turn it said is there."""
    url = f"sqlite:///{tmp_path / 'vouch.db'}"
    code = f"""
import sys
from dataclasses import replace
from assistant.store import SqlStore
from assistant.state import Turn, UserProfile
from catalog.database import open_database
store = SqlStore(open_database({url!r}))
session = store.create()
print(session.session_id, flush=True)
turn = Turn(0, "x", ("button",), "", None, UserProfile(), ())
for number in range(1, 100000):
    session = store.append(session, replace(turn, number=number))
    print(number, flush=True)
"""
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    session_id = child.stdout.readline().strip()
    acknowledged = [int(child.stdout.readline()) for _ in range(20)]
    child.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in child.stdout.read().split()]
    child.wait()
    child.stdout.close()
    numbers = [turn.number for turn in SqlStore(open_database(url)).load(session_id).turns]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= acknowledged[-1] >= 20
