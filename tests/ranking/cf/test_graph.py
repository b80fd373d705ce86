"""LightGCN and the knowledge graph, each against an independent computation of its definition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from catalog import Catalog, Interactions, Item, parse_schema
from ranking.cf import (
    ItemKNNConfig,
    Knowledge,
    KnowledgeConfig,
    LightGCN,
    LightGCNConfig,
    Path,
    Training,
)
from ranking.cf.lightgcn import propagate
from ranking.cf.matrix import incidence
from tests.ranking.cf.crowd import checkerboard, interactions

NOBODY = np.empty(0, np.int32)
SCHEMA = parse_schema(
    """
    name = "shop"
    noun = "product"
    [facets.maker]
    kind = "people"
    [facets.colour]
    kind = "category"
    [facets.price]
    kind = "number"
    role = "price"
    prefix = "$"
    """
)
"""What people buy together is of one maker; the colour is anything."""


def shelf(people: int = 60, items: int = 24) -> Training:
    """Item r is made by r modulo 3 and coloured by chance; the last three are new."""
    rng = np.random.default_rng(0)
    goods = [
        Item(
            item_id=str(row),
            title=f"thing {row}",
            labels={
                "maker": (f"maker {row % 3}",),
                "colour": tuple(
                    str(colour)
                    for colour in rng.permutation(["red", "blue", "green"])[: 1 + row % 2]
                ),
            },
            numbers={"price": float(10 + row // 3)},
        )
        for row in range(items)
    ]
    histories = [
        rng.permutation(np.arange(user % 3, items - 3, 3))[:6].tolist() for user in range(people)
    ]
    crowd = interactions(histories)
    return Training(Catalog.build(SCHEMA, goods, crowd), crowd)


CONFIG = KnowledgeConfig(sessions=200, candidates=15, people=ItemKNNConfig(shrinkage=1.0))
TRAINING = shelf()
MODEL = Knowledge.fit(TRAINING, CONFIG)


def test_propagation_is_the_mean_over_layers() -> None:
    # The whole graph of people and items at once, as the paper has it, people starting at 0.
    met = incidence(interactions([[0, 1], [1, 2], [2, 3, 0]]), 4).toarray()
    normal = met / np.sqrt(np.outer(met.sum(axis=1), met.sum(axis=0)))
    square = np.block([[np.zeros((3, 3)), normal], [normal.T, np.zeros((4, 4))]])
    start = np.random.default_rng(0).normal(size=(4, 2))
    layers = [np.vstack([np.zeros((3, 2)), start])]
    for _ in range(3):
        layers.append(square @ layers[-1])
    found = propagate(sparse.csr_matrix(normal, dtype=np.float32), start.astype(np.float32), hops=1)
    # Two of the layers 0 to 3 are zero at the items, the other two at the people.
    np.testing.assert_allclose(found, 2 * np.mean(layers, axis=0)[3:], atol=1e-6)


def test_lightgcn_folds_a_session_in_as_a_new_node() -> None:
    crowd = checkerboard()
    model = LightGCN.fit(crowd, 11, LightGCNConfig(factors=4, steps=5, min_interactions=1))
    likes = np.array([0, 2, 4], np.int32)
    degrees = np.bincount(crowd.row, minlength=11)
    person = sum(model.items[like] / np.sqrt(len(likes) * degrees[like]) for like in likes)
    expected = model.items[:10] @ person
    np.testing.assert_allclose(model.fold_in(likes, NOBODY)[:10], expected, rtol=1e-4, atol=1e-6)


def test_lightgcn_is_repeatable() -> None:
    config = LightGCNConfig(factors=4, steps=5, min_interactions=1)
    one, same, other = (
        LightGCN.fit(checkerboard(), 11, each) for each in (config, config, replace(config, seed=1))
    )
    np.testing.assert_array_equal(one.items, same.items)
    assert np.abs(one.items - other.items).max() > 0.01


def test_knowledge_is_repeatable() -> None:
    same = Knowledge.fit(TRAINING, CONFIG)
    for name, array in MODEL.arrays().items():
        np.testing.assert_array_equal(array, same.arrays()[name])


def test_attention_learns_which_relation_people_follow() -> None:
    # A new item of the maker that someone likes, against new ones of the other two.
    for like in range(3):
        scores = MODEL.fold_in(np.array([like, like + 6], np.int32), NOBODY)
        assert 21 + int(np.argmax(scores[21:24])) == 21 + like
    by_maker, by_colour = (
        max(path.weight for path in _all_paths(0) if path.facet == facet)
        for facet in ("maker", "colour")
    )
    assert by_maker > 2 * by_colour


def _all_paths(like: int) -> list[Path]:
    return [path for row in range(24) for path in MODEL.paths(np.array([like], np.int32), row, 99)]


@pytest.mark.parametrize("row", [9, 22])
def test_paths_sum_to_the_score(row: int) -> None:
    likes = np.array([0, 4, 6], np.int32)
    paths = MODEL.paths(likes, row, limit=99)
    assert sum(path.weight for path in paths) == pytest.approx(
        MODEL.fold_in(likes, NOBODY)[row], rel=1e-5
    )
    assert [path.weight for path in paths] == sorted((p.weight for p in paths), reverse=True)
    parts = MODEL.contributions(likes, np.array([row]))[0]
    for like, part in zip(likes, parts, strict=True):
        assert sum(p.weight for p in paths if p.like == like) == pytest.approx(part, rel=1e-5)
    assert MODEL.paths(likes, row, limit=2) == paths[:2]


def test_without_the_edge_the_score_falls_by_the_paths_weight() -> None:
    likes, row = np.array([0, 4, 6], np.int32), 9
    before = MODEL.fold_in(likes, NOBODY)[row]
    paths = [path for path in MODEL.paths(likes, row, limit=99) if path.facet]
    assert {path.facet for path in paths} == {"maker", "colour"}
    for path in paths:
        at = np.flatnonzero((MODEL.facets == path.facet) & (MODEL.values == path.value))
        edges = MODEL.leave.tolil(copy=True)
        edges[path.like, at] = 0.0  # the liked item no longer has the value
        after = replace(MODEL, leave=edges.tocsr()).fold_in(likes, NOBODY)[row]
        assert before - after == pytest.approx(path.weight, rel=1e-3)


def test_paths_name_what_the_catalogue_says() -> None:
    likes = np.array([0, 1, 2], np.int32)
    seen = {path.facet for row in range(24) for path in MODEL.paths(likes, row, limit=99)}
    assert seen == {"", "maker", "colour", "price"}
    for path in MODEL.paths(likes, 3, limit=99):
        if path.facet in {"maker", "colour"}:
            ends = (TRAINING.catalog.items[path.like], TRAINING.catalog.items[path.row])
            assert all(path.value in item.labels[path.facet] for item in ends)
    prices = set(MODEL.values[MODEL.facets == "price"])
    assert "$10" in prices


def test_people_speak_only_where_they_met_both() -> None:
    together = incidence(TRAINING.interactions, 24)
    counts = (together.T @ together).toarray()
    np.fill_diagonal(counts, 0)
    np.testing.assert_array_equal(MODEL.met.toarray() > 0, counts > 0)


def test_nobody_to_learn_from_leaves_the_facets() -> None:
    nobody = Training(TRAINING.catalog, Interactions.empty())
    model = Knowledge.fit(nobody, CONFIG)
    likes = np.array([0], np.int32)
    assert np.isfinite(model.fold_in(likes, NOBODY)).all()
    assert {path.facet for path in model.paths(likes, 3)} == {"maker", "colour"}
    assert {path.facet for path in model.paths(likes, 1)} <= {"price", "colour"}
