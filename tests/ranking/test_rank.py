"""The order of a whole pool, and what its reasons are worth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import Catalog
from catalog.errors import ModelError
from ranking.blend import TermWeight, Weights, read_weights
from ranking.calibration import Calibration
from ranking.rank import RankConfig, Ranker, open_ranker
from ranking.scoring import Column, Request, Scored, Wish
from ranking.similarity import ItemSimilarity
from ranking.terms import TextScorer
from retrieval.query import Rows
from tests.contracts.test_scorer import without_cause
from tests.ranking.cf.crowd import interactions
from tests.ranking.shelf import EVERY, GENRES, WordReader, ask, build_ranker, build_shelf, rows

LEARNED = read_weights()
WITH_TEXT = Weights({**LEARNED.terms, "text": TermWeight(5.0, Calibration())})


def best(request: Request, pool: Rows = EVERY) -> int:
    return build_ranker().rank(request, pool).scored[0].row


def test_a_like_brings_its_kind() -> None:
    # Readers of genre 0 met rows 0, 3 and 6; row 0 is liked already.
    order = [e.row for e in build_ranker().rank(ask(likes=(0,)), EVERY[1:]).scored]
    assert set(order[:2]) == {3, 6}


def test_a_wish_brings_its_value() -> None:
    scored = build_ranker().rank(ask(wishes=(Wish("genre", "Horror"),)), EVERY).scored
    assert {entry.row % 3 for entry in scored[:4]} == {2}
    assert scored[0].terms[0].because == ("genre:Horror",)


def test_a_word_brings_its_book() -> None:
    assert best(ask(text="word7")) == 7


def test_what_is_avoided_comes_last() -> None:
    scored = build_ranker().rank(ask(wishes=(Wish("genre", "horror", -1.0),)), EVERY).scored
    assert {entry.row % 3 for entry in scored[-4:]} == {2}


def test_what_is_like_the_disliked_comes_after_its_equals() -> None:
    # Rows 9, 10 and 11 were met by nobody: only the genre that row 9 shares with row 0 counts.
    order = [e.row for e in build_ranker().rank(ask(dislikes=(0,)), rows(9, 10, 11)).scored]
    assert order[-1] == 9


def test_nothing_is_as_like_as_nothing() -> None:
    shelf = build_shelf()
    vectors = np.eye(len(shelf), dtype=np.float32)
    alike = ItemSimilarity(shelf, vectors)
    assert alike(rows(), rows(0, 1)).shape == (0, 2)
    assert alike(rows(0, 1), rows()).shape == (2, 0)
    assert alike(rows(3, 4), rows(0)).tolist() == alike(rows(3, 4, 5), rows(0))[:2].tolist()


def test_saying_nothing_gives_the_popular_first() -> None:
    shelf = build_shelf()
    busy = Catalog.build(shelf.schema, shelf.items, interactions([[7, 2, 5], [7, 2], [7]]))
    order = [entry.row for entry in open_ranker(busy).rank(ask(), EVERY).scored]
    # Row 2 is the median of those that anyone met: all that nobody met count like it.
    assert (order[0], order[-1]) == (7, 5)


def test_works_with_nothing_but_the_catalogue() -> None:
    ranking = open_ranker(build_shelf()).rank(
        ask("word7", likes=(0,), wishes=(Wish("author", "Author 2"),)), EVERY[1:]
    )
    assert ranking.warnings == ()
    assert {entry.row for entry in ranking.scored[:3]} == {6, 7, 8}


def test_no_candidates_is_no_failure() -> None:
    request = ask("crime", (0,), (1,), (Wish("genre", "crime"), Wish("genre", "horror", -1.0)))
    assert build_ranker().rank(request, rows()).scored == ()


@settings(deadline=None, max_examples=15)
@given(st.permutations(range(12)))
def test_the_order_of_candidates_does_not_matter(order: list[int]) -> None:
    request = ask("crime", (0, 4), (2,), (Wish("genre", "romance"),))
    shuffled = build_ranker().rank(request, np.array(order, np.int32)).scored
    expected = build_ranker().rank(request, EVERY).scored
    assert [e.row for e in shuffled] == [e.row for e in expected]


row_lists = st.lists(st.integers(0, 11), max_size=4, unique=True).map(tuple)
wish_lists = st.lists(
    st.builds(Wish, st.just("genre"), st.sampled_from(GENRES), st.sampled_from([-1.0, 0.5, 1.0])),
    max_size=3,
).map(tuple)


@settings(deadline=None, max_examples=15)
@given(st.builds(ask, st.sampled_from(["", "crime", "word4"]), row_lists, row_lists, wish_lists))
def test_without_a_cited_cause_the_score_falls(request: Request) -> None:
    ranker = build_ranker()
    for entry in ranker.rank(request, EVERY).scored:
        for term in entry.terms:
            if term.contribution > 0:
                for cause in term.because:
                    after = ranker.rescore(without_cause(request, cause), entry.row)
                    assert after.score < entry.score


class Broken:
    name = "content"

    def score(self, request: Request, rows: Rows) -> Column | None:
        raise ModelError("no such file 'x'")


def test_a_term_that_fails_is_named_and_the_others_count() -> None:
    whole = build_ranker()
    broken = Ranker([Broken(), *whole._scorers[:1]], LEARNED)
    ranking = broken.rank(ask(wishes=(Wish("genre", "crime"),)), EVERY)
    assert ranking.warnings == ("Ranking went on without 'content': no such file 'x'",)
    assert ranking.scored[0].terms[0].name == "preferences"


def test_a_reader_that_fails_leaves_the_order_of_the_rest() -> None:
    request = ask(wishes=(Wish("genre", "crime"),))
    whole = build_ranker()
    ranking = Ranker(whole._scorers, LEARNED, Broken()).rank(request, EVERY)
    assert len(ranking.warnings) == 1
    assert ranking.scored == whole.rank(request, EVERY).scored


def test_a_programming_error_is_not_hidden() -> None:
    class Wrong(Broken):
        def score(self, request: Request, rows: Rows) -> Column | None:
            raise KeyError("bug")

    with pytest.raises(KeyError, match="bug"):
        Ranker([Wrong()], LEARNED).rank(ask(), EVERY)


def _text(entry: Scored) -> float:
    return sum(term.contribution for term in entry.terms if term.name == "text")


def test_the_reader_reads_the_best_only() -> None:
    reader = WordReader()
    config = RankConfig(rerank_top=3)
    ranker = Ranker(build_ranker()._scorers, WITH_TEXT, TextScorer(reader), config)
    request = ask("horror word5")
    cheap = [entry.row for entry in build_ranker().rank(request, EVERY).scored]
    scored = ranker.rank(request, EVERY).scored
    assert reader.read == cheap[:3]
    worst = min(_text(e) for e in scored if e.row in cheap[:3])
    assert {_text(e) for e in scored if e.row not in cheap[:3]} == {worst}
    assert scored[0].row == 5


def test_being_read_never_costs_a_place_among_the_unread() -> None:
    # The reader judges every book it reads to be wrong; unread ones must not profit.
    class Harsh(WordReader):
        def score(self, text: str, rows: Rows) -> np.ndarray:
            return np.full(len(rows), -9.0, np.float32)

    config = RankConfig(rerank_top=4)
    ranker = Ranker(build_ranker()._scorers, WITH_TEXT, TextScorer(Harsh()), config)
    request = ask("crime", likes=(4,))
    before = [entry.row for entry in build_ranker().rank(request, EVERY).scored]
    assert [entry.row for entry in ranker.rank(request, EVERY).scored] == before


def test_a_rescore_is_the_score_in_the_pool() -> None:
    request = ask("crime", (0,), (1,), (Wish("genre", "crime"),))
    scored = {entry.row: entry for entry in build_ranker().rank(request, EVERY).scored}
    for row, entry in scored.items():
        assert build_ranker().rescore(request, row).score == pytest.approx(entry.score, abs=1e-5)


def test_an_operator_can_switch_a_term_off() -> None:
    weights = LEARNED.override({"popularity": 0.0})
    ranker = Ranker(build_ranker()._scorers, weights)
    assert {entry.score for entry in ranker.rank(ask(), EVERY).scored} == {0}
    assert replace(ask(), wishes=()) == ask()
