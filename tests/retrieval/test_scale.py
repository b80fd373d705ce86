"""The benchmark of large catalogues, on a small one: it measures what it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.scale import FILTERS, around, conditions, invent, met, run
from catalog import Catalog


def test_invented_items_are_clustered_and_conditions_admit_what_they_say() -> None:
    random = np.random.default_rng(1)
    invented = invent(3_000, random)
    catalog = Catalog.build(invented.films.schema, invented.items, met(3_000, random))
    assert len({item.title for item in catalog.items}) == 3_000
    shares = {name: catalog.facets.mask(c).mean() for name, c in conditions(catalog).items()}
    assert tuple(shares) == FILTERS
    assert shares["none"] == 1
    for name, share in (("10%", 0.1), ("50%", 0.5), ("5% (two)", 0.05)):
        assert 0.7 * share < shares[name] < 1.5 * share

    centres = np.eye(len(invented.films), 384, dtype=np.float32)
    vectors = around(centres, invented.centre, random)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert (np.argmax(vectors @ centres.T, axis=1) == invented.centre).all()


@pytest.mark.slow
def test_quick_mode(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    assert request.config.cache is not None
    models = request.config.cache.mkdir("scale")  # exported graphs, kept between runs
    found = run(2_000, models, tmp_path, seed=0, times=6, threads=2, compare=True)
    assert found["items"] == 2_000
    for name in FILTERS:
        figures = found["filters"][name]  # pyright: ignore
        assert figures["full_slates"] == 1
        assert figures["conditions_understood"] == 1
        assert 0 < figures["all"]["p50_ms"] <= figures["all"]["p95_ms"]
        assert 0 < figures["cards"]["p50_ms"] <= figures["cards"]["p95_ms"]
    for compared in found["chroma_filters"].values():  # pyright: ignore
        assert compared["vouch"]["recall"] == 1  # so few are searched exactly
