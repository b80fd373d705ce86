"""What the models of item sequences share.

Owns: histories as padded stretches, the training loop, and serving (`SequenceModel`). Does not own:
any network; each model writes its forward pass once, as a function of its weights, and both
training and serving call it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from catalog import Interactions, Mask
from ranking.cf.matrix import frequent
from ranking.cf.model import without_each
from retrieval.query import Rows, Scores

if TYPE_CHECKING:
    from torch import Tensor

Numbers = NDArray[np.int64]
"""Known items counted from 1; 0 is padding."""


@dataclass(frozen=True, slots=True)
class SequenceConfig:
    """How a sequence model is fitted.

    Attributes
    ----------
    dimensions : int
        Length of an item's vector.
    length : int
        Interactions that the network reads at once; of a longer session, the last ones.
    dropout : float
        In [0, 1), wherever the network drops out.
    epochs : int
        Passes over all histories.
    batch : int
        Stretches a step.
    learning_rate : float
        Adam's, at the start; it falls to zero linearly.
    min_interactions, min_value
        As in `EASEConfig`.
    seed : int
        Of the first weights, the stretches, their order and dropout.
    """

    dimensions: int = 64
    length: int = 10
    dropout: float = 0.4
    epochs: int = 8
    batch: int = 64
    learning_rate: float = 0.003
    min_interactions: int = 5
    min_value: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class SequenceModel(ABC):
    """A network that reads a session in order and scores every item as the next.

    Attributes
    ----------
    weights : mapping of str to float32 array
        ``"items"`` holds the vectors of the known items from row 1 on; the rest is the network's.
    known : bool array, shape (n_items,)
        Items that the model can score.
    length : int
        As fitted.
    """

    weights: Mapping[str, NDArray[np.float32]]
    known: Mask
    length: int

    @property
    @abstractmethod
    def name(self) -> str:
        """The name by which settings choose it."""

    @classmethod
    @abstractmethod
    def _start(cls, known: int, config: Any) -> dict[str, Tensor]:  # noqa: ANN401 - its own
        """Return the first weights for `known` items, drawn from torch's own generator."""

    @classmethod
    @abstractmethod
    def _loss(
        cls,
        weights: Mapping[str, Tensor],
        batch: Tensor,
        config: Any,  # noqa: ANN401 - its own
    ) -> Tensor:
        """Return the loss of `batch`, int64 of shape (batch, length + 1), padded on the right."""

    @classmethod
    @abstractmethod
    def _state(cls, weights: Mapping[str, Tensor], session: Tensor) -> Tensor:
        """Return the state after `session`, int64 of shape (n,), that item vectors are met with."""

    @classmethod
    def fit(cls, interactions: Interactions, n_items: int, config: SequenceConfig) -> Self:
        """Return the model of `interactions` over a catalogue of `n_items`; seeded."""
        known = frequent(interactions, n_items, config.min_interactions)
        sequences = histories(interactions, known, config.min_value)
        return cls(cls._trained(int(known.sum()), sequences, config), known, config.length)

    @classmethod
    def _trained(
        cls, known: int, sequences: Sequence[Numbers], config: SequenceConfig
    ) -> dict[str, NDArray[np.float32]]:
        """Return the weights after all epochs, without a trace on torch's own generator."""
        import torch

        draw = np.random.default_rng(config.seed)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            weights = cls._start(known, config)
            for weight in weights.values():
                weight.requires_grad_()
            optimizer = torch.optim.Adam(list(weights.values()), lr=config.learning_rate)
            for epoch in range(config.epochs if sequences else 0):
                for group in optimizer.param_groups:
                    group["lr"] = config.learning_rate * (1 - epoch / config.epochs)
                cut = torch.from_numpy(stretches(sequences, config.length, draw))
                for batch in cut.split(config.batch):
                    optimizer.zero_grad()
                    cls._loss(weights, batch, config).backward()
                    optimizer.step()
        return {key: weight.detach().numpy() for key, weight in weights.items()}

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """Return every item's score, shape (n_items,); see `CFModel`.

        The logits of the next item. Dislikes are left out, as in `LinearModel`. When no like is
        known every score is ``-inf``.
        """
        import torch

        scores = np.full(len(self.known), -np.inf, np.float32)
        likes = likes[self.known[likes]]
        if len(likes):
            session = np.cumsum(self.known)[likes][-self.length :]
            weights = {key: torch.from_numpy(value) for key, value in self.weights.items()}
            with torch.inference_mode():
                state = self._state(weights, torch.from_numpy(session)).numpy()
            scores[self.known] = self.weights["items"][1:] @ state
        return scores

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        """Return what the scores of `rows` lose without each of `likes`; see `without_each`."""
        return without_each(self.fold_in, likes, rows)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a file must keep."""
        return {"known": self.known, "length": np.array(self.length), **self.weights}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the model that `arrays` came from."""
        weights = {key: value for key, value in arrays.items() if key not in {"known", "length"}}
        return cls(weights, arrays["known"], int(arrays["length"]))


def histories(interactions: Interactions, known: Mask, min_value: float) -> tuple[Numbers, ...]:
    """Return what each person met of the `known` items, oldest first, as their numbers.

    People with fewer than two are left out: nothing follows from nothing.
    """
    kept = known[interactions.row] & (interactions.value >= min_value)
    user, numbers = interactions.user[kept], known.cumsum(dtype=np.int64)[interactions.row[kept]]
    order = np.argsort(user, kind="stable")  # keeps each person's own order in time
    each = np.split(numbers[order], np.flatnonzero(np.diff(user[order])) + 1)
    return tuple(sequence for sequence in each if len(sequence) > 1)


def stretches(
    sequences: Sequence[Numbers], length: int, random: np.random.Generator
) -> NDArray[np.int64]:
    """Return all histories cut into stretches at a random phase, in random order.

    Parameters
    ----------
    sequences : sequence of int64 array
        As `histories` returns them.
    length : int
        Steps from one item to the next in a stretch. Each step lies in exactly one of them.
    random : numpy.random.Generator
        Of the phases and the order.

    Returns
    -------
    int64 array, shape (n, length + 1)
        Padded with 0 on the right. A stretch starts anywhere in a history, so that each of its
        beginnings is an anonymous session of 1, 2, 3 ... items.
    """
    cut = [
        sequence[max(start, 0) : start + length + 1]
        for sequence in sequences
        for start in range(-int(random.integers(length)), len(sequence) - 1, length)
    ]
    padded = np.zeros((len(cut), length + 1), np.int64)
    for row, part in zip(padded, random.permutation(np.arange(len(cut))), strict=True):
        row[: len(cut[part])] = cut[part]
    return padded


def next_item_loss(weights: Mapping[str, Tensor], states: Tensor, after: Tensor) -> Tensor:
    """Return the mean cross-entropy over all items of what comes after each position.

    Parameters
    ----------
    weights : mapping of str to Tensor
        Of which only ``"items"`` are read.
    states : Tensor, shape (batch, length, dimensions)
        Each of what came up to its position.
    after : int64 Tensor, shape (batch, length)
        The item that follows; padding does not count.
    """
    from torch.nn import functional

    told = after > 0
    return functional.cross_entropy(states[told] @ weights["items"][1:].T, after[told] - 1)
