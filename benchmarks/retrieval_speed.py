"""How fast candidates are found, and where exact search stops being the faster one.

    python benchmarks/retrieval_speed.py --home HOME            the film demo in HOME
    python benchmarks/retrieval_speed.py --crossover 10000 50000 100000

The first opens (and where needed builds) the index of the film demo and times every retriever; the
second times Chroma's approximate search against the exact one on synthetic clustered vectors.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from catalog import Catalog, Item, parse_schema
from catalog.database import has_catalog, load_catalog, open_database
from catalog.demo.films import load_demo
from retrieval.dense import DenseConfig, open_dense
from retrieval.embedder import EmbedderConfig, Vectors, load_embedder
from retrieval.lexical import LexicalRetriever
from retrieval.popular import PopularRetriever
from retrieval.query import Query
from retrieval.retrieve import retrieve_all

TOPICS = (
    "a slow heist gone wrong",
    "something warm and funny for the whole family",
    "paranoid conspiracy thriller in the snow",
    "two strangers fall in love in one night",
    "robots that dream, melancholy science fiction",
)


def percentiles(call: Callable[[int], object], times: int) -> dict[str, float]:
    """Median and 95th percentile of `call` in milliseconds, after two that do not count."""
    for warm in range(2):
        call(warm)
    taken: list[float] = []
    for index in range(times):
        start = time.perf_counter()
        call(index)
        taken.append((time.perf_counter() - start) * 1000)
    return {
        "p50_ms": round(float(np.median(taken)), 3),
        "p95_ms": round(float(np.percentile(taken, 95)), 3),
    }


def films(home: Path, threads: int, times: int) -> dict[str, object]:
    """Build and open times, and each retriever's latency, on the film demo in `home`."""
    home.mkdir(parents=True, exist_ok=True)
    engine = open_database(f"sqlite:///{home / 'vouch.db'}")
    if not has_catalog(engine):
        load_demo(engine)
    catalog = load_catalog(engine)
    result: dict[str, object] = {"items": len(catalog), "threads": threads}

    start = time.perf_counter()
    embedder = load_embedder(EmbedderConfig(threads=threads), home / "models")
    result["embedder_s"] = round(time.perf_counter() - start, 2)
    start = time.perf_counter()
    open_dense(catalog, embedder, home / "index").close()
    result["build_or_open_s"] = round(time.perf_counter() - start, 2)
    start = time.perf_counter()
    dense = open_dense(catalog, embedder, home / "index")
    result["open_s"] = round(time.perf_counter() - start, 2)
    start = time.perf_counter()
    lexical = LexicalRetriever(catalog)
    result["lexical_build_s"] = round(time.perf_counter() - start, 2)

    popular = PopularRetriever(catalog)
    everything = np.ones(len(catalog), np.bool_)
    queries = [Query(topic) for topic in TOPICS]

    def pick(index: int) -> Query:
        return queries[index % len(queries)]

    # A number in the text: the retriever remembers the vectors of its last queries.
    result["embed_query"] = percentiles(lambda i: dense.embed_query(f"{pick(i).text} {i}"), times)
    result["dense"] = percentiles(lambda i: dense.retrieve(pick(i), everything, 100), times)
    result["lexical"] = percentiles(lambda i: lexical.retrieve(pick(i), everything, 100), times)
    result["popular"] = percentiles(lambda i: popular.retrieve(pick(i), everything, 100), times)
    every = (dense, lexical, popular)
    result["retrieve_all"] = percentiles(lambda i: retrieve_all(pick(i), every, catalog), times)
    dense.close()
    return result


class Given:
    """An embedder whose vectors are drawn beforehand; a text is the position of its vector."""

    fingerprint = "given"

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self.dimensions = vectors.shape[1]

    def embed(self, texts: list[str]) -> Vectors:
        """Return the vectors at these positions."""
        return self._vectors[[int(text.rstrip(".")) for text in texts]]


def crossover(size: int, seed: int, times: int) -> list[dict[str, object]]:
    """Latency of both searches over `size` clustered vectors, and the recall of the approximate."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(max(20, size // 100), 384))
    vectors = centres[rng.integers(0, len(centres), size)] + 0.5 * rng.normal(size=(size, 384))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    schema = parse_schema('name = "numbers"')
    catalog = Catalog.build(schema, [Item(str(row), str(row)) for row in range(size)])
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        always = DenseConfig(exact_below=size)
        exact = open_dense(catalog, Given(vectors), Path(folder), config=always)
        never = DenseConfig(exact_below=0)
        approximate = open_dense(catalog, Given(vectors), Path(folder), config=never)
        for share in (1.0, 0.5, 0.2, 0.05):
            allowed = rng.random(size) < share
            found = []
            for index in range(times):
                query = Query(str(index * 7 % size))
                one, other = (d.retrieve(query, allowed, 100) for d in (exact, approximate))
                found.append(len(np.intersect1d(one.rows, other.rows)) / len(one))
            rows.append(
                {
                    "items": size,
                    "allowed": int(allowed.sum()),
                    "exact": percentiles(
                        lambda i, a=allowed: exact.retrieve(Query(str(i)), a, 100), times
                    ),
                    "approximate": percentiles(
                        lambda i, a=allowed: approximate.retrieve(Query(str(i)), a, 100), times
                    ),
                    "recall_at_100": round(float(np.mean(found)), 4),
                }
            )
        exact.close()
        approximate.close()
    return rows


def main() -> None:
    """Run what the arguments ask for and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, help="folder of the film demo, built when empty")
    parser.add_argument("--crossover", type=int, nargs="*", default=[], metavar="ITEMS")
    parser.add_argument("--threads", type=int, default=2, help="threads of the embedder")
    parser.add_argument("--times", type=int, default=100, help="queries per figure")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
    options = parser.parse_args()
    report: dict[str, object] = {"seed": options.seed}
    if options.home:
        report["films"] = films(options.home, options.threads, options.times)
    if options.crossover:
        report["crossover"] = [
            row
            for size in options.crossover
            for row in crossover(size, options.seed, options.times)
        ]
    print(json.dumps(report, indent=None if options.json else 2))


if __name__ == "__main__":
    main()
