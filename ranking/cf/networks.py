"""The networks behind NeuMF, FM, DeepFM and the portrait.

Owns: their parameters and their logits while they learn. Does not own: how they are taught
(`ranking.cf.session_learning`) or how they serve, which is numpy (`ranking.cf.pooled`,
`ranking.cf.portrait`).

Imports torch: import this module inside functions only.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from torch import Tensor, nn
from torch.nn import functional

from ranking.cf.features import Features

if TYPE_CHECKING:
    from ranking.cf.portrait import PortraitConfig


def table(rows: int, size: int, spread: float = 0.1) -> nn.Parameter:
    """Return small random vectors."""
    return nn.Parameter(torch.randn(rows, size) * spread)


def pool(vectors: Tensor, inputs: Tensor) -> Tensor:
    """Return the sum of each session's vectors over the root of how many, shape (batch, size)."""
    real = (inputs >= 0).to(vectors.dtype)
    weights = real / real.sum(dim=1, keepdim=True).sqrt()
    return functional.embedding_bag(
        inputs.clamp(min=0), vectors, per_sample_weights=weights, mode="sum"
    )


def tower(sizes: Sequence[int]) -> nn.ModuleList:
    """Return the layers after the first one, the last with a single output."""
    pairs = zip(sizes, [*sizes[1:], 1], strict=True)
    return nn.ModuleList(nn.Linear(before, after) for before, after in pairs)


class PooledNetwork(nn.Module, ABC):
    """Logits of sessions from five tables; see `ranking.cf.pooled.Pooled` for what they are."""

    layers: nn.ModuleList

    @abstractmethod
    def tables(self) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Return likes, items, bias, deep_likes and deep_items."""

    def forward(self, inputs: Tensor, candidates: Tensor) -> Tensor:
        """See `ranking.cf.session_learning.Network`."""
        likes, items, bias, deep_likes, deep_items = self.tables()
        logits = pool(likes, inputs) @ items[candidates].T + bias[candidates]
        if len(self.layers):
            hidden = pool(deep_likes, inputs)[:, None] + deep_items[candidates]
            for layer in self.layers:
                hidden = layer(functional.relu(hidden))
            logits = logits + hidden.squeeze(-1)
        return logits

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what serving needs."""
        self.eval()
        names = ("likes", "items", "bias", "deep_likes", "deep_items")
        with torch.no_grad():
            found: dict[str, Tensor] = dict(zip(names, self.tables(), strict=True))
        for depth, layer in enumerate(self.layers):
            weight, offset = layer.parameters()
            found |= {f"weight{depth}": weight.T, f"offset{depth}": offset}
        return {name: np.ascontiguousarray(value.detach().numpy()) for name, value in found.items()}


class NeuMFNetwork(PooledNetwork):
    """Two embeddings of everything: one for products, one for the tower."""

    def __init__(self, popularity: NDArray[np.float32], factors: int, sizes: Sequence[int]) -> None:
        super().__init__()
        n_items = len(popularity)
        self.likes, self.items = table(n_items, factors), table(n_items, factors)
        self.deep_likes, self.deep_items = table(n_items, factors), table(n_items, factors)
        self.bias = nn.Parameter(torch.from_numpy(popularity))
        self.first_like = nn.Linear(factors, sizes[0], bias=False)
        self.first_item = nn.Linear(factors, sizes[0])
        self.layers = tower(sizes)

    def tables(self) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """See `PooledNetwork.tables`."""
        deep = self.first_like(self.deep_likes), self.first_item(self.deep_items)
        return self.likes, self.items, self.bias, *deep


