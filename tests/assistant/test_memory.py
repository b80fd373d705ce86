"""What lasts of a known person, what fades, what anonymous people leave, and erasing it all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from assistant.memory import Memory, MemoryConfig, changes, faded, lasting, remembered
from assistant.people import People, device_id, is_device
from assistant.profile import update_profile
from assistant.recall import before_last_change
from assistant.state import Opinion, Preference, Session, Turn, Understanding, UserProfile
from assistant.store import SqlStore
from catalog import Catalog, Constraint
from catalog.database import open_database
from catalog.errors import UnknownSessionError

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
ASH, BIRCH = Opinion("a", "Ash", 1, "loved Ash"), Opinion("b", "Birch", 1)
NO_HORROR = Constraint("genre", "!=", "Horror", 1, "I never read horror", "always")
CRIME = Preference("genre", "Crime", 1.0, 1, "I love crime", "always")
MOMENT = UserProfile(
    constraints=(Constraint("year", ">=", 1991, 1, "after 1990"),),
    preferences=(Preference("genre", "Comedy", 1.0, 1, "something funny"),),
    topics=("a slow heist",),
    later=(Opinion("e", "Elm", 1),),
)
LASTING = UserProfile(
    likes=(ASH,), dislikes=(BIRCH,), seen=(ASH,), constraints=(NO_HORROR,), preferences=(CRIME,)
)


class Clock:
    """Time that a test moves on."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **ages: float) -> None:
        self.now += timedelta(**ages)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "vouch.db"


@pytest.fixture
def store(database: Path, clock: Clock) -> SqlStore:
    return SqlStore(open_database(f"sqlite:///{database}"), clock)


@pytest.fixture
def people(store: SqlStore, tiny: Catalog, clock: Clock) -> People:
    return People(store, tiny, MemoryConfig(), clock)


def take(store: SqlStore, session: Session, profile: UserProfile, said: str = "x") -> Session:
    turn = Turn(len(session.turns) + 1, said, ("request",), "Noted.", None, profile, ())
    return store.append(session, turn)


def say(store: SqlStore, session: Session, **found: object) -> Session:
    understood = Understanding(acts=("request",), **found)  # type: ignore[arg-type]
    number = len(session.turns) + 1
    return take(store, session, update_profile(session.profile, understood, number))


def test_the_next_conversation_begins_with_what_lasts_and_only_that(
    store: SqlStore, people: People
) -> None:
    both = replace(
        LASTING,
        constraints=(*LASTING.constraints, *MOMENT.constraints),
        preferences=(*LASTING.preferences, *MOMENT.preferences),
        topics=MOMENT.topics,
        later=MOMENT.later,
    )
    first = take(store, people.begin("ann"), both)
    second = people.begin("ann")

    assert second.turns == ()
    assert second.profile == UserProfile(
        likes=(replace(ASH, turn=0),),
        dislikes=(replace(BIRCH, turn=0),),
        seen=(replace(ASH, turn=0),),
        constraints=(NO_HORROR,),
        preferences=(replace(CRIME, turn=0),),
    )
    (rule,) = second.profile.constraints
    assert (rule.turn, rule.text, rule.scope) == (0, "I never read horror", "always")
    assert people.begin("bob").profile == people.begin(None).profile == UserProfile()
    assert {memory.session_id for memory in store.recall("ann")} == {first.session_id}
    assert {memory.said_at for memory in store.recall("ann")} == {START}


def test_what_a_conversation_began_with_is_stored_with_it(store: SqlStore, people: People) -> None:
    take(store, people.begin("ann"), LASTING)
    begun = people.begin("ann")
    assert store.load(begun.session_id) == begun
    later = take(store, begun, UserProfile())
    assert store.load(begun.session_id) == later
    assert before_last_change(later) == begun.memory == begun.profile


def test_a_taste_halves_every_ninety_days_and_is_gone_below_a_tenth(
    store: SqlStore, people: People, clock: Clock
) -> None:
    take(store, people.begin("ann"), LASTING)
    clock.wait(days=90)
    assert people.known("ann").preferences[0].weight == pytest.approx(0.5)
    clock.wait(days=200)
    assert people.known("ann").preferences[0].weight == pytest.approx(0.5 ** (290 / 90))
    clock.wait(days=10)
    gone = people.known("ann")
    assert gone.preferences == ()
    assert (len(gone.likes), len(gone.dislikes), len(gone.seen)) == (1, 1, 1)
    assert gone.constraints == (NO_HORROR,)


