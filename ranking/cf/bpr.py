"""BPR: matrix factorisation that learns from pairs.

Owns: `BPR` and how its negatives are drawn. Does not own: the weights against imbalance
(`ranking.cf.propensity`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from catalog import Interactions, Mask
from ranking.cf.matrix import frequent
from ranking.cf.model import without_each
from ranking.cf.propensity import inverse_propensity
from retrieval.query import Rows, Scores

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class BPRConfig:
    """How BPR is fitted.

    Attributes
    ----------
    factors : int
        Length of a person's and an item's vector.
    epochs : int
        Every interaction meets this many negatives.
    batch : int
        Interactions a step.
    rate : float
        Adam's step, which falls to 0 by the end.
    regularization : float
        Penalty on the squared vectors of a pair, and of someone new.
    negatives : {"uniform", "popularity"}
        Drawn evenly, as in the paper, or with ``count ^ exponent``, which makes them harder (the
        power as in word2vec: Mikolov et al., NeurIPS 2013; the oversampling of popular items:
        Rendle & Freudenthaler, WSDM 2014).
    exponent : float
        Of the popularity.
    propensity : float
        As `power` in `inverse_propensity`.
    steps : int
        Newton steps that fold someone new in.
    min_interactions, min_value
        As in `EASEConfig`.
    seed : int
        Of the first vectors, the order and the negatives.
    """

    factors: int = 64
    epochs: int = 12
    batch: int = 2048
    rate: float = 0.005
    regularization: float = 0.01
    negatives: Literal["uniform", "popularity"] = "popularity"
    exponent: float = 0.75
    propensity: float = 0.0
    steps: int = 3
    min_interactions: int = 2
    min_value: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class BPR:
    """Bayesian personalised ranking of a matrix factorisation (Rendle et al., UAI 2009).

    Learns ``score[u, j] = p_u . q_j + b_j`` so that what a person met is above what they did not,
    by the logarithm of the logistic of the difference. Someone new is folded in with the item
    vectors fixed: Newton steps from 0 on the same penalised loss, each like against the expected
    negative, ``-sum over likes i of log s((q_i - m) . p + b_i - c) + lambda n |p|^2`` with m and c
    the means of q and b under the distribution of negatives: concave, no chance in it, and solved
    in the space of the likes in O(factors n^2).

    Attributes
    ----------
    items : float32 array, shape (n_items, factors)
        Item vectors less their mean under the negatives; zero where not `known`.
    bias : float32 array, shape (n_items,)
        Item biases less their mean under the negatives.
    known : bool array, shape (n_items,)
        Items that the model can score.
    regularization, steps : float, int
        As fitted; the fold-in needs them.
    """

    items: Vectors
    bias: Scores
    known: Mask
    regularization: float
    steps: int

    @property
    def name(self) -> str:
        """``"bpr"``."""
        return "bpr"

    @classmethod
    def fit(cls, interactions: Interactions, n_items: int, config: BPRConfig) -> BPR:
        """Return the model of `interactions` over a catalogue of `n_items`; seeded."""
        known = frequent(interactions, n_items, config.min_interactions)
        chance = _chance(interactions, known, config)
        weight = inverse_propensity(interactions, n_items, config.propensity)
        kept = known[interactions.row] & (interactions.value >= config.min_value)
        user, row = interactions.user[kept], interactions.row[kept]
        items, bias = _learn(user, row, weight[row], chance, config)
        # Only differences count, so that the expected negative may lie at the origin.
        items = np.where(known[:, np.newaxis], items - chance @ items, 0.0)
        bias = np.where(known, bias - chance @ bias, 0.0)
        penalty, steps = config.regularization, config.steps
        return cls(items.astype(np.float32), bias.astype(np.float32), known, penalty, steps)

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """Return every item's score, shape (n_items,); see `CFModel`.

        Dislikes are left out, as in `LinearModel`. When no like is known every score is ``-inf``.
        """
        scores = np.full(len(self.known), -np.inf, np.float32)
        likes = likes[self.known[likes]]
        if len(likes):
            person = self._person(likes)
            scores[self.known] = self.items[self.known] @ person + self.bias[self.known]
        return scores

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        """Return what the scores of `rows` lose without each of `likes`; see `without_each`."""
        return without_each(self.fold_in, likes, rows)

    def _person(self, likes: Rows) -> Vectors:
        """Return the vector of someone who met `likes`, a sum of those of the likes.

        The best vector is ``met.T @ part`` for some part of each like, so that the Newton steps
        are over as many numbers as there are likes.
        """
        met, bias = self.items[likes].astype(np.float64), self.bias[likes]
        alike = met @ met.T
        penalty = 2.0 * self.regularization * len(likes)
        part = np.zeros(len(likes))
        for _ in range(self.steps):
            wrong = 1.0 / (1.0 + np.exp(alike @ part + bias))
            curve = wrong * (1.0 - wrong)
            system = curve[:, np.newaxis] * alike
            system[np.diag_indices_from(system)] += penalty
            part += np.linalg.solve(system, wrong - penalty * part)
        return (part @ met).astype(np.float32)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a file must keep."""
        scalars = np.array([self.regularization, self.steps])
        return {"items": self.items, "bias": self.bias, "known": self.known, "scalars": scalars}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the model that `arrays` came from."""
        penalty, steps = arrays["scalars"].tolist()
        return cls(arrays["items"], arrays["bias"], arrays["known"], penalty, int(steps))


def _chance(interactions: Interactions, known: Mask, config: BPRConfig) -> NDArray[np.float64]:
    """Return the probability of each item as a negative, shape (n_items,)."""
    counts = np.bincount(interactions.row, minlength=len(known)).astype(np.float64)
    power = config.exponent if config.negatives == "popularity" else 0.0
    chance = np.where(known, np.maximum(counts, 1.0) ** power, 0.0)
    return chance / max(chance.sum(), 1e-12)


def _learn(
    user: Rows, row: Rows, weight: Vectors, chance: NDArray[np.float64], config: BPRConfig
) -> tuple[Vectors, Scores]:
    """Return item vectors and biases."""
    import torch
    from torch.nn.functional import logsigmoid

    draw = np.random.default_rng(config.seed)
    n_users, n_items = int(user.max(initial=-1)) + 1, len(chance)

    def table(rows: int, columns: int) -> torch.Tensor:
        first = draw.normal(0, 0.1, (rows, columns)).astype(np.float32)
        return torch.from_numpy(first).requires_grad_()

    people, items = table(n_users, config.factors), table(n_items, config.factors)
    bias = torch.zeros(n_items, requires_grad=True)
    optimizer = torch.optim.Adam([people, items, bias], lr=config.rate)
    batches = -(-len(row) // config.batch)
    for epoch in range(config.epochs):
        for group in optimizer.param_groups:
            group["lr"] = config.rate * (1 - epoch / config.epochs)
        for at in np.array_split(draw.permutation(len(row)), max(1, batches)):
            # A negative that the person met too is rare, and only blunts the pair.
            others = draw.choice(n_items, len(at), p=chance) if len(at) else at
            u, i, j = (
                torch.from_numpy(each.astype(np.int64)) for each in (user[at], row[at], others)
            )
            person, one, other = people[u], items[i], items[j]
            gap = (person * (one - other)).sum(dim=1) + bias[i] - bias[j]
            size = (person**2 + one**2 + other**2).sum(dim=1)
            each = torch.from_numpy(weight[at]) * (config.regularization * size - logsigmoid(gap))
            optimizer.zero_grad()
            each.sum().backward()
            optimizer.step()
    return items.detach().numpy(), bias.detach().numpy()
