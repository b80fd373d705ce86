"""The rules of `update_profile`: the latest word wins, and nothing contradicts itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.profile import MAX_TOPICS, update_profile
from assistant.state import Opinion, Preference, Retraction, Understanding, UserProfile
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
