"""SmolLM2 in torch, in the layout of its GGUF file, with low-rank changes to its upper layers.

Owns: `Network`, `Lora`. Does not own: the weights' file (`assistant.writer.weights`) or the recipe
(`assistant.writer.train_writer`).

The blocks are Llama's (Touvron et al. 2023): RMS norms, rotary positions (Su et al. 2021), grouped
queries, SwiGLU. A GGUF file holds the query and key rows so that the two numbers of a rotated pair
are neighbours; rotating neighbours here spares every conversion between the two layouts. The change
is LoRA's (Hu et al. 2021).

Imports torch: import this module inside functions only.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from assistant.writer.weights import Shape

MATRICES = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")
"""What a layer multiplies by, as a GGUF file calls them."""


class Lora(nn.Module):
    """A frozen matrix and a change to it of low rank, none at first.

    Parameters
    ----------
    weight : Tensor, shape (out, in)
        Frozen.
    rank : int
        Of the change; 0 never changes.
    scale : float
        Of the change: alpha / rank.
    """

    def __init__(self, weight: Tensor, rank: int, scale: float) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.weight: Tensor
        self.scale = scale
        self.rank = rank
        if rank:
            self.down = nn.Parameter(torch.randn(rank, weight.shape[1]) / weight.shape[1] ** 0.5)
            self.up = nn.Parameter(torch.zeros(weight.shape[0], rank))

    def forward(self, states: Tensor) -> Tensor:
        """Return `states`, (..., in), times the changed matrix: (..., out)."""
        if not self.rank:
            return functional.linear(states, self.weight)
        change = functional.linear(functional.linear(states, self.down), self.up)
        return functional.linear(states, self.weight) + self.scale * change


class Layer(nn.Module):
    """One block."""

    def __init__(
        self, weights: Mapping[str, Tensor], shape: Shape, rank: int, scale: float
    ) -> None:
        super().__init__()
        self.shape = shape
        self.attn_norm: Tensor
        self.ffn_norm: Tensor
        self.register_buffer("attn_norm", weights["attn_norm"])
        self.register_buffer("ffn_norm", weights["ffn_norm"])
        self.parts = nn.ModuleDict({name: Lora(weights[name], rank, scale) for name in MATRICES})

    def forward(self, states: Tensor, cos: Tensor, sin: Tensor, seen: Tensor) -> Tensor:
        """Return the next states; all (batch, tokens, width)."""
        shape, parts = self.shape, self.parts
        batch, tokens, _ = states.shape
        normed = functional.rms_norm(states, states.shape[-1:], self.attn_norm, shape.epsilon)
        query, key, value = (
            parts[name](normed).view(batch, tokens, heads, -1).transpose(1, 2)
            for name, heads in (
                ("attn_q", shape.heads),
                ("attn_k", shape.key_heads),
                ("attn_v", shape.key_heads),
            )
        )
        groups = shape.heads // shape.key_heads
        mixed = functional.scaled_dot_product_attention(
            _rotated(query, cos, sin),
            _rotated(key, cos, sin).repeat_interleave(groups, 1),
            value.repeat_interleave(groups, 1),
            attn_mask=seen,
        )
        states = states + parts["attn_output"](mixed.transpose(1, 2).reshape(batch, tokens, -1))
        normed = functional.rms_norm(states, states.shape[-1:], self.ffn_norm, shape.epsilon)
        gated = functional.silu(parts["ffn_gate"](normed)) * parts["ffn_up"](normed)
        return states + parts["ffn_down"](gated)


class Network(nn.Module):
    """The whole model; only low-rank changes of the layers from `frozen` on are parameters.

    Parameters
    ----------
    weights : mapping of str to NDArray
        By the names of the GGUF file, in float32, matrices as (out, in).
    shape : Shape
        Of the model.
    frozen : int
        Layers from the bottom that stay as they are.
    rank, alpha : int, float
        Of the changes.
    """

    def __init__(
        self,
        weights: Mapping[str, NDArray[np.float32]],
        shape: Shape,
        *,
        frozen: int,
        rank: int,
        alpha: float,
    ) -> None:
        super().__init__()
        self.shape = shape
        self.frozen = frozen
        self.embedding: Tensor
        self.norm: Tensor
        self.register_buffer("embedding", torch.from_numpy(weights["token_embd.weight"]))
        self.register_buffer("norm", torch.from_numpy(weights["output_norm.weight"]))
        self.layers = nn.ModuleList(
            Layer(
                {
                    name: torch.from_numpy(weights[f"blk.{at}.{name}.weight"])
                    for name in (*MATRICES, "attn_norm", "ffn_norm")
                },
                shape,
                rank if at >= frozen else 0,
                alpha / max(rank, 1),
            )
            for at in range(shape.layers)
        )

    def lower(self, ids: Tensor, places: Tensor, seen: Tensor) -> Tensor:
        """Return what the frozen layers make of `ids`.

        Parameters
        ----------
        ids, places : Tensor, shape (batch, tokens)
            Tokens, and how far from the start each stands.
        seen : Tensor of bool, shape (batch, 1, tokens, tokens)
            Which tokens (last axis) each may look at.

        Returns
        -------
        Tensor, shape (batch, tokens, width)
        """
        return self._through(self.embedding[ids], places, seen, 0, self.frozen)

    def upper(self, states: Tensor, places: Tensor, seen: Tensor) -> Tensor:
        """Return the last states, normed, from those of `lower`."""
        states = self._through(states, places, seen, self.frozen, self.shape.layers)
        return functional.rms_norm(states, states.shape[-1:], self.norm, self.shape.epsilon)

    def logits(self, states: Tensor) -> Tensor:
        """Return a score for every token of the vocabulary: (..., width) to (..., vocabulary)."""
        return functional.linear(states, self.embedding)

    def changes(self) -> dict[str, Tensor]:
        """Return both thin matrices of every change, in half precision; their product is it."""
        found: dict[str, Tensor] = {}
        for name, part in self.named_modules():
            if isinstance(part, Lora) and part.rank:
                _, at, _, matrix = name.split(".")
                found[f"blk.{at}.{matrix}.up"] = (part.up.detach() * part.scale).half()
                found[f"blk.{at}.{matrix}.down"] = part.down.detach().half()
        return found

    def _through(
        self, states: Tensor, places: Tensor, seen: Tensor, first: int, last: int
    ) -> Tensor:
        width = self.embedding.shape[1] // self.shape.heads
        speeds = self.shape.base ** (-torch.arange(0, width, 2, dtype=torch.float32) / width)
        angles = places[:, None, :, None] * speeds
        cos, sin = angles.cos(), angles.sin()
        for layer in self.layers[first:last]:
            states = layer(states, cos, sin, seen)
        return states


def _rotated(heads: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate neighbouring pairs of the last axis of (batch, heads, tokens, width)."""
    even, odd = heads[..., 0::2], heads[..., 1::2]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1).flatten(-2)
