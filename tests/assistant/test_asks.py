"""Questions about items: which is put, about what, and that nothing is wished for by asking."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.state import Ask, Context, Opinion, Understanding, UserProfile
from assistant.understanding import Understander
from catalog import Catalog
from tests.assistant import small_films

_SMALL = Understander(small_films.catalog())
FILM_SLATE = ("Heat (1995)", "Ronin (1998)", "The Insider (1999)")
SHOP_SLATE = (
    "Alder 1.7 L Kettle",
    "Alder Gooseneck Kettle",
    "Brio Glass Kettle",
    "Whisk Hand Blender",
)

FILMS = [
    ("who directed Heat", "fact directors: Heat (1995)"),
    ("who directed heat?", "fact directors: Heat (1995)"),
    ("Who made The Godfather?", "fact directors: The Godfather (1972)"),
    ("who's the director of the second one?", "fact directors: Ronin (1998)"),
    ("who is the director?", "fact directors: Heat (1995)"),
    ("can you tell me who directed the second one please", "fact directors: Ronin (1998)"),
    ("who's in the first one", "fact cast: Heat (1995)"),
    ("who is in it?", "fact cast: Heat (1995)"),
    ("who plays the lead in Fargo?", "fact cast: Fargo (1996)"),
    ("who plays the pregnant cop in Fargo?", "fact cast: Fargo (1996)"),
    ("how long is it", "fact runtime_minutes: Heat (1995)"),
    ("how long is number 3?", "fact runtime_minutes: The Insider (1999)"),
    ("how many minutes is Alien?", "fact runtime_minutes: Alien (1979)"),
    ("what's the running time of Alien", "fact runtime_minutes: Alien (1979)"),
    ("what's Heat's running time?", "fact runtime_minutes: Heat (1995)"),
    ("what's the running time?", "fact runtime_minutes: Heat (1995)"),
    ("do you know how long Fargo is?", "fact runtime_minutes: Fargo (1996)"),
    ("is it too long?", "fact runtime_minutes: Heat (1995)"),
    ("when was it made", "fact year: Heat (1995)"),
    ("what year is it from", "fact year: Heat (1995)"),
    ("what year was Ronin?", "fact year: Ronin (1998)"),
    ("when did Fargo come out?", "fact year: Fargo (1996)"),
    ("how old is the last one?", "fact year: The Insider (1999)"),
    ("what's it rated", "fact certificate: Heat (1995)"),
    ("lol ok what's the age rating on fargo", "fact certificate: Fargo (1996)"),
    ("what language is it in", "fact languages: Heat (1995)"),
    ("where was it made?", "fact countries: Heat (1995)"),
    ("what genre is Fargo?", "fact genres: Fargo (1996)"),
    ("what's the mood of the third?", "fact mood: The Insider (1999)"),
    ("is it scary?", "fact mood: Heat (1995) if mood = scary"),
    ("Is Heat violent?", "fact mood: Heat (1995) if mood = violent"),
    ("is the second one a comedy?", "fact genres: Ronin (1998) if genres = Comedy"),
    ("is it in French?", "fact languages: Heat (1995) if languages = French"),
    ("is it under two hours?", "fact runtime_minutes: Heat (1995) if runtime_minutes <= 119"),
    ("is Al Pacino in Heat?", "fact cast: Heat (1995) if cast = Al Pacino"),
    ("did Michael Mann direct it?", "fact directors: Heat (1995) if directors = Michael Mann"),
    (
        "is that one from the 90s?",
        "fact year: Heat (1995) if year >= 1990 and year <= 1999",
    ),
    ("what is it about", "fact: Heat (1995)"),
    ("What's the plot of Vertigo?", "fact: Vertigo (1958)"),
    ("tell me about the third", "fact: The Insider (1999)"),
    ("tell me more about Casablanca", "fact: Casablanca (1942)"),
    ("describe the second one", "fact: Ronin (1998)"),
    ("compare the first two", "compare: Heat (1995) | Ronin (1998)"),
    ("compare Alien and Aliens", "compare: Alien (1979) | Aliens (1986)"),
    ("compare alien and aliens", "compare: Alien (1979) | Aliens (1986)"),
    ("could you compare Alien with Aliens?", "compare: Alien (1979) | Aliens (1986)"),
    ("compare the films casino and heat", "compare: Casino (1995) | Heat (1995)"),
    ("how do alien and aliens compare?", "compare: Alien (1979) | Aliens (1986)"),
    ("difference between alien, aliens and casino",
     "compare: Alien (1979) | Aliens (1986) | Casino (1995)"),
    ("compare Heat, Ronin and Fargo", "compare: Heat (1995) | Ronin (1998) | Fargo (1996)"),
    ("what's the difference between Heat and Ronin?", "compare: Heat (1995) | Ronin (1998)"),
    ("difference between the first and the third", "compare: Heat (1995) | The Insider (1999)"),
    ("first vs third", "compare: Heat (1995) | The Insider (1999)"),
    ("1 vs 3", "compare: Heat (1995) | The Insider (1999)"),
    ("compare 1 and 3", "compare: Heat (1995) | The Insider (1999)"),
    ("Heat or Ronin?", "compare: Heat (1995) | Ronin (1998)"),
    ("Heat or Ronin, which is shorter", "compare runtime_minutes: Heat (1995) | Ronin (1998)"),
    ("Heat or Ronin which is better for me", "compare: Heat (1995) | Ronin (1998)"),
    ("should I watch Heat or Ronin tonight?", "compare: Heat (1995) | Ronin (1998)"),
    ("is Fargo longer than Heat?", "compare runtime_minutes: Fargo (1996) | Heat (1995)"),
    ("how does Heat compare to Fargo?", "compare: Heat (1995) | Fargo (1996)"),
    ("which of these is the longest?",
     "compare runtime_minutes: Heat (1995) | Ronin (1998) | The Insider (1999)"),
    ("why Ronin and not Fargo?", "compare: Ronin (1998) | Fargo (1996)"),
    ("why this?", "why: Heat (1995)"),
    ("why?", "why: Heat (1995)"),
    ("why the second one?", "why: Ronin (1998)"),
    ("why did you pick Heat", "why: Heat (1995)"),
    ("why do you think I'd like Ronin?", "why: Ronin (1998)"),
    ("what makes you recommend the last one?", "why: The Insider (1999)"),
    ("why not Ronin?", "why_not: Ronin (1998)"),
    ("why isn't Heat there?", "why_not: Heat (1995)"),
    ("why didn't you suggest Fargo?", "why_not: Fargo (1996)"),
    ("where's Fargo?", "why_not: Fargo (1996)"),
]  # fmt: skip

SHOP = [
    ("how much does the second cost", "fact price: Alder Gooseneck Kettle"),
    ("how much is the alder gooseneck kettle?", "fact price: Alder Gooseneck Kettle"),
    ("what's the Brio Glass Kettle's price?", "fact price: Brio Glass Kettle"),
    ("what colour is it", "fact colour: Alder 1.7 L Kettle"),
    ("who makes the first one?", "fact brand: Alder 1.7 L Kettle"),
    ("is it in stock", "fact in_stock: Alder 1.7 L Kettle"),
    ("Is the third still available?", "fact in_stock: Brio Glass Kettle"),
    ("how heavy is number 2", "fact weight_kg: Alder Gooseneck Kettle"),
    ("can you tell me what it weighs", "fact weight_kg: Alder 1.7 L Kettle"),
    ("how many watts does it use", "fact power_watts: Alder 1.7 L Kettle"),
    ("how well is it rated?", "fact rating: Alder 1.7 L Kettle"),
    ("does it have keep warm", "fact features: Alder 1.7 L Kettle if features = keep warm"),
    ("does the third come in black", "fact colour: Brio Glass Kettle if colour = black"),
    (
        "is it quiet enough for a bedroom and under $50?",
        "fact features: Alder 1.7 L Kettle if features = quiet and price <= 49.99",
    ),
    ("does the other one come in red?", "fact colour: Alder Gooseneck Kettle if colour = red"),
    ("tell me about the third", "fact: Brio Glass Kettle"),
    ("which is cheaper, the first or the second?",
     "compare price: Alder 1.7 L Kettle | Alder Gooseneck Kettle"),
    ("is the first one cheaper than the second?",
     "compare price: Alder 1.7 L Kettle | Alder Gooseneck Kettle"),
    ("which one is cheapest?", "compare price: " + " | ".join(SHOP_SLATE)),
    ("why did you pick the Alder Gooseneck Kettle", "why: Alder Gooseneck Kettle"),
    ("why isn't the Whisk Hand Blender there?", "why_not: Whisk Hand Blender"),
]  # fmt: skip

NOT_ASKED = [
    "is there anything shorter?",
    "do you have Heat?",
    "how about Fargo?",
    "something like Heat or Ronin?",
    "why not something funny?",
    "I don't care how long it is",
    "tell me about films with robots",
    "give me a film like Heat",
    "I love how long it is",
    "Loved Sicario, hated Prisoners. Same director. Explain that one",
    "what can you do?",
    "does it have to be in English?",
    "is it ok if it's in French?",
]


@pytest.mark.parametrize(("message", "expected"), FILMS)
def test_film_questions(
    film_catalog: Catalog, film_understander: Understander, message: str, expected: str
) -> None:
    found = film_understander.understand(message, _context(film_catalog, FILM_SLATE))
    assert _told(found, film_catalog) == [expected]
    assert _adds_nothing(found)


@pytest.mark.parametrize(("message", "expected"), SHOP)
def test_shop_questions(
    shop_catalog: Catalog, shop_understander: Understander, message: str, expected: str
) -> None:
    found = shop_understander.understand(message, _context(shop_catalog, SHOP_SLATE))
    assert _told(found, shop_catalog) == [expected]
    assert _adds_nothing(found)


@pytest.mark.parametrize("message", NOT_ASKED)
def test_what_is_no_question_about_an_item(
    film_catalog: Catalog, film_understander: Understander, message: str
) -> None:
    found = film_understander.understand(message, _context(film_catalog, FILM_SLATE))
    assert found.asks == ()
    assert not found.only_asks


def test_several_questions_and_what_it_means_in_them(
    film_catalog: Catalog, film_understander: Understander
) -> None:
    context = _context(film_catalog, FILM_SLATE)
    found = film_understander.understand("who stars in Fargo and how long is it?", context)
    assert _told(found, film_catalog) == [
        "fact cast: Fargo (1996)",
        "fact runtime_minutes: Fargo (1996)",
    ]
    asked = Context(3, slate=context.slate, asked=(_id(film_catalog, "Fargo (1996)"),))
    found = film_understander.understand("and when was it made?", asked)
    assert _told(found, film_catalog) == ["fact year: Fargo (1996)"]


def test_a_question_and_a_wish_are_both_taken(
    film_catalog: Catalog, film_understander: Understander
) -> None:
    context = _context(film_catalog, FILM_SLATE)
    found = film_understander.understand("I love Heat. Who directed it? No horror.", context)
    assert _told(found, film_catalog) == ["fact directors: Heat (1995)"]
    assert [opinion.title for opinion in found.likes] == ["Heat"]
    assert [str(row) for row in found.constraints] == ["genres != Horror"]
    assert not found.only_asks
    found = film_understander.understand("who directed it and give me something shorter", context)
    assert _told(found, film_catalog) == ["fact directors: Heat (1995)"]
    assert [str(row) for row in found.constraints] == ["runtime_minutes <= 156"]


@pytest.mark.parametrize(
    "message", ["who directed Zorblax?", "why isn't Zorblax there?", "compare Heat and Zorblax"]
)
def test_titles_that_the_catalogue_lacks_stay_missing(
    film_catalog: Catalog, film_understander: Understander, message: str
) -> None:
    found = film_understander.understand(message, _context(film_catalog, FILM_SLATE))
    assert found.missing_titles == ("Zorblax",)
    assert found.asks == ()
    assert found.only_asks


def test_without_cards_it_is_nothing(film_understander: Understander) -> None:
    assert film_understander.understand("how long is it?", Context(1)).asks == ()
    (ask,) = film_understander.understand("why the second one?", Context(1)).asks
    assert (ask.kind, ask.items) == ("beyond", ())


_WORDS = """
who what why not is it the first last second two 1 9 # number one how long directed in heat ronin
compare and or vs , . ? than which of these both scary the other
"""


@given(st.lists(st.sampled_from(_WORDS.split()), max_size=14), st.booleans())
def test_any_words_are_read_and_only_known_items_asked_about(words: list[str], shown: bool) -> None:
    slate = ("6", "1", "2") if shown else ()
    found = _SMALL.understand(" ".join(words), Context(2, slate=slate))
    assert all(ask.items or ask.kind in {"open", "beyond"} for ask in found.asks)
    assert {item for ask in found.asks for item in ask.items} <= {"1", "2", "6"}


def test_the_words_come_from_the_schema() -> None:
    """Without the film demo's own questions, labels, units and roles still carry."""
    context = Context(2, slate=("6", "1"))
    for message, facet in [
        ("what's the director of Ronin?", "directors"),
        ("how many minutes is Ronin?", "runtime_minutes"),
        ("when was Ronin made?", "year"),
    ]:
        (ask,) = _SMALL.understand(message, context).asks
        assert (ask.kind, ask.items, ask.facet) == ("fact", ("1",), facet)


