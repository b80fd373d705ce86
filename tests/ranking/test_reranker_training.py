"""Training, on a shop small enough to learn in a few steps."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog, Item, parse_schema
from catalog.progress import silent
from ranking.reranker import RerankerConfig, load_reranker
from ranking.reranker_data import split_of
from ranking.train_config import TrainConfig
from ranking.train_reranker import gather, judge_reranker, train_reranker
from tests.retrieval.bag_embedder import BagEmbedder

SIZE = 60
SCHEMA = parse_schema(
    """
    name = "tools"
    texts = ["about"]
    [facets.colour]
    kind = "category"
    [facets.maker]
    kind = "people"
    """
)
COLOURS = ("red", "green", "blue", "black")
USES = ("cutting paper", "digging holes", "tuning a piano", "mixing paint", "sewing sails")


def shop() -> Catalog:
    return Catalog.build(
        SCHEMA,
        [
            Item(
                f"t{row}",
                f"Tool {row}",
                {"colour": (COLOURS[row % 4],), "maker": (f"Maker {row // 5}",)},
                texts={"about": f"Made for {USES[row % 5]}."},
            )
            for row in range(SIZE)
        ],
    )


def requests(folder: Path) -> Path:
    path = folder / "requests.jsonl"
    path.write_text(
        "\n".join(
            json.dumps(
                {
                    "item_id": f"t{row}",
                    "requests": [f"{COLOURS[row % 4]} thing for {USES[row % 5]}"],
                    "near_miss": f"{USES[row % 5]} but not {COLOURS[row % 4]}",
                }
            )
            for row in range(SIZE)
        )
    )
    return path


@pytest.mark.slow
def test_training_learns_writes_and_repeats(tmp_path: Path) -> None:
    config = TrainConfig(
        steps=8, films=6, composed=2, composed_pool=8, dimensions=32, trained_layers=1, threads=1
    )
    catalog, output = shop(), tmp_path / "out"
    report = train_reranker(
        catalog, BagEmbedder(), config, output, tmp_path / "cache", requests=requests(tmp_path)
    )
    recipe = json.loads((output / "recipe.json").read_text())
    losses = recipe["losses"]
    assert len(losses) == 8
    assert np.mean(losses[-3:]) < np.mean(losses[:3])
    held_out = sum(split_of(item.item_id) == "test" for item in catalog.items)
    assert report.items == held_out > 0
    assert recipe["evaluation"]["figures"]["answer added"]["reranker"]["mrr"]["mean"] == (
        report.figures["answer added"]["reranker"]["mrr"].mean
    )
    for figure in report.figures["as retrieved"]["cosine"].values():
        assert 0 <= figure.low <= figure.mean <= figure.high <= 1
    reranker = load_reranker(
        RerankerConfig(model=str(output), threads=1), catalog, tmp_path / "cache"
    )
    scores = reranker.score("blue thing for sewing sails", np.arange(SIZE, dtype=np.int32))
    assert np.isfinite(scores).all()
    assert USES[int(scores.argmax()) % 5] == "sewing sails"

    material = gather(catalog, BagEmbedder(), requests(tmp_path), config, silent)
    written = RerankerConfig(model=str(output))
    assert judge_reranker(catalog, material, written, tmp_path / "cache", config.seed) == report

    again = tmp_path / "again"
    train_reranker(
        catalog, BagEmbedder(), config, again, tmp_path / "cache", requests=requests(tmp_path)
    )
    np.testing.assert_allclose(
        json.loads((again / "recipe.json").read_text())["losses"], losses, atol=1e-3
    )
