"""The profile in plain words: all of it, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.phrasebook import LANGUAGES
from assistant.profile import update_profile
from assistant.state import Context, Opinion, Preference, UserProfile
from assistant.summary import summary
from assistant.understanding import Understander
from catalog import Catalog, Constraint, Facet, Schema

ASH, BIRCH, CEDAR = Opinion("a", "Ash", 1), Opinion("b", "Birch", 1), Opinion("c", "Cedar", 2)
PROFILE = UserProfile(
    likes=(ASH, BIRCH),
    dislikes=(CEDAR,),
    seen=(Opinion("d", "Dogwood", 2),),
    constraints=(
        Constraint("genre", "!=", "Horror", 1, "I never read horror", scope="always"),
        Constraint("year", ">=", 1991, 1, "after 1990"),
    ),
    preferences=(
        Preference("genre", "Crime", 1.0, 1, "crime", scope="always"),
        Preference("genre", "Comedy", -1.0, 1, "not too funny"),
        Preference("price", "<= 20", 1.0, 1),
    ),
    topics=("a slow heist", "crime"),
    later=(Opinion("e", "Elm", 3),),
)


def test_lasting_things_are_told_apart_from_those_of_the_moment(tiny: Catalog) -> None:
    assert summary(PROFILE, tiny.schema) == (
        "You liked Ash and Birch; you did not like Cedar; you have seen Dogwood. "
        "Always: no Horror; you lean towards Crime. "
        "For now: after 1990, “a slow heist”; you lean towards price at most $20, less Comedy. "
        "Put off for now: Elm."
    )


def test_nothing_known_is_said(tiny: Catalog) -> None:
    assert summary(UserProfile(), tiny.schema) == "I hold nothing about you yet."


def test_a_long_list_ends_in_a_number(tiny: Catalog) -> None:
    likes = tuple(Opinion(str(n), f"Tree {n}", 1) for n in range(9))
    told = summary(UserProfile(likes=likes), tiny.schema)
    assert told == "You liked Tree 4, Tree 5, Tree 6, Tree 7, Tree 8 and 4 more."


def test_another_catalogue_has_its_own_words(tiny: Catalog) -> None:
    shop = Schema("shop", "product", "products", "id", "title", (), (
        Facet("stock", "flag", "in stock", "stock"),
    ), consumed="bought")  # fmt: skip
    told = summary(
        UserProfile(
            seen=(ASH,),
            constraints=(Constraint("stock", "=", value=True),),
        ),
        shop,
    )
    assert told == "You have bought Ash. For now: in stock."


def test_every_language_tells_all_of_it(tiny: Catalog) -> None:
    for language in LANGUAGES:
        told = summary(PROFILE, tiny.schema, language)
        for words in ("Ash", "Birch", "Cedar", "Dogwood", "Horror", "Crime", "Comedy", "Elm"):
            assert words in told, (language, told)
        assert not re.search(r"[{}]", told)


@pytest.mark.parametrize(
    "message",
    [
        "What do you know about me?",
        "what do you remember of me",
        "show my profile",
        "Show me my taste, please",
        "what have I told you so far?",
        "What have you noted about me",
    ],
)
def test_asking_for_it_is_understood_and_changes_nothing(tiny: Catalog, message: str) -> None:
    understood = Understander(tiny).understand(message, Context(2, PROFILE, ("a", "b")))
    assert understood.acts == ("profile",)
    assert update_profile(PROFILE, understood, 2) == PROFILE


@pytest.mark.parametrize(
    "message", ["a book about a profile", "what do you know about Ash?", "show me something funny"]
)
def test_other_questions_are_not_about_the_person(tiny: Catalog, message: str) -> None:
    assert "profile" not in Understander(tiny).understand(message, Context(1)).acts


_ITEMS = st.lists(st.sampled_from([ASH, BIRCH, CEDAR]), max_size=3, unique=True).map(tuple)
_SCOPES = st.sampled_from(["now", "always"])
_PROFILES = st.builds(
    UserProfile,
    likes=_ITEMS,
    seen=_ITEMS,
    later=_ITEMS,
    constraints=st.lists(
        st.builds(
            Constraint, st.just("genre"), st.sampled_from(["=", "!="]),
            st.sampled_from(["Crime", "Horror"]), st.just(1), st.just(""), _SCOPES,
        ),
        max_size=3,
    ).map(tuple),
    preferences=st.lists(
        st.builds(
            Preference, st.just("genre"), st.sampled_from(["Comedy", "Romance"]),
            st.sampled_from([1.0, 0.5, -1.0]), st.just(1), st.just(""), _SCOPES,
        ),
        max_size=3,
    ).map(tuple),
)  # fmt: skip
_SCHEMA = Schema("books", "book", "books", "id", "title", (), (
    Facet("genre", "category", "genre", "genre"),
))  # fmt: skip


@given(_PROFILES)
def test_nothing_is_left_out_or_made_up_in_five_sentences_at_most(profile: UserProfile) -> None:
    told = summary(profile, _SCHEMA)
    held = {o.title for o in (*profile.likes, *profile.seen, *profile.later)}
    held |= {str(row.value) for row in (*profile.constraints, *profile.preferences)}
    values = {"Ash", "Birch", "Cedar", "Crime", "Horror", "Comedy", "Romance"}
    assert {value for value in values if value in told} == held
    assert 1 <= told.count(".") <= 5
