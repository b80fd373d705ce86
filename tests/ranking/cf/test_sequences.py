"""The models that read likes in order: their parts against other computations of the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from catalog import Interactions
from ranking.cf import (
    EASE,
    NARM,
    BERT4Rec,
    BERT4RecConfig,
    EASEConfig,
    EASEWindow,
    EASEWindowConfig,
    NARMConfig,
    SASRec,
    SASRecConfig,
)
from ranking.cf.narm import read, recur
from ranking.cf.sasrec import attend, start
from ranking.cf.sequences import SequenceConfig, SequenceModel, histories, next_item_loss, stretches
from tests.ranking.cf.crowd import checkerboard, interactions

NOBODY = np.empty(0, np.int32)
RING = 8
SMALL = {
    "dimensions": 16,
    "length": 4,
    "dropout": 0.1,
    "epochs": 40,
    "batch": 16,
    "learning_rate": 0.01,
    "min_interactions": 1,
}
KINDS: list[tuple[type[SequenceModel], SequenceConfig]] = [
    (SASRec, SASRecConfig(**SMALL)),
    (BERT4Rec, BERT4RecConfig(**SMALL)),
    (NARM, NARMConfig(**SMALL)),
]
each_kind = pytest.mark.parametrize(("model", "config"), KINDS, ids=["sasrec", "bert4rec", "narm"])


def walkers() -> Interactions:
    """People who walk four or five steps round a ring of items, this way or the other."""
    return interactions(
        [
            [(begin + way * step) % RING for step in range(length)]
            for begin in range(RING)
            for way in (1, -1)
            for length in (4, 5)
        ]
    )


@each_kind
def test_the_order_says_where_someone_goes(
    model: type[SequenceModel], config: SequenceConfig
) -> None:
    fitted = model.fit(walkers(), RING, config)
    right = 0
    for at in range(RING):
        for way in (1, -1):
            session = np.array([at, at + way], np.int32) % RING
            scores = fitted.fold_in(session, NOBODY)
            scores[session] = -np.inf
            right += int(scores.argmax() == (at + 2 * way) % RING)
    assert right >= 15, f"{right} of 16 sessions of two went on as their walkers do"


@each_kind
def test_a_seed_settles_everything(model: type[SequenceModel], config: SequenceConfig) -> None:
    short = replace(config, epochs=2)
    before = torch.get_rng_state()
    one, same = (model.fit(walkers(), RING, short).arrays() for _ in range(2))
    other = model.fit(walkers(), RING, replace(short, seed=1)).arrays()
    for name, array in one.items():
        np.testing.assert_array_equal(array, same[name])
    assert not np.array_equal(one["items"], other["items"])
    assert torch.equal(before, torch.get_rng_state())


@each_kind
def test_only_the_last_of_a_long_session_are_read(
    model: type[SequenceModel], config: SequenceConfig
) -> None:
    fitted = model.fit(walkers(), RING, replace(config, epochs=1))
    likes = np.arange(7, dtype=np.int32)
    whole, end = (fitted.fold_in(rows, NOBODY) for rows in (likes, likes[-4:]))
    np.testing.assert_array_equal(whole, end)
    assert not np.array_equal(whole, fitted.fold_in(likes[-3:], NOBODY))


@each_kind
def test_nobody_gives_an_empty_model(model: type[SequenceModel], config: SequenceConfig) -> None:
    fitted = model.fit(interactions([]), 3, config)
    assert (fitted.fold_in(np.array([0], np.int32), NOBODY) == -np.inf).all()


@given(
    st.lists(st.integers(2, 30), min_size=1, max_size=5), st.integers(1, 9), st.integers(0, 1000)
)
def test_every_step_lies_in_exactly_one_stretch(sizes: list[int], length: int, seed: int) -> None:
    ends = np.cumsum(sizes)
    sequences = [np.arange(end - size, end) + 1 for size, end in zip(sizes, ends, strict=True)]
    cut = stretches(sequences, length, np.random.default_rng(seed))
    assert cut.shape[1] == length + 1
    first, then = cut[:, :-1][cut[:, 1:] > 0], cut[:, 1:][cut[:, 1:] > 0]
    assert (then == first + 1).all()
    inner = [int(number) for sequence in sequences for number in sequence[1:]]
    assert sorted(then.tolist()) == inner
    assert (np.diff((cut > 0).astype(int)) <= 0).all(), "padding is on the right"


def test_histories_are_known_items_by_number_in_time() -> None:
    one = interactions([[4, 0, 2], [3, 4], [2]])
    order = np.array([3, 0, 1, 4, 2, 5])
    mixed = Interactions(one.users, one.user[order], one.row[order], one.value, one.timestamp)
    known = np.array([True, False, True, True, True])
    found = [numbers.tolist() for numbers in histories(mixed, known, 0.0)]
    assert found == [[4, 1, 2], [3, 4]]
    assert histories(mixed, known, 6.0) == ()


def test_padding_does_not_count_in_the_loss() -> None:
    weights = {"items": torch.randn(5, 3)}
    states = torch.randn(1, 3, 3)
    loss = next_item_loss(weights, states, torch.tensor([[2, 4, 0]]))
    parts = [-torch.log_softmax(weights["items"][1:] @ states[0, at], 0) for at in (0, 1)]
    assert float(loss) == pytest.approx(float(parts[0][1] + parts[1][3]) / 2, rel=1e-5)


@pytest.mark.parametrize("causal", [True, False], ids=["causal", "both ways"])
def test_attention_is_torchs_own_encoder(causal: bool) -> None:
    torch.manual_seed(0)
    weights = start(10, 6, SASRecConfig(dimensions=8, heads=2, blocks=2))
    numbers = torch.tensor([[3, 1, 4, 0, 0], [5, 9, 2, 6, 7]])
    visible = torch.tensor([[True, True, True, False, False], [True] * 5])
    states = weights["items"][numbers] * 8**0.5 + weights["positions"][:5]
    for block in range(2):
        layer = torch.nn.TransformerEncoderLayer(
            8, 2, 8, dropout=0.0, batch_first=True, norm_first=True, bias=False
        )
        with torch.no_grad():
            # Theirs is (to, from), all queries first; within each, head by head.
            layer.self_attn.in_proj_weight.copy_(weights[f"{block}.attention"].flatten(1).T)
            layer.self_attn.out_proj.weight.copy_(weights[f"{block}.merge"].T)
            layer.linear1.weight.copy_(weights[f"{block}.in"].T)
            layer.linear2.weight.copy_(weights[f"{block}.out"].T)
        future = torch.ones(5, 5).triu(1).bool() if causal else None
        states = layer(states, future, None if causal else ~visible)
    expected = functional.layer_norm(states, (8,))
    found = attend(weights, numbers, None if causal else visible)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-4)


def test_no_state_of_sasrec_or_narm_looks_ahead() -> None:
    torch.manual_seed(0)
    attention = start(10, 6, SASRecConfig(dimensions=8))
    recurrent = NARM.fit(walkers(), RING, NARMConfig(dimensions=8, epochs=0, min_interactions=1))
    narm = {key: torch.from_numpy(value) for key, value in recurrent.weights.items()}
    for forward, weights in ((attend, attention), (read, narm)):
        long, other, short = (
            forward(weights, torch.tensor([numbers]))
            for numbers in ([3, 1, 4, 5], [3, 1, 7, 2], [3, 1])
        )
        torch.testing.assert_close(long[:, :2], short)
        torch.testing.assert_close(other[:, :2], short)
        assert not torch.allclose(long[:, 2:], other[:, 2:])


def test_narm_reads_with_torchs_own_gru() -> None:
    torch.manual_seed(0)
    gru = torch.nn.GRU(4, 4, batch_first=True)
    with torch.no_grad():
        gru.bias_hh_l0.zero_()
        weights = {"read": gru.weight_ih_l0.T, "keep": gru.weight_hh_l0.T, "bias": gru.bias_ih_l0}
        vectors = torch.randn(3, 5, 4)
        torch.testing.assert_close(recur(weights, vectors), gru(vectors)[0], atol=1e-6, rtol=1e-5)


def test_narm_scores_as_the_paper_says() -> None:
    fitted = NARM.fit(walkers(), RING, NARMConfig(dimensions=4, epochs=1, min_interactions=1))
    weights = {key: torch.from_numpy(value) for key, value in fitted.weights.items()}
    states = recur(weights, weights["items"][torch.tensor([[3, 4, 5]])])[0].numpy()
    purpose = np.zeros(4)
    for state in states:
        together = (
            states[-1] @ fitted.weights["attend.last"] + state @ fitted.weights["attend.each"]
        )
        purpose += (1 / (1 + np.exp(-together))) @ fitted.weights["attend"] * state
    person = np.concatenate([states[-1], purpose]) @ fitted.weights["bilinear"]
    scores = fitted.fold_in(np.array([2, 3, 4], np.int32), NOBODY)
    np.testing.assert_allclose(scores, fitted.weights["items"][1:] @ person, atol=1e-4)


def test_ease_window_fades_the_older_likes() -> None:
    config = EASEWindowConfig(decay=0.5, regularization=2.0, window=3, min_interactions=1)
    crowd = checkerboard()
    model = EASEWindow.fit(crowd, 11, config)
    plain = EASE.fit(crowd, 11, EASEConfig(regularization=2.0, window=3, min_interactions=1))
    # Nobody met item 10: it says nothing, and makes no like older.
    scores = model.fold_in(np.array([4, 0, 10, 2], np.int32), NOBODY)
    parts = [plain.fold_in(np.array([row], np.int32), NOBODY)[:10] for row in (2, 0, 4)]
    np.testing.assert_allclose(scores[:10], parts[0] + 0.5 * parts[1] + 0.25 * parts[2], atol=1e-6)


def test_ease_window_without_decay_is_ease_of_windows() -> None:
    config = EASEWindowConfig(decay=1.0, regularization=2.0, window=3, min_interactions=1)
    plain = EASE.fit(
        checkerboard(), 11, EASEConfig(regularization=2.0, window=3, min_interactions=1)
    )
    likes = np.array([4, 0, 2], np.int32)
    found = EASEWindow.fit(checkerboard(), 11, config).fold_in(likes, NOBODY)
    np.testing.assert_allclose(found, plain.fold_in(likes, NOBODY), atol=1e-6)
