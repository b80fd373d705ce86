"""NARM: a recurrent network that attends to what it has read.

Owns: `NARM`. Does not own: stretches, training and serving (`ranking.cf.sequences`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranking.cf.sequences import SequenceConfig, SequenceModel, next_item_loss

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class NARMConfig(SequenceConfig):
    """How NARM is fitted; see `SequenceConfig`.

    Attributes
    ----------
    state_dropout : float
        In [0, 1), of the state that items are met with; `dropout` is that of the items read.
    """

    state_dropout: float = 0.5
    epochs: int = 6


class NARM(SequenceModel):
    """Neural attentive session-based recommendation (Li et al., CIKM 2017).

    A GRU reads the session. Its last state is the person's behaviour so far; the sum of all its
    states, each weighted by how it goes with the last one, is their purpose; a bilinear form
    meets both with the items. Trained at every position of every stretch at once.
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """``"narm"``."""
        return "narm"

    @classmethod
    def _start(cls, known: int, config: NARMConfig) -> dict[str, Tensor]:
        import torch

        size = config.dimensions
        shapes = {
            "items": (known + 1, size),
            "read": (size, 3 * size),
            "keep": (size, 3 * size),
            "attend.last": (size, size),
            "attend.each": (size, size),
            "attend": (size,),
            "bilinear": (2 * size, size),
        }
        weights = {key: torch.randn(shape) * size**-0.5 for key, shape in shapes.items()}
        return {**weights, "bias": torch.zeros(3 * size)}

    @classmethod
    def _loss(cls, weights: Mapping[str, Tensor], batch: Tensor, config: NARMConfig) -> Tensor:
        states = read(weights, batch[:, :-1], config.dropout, config.state_dropout)
        return next_item_loss(weights, states, batch[:, 1:])

    @classmethod
    def _state(cls, weights: Mapping[str, Tensor], session: Tensor) -> Tensor:
        return read(weights, session[None])[0, -1]


def read(
    weights: Mapping[str, Tensor],
    numbers: Tensor,
    dropout: float = 0.0,
    state_dropout: float = 0.0,
) -> Tensor:
    """Return what items are met with after each position, shape (batch, n, dimensions)."""
    import torch
    from torch.nn import functional

    vectors = functional.dropout(weights["items"][numbers], dropout)
    states = recur(weights, vectors)
    # Row t of the scores is position t as the last one; it sees itself and what came before.
    last = (states @ weights["attend.last"])[:, :, None]
    each = (states @ weights["attend.each"])[:, None]
    scores = (torch.sigmoid(last + each) @ weights["attend"]).tril()
    both = torch.cat([states, scores @ states], dim=-1)
    return functional.dropout(both, state_dropout) @ weights["bilinear"]


def recur(weights: Mapping[str, Tensor], vectors: Tensor) -> Tensor:
    """Return the states of a gated recurrent unit (Cho et al., EMNLP 2014) after each vector."""
    import torch

    size = vectors.shape[2]
    state = torch.zeros(len(vectors), size)
    states: list[Tensor] = []
    for read in (vectors @ weights["read"] + weights["bias"]).unbind(1):
        kept = state @ weights["keep"]
        gates = torch.sigmoid(read[:, : 2 * size] + kept[:, : 2 * size])
        reset, update = gates.chunk(2, dim=1)
        fresh = torch.tanh(read[:, 2 * size :] + reset * kept[:, 2 * size :])
        state = torch.lerp(fresh, state, update)
        states.append(state)
    return torch.stack(states, dim=1)
