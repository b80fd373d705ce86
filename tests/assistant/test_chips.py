"""Every entry of a profile is a chip that can be found and removed on its own."""

from __future__ import annotations

import pytest

from assistant.chips import chips, constraint_label, find_chip, remove_chip, rescope_chip
from assistant.state import Opinion, Preference, UserProfile
from catalog import Catalog, Constraint
from catalog.errors import CommandError

PROFILE = UserProfile(
    likes=(Opinion("a", "Ash", 1, "loved Ash"),),
    dislikes=(Opinion("b", "Birch", 1),),
    seen=(Opinion("a", "Ash", 2),),
    constraints=(
        Constraint("year", ">=", 1991, 1, "after 1990"),
        Constraint("genre", "!=", "Horror", 2, "no horror"),
        Constraint("in_print", "=", value=True),
    ),
    preferences=(Preference("genre", "Crime", 1.0, 1), Preference("genre", "Comedy", -0.5, 2)),
    topics=("a slow heist",),
    later=(Opinion("c", "Cedar", 2),),
)


def test_every_entry_is_one_chip_and_removing_all_empties_the_profile(tiny: Catalog) -> None:
    entries = chips(PROFILE, tiny.schema)
    assert len({chip.key for chip in entries}) == len(entries) == 10
    profile = PROFILE
    for count, chip in enumerate(entries, start=1):
        profile = remove_chip(profile, chip)
        assert len(chips(profile, tiny.schema)) == 10 - count
    assert profile == UserProfile()


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        ("year >= 1991", "year >= 1991"),
        ("after 1990", "year >= 1991"),
        ("NO HORROR", "genre != Horror"),
        ("Horror", "genre != Horror"),
        ("Birch", "dislike:b"),
        ("Crime", "genre:Crime"),
        ("less comedy", "genre:Comedy"),
        ("a slow heist", "topic:a slow heist"),
        ("seen:a", "seen:a"),
        ("Cedar", "later:c"),
        ("loved Ash", "like:a"),
    ],
)
def test_a_chip_is_found_by_key_label_words_or_value(tiny: Catalog, wanted: str, key: str) -> None:
    assert find_chip(wanted, PROFILE, tiny.schema).key == key


def test_an_unknown_chip_names_those_there_are(tiny: Catalog) -> None:
    with pytest.raises(CommandError, match="no Horror"):
        find_chip("musicals", PROFILE, tiny.schema)


@pytest.mark.parametrize(
    ("constraint", "label"),
    [
        (Constraint("year", ">=", 1991), "1991 or later"),
        (Constraint("year", "<=", 1999.0), "1999 or earlier"),
        (Constraint("price", "<=", 49.99), "price at most $49.99"),
        (Constraint("genre", "!=", "Horror"), "no Horror"),
        (Constraint("genre", "=", "Crime"), "Crime"),
        (Constraint("in_print", "=", value=True), "in print"),
        (Constraint("in_print", "=", value=False), "not in print"),
        (Constraint("in_print", "!=", value=True), "not in print"),
    ],
)
def test_labels_read_as_a_person_would_say_them(
    tiny: Catalog, constraint: Constraint, label: str
) -> None:
    assert constraint_label(constraint, tiny.schema.facet(constraint.facet)) == label


def test_a_decade_is_ten_rows_and_one_chip(tiny: Catalog) -> None:
    years = [*range(1970, 1980), *range(1990, 1996)]
    ledger = tuple(Constraint("year", "=", year, 1, "70s or early 90s") for year in years)
    profile = UserProfile(constraints=(*ledger, Constraint("year", "=", 2001, 2)))
    labels = [chip.label for chip in chips(profile, tiny.schema)]
    assert labels == ["1970–1979", "1990–1995", "year 2001"]
    left = remove_chip(profile, find_chip("1970–1979", profile, tiny.schema))
    assert [c.value for c in left.constraints] == [*range(1990, 1996), 2001]


def test_a_wish_or_a_condition_is_kept_for_always_and_back(tiny: Catalog) -> None:
    kept = PROFILE
    for words in ("no Horror", "Crime"):
        kept = rescope_chip(kept, find_chip(words, kept, tiny.schema), "always")
    lasting = [chip.label for chip in chips(kept, tiny.schema) if chip.scope == "always"]
    assert lasting == ["no Horror", "Crime"]
    for words in lasting:
        kept = rescope_chip(kept, find_chip(words, kept, tiny.schema), "now")
    assert chips(kept, tiny.schema) == chips(PROFILE, tiny.schema)


@pytest.mark.parametrize("words", ["loved Ash", "a slow heist", "Cedar"])
def test_what_is_no_wish_has_no_scope(tiny: Catalog, words: str) -> None:
    with pytest.raises(CommandError, match="no scope"):
        rescope_chip(PROFILE, find_chip(words, PROFILE, tiny.schema), "always")


def test_turn_nought_is_from_before(tiny: Catalog) -> None:
    profile = UserProfile(
        likes=(Opinion("a", "Ash", 0), Opinion("b", "Birch", 1)),
        constraints=(Constraint("genre", "!=", "Horror"),),
        preferences=(Preference("genre", "Crime", 1.0, 0),),
    )
    assert [chip.before for chip in chips(profile, tiny.schema)] == [True, False, True, True]


def test_a_wished_bound_reads_like_a_condition(tiny: Catalog) -> None:
    profile = UserProfile(preferences=(Preference("price", "<= 20", 1.0, 1, "ideally under $20"),))
    assert [chip.label for chip in chips(profile, tiny.schema)] == ["price at most $20"]
