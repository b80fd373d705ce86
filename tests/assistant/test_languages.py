"""Messages in Spanish, German, French and Chinese: the whole profile afterwards, and English kept.

A line of tests/golden/languages/*.txt is ``catalogue | slate | held | message => profile``, in the
words of evaluation/understanding/README.md.
"""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest

from assistant.profile import update_profile
from assistant.state import Context, Preference, UserProfile
from assistant.understanding import Understander
from assistant.understanding.languages.tokens import tokenise, unglued
from catalog import Catalog, Constraint, read_schema
from catalog.database import load_catalog, open_database
from catalog.demo import films
from catalog.ingest import ingest

_GOLDEN = Path(__file__).parents[1] / "golden" / "languages"
_SHOP = Path(__file__).parents[2] / "catalog" / "examples" / "shop"
_LANGUAGES = ("es", "de", "fr", "zh")


@dataclass(frozen=True, slots=True)
class _Line:
    language: str
    catalogue: str
    slate: tuple[str, ...]
    held: tuple[str, ...]
    message: str
    wanted: frozenset[str]


def _read(language: str) -> list[_Line]:
    lines: list[_Line] = []
    for text in (_GOLDEN / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if text and not text.startswith("#"):
            told, _, wanted = text.partition(" =>")
            catalogue, slate, held, message = (part.strip() for part in told.split("|"))
            shown = tuple(re.findall(r"[^,].*?\(\d{4}\)", slate))
            lines.append(_Line(language, catalogue, tuple(name.strip() for name in shown),
                               _parts(held), message, frozenset(_parts(wanted))))  # fmt: skip
    return lines


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


_LINES = [line for language in _LANGUAGES for line in _read(language)]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Catalog, Understander]:
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('languages') / 'shop.db'}")
    ingest(database, _SHOP / "items.csv", schema=read_schema(_SHOP / "schema.toml"))
    catalog = load_catalog(database)
    return catalog, Understander(catalog)


def _profile(held: tuple[str, ...]) -> UserProfile:
    preferences = [row.split(": ") for row in held if ": " in row]
    constraints = [row.split(" ", 2) for row in held if ": " not in row]
    return UserProfile(
        constraints=tuple(
            Constraint(facet, op, float(value) if value.isdigit() else value, 1)
            for facet, op, value in constraints
        ),
        preferences=tuple(Preference(facet, value, 1.0, 1) for facet, value in preferences),
    )


def _slots(profile: UserProfile, missing: tuple[str, ...], catalog: Catalog) -> set[str]:
    def name(item_id: str) -> str:
        return catalog.name(catalog.row(item_id))

    return {
        *(f"like {name(row.item_id)}" for row in profile.likes),
        *(f"dislike {name(row.item_id)}" for row in profile.dislikes),
        *(f"seen {name(row.item_id)}" for row in profile.seen),
        *(f"later {name(row.item_id)}" for row in profile.later),
        *(str(row).replace("True", "yes") for row in profile.constraints),
        *(f"{'not ' * (p.weight < 0)}{p.facet}: {p.value}" for p in profile.preferences),
        *(f"missing {title}" for title in missing),
    }


@pytest.mark.parametrize("line", _LINES, ids=lambda line: f"{line.language}-{line.message[:30]}")
def test_profile_after_one_message(
    line: _Line,
    film_catalog: Catalog,
    film_understander: Understander,
    shop: tuple[Catalog, Understander],
) -> None:
    catalog, understander = (film_catalog, film_understander) if line.catalogue == "films" else shop
    names = {catalog.name(row): item.item_id for row, item in enumerate(catalog.items)}
    held = _profile(line.held)
    context = Context(2, held, tuple(names[shown] for shown in line.slate))

    understood = understander.understand(line.message, context)
    profile = update_profile(held, understood, 2)

    assert understood.language == line.language
    assert _slots(profile, understood.missing_titles, catalog) == line.wanted


