"""BERT4Rec: attention both ways, trained to fill in what is hidden.

Owns: `BERT4Rec`. Does not own: the attention blocks (`ranking.cf.sasrec`); stretches, training and
serving (`ranking.cf.sequences`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ranking.cf.sasrec import SASRecConfig, attend, start
from ranking.cf.sequences import SequenceModel

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True, slots=True)
class BERT4RecConfig(SASRecConfig):
    """How BERT4Rec is fitted; see `SASRecConfig`.

    Attributes
    ----------
    hidden : float
        In [0, 1]: part of the items of a session that training hides, besides the last one.
    """

    hidden: float = 0.2
    # It learns from fewer positions a step than SASRec, so it needs more of them.
    dropout: float = 0.2
    epochs: int = 16
    batch: int = 32


class BERT4Rec(SequenceModel):
    """Bidirectional encoder of sequences (Sun et al., CIKM 2019).

    Training hides items at random and always the last one, as serving does: it reads the session
    and one hidden item after it. Each stretch is cut off at a random length first, so that short
    sessions are as usual as long ones.
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """``"bert4rec"``."""
        return "bert4rec"

    @classmethod
    def _start(cls, known: int, config: BERT4RecConfig) -> dict[str, Tensor]:
        return start(known + 1, config.length + 1, config)

    @classmethod
    def _loss(cls, weights: Mapping[str, Tensor], batch: Tensor, config: BERT4RecConfig) -> Tensor:
        import torch
        from torch.nn import functional

        lengths = (batch > 0).sum(1, keepdim=True)
        ends = 1 + (torch.rand(lengths.shape) * (lengths - 1)).ceil()  # from 2 to the length
        at = torch.arange(batch.shape[1])
        visible = at < ends
        hidden = visible & ((torch.rand(batch.shape) < config.hidden) | (at == ends - 1))
        states = attend(weights, batch * ~hidden, visible=visible, dropout=config.dropout)
        logits = states[hidden] @ weights["items"][1:].T
        return functional.cross_entropy(logits, batch[hidden] - 1)

    @classmethod
    def _state(cls, weights: Mapping[str, Tensor], session: Tensor) -> Tensor:
        import torch

        asked = torch.cat([session, torch.zeros_like(session[:1])])[None]
        return attend(weights, asked, visible=torch.ones_like(asked, dtype=torch.bool))[0, -1]
