"""What late interaction gives up: the shipped reranker beside a joint cross-encoder.

    python benchmarks/cross_encoder.py --home HOME --output DIR [--steps 500] [--requests 200]

The joint model is MiniLM-L6 with a classification head (Nogueira & Cho, 2019). It starts from the
shipped reranker's layers, for from the wheel's it had learned nothing after an hour, and trains the
same ones, on the lessons of ``vouch train reranker``: for a request, a softmax over its item and
four that look like answers; for an item, a softmax over its request and its near miss. Both models
then rank the candidates of the same held-out requests (`evaluate_reranker`). DIR keeps the joint
model: with it there, only the judging is done. The training takes an hour or so on one core.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.home import Home
from assistant.settings import load_settings
from catalog import Catalog
from catalog.database import load_catalog, open_database
from ranking.late_interaction import item_text
from ranking.reranker import COMMITTED, Recipe, RerankerConfig, load_reranker
from ranking.reranker_data import split_of
from ranking.reranker_evaluation import evaluate_reranker
from ranking.train_config import TrainConfig
from ranking.train_reranker import REQUESTS, Material, gather, lessons_of
from retrieval.embedder import load_embedder, minilm_files
from ui.options import progress_bars

if TYPE_CHECKING:
    import torch
    from torch import Tensor

RIVALS = 4
LISTS = 8
RATE = 1e-4


def train(catalog: Catalog, material: Material, output: Path, steps: int, seed: int) -> None:
    """Train the joint model and save it, with its tokenizer, in `output`."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    from ranking.token_encoder import load_encoder

    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    source = str(minilm_files())
    tokenizer = AutoTokenizer.from_pretrained(source)
    model = AutoModelForSequenceClassification.from_pretrained(source, num_labels=1).train()
    recipe = Recipe.read(COMMITTED)
    shipped = load_encoder(COMMITTED, recipe.trained_layers, recipe.dimensions)
    layers = model.bert.encoder.layer
    for layer, learned in zip(layers, (*shipped.lower, *shipped.upper), strict=True):
        layer.load_state_dict(learned.state_dict())
    for part in (model.bert.embeddings, *layers[: len(shipped.lower)]):
        part.requires_grad_(False)
    learning = [weights for weights in model.parameters() if weights.requires_grad]
    optimiser = torch.optim.AdamW(learning, lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / 30, 1 - step / (steps + 1))
    )
    lessons = lessons_of(catalog, material)
    texts, rows = list(material.texts), material.baselines.rows
    order: list[int] = []
    began = time.perf_counter()
    for step in range(1, steps + 1):
        pairs: list[tuple[str, str]] = []
        for _ in range(LISTS):
            order = order or rng.permutation(len(lessons)).tolist()
            lesson = lessons[order.pop()]
            request = texts[int(rng.choice(lesson.requests))]
            rivals = rng.choice(lesson.hard, RIVALS, replace=len(lesson.hard) < RIVALS)
            columns = (lesson.item, *rivals)
            pairs += [(request, item_text(catalog, int(rows[column]))) for column in columns]
            missed = texts[lesson.near_miss] if lesson.near_miss >= 0 else ""
            pairs.append((missed, pairs[-RIVALS - 1][1]))
        loss = _loss(model, tokenizer, pairs)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 20 == 0:
            spent = time.perf_counter() - began
            print(f"step {step} of {steps}: loss {float(loss):.3f}, {spent:.0f} s", flush=True)
    model.save_pretrained(output)
    tokenizer.save_pretrained(output)


def _loss(model: torch.nn.Module, tokenizer: object, pairs: list[tuple[str, str]]) -> Tensor:
    """Return the loss of a step: lists of an item, its rivals, and the item under a near miss."""
    import torch

    logits = torch.empty(len(pairs))
    order = sorted(range(len(pairs)), key=lambda place: len(pairs[place][0] + pairs[place][1]))
    parts, places = [], []
    for start in range(0, len(order), 8):  # batches of like length stay in the cache
        some = order[start : start + 8]
        batch = tokenizer(  # type: ignore[operator]
            [pairs[place][0] for place in some], [pairs[place][1] for place in some],
            padding=True, truncation=True, max_length=160, return_tensors="pt",
        )  # fmt: skip
        parts.append(model(**batch).logits[:, 0])
        places += some
    logits = torch.cat(parts)[torch.argsort(torch.tensor(places))].view(-1, RIVALS + 2)
    first = torch.zeros(len(logits), dtype=torch.long)
    by_item = torch.nn.functional.cross_entropy(logits[:, :-1], first)
    by_request = torch.nn.functional.cross_entropy(logits[:, [0, RIVALS + 1]], first)
    return by_item + 0.5 * by_request


def main() -> None:
    """Train where there is nothing yet, judge both, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--requests", type=int, default=200, help="held-out requests to judge by")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    import torch

    torch.set_num_threads(options.threads)
    settings = load_settings(home=options.home)
    cache = Home(settings.home).models
    catalog = load_catalog(open_database(settings.url))
    with progress_bars() as progress:
        embedder = load_embedder(settings.embedder, cache, progress)
        material = gather(catalog, embedder, REQUESTS, TrainConfig(seed=options.seed), progress)
        if not (options.output / "config.json").exists():
            train(catalog, material, options.output, options.steps, options.seed)
        held = [item for item in material.wanted
                if split_of(catalog.items[item.row].item_id) == "test"]  # fmt: skip
        held = held[: options.requests // 2]
        found = {}
        for name, model in {"shipped": "vouch", "joint": str(options.output)}.items():
            reranker = load_reranker(RerankerConfig(model=model), catalog, cache, progress)
            report = evaluate_reranker(
                held, material.texts, material.baselines, reranker, options.seed, progress
            )
            found[name] = report.to_json()
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
