"""LightGCN: embeddings smoothed over the graph of who met what.

Owns: `LightGCN`. Does not own: the sessions that it learns from (`ranking.cf.session_learning`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog import Interactions, Mask
from ranking.cf.matrix import frequent, incidence
from ranking.cf.propensity import inverse_propensity
from ranking.cf.session_learning import Learning, sessions
from retrieval.query import Rows, Scores

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LightGCNConfig:
    """How LightGCN is fitted.

    Attributes
    ----------
    factors : int
        Length of an embedding.
    hops : int
        Steps from items over people to items; the paper's layers are ``2 hops + 1``.
    steps, batch : int
        Descents, and sessions in each.
    rate, decay : float
        Adam's step, which falls to 0 by the end, and the penalty on squared embeddings.
    longest, window : int
        As in `Learning`.
    temperature : float
        Divides the scores before the softmax.
    propensity : float
        As `power` in `inverse_propensity`.
    min_interactions : int
        As in `EASEConfig`.
    seed : int
        Of the first embeddings and the sessions.
    """

    factors: int = 64
    hops: int = 1
    steps: int = 120
    batch: int = 1024
    rate: float = 0.03
    decay: float = 1e-5
    longest: int = 5
    window: int = 20
    temperature: float = 0.1
    propensity: float = 0.5
    min_interactions: int = 2
    seed: int = 0


@dataclass(frozen=True, slots=True)
class LightGCN:
    """Light graph convolution (He et al., SIGIR 2020), for people who were not there.

    The graph joins people u and items i with edges of ``1 / sqrt(d_u d_i)``; an embedding is the
    mean over layers of its propagation, with nothing in between. People start at 0 instead of an
    embedding of their own, so that someone new is treated as everybody was: what is left are the
    even layers of items and the odd ones of people, ``F = mean over m = 0..hops of A^m E`` with
    ``A = D_i^-1/2 R' D_u^-1 R D_i^-1/2``.

    A session S folds in as a new node with an edge to each like, which the likes' own layers do not
    see: ``p = sum over likes i of F_i / sqrt(|S| d_i)`` and ``score[j] = p . F_j``, exact and a sum
    over the likes. In place of pairs, sessions drawn from histories learn by the softmax over all
    items, which suits LightGCN better (Wu et al., 2022, arXiv:2201.02327).

    Attributes
    ----------
    likes, items : float32 arrays, shape (n_items, factors)
        ``F_i / sqrt(d_i)`` and ``F_j``; zero where not `known`.
    known : bool array, shape (n_items,)
        Items that the model can score.
    """

    likes: Vectors
    items: Vectors
    known: Mask

    @property
    def name(self) -> str:
        """``"lightgcn"``."""
        return "lightgcn"

    @classmethod
    def fit(cls, interactions: Interactions, n_items: int, config: LightGCNConfig) -> LightGCN:
        """Return the model of `interactions` over a catalogue of `n_items`; seeded."""
        known = frequent(interactions, n_items, config.min_interactions)
        met = incidence(interactions, n_items) @ sparse.diags(known.astype(np.float32))
        people, popularity = (np.maximum(met.sum(axis=axis).A1, 1.0) for axis in (1, 0))
        edges = sparse.diags(people**-0.5) @ met @ sparse.diags(popularity**-0.5)
        edges = sparse.csr_matrix(edges, dtype=np.float32)
        start = np.random.default_rng(config.seed).normal(0, 0.1, (n_items, config.factors))
        share = (popularity**-0.5).astype(np.float32)
        weight = inverse_propensity(interactions, n_items, config.propensity)
        embedding = (start * known[:, np.newaxis]).astype(np.float32)
        _learn(embedding, edges, share, weight, interactions, known, config)
        items = propagate(edges, embedding, config.hops)
        return cls(items * share[:, np.newaxis], items, known)

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """Return every item's score, shape (n_items,); see `CFModel`.

        Dislikes are left out, as in `LinearModel`. When no like is known every score is ``-inf``.
        """
        scores = np.full(len(self.known), -np.inf, np.float32)
        likes = likes[self.known[likes]]
        if len(likes):
            person = self.likes[likes].sum(axis=0) / np.sqrt(np.float32(len(likes)))
            scores[self.known] = self.items[self.known] @ person
        return scores

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        """Return each like's part of the scores of `rows`; they sum to it exactly.

        Each is a part beside so many other likes: fewer would share less.
        """
        among = np.sqrt(np.float32(max(1, self.known[likes].sum())))
        return self.items[rows] @ self.likes[likes].T / among

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a file must keep."""
        return {"likes": self.likes, "items": self.items, "known": self.known}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the model that `arrays` came from."""
        return cls(arrays["likes"], arrays["items"], arrays["known"])


def propagate(edges: sparse.csr_matrix, embedding: Vectors, hops: int) -> Vectors:
    """Return the mean of `embedding` after 0 to `hops` steps over people and back.

    Parameters
    ----------
    edges : scipy.sparse.csr_matrix, shape (n_people, n_items)
        Normalised by both degrees.
    embedding : float32 array, shape (n_items, factors)
        Of the items.
    """
    total = layer = embedding
    for _ in range(hops):
        layer = edges.T @ (edges @ layer)
        total = total + layer
    return total / np.float32(hops + 1)


def _learn(
    embedding: Vectors,
    edges: sparse.csr_matrix,
    share: Vectors,
    weight: Vectors,
    interactions: Interactions,
    known: Mask,
    config: LightGCNConfig,
) -> None:
    """Descend with `embedding`, in place.

    Propagation is linear and symmetric, so that the gradient of the embeddings is the propagated
    gradient of what they become.
    """
    import torch
    from torch.nn.functional import cross_entropy

    learning = Learning(
        steps=config.steps, batch=config.batch, longest=config.longest, window=config.window
    )
    rows = torch.from_numpy(np.flatnonzero(known))
    place = torch.from_numpy(np.cumsum(known) - 1)
    shares, weights = torch.from_numpy(share), torch.from_numpy(weight)
    first = torch.from_numpy(embedding)  # shares its memory
    optimizer = torch.optim.Adam([first], lr=config.rate)
    draws = sessions(interactions, known, learning, np.random.default_rng(config.seed))
    for step, (drawn, found) in enumerate(draws):
        if not len(found):
            continue
        inputs, targets = torch.from_numpy(drawn), torch.from_numpy(found)
        real = inputs >= 0
        smooth = torch.from_numpy(propagate(edges, embedding, config.hops)).requires_grad_()
        each = real * shares[inputs.clamp(min=0)]
        each = each / real.sum(dim=1, keepdim=True).sqrt()
        person = (smooth[inputs.clamp(min=0)] * each.unsqueeze(2)).sum(dim=1)
        logits = person @ smooth[rows].T / config.temperature
        losses = cross_entropy(logits, place[targets], reduction="none")
        (losses * weights[targets]).mean().backward()
        gradient = smooth.grad
        assert gradient is not None
        slope = propagate(edges, gradient.numpy(), config.hops) + config.decay * embedding
        first.grad = torch.from_numpy(slope)
        for group in optimizer.param_groups:
            group["lr"] = config.rate * (1 - step / config.steps)
        optimizer.step()