def _context(catalog: Catalog, slate: tuple[str, ...]) -> Context:
    """Return a context with cards on the table, liked ones among them."""
    ids = tuple(_id(catalog, name) for name in slate)
    likes = (Opinion(ids[0], catalog.item(ids[0]).title, 1),)
    return Context(2, UserProfile(likes=likes), ids)


def _id(catalog: Catalog, name: str) -> str:
    return next(item.item_id for row, item in enumerate(catalog.items) if catalog.name(row) == name)


def _told(found: Understanding, catalog: Catalog) -> list[str]:
    return [_written(ask, catalog) for ask in found.asks]


def _written(ask: Ask, catalog: Catalog) -> str:
    names = " | ".join(catalog.name(catalog.row(item_id)) for item_id in ask.items)
    head = f"{ask.kind} {ask.facet}".strip()
    rows = " and ".join(map(str, ask.conditions))
    return f"{head}: {names}{f' if {rows}' if rows else ''}"


def _adds_nothing(found: Understanding) -> bool:
    """Tell whether the message leaves the profile and the slate as they are."""
    added = (found.likes, found.dislikes, found.seen, found.later, found.constraints,
             found.preferences, found.retractions, found.again, found.missing_titles)  # fmt: skip
    return not any(added) and not found.topic and found.only_asks
