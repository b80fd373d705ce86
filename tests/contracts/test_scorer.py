"""What every Scorer promises, whichever it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ranking.cf import EASE, EASEConfig
from ranking.scoring import Request, Scorer, Wish
from ranking.terms import TextScorer, standard_scorers
from retrieval.lexical import LexicalRetriever
from tests.ranking.shelf import EVERY, GENRES, SIZE, Source, WordReader, ask, build_shelf

SHELF = build_shelf()
SCORERS: dict[str, Scorer] = {
    scorer.name: scorer
    for scorer in (
        *standard_scorers(
            SHELF,
            dense=Source(SHELF),
            lexical=LexicalRetriever(SHELF),
            model=EASE.fit(
                SHELF.interactions, SIZE, EASEConfig(regularization=1.0, min_interactions=1)
            ),
        ),
        TextScorer(WordReader()),
    )
}
USES = {
    "text": ask(text="crime"),
    "dense": ask(text="crime"),
    "lexical": ask(text="crime"),
    "collaborative": ask(likes=(0,)),
    "content": ask(likes=(0,)),
    "preferences": ask(wishes=(Wish("genre", "crime"),)),
    "avoidance": ask(wishes=(Wish("genre", "crime", -1.0),)),
    "popularity": ask(),
    "novelty": replace(ask(), novelty=1.0),
    "shown": replace(ask(), shown=(0,)),
}

names = st.sampled_from(sorted(SCORERS))
row_lists = st.lists(st.integers(0, SIZE - 1), max_size=4, unique=True).map(tuple)
wish_lists = st.lists(
    st.builds(Wish, st.just("genre"), st.sampled_from(GENRES), st.sampled_from([-1.0, 0.5, 1.0])),
    max_size=3,
).map(tuple)
texts = st.sampled_from(["", "  ", "crime", "romance word4", "unheard"])
requests = st.builds(ask, texts, row_lists, row_lists, wish_lists)


def test_every_term_is_tested() -> None:
    assert set(SCORERS) == set(USES)


@pytest.mark.parametrize("name", sorted(SCORERS))
def test_uses_what_is_meant_for_it_and_nothing_else(name: str) -> None:
    column = SCORERS[name].score(USES[name], EVERY)
    assert column is not None
    assert len(set(column.values[np.isfinite(column.values)].tolist())) > 0
    if name != "popularity":
        assert SCORERS[name].score(ask(), EVERY) is None


@settings(deadline=None, max_examples=30)
@given(names, requests, st.permutations(range(SIZE)), st.integers(1, SIZE))
def test_an_item_scores_the_same_in_any_company(
    name: str, request: Request, order: list[int], size: int
) -> None:
    some = np.array(order[:size], np.int32)
    whole, part = (SCORERS[name].score(request, rows) for rows in (EVERY, some))
    if part is None:
        # Popularity alone is silent for a pool that nobody met; the others look at the request.
        assert whole is None or name == "popularity"
        return
    assert whole is not None
    assert part.values.shape == (size,)
    np.testing.assert_allclose(part.values, whole.values[some], atol=1e-5)
    assert set(part.because) <= set(range(size))


@settings(deadline=None, max_examples=30)
@given(names, requests)
def test_without_a_cause_the_value_is_no_higher(name: str, request: Request) -> None:
    column = SCORERS[name].score(request, EVERY)
    if column is None or name == "avoidance":
        return
    for position, causes in column.because.items():
        assert column.values[position] > 0
        for cause in causes:
            after = SCORERS[name].score(without_cause(request, cause), EVERY)
            value = 0.0 if after is None else np.nan_to_num(after.values[position])
            assert value < column.values[position]


@settings(deadline=None, max_examples=30)
@given(requests)
def test_avoidance_never_helps(request: Request) -> None:
    column = SCORERS["avoidance"].score(request, EVERY)
    assert column is None or (column.values <= 0).all()


def without_cause(request: Request, cause: str) -> Request:
    facet, _, value = cause.partition(":")
    if value:
        kept = tuple(
            w for w in request.wishes if w.weight < 0 or (w.facet, w.value) != (facet, value)
        )
        return replace(request, wishes=kept)
    likes = tuple(row for row in request.query.likes if SHELF.items[row].item_id != cause)
    return replace(request, query=replace(request.query, likes=likes))
