"""SASRec: self-attention over what came before.

Owns: `SASRec`, and the attention blocks that BERT4Rec shares. Does not own: stretches, training and
serving (`ranking.cf.sequences`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranking.cf.sequences import SequenceConfig, SequenceModel, next_item_loss

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class SASRecConfig(SequenceConfig):
    """How SASRec is fitted; see `SequenceConfig`.

    Attributes
    ----------
    heads : int
        Attention heads; they share the dimensions.
    blocks : int
        Layers of attention and feed-forward.
    """

    heads: int = 2
    blocks: int = 1


class SASRec(SequenceModel):
    """Self-attentive sequential recommendation (Kang & McAuley, ICDM 2018).

    Trained with the cross-entropy over all items, with which it beats BERT4Rec (Klenitskiy &
    Vasilev, RecSys 2023), at every position of every stretch at once.
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """``"sasrec"``."""
        return "sasrec"

    @classmethod
    def _start(cls, known: int, config: SASRecConfig) -> dict[str, Tensor]:
        return start(known + 1, config.length, config)

    @classmethod
    def _loss(cls, weights: Mapping[str, Tensor], batch: Tensor, config: SASRecConfig) -> Tensor:
        states = attend(weights, batch[:, :-1], dropout=config.dropout)
        return next_item_loss(weights, states, batch[:, 1:])

    @classmethod
    def _state(cls, weights: Mapping[str, Tensor], session: Tensor) -> Tensor:
        return attend(weights, session[None])[0, -1]


def start(numbers: int, positions: int, config: SASRecConfig) -> dict[str, Tensor]:
    """Return the first weights of the blocks for items numbered below `numbers`."""
    import torch

    size, heads = config.dimensions, config.heads
    weights = {
        "items": torch.randn(numbers, size) * size**-0.5,
        "positions": torch.randn(positions, size) * size**-0.5,
        "last.norm": torch.ones(size),
    }
    for block in range(config.blocks):
        weights |= {
            f"{block}.norm": torch.ones(size),
            f"{block}.attention": torch.randn(size, 3, heads, size // heads) * size**-0.5,
            f"{block}.merge": torch.randn(size, size) * size**-0.5,
            f"{block}.norm2": torch.ones(size),
            f"{block}.in": torch.randn(size, size) * size**-0.5,
            f"{block}.out": torch.randn(size, size) * size**-0.5,
        }
    return weights


def attend(
    weights: Mapping[str, Tensor],
    numbers: Tensor,
    visible: Tensor | None = None,
    dropout: float = 0.0,
) -> Tensor:
    """Return the state at each position, shape (batch, n, dimensions).

    Parameters
    ----------
    weights : mapping of str to Tensor
        As `start` names them.
    numbers : int64 Tensor, shape (batch, n)
        0 is an item not known, or padding.
    visible : bool Tensor, shape (batch, n), optional
        Positions that every position sees; where not given, each sees itself and what came before.
    dropout : float
        Of training.
    """
    from torch.nn import functional

    size = weights["items"].shape[1]
    states = weights["items"][numbers] * size**0.5 + weights["positions"][: numbers.shape[1]]
    states = functional.dropout(states, dropout)
    causal = visible is None
    mask = None if visible is None else visible[:, None, None]
    block = 0
    while f"{block}.norm" in weights:
        normed = functional.layer_norm(states, (size,), weights[f"{block}.norm"])
        projection = weights[f"{block}.attention"]
        parts = (normed @ projection.flatten(1)).unflatten(-1, projection.shape[1:])
        query, key, value = parts.permute(2, 0, 3, 1, 4)  # each (batch, heads, n, size of a head)
        seen = functional.scaled_dot_product_attention(query, key, value, mask, is_causal=causal)
        merged = seen.transpose(1, 2).flatten(2) @ weights[f"{block}.merge"]
        states = states + functional.dropout(merged, dropout)
        normed = functional.layer_norm(states, (size,), weights[f"{block}.norm2"])
        fed = functional.relu(normed @ weights[f"{block}.in"]) @ weights[f"{block}.out"]
        states = states + functional.dropout(fed, dropout)
        block += 1
    return functional.layer_norm(states, (size,), weights["last.norm"])
