"""A library of 90 invented books and 24 readers, and all of Vouch over it: a second to build."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from assistant.explanation import Explainer
from assistant.parts import EngineConfig, Parts
from assistant.understanding import Understander
from catalog import Catalog, Interactions, Item, parse_schema
from evaluation.simulation.leaks import Titles
from evaluation.simulation.memory_store import MemoryStore
from evaluation.simulation.systems import Bench, simulated_people, split
from ranking.cf import EASE, EASEConfig
from ranking.rank import open_ranker
from retrieval.collaborative import CollaborativeRetriever
from retrieval.content import ContentRetriever
from retrieval.lexical import LexicalRetriever
from retrieval.popular import PopularRetriever
from tests.retrieval.bag_embedder import BagEmbedder

SCHEMA = parse_schema(
    """
    name = "books"
    noun = "book"
    plural = "books"
    texts = ["blurb"]
    consumed = "read"
    [facets.year]
    kind = "number"
    role = "year"
    integer = true
    higher = ["newer"]
    lower = ["older"]
    [facets.pages]
    kind = "number"
    unit = " pages"
    integer = true
    higher = ["longer"]
    lower = ["shorter"]
    [facets.pages.units]
    page = 1
    pages = 1
    [facets.genre]
    kind = "category"
    question = "Which genre?"
    asks = ["what genre is"]
    [facets.genre.synonyms]
    romance = ["love story"]
    [facets.author]
    kind = "people"
    label = "author"
    cues = ["by"]
    asks = ["who wrote"]
    """
)
GENRES = ("crime", "romance", "horror")
SIZE, READERS, FEWEST = 90, 24, 3
_FIRST = ("Amber", "Basalt", "Cobalt", "Drift", "Ember", "Fjord", "Garnet", "Hollow", "Indigo")
_LAST = (
    "Harbour", "Lantern", "Meadow", "Orchard", "Parade", "Quarry", "Ridge", "Sparrow", "Thicket",
    "Umbrella",
)  # fmt: skip


@cache
def whole() -> Catalog:
    """Row r is of genre r % 3; a reader meets 20 books and likes those of one genre."""
    items = [
        Item(
            item_id=f"b{row}",
            title=f"{_FIRST[row // 10]} {_LAST[row % 10]}",
            labels={"genre": (GENRES[row % 3],), "author": (f"Author Number{row // 9}",)},
            numbers={"year": 1960 + row % 45, "pages": 100 + 10 * (row % 30)},
            texts={"blurb": f"a {GENRES[row % 3]} tale with {_FIRST[row // 10].lower()}"},
        )
        for row in range(SIZE)
    ]
    rng = np.random.default_rng(5)
    met = [rng.permutation(SIZE)[:20] for _ in range(READERS)]
    rows = np.concatenate(met).astype(np.int32)
    user = np.repeat(np.arange(READERS), 20).astype(np.int32)
    liked = rows % 3 == user % 3
    observed = Interactions(
        users=tuple(f"reader {reader}" for reader in range(READERS)),
        user=user,
        row=rows,
        value=np.where(liked, 5.0, 2.0).astype(np.float32),
        timestamp=np.arange(len(rows), dtype=np.int64),
    )
    return Catalog.build(SCHEMA, items, observed)


class Source:
    """Vectors of the blurbs by a bag of words."""

    def __init__(self, catalog: Catalog) -> None:
        self._embedder = BagEmbedder()
        self.vectors = self._embedder.embed([item.texts["blurb"] for item in catalog.items])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return self._embedder.embed([text])[0]


@cache
def bench(seed: int = 7) -> Bench:
    """Everything but Chroma and the reranker."""
    catalog, users = split(whole(), seed)
    source, lexical = Source(catalog), LexicalRetriever(catalog)
    model = EASE.fit(catalog.interactions, SIZE, EASEConfig(regularization=1.0, min_interactions=1))
    collaborative = CollaborativeRetriever(model)
    content = ContentRetriever(source.vectors)
    parts = Parts(
        catalog=catalog,
        understander=Understander(catalog),
        retrievers=(lexical, collaborative, content, PopularRetriever(catalog)),
        ranker=open_ranker(catalog, source, lexical, model),
        vectors=source.vectors,
        explainer=Explainer(catalog, None),
        store=MemoryStore(),
    )
    titles = Titles(whole())
    return Bench(
        catalog=catalog,
        people=simulated_people(whole(), users, titles),
        titles=titles,
        parts=parts,
        config=EngineConfig(k=2),
        single={"bm25": lexical, "dense": content, "collaborative": collaborative},
        fewest=FEWEST,
    )
