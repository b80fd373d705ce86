"""One training run of the token encoder: batches, loss, steps.

Owns: `Lesson`, `Extra`, `fit`. Does not own: where texts come from, or the figures that are
reported (`ranking.train_reranker`).

Imports torch: import this module inside functions only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ranking.token_encoder import TokenEncoder
from ranking.token_states import States, compare, encode
from ranking.train_config import TrainConfig


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one item teaches; numbers are positions in the two `States`.

    Attributes
    ----------
    item : int
        The item.
    requests : tuple of int
        Requests that it answers.
    near_miss : int
        A request that it must not answer, or -1.
    hard : int array
        Items that look like an answer to its requests and were not meant.
    """

    item: int
    requests: tuple[int, ...]
    near_miss: int
    hard: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Extra:
    """A composed request: its position, its item, and every item that answers it, (n_items,)."""

    request: int
    item: int
    answers: NDArray[np.bool_]


def fit(
    encoder: TokenEncoder,
    items: States,
    queries: States,
    lessons: Sequence[Lesson],
    extras: Sequence[Extra],
    config: TrainConfig,
    watch: Callable[[int, float], None],
) -> float:
    """Train `encoder` in place and return the scale that turns a comparison into a logit.

    The loss of a step is a softmax over the step's items for every request, a softmax over the
    step's requests for every item (its near miss among them), and for every near miss the
    unlikelihood of the item that it just misses.

    Parameters
    ----------
    watch : callable of (step, loss)
        Told after every step, counted from 1.
    """
    torch.manual_seed(config.seed)
    rng = np.random.default_rng(config.seed)
    scale = nn.Parameter(torch.tensor(3.5))  # log; a good start for cosines that differ by 0.05
    heads = [*encoder.project.parameters(), *encoder.weigh.parameters(), scale]
    optimiser = torch.optim.AdamW(
        [
            {"params": list(encoder.upper.parameters()), "lr": config.layer_rate},
            {"params": heads, "lr": config.head_rate, "weight_decay": 0.0},
        ],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / 20, 1 - step / (config.steps + 1))
    )
    encoder.upper.train()
    batches = _batches(lessons, config, rng)
    for step in range(1, config.steps + 1):
        chosen = next(batches)
        some = rng.choice(len(extras), min(config.composed, len(extras)), replace=False)
        loss = _loss(encoder, items, queries, chosen, [extras[i] for i in some], config, scale, rng)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(
            [p for group in optimiser.param_groups for p in group["params"]], 1.0
        )
        optimiser.step()
        schedule.step()
        watch(step, float(loss.detach()))
    encoder.eval()
    return float(scale.detach().exp())


def _batches(
    lessons: Sequence[Lesson], config: TrainConfig, rng: np.random.Generator
) -> Iterator[list[Lesson]]:
    size = min(config.films, len(lessons))
    while True:
        order = rng.permutation(len(lessons))
        for start in range(0, len(order) - size + 1, size):
            yield [lessons[int(index)] for index in order[start : start + size]]


def _loss(
    encoder: TokenEncoder,
    items: States,
    queries: States,
    lessons: Sequence[Lesson],
    extras: Sequence[Extra],
    config: TrainConfig,
    scale: Tensor,
    rng: np.random.Generator,
) -> Tensor:
    hard = [int(rng.choice(lesson.hard)) for lesson in lessons if len(lesson.hard)]
    missed = [lesson for lesson in lessons if lesson.near_miss >= 0]
    wanted = [lesson.item for lesson in lessons] + [extra.item for extra in extras]
    columns = list(dict.fromkeys([*wanted, *hard]))
    place = {item: column for column, item in enumerate(columns)}
    asked = [int(rng.choice(lesson.requests)) for lesson in lessons]
    asked += [extra.request for extra in extras]
    texts = asked + [lesson.near_miss for lesson in missed]
    logits = scale.exp() * compare(encode(encoder, queries, texts), encode(encoder, items, columns))
    target = torch.tensor([place[item] for item in wanted])
    # Another item that answers a composed request too is no mistake.
    closed = torch.zeros_like(logits, dtype=torch.bool)
    for row, extra in enumerate(extras, len(lessons)):
        closed[row] = torch.from_numpy(extra.answers[columns])
        closed[row, place[extra.item]] = False
    by_item = nn.functional.cross_entropy(
        logits[: len(asked)].masked_fill(closed[: len(asked)], -1e4), target
    )
    films = target[: len(lessons)]
    # Composed requests may fit many items: they are no alternatives on this side.
    rows = torch.tensor([*range(len(lessons)), *range(len(asked), len(texts))])
    by_request = nn.functional.cross_entropy(logits[rows][:, films].T, torch.arange(len(lessons)))
    loss = by_item + 0.5 * by_request
    if missed:
        chance = logits[len(asked) :].softmax(1)
        own = chance[torch.arange(len(missed)), torch.tensor([place[m.item] for m in missed])]
        loss = loss - config.near_miss * torch.log1p(-own.clamp(max=0.999)).mean()
    return loss