def test_saying_it_again_refreshes_a_taste(store: SqlStore, people: People, clock: Clock) -> None:
    take(store, people.begin("ann"), LASTING)
    clock.wait(days=90)
    # For the moment only: what was for always stays so.
    say(store, people.begin("ann"), preferences=(Preference("genre", "Crime", 1.0, 1, "crime"),))
    clock.wait(days=90)
    assert people.known("ann").preferences[0].weight == pytest.approx(0.5)


_AGES = st.timedeltas(timedelta(0), timedelta(days=2000))


@given(st.floats(-1, 1), _AGES, _AGES)
def test_fading_has_no_steps(weight: float, first: timedelta, second: timedelta) -> None:
    config = MemoryConfig(least_weight=0.0)
    at_once = faded(weight, first + second, config)
    assert faded(faded(weight, first, config), second, config) == pytest.approx(at_once)
    assert abs(at_once) <= abs(weight)
    kept = faded(weight, first)
    assert kept == 0 or (abs(kept) >= 0.1 and kept * weight > 0)


def test_the_latest_word_wins_over_older_conversations(
    store: SqlStore, people: People, clock: Clock
) -> None:
    take(store, people.begin("ann"), LASTING)
    clock.wait(days=1)
    ok_after_all = Preference("genre", "Horror", 1.0, 1, "I love horror", "always")
    say(store, people.begin("ann"), dislikes=(ASH,), likes=(BIRCH,), preferences=(ok_after_all,))
    known = people.known("ann")
    assert [o.title for o in known.likes] == ["Birch"]
    assert [o.title for o in known.dislikes] == ["Ash"]
    assert known.constraints == ()
    assert [p.value for p in known.preferences] == ["Crime", "Horror"]


def test_two_conversations_at_once_both_count_and_the_latest_wins(
    store: SqlStore, people: People, clock: Clock
) -> None:
    one, other = people.begin("ann"), people.begin("ann")
    early = Constraint("year", "<=", 1980, 1, "only old books, always", "always")
    late = Constraint("year", ">=", 2000, 1, "only new books, always", "always")
    one = say(store, one, likes=(ASH,), constraints=(early,))
    clock.wait(minutes=1)
    say(store, other, likes=(BIRCH,), constraints=(late,))
    clock.wait(minutes=1)
    say(store, one, seen=(BIRCH,))
    known = people.known("ann")
    assert [o.title for o in known.likes] == ["Ash", "Birch"]
    assert [o.title for o in known.seen] == ["Birch"]
    assert known.constraints == (late,)


def test_what_is_taken_back_does_not_return(store: SqlStore, people: People) -> None:
    session = take(store, people.begin("ann"), LASTING)
    session = take(store, session, replace(LASTING, likes=(), constraints=()))
    assert lasting(people.known("ann")).keys() == {"item b", "seen a", "taste genre: crime"}
    undone = take(store, session, before_last_change(session))
    assert undone.profile == LASTING
    assert lasting(people.known("ann")).keys() == lasting(LASTING).keys()
    demoted = replace(LASTING, preferences=(replace(CRIME, scope="now"),))
    take(store, undone, demoted)
    assert people.known("ann").preferences == ()


def test_a_wish_of_the_moment_gives_way_again(store: SqlStore, people: People) -> None:
    rules = replace(
        LASTING, constraints=(NO_HORROR, Constraint("price", "<=", 30.0, 1, "", "always"))
    )
    session = take(store, people.begin("ann"), rules)
    tonight = Preference("genre", "Horror", 1.0, 2, "a horror book tonight")
    cheap = Constraint("price", "<=", 10.0, 2, "under 10 today")
    session = say(store, session, preferences=(tonight,), constraints=(cheap,))
    assert [str(c) for c in session.profile.constraints] == ["price <= 10"]
    assert [str(c) for c in people.known("ann").constraints] == ["genre != Horror", "price <= 30"]


