"""The knobs of the reranker's training, without torch.

Owns: `TrainConfig`. Does not own: what they do (`ranking.training_loop`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """How the reranker is trained.

    Attributes
    ----------
    steps : int
        Optimiser steps.
    films : int
        Items with a written request in a step; each brings its near miss and one hard negative.
    composed : int
        Composed requests in a step.
    composed_pool : int
        Composed requests made in all.
    max_tokens : int
        Longer texts are cut.
    dimensions : int
        Length of a token vector.
    trained_layers : int
        Topmost layers that are trained.
    layer_rate, head_rate : float
        Peak learning rates of the layers, and of projection, weights and scale.
    near_miss : float
        Weight of the near-miss part of the loss.
    seed : int
        Of batches, dropout and composed requests.
    threads : int
        CPU threads; 0 leaves the choice to torch.
    """

    steps: int = 220
    films: int = 16
    composed: int = 4
    composed_pool: int = 1500
    max_tokens: int = 128
    dimensions: int = 128
    trained_layers: int = 2
    layer_rate: float = 1e-4
    head_rate: float = 1e-3
    near_miss: float = 0.3
    seed: int = 7
    threads: int = 0
