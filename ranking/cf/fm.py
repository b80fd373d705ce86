"""Factorisation machines over identities and facets.

Owns: `FM`, `DeepFM`. Does not own: the facets as numbers (`ranking.cf.features`), serving
(`ranking.cf.pooled`) or learning (`ranking.cf.session_learning`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ranking.cf.features import Features
from ranking.cf.matrix import frequent
from ranking.cf.model import Training
from ranking.cf.pooled import Pooled
from ranking.cf.session_learning import Learning, learn, log_popularity
from retrieval.query import Rows


@dataclass(frozen=True, slots=True)
class FMConfig:
    """How a factorisation machine is fitted.

    Attributes
    ----------
    factors : int
        Length of every feature's vector.
    dropout : float
        Share of the items that go by their facets alone in a step (Volkovs et al., NIPS 2017), so
        that facets stand in for the identity of items that nobody met.
    min_interactions : int
        Items with fewer have no identity, only facets.
    learning : Learning
        As said there.
    """

    factors: int = 32
    dropout: float = 0.1
    min_interactions: int = 5
    learning: Learning = Learning(steps=600, batch=512, decay=0.1, negatives=0)


@dataclass(frozen=True, slots=True)
class DeepFMConfig(FMConfig):
    """How DeepFM is fitted.

    Attributes
    ----------
    sizes : tuple of int
        Outputs of the tower's layers, the last one of 1 aside.
    """

    sizes: tuple[int, ...] = (32, 16)
    learning: Learning = Learning(steps=500, negatives=200)


class FM(Pooled):
    """Factorisation machine (Rendle, ICDM 2010).

    Features are the likes and their facets on the person's side, and the identity and the facets
    on the item's. Of all pairs, those within the person are the same for every item and are left
    out; those within the item are its `bias`; those across are ``person . items``. Items that
    nobody met are scored by their facets.
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """``"fm"``."""
        return "fm"

    @classmethod
    def fit(cls, training: Training, config: FMConfig) -> Self:
        """Return the model of `training`; seeded."""
        import torch

        from ranking.cf.networks import FMNetwork

        sizes = config.sizes if isinstance(config, DeepFMConfig) else ()
        observed, n_items = training.interactions, len(training.catalog)
        features = Features.of(training.catalog)
        met = frequent(observed, n_items, config.min_interactions)
        popularity = log_popularity(observed, met)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.learning.seed)
            network = FMNetwork(features, met, popularity, config.factors, sizes, config.dropout)
            learn(network, observed, met, config.learning)
        said = np.diff(features.matrix.indptr) > 0
        return cls.from_arrays({"known": met | said, **network.arrays()})

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        """Return each like's part of the scores of `rows`; they sum to it exactly.

        Across the sides the score is bilinear, so that a like's part is its own product with the
        item, over the root of how many likes there are; the item's bias, which no like causes, is
        shared evenly. Zero for likes that are not known.
        """
        heard = self.known[likes]
        count = np.float32(max(1, heard.sum()))
        parts = self.items[rows] @ self.likes[likes].T / np.sqrt(count)
        parts += self.bias[rows, np.newaxis] / count
        return np.where(heard & self.known[rows, np.newaxis], parts, np.float32(0))


class DeepFM(FM):
    """FM beside a tower over the same embeddings (Guo et al., IJCAI 2017).

    A field of the tower is the identity or one facet, of the person's likes or of the item.
    Contributions are what the score loses without each like.
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """``"deepfm"``."""
        return "deepfm"

    contributions = Pooled.contributions
