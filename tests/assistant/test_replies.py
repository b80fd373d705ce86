"""Whole replies in four languages: sentences that a native speaker would let pass."""

from __future__ import annotations

from pathlib import Path

import pytest

import catalog
from assistant.engine import Assistant
from assistant.evidence import evidence_for, reasons
from assistant.phrasebook import phrasebook
from assistant.state import Act, Card, Context, Opinion, Preference, Understanding, UserProfile
from assistant.templates import Outcome, lead, sentence
from assistant.understanding import Understander
from assistant.wordings import LANGUAGES
from catalog import Catalog, Constraint, Item, Relaxation, read_schema
from ranking.scoring import Scored, Term
from tests.assistant.driving import say

KETTLE, FAN = Opinion("k", "Kettle One", 1), Opinion("f", "Fan Two", 1)
CHEAP = Constraint("price", "<=", 25.5, 1)
NO_FANS = Constraint("category", "!=", "Fans", 1)
IN_STOCK = Constraint("in_stock", "=", True, 1)
FIVE = tuple(Card(str(n), f"Thing {n}", None, 1.0, (), (), ()) for n in range(5))


@pytest.fixture(scope="module")
def shop_catalog() -> Catalog:
    """Three products under the example shop's schema, with its locales."""
    folder = Path(catalog.__file__).parent / "examples" / "shop"
    rows = (
        ("k", "Kettle One", 20.0, "Kettles", "blue", ("quiet",)),
        ("f", "Fan Two", 30.5, "Fans", "white", ("quiet", "timer")),
        ("t", "Toaster Three", 25.0, "Toasters", "blue", ("defrost",)),
    )
    items = [
        Item(
            key,
            title,
            {"category": (category,), "colour": (colour,), "features": features},
            {"price": price},
            {"in_stock": True},
            {"description": f"{title}, for every day."},
        )
        for key, title, price, category, colour, features in rows
    ]
    return Catalog.build(read_schema(folder / "schema.toml"), items)