@pytest.mark.parametrize(
    ("message", "acts"),
    [
        ("Hola", {"greeting"}),
        ("Guten Tag", {"greeting"}),
        ("Bonjour", {"greeting"}),
        ("你好", {"greeting"}),
        ("muchas gracias", {"thanks"}),
        ("vielen Dank", {"thanks"}),
        ("merci beaucoup", {"thanks"}),
        ("谢谢", {"thanks"}),
        ("quiero hablar con una persona", {"human"}),
        ("ich möchte mit einem Menschen sprechen", {"human"}),
        ("je veux parler à un humain", {"human"}),
        ("转人工", {"human"}),
        ("sorpréndeme", {"indifferent"}),
        ("überrasch mich", {"indifferent"}),
        ("surprends-moi", {"indifferent"}),
        ("随便", {"indifferent"}),
    ],
)
def test_acts(message: str, acts: set[str], film_understander: Understander) -> None:
    assert acts <= set(film_understander.understand(message, Context(1)).acts)


@pytest.mark.parametrize(
    ("message", "facet"),
    [
        ("¿Quién dirigió Heat?", "directors"),
        ("Wie lang ist Heat?", "runtime_minutes"),
        ("Qui a réalisé Heat ?", "directors"),
        ("Ça dure combien de temps, Heat ?", "runtime_minutes"),
        ("《Heat》的导演是谁？", "directors"),
    ],
)
def test_questions_about_an_item(message: str, facet: str, film_understander: Understander) -> None:
    understood = film_understander.understand(message, Context(1))

    assert [(ask.items, ask.facet) for ask in understood.asks] == [(("6",), facet)]
    assert not understood.likes


@pytest.mark.parametrize(
    "message",
    [
        "I loved Das Boot and La vita è bella",
        "something like Amores Perros",
        "do you have La Haine?",
        "City of God, Y tu mamá también, Le Fabuleux destin d'Amélie Poulain",
        "a film noir with Penélope Cruz",
        "no horror",
        "C'est la vie, give me a comedy",
        "Die Hard",
        "ok",
        "90s",
        "La La Land",
        "a film by Pedro Almodóvar en español please",
    ],
)
def test_english_with_foreign_names_stays_english(
    message: str, film_understander: Understander
) -> None:
    assert film_understander.understand(message, Context(1)).language == "en"


@pytest.mark.parametrize(
    ("message", "before", "language"),
    [
        ("Ich mochte The Dark Knight und Pulp Fiction", "en", "de"),
        ("me gusta Heat", "en", "es"),
        ("j'adore The Grand Budapest Hotel", "en", "fr"),
        ("我喜欢 The Grand Budapest Hotel", "en", "zh"),
        ("ok", "de", "de"),
        ("Heat", "es", "es"),
        ("90s", "fr", "fr"),
        ("Inception", "zh", "zh"),
        ("no, something newer please", "de", "en"),
    ],
)
def test_language_of_a_message(
    message: str, before: str, language: str, film_understander: Understander
) -> None:
    understood = film_understander.understand(message, Context(2, language=before))

    assert understood.language == language


@pytest.mark.parametrize(
    ("message", "missing"),
    [
        ('Oigan, y la de "El último tango en Marte"? esa me fascinó', "El último tango en Marte"),
        ('Ayer vi "La casa de papel" y me gustó', "La casa de papel"),
    ],
)
def test_a_quotation_is_one_title(
    message: str, missing: str, film_understander: Understander
) -> None:
    assert film_understander.understand(message, Context(1)).missing_titles == (missing,)


def test_what_is_noted_keeps_the_persons_words(film_understander: Understander) -> None:
    message = "Ich liebe „Die Verurteilten“, aber bitte keine Horrorfilme, und unter zwei Stunden"

    understood = film_understander.understand(message, Context(1))

    assert [opinion.text for opinion in understood.likes] == ["Die Verurteilten"]
    assert [row.text for row in understood.constraints] == ["Horrorfilme", "unter zwei Stunden"]
    assert all(message[f.start : f.end] == f.text for f in understood.findings)


def test_topic_is_english_for_the_search(film_understander: Understander) -> None:
    understood = film_understander.understand("una película sobre un robo y venganza", Context(1))

    assert "heist" in understood.topic
    assert "robo" not in understood.topic


@pytest.mark.parametrize("language", _LANGUAGES)
def test_any_text_of_a_language_is_read(language: str, film_understander: Understander) -> None:
    messages = [line.message for line in _LINES if line.language == language]
    for message in (" ".join(messages), "".join(messages)[::-1], " ".join(messages).upper()):
        understood = film_understander.understand(message, Context(1, language=language))

        assert all(message[f.start : f.end] == f.text for f in understood.findings)


