from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from catalog import Catalog
from ranking.blend import TermWeight, Weights, read_weights
from ranking.calibration import Calibration
from ranking.deletion import Cause, without
from ranking.rank import Ranker, open_ranker
from retrieval.lexical import LexicalRetriever
from tests.ranking.cf.crowd import interactions
from tests.ranking.shelf import EVERY, SCHEMA, Source, ask, build_shelf

REQUEST = ask("word1 crime", likes=(0, 3))


@cache
def build_ranked_shelf() -> Catalog:
    """The shelf, where row r was met by r people."""
    readers = [list(range(reader, 12)) for reader in range(1, 12)]
    return Catalog.build(SCHEMA, build_shelf().items, interactions(readers))


@cache
def build_ranker() -> Ranker:
    shelf = build_ranked_shelf()
    return open_ranker(shelf, Source(shelf), LexicalRetriever(shelf))


def popularity_of(dial: float) -> dict[int, float]:
    """Return what being known adds to every item, whichever of the two terms says it."""
    scored = build_ranker().rank(replace(REQUEST, novelty=dial), EVERY).scored
    return {
        entry.row: sum(t.contribution for t in entry.terms if t.name in {"popularity", "novelty"})
        for entry in scored
    }


@pytest.mark.parametrize("dial", [-1.0, -0.3, 0.0, 0.25, 0.5, 0.8, 1.0])
def test_the_dial_scales_one_term_and_leaves_the_others(dial: float) -> None:
    plain = {e.row: e for e in build_ranker().rank(REQUEST, EVERY).scored}
    usual, turned = popularity_of(0.0), popularity_of(dial)
    assert any(usual.values())
    for entry in build_ranker().rank(replace(REQUEST, novelty=dial), EVERY).scored:
        assert turned[entry.row] == pytest.approx((1 - 2 * dial) * usual[entry.row], abs=1e-6)
        assert entry.score == sum(term.contribution for term in entry.terms)
        rest = plain[entry.row].score - usual[entry.row]
        assert entry.score - turned[entry.row] == pytest.approx(rest, abs=1e-6)


def test_only_one_of_the_two_terms_speaks() -> None:
    names = {
        dial: {
            term.name
            for entry in build_ranker().rank(replace(REQUEST, novelty=dial), EVERY).scored
            for term in entry.terms
        }
        & {"popularity", "novelty"}
        for dial in (-1.0, 0.0, 0.5, 1.0)
    }
    assert names == {-1.0: {"popularity"}, 0.0: {"popularity"}, 0.5: set(), 1.0: {"novelty"}}


def test_well_known_items_go_forward_below_zero_and_back_above() -> None:
    assert build_ranked_shelf().popularity.tolist() == list(range(12))
    known = build_ranker().rank(replace(ask(), novelty=-1.0), EVERY).scored
    unknown = build_ranker().rank(replace(ask(), novelty=1.0), EVERY).scored
    # Of row 0, which nobody met, nothing is known: it counts as the median one.
    assert [entry.row for entry in known if entry.row] == list(range(11, 0, -1))
    assert [entry.row for entry in unknown if entry.row] == list(range(1, 12))


def test_weights_are_never_negative_and_zero_changes_nothing() -> None:
    weights = Weights({"popularity": TermWeight(2.0, Calibration(1.0, 3.0))})
    assert weights.leaning(0.0) is weights
    assert {n: t.weight for n, t in weights.leaning(1.0).terms.items()} == {
        "popularity": 0.0,
        "novelty": 2.0,
    }
    assert weights.leaning(-1.0).terms["popularity"].weight == 6.0
    assert weights.leaning(0.75).terms["novelty"].calibration == Calibration(-1.0, 3.0)
    bare = Weights({"text": read_weights().terms["text"]})
    assert bare.leaning(0.5) is bare


@pytest.mark.parametrize("dial", [-0.5, 1.0])
def test_rescoring_without_a_cause_keeps_the_dial(dial: float) -> None:
    ranker, request = build_ranker(), replace(REQUEST, novelty=dial)
    scored = ranker.rank(request, EVERY).scored
    less = without(request, Cause(likes=(3,)))
    again = ranker.rescored(request, less, scored)
    fresh = {entry.row: entry.score for entry in ranker.rank(less, EVERY).scored}
    assert again == pytest.approx(fresh, abs=1e-5)