class FMNetwork(PooledNetwork):
    """Identities and facets; with sizes, a tower over the same embeddings."""

    def __init__(
        self,
        features: Features,
        known: NDArray[np.bool_],
        popularity: NDArray[np.float32],
        factors: int,
        sizes: Sequence[int],
        dropout: float,
    ) -> None:
        super().__init__()
        n_items, n_columns = len(known), max((field.stop for field in features.fields), default=0)
        self.matrix, self.squares = tensor(features.matrix), tensor(features.matrix.power(2))
        self.known = torch.from_numpy(known.astype(np.float32))[:, None]
        self.dropout = dropout
        self.fields = features.fields
        self.like_ids, self.item_ids = table(n_items, factors), table(n_items, factors)
        self.like_columns, self.item_columns = table(n_columns, factors), table(n_columns, factors)
        self.id_bias = nn.Parameter(torch.from_numpy(popularity)[:, None])
        self.column_bias = nn.Parameter(torch.zeros(n_columns, 1))
        self.layers = tower(sizes) if sizes else nn.ModuleList()
        if sizes:
            each = (len(self.fields) + 1) * factors
            self.first_like, self.first_item = (nn.Linear(each, sizes[0]) for _ in range(2))

    def tables(self) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """See `PooledNetwork.tables`; identities that are dropped or not known are zero."""
        heard, seen = self._kept(), self._kept()
        like_ids, item_ids = self.like_ids * heard, self.item_ids * seen
        likes = like_ids + self.matrix @ self.like_columns
        items = item_ids + self.matrix @ self.item_columns
        # Rendle's identity: half of the square of the sum less the sum of the squares.
        squares = item_ids.square() + self.squares @ self.item_columns.square()
        within = (items.square() - squares).sum(dim=1) / 2
        bias = (self.id_bias * seen + self.matrix @ self.column_bias)[:, 0] + within
        nothing = likes[:, :0]
        if not len(self.layers):
            return likes, items, bias, nothing, nothing
        deep_likes = self._first(self.first_like, like_ids, self.like_columns)
        deep_items = self._first(self.first_item, item_ids, self.item_columns)
        return likes, items, bias, deep_likes, deep_items

    def _kept(self) -> Tensor:
        if not self.training:
            return self.known
        return self.known * (torch.rand_like(self.known) >= self.dropout)

    def _first(self, layer: nn.Linear, ids: Tensor, columns: Tensor) -> Tensor:
        """Return the tower's first layer over the fields side by side, the identity first."""
        mine, *theirs = layer.weight.T.split(ids.shape[1])
        parts = [columns[field] @ part for field, part in zip(self.fields, theirs, strict=True)]
        hidden = ids @ mine
        if parts:
            hidden = hidden + self.matrix @ torch.cat(parts)
        return hidden + layer.bias


class PortraitNetwork(nn.Module):
    """A transformer over tokens that are an identity and a projected text."""

    def __init__(
        self,
        vectors: NDArray[np.float32],
        known: NDArray[np.bool_],
        popularity: NDArray[np.float32],
        config: PortraitConfig,
    ) -> None:
        super().__init__()
        n_items, dimensions = vectors.shape
        size = config.factors
        self.vectors = torch.from_numpy(vectors.copy())  # the index's own are read-only
        self.known = torch.from_numpy(known.astype(np.float32))[:, None]
        self.dropout = config.dropout
        self.ids = table(n_items, size)
        self.bias = nn.Parameter(torch.from_numpy(popularity)[:, None])
        self.text = nn.Linear(dimensions, size, bias=False)
        self.text_bias = nn.Linear(dimensions, 1, bias=False)
        layer = nn.TransformerEncoderLayer(
            size, config.heads, 2 * size, config.forget, batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, config.layers, enable_nested_tensor=False)

    def items(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Return the vectors and biases of `rows`."""
        kept = self.known[rows]
        if self.training:
            kept = kept * (torch.rand_like(kept) >= self.dropout)
        texts = self.vectors[rows]
        bias = functional.embedding(rows, self.bias) * kept + self.text_bias(texts)
        return functional.embedding(rows, self.ids) * kept + self.text(texts), bias[..., 0]

    def forward(self, inputs: Tensor, candidates: Tensor) -> Tensor:
        """See `ranking.cf.session_learning.Network`."""
        tokens, _ = self.items(inputs.clamp(min=0))
        vectors, bias = self.items(candidates)
        real = (inputs >= 0).to(tokens.dtype)[..., None]
        states = self.encoder(tokens, src_key_padding_mask=inputs < 0)
        person = (states * real).sum(dim=1) / real.sum(dim=1).sqrt()
        return person @ vectors.T + bias

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what serving needs."""
        self.eval()
        with torch.no_grad():
            items, bias = self.items(torch.arange(len(self.vectors)))
        parameters = self.encoder.state_dict()
        found = {"items": items, "bias": bias, **parameters}
        return {name: value.numpy() for name, value in found.items()}


def tensor(matrix: sparse.csr_matrix) -> Tensor:
    """Return `matrix` as a sparse tensor."""
    pairs = matrix.tocoo()
    at = np.stack([pairs.row, pairs.col]).astype(np.int64)
    return torch.sparse_coo_tensor(
        torch.from_numpy(at),
        torch.from_numpy(pairs.data.astype(np.float32)),
        pairs.shape,
        check_invariants=True,
    ).coalesce()
