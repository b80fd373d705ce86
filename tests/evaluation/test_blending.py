"""The blend beside its parts, on sessions whose right answers are known by construction."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.blending import bench_blend
from evaluation.blending.report import LEARNED
from evaluation.blending.systems import rrf
from ranking.logit import Example, fit_weights, gain10
from ranking.scoring import Request
from ranking.simulated import SimulatedSession
from ranking.train_blend import Learned, TrainConfig
from retrieval.query import Query


def sessions(count: int, seed: int, first: int = 0) -> tuple[Example, ...]:
    """Return sessions whose answer is likely where "telling" and "hinting" add up to much."""
    rng = np.random.default_rng(seed)
    made = []
    for user in range(first, first + count):
        telling, hinting, noise = rng.normal(size=(3, 20)).astype(np.float32)
        chance = np.exp(2 * telling + hinting)
        target = int(rng.choice(20, p=chance / chance.sum()))
        request = Request(Query(text="words", likes=(0,)))
        session = SimulatedSession("words", user // 2, request, target)
        raw = {"telling": telling, "hinting": hinting, "noise": noise}
        made.append(Example(session, np.arange(20, dtype=np.int32), raw, target))
    return tuple(made)


@pytest.fixture(scope="module")
def learned() -> Learned:
    train, test = sessions(400, 1), sessions(300, 2, 1000)
    return Learned(fit_weights(train, 1e-3), None, train, test, 0.9)


def test_the_blend_beats_its_parts_and_knows_how_sure_it_is(learned: Learned) -> None:
    table = bench_blend(learned, {}, TrainConfig())
    means = {row.system: row.ndcg10["all"].mean for row in table.rows}
    assert table.rows[0].system == LEARNED
    assert means[LEARNED] > means["telling alone"] > means["hinting alone"] > means["noise alone"]
    lost = {row.system: row.difference["all"] for row in table.rows if row.group == "ablation"}
    assert lost["without telling"].high < lost["without hinting"].high < 0
    assert lost["without noise"].low <= 0 <= lost["without noise"].high
    # Answers were drawn from the very probabilities that a conditional logit learns.
    assert table.calibration_error < 0.1
    assert table.reliability[-1].observed.mean > table.reliability[0].observed.mean
    assert "LambdaMART" in means


def test_two_runs_are_the_same(learned: Learned) -> None:
    first, second = (bench_blend(learned, {}, TrainConfig()).to_json() for _ in range(2))
    assert first == second


def test_ranks_fuse_and_silent_terms_say_nothing(learned: Learned) -> None:
    example = learned.test[0]
    raw = {"one": np.array([3.0, 2.0, np.nan], np.float32), "two": np.array([1.0, 5.0, 5.0])}
    fused = rrf(Example(example.session, np.arange(3, dtype=np.int32), raw, 0))
    assert fused == pytest.approx([1 / 61 + 1 / 63, 1 / 62 + 1 / 61.5, 1 / 61.5])


def test_tied_candidates_share_their_places() -> None:
    assert gain10(np.zeros(2), 0) == pytest.approx((1 + 1 / np.log2(3)) / 2)
    assert gain10(np.arange(20.0), 0) == 0
