"""Without a cause: the request that is left, and who stands lower in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranking.deletion import Cause, Standing, without
from ranking.scoring import Request, Wish
from tests.ranking.shelf import EVERY, GENRES, ask, build_ranker


def standing(request: Request) -> Standing:
    return Standing(build_ranker(), request, build_ranker().rank(request, EVERY).scored)


def test_a_wish_goes_with_its_words_and_nothing_else() -> None:
    avoided = Wish("genre", "crime", -1.0)
    request = ask("a slow night, crime, word4", (1,), (), (Wish("genre", "Crime"), avoided))
    less = without(request, Cause(wishes=(("genre", "crime"),)))
    assert less.query.text == "a slow night, word4"
    assert less.wishes == (avoided,)
    assert less.query.likes == (1,)


def test_words_go_wherever_they_stand() -> None:
    less = without(ask("two slow nights, night"), Cause(words=("nights",)))
    assert less.query.text == "two slow"


def test_likes_go_alone() -> None:
    request = ask("word4", (1, 4))
    less = without(request, Cause(likes=(4,)))
    assert less == replace(request, query=replace(request.query, likes=(1,)))


def test_a_word_that_one_book_has_costs_it_places() -> None:
    assert standing(ask("word7")).cost(7, Cause(words=("word7",))) > 0


def test_a_cause_that_is_no_cause_costs_nothing() -> None:
    assert standing(ask("word7")).cost(7, Cause(likes=(3,))) == -1
    assert standing(ask("word7")).cost(7, Cause(words=("other",))) == -1


def test_what_all_share_costs_no_place() -> None:
    # Rows 9 and 11 differ in genre only; without the wish, their order stays.
    request = ask(wishes=(Wish("genre", "crime"), Wish("genre", "romance", 0.5)))
    pool = [e for e in build_ranker().rank(request, EVERY).scored if e.row in (9, 11)]
    alone = Standing(build_ranker(), request, pool)
    assert alone.cost(9, Cause(wishes=(("genre", "crime"),))) == 0


row_lists = st.lists(st.integers(0, 11), max_size=4, unique=True).map(tuple)
wish_lists = st.lists(st.builds(Wish, st.just("genre"), st.sampled_from(GENRES)), max_size=2)


@settings(deadline=None, max_examples=25)
@given(
    st.builds(ask, st.sampled_from(["", "crime", "a story with word4"]), row_lists, row_lists,
              wish_lists.map(tuple)),
    st.sampled_from(["likes", "wishes", "words"]),
)  # fmt: skip
def test_the_quick_way_is_the_long_way(request: Request, kind: str) -> None:
    cause = {
        "likes": Cause(likes=request.query.likes[:2]),
        "wishes": Cause(wishes=tuple((w.facet, w.value) for w in request.wishes[:1])),
        "words": Cause(words=("word4",)),
    }[kind]
    ranker, less = build_ranker(), without(request, cause)
    scored = ranker.rank(request, EVERY).scored
    long = {entry.row: entry.score for entry in ranker.rank(less, EVERY).scored}
    quick = ranker.rescored(request, less, scored)
    assert quick == pytest.approx(long, abs=1e-5)
    tested = Standing(ranker, request, scored)
    order = sorted(long, key=lambda row: (-long[row], row))
    for at, entry in enumerate(scored):
        if tested.cost(entry.row, cause) > 0:
            assert long[entry.row] < entry.score
            assert order.index(entry.row) >= at