def test_nothing_is_written_where_nothing_lasts() -> None:
    assert changes(UserProfile(), MOMENT).kept == {}
    assert changes(LASTING, LASTING) == changes(UserProfile(), UserProfile())


def test_an_item_that_is_no_longer_sold_is_not_brought_back(
    store: SqlStore, people: People
) -> None:
    take(store, people.begin("ann"), UserProfile(likes=(ASH, Opinion("zzz", "Gone", 1))))
    assert [o.title for o in people.known("ann").likes] == ["Ash"]
    assert len(store.recall("ann")) == 2


def test_anonymous_conversations_end_a_day_after_their_last_word(
    store: SqlStore, people: People, clock: Clock
) -> None:
    left = take(store, people.begin(None), LASTING)
    going = take(store, people.begin(None), LASTING)
    known = take(store, people.begin("ann"), LASTING)
    clock.wait(hours=20)
    going = take(store, going, MOMENT)
    clock.wait(hours=5)
    assert people.resume(going.session_id) == going  # The sweep comes with it.
    assert people.resume(known.session_id) == known
    with pytest.raises(UnknownSessionError):
        store.load(left.session_id)
    with pytest.raises(UnknownSessionError):  # In a terminal that was left open, for instance.
        take(store, left, MOMENT)


def test_sweeping_is_hourly_at_most(store: SqlStore, people: People, clock: Clock) -> None:
    session = people.begin(None)
    clock.wait(hours=24)
    people.sweep()
    clock.wait(minutes=50)  # It is idle for longer than a day now, but was swept for just before.
    assert people.resume(session.session_id) == session
    clock.wait(minutes=10)
    with pytest.raises(UnknownSessionError):
        people.resume(session.session_id)


def test_a_restart_keeps_a_running_conversation(
    database: Path, store: SqlStore, people: People, tiny: Catalog, clock: Clock
) -> None:
    session = take(store, people.begin(None), LASTING)
    clock.wait(hours=23)
    again = People(SqlStore(open_database(f"sqlite:///{database}"), clock), tiny, now=clock)
    assert again.resume(session.session_id) == session


def test_asking_to_be_remembered_keeps_what_was_said_before(
    store: SqlStore, people: People, clock: Clock
) -> None:
    session = take(store, people.begin(None), LASTING)
    user = device_id()
    adopted = people.adopt(session.session_id, user)
    assert (adopted.user_id, adopted.profile) == (user, LASTING)
    assert lasting(people.known(user)).keys() == lasting(LASTING).keys()
    clock.wait(days=3)
    assert people.resume(session.session_id).profile == LASTING
    with pytest.raises(UnknownSessionError):
        people.adopt(session.session_id, device_id())


def test_device_ids_cannot_be_guessed_and_nobody_else_can_be_named() -> None:
    ids = {device_id() for _ in range(50)}
    assert len(ids) == 50
    assert all(map(is_device, ids))
    for other in ("", "7", "ann", "device-7", "device-" + "é" * 32, f"{device_id()}\n"):
        assert not is_device(other)


def test_forgetting_leaves_no_trace_in_the_files(
    database: Path, tiny: Catalog, clock: Clock
) -> None:
    engine = open_database(f"sqlite:///{database}")
    engine.dispose()
    # Some builds of SQLite overwrite what they delete by themselves, and most do not.
    event.listen(engine, "connect", lambda c, _: c.execute("PRAGMA secure_delete=OFF"))
    store = SqlStore(engine, clock)
    people = People(store, tiny, now=clock)
    secret = "seventeen purple elephants"
    said = replace(LASTING, likes=(replace(ASH, text=secret),))
    session = take(store, people.begin("ann"), said, secret)
    session = take(store, session, replace(said, topics=(secret,)))
    other = take(store, people.begin("bob"), LASTING)
    assert _found(database, secret)

    erased = people.forget("ann")

    assert (erased.sessions, erased.turns, erased.memories) == (1, 2, 5)
    assert people.known("ann") == UserProfile()
    with pytest.raises(UnknownSessionError):
        people.resume(session.session_id)
    assert people.resume(other.session_id) == other
    assert lasting(people.known("bob")).keys() == lasting(LASTING).keys()
    assert not _found(database, secret)
    assert people.forget("ann").sessions == 0


