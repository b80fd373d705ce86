"""Slips of the hand and of the tongue: mistyped words, corrections, what is said of a pronoun."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.profile import update_profile
from assistant.state import Context, UserProfile
from assistant.understanding import Understander
from assistant.understanding.spelling import Spelling
from assistant.understanding.text import Text
from assistant.understanding.title_index import TitleIndex
from catalog import Catalog
from evaluation.state_tracking import profile_slots

_KNOWN = Spelling(
    frozenset({"tower", "martian", "crane"}), frozenset({"watts"}), frozenset({"lemon", "worn"})
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("lvoe", "love"),
        ("arund", "around"),
        ("hatd", "hated"),
        ("budgget", "budget"),
        ("dya", "day"),
        ("definatly", "definitely"),
        ("towr", "towr"),  # as near to "tower", which the catalogue has
        ("wats", "watts"),
        ("lemon", "lemon"),
        ("itll", "itll"),
        ("foodi", "foodi"),  # a letter more is rather a brand
        ("b4", "before"),
        ("xqzzk", "xqzzk"),
    ],
)
def test_everyday_words_are_mended(written: str, meant: str) -> None:
    assert _KNOWN.mended(Text(f"so {written}")).words[1].norm == meant


def test_names_and_quotations_stay_as_they_are() -> None:
    text = Text('watching Lvoe and "lvoe" again')
    assert _KNOWN.mended(text).words == text.words


@given(st.text(max_size=80))
def test_only_normal_forms_change(message: str) -> None:
    text = Text(message)
    mended = _KNOWN.mended(text)
    assert [(w.start, w.end, w.gap) for w in mended.words] == [
        (w.start, w.end, w.gap) for w in text.words
    ]


@pytest.mark.parametrize(
    ("message", "state"),
    [
        ("horror, no wait, a thriller", {"preferences: genres: Thriller"}),
        ("Something by Scorsese? No wait, Paul Thomas Anderson",
         {"preferences: directors: Paul Thomas Anderson"}),
        ("horror and, wait, comedy too",
         {"preferences: genres: Horror", "preferences: genres: Comedy"}),
        ("i was joking about the musicals lol, i can't stand them",
         {"constraints: genres != Musical"}),
        ("are there zombies? I love those", {"preferences: keywords: zombies"}),
        ("oh I simply ADORE gore (/s)", {"constraints: mood != gory"}),
        ("Big fan of The Lamplighter of Dundee (2011)", set()),
        ("like Die Hard but it's under 100 minutes",
         {"likes: Die Hard (1988)", "constraints: runtime_minutes <= 99"}),
        ("skip Heat, it's three hours long", {"dislikes: Heat (1995)"}),
        ("saw Local Hero with my wife. We loved every minute of it",
         {"likes: Local Hero (1983)", "seen: Local Hero (1983)"}),
        ("somthing scarry, undr 2 hrs, nothing befor 1990",
         {"preferences: mood: scary", "constraints: runtime_minutes <= 119",
          "constraints: year >= 1990"}),
        ("Heat's great", {"likes: Heat (1995)"}),
        ("Inception's boring", {"dislikes: Inception (2010)"}),
        ("Tenet was a load of nonsense", {"dislikes: Tenet (2020)"}),
        ("how about a western", {"preferences: genres: Western"}),
        ("I taught English for thirty years. A comedy?", {"preferences: genres: Comedy"}),
        ("my kids adored Toy Story", {"likes: Toy Story (1995)"}),
        ("I haven't got five hours", set()),
        ("anything about the Second World War", {"preferences: keywords: world war ii"}),
        ("some good courtroom drama",
         {"preferences: keywords: courtroom", "preferences: genres: Drama"}),
    ],
)  # fmt: skip
def test_films(
    film_catalog: Catalog, film_understander: Understander, message: str, state: set[str]
) -> None:
    assert _state(film_understander, film_catalog, message) == state


@pytest.mark.parametrize(
    ("message", "state"),
    [
        ("it should crush ice", {"preferences: features: crushes ice"}),
        ("not the radiator today", {"later: Ember Oil Radiator"}),
        ("clear everything and lets start again", set()),
        ("he already has a grinder", set()),
        ("I liked the Piccola", {"likes: Piccola Toaster"}),
        ("mine can't even boil a cup", set()),
        (
            "no app on a kettle please",
            {"constraints: category = Kettles", "constraints: features != app control"},
        ),
    ],
)
def test_shop(
    shop_catalog: Catalog, shop_understander: Understander, message: str, state: set[str]
) -> None:
    slate = tuple(
        item.item_id
        for item in shop_catalog.items
        if item.title in {"Ember Ceramic Heater", "Ember Oil Radiator"}
    )
    assert _state(shop_understander, shop_catalog, message, slate) == state


@pytest.mark.parametrize(
    ("message", "missing"),
    [
        ("Hit Man on Netflix was such a hoot", ("Hit Man",)),
        ('my dad always says "they don\'t make them like they used to"', ()),
        ("Morning! Something quick please", ()),
    ],
)
def test_missing_titles(
    film_understander: Understander, message: str, missing: tuple[str, ...]
) -> None:
    found = film_understander.understand(message, Context(1, UserProfile(), ()))
    assert found.missing_titles == missing


@pytest.mark.parametrize(
    ("message", "state"),
    [
        ("the moka pot didnt do it for me. but that drift pour over yes i like that",
         {"dislikes: Drift Moka Pot", "likes: Drift Pour-Over Set"}),
        ("I love the Piccola", {"likes: Piccola Toaster"}),
        ("something cheaper than the vireo pet", {"constraints: price <= 318.99"}),
        ("KitchenAid Artisan's lovely", set()),
    ],
)  # fmt: skip
def test_what_is_on_the_table_is_known_by_its_beginning(
    shop_catalog: Catalog, shop_understander: Understander, message: str, state: set[str]
) -> None:
    shown = {
        "Drift Moka Pot", "Drift Pour-Over Set", "Piccola Toaster", "Vireo Pet Stick Vacuum",
        "Vireo Stick Vacuum",
    }  # fmt: skip
    slate = tuple(item.item_id for item in shop_catalog.items if item.title in shown)
    assert _state(shop_understander, shop_catalog, message, slate) == state


def _state(
    understander: Understander, catalog: Catalog, message: str, slate: tuple[str, ...] = ()
) -> set[str]:
    context = Context(1, UserProfile(), slate)
    understood = understander.understand(message, context)
    return set(profile_slots(update_profile(context.profile, understood, 1), catalog))


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("wolf wall street", "The Wolf of Wall Street (2013)"),
        ("3 billbords", "Three Billboards Outside Ebbing, Missouri (2017)"),
        ("breaking bad", None),  # two of the five words of El Camino's title
        ("the lamplighter of dundee", None),
        ("ferris bueller", "Ferris Bueller's Day Off (1986)"),
        ("shawshank", "The Shawshank Redemption (1994)"),
        ("priscilla", None),  # a newer film of that name is as likely
        ("begins", None),
        ("", None),
    ],
)
def test_titles_named_in_part(film_catalog: Catalog, written: str, title: str | None) -> None:
    row = TitleIndex(film_catalog).in_part(written)
    assert (None if row is None else film_catalog.name(row)) == title


@pytest.mark.parametrize(
    ("message", "state"),
    [
        ("it's 90 minutes max tonight, I've a dog to walk", {"constraints: runtime_minutes <= 90"}),
        ("already seen nightmare before xmas", {"seen: The Nightmare Before Christmas (1993)"}),
        ("clockwork orange, taxi driver = the best",
         {"likes: A Clockwork Orange (1971)", "likes: Taxi Driver (1976)"}),
        ("Jack and Dave are coming round. Action, because Dave has work",
         {"preferences: genres: Action"}),
        ("originally from Fargo myself, you betcha. A western please",
         {"preferences: genres: Western"}),
        ("Her name was Amelie and she dumped me. Nothing romantic",
         {"constraints: mood != romantic"}),
        ("It's been like Groundhog Day at my work. Something whimsical",
         {"preferences: mood: whimsical"}),
        ("Thanks Alfie, you're a star", set()),
        ("Julia Roberts, but NOT about a Wedding",
         {"preferences: cast: Julia Roberts", "constraints: keywords != wedding"}),
        ("it's election night. Nothing about politics", {"constraints: keywords != politics"}),
        ("spare me. Something with Morgan Freeman", {"preferences: cast: Morgan Freeman"}),
        ("a kids film too, animated",
         {"preferences: genres: Children", "preferences: genres: Animation"}),
        ("1 hour 45 at most", {"constraints: runtime_minutes <= 105"}),
        ("from the 90s at most 2 hours",
         {"constraints: year >= 1990", "constraints: year <= 1999",
          "constraints: runtime_minutes <= 120"}),
        ("2 hours max 1990 or later",
         {"constraints: year >= 1990", "constraints: runtime_minutes <= 120"}),
        ("Not a huge Nolan guy", {"preferences: not directors: Christopher Nolan"}),
        ("with Johnny Depp, I don't want violence",
         {"preferences: cast: Johnny Depp", "constraints: mood != violent"}),
        ("horror I don't like :D", {"constraints: genres != Horror"}),
        ("no bloody musicals", {"constraints: genres != Musical"}),
        ("something bloody and dark", {"preferences: mood: gory", "preferences: mood: dark"}),
        ("90 minutes at most, in one hour and half I must go",
         {"constraints: runtime_minutes <= 90"}),
        ("kids are finally in bed, a thriller", {"preferences: genres: Thriller"}),
        ("no westerns, noir is good",
         {"constraints: genres != Western", "preferences: genres: Film-Noir"}),
        ("we saw Heat and were so pleased with it", {"likes: Heat (1995)", "seen: Heat (1995)"}),
        ("we saw anyone but you, then a comedy", {"preferences: genres: Comedy"}),
        ("liked shawshenk redemption and foresst gump",
         {"likes: The Shawshank Redemption (1994)", "likes: Forrest Gump (1994)"}),
    ],
)  # fmt: skip
def test_amounts_and_refusals_side_by_side(
    film_catalog: Catalog, film_understander: Understander, message: str, state: set[str]
) -> None:
    assert _state(film_understander, film_catalog, message) == state


@pytest.mark.parametrize(
    ("message", "bounds"),
    [
        ("rating above 4", {("rating", ">=", 4.01)}),
        ("rating under 4", {("rating", "<=", 3.99)}),
        (
            "price above 40, with a rating of at least 4",
            {("price", ">=", 40.01), ("rating", ">=", 4)},
        ),
        ("weight should be under 3", {("weight_kg", "<=", 2.99)}),
    ],
)
def test_a_measure_is_named_instead_of_its_unit(
    shop_understander: Understander, message: str, bounds: set[tuple[str, str, float]]
) -> None:
    found = shop_understander.understand(message, Context(1)).constraints
    assert {(row.facet, row.op, row.value) for row in found} == bounds
