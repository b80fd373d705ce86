from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ranking.diversity import DiversityConfig, diversify
from ranking.scoring import Scored


def ranked(*scores: float) -> tuple[Scored, ...]:
    return tuple(Scored(row, score, ()) for row, score in enumerate(scores))


def unit(*vectors: tuple[float, ...]) -> NDArray[np.float32]:
    array = np.array(vectors, np.float32)
    return array / np.linalg.norm(array, axis=1, keepdims=True)


def rows(chosen: tuple[Scored, ...]) -> list[int]:
    return [entry.row for entry in chosen]


def test_a_near_copy_gives_way() -> None:
    # Row 1 is the same as row 0, row 2 is nothing like it and scores a little less.
    scored, vectors = ranked(3.0, 2.9, 2.8, 0.0), unit((1, 0), (1, 0), (0, 1), (0, 1))
    assert rows(diversify(scored, vectors, 2, DiversityConfig(0.8))) == [0, 2]
    assert rows(diversify(scored, vectors, 2, DiversityConfig(1.0))) == [0, 1]


def test_a_poor_match_is_not_dug_up() -> None:
    scored, vectors = ranked(3.0, 2.0, 0.0), unit((1, 0), (1, 0), (0, 1))
    assert rows(diversify(scored, vectors, 2, DiversityConfig(0.0, pool=2))) == [0, 1]


def test_without_vectors_the_score_decides() -> None:
    assert rows(diversify(ranked(3, 2, 1), None, 2)) == [0, 1]


@pytest.mark.parametrize("trade_off", [-0.1, 1.1, float("nan")])
def test_a_trade_off_is_a_share(trade_off: float) -> None:
    with pytest.raises(ValueError, match="trade_off"):
        DiversityConfig(trade_off)


@settings(deadline=None)
@given(
    st.lists(st.floats(-5, 5), max_size=12).map(lambda scores: sorted(scores, reverse=True)),
    st.integers(0, 14),
    st.floats(0, 1),
    st.integers(0, 2**32 - 1),
)
def test_a_slate_is_a_choice_of_the_candidates(
    scores: list[float], k: int, trade_off: float, seed: int
) -> None:
    scored = ranked(*scores)
    vectors = unit(*np.random.default_rng(seed).normal(size=(max(len(scores), 1), 3)).tolist())
    chosen = diversify(scored, vectors, k, DiversityConfig(trade_off))
    assert len(chosen) == min(k, len(scores))
    assert len(set(rows(chosen))) == len(chosen)
    assert set(chosen) <= set(scored)
    if chosen:
        assert chosen[0] == scored[0]
    assert diversify(scored, vectors, k, DiversityConfig(1.0)) == scored[:k]
