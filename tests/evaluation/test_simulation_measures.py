"""Every measure on a case worked by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from evaluation.simulation.measures import (
    bootstrap_by,
    diversity,
    mean,
    miscalibration,
    novelty,
    questions,
    taste,
)
from evaluation.simulation.outcome import Outcome
from evaluation.simulation.play import Exchange
from evaluation.simulation.report import summarise
from tests.evaluation.small_library import whole


def exchange(items: str, question: str = "", broken: int = 0, repeated: int = 0) -> Exchange:
    items_shown = tuple(items.split())
    return Exchange("words", "reply", question, items_shown, broken, repeated, broken + repeated)


def test_diversity_is_the_mean_distance_of_pairs() -> None:
    vectors = np.array([[1, 0], [0, 1], [1, 0], [-1, 0]], np.float32)
    assert diversity([0, 1], vectors) == 1.0
    assert diversity([0, 2], vectors) == 0.0
    assert diversity([0, 2, 3], vectors) == pytest.approx((0 + 2 + 2) / 3)
    assert math.isnan(diversity([0], vectors))


def test_novelty_is_self_information_in_bits() -> None:
    counts = np.array([7, 3, 0], np.float32)
    assert novelty([0], counts, 7) == 0.0
    assert novelty([1, 2], counts, 7) == pytest.approx((1 + 3) / 2)
    assert math.isnan(novelty([], counts, 7))


def test_taste_shares_out_every_item_evenly() -> None:
    assert taste([0, 3, 1], "genre", whole()) == {"crime": 2 / 3, "romance": 1 / 3}
    assert taste([], "genre", whole()) == {}


def test_miscalibration_is_steck_divergence() -> None:
    half = {"crime": 0.5, "horror": 0.5}
    assert miscalibration(half, half) == 0.0
    # q~ is 0.99 + 0.005 of crime and 0.005 of horror.
    expected = 0.5 * math.log(0.5 / 0.995) + 0.5 * math.log(0.5 / 0.005)
    assert miscalibration(half, {"crime": 1.0}) == pytest.approx(expected)


def test_a_question_counts_once_it_is_followed_and_when_other_items_come() -> None:
    talk = [
        exchange("a b", "genre"), exchange("b a"), exchange("a b", "year"), exchange("a c", "mood"),
    ]  # fmt: skip
    assert questions(talk) == (2, 1)


def test_the_interval_is_over_people() -> None:
    values, people = [1.0] * 50 + [0.0] * 50, [0] * 50 + [1] * 50
    together = bootstrap_by(values, people, seed=1)
    assert (together.mean, together.low, together.high, together.n) == (0.5, 0.0, 1.0, 100)
    apart = bootstrap_by(values, range(100), seed=1)
    assert 0.38 < apart.low < 0.45 < 0.55 < apart.high < 0.62
    assert math.isnan(bootstrap_by([], [], seed=1).mean)


def test_a_mean_leaves_out_what_is_not_defined() -> None:
    assert mean([1.0, float("nan"), 3.0]) == 2.0
    assert math.isnan(mean([]))


def outcome(number: int, success: int | None, *exchanges: Exchange) -> Outcome:
    found = exchanges[-1].items[0] if success else ""
    return Outcome(
        "vouch", "terse" if number else "chatty", number, number, 1, success, exchanges, found,
        2 if number == 1 else 0, 1 if number == 1 else 0, 0.5, float("nan"), 1.0,
    )  # fmt: skip


def test_the_report_adds_up() -> None:
    outcomes = [
        outcome(0, 1, exchange("b0 b1")),
        outcome(
            1, 3, exchange("b0 b1", broken=2), exchange("b0 b1", repeated=1), exchange("b2 b3")
        ),
        outcome(2, None, *[exchange("b0 b1")] * 8),
    ]
    report = summarise(outcomes, ("vouch",), 7, 3, 2, whole())
    line = report.whole
    assert line is not None
    assert {turn: round(i.mean, 3) for turn, i in line.success.items()} == {
        1: 0.333, 3: 0.667, 5: 0.667, 8: 0.667,
    }  # fmt: skip
    assert line.turns.mean == 4.0
    assert (line.first, line.broken, line.repeated) == (0.5, 2, 1)
    assert line.missed == 1.0
    assert (line.questions, line.changed) == (2 / 3, 0.5)
    assert line.coverage == 4 / 90
    assert (line.diversity, line.miscalibration) == (0.5, 1.0)
    assert line.to_json()["novelty_bits"] is None
    assert [(p.name, p.users) for p in report.personas] == [("chatty", 1), ("terse", 2)]
    assert report.systems[0].users == 2
    assert report.systems[0].success[5].mean == 1.0
    lost = summarise([replace(outcomes[2], number=0)], ("vouch",), 7, 1, 1, whole())
    assert lost.to_json()["vouch"]["first_turn_share"] is None
    assert "3 simulated users" in report.to_text()
