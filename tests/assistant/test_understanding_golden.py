"""Golden messages over the film demo and the example shop: the whole understanding of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.understanding import Understander
from catalog import Catalog, read_schema
from catalog.database import load_catalog, open_database
from catalog.ingest import ingest
from tests.assistant.golden_understanding import GOLDEN, Case, cases

_SHOP = Path(__file__).parents[2] / "catalog" / "examples" / "shop"


def _lines(name: str) -> range:
    return range(len((GOLDEN / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def film_cases(film_catalog: Catalog) -> list[Case]:
    return cases("films", film_catalog)


@pytest.fixture(scope="module")
def shop_catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('golden') / 'shop.db'}")
    ingest(database, _SHOP / "items.csv", schema=read_schema(_SHOP / "schema.toml"))
    return load_catalog(database)


@pytest.fixture(scope="module")
def shop_understander(shop_catalog: Catalog) -> Understander:
    return Understander(shop_catalog)


@pytest.mark.parametrize("line", _lines("films"))
def test_films(film_cases: list[Case], film_understander: Understander, line: int) -> None:
    case = film_cases[line]

    assert case.differences(film_understander) == {}, case.row["message"]


@pytest.mark.parametrize("line", _lines("shop"))
def test_shop(shop_catalog: Catalog, shop_understander: Understander, line: int) -> None:
    case = cases("shop", shop_catalog)[line]

    assert case.differences(shop_understander) == {}, case.row["message"]
