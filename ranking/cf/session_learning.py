"""Learning what else belongs to a session of a few likes: what the neural models share.

Owns: `Learning`, how sessions are drawn from histories, and the descent. Does not own: the networks
(`ranking.cf.networks`).

Imports torch only when it learns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from catalog import Interactions, Mask

if TYPE_CHECKING:
    from torch import Tensor

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Learning:
    """How a network learns.

    Attributes
    ----------
    steps : int
        Batches looked at; the time of a fit does not grow with the interactions.
    batch : int
        Sessions looked at together, each around an interaction drawn without repetition until all
        have been drawn.
    rate, decay : float
        AdamW's step, which falls to 0 by the end, and its weight decay.
    longest : int
        A session has one to this many likes.
    window : int
        They are drawn from so many interactions before and after the one to be found.
    negatives : int
        Items that a step compares with, drawn evenly from those known; 0 takes all of them.
    seed : int
        Of the sessions, the first weights and everything else that is drawn.
    """

    steps: int = 500
    batch: int = 256
    rate: float = 0.01
    decay: float = 0.01
    longest: int = 5
    window: int = 20
    negatives: int = 400
    seed: int = 0


class Network(Protocol):
    """What can be taught; a ``torch.nn.Module``."""

    def parameters(self) -> Iterator[Tensor]:
        """See torch."""
        ...

    def __call__(self, inputs: Tensor, candidates: Tensor) -> Tensor:
        """Return logits, shape (batch, n_candidates), of sessions of rows padded with -1."""
        ...


def sessions(
    interactions: Interactions, known: Mask, learning: Learning, rng: np.random.Generator
) -> Iterator[tuple[Places, Places]]:
    """Yield batches of sessions and the item that belongs to each.

    Parameters
    ----------
    interactions : Interactions
        Sorted by time.
    known : bool array, shape (n_items,)
        Other items are passed over.

    Yields
    ------
    inputs : int64 array, shape (at most batch, longest)
        Rows, oldest first, after -1 where the session is shorter; each has at least one.
    targets : int64 array, shape (at most batch,)
        A row that is not among the inputs.
    """
    kept = known[interactions.row]
    order = np.argsort(interactions.user[kept], kind="stable")  # keeps each person's order in time
    user, row = (column[kept][order] for column in (interactions.user, interactions.row))
    start = np.searchsorted(user, user, side="left")
    end = np.searchsorted(user, user, side="right")
    around = np.arange(1, learning.window + 1)
    offsets = np.concatenate([-around, around])
    several = np.flatnonzero(end - start > 1)
    for target in _shuffled(several, learning, rng):
        near = target[:, np.newaxis] + offsets
        inside = (near >= start[target, np.newaxis]) & (near < end[target, np.newaxis])
        near = np.where(inside, near, 0)
        inside &= row[near] != row[target, np.newaxis]
        drawn = np.argsort(np.where(inside, rng.random(near.shape), 2.0), axis=1)
        drawn = drawn[:, : learning.longest]
        use = np.take_along_axis(inside, drawn, axis=1)
        sizes = rng.integers(1, learning.longest + 1, (len(target), 1))
        use &= np.arange(drawn.shape[1]) < sizes
        place = np.sort(np.where(use, np.take_along_axis(near, drawn, axis=1), -1), axis=1)
        some = use.any(axis=1)
        inputs = np.where(place >= 0, row[place], -1).astype(np.int64)
        yield inputs[some], row[target][some].astype(np.int64)


def _shuffled(places: Places, learning: Learning, rng: np.random.Generator) -> Iterator[Places]:
    """Yield as many batches of `places` as there are steps; none of nothing."""
    first, order = 0, rng.permutation(places)
    for _ in range(learning.steps if len(places) else 0):
        if first >= len(order):
            first, order = 0, rng.permutation(places)
        yield order[first : first + learning.batch]
        first += learning.batch


def log_popularity(interactions: Interactions, known: Mask) -> NDArray[np.float32]:
    """Return where biases start: the log of how often each item was met, less the known mean.

    What everybody likes need not be learned step by step; 0 where not known.
    """
    counts = np.log1p(np.bincount(interactions.row, minlength=len(known)))
    mean = counts[known].mean() if known.any() else 0.0
    return np.where(known, counts - mean, 0.0).astype(np.float32)


def learn(network: Network, interactions: Interactions, known: Mask, learning: Learning) -> None:
    """Teach `network` to tell the item that belongs to a session from the others.

    Softmax cross-entropy over all known items, or over a sample of them (Jean et al., 2015; drawn
    evenly, so that no correction is needed). Call it under ``torch.random.fork_rng``.
    """
    import torch
    from torch.nn import functional

    rng = np.random.default_rng(learning.seed)
    everything = np.flatnonzero(known)
    optimizer = torch.optim.AdamW(
        network.parameters(), lr=learning.rate, weight_decay=learning.decay
    )
    for step, (inputs, targets) in enumerate(sessions(interactions, known, learning, rng)):
        if not len(targets):
            continue
        drawn = everything
        if 0 < learning.negatives < len(everything):
            drawn = rng.choice(everything, learning.negatives, replace=False)
        candidates = np.union1d(drawn, targets)
        competes = np.isin(candidates, drawn)[np.newaxis].repeat(len(targets), axis=0)
        at = np.searchsorted(candidates, targets)
        _leave_out(competes, candidates, inputs)
        competes[np.arange(len(targets)), at] = True
        logits = network(torch.from_numpy(inputs), torch.from_numpy(candidates))
        logits = logits.masked_fill(torch.from_numpy(~competes), -torch.inf)
        loss = functional.cross_entropy(logits, torch.from_numpy(at))
        for group in optimizer.param_groups:
            group["lr"] = learning.rate * max(0.0, 1 - step / learning.steps)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def _leave_out(competes: NDArray[np.bool_], candidates: Places, inputs: Places) -> None:
    """Let no session's own likes compete, in place."""
    at = np.minimum(np.searchsorted(candidates, inputs), len(candidates) - 1)
    session, place = np.nonzero(candidates[at] == inputs)
    competes[session, at[session, place]] = False
