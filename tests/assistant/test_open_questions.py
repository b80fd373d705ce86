"""Questions that nothing answers, and wishes that look like them; more of an item's own."""

from __future__ import annotations

import pytest

from assistant.state import Context, Understanding
from assistant.understanding import Understander
from catalog import Catalog
from tests.assistant import small_films

SLATE = ("Lull Tower Fan", "Lull Desk Fan", "Galeforce Floor Fan")
_SMALL = Understander(small_films.catalog())

OF_THE_SHOP = [
    "can i return it?",
    "whats the warranty",
    "does the second one come with a warranty?",
    "add it to my cart",
    "order the second one",
    "I'd like to rent it",
    "do you deliver to Norway?",
    "is shipping free?",
    "thanks, how do I pay?",
    "available on Netflix?",
    "kann ich das zurückgeben?",
    "Wie lange ist die Garantie?",
    "Leg ihn in den Warenkorb",
    "¿puedo devolverlo?",
    "quelle est la garantie ?",
    "可以退货吗？",
    "加入购物车",
]
OF_AN_ITEM = [
    ("ok the first. does it turn off by itself?", "Lull Tower Fan"),
    ("how do i clean the third one", "Galeforce Floor Fan"),
    ("where is it made?", "Lull Tower Fan"),
    ("what's the capacity?", "Lull Tower Fan"),
    ("is number 2 any good", "Lull Desk Fan"),
    ("Schaltet er sich von selbst ab?", "Lull Tower Fan"),
]
WISHES = [
    "can you recommend a lamp?",
    "do you have anything with whales?",
    "is there anything cheaper?",
    "what do you have with a handle?",
    "what about handles?",
    "how about a toaster",
    "got any with a handle?",
    "could it be lighter?",
    "can we skip the bagels",
    "what would go well with popcorn?",
    "what's the best for camping?",
    "something I can return",
    "which other products have a handle?",
    "hast du etwas mit Griff?",
    "¿hay algo con mango?",
]


@pytest.mark.parametrize("message", OF_THE_SHOP)
def test_what_only_the_shop_knows_leaves_everything_as_it_is(
    shop_catalog: Catalog, shop_understander: Understander, message: str
) -> None:
    found = shop_understander.understand(message, _context(shop_catalog))
    assert [(ask.kind, ask.items) for ask in found.asks] == [("open", ())]
    assert "policy" in found.acts
    assert _leaves_all(found)


@pytest.mark.parametrize(("message", "title"), OF_AN_ITEM)
def test_what_no_field_says_is_asked_of_the_item(
    shop_catalog: Catalog, shop_understander: Understander, message: str, title: str
) -> None:
    (ask,) = shop_understander.understand(message, _context(shop_catalog)).asks
    assert (ask.kind, ask.items) == ("open", (_id(shop_catalog, title),))


@pytest.mark.parametrize("message", WISHES)
def test_a_wish_in_the_form_of_a_question_stays_one(
    shop_catalog: Catalog, shop_understander: Understander, message: str
) -> None:
    found = shop_understander.understand(message, _context(shop_catalog))
    assert not [ask for ask in found.asks if ask.kind in {"open", "beyond"}]
    assert not found.only_asks


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("is the second one available in red?", ["colour = red"]),
        ("is the second one in stock in red?", ["colour = red", "in_stock = True"]),
        ("the second one comes in red?", ["colour = red"]),
        ("is it loud?", ["features != quiet"]),
        ("¿el segundo está disponible en rojo?", ["colour = red"]),
        ("est-ce que le deuxième existe en rouge ?", ["colour = red"]),
        ("第二个有红色的吗？", ["colour = red"]),
    ],
)
def test_a_named_value_decides(
    shop_catalog: Catalog, shop_understander: Understander, message: str, expected: list[str]
) -> None:
    found = shop_understander.understand(message, _context(shop_catalog))
    (ask,) = found.asks
    assert ask.facet == expected[0].split()[0]
    assert [str(row) for row in ask.conditions] == expected
    assert _leaves_all(found)


@pytest.mark.parametrize(
    "message",
    ["was kostet der fünfte?", "how much is the fifth one", "is the fifth one red?",
     "compare the first and the fifth", "combien coûte le cinquième ?", "第五个多少钱？"],
)  # fmt: skip
def test_a_place_without_a_card(
    shop_catalog: Catalog, shop_understander: Understander, message: str
) -> None:
    for context in (_context(shop_catalog), Context(1)):
        (ask,) = shop_understander.understand(message, context).asks
        assert (ask.kind, ask.items) == ("beyond", ())


