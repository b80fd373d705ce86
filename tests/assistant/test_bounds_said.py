"""Bounds as people put them: deadlines, ages, ceilings, what is out, and what bounds nothing."""

from __future__ import annotations

import pytest

from assistant.profile import update_profile
from assistant.state import Context, UserProfile
from assistant.understanding import Understander
from catalog import Catalog
from evaluation.state_tracking import profile_slots


def _constraints(understander: Understander, catalog: Catalog, message: str) -> set[str]:
    understood = understander.understand(message, Context(1, UserProfile(), ()))
    slots = profile_slots(update_profile(UserProfile(), understood, 1), catalog)
    return {slot.removeprefix("constraints: ") for slot in slots if slot.startswith("constraints")}


@pytest.mark.parametrize(
    ("message", "bounds"),
    [
        ("i've only got 90 minutes", {"runtime_minutes <= 90"}),
        ("has to be done in 90 minutes", {"runtime_minutes <= 90"}),
        ("the kids' bedtime is in 2 hours", {"runtime_minutes <= 120"}),
        ("keep it to 100 minutes", {"runtime_minutes <= 100"}),
        ("two hours at the absolute most", {"runtime_minutes <= 120"}),
        ("my attention span is 90 minutes", {"runtime_minutes <= 90"}),
        ("something for a 2 hour flight", {"runtime_minutes <= 120"}),
        ("shorter than my 80 minute commute", {"runtime_minutes <= 79"}),
        ("nothing that goes past the two hour mark", {"runtime_minutes <= 120"}),
        ("none of those 3 hour films", {"runtime_minutes <= 179"}),
        ("over 2 hours is too long", {"runtime_minutes <= 120"}),
        ("2+ hours", {"runtime_minutes >= 120"}),
        ("90ish minutes", {"runtime_minutes >= 81", "runtime_minutes <= 99"}),
        ("after a 12 hour shift", set()),
        ("back in 10 minutes", set()),
        ("three hours of walking about", set()),
        ("whoever made it owes me three hours", set()),
        ("nothing this century", {"year <= 1999"}),
        ("nothing older than ten years", {"year >= 2014"}),
        ("twenty years old at most", {"year >= 2004"}),
        ("at least thirty years old", {"year <= 1994"}),
        ("my kids are at least 10 years old", set()),
        ("between the 60s and 80s", {"year >= 1960", "year <= 1989"}),
        ("a film from '94", {"year = 1994"}),
        ("from 1980 on then", {"year >= 1980"}),
        ("stretch it to 2 and a half hours", {"runtime_minutes <= 150"}),
        ("it doesn't have to be recent", set()),
        ("from '99 to '05", {"year >= 1999", "year <= 2005"}),
        ("out this decade", {"year >= 2020"}),
        ("anything before 1980 is out", {"year >= 1980"}),
        ("une comédie <100 min", {"runtime_minutes <= 99"}),
        ("片长<130min", {"runtime_minutes <= 129"}),
    ],
)
def test_films(
    film_catalog: Catalog, film_understander: Understander, message: str, bounds: set[str]
) -> None:
    assert _constraints(film_understander, film_catalog, message) == bounds


@pytest.mark.parametrize(
    ("message", "bounds"),
    [
        ("can't stretch past 80 dollars", {"price <= 80"}),
        ("don't want to spend over 60", {"price <= 60"}),
        ("not a cent over 60", {"price <= 60"}),
        ("willing to pay 150", {"price <= 150"}),
        ("$100ish", {"price >= 90", "price <= 110"}),
        ("over 100 dollars is too much", {"price <= 100"}),
        ("anything over 5 kg is out", {"weight_kg <= 5"}),
        ("rated 4 or above", {"rating >= 4"}),
        ("four stars or better", {"rating >= 4"}),
        ("I've got one already", set()),
        ("we can only fit one on the counter", set()),
    ],
)
def test_shop(
    shop_catalog: Catalog, shop_understander: Understander, message: str, bounds: set[str]
) -> None:
    assert _constraints(shop_understander, shop_catalog, message) == bounds
