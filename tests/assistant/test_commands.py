"""Buttons as lines and as values, and what they do to a profile."""

from __future__ import annotations

import pytest

from assistant.commands import Command, apply_command, is_command, parse_command
from assistant.state import Preference, UserProfile
from catalog import Catalog
from catalog.errors import CommandError, UnknownItemError

SLATE = ("d", "a", "c")


def test_card_numbers_count_from_one() -> None:
    assert parse_command("/like 2", SLATE) == Command("like", "a")
    assert parse_command("/remove no horror", SLATE) == Command("remove", "no horror")
    assert parse_command("/undo", ()) == Command("undo")


@pytest.mark.parametrize(
    "line",
    [
        "/like",
        "/like 0",
        "/like 4",
        "/like two",
        "/like ²",
        "/later",
        "/remove",
        "/always",
        "/now",
        "/fly 2",
        "/",
    ],
)
def test_what_cannot_be_carried_out_says_what_can(line: str) -> None:
    with pytest.raises(CommandError):
        parse_command(line, SLATE)


def test_no_slate_no_card() -> None:
    with pytest.raises(CommandError, match="none are shown"):
        parse_command("/like 1", ())


def test_only_lines_with_a_slash_are_commands() -> None:
    assert is_command("/like 2")
    assert is_command("/fly")
    assert not is_command("like 2")
    assert not is_command("24/7 comedies")


def test_an_item_is_never_both_liked_and_disliked(tiny: Catalog) -> None:
    profile = apply_command(UserProfile(), Command("like", "a"), tiny, 1)
    profile = apply_command(profile, Command("dislike", "a"), tiny, 2)
    assert [o.item_id for o in profile.dislikes] == ["a"]
    assert profile.likes == ()
    profile = apply_command(profile, Command("more", "a"), tiny, 3)
    assert [(o.item_id, o.turn) for o in profile.likes] == [("a", 3)]
    assert profile.dislikes == ()
    profile = apply_command(profile, Command("seen", "a"), tiny, 4)
    assert [o.item_id for o in profile.seen] == [o.item_id for o in profile.likes] == ["a"]


def test_putting_off_keeps_the_like_and_any_later_word_calls_back(tiny: Catalog) -> None:
    liked = apply_command(UserProfile(), Command("like", "a"), tiny, 1)
    waiting = apply_command(liked, Command("later", "a"), tiny, 2)
    assert [o.item_id for o in waiting.later] == [o.item_id for o in waiting.likes] == ["a"]
    for kind in ("like", "dislike", "seen", "more"):
        assert apply_command(waiting, Command(kind, "a"), tiny, 3).later == ()


def test_a_chip_is_kept_for_always_by_its_words(tiny: Catalog) -> None:
    wish = UserProfile(preferences=(Preference("genre", "Crime", 1.0, 1),))
    kept = apply_command(wish, parse_command("/always crime", ()), tiny, 2)
    assert kept.preferences[0].scope == "always"
    assert apply_command(kept, parse_command("/now crime", ()), tiny, 3) == wish


def test_an_item_the_catalogue_lacks_is_refused(tiny: Catalog) -> None:
    with pytest.raises(UnknownItemError, match="'zzz'"):
        apply_command(UserProfile(), Command("like", "zzz"), tiny, 1)
