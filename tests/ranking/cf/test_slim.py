"""SLIM against the conditions that its minimum meets."""

from __future__ import annotations

import numpy as np
import pytest

from catalog.errors import ModelError
from ranking.cf import SLIM, SLIMConfig
from ranking.cf import slim as module
from ranking.cf.matrix import incidence
from tests.ranking.cf.crowd import interactions

RNG = np.random.default_rng(3)
ITEMS = 12
CROWD = interactions([RNG.choice(ITEMS, 5, replace=False).tolist() for _ in range(40)])
CONFIG = SLIMConfig(l1=0.5, l2=2.0, sweeps=200, min_interactions=1, top=0)


@pytest.mark.parametrize("block", [1, 5, 64])
def test_the_weights_are_the_minimum(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", block)
    x = incidence(CROWD, ITEMS).toarray().astype(float)
    weights = SLIM.fit(CROWD, ITEMS, CONFIG).weights.toarray().T
    # Karush-Kuhn-Tucker: no slope where a weight is above 0, none downwards where it is 0.
    slope = x.T @ (x @ weights - x) + CONFIG.l2 * weights + CONFIG.l1
    off = ~np.eye(ITEMS, dtype=bool)
    assert 5 < (weights > 0).sum() < off.sum() - 5
    np.testing.assert_allclose(slope[off & (weights > 0)], 0, atol=1e-3)
    assert (slope[off & (weights == 0)] > -1e-3).all()
    assert (weights >= 0).all()
    assert (np.diag(weights) == 0).all()


def test_a_larger_l1_leaves_fewer_weights() -> None:
    few, many = (
        SLIM.fit(CROWD, ITEMS, SLIMConfig(l1=l1, l2=2.0, min_interactions=1)).weights.nnz
        for l1 in (2.0, 0.0)
    )
    assert few < many


@pytest.mark.parametrize(("l1", "l2"), [(-1.0, 1.0), (1.0, 0.0)])
def test_penalties_that_have_no_minimum_are_refused(l1: float, l2: float) -> None:
    with pytest.raises(ModelError, match=rf"l2 > 0, not {l1} and {l2}"):
        SLIM.fit(CROWD, ITEMS, SLIMConfig(l1=l1, l2=l2))
