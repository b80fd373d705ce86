from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import Constraint
from ranking.calibrated import Categories, Taste, main_category
from ranking.diversity import DiversityConfig, diversify
from ranking.scoring import Request, Scored, Wish
from retrieval.query import Query
from tests.ranking.shelf import ask, build_shelf

# The shelf: row r is of genre r % 3 (crime, romance, horror).
CALIBRATED = DiversityConfig(1.0, calibration=0.5)


def ranked(*rows: int) -> tuple[Scored, ...]:
    return tuple(Scored(row, -float(place), ()) for place, row in enumerate(rows))


def test_a_slate_follows_the_proportions_of_the_likes() -> None:
    # Two likes of crime and one of romance; the score alone would show crime only.
    taste = Categories(build_shelf()).taste(ask(likes=(0, 3, 1)))
    scored = ranked(6, 9, 4, 7, 2)
    alone = diversify(scored, None, 3, DiversityConfig(1.0), taste)
    balanced = diversify(scored, None, 3, CALIBRATED, taste)
    assert [entry.row for entry in alone] == [6, 9, 4]
    assert sorted(entry.row % 3 for entry in balanced) == [0, 0, 1]
    scored = ranked(6, 9, 0, 3, 4)
    balanced = diversify(scored, None, 3, DiversityConfig(1.0, calibration=0.8), taste)
    assert sorted(entry.row % 3 for entry in balanced) == [0, 0, 1]
    assert balanced[0] == scored[0]


def test_without_strength_or_taste_nothing_moves() -> None:
    scored = ranked(6, 9, 0, 3, 4)
    taste = Categories(build_shelf()).taste(ask(likes=(1,)))
    assert diversify(scored, None, 3, DiversityConfig(1.0), taste) == scored[:3]
    assert diversify(scored, None, 3, CALIBRATED, None) == scored[:3]


def test_divergence_is_zero_in_proportion_and_log_100_without_any() -> None:
    taste = Taste(np.array([0.5, 0.5, 0.0]), np.zeros((0, 3)))
    slates = np.array([[2.0, 2.0, 0.0], [0.0, 0.0, 3.0], [1.0, 0.0, 0.0]])
    even, none, half = taste.divergence(slates)
    assert even == pytest.approx(0)
    assert none == pytest.approx(np.log(100))
    # By hand: half of log(.5 / .995) and half of log(.5 / .005).
    assert half == pytest.approx(0.5 * np.log(0.5 / 0.995) + 0.5 * np.log(100))


@pytest.mark.parametrize(
    "request_",
    [
        ask(),
        ask(likes=(0,), wishes=(Wish("genre", "horror"),)),
        ask(likes=(0,), wishes=(Wish("genre", "horror", -1.0),)),
        Request(Query(likes=(0,), constraints=(Constraint("genre", "=", "horror", 1, ""),))),
    ],
)
def test_who_says_what_they_want_is_not_calibrated(request_: Request) -> None:
    assert Categories(build_shelf()).taste(request_) is None


def test_another_facet_leaves_the_taste() -> None:
    taste = Categories(build_shelf()).taste(
        ask(likes=(0, 3, 1), wishes=(Wish("author", "Author 1"),))
    )
    assert taste is not None
    assert taste.wanted == pytest.approx([2 / 3, 0, 1 / 3])  # crime, horror, romance


def test_the_facet_is_the_category_that_most_items_have() -> None:
    assert main_category(build_shelf()) == "genre"


@given(
    st.permutations(range(12)),
    st.lists(st.integers(0, 11), max_size=4),
    st.integers(0, 14),
    st.floats(0, 1),
)
def test_a_calibrated_slate_is_a_choice_of_the_candidates(
    order: list[int], likes: list[int], k: int, strength: float
) -> None:
    scored = ranked(*order)
    taste = Categories(build_shelf()).taste(ask(likes=tuple(likes)))
    slate = diversify(scored, None, k, DiversityConfig(0.8, calibration=strength), taste)
    assert len(slate) == len(set(slate)) == min(k, 12)
    assert set(slate) <= set(scored)
    assert slate[:1] == scored[: min(k, 1)]


@pytest.mark.parametrize("strength", [-0.1, 1.1, float("nan")])
def test_a_strength_is_a_share(strength: float) -> None:
    with pytest.raises(ValueError, match="calibration"):
        DiversityConfig(calibration=strength)