def _lead(
    language: str,
    made: Catalog,
    *acts: Act,
    before: UserProfile = UserProfile(),
    after: UserProfile = UserProfile(),
    cards: tuple[Card, ...] = FIVE,
    missing: tuple[str, ...] = (),
    relaxations: tuple[Relaxation, ...] = (),
    fitting: tuple[str, ...] = (),
) -> str:
    understood = Understanding(acts or ("request",), missing_titles=missing, language=language)
    outcome = Outcome(1, understood, before, after, cards, relaxations, fitting=fitting)
    return lead(outcome, phrasebook(language, made.schema))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "类似“Kettle One”和“Fan Two”的 5 件产品，蓝色的，"
               "价格不超过 $25.50，不要风扇，有货。"),
        ("es", "5 productos como «Kettle One» y «Fan Two», en azul, precio hasta $25,50, "
               "sin ventiladores, en stock."),
        ("de", "5 Produkte wie „Kettle One“ und „Fan Two“, in blau, Preis höchstens $25,50, "
               "ohne Ventilatoren, auf Lager."),
        ("fr", "5 produits comme «\u00a0Kettle One\u00a0» et «\u00a0Fan Two\u00a0», en bleu, "
               "prix jusqu'à $25,50, sans ventilateurs, en stock."),
    ],
)  # fmt: skip
def test_the_slate_is_announced(shop_catalog: Catalog, language: str, text: str) -> None:
    after = UserProfile(
        likes=(KETTLE, FAN),
        constraints=(CHEAP, NO_FANS, IN_STOCK),
        preferences=(Preference("colour", "blue", 1.0, 1),),
    )
    assert _lead(language, shop_catalog, after=after) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "你之前说“不要风扇”，现在说“属于风扇类”：以最新的为准。"
               "“价格不超过 $25.50”改为“价格不超过 $20”。"
               "现在：1 件产品：属于风扇类，价格不超过 $20。"),
        ("es", "Antes dijiste «sin ventiladores», ahora «de la categoría ventiladores»: vale lo "
               "último. Ahora «precio hasta $20» en lugar de «precio hasta $25,50». "
               "Ahora, 1 producto: de la categoría ventiladores, precio hasta $20."),
        ("de", "Vorher hieß es „ohne Ventilatoren“, jetzt „aus der Kategorie Ventilatoren“: Das "
               "Letzte zählt. Statt „Preis höchstens $25,50“ gilt jetzt „Preis höchstens $20“. "
               "Jetzt 1 Produkt: aus der Kategorie Ventilatoren, Preis höchstens $20."),
        ("fr", "Avant, tu disais «~sans ventilateurs~», maintenant «~de la catégorie "
               "ventilateurs~»~: c'est le dernier mot qui compte. «~prix jusqu'à $20~» remplace "
               "«~prix jusqu'à $25,50~». Maintenant, 1 produit~: de la catégorie ventilateurs, "
               "prix jusqu'à $20."),
    ],
)  # fmt: skip
def test_corrections_are_said_with_old_and_new(
    shop_catalog: Catalog, language: str, text: str
) -> None:
    before = UserProfile(constraints=(CHEAP, NO_FANS))
    fans, cheaper = Constraint("category", "=", "Fans", 2), Constraint("price", "<=", 20.0, 2)
    said = _lead(
        language,
        shop_catalog,
        before=before,
        after=UserProfile(constraints=(fans, cheaper)),
        cards=FIVE[:1],
    )
    assert said == text.replace("~", "\u00a0")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "我这里没有“Blorp”和“Zonk”。没有完全符合的。"
               "去掉“价格不超过 $25.50”，就有 12 件产品；"
               "去掉“不要风扇”，就有 1 件产品。"),
        ("es", "No tengo «Blorp» ni «Zonk». Nada cumple todo eso. Sin la condición «precio hasta "
               "$25,50» hay 12 productos; sin la condición «sin ventiladores» hay 1 producto."),
        ("de", "„Blorp“ oder „Zonk“ habe ich leider nicht. Nichts erfüllt all das. Ohne die "
               "Bedingung „Preis höchstens $25,50“ gibt es 12 Produkte; ohne die Bedingung "
               "„ohne Ventilatoren“ gibt es 1 Produkt."),
        ("fr", "Je n'ai pas «~Blorp~» ni «~Zonk~». Rien ne remplit toutes ces conditions. Sans la "
               "condition «~prix jusqu'à $25,50~», il y a 12 produits~; sans la condition "
               "«~sans ventilateurs~», il y a 1 produit."),
    ],
)  # fmt: skip
def test_nothing_fits_comes_with_what_would_help(
    shop_catalog: Catalog, language: str, text: str
) -> None:
    said = _lead(
        language,
        shop_catalog,
        after=UserProfile(constraints=(CHEAP, NO_FANS)),
        cards=(),
        missing=("Blorp", "Zonk"),
        relaxations=(Relaxation((CHEAP,), 12), Relaxation((NO_FANS,), 1)),
    )
    assert said == text.replace("~", "\u00a0")


