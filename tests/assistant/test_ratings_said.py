"""Ratings in words, signs of comparison and markup: what each says, and of what."""

from __future__ import annotations

import pytest

from assistant.profile import update_profile
from assistant.state import Context, UserProfile
from assistant.understanding import Understander
from catalog import Catalog
from evaluation.state_tracking import profile_slots


def _state(
    understander: Understander, catalog: Catalog, message: str, slate: tuple[str, ...] = ()
) -> set[str]:
    understood = understander.understand(message, Context(1, UserProfile(), slate))
    return set(profile_slots(update_profile(UserProfile(), understood, 1), catalog))


@pytest.mark.parametrize(
    ("message", "state"),
    [
        ("Heat 9/10", {"likes: Heat (1995)"}),
        ("Heat: 2/10", {"dislikes: Heat (1995)"}),
        ("Heat, 6/10", {"seen: Heat (1995)"}),
        ("Heat 3 out of 10, Alien 10 out of 10",
         {"dislikes: Heat (1995)", "likes: Alien (1979)"}),
        ("gave Heat 2 stars", {"dislikes: Heat (1995)"}),
        ("five stars for Heat, one star for Collateral",
         {"likes: Heat (1995)", "dislikes: Collateral (2004)"}),
        ("Heat was a solid 8.5/10", {"likes: Heat (1995)"}),
        ("Heat 4/5. Gladiator 2/5. more pls",
         {"likes: Heat (1995)", "dislikes: Gladiator (2000)"}),
        ("did Heat really get 3/10?", set()),
        ("liked 3, 5 and 10", set()),
        ("me gustó Heat 9/10", {"likes: Heat (1995)"}),
        ("je donne 8,5/10 à Heat", {"likes: Heat (1995)"}),
        ("《泰坦尼克号》五星，《阿凡达》给3分",
         {"likes: Titanic (1997)", "dislikes: Avatar (2009)"}),
        ("year <2000 and runtime >100",
         {"constraints: year <= 1999", "constraints: runtime_minutes >= 101"}),
        ("comedy, year >= 2010",
         {"preferences: genres: Comedy", "constraints: year >= 2010"}),
        ("year: 1994", {"constraints: year = 1994"}),
        ("duration max 90", {"constraints: runtime_minutes <= 90"}),
        ("I <3 Heat", {"likes: Heat (1995)"}),
        ("Heat > Collateral", {"likes: Heat (1995)", "dislikes: Collateral (2004)"}),
        ("<b>loved Heat</b>, no <i>horror</i>",
         {"likes: Heat (1995)", "constraints: genres != Horror"}),
        ("<script>alert(1)</script> a comedy <img src=x onerror=alert(1)>",
         {"preferences: genres: Comedy"}),
    ],
)  # fmt: skip
def test_films(
    film_catalog: Catalog, film_reader: Understander, message: str, state: set[str]
) -> None:
    assert _state(film_reader, film_catalog, message) == state


@pytest.mark.parametrize(
    ("message", "state"),
    [
        ("i'd give the first one 2 stars", {"dislikes: Camp Travel Kettle"}),
        ("a kettle, rating >= 4", {"constraints: category = Kettles", "constraints: rating >= 4"}),
        ("price < 50", {"constraints: price <= 49.99"}),
    ],
)
def test_shop(
    shop_catalog: Catalog, shop_understander: Understander, message: str, state: set[str]
) -> None:
    slate = tuple(i.item_id for i in shop_catalog.items if i.title == "Camp Travel Kettle")
    assert _state(shop_understander, shop_catalog, message, slate) == state
