from __future__ import annotations

import pytest

from catalog import Catalog
from tests.retrieval.fixtures import minilm_cache
from tests.retrieval.shop import build_shop

__all__ = ["minilm_cache"]


@pytest.fixture(scope="session")
def shop() -> Catalog:
    return build_shop()
