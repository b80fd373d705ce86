"""What every Embedder promises, whichever it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from retrieval.embedder import Embedder, EmbedderConfig, load_embedder
from tests.retrieval.bag_embedder import BagEmbedder

TEXTS = ["a slow heist", "x", "", "Crème brûlée, très chic", "long words of a long text " * 80]


@pytest.fixture(scope="module", params=["bag", "minilm"])
def embedder(request: pytest.FixtureRequest, minilm_cache: Path) -> Embedder:
    if request.param == "bag":
        return BagEmbedder()
    return load_embedder(EmbedderConfig(threads=1), minilm_cache)


def test_one_unit_vector_per_text_in_order(embedder: Embedder) -> None:
    vectors = embedder.embed(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), embedder.dimensions)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text, vector in zip(TEXTS, vectors, strict=True):
        np.testing.assert_allclose(embedder.embed([text])[0], vector, atol=1e-5)


def test_many_texts_come_back_in_order(embedder: Embedder) -> None:
    texts = [f"{'word ' * (i * 7 % 13)}{i}" for i in range(30)]
    np.testing.assert_allclose(embedder.embed(texts)[::-1], embedder.embed(texts[::-1]), atol=1e-5)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimensions)


def test_texts_that_share_words_are_closer(embedder: Embedder) -> None:
    query, near, far = embedder.embed(["red wool blanket", "blanket of red wool", "tax law"])
    assert query @ near > query @ far + 0.2


def test_fingerprint_is_a_short_stable_word(embedder: Embedder) -> None:
    assert embedder.fingerprint.isalnum()
    assert embedder.fingerprint == embedder.fingerprint
