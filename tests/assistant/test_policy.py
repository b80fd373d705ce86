"""When to ask: what an answer is expected to change, and whom not to ask what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engine import Assistant
from assistant.foresight import Pool
from assistant.policy import PolicyConfig, next_question, prospects
from assistant.state import Context, Preference, Question, Session, Turn, UserProfile
from assistant.understanding import Understander
from catalog import Catalog, Constraint, Item
from ranking.rank import Ranker, open_ranker
from ranking.scoring import Scored
from tests.assistant.driving import say

K = 3
EAGER = PolicyConfig(least_change=0.0)


@pytest.fixture
def shelf(tiny: Catalog) -> Catalog:
    """Twelve books, the first six dear crime, the others cheap romance; a price is asked for."""
    facets = tuple(
        replace(facet, question="What may it cost?") if facet.name == "price" else facet
        for facet in tiny.schema.facets
    )
    items = [
        Item(str(n), f"Book {n}", {"genre": ("Crime" if n < 6 else "Romance",)},
             {"price": 60.0 - 5 * n, "year": 2000.0})
        for n in range(12)
    ]  # fmt: skip
    return Catalog.build(replace(tiny.schema, facets=facets), items)


@pytest.fixture
def ranker(shelf: Catalog) -> Ranker:
    return open_ranker(shelf)


def ranked(count: int, step: float = 0.01) -> list[Scored]:
    """The first rows in order, all but alike in score."""
    return [Scored(row, 1 - step * row, ()) for row in range(count)]


def ask(shelf: Catalog, ranker: Ranker, *turns: Turn, held: UserProfile = UserProfile()) -> str:
    question = next_question(Session("s", None, turns), held, ranked(12), shelf, ranker, K, EAGER)
    return question.facet if question else ""


def turn(number: int, question: Question | None = None) -> Turn:
    return Turn(number, "hm", ("request",), "Well.", question, UserProfile(), ())


@given(
    st.lists(st.floats(-2, 2), min_size=1, max_size=12),
    st.data(),
)
def test_a_change_is_the_share_of_the_first_that_leaves(
    scores: list[float], data: st.DataObject
) -> None:
    ordered = sorted(scores, reverse=True)
    pool = Pool.of([Scored(row, score, ()) for row, score in enumerate(ordered)], K)
    added = data.draw(
        st.lists(
            st.sampled_from([0.0, 0.5, 3.0, -np.inf]), min_size=len(scores), max_size=len(scores)
        )
    )
    left = [row for row in range(len(scores)) if added[row] != -np.inf]
    after = sorted(left, key=lambda row: (-(ordered[row] + added[row]), row))[:K]
    first = set(range(min(K, len(scores))))
    (share,) = pool.replaced(np.array(added)[:, np.newaxis])
    assert share == pytest.approx(len(first - set(after)) / len(first))


def test_an_answer_is_worth_what_it_moves(shelf: Catalog, ranker: Ranker) -> None:
    price, genre = prospects(ranked(12), shelf, ranker, K)
    assert genre.question.options == ("Crime", "Romance")
    assert genre.shares == (0.5, 0.5)
    assert genre.changes == (0.0, 1.0)  # the first three are crime already
    assert genre.change == 0.5
    assert price.question.options == (
        "cheaper than $23", "between $23 and $42", "pricier than $42",
    )  # fmt: skip
    assert price.changes == (1.0, 1.0, 0.0)


def test_a_lead_that_no_wish_makes_up_for_is_not_asked_about(
    shelf: Catalog, ranker: Ranker
) -> None:
    steep = ranked(12, step=5.0)
    _, genre = prospects(steep, shelf, ranker, K)
    assert genre.changes == (0.0, 0.0)


def test_what_hardly_anything_is_known_of_is_not_asked(shelf: Catalog, ranker: Ranker) -> None:
    items = [replace(i, numbers={}) if n % 2 else i for n, i in enumerate(shelf.items)]
    half = Catalog.build(shelf.schema, items)
    assert [p.question.facet for p in prospects(ranked(12), half, ranker, K)] == ["genre"]


def test_what_all_candidates_share_is_not_asked(shelf: Catalog, ranker: Ranker) -> None:
    crime = prospects(ranked(6), shelf, ranker, K)
    assert "genre" not in {prospect.question.facet for prospect in crime}


def test_only_with_more_candidates_than_cards(shelf: Catalog, ranker: Ranker) -> None:
    few = next_question(Session("s"), UserProfile(), ranked(K), shelf, ranker, K, EAGER)
    assert few is None


def test_nobody_is_asked_twice_or_about_what_they_spoke_of(shelf: Catalog, ranker: Ranker) -> None:
    price, genre = Question("?", "price", ("a",)), Question("?", "genre", ("a",))
    assert ask(shelf, ranker) == "price"
    assert ask(shelf, ranker, turn(1, price)) == ""  # not two in a row
    assert ask(shelf, ranker, turn(1, price), turn(2)) == "genre"
    assert ask(shelf, ranker, turn(1, price), turn(2, genre), turn(3)) == ""
    cheap = UserProfile(constraints=(Constraint("price", "<=", 20.0, 1),))
    assert ask(shelf, ranker, held=cheap) == "genre"
    crime = UserProfile(preferences=(Preference("genre", "Crime", 1.0, 1),))
    assert ask(shelf, ranker, held=crime) == "price"
    much = replace(cheap, preferences=crime.preferences, topics=("slow",))
    assert ask(shelf, ranker, held=much) == ""


def test_a_change_too_small_is_not_worth_a_question(shelf: Catalog, ranker: Ranker) -> None:
    strict = PolicyConfig(least_change=0.9)
    question = next_question(Session("s"), UserProfile(), ranked(12), shelf, ranker, K, strict)
    assert question is None


def test_every_range_is_understood_as_what_was_counted(shelf: Catalog, ranker: Ranker) -> None:
    price, _ = prospects(ranked(12), shelf, ranker, K)
    understander = Understander(shelf)
    for option, share in zip(price.question.options, price.shares, strict=True):
        said = understander.understand(option, Context(2))
        assert {row.facet for row in said.constraints} == {"price"}
        assert shelf.facets.mask(said.constraints).sum() == round(share * 12), option


@pytest.mark.parametrize("name", ["shop", "films"])
def test_a_vague_start_is_asked_and_each_answer_counts(
    name: str, request: pytest.FixtureRequest
) -> None:
    assistant: Assistant = request.getfixturevalue(name)
    noun = assistant.catalog.schema.noun
    session, first = say(assistant, assistant.start(), f"recommend me a {noun}")
    assert first.cards  # a question never comes without something to look at
    assert first.question is not None
    for option in first.question.options:
        session, _ = say(assistant, assistant.start(), f"recommend me a {noun}")
        session, answered = say(assistant, session, option)
        assert answered.question is None
        known = (*answered.profile.constraints, *answered.profile.preferences)
        assert {entry.facet for entry in known} == {first.question.facet}
        assert {c.item_id for c in answered.cards} != {c.item_id for c in first.cards}


@pytest.mark.parametrize("words", ["Empfiehl mir einen Film", "Recomiéndame una película"])
def test_the_answers_are_in_the_persons_language_and_are_understood(
    films: Assistant, words: str
) -> None:
    session, first = say(films, films.start(), words)
    assert first.language != "en"
    assert first.question is not None
    facet = films.catalog.schema.facet(first.question.facet)
    assert first.question.text != facet.question
    _, answered = say(films, session, first.question.options[0])
    assert answered.language == first.language
    assert {wish.facet for wish in answered.profile.preferences} == {facet.name}
