"""What every Reranker promises, whichever it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ranking.reranker import RerankerConfig, load_reranker
from ranking.scoring import Reranker
from retrieval.embedder import minilm_files
from retrieval.query import Rows
from tests.ranking.shelf import SIZE, build_shelf

TEXTS = ("a crime story, nothing scary", "word7", "", "très long " * 100)


def cross_encoder(folder: Path) -> str:
    """Write a cross-encoder with a random head over a tiny random backbone; return its path."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    torch.manual_seed(1)
    config = BertConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        num_labels=1,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(minilm_files()).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module", params=["vouch onnx", "vouch torch", "cross-encoder"])
def reranker(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, reranker_cache: Path
) -> Reranker:
    match request.param:
        case "vouch onnx":
            config = RerankerConfig(engine="onnx", threads=1)
        case "vouch torch":
            config = RerankerConfig(engine="torch", threads=1)
        case _:
            model = cross_encoder(tmp_path_factory.mktemp("cross-encoder"))
            config = RerankerConfig(model=model, threads=1)
    return load_reranker(config, build_shelf(), reranker_cache)


def every_row() -> Rows:
    return np.arange(SIZE, dtype=np.int32)


@pytest.mark.parametrize("text", TEXTS)
def test_one_finite_score_per_row(reranker: Reranker, text: str) -> None:
    scores = reranker.score(text, every_row())
    assert scores.dtype == np.float32
    assert scores.shape == (SIZE,)
    assert np.isfinite(scores).all()


def test_a_score_does_not_depend_on_its_company(reranker: Reranker) -> None:
    rows = every_row()
    together = reranker.score(TEXTS[0], rows)
    alone = [float(reranker.score(TEXTS[0], rows[row : row + 1])[0]) for row in rows]
    np.testing.assert_allclose(together, alone, atol=1e-3)
    np.testing.assert_allclose(together[::-1], reranker.score(TEXTS[0], rows[::-1]), atol=1e-3)


def test_the_same_question_gets_the_same_answer(reranker: Reranker) -> None:
    first = reranker.score(TEXTS[0], every_row())
    np.testing.assert_array_equal(first, reranker.score(TEXTS[0], every_row()))


def test_no_rows_give_no_scores(reranker: Reranker) -> None:
    scores = reranker.score(TEXTS[0], np.empty(0, np.int32))
    assert scores.shape == (0,)
    assert scores.dtype == np.float32


def test_it_has_a_name(reranker: Reranker) -> None:
    assert reranker.name