@pytest.mark.parametrize(
    ("message", "places"),
    [
        ("between 1 and 3 which would you take", (0, 2)),
        ("which of the two would you pick", (0, 1)),
        ("which one should i buy?", (0, 1, 2)),
        ("which is cheaper", (0, 1, 2)),
        ("welchen von beiden würdest du nehmen?", (0, 1)),
        ("¿cuál es más barato?", (0, 1, 2)),
        ("lequel des deux choisirais-tu ?", (0, 1)),
        ("这两个你会选哪个？", (0, 1)),
    ],
)
def test_which_of_them(
    shop_catalog: Catalog, shop_understander: Understander, message: str, places: tuple[int, ...]
) -> None:
    (ask,) = shop_understander.understand(message, _context(shop_catalog)).asks
    assert ask.kind == "compare"
    assert ask.items == tuple(_id(shop_catalog, SLATE[place]) for place in places)


def test_which_of_them_after_a_comparison_is_of_those(
    shop_catalog: Catalog, shop_understander: Understander
) -> None:
    ids = _context(shop_catalog).slate
    context = Context(3, slate=ids, asked=(ids[0], ids[2]))
    for message in ("which is lighter?", "which of the two would you pick"):
        (ask,) = shop_understander.understand(message, context).asks
        assert ask.items == (ids[0], ids[2])


@pytest.mark.parametrize(
    "message",
    ["more from this brand", "mehr von dieser Marke", "más de esta marca", "plus de cette marque",
     "这个牌子还有别的吗？"],
)  # fmt: skip
def test_more_of_the_same_is_a_wish_for_its_value(
    shop_catalog: Catalog, shop_understander: Understander, message: str
) -> None:
    ids = _context(shop_catalog).slate
    found = shop_understander.understand(message, Context(3, slate=ids, asked=(ids[2],)))
    (wish,) = found.preferences
    assert (wish.facet, wish.value) == ("brand", "Ostrow")
    assert not found.topic


@pytest.mark.parametrize(
    ("message", "facet"),
    [
        ("what else did that director make?", "directors"),
        ("anything else by him", "directors"),
        ("films by the same director", "directors"),
        ("other films with that actor", "cast"),
    ],
)
def test_more_by_the_same_people(message: str, facet: str) -> None:
    catalog = small_films.catalog()
    found = _SMALL.understand(message, Context(2, slate=("1", "6"), asked=("6",)))
    assert [(wish.facet, wish.value) for wish in found.preferences] == [
        (facet, catalog.item("6").labels[facet][0])
    ]


@pytest.mark.parametrize("message", ["cheaper than the second one", "anything cheaper?"])
def test_without_prices_nothing_is_cheaper(message: str) -> None:
    found = _SMALL.understand(message, Context(2, slate=("1", "6")))
    assert [(ask.kind, ask.items) for ask in found.asks] == [("open", ())]
    assert _leaves_all(found)


@pytest.mark.parametrize(
    ("act", "messages"),
    [
        ("declined", ["no", "nope", "nah", "no thanks", "nein", "non", "不"]),
        ("agreed", ["yes", "ok", "sure", "ja", "sí", "oui", "好的"]),
    ],
)
def test_no_and_yes_alone(
    shop_catalog: Catalog, shop_understander: Understander, act: str, messages: list[str]
) -> None:
    for message in messages:
        found = shop_understander.understand(message, _context(shop_catalog))
        assert found.acts == (act,), message
        assert not found.dislikes


def _context(catalog: Catalog) -> Context:
    return Context(2, slate=tuple(_id(catalog, title) for title in SLATE))


def _id(catalog: Catalog, title: str) -> str:
    return next(item.item_id for item in catalog.items if item.title == title)


def _leaves_all(found: Understanding) -> bool:
    """Tell whether a message leaves the profile and the slate as they are."""
    added = (found.likes, found.dislikes, found.seen, found.later, found.constraints,
             found.preferences, found.retractions, found.missing_titles)  # fmt: skip
    return not any(added) and not found.topic and found.only_asks
