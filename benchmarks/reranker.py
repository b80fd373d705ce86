"""Reading candidates: Vouch's reranker beside a plain cross-encoder, on a processor or a GPU.

    python benchmarks/reranker.py [--threads N] [--rounds N] [--pairs N]

Both read the same requests and the same items' texts in the same run, taking turns. The
cross-encoder is the MiniLM-L6 backbone under ``CrossEncoder.predict``; its head is random, which
does not change its speed. Where there is a GPU, all of it runs there. Printed as one JSON object:

``30 pairs``, ``50 pairs``
    What a turn waits for, in ms, and how many times longer the cross-encoder takes (batch 32).
``rates``
    Pairs a second, all `--pairs` at once and lengths sorted, in fp32 and bf16; for Vouch with the
    items read beforehand, as it serves them, and the items a second of that reading. For what runs
    a network, the share of the device's measured matrix products that its arithmetic is.
``against fp32``
    What bf16 changes: the largest error of a score as a share of the scores' spread, and Kendall's
    tau of the two rankings, mean and least over lists of 50.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import kendalltau
from sentence_transformers import CrossEncoder
from tokenizers import Tokenizer
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from catalog import Catalog, Item, read_schema
from ranking.late_interaction import LateInteraction, TokenVectors, item_text
from ranking.reranker import COMMITTED, Recipe, RerankerConfig, load_reranker
from ranking.reranker_engines import TorchEngine
from ranking.scoring import Reranker
from ranking.token_encoder import load_encoder
from retrieval.embedder import minilm_files

ROOT = Path(__file__).parents[1]
LONGEST = 160
LIST = 50
PRECISIONS = {"fp32": torch.float32, "bf16": torch.bfloat16}
# MiniLM-L6: layers and width. A layer's products are 12 width^2 weights a token, and attention.
LAYERS, WIDTH = 6, 384

Pair = tuple[str, int]
"""A request and an item's row."""


