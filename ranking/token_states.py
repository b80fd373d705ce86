"""Many texts through the token encoder, with gradients where they are wanted.

Owns: `States`, `encode`, `compare`, `fit_projection`. Does not own: the network
(`ranking.token_encoder`) or what is learned (`ranking.training_loop`).

Imports torch: import this module inside functions only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ranking.token_encoder import TokenEncoder

# Sorted by length and in small batches, encoding stays in the processor's cache.
_ENCODE_BATCH = 8


class States:
    """Lower-layer states of many texts, kept in half precision.

    Parameters
    ----------
    encoder : TokenEncoder
        Its lower layers are run once per text.
    ids : sequence of sequence of int
        Token ids of each text.
    dropped : bool array, shape (vocabulary,)
        Tokens that take no part in the comparison on the item's side.
    progress : callable of (done, total), optional
        Told after every batch.
    """

    def __init__(
        self,
        encoder: TokenEncoder,
        ids: Sequence[Sequence[int]],
        dropped: NDArray[np.bool_] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self._ids = ids
        self._dropped = dropped
        self._offsets = np.cumsum([0, *(len(text) for text in ids)])
        hidden = encoder.project.in_features
        self._states = np.empty((int(self._offsets[-1]), hidden), np.float16)
        order = np.argsort([len(text) for text in ids], kind="stable")
        for start in range(0, len(order), _ENCODE_BATCH):
            batch = order[start : start + _ENCODE_BATCH]
            tokens, mask = padded([ids[int(index)] for index in batch])
            with torch.inference_mode():
                states = encoder.lower_states(tokens, mask).numpy()
            for place, index in enumerate(batch):
                low, high = self._offsets[index], self._offsets[index + 1]
                self._states[low:high] = states[place, : high - low]
            if progress:
                progress(start + len(batch), len(order))

    def __len__(self) -> int:
        return len(self._ids)

    def batch(self, indices: Sequence[int]) -> tuple[Tensor, Tensor, Tensor]:
        """Return states (n, tokens, hidden), attention mask and kept mask, both (n, tokens)."""
        length = max(len(self._ids[index]) for index in indices)
        states = np.zeros((len(indices), length, self._states.shape[1]), np.float32)
        mask = np.zeros((len(indices), length), np.int64)
        kept = np.zeros((len(indices), length), np.bool_)
        for place, index in enumerate(indices):
            ids = self._ids[index]
            states[place, : len(ids)] = self._states[self._offsets[index] :][: len(ids)]
            mask[place, : len(ids)] = 1
            kept[place, : len(ids)] = True if self._dropped is None else ~self._dropped[ids]
        return torch.from_numpy(states), torch.from_numpy(mask), torch.from_numpy(kept)

    def order(self, indices: Sequence[int]) -> list[list[int]]:
        """Return `indices` in small groups of like length, as places in `indices`."""
        places = sorted(range(len(indices)), key=lambda place: len(self._ids[indices[place]]))
        return [
            places[start : start + _ENCODE_BATCH] for start in range(0, len(places), _ENCODE_BATCH)
        ]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token vectors (n, tokens, dimensions), weights and kept mask (n, tokens)."""

    vectors: Tensor
    weights: Tensor
    kept: Tensor


def padded(ids: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Return token ids and attention mask, int64 of shape (n, longest)."""
    length = max(len(text) for text in ids)
    tokens = torch.zeros(len(ids), length, dtype=torch.int64)
    mask = torch.zeros(len(ids), length, dtype=torch.int64)
    for place, text in enumerate(ids):
        tokens[place, : len(text)] = torch.tensor(text)
        mask[place, : len(text)] = 1
    return tokens, mask


def encode(encoder: TokenEncoder, states: States, indices: Sequence[int]) -> Encoded:
    """Run the upper layers over the texts at `indices`; results are in that order."""
    parts: list[tuple[list[int], Tensor, Tensor, Tensor]] = []
    longest = 0
    for places in states.order(indices):
        lower, mask, kept = states.batch([indices[place] for place in places])
        vectors, weights = encoder.upper_states(lower, mask)
        parts.append((places, vectors, weights, kept))
        longest = max(longest, vectors.shape[1])
    back = torch.tensor([place for places, *_ in parts for place in places]).argsort()

    def joined(tensors: list[Tensor]) -> Tensor:
        wide = [
            nn.functional.pad(t, (0, 0) * (t.dim() - 2) + (0, longest - t.shape[1]))
            for t in tensors
        ]
        return torch.cat(wide)[back]

    return Encoded(
        joined([part[1] for part in parts]),
        joined([part[2] for part in parts]),
        joined([part[3] for part in parts]),
    )


def compare(queries: Encoded, items: Encoded) -> Tensor:
    """Return the weighted MaxSim of every query with every item, (n_queries, n_items).

    The mean over the query's tokens of weight times best cosine with any kept item token.
    """
    sims = torch.einsum("qtd,nsd->qtns", queries.vectors, items.vectors)
    sims = sims.masked_fill(~items.kept[None, None], -1.0)
    best = sims.amax(-1)  # (queries, tokens, items)
    weights = queries.weights * queries.kept
    return torch.einsum("qt,qtn->qn", weights, best) / queries.kept.sum(1, keepdim=True)


def fit_projection(encoder: TokenEncoder, states: States, sample: Sequence[int]) -> None:
    """Set the projection to the principal directions of the token states of `sample`.

    So the comparison starts as close as can be to that of the full-length vectors.
    """
    rows: list[Tensor] = []
    with torch.inference_mode():
        for places in states.order(sample):
            lower, mask, kept = states.batch([sample[place] for place in places])
            bias = (1.0 - mask[:, None, None, :].float()) * torch.finfo(torch.float32).min
            for layer in encoder.upper:
                lower = layer(lower, bias)
            rows.append(nn.functional.normalize(lower[kept], dim=-1))
        tokens = torch.cat(rows)
        # Not centred: inner products with the origin are what is to be kept.
        _, directions = torch.linalg.eigh(tokens.T @ tokens)
        wanted = directions[:, -encoder.project.out_features :].flip(1).T
        encoder.project.weight.copy_(wanted)
