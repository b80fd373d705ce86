"""Fixtures that the contracts share with the tests of retrieval."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.embedder import EmbedderConfig, load_embedder


@pytest.fixture(scope="session")
def minilm_cache(request: pytest.FixtureRequest) -> Path:
    """A folder with the exported graph, kept between runs: its name changes with the weights."""
    assert request.config.cache is not None
    folder = request.config.cache.mkdir("minilm")
    load_embedder(EmbedderConfig(threads=1), folder)
    return folder