@pytest.mark.parametrize(
    ("language", "one", "two", "way"),
    [
        ("en", "Kettle One is the only product left that fits all of that.",
         "Kettle One and Fan Two are the only products left that fit all of that.",
         " Without “price at most $25.50” there are 12 products."),
        ("zh", "除了“Kettle One”，没有别的完全符合的了。",
         "除了“Kettle One”和“Fan Two”，没有别的完全符合的了。",
         "去掉“价格不超过 $25.50”，就有 12 件产品。"),
        ("es", "Aparte de «Kettle One», no queda nada que cumpla todo eso.",
         "Aparte de «Kettle One» y «Fan Two», no queda nada que cumpla todo eso.",
         " Sin la condición «precio hasta $25,50» hay 12 productos."),
        ("de", "Außer „Kettle One“ gibt es nichts mehr, was all das erfüllt.",
         "Außer „Kettle One“ und „Fan Two“ gibt es nichts mehr, was all das erfüllt.",
         " Ohne die Bedingung „Preis höchstens $25,50“ gibt es 12 Produkte."),
        ("fr", "À part «~Kettle One~», il ne reste rien qui remplisse toutes ces conditions.",
         "À part «~Kettle One~» et «~Fan Two~», il ne reste rien qui remplisse toutes ces "
         "conditions.",
         " Sans la condition «~prix jusqu'à $25,50~», il y a 12 produits."),
    ],
)  # fmt: skip
def test_what_the_person_likes_fits_and_nothing_else(
    shop_catalog: Catalog, language: str, one: str, two: str, way: str
) -> None:
    def said(*fitting: str, relaxations: tuple[Relaxation, ...] = ()) -> str:
        after = UserProfile(likes=(KETTLE, FAN), constraints=(CHEAP, IN_STOCK))
        return _lead(
            language, shop_catalog, after=after, cards=(), fitting=fitting, relaxations=relaxations
        )

    offers = (Relaxation((CHEAP,), 12),)
    assert said("k", relaxations=offers) == (one + way).replace("~", "\u00a0")
    assert said("k") == one.replace("~", "\u00a0")
    assert said("k", "f") == two.replace("~", "\u00a0")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", ["首选 Toaster Three：喜欢“Kettle One”的人也喜欢它；"
                "蓝色的，和“Kettle One”一样。",
                "喜欢“Kettle One”的人也喜欢它", "蓝色的，和“Kettle One”一样",
                "$25，不超过 $25.50"]),
        ("es", ["Primero, Toaster Three: gusta también a quienes disfrutaron de «Kettle One»; "
                "en azul, como «Kettle One».",
                "Gusta también a quienes disfrutaron de «Kettle One»",
                "En azul, como «Kettle One»", "$25, hasta $25,50"]),
        ("de", ["Zuerst Toaster Three: gefällt auch Leuten, die „Kettle One“ mögen; in blau, wie "
                "„Kettle One“.",
                "Gefällt auch Leuten, die „Kettle One“ mögen", "In blau, wie „Kettle One“",
                "$25, höchstens $25,50"]),
        ("fr", ["D'abord, Toaster Three~: plaît aussi à ceux qui aiment «~Kettle One~»~; en bleu, "
                "comme «~Kettle One~».",
                "Plaît aussi à ceux qui aiment «~Kettle One~»", "En bleu, comme «~Kettle One~»",
                "$25, jusqu'à $25,50"]),
    ],
)  # fmt: skip
def test_a_pick_and_its_reasons_are_told(
    shop_catalog: Catalog, language: str, told: list[str]
) -> None:
    profile = UserProfile(likes=(KETTLE,), constraints=(CHEAP,))
    terms = (Term("collaborative", 1.2, ("k",)), Term("content", 0.8, ("k",)))
    (evidence,) = evidence_for([Scored(2, 2.0, terms)], profile, shop_catalog, language=language)
    said = sentence(evidence, shop_catalog, phrasebook(language, shop_catalog.schema), turn=1)
    assert [said, *reasons(evidence)] == [text.replace("~", "\u00a0") for text in told]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Noted: you have seen Heat; it won't come back. One book: by Bo Ray."),
        ("zh", "记下了：你seen“Heat”，不会再推荐。1 books：by Bo Ray。"),
        ("es", "Anotado: ya has seen «Heat»; no volverá a salir. 1 book: by Bo Ray."),
        ("de", "Notiert: „Heat“ hast du schon seen; das kommt nicht wieder. 1 book: by Bo Ray."),
        ("fr", "C'est noté~: tu as déjà seen «~Heat~»~; ça ne reviendra pas. 1 book~: by Bo Ray."),
    ],
)
def test_a_catalogue_without_locales_keeps_its_own_words(
    tiny: Catalog, language: str, text: str
) -> None:
    after = UserProfile(
        seen=(Opinion("x", "Heat", 1),), constraints=(Constraint("author", "=", "Bo Ray", 1),)
    )
    said = _lead(language, tiny, "seen", after=after, cards=FIVE[:1])
    assert said == text.replace("~", "\u00a0")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "你好！说说你喜欢过的产品，或者告诉我你想要什么。"),
        ("es", "¡Hola! Dime qué productos te gustaron, o qué buscas."),
        ("de", "Hallo! Nenne mir Produkte, die dir gefallen haben, oder sag, was du suchst."),
        ("fr", "Bonjour~! Cite des produits que tu aimes, ou dis-moi ce que tu cherches."),
    ],
)
def test_a_greeting_is_answered(shop_catalog: Catalog, language: str, text: str) -> None:
    said = _lead(language, shop_catalog, "greeting", cards=())
    assert said == text.replace("~", "\u00a0")