@dataclass(frozen=True)
class Bench:
    """What is read, and where."""

    catalog: Catalog
    requests: list[str]
    device: torch.device
    scratch: Path

    def texts(self, pairs: Sequence[Pair]) -> list[tuple[str, str]]:
        """Return what a cross-encoder reads of `pairs`."""
        return [(text, item_text(self.catalog, row)) for text, row in pairs]

    def draw(self, lists: int, length: int, seed: int = 0) -> list[list[Pair]]:
        """Return `lists` requests, each with `length` items."""
        rng = np.random.default_rng(seed)
        drawn = rng.integers(len(self.requests), size=lists)
        return [
            [
                (self.requests[i], int(row))
                for row in rng.choice(len(self.catalog), length, replace=False)
            ]
            for i in drawn
        ]

    def cross_encoder(self, precision: str) -> CrossEncoder:
        """Return a six-layer MiniLM cross-encoder with a random head, the same every time."""
        folder = self.scratch / "plain"
        if not folder.exists():
            torch.manual_seed(0)
            source = str(minilm_files())
            model = AutoModelForSequenceClassification.from_pretrained(source, num_labels=1)
            model.save_pretrained(folder)
            AutoTokenizer.from_pretrained(source).save_pretrained(folder)
        dtype = {"dtype": PRECISIONS[precision]}
        device = str(self.device)
        return CrossEncoder(str(folder), max_length=LONGEST, device=device, model_kwargs=dtype)

    def engine(self, precision: str) -> TorchEngine:
        """Return what runs Vouch's encoder under torch."""
        recipe = Recipe.read(COMMITTED)
        encoder = load_encoder(COMMITTED, recipe.trained_layers, recipe.dimensions, "sdpa")
        return TorchEngine(encoder, self.device, PRECISIONS[precision])

    def tokenizer(self) -> Tokenizer:
        """Return the tokenizer of Vouch's encoder."""
        tokenizer = Tokenizer.from_file(str(minilm_files() / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(Recipe.read(COMMITTED).max_tokens)
        return tokenizer

    def vouch(self, precision: str, folder: Path) -> Callable[[], LateInteraction]:
        """Return what opens Vouch's reranker under torch, after reading the items into `folder`.

        Each one opened has yet to read its first request, and the items' vectors from disk.
        """
        engine, tokenizer = self.engine(precision), self.tokenizer()
        items = TokenVectors.build(self.catalog, engine, tokenizer, folder)
        scale = Recipe.read(COMMITTED).scale
        return lambda: LateInteraction(precision, engine, tokenizer, items, scale)


def films(count: int) -> Catalog:
    """Return the first `count` films that have notes."""
    schema = read_schema(ROOT / "catalog" / "demo" / "schema.toml")
    lines = (ROOT / "catalog" / "demo" / "film_notes.jsonl").read_text().splitlines()
    items = []
    for note in map(json.loads, lines[:count]):
        labels = {
            facet.name: tuple(note[facet.name])
            for facet in schema.facets
            if facet.kind in ("category", "people") and isinstance(note.get(facet.name), list)
        }
        names = ("year", "runtime_minutes")
        numbers = {name: note[name] for name in names if note[name] is not None}
        texts = {"synopsis": note["synopsis"]}
        items.append(Item(note["item_id"], note["title"], labels, numbers, texts=texts))
    return Catalog.build(schema, items)


def waits(bench: Bench, ours: Reranker, length: int, rounds: int) -> dict[str, object]:
    """Return how long `length` candidates take, Vouch's reranker and the cross-encoder in turns."""
    plain = bench.cross_encoder("fp32")
    times: dict[str, list[float]] = {"vouch": [], "cross-encoder": []}
    for turn, pairs in enumerate(bench.draw(rounds + 2, length), -2):  # two rounds to warm up
        rows = np.array([row for _, row in pairs], np.int32)
        start = time.perf_counter()
        ours.score(pairs[0][0], rows)
        middle = time.perf_counter()
        plain.predict(bench.texts(pairs), show_progress_bar=False)
        end = time.perf_counter()
        if turn >= 0:
            times["vouch"].append((middle - start) * 1e3)
            times["cross-encoder"].append((end - middle) * 1e3)
    ratio = np.median(times["cross-encoder"]) / np.median(times["vouch"])
    shown = {
        name: {f"p{at}_ms": round(float(np.percentile(values, at)), 1) for at in (50, 95)}
        for name, values in times.items()
    }
    return {**shown, "ratio_of_p50": round(float(ratio), 1)}


def rates(bench: Bench, n_pairs: int) -> dict[str, object]:
    """Return how much each way reads in a second, and how near that is to the device's limit."""
    pairs = [pair for drawn in bench.draw(-(-n_pairs // LIST), LIST) for pair in drawn][:n_pairs]
    texts = bench.texts(pairs)
    tokenizer = bench.tokenizer()
    single = [len(e.ids) for e in tokenizer.encode_batch([item_text(bench.catalog, row)
              for row in range(len(bench.catalog))])]  # fmt: skip
    tokenizer.enable_truncation(LONGEST)
    joint = [len(encoded.ids) for encoded in tokenizer.encode_batch(texts)]
    result: dict[str, object] = {}
    for precision, dtype in PRECISIONS.items():
        peak = _peak(bench.device, dtype)
        plain = bench.cross_encoder(precision)
        batch = 256 if bench.device.type == "cuda" else 32

        def predict(plain: CrossEncoder = plain, batch: int = batch) -> object:
            return plain.predict(texts, batch_size=batch, show_progress_bar=False)

        taken = _quickest(predict)
        with tempfile.TemporaryDirectory(dir=bench.scratch) as folder:
            start = time.perf_counter()
            opened = bench.vouch(precision, Path(folder) / "items")
            reading = time.perf_counter() - start
            serving = _quickest(lambda opened=opened: _all_scores(opened(), pairs))
        result[precision] = {
            "matrix products, TFLOP/s": _figures(peak / 1e12),
            "cross-encoder, pairs/s": _figures(len(pairs) / taken),
            "of the products": _figures(_arithmetic(joint) / taken / peak),
            "vouch, pairs/s": _figures(len(pairs) / serving),
            "vouch, items read/s": _figures(len(single) / reading),
            "of the products, reading": _figures(_arithmetic(single) / reading / peak),
        }
    return result


def against_fp32(bench: Bench, lists: int = 20) -> dict[str, object]:
    """Return what half precision changes in scores and rankings."""
    drawn = bench.draw(lists, LIST, seed=1)
    joint: dict[str, list[NDArray[np.float32]]] = {}
    late: dict[str, list[NDArray[np.float32]]] = {}
    for precision in PRECISIONS:
        plain = bench.cross_encoder(precision)
        joint[precision] = [
            np.asarray(
                plain.predict(bench.texts(pairs), activation_fn=torch.nn.Identity()), np.float32
            )
            for pairs in drawn
        ]
        with tempfile.TemporaryDirectory(dir=bench.scratch) as folder:
            ours = bench.vouch(precision, Path(folder) / "items")()
            late[precision] = [_scores(ours, pairs) for pairs in drawn]
    return {"cross-encoder": _agreement(joint), "vouch": _agreement(late)}


def _agreement(scores: dict[str, list[NDArray[np.float32]]]) -> dict[str, float]:
    taus, errors = [], []
    for full, half in zip(scores["fp32"], scores["bf16"], strict=True):
        taus.append(float(kendalltau(full, half)[0]))
        errors.append(float(np.abs(full - half).max() / np.ptp(full)))
    return {
        "largest error / spread": _figures(max(errors)),
        "Kendall's tau, mean": _figures(float(np.mean(taus))),
        "Kendall's tau, least": _figures(min(taus)),
    }


def _scores(ours: LateInteraction, pairs: Sequence[Pair]) -> NDArray[np.float32]:
    return ours.score(pairs[0][0], np.array([row for _, row in pairs], np.int32))


def _all_scores(ours: LateInteraction, pairs: Sequence[Pair]) -> None:
    for start in range(0, len(pairs), LIST):
        _scores(ours, pairs[start : start + LIST])


def _arithmetic(lengths: Sequence[int]) -> float:
    """Return the operations of one pass of MiniLM over texts of these `lengths`, in tokens."""
    n = np.asarray(lengths, np.float64)
    return float(np.sum(LAYERS * (24 * WIDTH**2 * n + 4 * WIDTH * n**2)))


def _peak(device: torch.device, dtype: torch.dtype) -> float:
    """Return the operations a second of the largest square matrix product, measured."""
    size = 8192 if device.type == "cuda" else 512
    left, right = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))

    def product() -> None:
        torch.mm(left, right)
        if device.type == "cuda":
            torch.cuda.synchronize()

    return 2 * size**3 / _quickest(product, rounds=5)


def _quickest(call: Callable[[], object], rounds: int = 2) -> float:
    """Return the least seconds of `rounds` calls after one to warm up."""
    call()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return min(taken)


def _figures(value: float) -> float:
    return float(f"{value:.3g}")


def run(threads: int, rounds: int, n_pairs: int, n_films: int = 400) -> dict[str, Any]:
    """Return all figures, over the first `n_films` films that have notes."""
    torch.set_num_threads(threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    lines = (ROOT / "ranking" / "data" / "film_requests.jsonl").read_text().splitlines()
    requests = [json.loads(line)["requests"][0] for line in lines]
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(films(n_films), requests, device, Path(scratch))
        config = RerankerConfig(threads=threads)
        ours = load_reranker(config, bench.catalog, bench.scratch)
        name = torch.cuda.get_device_name() if device.type == "cuda" else "processor"
        return {
            "device": name,
            "threads": threads,
            "rounds": rounds,
            "pairs": n_pairs,
            "reranker": ours.name,
            "30 pairs": waits(bench, ours, 30, rounds),
            "50 pairs": waits(bench, ours, 50, rounds),
            "rates": rates(bench, n_pairs),
            "against fp32": against_fp32(bench, max(1, n_pairs // LIST)),
        }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--pairs", type=int, default=200)
    options = parser.parse_args()
    print(json.dumps(run(options.threads, options.rounds, options.pairs), indent=1))


if __name__ == "__main__":
    main()
