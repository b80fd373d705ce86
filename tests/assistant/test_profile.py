"""The rules of `update_profile`: the latest word wins, and nothing contradicts itself."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from assistant.profile import MAX_TOPICS, update_profile
from assistant.recall import before_last_change
from assistant.state import (
    Act,
    Opinion,
    Preference,
    Retraction,
    Session,
    Turn,
    Understanding,
    UserProfile,
)
from catalog import Constraint

HEAT = Opinion("6", "Heat", 1)
RONIN = Opinion("7", "Ronin", 1)


def _understood(**fields: object) -> Understanding:
    return Understanding(acts=("request",), **fields)  # type: ignore[arg-type]


def _bounds(*rows: str, turn: int = 1) -> tuple[Constraint, ...]:
    parts = [row.split() for row in rows]
    return tuple(Constraint(facet, op, int(value), turn) for facet, op, value in parts)  # type: ignore[arg-type]


def _written(profile: UserProfile) -> list[str]:
    return [str(constraint) for constraint in profile.constraints]


def test_disliking_takes_the_like_away_and_back() -> None:
    liked = update_profile(UserProfile(), _understood(likes=(HEAT, RONIN)), 1)
    disliked = update_profile(liked, _understood(dislikes=(HEAT,)), 2)
    again = update_profile(disliked, _understood(likes=(HEAT,)), 3)

    assert (disliked.likes, disliked.dislikes) == ((RONIN,), (HEAT,))
    assert (again.likes, again.dislikes) == ((RONIN, HEAT), ())


def test_seen_is_separate_from_opinions() -> None:
    profile = update_profile(UserProfile(), _understood(likes=(HEAT,), seen=(HEAT,)), 1)

    assert (profile.likes, profile.seen) == ((HEAT,), (HEAT,))


def test_a_new_bound_replaces_the_one_in_its_direction() -> None:
    profile = UserProfile(constraints=_bounds("year >= 1990", "year <= 1999", "minutes <= 120"))

    after = update_profile(profile, _understood(constraints=_bounds("year >= 1985", turn=2)), 2)

    assert _written(after) == ["year <= 1999", "minutes <= 120", "year >= 1985"]


def test_a_bound_that_nothing_could_satisfy_with_the_old_one_replaces_it() -> None:
    profile = UserProfile(constraints=_bounds("year <= 1989"))

    after = update_profile(profile, _understood(constraints=_bounds("year >= 1995", turn=2)), 2)

    assert _written(after) == ["year >= 1995"]


def test_a_year_replaces_a_range_and_a_range_a_year() -> None:
    ranged = UserProfile(constraints=_bounds("year >= 1990", "year <= 1999"))
    dated = update_profile(ranged, _understood(constraints=_bounds("year = 1995", turn=2)), 2)
    back = update_profile(dated, _understood(constraints=_bounds("year >= 1980", turn=3)), 3)

    assert _written(dated) == ["year = 1995"]
    assert _written(back) == ["year >= 1980"]


def test_alternatives_of_one_message_stay_together() -> None:
    rows = _bounds("year = 1975", "year = 1995")

    assert update_profile(UserProfile(), _understood(constraints=rows), 1).constraints == rows


def test_values_gather_until_they_contradict() -> None:
    no_horror = Constraint("genre", "!=", "Horror", 1)
    no_war = Constraint("genre", "!=", "War", 2)
    horror = Constraint("genre", "=", "Horror", 3)
    first = update_profile(
        UserProfile(constraints=(no_horror,)), _understood(constraints=(no_war,)), 2
    )
    then = update_profile(first, _understood(constraints=(horror,)), 3)

    assert first.constraints == (no_horror, no_war)
    assert then.constraints == (no_war, horror)


def test_the_latest_stand_on_a_value_wins() -> None:
    wanted = UserProfile(preferences=(Preference("genre", "Comedy", 1.0, 1),))
    banned = update_profile(
        wanted, _understood(constraints=(Constraint("genre", "!=", "Comedy", 2),)), 2
    )
    back = update_profile(
        banned, _understood(preferences=(Preference("genre", "Comedy", 1.0, 3),)), 3
    )

    assert (banned.preferences, len(banned.constraints)) == ((), 1)
    assert (len(back.preferences), back.constraints) == (1, ())


def test_retraction_of_an_operator_leaves_the_others() -> None:
    profile = UserProfile(constraints=_bounds("year >= 1990", "year <= 1999"))

    after = update_profile(
        profile, _understood(retractions=(Retraction("year", ops=(">=", "=")),)), 2
    )

    assert _written(after) == ["year <= 1999"]


def test_retraction_of_a_facet_takes_its_preferences_too() -> None:
    profile = UserProfile(
        constraints=(Constraint("genre", "!=", "War", 1),),
        preferences=(Preference("genre", "Comedy", 1.0, 1), Preference("mood", "sad", -1.0, 1)),
    )

    after = update_profile(profile, _understood(retractions=(Retraction("genre"),)), 2)

    assert after.constraints == ()
    assert [row.facet for row in after.preferences] == ["mood"]


def test_reset_empties_before_adding() -> None:
    profile = UserProfile(likes=(HEAT,), topics=("space",))

    assert update_profile(profile, _understood(reset=True, likes=(RONIN,)), 2) == UserProfile(
        likes=(RONIN,)
    )


def test_putting_off_keeps_a_like_and_any_later_word_calls_back() -> None:
    waiting = update_profile(UserProfile(), _understood(likes=(HEAT,), later=(HEAT, RONIN)), 1)
    assert (waiting.likes, waiting.later) == ((HEAT,), (HEAT, RONIN))
    for word in ("likes", "dislikes", "seen"):
        assert update_profile(waiting, _understood(**{word: (HEAT,)}), 2).later == (RONIN,)
    assert update_profile(waiting, _understood(again=("6",)), 2).later == (RONIN,)
    again = update_profile(waiting, _understood(again=("6",), later=(HEAT,)), 2)
    assert again.later == (HEAT, RONIN)
    gone = update_profile(waiting, _understood(retractions=(Retraction(item_id="7"),)), 2)
    assert gone.later == (HEAT,)
    assert update_profile(waiting, _understood(reset=True), 2).later == ()


def test_what_is_for_always_stays_so_when_it_is_said_again() -> None:
    love = Preference("genre", "Crime", 1.0, 1, "I love crime", "always")
    rule = Constraint("genre", "!=", "War", 1, "I never watch war films", "always")
    taste = UserProfile(preferences=(love,), constraints=(rule,))
    tonight = _understood(
        preferences=(Preference("genre", "Crime", 1.0, 2, "crime tonight"),),
        constraints=(Constraint("genre", "!=", "War", 2, "no war"),),
    )
    assert update_profile(taste, tonight, 2) == taste
    hedged = _understood(preferences=(Preference("genre", "Crime", 0.5, 2, "crime maybe"),))
    (kept,) = update_profile(taste, hedged, 2).preferences
    assert (kept.weight, kept.turn, kept.scope) == (0.5, 2, "always")


def test_a_wish_that_is_said_to_be_for_always_becomes_so_and_its_opposite_does_not() -> None:
    wish = UserProfile(
        preferences=(Preference("genre", "Crime", 1.0, 1),),
        constraints=(Constraint("genre", "!=", "War", 1),),
    )
    always = _understood(
        preferences=(Preference("genre", "Crime", 1.0, 2, "", "always"),),
        constraints=(Constraint("genre", "!=", "War", 2, "", "always"),),
    )
    kept = update_profile(wish, always, 2)
    assert [row.scope for row in (*kept.preferences, *kept.constraints)] == ["always", "always"]
    less = _understood(preferences=(Preference("genre", "Crime", -1.0, 3),))
    (other,) = update_profile(kept, less, 3).preferences
    assert (other.weight, other.scope) == (-1.0, "now")


def test_a_taste_from_before_is_taken_over_by_what_is_said_now() -> None:
    before = UserProfile(preferences=(Preference("genre", "Crime", 1.0, 0, "old", "always"),))
    now = _understood(preferences=(Preference("genre", "Crime", 1.0, 1, "crime"),))
    (kept,) = update_profile(before, now, 1).preferences
    assert (kept.turn, kept.text, kept.scope) == (1, "crime", "always")


def test_both_of_two_values_replaces_either_and_the_reverse() -> None:
    either = tuple(Constraint("genres", "=", v, 1) for v in ("Comedy", "Horror"))
    both = tuple(Constraint("genres", "=", v, 2, together=True) for v in ("Comedy", "horror"))
    held = update_profile(UserProfile(), _understood(constraints=either), 1)
    after = update_profile(held, _understood(constraints=both), 2)
    assert after.constraints == both
    again = update_profile(after, _understood(constraints=(replace(either[0], turn=3),)), 3)
    assert set(again.constraints) == {either[0], both[1]}


def test_topics_are_few_and_the_newest_is_last() -> None:
    profile = UserProfile()
    for turn in range(1, 9):
        profile = update_profile(profile, _understood(topic=f"topic {turn}"), turn)
    profile = update_profile(profile, _understood(topic="topic 6"), 9)

    assert len(profile.topics) == MAX_TOPICS
    assert profile.topics[-2:] == ("topic 8", "topic 6")


_OPINIONS = st.lists(st.sampled_from("abcd"), max_size=3).map(
    lambda ids: tuple(Opinion(item_id, item_id.upper(), 1) for item_id in ids)
)
_SCOPES = st.sampled_from(["now", "always"])
_CONSTRAINTS = st.lists(
    st.one_of(
        st.builds(
            Constraint,
            st.just("year"),
            st.sampled_from([">=", "<=", "=", "!="]),
            st.integers(1990, 1993),
            st.just(1),
        ),
        st.builds(
            Constraint,
            st.just("genre"),
            st.sampled_from(["=", "!="]),
            st.sampled_from(["War", "Crime"]),
            st.just(1),
            st.just(""),
            _SCOPES,
        ),
    ),
    max_size=4,
).map(tuple)
_PREFERENCES = st.lists(
    st.builds(
        Preference,
        st.just("genre"),
        st.sampled_from(["War", "war", "Crime"]),
        st.sampled_from([1.0, -1.0]),
        st.just(1),
        st.just(""),
        _SCOPES,
    ),
    max_size=3,
).map(tuple)
_MESSAGES = st.lists(
    st.builds(
        Understanding,
        acts=st.just(("request",)),
        likes=_OPINIONS,
        dislikes=_OPINIONS,
        seen=_OPINIONS,
        later=_OPINIONS,
        again=st.sampled_from([(), ("a",), ("b",)]),
        constraints=_CONSTRAINTS,
        preferences=_PREFERENCES,
        retractions=st.sampled_from([(), (Retraction("year"),), (Retraction("genre"),)]),
        topic=st.sampled_from(["", "space", "sea"]),
        reset=st.booleans(),
    ),
    max_size=6,
)


@given(_MESSAGES)
def test_a_profile_never_contradicts_itself(messages: list[Understanding]) -> None:
    profile = UserProfile()
    for turn, message in enumerate(messages, 1):
        before = profile
        profile = update_profile(profile, message, turn)
        assert before == before

        likes = [opinion.item_id for opinion in profile.likes]
        dislikes = [opinion.item_id for opinion in profile.dislikes]
        assert not set(likes) & set(dislikes)
        assert len(set(likes)) == len(likes)
        assert len(set(dislikes)) == len(dislikes)
        rows = [(row.facet, row.value, row.op) for row in profile.constraints]
        assert len(set(rows)) == len(rows)
        assert not any((facet, value, "!=") in rows for facet, value, op in rows if op == "=")
        keys = [(row.facet, row.value.casefold()) for row in profile.preferences]
        assert len(set(keys)) == len(keys)
        for op in (">=", "<="):
            assert sum(row.op == op for row in profile.constraints) <= 1


@given(_MESSAGES)
def test_nothing_said_is_lost_and_the_latest_word_counts(messages: list[Understanding]) -> None:
    profile = UserProfile()
    for turn, message in enumerate(messages, 1):
        before = UserProfile() if message.reset else profile
        profile = update_profile(profile, message, turn)

        dislikes = _ids(message.dislikes)
        likes = _ids(message.likes) - dislikes
        assert _ids(profile.dislikes) == _ids(before.dislikes) - likes | dislikes
        assert _ids(profile.likes) == _ids(before.likes) - dislikes | likes
        assert _ids(profile.seen) == _ids(before.seen) | _ids(message.seen)
        called = likes | _ids(message.seen) | set(message.again)
        put_off = _ids(before.later) - called - dislikes | _ids(message.later)
        assert _ids(profile.later) | dislikes == put_off | dislikes
        for wish in message.preferences:
            stood = [
                row for row in profile.preferences if row.value.casefold() == wish.value.casefold()
            ]
            last = [
                row for row in message.preferences if row.value.casefold() == wish.value.casefold()
            ][-1]
            against = {
                row.value for row in message.constraints
                if (row.op == "!=") == (last.weight > 0) and row.facet == last.facet
            }  # fmt: skip
            assert not stood or (stood[0].weight > 0) == (last.weight > 0)
            assert stood or last.value.title() in against
        wished = {row.value.casefold() for row in message.preferences}
        lasting = {
            (row.facet, row.op, row.value)
            for row in before.constraints
            if row.scope == "always" and str(row.value).casefold() not in wished
        }
        assert all(
            row.scope == "always"
            for row in profile.constraints
            if (row.facet, row.op, row.value) in lasting and not message.retractions
        )


@given(_MESSAGES, st.lists(st.booleans(), min_size=6, max_size=6))
def test_undo_restores_exactly_what_was(messages: list[Understanding], undone: list[bool]) -> None:
    memory = UserProfile(likes=(Opinion("a", "A", 0),))
    session, past = Session("s", memory=memory), [memory]
    for message, undo in zip(messages, undone, strict=False):
        after = update_profile(session.profile, message, len(session.turns) + 1)
        session = _longer(session, after, "request")
        if after != past[-1]:
            past.append(after)
        if undo:
            if len(past) > 1:
                past.pop()
            assert before_last_change(session) == past[-1]
            session = _longer(session, past[-1], "undo")


def _longer(session: Session, profile: UserProfile, act: Act) -> Session:
    turn = Turn(len(session.turns) + 1, "x", (act,), "", None, profile, ())
    return replace(session, turns=(*session.turns, turn))


def _ids(opinions: tuple[Opinion, ...]) -> set[str]:
    return {opinion.item_id for opinion in opinions}


@given(_MESSAGES)
def test_repeating_the_last_message_changes_no_opinion(messages: list[Understanding]) -> None:
    profile = UserProfile()
    for turn, message in enumerate(messages, 1):
        profile = update_profile(profile, message, turn)
    if messages:
        again = update_profile(profile, messages[-1], len(messages))
        assert (again.likes, again.dislikes, again.topics) == (
            profile.likes,
            profile.dislikes,
            profile.topics,
        )
