"""The portrait: a small transformer over behaviour and text.

Owns: `Portrait` and its encoder in numpy. Does not own: the vectors of the texts
(`retrieval.dense`), the network that learns (`ranking.cf.networks`) or learning
(`ranking.cf.session_learning`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from catalog import Mask
from ranking.cf.features import described, text_vectors
from ranking.cf.matrix import frequent
from ranking.cf.model import Training, without_each
from ranking.cf.session_learning import Learning, learn, log_popularity
from retrieval.query import Rows, Scores

Table = NDArray[np.float32]
# As torch.nn.LayerNorm.
_EPSILON = 1e-5


@dataclass(frozen=True, slots=True)
class PortraitConfig:
    """How a portrait is learned.

    Attributes
    ----------
    factors : int
        Length of the vectors; a multiple of `heads`.
    heads, layers : int
        Of the transformer.
    dropout : float
        Share of the items that go by their text alone in a step (Volkovs et al., NIPS 2017), so
        that text stands in for the identity of items that nobody met.
    forget : float
        Dropout within the transformer.
    longest : int
        Of a longer session the last so many likes are read.
    min_interactions : int
        Items with fewer have no identity, only a text.
    learning : Learning
        As said there.
    """

    factors: int = 64
    heads: int = 2
    layers: int = 1
    dropout: float = 0.2
    forget: float = 0.1
    longest: int = 50
    min_interactions: int = 5
    learning: Learning = Learning(steps=400, batch=512, rate=0.005, negatives=0)


@dataclass(frozen=True, slots=True)
class Portrait:
    """Self-attention over what was liked (as BST, Chen et al., DLP-KDD 2019), text included.

    A like is a token, its identity's embedding plus its projected text; a pre-norm transformer
    (Vaswani et al., 2017; Xiong et al., ICML 2020) reads all of them, without positions, as the
    order of a few likes told in a conversation says little. The person is the sum of its outputs
    over the root of how many there are, and an item's score is its bias and the product of its own
    token with the person. Items that nobody met are scored by their text. Dislikes are left out.

    Attributes
    ----------
    known : bool array, shape (n_items,)
        Items with an identity or a text.
    items : float32 array, shape (n_items, factors)
        Tokens.
    bias : float32 array, shape (n_items,)
        What an item has without anybody.
    heads, longest : int
        As in `PortraitConfig`.
    layers : tuple of mapping of str to float32 array
        Parameters of each layer under the names of ``torch.nn.TransformerEncoderLayer``.
    """

    known: Mask
    items: Table
    bias: Scores
    heads: int
    longest: int
    layers: tuple[Mapping[str, Table], ...]

    @property
    def name(self) -> str:
        """``"portrait"``."""
        return "portrait"

    @classmethod
    def fit(cls, training: Training, config: PortraitConfig) -> Self:
        """Return the model of `training`; seeded. Raises `ModelError` without vectors."""
        import torch

        from ranking.cf.networks import PortraitNetwork

        vectors = text_vectors(training, "portrait")
        met = frequent(training.interactions, len(training.catalog), config.min_interactions)
        popularity = log_popularity(training.interactions, met)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.learning.seed)
            network = PortraitNetwork(vectors, met, popularity, config)
            learn(network, training.interactions, met, config.learning)
        shape = np.array([config.heads, config.longest])
        known = met | described(vectors)
        return cls.from_arrays({"known": known, "shape": shape, **network.arrays()})

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """Return every item's score, shape (n_items,); see `CFModel`.

        O(n_items factors + layers len(likes)^2 factors). When no like is known every score is
        ``-inf``.
        """
        scores = np.full(len(self.known), -np.inf, np.float32)
        likes = likes[self.known[likes]]
        if len(likes):
            scores[self.known] = (self.items @ self.person(likes) + self.bias)[self.known]
        return scores

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        """Return what the scores of `rows` lose without each like; see `without_each`."""
        return without_each(self.fold_in, likes, rows)

    def person(self, likes: Rows) -> Table:
        """Return the vector of someone with these known likes, shape (factors,)."""
        states = self.items[likes[-self.longest :]]
        for layer in self.layers:
            states = _encode(states, layer, self.heads)
        return states.sum(axis=0) / np.float32(np.sqrt(len(states)))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a file must keep."""
        arrays: dict[str, NDArray[Any]] = {
            "known": self.known,
            "items": self.items,
            "bias": self.bias,
            "shape": np.array([self.heads, self.longest]),
        }
        for depth, layer in enumerate(self.layers):
            arrays |= {f"layers.{depth}.{name}": value for name, value in layer.items()}
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the model that `arrays` came from."""
        layers: dict[int, dict[str, Table]] = {}
        for key, value in arrays.items():
            if key.startswith("layers."):
                _, depth, name = key.split(".", 2)
                layers.setdefault(int(depth), {})[name] = value
        heads, longest = arrays["shape"].tolist()
        return cls(
            known=arrays["known"],
            items=arrays["items"],
            bias=arrays["bias"],
            heads=heads,
            longest=longest,
            layers=tuple(layers[depth] for depth in sorted(layers)),
        )


def _encode(states: Table, layer: Mapping[str, Table], heads: int) -> Table:
    """Return the outputs of one pre-norm encoder layer, shape (n, factors), of its inputs."""
    n, size = states.shape
    normal = _normalise(states, layer["norm1.weight"], layer["norm1.bias"])
    mixed = normal @ layer["self_attn.in_proj_weight"].T + layer["self_attn.in_proj_bias"]
    query, key, value = mixed.reshape(n, 3, heads, -1).transpose(1, 2, 0, 3)
    fit = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(size / heads))
    weights = np.exp(fit - fit.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    heard = (weights @ value).transpose(1, 0, 2).reshape(n, size)
    out = heard @ layer["self_attn.out_proj.weight"].T + layer["self_attn.out_proj.bias"]
    states = states + out
    normal = _normalise(states, layer["norm2.weight"], layer["norm2.bias"])
    hidden = np.maximum(normal @ layer["linear1.weight"].T + layer["linear1.bias"], 0)
    return states + hidden @ layer["linear2.weight"].T + layer["linear2.bias"]


def _normalise(states: Table, weight: Table, bias: Table) -> Table:
    centred = states - states.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.square(centred).mean(axis=1, keepdims=True) + np.float32(_EPSILON))
    return centred / spread * weight + bias
