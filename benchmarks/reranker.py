"""Time to score 30 and 50 candidates: Vouch's reranker beside a plain cross-encoder.

Run: ``python benchmarks/reranker.py [--threads N] [--rounds N]``. Both read the same requests and
the same items' texts in the same run, taking turns. The cross-encoder is the MiniLM-L6 backbone
under ``CrossEncoder.predict``, batch 32: its head is random, which does not change its speed.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from catalog import Catalog, Item, read_schema
from ranking.late_interaction import item_text
from ranking.reranker import RerankerConfig, load_reranker
from retrieval.embedder import minilm_files

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

ROOT = Path(__file__).parents[1]
FILMS = 400


def films() -> Catalog:
    """Return the first films that have notes."""
    schema = read_schema(ROOT / "catalog" / "demo" / "schema.toml")
    lines = (ROOT / "catalog" / "demo" / "film_notes.jsonl").read_text().splitlines()
    items = []
    for note in map(json.loads, lines[:FILMS]):
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


def cross_encoder(folder: Path, threads: int) -> CrossEncoder:
    """Return a six-layer MiniLM cross-encoder with a fresh head."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    source = str(minilm_files())
    AutoModelForSequenceClassification.from_pretrained(source, num_labels=1).save_pretrained(folder)
    AutoTokenizer.from_pretrained(source).save_pretrained(folder)
    torch.set_num_threads(threads)
    return CrossEncoder(str(folder), max_length=160, device="cpu")


def main() -> None:
    """Measure and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    catalog = films()
    requests = [
        json.loads(line)["requests"][0]
        for line in (ROOT / "ranking" / "data" / "film_requests.jsonl").read_text().splitlines()
    ]
    result: dict[str, object] = {"threads": options.threads, "rounds": options.rounds}
    with tempfile.TemporaryDirectory() as scratch:
        config = RerankerConfig(engine="onnx", threads=options.threads)
        ours = load_reranker(config, catalog, Path(scratch))
        plain = cross_encoder(Path(scratch) / "plain", options.threads)
        rng = np.random.default_rng(0)
        for pairs in (30, 50):
            times: dict[str, list[float]] = {"vouch": [], "cross-encoder": []}
            for turn in range(-2, options.rounds):  # two rounds to warm up
                text = requests[int(rng.integers(len(requests)))]
                rows = rng.choice(len(catalog), pairs, replace=False).astype(np.int32)
                start = time.perf_counter()
                ours.score(text, rows)
                middle = time.perf_counter()
                plain.predict(
                    [(text, item_text(catalog, int(row))) for row in rows], show_progress_bar=False
                )
                end = time.perf_counter()
                if turn >= 0:
                    times["vouch"].append((middle - start) * 1e3)
                    times["cross-encoder"].append((end - middle) * 1e3)
            shown = {
                name: {"p50_ms": round(float(np.percentile(values, 50)), 1),
                       "p95_ms": round(float(np.percentile(values, 95)), 1)}
                for name, values in times.items()
            }  # fmt: skip
            ratio = float(np.median(times["cross-encoder"]) / np.median(times["vouch"]))
            result[f"{pairs} pairs"] = {**shown, "ratio_of_p50": round(ratio, 1)}
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
