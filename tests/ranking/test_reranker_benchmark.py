"""The reranker's benchmark, small: what it reports is of the size that it must be."""

from __future__ import annotations

import json

from benchmarks.reranker import PRECISIONS, run


def test_it_compares_speed_and_precision() -> None:
    figures = run(threads=1, rounds=1, n_pairs=10, n_films=50)
    json.dumps(figures)
    assert figures["50 pairs"]["ratio_of_p50"] > 8
    assert set(figures["rates"]) == set(PRECISIONS)
    # Where a processor lacks bf16, its products in it are a plain loop and bound nothing.
    assert figures["rates"]["fp32"]["of the products"] < 1.5
    for rates in figures["rates"].values():
        assert rates["of the products"] > 0
        assert rates["vouch, pairs/s"] > rates["cross-encoder, pairs/s"]
    for half in figures["against fp32"].values():
        assert half["largest error / spread"] < 0.1
        assert half["Kendall's tau, least"] > 0.9
