"""Opening a model: current, stale or damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog
from catalog.errors import ConfigurationError, ModelError
from ranking.cf import EASEConfig, Training, fit_cf, load_cf, open_cf
from tests.ranking.cf.crowd import interactions
from tests.retrieval.shop import build_shop

CONFIG = EASEConfig(min_interactions=1)


class Count:
    def __init__(self) -> None:
        self.fits = 0

    def __call__(self, label: str, done: int, total: int) -> None:
        self.fits += done == total


def fits(catalog: Catalog, folder: Path, config: EASEConfig = CONFIG) -> int:
    count = Count()
    open_cf("ease", Training.of(catalog), folder, config, count)
    return count.fits


def test_fits_once_and_then_opens(tmp_path: Path) -> None:
    shop = build_shop()
    assert [fits(shop, tmp_path), fits(shop, tmp_path)] == [1, 0]


def test_other_interactions_or_settings_make_it_stale(tmp_path: Path) -> None:
    shop = build_shop()
    fits(shop, tmp_path)
    other = Catalog.build(shop.schema, shop.items, interactions([[0, 1], [1, 2]]))
    assert fits(other, tmp_path) == 1
    assert fits(other, tmp_path, EASEConfig(window=5)) == 1


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not a zip", b"\x80\x04N."])
def test_a_damaged_file_is_replaced(tmp_path: Path, damage: bytes) -> None:
    shop = build_shop()
    fits(shop, tmp_path)
    (tmp_path / "cf-ease.npz").write_bytes(damage)
    with pytest.raises(ModelError, match="vouch train"):
        load_cf(tmp_path / "cf-ease.npz")
    assert [fits(shop, tmp_path), fits(shop, tmp_path)] == [1, 0]


def test_a_truncated_file_is_replaced(tmp_path: Path) -> None:
    shop = build_shop()
    fits(shop, tmp_path)
    path = tmp_path / "cf-ease.npz"
    path.write_bytes(path.read_bytes()[:-200])
    assert fits(shop, tmp_path) == 1


def test_foreign_arrays_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", numbers=np.arange(3))
    with pytest.raises(ModelError, match="header"):
        load_cf(tmp_path / "other.npz")


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(ConfigurationError, match=r"'oracle'; choose one of: ease, itemknn, als"):
        fit_cf("oracle", Training(build_shop(), interactions([[0, 1]])))
