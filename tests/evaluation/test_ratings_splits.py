"""Who is served with what, and that no right answer is known before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import Interactions
from catalog.errors import CatalogError
from evaluation.ratings.bench import PROTOCOLS
from evaluation.ratings.splits import BEFORE, FIRST, Fold, Protocol, once, split
from tests.ranking.cf.crowd import interactions


def drawn(seed: int, people: int = 30, items: int = 40) -> Interactions:
    """People who met 8 to 25 items, with repeats, at random times and values."""
    rng = np.random.default_rng(seed)
    user = np.repeat(np.arange(people), rng.integers(8, 26, people))
    rows = rng.integers(0, items, len(user)).astype(np.int32)
    return Interactions.build(
        [f"person {one}" for one in user],
        rows,
        rng.integers(5, 11, len(user)).astype(np.float32) / 2,
        rng.integers(0, 200, len(user)).astype(np.int64),
    )


def pairs(observed: Interactions) -> set[tuple[int, int]]:
    return set(zip(observed.user.tolist(), observed.row.tolist(), strict=True))


def folds_of(protocol: Protocol, seed: int) -> tuple[Interactions, tuple[Fold, ...]]:
    observed = once(drawn(seed))
    return observed, split(protocol, observed, folds=3 if protocol == "sessions" else 1, seed=seed)


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(PROTOCOLS), st.integers(0, 1000))
def test_no_right_answer_is_learned_from_or_folded_in(protocol: Protocol, seed: int) -> None:
    observed, folds = folds_of(protocol, seed)
    everything = pairs(observed)
    assert any(cases for fold in folds for cases in fold.cases.values())
    for fold in folds:
        known = pairs(fold.training)
        assert known < everything
        for cases in fold.cases.values():
            assert cases
            for case in cases:
                right = set(case.relevant.tolist())
                assert right
                assert len(right) == len(case.relevant)
                assert not right & set(case.history.tolist())
                assert not right & set(case.met.tolist())
                assert not {(case.user, row) for row in right} & known
                assert not {(case.user, int(row)) for row in case.later} & known
                assert {(case.user, row) for row in right} < everything
                assert set(case.history.tolist()) <= set(case.met.tolist())


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 1000))
def test_a_model_of_sessions_knows_nobody_it_serves(seed: int) -> None:
    observed, folds = folds_of("sessions", seed)
    served: list[int] = []
    for fold in folds:
        mine = [case.user for case in fold.cases["k=5"]]
        assert mine == [case.user for case in fold.cases["k=1"]]
        assert not set(mine) & set(fold.training.user.tolist())
        served += mine
    liked = np.bincount(observed.user, observed.value >= 4, minlength=len(observed.users))
    assert sorted(served) == np.flatnonzero(liked > 5).tolist()


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 1000))
def test_a_model_of_the_past_knows_nothing_of_the_future(seed: int) -> None:
    observed, (fold,) = folds_of("time", seed)
    last = fold.training.timestamp.max()
    assert len(fold.training) <= BEFORE * len(observed)
    when = dict(zip(zip(observed.user, observed.row, strict=True), observed.timestamp, strict=True))
    for case in fold.cases["all"]:
        assert all(when[case.user, row] > last for row in case.relevant)
        assert set(case.relevant.tolist()) <= set(case.later.tolist())
        assert (case.later_values[np.isin(case.later, case.relevant)] >= 4).all()


def test_a_session_ends_before_the_last_like() -> None:
    observed = interactions([[9, 1, 2, 3, 4, 5, 6, 7]] * 3)
    observed.value[observed.row == 7] = 1.0
    observed.value[observed.row == 1] = 3.5
    (fold,) = split("sessions", observed)
    cases = {setting: cases[0] for setting, cases in fold.cases.items()}
    assert {setting: case.history.tolist() for setting, case in cases.items()} == {
        "k=1": [5],
        "k=3": [3, 4, 5],
        "k=5": [9, 2, 3, 4, 5],
    }
    assert cases["k=1"].relevant.tolist() == [6]
    # Met before the session, or later, or not liked: none of it competes.
    assert cases["k=1"].met.tolist() == [9, 1, 2, 3, 4, 5, 7]
    assert len(fold.training) == 16


def test_the_last_of_everybody_is_left_out_whatever_its_value() -> None:
    observed = interactions([[3, 1, 2], [5], [2, 4]])
    observed.value[2] = 0.5
    (fold,) = split("leave_last_out", observed)
    found = [
        (case.user, case.history.tolist(), case.relevant.tolist()) for case in fold.cases["all"]
    ]
    assert found == [(0, [3, 1], [2]), (2, [2], [4])]
    assert pairs(fold.training) == {(0, 3), (0, 1), (1, 5), (2, 2)}


def test_time_serves_known_people_from_their_past_and_new_ones_from_their_first() -> None:
    # 40 interactions of people who did everything before, then 10 of one of them and a new one.
    past = interactions([[row] for row in range(40)])
    old, new = [0] * 3, [40] * 7
    observed = Interactions(
        users=(*past.users, "new"),
        user=np.concatenate([past.user, np.array(old + new, np.int32)]),
        row=np.concatenate([past.row, np.arange(40, 50, dtype=np.int32)]),
        value=np.concatenate([past.value, np.array([5, 1, 4] + [2] * 5 + [1, 5], np.float32)]),
        timestamp=np.arange(50),
    )
    (fold,) = split("time", observed)
    assert len(fold.training) == 40
    known, fresh = fold.cases["all"]
    assert (known.history.tolist(), known.relevant.tolist()) == ([0], [40, 42])
    assert (known.later.tolist(), known.later_values.tolist()) == ([40, 41, 42], [5, 1, 4])
    assert fresh.history.tolist() == [43, 44, 45, 46, 47][:FIRST]
    assert fresh.values.tolist() == [2] * FIRST
    assert (fresh.relevant.tolist(), fresh.met.tolist()) == ([49], fresh.history.tolist())
    assert fresh.later.tolist() == [48, 49]


def test_repeats_count_once_and_at_first() -> None:
    observed = interactions([[1, 2, 1, 3, 2]])
    observed.value[:] = [1, 2, 3, 4, 5]
    first = once(observed)
    assert (first.row.tolist(), first.value.tolist()) == ([1, 2, 3], [1, 2, 4])


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_fewer_people_are_some_of_all_and_models_learn_the_same(protocol: Protocol) -> None:
    observed = once(drawn(5))
    (whole,), (part,) = split(protocol, observed), split(protocol, observed, people=4)
    assert pairs(part.training) == pairs(whole.training)
    for setting, cases in part.cases.items():
        assert len(cases) == 4
        everyone = {case.user: case.history.tolist() for case in whole.cases[setting]}
        assert all(everyone[case.user] == case.history.tolist() for case in cases)


def test_nobody_to_serve_is_an_error_that_says_what_helps() -> None:
    observed = interactions([[1, 2]] * 4, value=3.0)
    with pytest.raises(CatalogError, match="--liked"):
        split("sessions", observed)
    at_once = replace(observed, timestamp=np.zeros(8, np.int64))
    with pytest.raises(CatalogError, match="different times"):
        split("time", at_once)
