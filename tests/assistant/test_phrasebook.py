"""One phrasebook for five languages: nothing is left out, nothing is there for nobody."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest

import assistant
from assistant.phrasebook import IMPLIED, phrasebook
from assistant.state import Preference
from assistant.wordings import LANGUAGES, Wording, load_wordings
from catalog import Catalog, Constraint, Schema, read_schema
from catalog.errors import ConfigurationError

_ROOT = Path(assistant.__file__).parents[1]
SHOP = read_schema(_ROOT / "catalog" / "examples" / "shop" / "schema.toml")
FILMS = read_schema(_ROOT / "catalog" / "demo" / "schema.toml")


def _places(wording: Wording) -> list[frozenset[str]]:
    """Return the placeholders of every wording, but for those that may be left out."""
    free = {*IMPLIED, "count"}
    return [
        frozenset(name for _, name, _, _ in Formatter().parse(text) if name and name not in free)
        for text in (*wording.one, *wording.many)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_keys_and_placeholders(language: str) -> None:
    english, other = load_wordings("en"), load_wordings(language)
    assert set(other) == set(english)
    for key, wording in other.items():
        (expected,) = set(_places(english[key])) or {frozenset()}
        assert set(_places(wording)) <= {expected}, key


def test_every_sentence_is_said_somewhere() -> None:
    sources = [path for folder in ("assistant", "ui") for path in (_ROOT / folder).rglob("*.py")]
    said, shapes = set[str](), list[str]()
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                shapes.append(
                    "".join(
                        re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+"
                        for part in node.values
                    )
                )
    dotted = [shape for shape in shapes if re.match(r"\w+\\\.", shape)]
    for key in load_wordings("en"):
        assert key in said or any(re.fullmatch(shape, key) for shape in dotted), key


def test_what_cannot_be_said_is_an_error(tiny: Catalog) -> None:
    book = phrasebook("de", tiny.schema)
    with pytest.raises(ConfigurationError, match=r"'de' have no key 'nothing\.at_all'"):
        book.say("nothing.at_all")
    with pytest.raises(ConfigurationError, match=r"'missing.titles' needs a value for 'titles'"):
        book.say("missing.titles", title="Heat")


def test_an_unknown_language_is_english(tiny: Catalog) -> None:
    book = phrasebook("tlh", tiny.schema)
    assert (book.language, book.say("chatter.hello")) == ("en", "Hello!")


def test_braces_in_a_value_stay_as_they_are(tiny: Catalog) -> None:
    said = phrasebook("en", tiny.schema).say("missing.titles", titles="{pick} {0} {")
    assert said == "I don't have {pick} {0} {."


@pytest.mark.parametrize(
    ("language", "words", "last", "text"),
    [
        ("en", (), "and", ""),
        ("en", ("A",), "and", "A"),
        ("en", ("A", "B"), "and", "A and B"),
        ("en", ("A", "B", "C"), "or", "A, B or C"),
        ("de", ("A", "B", "C"), "and", "A, B und C"),
        ("fr", ("A", "B"), "nor", "A ni B"),
        ("zh", ("A", "B", "C"), "and", "A、B和C"),
        ("es", ("Heat", "It"), "and", "Heat e It"),
        ("es", ("Heat", "«Historia»"), "and", "Heat e «Historia»"),
        ("es", ("agua", "hielo"), "and", "agua y hielo"),
        ("es", ("Heat", "Oslo"), "or", "Heat u Oslo"),
        ("es", ("Heat", "Her"), "nor", "Heat ni Her"),
    ],
)
def test_lists_read_as_in_a_sentence(
    tiny: Catalog, language: str, words: tuple[str, ...], last: str, text: str
) -> None:
    book = phrasebook(language, tiny.schema)
    assert book.listing(words, last) == text  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("language", "counts"),
    [
        ("en", ["no films", "one film", "five films", "1,200 films"]),
        ("de", ["0 Filme", "1 Film", "5 Filme", "1.200 Filme"]),
        ("es", ["0 películas", "1 película", "5 películas", "1.200 películas"]),
        ("fr", ["0 films", "1 film", "5 films", "1\u00a0200 films"]),
        ("zh", ["0 部电影", "1 部电影", "5 部电影", "1,200 部电影"]),
    ],
)
def test_counts_agree_with_their_noun(language: str, counts: list[str]) -> None:
    book = phrasebook(language, FILMS)
    assert [book.count(n) for n in (0, 1, 5, 1200)] == counts


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "“in ‘x’ mood”"),
        ("de", "„in ‚x‘ mood“"),
        ("es", "«in “x” mood»"),
        ("zh", "“in ‘x’ mood”"),
    ],
)
def test_quotes_within_quotes_change(language: str, text: str) -> None:
    book = phrasebook(language, FILMS)
    inner = book.say("quotes.text", text="x")
    assert book.quoted(f"in {inner} mood") == text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["price at most $25.50", "in stock", "not in stock", "no Kettles", "in blue",
                "rating at least 4.5 stars", "power not 1,000 W"]),
        ("de", ["Preis höchstens $25,50", "auf Lager", "nicht auf Lager", "ohne Wasserkocher",
                "in blau", "Bewertung mindestens 4,5 Sterne", "Leistung nicht 1.000 W"]),
        ("es", ["precio hasta $25,50", "en stock", "no en stock", "sin hervidores", "en azul",
                "valoración desde 4,5 estrellas", "potencia que no sea 1.000 W"]),
        ("fr", ["prix jusqu'à $25,50", "en stock", "pas en stock", "sans bouilloires", "en bleu",
                "note à partir de 4,5 étoiles", "puissance sauf 1\u00a0000 W"]),
        ("zh", ["价格不超过 $25.50", "有货", "并非有货", "不要水壶", "蓝色的",
                "评分不低于 4.5 星", "功率不为 1,000 W"]),
    ],
)  # fmt: skip
def test_conditions_are_told_in_the_catalogues_words(language: str, words: list[str]) -> None:
    rows = (
        Constraint("price", "<=", 25.5),
        Constraint("in_stock", "=", True),
        Constraint("in_stock", "!=", True),
        Constraint("category", "!=", "Kettles"),
        Constraint("colour", "=", "blue"),
        Constraint("rating", ">=", 4.5),
        Constraint("power_watts", "!=", 1000),
    )
    book = phrasebook(language, SHOP)
    assert [book.condition(row) for row in rows] == words


def test_a_measure_stays_in_the_persons_words() -> None:
    book = phrasebook("de", SHOP)
    row = Constraint("price", "<=", 25.0, 1, "nicht über 25 Dollar")
    assert book.condition(row) == "nicht über 25 Dollar"
    assert book.bound(row) == "Preis höchstens $25"


def test_what_is_only_compared_is_told_as_a_measure() -> None:
    row = Constraint("price", "<=", 24.5, 2, "etwas billiger")
    assert phrasebook("de", SHOP).condition(row) == "Preis höchstens $24,50"
    row = Constraint("price", "<=", 24.5, 2, "cheaper than $25")
    assert phrasebook("en", SHOP).condition(row) == "cheaper than $25"


def test_a_wish_is_told_softly() -> None:
    book = phrasebook("es", FILMS)
    assert book.wish(Preference("mood", "violent", -1.0, 1)) == "menos violento"
    assert book.wish(Preference("mood", "tense", 0.5, 1)) == "de tono tenso"
    assert book.wish(Preference("runtime_minutes", "<= 99", 0.5, 1)) == "duración hasta 99 min"


@pytest.mark.parametrize("schema", [SHOP, FILMS], ids=lambda schema: schema.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_is_asked_in_the_language(schema: Schema, language: str) -> None:
    book = phrasebook(language, schema)
    asked = [facet for facet in schema.facets if facet.question]
    same = [facet.name for facet in asked if book.question(facet) == facet.question]
    assert same == ([facet.name for facet in asked] if language == "en" else [])


def test_names_of_people_are_not_translated(tiny: Catalog) -> None:
    for language in LANGUAGES:
        book = phrasebook(language, tiny.schema)
        assert book.phrase(tiny.schema.facet("author"), ("Bo Ray",)) == "by Bo Ray"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("under $50", "under $50"),
        ("less than fifty dollars", "less than fifty dollars"),
        ("too expensive", "price at most $49.99"),
        ("cheaper", "price at most $49.99"),
    ],
)
def test_words_that_name_no_amount_are_told_as_one(words: str, told: str) -> None:
    # "$30, too expensive" would be said of what is not.
    constraint = Constraint("price", "<=", 49.99, text=words)
    assert phrasebook("en", SHOP).condition(constraint) == told
