"""What a large catalogue costs: building, opening, finding, and a whole turn's cards.

    python benchmarks/scale.py --items 100000 --models DIR [--seed 0] [--json]
    python benchmarks/scale.py --quick --models DIR

The items are invented: values, words and titles of the film demo's described films, recombined. An
item's vector lies around that of one of 300 films, so that they form clusters; these 300 are
embedded for real, and so is every query. The reranker reads the texts of the same 300 in place of
the items' own: as much work for a candidate, without days of reading. All else is what a turn runs
through. DIR keeps the exported graphs of the models; with --index DIR the index is kept as well.

Conditions: none, one that a tenth or a half of the items meet, two that a twentieth meets.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from assistant.engine import Assistant
from assistant.events import CardsReady
from assistant.explanation import Explainer
from assistant.parts import Parts
from assistant.store import SqlStore
from assistant.understanding import Tagger, Understander
from catalog import Catalog, Constraint, FacetStore, Interactions, Item, Mask
from catalog.database import load_catalog, open_database, save_catalog
from catalog.demo.films import load_demo
from evaluation.latency import bench_turn
from ranking.cf import ALS, ALSConfig
from ranking.rank import open_ranker
from ranking.reranker import RerankerConfig, load_reranker
from ranking.scoring import Reranker
from retrieval.collaborative import CollaborativeRetriever
from retrieval.content import ContentRetriever
from retrieval.dense import DenseConfig, DenseRetriever, open_dense
from retrieval.embedder import Embedder, EmbedderConfig, Vectors, load_embedder
from retrieval.lexical import LexicalRetriever
from retrieval.popular import PopularRetriever
from retrieval.query import Hits, Query, Retriever, Rows, Scores
from retrieval.retrieve import RetrievalConfig, allowed_rows, retrieve_all

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

Step = TypeVar("Step")

CENTRES = 300
# Length of what parts an item's vector from its centre: a cosine of about 0.8 between the two.
SPREAD = 0.75
MET = 20
FILTERS = ("none", "10%", "50%", "5% (two)")
DEEP = 100


@dataclass(frozen=True, slots=True)
class Invented:
    """A large catalogue's items, and what they were made of.

    Attributes
    ----------
    items : tuple of Item
        Titles differ.
    centre : int32 array, shape (n_items,)
        Which of `films` each item's vector lies around.
    films : Catalog
        The described films that are really read.
    """

    items: tuple[Item, ...]
    centre: Rows
    films: Catalog


class DrawnEmbedder:
    """Items' vectors as drawn; all other texts by a real model."""

    def __init__(self, rows: dict[str, int], vectors: Vectors, model: Embedder) -> None:
        self._rows, self._vectors, self._model = rows, vectors, model
        self.dimensions = vectors.shape[1]
        self.fingerprint = f"drawn {model.fingerprint}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed`."""
        rows = [self._rows.get(text, -1) for text in texts]
        return self._vectors[rows] if min(rows) >= 0 else self._model.embed(texts)


class SampledReranker:
    """Reads a few texts in place of all: the work for a candidate is the same."""

    def __init__(self, model: Reranker, texts: int) -> None:
        self.name = model.name
        self._model, self._texts = model, texts

    def score(self, text: str, rows: Rows) -> Scores:
        """See `Reranker.score`."""
        return self._model.score(text, rows % self._texts)


@dataclass(slots=True)
class Costs:
    """Seconds and memory of each step, in the order in which they were taken."""

    found: dict[str, dict[str, float]] = field(default_factory=dict[str, dict[str, float]])

    def of(self, name: str, step: Callable[[], Step]) -> Step:
        """Return what `step` returns, noting what it took."""
        before, start = resident(), time.perf_counter()
        result = step()
        self.found[name] = {
            "s": round(time.perf_counter() - start, 2),
            "mb": round(resident() - before),
        }
        print(name, self.found[name], file=sys.stderr, flush=True)
        return result


