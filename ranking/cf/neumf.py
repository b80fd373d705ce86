"""NeuMF: neural collaborative filtering.

Owns: `NeuMF`. Does not own: serving (`ranking.cf.pooled`) or learning
(`ranking.cf.session_learning`).
"""

from __future__ import annotations

from dataclasses import dataclass

from catalog import Interactions
from ranking.cf.matrix import frequent
from ranking.cf.pooled import Pooled
from ranking.cf.session_learning import Learning, learn, log_popularity


@dataclass(frozen=True, slots=True)
class NeuMFConfig:
    """How NeuMF is fitted.

    Attributes
    ----------
    factors : int
        Length of the embeddings, of which every item has four.
    sizes : tuple of int
        Outputs of the tower's layers, the last one of 1 aside.
    min_interactions : int
        Items with fewer are left to the other terms.
    learning : Learning
        As said there.
    """

    factors: int = 32
    sizes: tuple[int, ...] = (32, 16)
    min_interactions: int = 5
    learning: Learning = Learning(steps=500, rate=0.02, negatives=200)


class NeuMF(Pooled):
    """Neural matrix factorisation, GMF beside an MLP (He et al., WWW 2017).

    Their user embeddings are replaced by a sum over the liked items, for a person who has never
    been seen; the loss is a sampled softmax instead of their binary cross-entropy (see
    `ranking.cf.session_learning.learn`).
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """``"neumf"``."""
        return "neumf"

    @classmethod
    def fit(cls, interactions: Interactions, n_items: int, config: NeuMFConfig) -> NeuMF:
        """Return the model of `interactions` over a catalogue of `n_items`; seeded."""
        import torch

        from ranking.cf.networks import NeuMFNetwork

        known = frequent(interactions, n_items, config.min_interactions)
        popularity = log_popularity(interactions, known)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.learning.seed)
            network = NeuMFNetwork(popularity, config.factors, config.sizes)
            learn(network, interactions, known, config.learning)
        return cls.from_arrays({"known": known, **network.arrays()})
