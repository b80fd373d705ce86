"""Fixtures that the contracts share with the tests of ranking."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def reranker_cache(request: pytest.FixtureRequest) -> Path:
    """A folder for exported graphs and token vectors, kept between runs: names follow contents."""
    assert request.config.cache is not None
    return request.config.cache.mkdir("reranker")
