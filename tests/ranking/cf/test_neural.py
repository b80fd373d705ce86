"""NeuMF, factorisation machines and the portrait, each against its definition."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from ranking.cf import (
    FM,
    MODELS,
    DeepFMConfig,
    FMConfig,
    NeuMF,
    NeuMFConfig,
    Portrait,
    PortraitConfig,
    Training,
    fit_cf,
)
from ranking.cf.features import Features
from ranking.cf.networks import FMNetwork, NeuMFNetwork, PortraitNetwork
from ranking.cf.pooled import Pooled
from ranking.cf.session_learning import Learning, learn, sessions
from tests.ranking.cf.crowd import checkerboard, interactions
from tests.retrieval.shop import build_shop

NOBODY = np.empty(0, np.int32)
CATALOG = build_shop()
N_ITEMS = len(CATALOG)
MET = np.arange(N_ITEMS) < 10
RNG = np.random.default_rng(5)
TEXTS = RNG.normal(size=(N_ITEMS, 6)).astype(np.float32)
TEXTS /= np.linalg.norm(TEXTS, axis=1, keepdims=True)
TRAINING = Training(CATALOG, checkerboard(), TEXTS)
FEW = Learning(steps=5, batch=16)
CONFIGS = {
    "neumf": NeuMFConfig(factors=4, sizes=(6, 3), min_interactions=1, learning=FEW),
    "fm": FMConfig(factors=4, min_interactions=1, learning=FEW),
    "deepfm": DeepFMConfig(factors=4, sizes=(6, 3), min_interactions=1, learning=FEW),
    "portrait": PortraitConfig(factors=4, layers=2, min_interactions=1, learning=FEW),
}
SESSIONS = torch.tensor([[-1, -1, 4], [2, 0, 7]])
LIKES = [np.array([4], np.int32), np.array([2, 0, 7], np.int32)]


def popularity() -> np.ndarray:
    return RNG.normal(size=N_ITEMS).astype(np.float32)


def networks() -> dict[str, torch.nn.Module]:
    features = Features.of(CATALOG)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        return {
            "neumf": NeuMFNetwork(popularity(), 4, (6, 3)),
            "fm": FMNetwork(features, MET, popularity(), 4, (), 0.5),
            "deepfm": FMNetwork(features, MET, popularity(), 4, (6, 3), 0.5),
            "portrait": PortraitNetwork(TEXTS, MET, popularity(), CONFIGS["portrait"]),
        }


@pytest.mark.parametrize("name", sorted(CONFIGS))
def test_numpy_serves_what_torch_learned(name: str) -> None:
    network = networks()[name].eval()
    arrays = {"known": np.ones(N_ITEMS, np.bool_), **network.arrays()}  # type: ignore[operator]
    if name == "portrait":
        arrays["shape"] = np.array([2, 50])
    model = MODELS[name].model.from_arrays(arrays)
    with torch.no_grad():
        expected = network(SESSIONS, torch.arange(N_ITEMS)).numpy()
    for likes, scores in zip(LIKES, expected, strict=True):
        np.testing.assert_allclose(model.fold_in(likes, NOBODY), scores, atol=1e-5)


@pytest.mark.parametrize("name", sorted(CONFIGS))
def test_one_seed_gives_one_model_and_leaves_chance_alone(name: str) -> None:
    torch.manual_seed(11)
    before = torch.random.get_rng_state()
    one, other = (fit_cf(name, TRAINING, CONFIGS[name]).arrays() for _ in range(2))
    assert torch.equal(before, torch.random.get_rng_state())
    assert one.keys() == other.keys()
    for key in one:
        np.testing.assert_array_equal(one[key], other[key])


def test_fm_is_rendles_sum_over_pairs_of_features() -> None:
    features = Features.of(CATALOG)
    network = networks()["fm"].eval()
    arrays = network.arrays()  # type: ignore[operator]
    model = FM.from_arrays({"known": np.ones(N_ITEMS, np.bool_), **arrays})
    table = {key: value.detach().numpy() for key, value in network.named_parameters()}
    dense, likes = features.matrix.toarray(), np.array([2, 0, 7], np.int32)

    def side(ids: str, columns: str, rows: list[int]) -> list[np.ndarray]:
        met = [table[ids][row] for row in rows if MET[row]]
        return met + [
            dense[row, at] * table[columns][at] for row in rows for at in dense[row].nonzero()[0]
        ]

    def slow(row: int) -> float:
        person = [v / np.sqrt(3) for v in side("like_ids", "like_columns", likes.tolist())]
        item = side("item_ids", "item_columns", [row])
        linear = table["id_bias"][row, 0] * MET[row] + dense[row] @ table["column_bias"][:, 0]
        across = sum(float(p @ q) for p in person for q in item)
        within = sum(float(item[i] @ item[j]) for i in range(len(item)) for j in range(i))
        return float(linear) + across + within

    scores = model.fold_in(likes, NOBODY)
    for row in (1, 8, 30):  # the last one nobody met
        assert scores[row] == pytest.approx(slow(row), abs=1e-4)


def test_a_like_counts_in_fm_as_its_own_product() -> None:
    model = fit_cf("fm", TRAINING, CONFIGS["fm"])
    assert isinstance(model, FM)
    likes = np.array([0, 3, 5], np.int32)
    parts = model.contributions(likes, np.array([30]))[0]
    own = model.likes[likes] @ model.items[30] / np.sqrt(3)
    np.testing.assert_allclose(parts - parts[0], own - own[0], atol=1e-5)
    assert parts.sum() == pytest.approx(model.fold_in(likes, NOBODY)[30], abs=1e-5)


@pytest.mark.parametrize("name", ["fm", "deepfm"])
def test_facets_bring_new_items_to_those_who_like_their_kind(name: str) -> None:
    # Even rows are red and odd rows blue; rows from 10 on were met by nobody.
    learning = Learning(steps=80, batch=32, rate=0.02)
    config = (FMConfig if name == "fm" else DeepFMConfig)(
        factors=8, dropout=0.5, min_interactions=1, learning=learning
    )
    scores = fit_cf(name, TRAINING, config).fold_in(np.array([0, 2, 4], np.int32), NOBODY)
    # Beside its neighbour of the other colour, whose price is in the same bucket.
    red, blue = scores[10:][::2], scores[10:][1::2]
    assert (red > blue).mean() > 0.9


def test_the_portrait_brings_new_items_by_their_texts() -> None:
    texts = np.tile(np.eye(2, dtype=np.float32), (N_ITEMS // 2, 1))
    learning = Learning(steps=80, batch=32, rate=0.02)
    config = PortraitConfig(factors=8, dropout=0.5, min_interactions=1, learning=learning)
    model = Portrait.fit(Training(CATALOG, checkerboard(), texts), config)
    scores = model.fold_in(np.array([1, 3, 5], np.int32), NOBODY)
    assert scores[11::2].min() > scores[10::2].max()


def test_the_portrait_reads_the_last_likes_of_a_long_session() -> None:
    config = PortraitConfig(factors=4, longest=2, min_interactions=1, learning=FEW)
    model = Portrait.fit(TRAINING, config)
    long, last = (model.fold_in(np.array(rows, np.int32), NOBODY) for rows in ([1, 2, 3], [2, 3]))
    np.testing.assert_array_equal(long, last)


def test_neumf_leaves_rare_items_out() -> None:
    met = interactions([[0, 1], [0, 1], [0, 2]])
    model = NeuMF.fit(met, 4, NeuMFConfig(factors=2, sizes=(2,), min_interactions=2, learning=FEW))
    assert model.known.tolist() == [True, True, False, False]
    assert np.isfinite(model.fold_in(np.array([0, 2], np.int32), NOBODY)).tolist() == [1, 1, 0, 0]


def test_sessions_are_pieces_of_one_history() -> None:
    met = interactions([[0, 1, 2, 3, 4, 5], [10, 11, 12], [20], [30, 30]])
    learning = Learning(steps=40, batch=4, longest=3, window=2)
    known = np.arange(40) != 4
    batches = list(sessions(met, known, learning, np.random.default_rng(0)))
    assert len(batches) == 40
    lengths: set[int] = set()
    for inputs, targets in batches:
        for session, target in zip(inputs.tolist(), targets.tolist(), strict=True):
            real = [row for row in session if row >= 0]
            lengths.add(len(real))
            assert session == [-1] * (3 - len(real)) + sorted(set(real))  # oldest first, no repeat
            assert target not in real
            assert 4 not in (*real, target)
            assert target // 10 == real[0] // 10 == real[-1] // 10
            places = {0: 0, 1: 1, 2: 2, 3: 3, 5: 4}  # item 4 is passed over
            if target < 10:
                assert all(abs(places[row] - places[target]) <= 2 for row in real)
    assert lengths == {1, 2, 3}


def test_nobody_teaches_nothing() -> None:
    model = fit_cf("fm", Training(CATALOG, interactions([])), CONFIGS["fm"])
    assert isinstance(model, Pooled)
    assert np.isfinite(model.fold_in(np.array([0], np.int32), NOBODY)).all()


def test_a_sessions_own_likes_do_not_compete() -> None:
    class Recorder(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.bias = torch.nn.Parameter(torch.zeros(3))

        def forward(self, inputs: torch.Tensor, candidates: torch.Tensor) -> torch.Tensor:
            return self.bias[candidates].expand(len(inputs), -1)

    # Items 0 and 1 are always met together: with the other one as the like, each is certain,
    # so that only the third, which is never the answer, is pushed down.
    network = Recorder()
    met = interactions([[0, 1], [1, 0], [2]])
    learn(network, met, np.ones(3, np.bool_), Learning(steps=20, rate=0.1, decay=0.0))
    bias = network.bias.detach().numpy()
    assert bias[0] == pytest.approx(bias[1], abs=1e-4)
    assert bias[2] < -0.5