def test_a_reply_that_comes_after_forgetting_brings_nothing_back(
    store: SqlStore, people: People
) -> None:
    session = take(store, people.begin("ann"), UserProfile())
    people.forget("ann")
    store.revise(session, replace(session.turns[-1], profile=LASTING))
    assert store.recall("ann") == ()


def test_a_database_of_an_earlier_version_goes_on(database: Path, clock: Clock) -> None:
    engine = open_database(f"sqlite:///{database}")
    with engine.begin() as connection:
        for table in ("turns", "sessions", "memories"):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
        connection.exec_driver_sql(
            "CREATE TABLE sessions (session_id VARCHAR(64) PRIMARY KEY, user_id VARCHAR(200),"
            " created_at DATETIME NOT NULL)"
        )
        connection.exec_driver_sql(
            "INSERT INTO sessions VALUES ('old', NULL, '2026-02-28 12:30:00.000000')"
        )
    store = SqlStore(engine, clock)
    assert store.load("old") == Session("old")
    assert take(store, store.load("old"), LASTING).profile == LASTING
    assert SqlStore(engine, clock).expire(timedelta(hours=24)) == 0
    clock.wait(hours=25)
    assert store.expire(timedelta(hours=24)) == 1


def test_a_thousand_turns_are_remembered_in_milliseconds(store: SqlStore, people: People) -> None:
    titles = [Opinion(str(n), f"Title {n}", 1) for n in range(40)]
    for session in range(10):
        running = people.begin("ann")
        for turn in range(100):
            running = say(store, running, likes=(titles[(session * 7 + turn) % 40],))
    assert len(store.recall("ann")) == 40
    times: list[float] = []
    for _ in range(20):
        began = perf_counter()
        people.known("ann")
        times.append(perf_counter() - began)
    assert sorted(times)[10] < 0.005


_ROWS = st.one_of(
    st.builds(
        lambda kind, item: (kind, Opinion(item, item.upper(), 1)),
        st.sampled_from(["like", "dislike", "seen"]),
        st.sampled_from("abc"),
    ),
    st.builds(
        lambda op, value: ("constraint", Constraint("genre", op, value, 1, "", "always")),
        st.sampled_from(["=", "!="]),
        st.sampled_from(["War", "Crime"]),
    ),
    st.builds(
        lambda value, weight: ("preference", Preference("genre", value, weight, 1, "", "always")),
        st.sampled_from(["War", "Crime"]),
        st.sampled_from([1.0, 0.3, -1.0]),
    ),
)
_MEMORIES = st.lists(
    st.builds(
        lambda row, day: Memory(row[0], row[1], START - timedelta(days=day), "s"),
        _ROWS,
        st.integers(0, 400),
    ),
    max_size=8,
)


@given(_MEMORIES)
def test_whatever_is_kept_a_profile_begins_without_contradictions(memories: list[Memory]) -> None:
    profile = remembered(memories, START)
    assert not {o.item_id for o in profile.likes} & {o.item_id for o in profile.dislikes}
    rows = [(row.value, row.op) for row in profile.constraints]
    assert not any((value, "!=") in rows for value, op in rows if op == "=")
    assert all(not opinion.turn for opinion in (*profile.likes, *profile.dislikes, *profile.seen))
    assert all(not row.turn and row.scope == "always" for row in profile.constraints)
    assert all(abs(row.weight) >= 0.1 for row in profile.preferences)
    newest = {}
    for memory in sorted(memories, key=lambda memory: memory.said_at):
        if memory.kind in {"like", "dislike"} and isinstance(memory.entry, Opinion):
            newest.setdefault(memory.entry.item_id, {})[memory.said_at] = memory.kind
    moments = [memory.said_at for memory in memories]
    if len(set(moments)) == len(moments):
        expected = {item for item, said in newest.items() if said[max(said)] == "like"}
        assert {o.item_id for o in profile.likes} == expected


def _found(database: Path, words: str) -> bool:
    files = database.parent.glob(f"{database.name}*")
    return any(words.encode() in file.read_bytes() for file in files)
