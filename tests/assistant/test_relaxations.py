"""Ways out of nothing: said honestly, and each one press and one step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.chips import find_chip, remove_chip
from assistant.commands import Command
from assistant.engine import Assistant
from assistant.phrasebook import LANGUAGES, phrasebook
from assistant.state import Understanding, UserProfile
from assistant.templates import Outcome, lead
from catalog import Catalog, Constraint
from tests.assistant.driving import say
from ui.rendering import Renderer


@pytest.fixture
def unpriced(tiny: Catalog) -> Catalog:
    """The six books, the price of only one of them known."""
    items = [i if i.item_id == "f" else replace(i, numbers={"year": i.numbers["year"]})
             for i in tiny.items]  # fmt: skip
    return Catalog.build(tiny.schema, items)


def reply(catalog: Catalog, *ledger: Constraint, language: str = "en") -> str:
    profile = UserProfile(constraints=ledger)
    found = catalog.facets.relaxations(ledger)
    outcome = Outcome(
        1, Understanding(("constrain",), constraints=ledger), UserProfile(), profile, (), found
    )
    return lead(outcome, phrasebook(language, catalog.schema))


def test_what_the_data_lacks_is_said_with_its_count(unpriced: Catalog) -> None:
    cheap = Constraint("price", "<=", 40.0, 1, "under $40")
    crime = Constraint("genre", "=", "Crime", 1)
    assert reply(unpriced, cheap, crime) == (
        "Nothing fits all of that. Without “under $40” there are 3 books"
        " (our data lacks the price of 3 of them)."
    )


def test_nothing_is_blamed_on_the_data_where_it_knows(tiny: Catalog) -> None:
    said = reply(tiny, Constraint("price", "<=", 5.0, 1), Constraint("genre", "=", "Crime", 1))
    assert "our data" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_can_say_it(unpriced: Catalog, language: str) -> None:
    cheap = Constraint("price", "<=", 40.0, 1, "under $40")
    crime = Constraint("genre", "=", "Crime", 1)
    assert reply(unpriced, cheap, crime, language=language).count("3") == 2


def test_ten_years_in_two_words_are_one_condition_to_give_up(films: Assistant) -> None:
    session, turn = say(
        films, films.start(), "it must be directed by Christopher Nolan, from the 60s or the 80s"
    )
    assert not turn.cards
    years = next(r for r in turn.relaxations if r.drop[0].facet == "year")
    assert len(years.drop) == 20
    assert turn.reply.count("60s") == 1
    buttons = Renderer(films.catalog, "Vouch").ask(turn)
    assert "Without “1960–1969 and 1980–1989”" in buttons
    _, after = say(films, session, Command("remove", "\n".join(map(str, years.drop))))
    assert [str(row) for row in after.profile.constraints] == ["directors = Christopher Nolan"]
    assert after.cards


def test_one_excluded_number_of_several_can_be_given_up_alone(tiny: Catalog) -> None:
    rows = tuple(Constraint("year", "!=", year, 1) for year in (1990, 1991, 1992))
    profile = UserProfile(constraints=rows)
    chip = find_chip("year != 1991", profile, tiny.schema)
    assert remove_chip(profile, chip).constraints == (rows[0], rows[2])
    whole = find_chip("year != 1990..1992", profile, tiny.schema)
    assert not remove_chip(profile, whole).constraints
