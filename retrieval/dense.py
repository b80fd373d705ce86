"""Similar in meaning: embeddings in Chroma.

Owns: `DenseRetriever`, `open_dense`, and how Chroma is used. Does not own: the embeddings' model
(`retrieval.embedder`), the vectors (`retrieval.vectors`) or the catalogue, which is the only truth:
the index can be deleted at any time and is built again from them.

Chroma is used embedded, never as a server. An index is written once and then only read, by any
number of processes. Chroma loads its graph from files only once it has saved it in full; before
that, every process that opens the index writes those files anew. So the index is saved with the
last vector, and no earlier: afterwards nothing writes to the graph. Because Chroma's native code
ends the whole process on some damaged graphs, the files are sealed (`retrieval.index`) and checked
before it sees them. A damaged database it reports itself.
"""

from __future__ import annotations

import hashlib
import logging
import math
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from catalog import Catalog, Mask
from catalog.errors import IndexUnavailableError
from catalog.progress import Progress, silent
from retrieval.embedder import Embedder, Vectors
from retrieval.index import IndexFolders, exclusive
from retrieval.query import Hits, Query, Rows
from retrieval.vectors import catalog_vectors

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

logger = logging.getLogger(__name__)

_COLLECTION = "items"
# Added together: Chroma takes some thousands at most, and progress should be seen.
_CHUNK = 512

Stamp = Mapping[str, str | int]
"""Metadata of an index's collection: all that the index depends on."""


@dataclass(frozen=True, slots=True)
class DenseConfig:
    """When to search exactly, and how hard to search otherwise.

    Attributes
    ----------
    exact_below : int
        Up to this many items, every one is scored. Above it Chroma's approximate search answers in
        near constant time, so that the cost of an unfiltered query does not grow with the
        catalogue. Under a filter both change: only the allowed items need to be scored, and where
        a tenth is allowed, ten times as many neighbours must be found to have enough left. So the
        bound grows by as much: 22,000 allowed items of 100,000.
    over_fetch : float
        Approximate neighbours asked for, as a multiple of how many it should take to have k left
        after filtering.
    ef_search, ef_construction, max_neighbors : int
        HNSW's breadth of search and of building, and its links per node (Malkov & Yashunin, 2018).
    """

    exact_below: int = 5_000
    over_fetch: float = 2.0
    ef_search: int = 200
    ef_construction: int = 200
    max_neighbors: int = 16


class DenseRetriever:
    """Nearest items to the words of a query, by inner product of unit vectors (cosine).

    A filter never costs results: where few items are allowed all of them are scored, and where
    fewer than k of the approximate neighbours are allowed, so are all.

    Attributes
    ----------
    vectors : float32 array, shape (n_items, dimensions)
        Unit vectors of all items by row, read-only.
    """

    name = "dense"

    def __init__(
        self, client: Client, vectors: Vectors, embedder: Embedder, config: DenseConfig
    ) -> None:
        self._client = client
        self._collection: Collection | None = _collection(client)
        self._embedder = embedder
        self._config = config
        vectors.setflags(write=False)
        self.vectors = vectors
        self._remembered = lru_cache(maxsize=128)(self._embed)

    def embed_query(self, text: str) -> Vectors:
        """Return the unit vector of `text`, shape (dimensions,), read-only.

        The last few are remembered: one turn needs the same vector in retrieval and in ranking.
        """
        return self._remembered(text)

    def retrieve(self, query: Query, allowed: Mask, k: int) -> Hits:
        """See `Retriever.retrieve`; a query without text has nothing to say here.

        O(allowed x dimensions) when exact, about logarithmic in the catalogue otherwise.
        """
        if not query.text.strip():
            return Hits.empty()
        vector = self.embed_query(query.text)
        rows = np.flatnonzero(allowed).astype(np.int32)
        if len(rows) ** 2 > self._config.exact_below * len(allowed):
            near = self._approximate(vector, allowed, k)
            rows = near if len(near) >= k else rows
        if 2 * len(rows) > len(allowed):  # copying most of the matrix would cost more than it saves
            return Hits.top(self.vectors @ vector, allowed, k)
        scores = np.full(len(allowed), -np.inf, np.float32)
        scores[rows] = self.vectors[rows] @ vector
        return Hits.top(scores, allowed, k)

    def indexed(self) -> int:
        """Return how many items the index holds; 0 after `close`."""
        return 0 if self._collection is None else self._collection.count()

    def close(self) -> None:
        """Release the index's files; afterwards every search is exact."""
        self._collection = None
        self._client.close()

    def _embed(self, text: str) -> Vectors:
        vector = self._embedder.embed([text])[0]
        vector.setflags(write=False)
        return vector

    def _approximate(self, vector: Vectors, allowed: Mask, k: int) -> Rows:
        """Return allowed rows near `vector`, in any order; none when the search fails."""
        from chromadb.errors import ChromaError

        if self._collection is None:
            return np.empty(0, np.int32)
        wanted = math.ceil(self._config.over_fetch * k * len(allowed) / int(allowed.sum()))
        try:
            found = self._collection.query(
                query_embeddings=cast(Any, [vector]),
                n_results=min(wanted, len(allowed)),
                include=["distances"],
            )
        except ChromaError as error:
            logger.warning("approximate search failed, searching exactly: %s", error)
            return np.empty(0, np.int32)
        rows = np.array([int(key) for key in found["ids"][0]], np.int32)
        return rows[allowed[rows]]