def resident() -> float:
    """Return this process's resident memory in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def invent(size: int, random: Generator) -> Invented:
    """Return `size` items made of the film demo's described films; seeded."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'films.db'}")
        load_demo(database)
        demo = load_catalog(database)
        database.dispose()
    described = [item for item in demo.items if item.texts]
    order = random.permutation(len(described)).tolist()
    described = [described[at] for at in order]
    films = Catalog.build(demo.schema, described[:CENTRES])
    centre = random.integers(len(films), size=size).astype(np.int32)
    others = random.integers(len(described), size=(size, 3))
    parts = zip(centre.tolist(), others.tolist(), strict=True)
    titles: set[str] = set()
    items = tuple(
        _crossed(row, [described[at] for at in (near, *far)], titles)
        for row, (near, far) in enumerate(parts)
    )
    return Invented(items, centre, films)


def _crossed(row: int, films: Sequence[Item], titles: set[str]) -> Item:
    """Return an item with the mood of the first film, people of the second, numbers of others."""
    first, second, third, fourth = films
    words, more = second.title.split(), third.title.split()
    title = " ".join([*words[: max(1, len(words) // 2)], *more[len(more) // 2 :]])
    title = title if title not in titles else f"{title} {row}"
    titles.add(title)
    mixed = first.labels.get("keywords", ())[:3] + second.labels.get("keywords", ())[3:]
    labels = {
        **third.labels,
        **{name: first.labels[name] for name in ("genres", "mood") if name in first.labels},
        "keywords": tuple(dict.fromkeys(mixed)),
        "cast": tuple(
            dict.fromkeys(second.labels.get("cast", ())[:2] + third.labels.get("cast", ())[2:])
        ),
    }
    numbers = {**second.numbers, "year": fourth.numbers["year"]}
    text, other = first.texts["synopsis"].split(". "), second.texts["synopsis"].split(". ")
    synopsis = ". ".join([text[0], *other[-1:]])
    return Item(f"i{row}", title, labels, numbers, texts={"synopsis": synopsis})


def met(size: int, random: Generator) -> Interactions:
    """Return who met what: few items are met by many, as everywhere."""
    people = min(max(size // 10, 50), 10_000)
    rows = random.permutation(size)[(size * random.random(people * MET) ** 3).astype(np.int64)]
    users = [f"u{at // MET}" for at in range(people * MET)]
    times = np.arange(people * MET, dtype=np.int64)
    values = random.integers(1, 6, people * MET).astype(np.float32)
    return Interactions.build(users, rows.astype(np.int32), values, times)


def around(centres: Vectors, centre: Rows, random: Generator) -> Vectors:
    """Return a unit vector for each item near that of its centre, shape (n_items, dimensions)."""
    size = SPREAD / np.sqrt(centres.shape[1])
    vectors = random.standard_normal((len(centre), centres.shape[1]), np.float32)
    vectors *= np.float32(size)
    vectors += centres[centre]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def conditions(catalog: Catalog) -> dict[str, tuple[Constraint, ...]]:
    """Return the conditions of each name of `FILTERS`."""
    year, length = (catalog.facets.numbers(name) for name in ("year", "runtime_minutes"))
    late, middle = np.nanquantile(year, 0.9), np.nanquantile(year, 0.5)
    short = np.nanquantile(length, 0.1)
    half = Constraint("year", ">=", float(middle))
    return {
        "none": (),
        "10%": (Constraint("year", ">=", float(late)),),
        "50%": (half,),
        "5% (two)": (half, Constraint("runtime_minutes", "<=", float(short))),
    }


def said(constraints: Sequence[Constraint]) -> str:
    """Return `constraints` as a person says them."""
    return "".join(
        f", after {float(bound.value) - 1:g}"
        if bound.facet == "year"
        else f", at most {float(bound.value):g} minutes"
        for bound in constraints
    )


def wishes(catalog: Catalog, count: int, random: Generator) -> list[tuple[str, int]]:
    """Return wishes in words that some item grants, and the row of one to be liked beside."""
    rows = random.integers(len(catalog), size=(count, 2)).tolist()
    found: list[tuple[str, int]] = []
    for row, liked in rows:
        mood = catalog.items[row].labels.get("mood", ("good",))
        about = catalog.items[row].labels.get("keywords", ("friendship",))
        found.append((f"something {mood[0]} about {about[-1]}", liked))
    return found


def percentiles(taken: Sequence[float]) -> dict[str, float]:
    """Return the median and the 95th percentile, of milliseconds."""
    return {
        "p50_ms": round(float(np.median(taken)), 1),
        "p95_ms": round(float(np.percentile(taken, 95)), 1),
    }


def timed(call: Callable[[int], object], times: int) -> list[float]:
    """Return the milliseconds of each of `times` calls, after two that do not count."""
    taken: list[float] = []
    for index in range(-2, times):
        start = time.perf_counter()
        call(index % times)
        taken.append((time.perf_counter() - start) * 1000)
    return taken[2:]


def found_in(
    catalog: Catalog,
    retrievers: Sequence[Retriever],
    constraints: tuple[Constraint, ...],
    asked: Sequence[tuple[str, int]],
) -> dict[str, object]:
    """Return what retrieval takes: all of it, and each retriever alone."""
    # A number in the text: the retriever remembers the vectors of its last queries.
    queries = [
        Query(f"{text} {at}", likes=(liked,), constraints=constraints, exclude=frozenset((liked,)))
        for at, (text, liked) in enumerate(asked)
    ]
    times = len(queries)
    config = RetrievalConfig()
    whole = timed(lambda i: retrieve_all(queries[i], retrievers, catalog, config), times)
    masks = [allowed_rows(query, catalog) for query in queries[:1]]
    alone = {
        retriever.name: percentiles(
            timed(lambda i, r=retriever: r.retrieve(queries[i], masks[0], DEEP), times)
        )
        for retriever in retrievers
    }
    return {"admitted": int(masks[0].sum()), "all": percentiles(whole), "alone": alone}


def cards(
    assistant: Assistant, constraints: tuple[Constraint, ...], asked: Sequence[tuple[str, int]]
) -> dict[str, object]:
    """Return what first turns take until their cards are stored, and the median of each stage.

    Processor time, of all threads together, says what it would be where nothing else runs.
    """
    waits: list[float] = []
    work: list[float] = []
    stages: dict[str, list[float]] = {}
    full: list[bool] = []
    understood: list[bool] = []
    wanted = {(c.facet, c.op, c.value) for c in constraints}
    for at, (text, liked) in enumerate((*asked[:2], *asked)):
        if at % 2:
            text = f"something like {assistant.catalog.name(liked)}"  # noqa: PLW2901
        session = assistant.start()
        start, worked = time.perf_counter(), time.process_time()
        turn = next(
            event.turn
            for event in assistant.respond(session, f"{text}{said(constraints)}")
            if isinstance(event, CardsReady)
        )
        taken, spent = time.perf_counter() - start, time.process_time() - worked
        if at < 2:
            continue
        waits.append(taken * 1000)
        work.append(spent * 1000)
        full.append(len(turn.cards) == 5)
        held = {(c.facet, c.op, c.value) for c in turn.profile.constraints}
        understood.append(wanted <= held)
        for stage, lasted in turn.timings_ms.items():
            stages.setdefault(stage, []).append(lasted)
    return {
        "cards": percentiles(waits),
        "cards_processor": percentiles(work),
        "stages_p50_ms": {name: round(float(np.median(t)), 1) for name, t in stages.items()},
        "full_slates": round(float(np.mean(full)), 3),
        "conditions_understood": round(float(np.mean(understood)), 3),
    }


def chroma_filters(
    catalog: Catalog, dense: DenseRetriever, seed: int, times: int
) -> dict[str, object]:
    """Return Chroma's own filters beside Vouch's search, over the same vectors.

    The first 100 are asked for; recall is against the exact answer.
    """
    vectors, random = dense.vectors, default_rng(seed)
    drawn: NDArray[np.int64] = random.integers(0, 100, size=(len(vectors), 2))
    asked = random.integers(len(vectors), size=times).tolist()
    texts = [Query(catalog.document(row)) for row in asked]
    few, half = {"b": {"$lt": 10}}, {"a": {"$lt": 50}}
    wheres: dict[str, tuple[Mapping[str, object] | None, Mask]] = {
        "none": (None, np.ones(len(vectors), np.bool_)),
        "50%": (half, drawn[:, 0] < 50),
        "10%": (few, drawn[:, 1] < 10),
        "5% (two)": ({"$and": [half, few]}, (drawn[:, 0] < 50) & (drawn[:, 1] < 10)),
        "1%": ({"a": {"$lt": 1}}, drawn[:, 0] < 1),
    }
    found: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder, closing(_chroma(Path(folder))) as client:
        collection = _collection(client, vectors, drawn)
        for name, (where, allowed) in wheres.items():
            theirs, ours = [set[int]()] * times, [set[int]()] * times

            def ask(i: int, where: object = where, to: list[set[int]] = theirs) -> None:
                answer = collection.query(
                    query_embeddings=cast(Any, vectors[asked[i]][np.newaxis]),
                    n_results=DEEP,
                    where=cast(Any, where),
                    include=["distances"],
                )
                to[i] = {int(key) for key in answer["ids"][0]}

            def search(i: int, mask: Mask = allowed, to: list[set[int]] = ours) -> None:
                to[i] = set(dense.retrieve(texts[i], mask, DEEP).rows.tolist())

            chroma, vouch = timed(ask, times), timed(search, times)
            exact = [
                set(Hits.top(vectors @ vectors[r], allowed, DEEP).rows.tolist()) for r in asked
            ]
            found[name] = {
                "admitted": int(allowed.sum()),
                "chroma": percentiles(chroma) | {"recall": _recall(theirs, exact)},
                "vouch": percentiles(vouch) | {"recall": _recall(ours, exact)},
            }
    return found


def _chroma(folder: Path) -> Client:
    import chromadb
    from chromadb.config import Settings

    return cast("Client", chromadb.PersistentClient(folder, Settings(anonymized_telemetry=False)))


def _collection(client: Client, vectors: Vectors, drawn: NDArray[np.int64]) -> Collection:
    """Return a collection of `vectors` with two numbers each, searched as broadly as Vouch's."""
    collection = client.create_collection(
        "items",
        configuration=cast(Any, {"hnsw": {"space": "ip", "ef_search": DenseConfig().ef_search}}),
        embedding_function=None,
    )
    for start in range(0, len(vectors), 1000):
        rows = range(start, min(start + 1000, len(vectors)))
        collection.add(
            ids=[str(row) for row in rows],
            embeddings=cast(Any, vectors[rows.start : rows.stop]),
            metadatas=[{"a": int(drawn[row, 0]), "b": int(drawn[row, 1])} for row in rows],
        )
    return collection


def _recall(found: Sequence[set[int]], exact: Sequence[set[int]]) -> float:
    shares = [len(found[at] & right) / len(right) for at, right in enumerate(exact)]
    return round(float(np.mean(shares)), 4)


def run(
    size: int, models: Path, index: Path, seed: int, times: int, threads: int, compare: bool
) -> dict[str, object]:
    """Return what a catalogue of `size` items takes."""
    random, costs = default_rng(seed), Costs()
    model = load_embedder(EmbedderConfig(threads=threads), models)
    invented = invent(size, random)
    films = invented.films
    base = load_reranker(RerankerConfig(threads=threads), films, models)
    centres = model.embed([films.document(row) for row in range(len(films))])
    vectors = around(centres, invented.centre, random)
    interactions = met(size, random)
    database = open_database(f"sqlite:///{index / 'vouch.db'}")
    costs.of(
        "save the catalogue",
        lambda: save_catalog(database, films.schema, invented.items, interactions),
    )
    catalog = costs.of("load the catalogue", lambda: load_catalog(database))
    costs.of("of it the facet store", lambda: FacetStore(catalog.schema, catalog.items))
    rows = {catalog.document(row): row for row in range(len(catalog))}
    embedder = DrawnEmbedder(rows, vectors, model)
    costs.of("build the vector index", lambda: open_dense(catalog, embedder, index)).close()
    dense = costs.of("open the vector index", lambda: open_dense(catalog, embedder, index))
    lexical = costs.of("build the word index", lambda: LexicalRetriever(catalog))
    config = ALSConfig(sweeps=2)
    cf = costs.of("fit behaviour", lambda: ALS.fit(interactions, len(catalog), config))
    understander = costs.of("build the understander", lambda: Understander(catalog, Tagger.load()))
    retrievers: tuple[Retriever, ...] = (
        dense,
        lexical,
        CollaborativeRetriever(cf),
        ContentRetriever(dense.vectors),
        PopularRetriever(catalog),
    )
    reranker = SampledReranker(base, len(films))
    ranker = costs.of(
        "build the ranker", lambda: open_ranker(catalog, dense, lexical, cf, reranker)
    )
    explainer = costs.of("build the explainer", lambda: Explainer(catalog))
    parts = Parts(
        catalog, understander, retrievers, ranker, dense.vectors, explainer, SqlStore(database)
    )
    assistant = Assistant(parts)
    assistant.warm_up()
    asked = wishes(catalog, times, random)
    filters = {
        name: found_in(catalog, retrievers, constraints, asked)
        | cards(assistant, constraints, asked)
        for name, constraints in conditions(catalog).items()
    }
    mixed = bench_turn(assistant, times, seed).to_json()["stages_ms"]["cards_seen"]
    report: dict[str, object] = {
        "items": size,
        "seed": seed,
        "threads": threads,
        "times": times,
        "costs": costs.found,
        "resident_mb": round(resident()),
        "index_mb": round(sum(p.stat().st_size for p in index.rglob("*") if p.is_file()) / 1e6),
        "filters": filters,
        "mixed_conversations_cards_ms": {name: round(ms, 1) for name, ms in mixed.items()},
    }
    if compare:
        report["chroma_filters"] = chroma_filters(catalog, dense, seed, times)
    dense.close()
    database.dispose()
    return report


def main() -> None:
    """Run what the arguments ask for and print it."""
    parser = argparse.ArgumentParser(description="What a large catalogue costs.")
    parser.add_argument("--items", type=int, nargs="+", default=[100_000])
    parser.add_argument("--models", type=Path, required=True, help="folder for exported graphs")
    parser.add_argument("--index", type=Path, help="keep the index and the database here")
    parser.add_argument("--times", type=int, default=100, help="queries and turns per figure")
    parser.add_argument("--threads", type=int, default=2, help="threads of the models")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true", help="2,000 items, 10 queries per figure")
    parser.add_argument("--no-compare", action="store_true", help="leave Chroma's own filters out")
    parser.add_argument("--json", action="store_true", help="one line instead of many")
    options = parser.parse_args()
    sizes, times = ([2_000], 10) if options.quick else (options.items, options.times)
    reports: list[dict[str, object]] = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as scratch:
            index = options.index / str(size) if options.index else Path(scratch)
            index.mkdir(parents=True, exist_ok=True)
            reports.append(
                run(
                    size,
                    options.models,
                    index,
                    options.seed,
                    times,
                    options.threads,
                    compare=not options.no_compare,
                )
            )
    print(json.dumps(reports, indent=None if options.json else 1))


if __name__ == "__main__":
    main()
