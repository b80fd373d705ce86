from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from retrieval.fusion import reciprocal_rank_fusion
from retrieval.query import Hits


def ranking(*rows: int) -> Hits:
    """Hits in this order, with falling scores."""
    return Hits(np.array(rows, np.int32), np.arange(len(rows), 0, -1, dtype=np.float32))


orders = st.lists(st.integers(0, 30), max_size=12, unique=True)
rankings = st.dictionaries(
    st.sampled_from("abcde"), orders.map(lambda rows: ranking(*rows)), max_size=5
)


def test_scores_are_sums_of_reciprocal_ranks() -> None:
    fused = reciprocal_rank_fusion({"a": ranking(7, 8), "b": ranking(8, 9, 7)})
    assert fused.rows.tolist() == [8, 7, 9]
    np.testing.assert_allclose(fused.scores, [1 / 62 + 1 / 61, 1 / 61 + 1 / 63, 1 / 62], rtol=1e-6)


def test_weights_and_constant_count() -> None:
    fused = reciprocal_rank_fusion({"a": ranking(1), "b": ranking(2)}, {"b": 3.0}, rank_constant=1)
    assert fused.rows.tolist() == [2, 1]
    np.testing.assert_allclose(fused.scores, [3 / 2, 1 / 2])


def test_ties_are_in_order_of_row() -> None:
    assert reciprocal_rank_fusion({"a": ranking(9), "b": ranking(3)}).rows.tolist() == [3, 9]


def test_nothing_fuses_to_nothing() -> None:
    assert len(reciprocal_rank_fusion({})) == 0
    assert len(reciprocal_rank_fusion({"a": Hits.empty()})) == 0


@given(rankings, st.randoms(use_true_random=False))
def test_order_of_the_sources_does_not_matter(
    found: dict[str, Hits], chance: random.Random
) -> None:
    shuffled = list(found.items())
    chance.shuffle(shuffled)
    one, other = reciprocal_rank_fusion(found), reciprocal_rank_fusion(dict(shuffled))
    np.testing.assert_array_equal(one.rows, other.rows)
    np.testing.assert_array_equal(one.scores, other.scores)


@given(rankings)
def test_the_result_is_the_union_in_order(found: dict[str, Hits]) -> None:
    fused = reciprocal_rank_fusion(found)
    union = {row for hits in found.values() for row in hits.rows.tolist()}
    assert sorted(fused.rows.tolist()) == sorted(union)
    keys = list(zip(-fused.scores, fused.rows, strict=True))
    assert keys == sorted(keys)


@given(rankings, st.sampled_from("abcde"), st.integers(0, 30))
def test_moving_up_in_one_ranking_never_lowers_the_score(
    found: dict[str, Hits], name: str, row: int
) -> None:
    others = [other for other in found.get(name, Hits.empty()).rows.tolist() if other != row]
    low = reciprocal_rank_fusion({**found, name: ranking(*others, row)})
    high = reciprocal_rank_fusion({**found, name: ranking(row, *others)})
    before, after = (dict(zip(f.rows.tolist(), f.scores, strict=True)) for f in (low, high))
    assert after[row] >= before[row]


@given(orders)
def test_one_ranking_keeps_its_order(rows: list[int]) -> None:
    assert reciprocal_rank_fusion({"only": ranking(*rows)}).rows.tolist() == rows