def test_a_message_takes_milliseconds(film_understander: Understander) -> None:
    def seconds(message: str) -> float:
        start = time.process_time()
        film_understander.understand(message, Context(1))
        return time.process_time() - start

    assert median(seconds(line.message) for line in _LINES) < 0.02


def test_local_titles_shadow_no_other_film(film_catalog: Catalog) -> None:
    source = Path(films.__file__).with_name("local_titles.jsonl")
    titles = {item.title.casefold(): item.item_id for item in film_catalog.items}
    for line in source.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        item = film_catalog.item(row.pop("item_id"))
        for title in (title for language in _LANGUAGES for title in row.get(language, ())):
            assert title in item.aliases
            assert titles.get(title.casefold(), item.item_id) == item.item_id


@pytest.mark.parametrize(
    ("message", "likes", "missing"),
    [
        ("sowas wie interstelar oder incepton", ["Interstellar", "Inception"], []),
        ("hab inglorious basterds gefeiert", ["Inglourious Basterds"], []),
        ("jador pulp fiction é reservoir dog", ["Pulp Fiction", "Reservoir Dogs"], []),
    ],
)
def test_misspelt_titles_of_another_language(
    film_understander: Understander,
    film_catalog: Catalog,
    message: str,
    likes: list[str],
    missing: list[str],
) -> None:
    _likes_and_misses(film_understander, film_catalog, message, likes, missing)


@pytest.mark.parametrize(
    ("message", "likes", "missing"),
    [
        ("vous avez la grande vadrouille ??", [], ["la grande vadrouille"]),
        ("algo tipo ocho apellidos vascos", [], ["ocho apellidos vascos"]),
        ("Coco les encantó a mis hijas", ["Coco"], []),
        ("habt ihr was mit zombies", [], []),
        ("vous avez un truc marrant", [], []),
        ("风扇一百以内的", [], []),
    ],
)
def test_titles_that_only_the_tagger_sees_in_another_language(
    film_reader: Understander,
    film_catalog: Catalog,
    message: str,
    likes: list[str],
    missing: list[str],
) -> None:
    _likes_and_misses(film_reader, film_catalog, message, likes, missing)


def _likes_and_misses(
    understander: Understander,
    catalog: Catalog,
    message: str,
    likes: list[str],
    missing: list[str],
) -> None:
    found = understander.understand(message, Context(1))
    liked = [catalog.item(like.item_id).title for like in found.likes]
    assert sorted(liked) == sorted(likes)
    assert list(found.missing_titles) == missing


def test_traditional_characters_are_read_as_simplified_ones(film_reader: Understander) -> None:
    taken = film_reader.understand("昨天看了無間道，超好看！不要愛情片", Context(1))
    plain = film_reader.understand("昨天看了无间道，超好看！不要爱情片", Context(1))
    assert taken.language == "zh"
    assert [like.item_id for like in taken.likes] == [like.item_id for like in plain.likes] != []
    assert [row.value for row in taken.constraints] == ["Romance"]
    assert taken.likes[0].text == "無間道"  # the person's own words


def test_themes_are_refused_in_other_languages(film_reader: Understander) -> None:
    for message in ("sin arañas por favor", "bitte ohne Spinnen", "sans araignées svp"):
        rows = film_reader.understand(message, Context(1)).constraints
        assert ("keywords", "!=", "spiders") in {(row.facet, row.op, row.value) for row in rows}


@pytest.mark.parametrize(
    ("message", "name"),
    [
        ("was lustiges mit jim carey", "Jim Carrey"),
        ("algo con leonardo dicaprio o bred pit en español", "Brad Pitt"),
    ],
)
def test_misspelt_people_of_another_language(
    film_understander: Understander, message: str, name: str
) -> None:
    wishes = film_understander.understand(message, Context(1)).preferences
    assert name in [wish.value for wish in wishes]
    careful = film_understander.understand("Etwas mit der Romy Schneider", Context(1))
    assert not careful.preferences


def test_french_without_its_apostrophes() -> None:
    known = {"j", "l", "ai", "adore", "suis"}
    for written, parts in (("jadore", ["j", "adore"]), ("jlai", ["j", "l", "ai"])):
        (token,) = tokenise(written, "fr")
        assert [p.form for p in unglued(token, known.__contains__, frozenset())] == parts
        assert unglued(token, known.__contains__, frozenset({written})) == (token,)