@pytest.mark.parametrize(
    ("language", "messages", "replies"),
    [
        ("de", ("Hallo", "Ich suche einen leisen Ventilator unter 100 Dollar", "unter 60 Dollar"),
         ("Hallo!", "3 Produkte: ", "Statt „unter 100 Dollar“ gilt jetzt „unter 60 Dollar“.",
          "Zurückgenommen: ")),
        ("es", ("hola", "busco una cafetera por menos de 60 dólares", "mejor menos de 40 dólares"),
         ("¡Hola!", "2 productos: ", "Ahora «menos de 40 dólares» en lugar de «por menos de 60",
          "Deshecho: ")),
        ("fr", ("bonjour", "je cherche une bouilloire à moins de 50 dollars", "moins cher"),
         ("Bonjour", "3 produits\u00a0: ", "«\u00a0prix jusqu'à $", "Annulé\u00a0: ")),
        ("zh", ("你好", "我想要一个安静的风扇，100美元以下", "便宜一点"),
         ("你好！", "3 件产品：", "“100美元以下”改为“价格不超过 $", "已撤销：")),
    ],
)  # fmt: skip
def test_a_conversation_stays_in_its_language(
    shop: Assistant, language: str, messages: tuple[str, ...], replies: tuple[str, ...]
) -> None:
    session = shop.start()
    for message, opening in zip((*messages, "/undo"), replies, strict=True):
        session, turn = say(shop, session, message)
        assert turn.language == language
        assert turn.reply.startswith(opening)
    assert shop.resume(session.session_id).turns[-1].language == language


def test_a_question_and_what_may_be_pressed_are_in_the_language(shop: Assistant) -> None:
    _, turn = say(shop, shop.start(), "Hallo, ich suche ein Geschenk")
    assert turn.question is not None
    facet = shop.catalog.schema.facet(turn.question.facet)
    book = phrasebook("de", shop.catalog.schema)
    assert turn.question.text == book.question(facet) != facet.question
    for option in turn.question.options:
        _, answered = say(shop, shop.start(), f"Ich möchte {option}")
        assert facet.name in {
            row.facet for row in (*answered.profile.preferences, *answered.profile.constraints)
        }


@pytest.mark.parametrize("language", LANGUAGES)
def test_ranges_that_are_offered_as_answers_are_understood(shop: Assistant, language: str) -> None:
    schema = shop.catalog.schema
    book, understander = phrasebook(language, schema), Understander(shop.catalog)
    for name in ("price", "weight_kg", "power_watts"):
        facet = schema.facet(name)
        low, high = book.value(facet, 20.0), book.value(facet, 50.0)
        less, more = (book.comparative(facet, more=up) for up in (False, True))
        answers = (
            (book.say("range.beyond", comparative=less, value=low), {"<="}),
            (book.say("range.between", low=low, high=high), {">=", "<="}),
            (book.say("range.beyond", comparative=more, value=high), {">="}),
        )
        for answer, ops in answers:
            said = understander.understand(answer, Context(2, language=language))
            assert said.language == language, answer
            assert {row.facet for row in said.constraints} == {name}, answer
            assert {row.op for row in said.constraints} == ops, answer
