"""Training of the embedded model's prose: briefs with tellings and a seed in, an adapter out.

Owns: `WriterConfig`, `train_writer`. Does not own: the pairs (`assistant.writer.pairs`), the
network (`assistant.writer.network`) or the file that is run (`assistant.writer.weights`).

    vouch train writer

It runs on one processor core in about an hour. Three things make that possible: the lower layers
are frozen and run once over everything, their states are kept; several tellings of one brief share
its tokens, each seeing the brief and itself; and the loss is over the tokens that occur.

Imports torch: import this module inside functions only.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from assistant.writer.network import Network
from assistant.writer.pairs import Pair
from assistant.writer.tokens import end_of_text, tokenizer_of
from assistant.writer.weights import ADAPTER_FILE, read_shape, read_weights, requantised
from catalog.progress import Progress, silent

_IGNORED = -100


@dataclass(frozen=True, slots=True)
class WriterConfig:
    """How the adapter is trained.

    Attributes
    ----------
    frozen : int
        Layers from the bottom that stay as they are.
    rank, alpha : int, float
        Of the changes to the others.
    epochs, batch : int
        Passes over the examples; examples a step.
    rate : float
        Highest learning rate.
    seed, threads : int
        Of everything that chance decides; 0 threads is every core.
    """

    frozen: int = 18
    rank: int = 16
    alpha: float = 32.0
    epochs: int = 2
    batch: int = 8
    rate: float = 1.2e-3
    seed: int = 0
    threads: int = 0


@dataclass(frozen=True, slots=True)
class WriterReport:
    """What was trained on, and the losses: nats a token.

    Attributes
    ----------
    pairs, tellings, tokens, tested : int
        Briefs and tellings learned from, their tokens, and briefs of films not learned from.
    loss_before : float
        On the tested, with the weights as they come.
    losses, tested_losses : tuple of float
        Of each pass: the mean while it learned, and on the tested after it.
    minutes : float
        In all.
    """

    pairs: int
    tellings: int
    tokens: int
    tested: int
    loss_before: float
    losses: tuple[float, ...]
    tested_losses: tuple[float, ...]
    minutes: float

    def to_json(self) -> dict[str, object]:
        """Return the report as plain values."""
        return asdict(self)

    def to_text(self) -> str:
        """Return the report as lines."""
        return "\n".join(f"{name:<14} {value}" for name, value in asdict(self).items())


@dataclass(frozen=True, slots=True)
class Row:
    """A pair as numbers: tokens, places and targets of shape (tokens,), seen (tokens, tokens)."""

    ids: Tensor
    places: Tensor
    seen: Tensor
    targets: Tensor


def row_of(pair: Pair, tokenizer: Tokenizer) -> Row:
    """Return `pair` as one row in which each telling sees the brief and itself."""
    shared = tokenizer.encode("\n".join((pair.noun, *pair.lines, "way"))).ids
    ids, places, branch = list(shared), list(range(len(shared))), [0] * len(shared)
    targets = [_IGNORED] * len(shared)
    for at, (way, text) in enumerate(pair.tellings, start=1):
        given = tokenizer.encode(f" {way}:").ids
        told = [*tokenizer.encode(f" {text}").ids, end_of_text(tokenizer)]
        # The last token of the way predicts the first of the text.
        ids += [*given, *told[:-1]]
        targets += [*[_IGNORED] * (len(given) - 1), *told]
        places += range(len(shared), len(shared) + len(given) + len(told) - 1)
        branch += [at] * (len(given) + len(told) - 1)
    owner = torch.tensor(branch)
    seen = (owner[None, :] == 0) | (owner[None, :] == owner[:, None])
    return Row(torch.tensor(ids), torch.tensor(places), seen.tril(), torch.tensor(targets))


def _padded(rows: Sequence[Row]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    size = max(len(row.ids) for row in rows)
    ids = torch.zeros(len(rows), size, dtype=torch.long)
    places = torch.zeros(len(rows), size, dtype=torch.long)
    targets = torch.full((len(rows), size), _IGNORED)
    # A token that pads looks at itself, for a row without anything to look at has no softmax.
    seen = torch.eye(size, dtype=torch.bool).repeat(len(rows), 1, 1, 1)
    for at, row in enumerate(rows):
        n = len(row.ids)
        ids[at, :n], places[at, :n], targets[at, :n] = row.ids, row.places, row.targets
        seen[at, 0, :n, :n] = row.seen
    return ids, places, seen, targets


class _Loss:
    """Cross-entropy over the tokens that occur."""

    def __init__(self, network: Network, rows: Sequence[Row]) -> None:
        used = torch.cat([torch.cat([row.ids, row.targets]) for row in rows])
        self._used = used[used >= 0].unique()
        self._place = torch.zeros(len(network.embedding), dtype=torch.long)
        self._place[self._used] = torch.arange(len(self._used))
        self._weights = network.embedding[self._used].contiguous()

    def __call__(self, states: Tensor, targets: Tensor) -> Tensor:
        kept = targets != _IGNORED
        logits = nn.functional.linear(states[kept], self._weights)
        return nn.functional.cross_entropy(logits, self._place[targets[kept]])


def train_writer(
    pairs: Sequence[Pair],
    tested: Sequence[Pair],
    source: Path,
    output: Path,
    config: WriterConfig = WriterConfig(),
    progress: Progress = silent,
) -> WriterReport:
    """Write the adapter and its recipe into `output`.

    Parameters
    ----------
    pairs, tested : sequence of Pair
        Learned from, and measured on.
    source : Path
        GGUF file of the model.
    output : Path
        Folder; written after every pass.
    """
    started = perf_counter()
    if config.threads:
        torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    rng = random.Random(config.seed)  # noqa: S311 - not for secrets
    tokenizer, network = tokenizer_of(source), _network(source, config)
    rows = [row_of(pair, tokenizer) for pair in pairs]
    held = [row_of(pair, tokenizer) for pair in tested]
    loss_of = _Loss(network, [*rows, *held])
    before = _measured(network, held, loss_of, config.batch)
    learned: list[float] = []
    after: list[float] = []
    for losses in _passes(network, rows, loss_of, config, rng, progress):
        learned.append(float(np.mean(losses)))
        after.append(_measured(network, held, loss_of, config.batch))
        _save(network, output)
    report = WriterReport(
        len(pairs),
        sum(len(pair.tellings) for pair in pairs),
        sum(len(row.ids) for row in rows),
        len(tested),
        before,
        tuple(learned),
        tuple(after),
        round((perf_counter() - started) / 60, 1),
    )
    recipe = {"config": asdict(config), "report": report.to_json()}
    (output / "recipe.json").write_text(json.dumps(recipe, indent=2) + "\n", encoding="utf-8")
    return report


def _network(source: Path, config: WriterConfig) -> Network:
    weights = read_weights(source)
    for name in weights:
        # The frozen layers as they will be run, so that the others learn to make up for it.
        layer = re.fullmatch(r"blk\.(\d+)\..*(?<!norm)\.weight", name)
        if layer and int(layer[1]) < config.frozen:
            weights[name] = requantised(weights[name])
    return Network(
        weights, read_shape(source), frozen=config.frozen, rank=config.rank, alpha=config.alpha
    )


def _passes(
    network: Network,
    rows: Sequence[Row],
    loss_of: _Loss,
    config: WriterConfig,
    rng: random.Random,
    progress: Progress,
) -> Iterator[list[float]]:
    """Learn, and yield the losses of each pass after it."""
    batches = _batches(rows, config.batch, rng)
    kept = _lower(network, rows, batches, progress)
    steps = config.epochs * len(batches)
    optimiser = torch.optim.AdamW(
        [weight for weight in network.parameters() if weight.requires_grad],
        lr=config.rate, weight_decay=0.0, betas=(0.9, 0.99),
    )  # fmt: skip
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, config.rate, total_steps=steps + 1, pct_start=0.05
    )
    for epoch in range(config.epochs):
        losses: list[float] = []
        for batch in rng.sample(range(len(batches)), len(batches)):
            _, places, seen, targets = _padded([rows[at] for at in batches[batch]])
            loss = loss_of(network.upper(kept[batch].float(), places, seen), targets)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
            progress("training the writer", epoch * len(batches) + len(losses), steps)
        yield losses


def _save(network: Network, output: Path) -> None:
    """Write the adapter: both thin matrices of each change, in half precision."""
    output.mkdir(parents=True, exist_ok=True)
    save_file(network.changes(), output / ADAPTER_FILE)
    (output / ADAPTER_FILE).chmod(0o644)  # safetensors leaves it for the owner alone


def _batches(rows: Sequence[Row], size: int, rng: random.Random) -> list[list[int]]:
    """Return batches of rows of like length."""
    order = sorted(range(len(rows)), key=lambda i: (len(rows[i].ids) // 12, rng.random()))
    return [order[at : at + size] for at in range(0, len(order), size)]


def _lower(
    network: Network, rows: Sequence[Row], batches: Sequence[Sequence[int]], progress: Progress
) -> list[Tensor]:
    """Return what the frozen layers make of each batch, in half precision."""
    kept: list[Tensor] = []
    with torch.no_grad():
        for at, batch in enumerate(batches):
            ids, places, seen, _ = _padded([rows[i] for i in batch])
            kept.append(network.lower(ids, places, seen).half())
            progress("reading the examples", at + 1, len(batches))
    return kept


def _measured(network: Network, rows: Sequence[Row], loss_of: _Loss, size: int) -> float:
    losses: list[float] = []
    with torch.no_grad():
        for at in range(0, len(rows), size):
            ids, places, seen, targets = _padded(rows[at : at + size])
            states = network.upper(network.lower(ids, places, seen), places, seen)
            losses.append(float(loss_of(states, targets)))
    return float(np.mean(losses)) if losses else float("nan")