def open_dense(
    catalog: Catalog,
    embedder: Embedder,
    directory: Path,
    progress: Progress = silent,
    config: DenseConfig | None = None,
) -> DenseRetriever:
    """Return a retriever over the index in `directory`, built where it is missing or not current.

    Current means whole, and of these texts, this embedder, this number of items and these HNSW
    parameters. Texts whose vectors are stored are not embedded again, whatever became of the
    index. A damaged index is built again, with a logged warning.

    Parameters
    ----------
    directory : Path
        Its ``vectors.db``, ``index.lock`` and folder ``chroma`` belong to the index alone.

    Raises
    ------
    IndexUnavailableError
        When the index cannot be built, for instance on a full disk.
    """
    config = config or DenseConfig()
    documents = [catalog.document(row) for row in range(len(catalog))]
    stamp = _stamp(documents, embedder, config)
    folders = IndexFolders(directory / "chroma")
    directory.mkdir(parents=True, exist_ok=True)
    with exclusive(directory):
        vectors = catalog_vectors(documents, embedder, directory / "vectors.db", progress)
        current = folders.current()
        client = None if current is None else _open(current, stamp, vectors)
        if client is None:
            built = _build(folders, vectors, stamp, config, progress)
            client = _open(built, stamp, vectors)
    if client is None:
        raise IndexUnavailableError(f"index {str(directory)!r} does not keep what it is given")
    return DenseRetriever(client, vectors, embedder, config)


def _stamp(documents: list[str], embedder: Embedder, config: DenseConfig) -> Stamp:
    content = hashlib.sha256()
    for text in documents:
        content.update(hashlib.sha256(text.encode()).digest())
    return {
        "documents": content.hexdigest(),
        "count": len(documents),
        "embedder": embedder.fingerprint,
        "ef_search": config.ef_search,
        "ef_construction": config.ef_construction,
        "max_neighbors": config.max_neighbors,
    }


def _connect(folder: Path) -> Client:
    import chromadb
    from chromadb.config import Settings

    return cast("Client", chromadb.PersistentClient(folder, Settings(anonymized_telemetry=False)))


def _collection(client: Client) -> Collection:
    # The vectors are ours: without this Chroma would fetch a model of its own.
    return client.get_collection(_COLLECTION, embedding_function=None)


def _open(folder: Path, stamp: Stamp, vectors: Vectors) -> Client | None:
    """Return a client whose graph is loaded; None when the index is not current or not readable."""
    from chromadb.errors import ChromaError

    try:
        with ExitStack() as unless_current:
            client = _connect(folder)
            unless_current.callback(client.close)
            if _is_current(_collection(client), stamp, vectors):
                unless_current.pop_all()
                return client
    except (ChromaError, OSError, ValueError) as error:
        logger.warning("index %s cannot be read and is built again: %s", folder, error)
    return None


def _is_current(collection: Collection, stamp: Stamp, vectors: Vectors) -> bool:
    if collection.metadata != stamp:
        return False
    if set(collection.get(include=[])["ids"]) != {str(row) for row in range(len(vectors))}:
        return False
    if not len(vectors):
        return True
    # The first query loads the graph: now, while it is known to be whole and none can replace it.
    first = collection.query(query_embeddings=cast(Any, vectors[:1]), n_results=1, include=[])
    return len(first["ids"][0]) == 1


def _build(
    folders: IndexFolders, vectors: Vectors, stamp: Stamp, config: DenseConfig, progress: Progress
) -> Path:
    """Write and publish the index of `vectors`; about 1,000 vectors a second."""
    from chromadb.errors import ChromaError

    try:
        folder = folders.begin()
        with closing(_connect(folder)) as client:
            collection = client.create_collection(
                _COLLECTION,
                metadata=dict(stamp),
                configuration=cast(Any, {"hnsw": _hnsw(config, len(vectors))}),
                embedding_function=None,
            )
            for start in range(0, len(vectors), _CHUNK):
                rows = range(start, min(start + _CHUNK, len(vectors)))
                collection.add(
                    ids=[str(row) for row in rows],
                    embeddings=cast(Any, vectors[rows.start : rows.stop]),
                )
                progress("Indexing the catalogue", rows.stop, len(vectors))
        folders.publish(folder)
    except (ChromaError, OSError) as error:
        raise IndexUnavailableError(f"cannot build {str(folders.root)!r}: {error}") from error
    return folder


def _hnsw(config: DenseConfig, total: int) -> Mapping[str, str | int]:
    return {
        "space": "ip",
        "ef_search": config.ef_search,
        "ef_construction": config.ef_construction,
        "max_neighbors": config.max_neighbors,
        # The graph is saved with the last vector, and no earlier: see the module's docstring.
        "batch_size": max(min(total, 100), 1),
        "sync_threshold": max(total, 1),
    }
