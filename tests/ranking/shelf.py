"""A small bookshop whose right order is known by construction."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from catalog import Catalog, Item, parse_schema
from ranking.cf import EASE, EASEConfig
from ranking.rank import Ranker, open_ranker
from ranking.scoring import Request, Wish
from retrieval.lexical import LexicalRetriever
from retrieval.query import Query, Rows
from tests.ranking.cf.crowd import interactions
from tests.retrieval.bag_embedder import BagEmbedder

SCHEMA = parse_schema(
    """
    name = "books"
    noun = "book"
    texts = ["blurb"]
    [facets.genre]
    kind = "category"
    [facets.author]
    kind = "people"
    """
)
GENRES = ("crime", "romance", "horror")
SIZE = 12


class Source:
    """Vectors of the books' blurbs by a bag of words."""

    def __init__(self, catalog: Catalog) -> None:
        self._embedder = BagEmbedder()
        self.vectors = self._embedder.embed([item.texts["blurb"] for item in catalog.items])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        return self._embedder.embed([text])[0]


@cache
def build_shelf() -> Catalog:
    """Twelve books: row r is of genre r % 3, by author r // 3, with the word "word<r>" to itself.

    Each of nine readers meets the books of one genre; nobody met the last three rows.
    """
    items = [
        Item(
            item_id=f"b{row}",
            title=f"Book {row}",
            labels={"genre": (GENRES[row % 3],), "author": (f"Author {row // 3}",)},
            texts={"blurb": f"a story told as {GENRES[row % 3]} with word{row}"},
        )
        for row in range(SIZE)
    ]
    readers = [[row for row in range(9) if row % 3 == reader % 3] for reader in range(9)]
    return Catalog.build(SCHEMA, items, interactions(readers))


@cache
def build_ranker() -> Ranker:
    """Every term but the cross-encoder, with the learned weights."""
    shelf = build_shelf()
    model = EASE.fit(shelf.interactions, SIZE, EASEConfig(regularization=1.0, min_interactions=1))
    return open_ranker(shelf, Source(shelf), LexicalRetriever(shelf), model)


def ask(
    text: str = "",
    likes: tuple[int, ...] = (),
    dislikes: tuple[int, ...] = (),
    wishes: tuple[Wish, ...] = (),
) -> Request:
    return Request(Query(text=text, likes=likes, dislikes=dislikes), wishes)


def rows(*numbers: int) -> Rows:
    return np.array(numbers, np.int32)


EVERY = np.arange(SIZE, dtype=np.int32)


class WordReader:
    """A reranker that gives an item 4 for each word of the request in its blurb, else -4."""

    name = "words"

    def __init__(self) -> None:
        self.read: list[int] = []

    def score(self, text: str, rows: Rows) -> NDArray[np.float32]:
        self.read += rows.tolist()
        blurbs = [build_shelf().items[row].texts["blurb"].split() for row in rows]
        hits = [sum(word in blurb for word in text.split()) for blurb in blurbs]
        return np.array([4.0 * n if n else -4.0 for n in hits], np.float32)
