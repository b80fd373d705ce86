"""Similar in meaning: embeddings in Chroma.

Owns: `DenseRetriever`, `open_dense`, and the Chroma index on disk. Does not own: the embeddings'
model (`retrieval.embedder`) or the catalogue, which is the only truth: the index can be deleted at
any time and is built again from it.

Chroma is used embedded, never as a server. A second process may read a current index, but one that
changes the index is not seen by the others until they open it again.
"""

from __future__ import annotations

import hashlib
import logging
import math
import shutil
import sqlite3
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from catalog import Catalog, Mask
from catalog.errors import IndexUnavailableError
from catalog.progress import Progress, silent
from retrieval.embedder import Embedder, Vectors
from retrieval.query import Hits, Query, Rows

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

logger = logging.getLogger(__name__)

_COLLECTION = "items"
# Embedded and added together: at most so much work is lost with a killed build.
_CHUNK = 256
# A vector whose squared length is further from 1 than this was damaged on disk.
_TOLERANCE = 1e-3
# How long to wait for another process that is building the same index.
_LOCK_SECONDS = 1800.0


@dataclass(frozen=True, slots=True)
class DenseConfig:
    """When to search exactly, and how hard to search otherwise.

    Attributes
    ----------
    exact_below : int
        Up to this many allowed items, every one is scored: exact, and the cost is the filter's
        size. Above it Chroma's approximate search answers in near constant time, so that the cost
        of an unfiltered query does not grow with the catalogue.
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
        self._collection = _collection(client)
        self._embedder = embedder
        self._config = config
        vectors.setflags(write=False)
        self.vectors = vectors
        self._remembered = lru_cache(maxsize=16)(self._embed)

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
        if len(rows) > self._config.exact_below:
            near = self._approximate(vector, allowed, k)
            rows = near if len(near) >= k else rows
        if 2 * len(rows) > len(allowed):  # copying most of the matrix would cost more than it saves
            return Hits.top(self.vectors @ vector, allowed, k)
        scores = np.full(len(allowed), -np.inf, np.float32)
        scores[rows] = self.vectors[rows] @ vector
        return Hits.top(scores, allowed, k)

    def close(self) -> None:
        """Release the index's files; afterwards only exact search works."""
        self._client.close()

    def _embed(self, text: str) -> Vectors:
        vector = self._embedder.embed([text])[0]
        vector.setflags(write=False)
        return vector

    def _approximate(self, vector: Vectors, allowed: Mask, k: int) -> Rows:
        """Return allowed rows near `vector`, in any order; none when the search fails."""
        from chromadb.errors import ChromaError

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
        rows = np.array([int(key.split("-")[0]) for key in found["ids"][0]], np.int32)
        return rows[allowed[rows]]


def open_dense(
    catalog: Catalog,
    embedder: Embedder,
    directory: Path,
    progress: Progress = silent,
    config: DenseConfig | None = None,
) -> DenseRetriever:
    """Return a retriever over the index in `directory`, built where it is missing or not current.

    Current means finished, and of this catalogue, this embedder and this number of items. A build
    keeps every stored vector whose text and embedder are unchanged, so an edited catalogue, or a
    build that was killed, costs only what is new. Files that Chroma cannot read are deleted, with a
    logged warning, and built again.

    Parameters
    ----------
    directory : Path
        Its folder ``chroma`` belongs to the index alone.

    Raises
    ------
    IndexUnavailableError
        When the index cannot be built, for instance on a full disk.
    """
    folder = directory / "chroma"
    folder.mkdir(parents=True, exist_ok=True)
    index = _Index(folder, _Expected.of(catalog, embedder), embedder, config or DenseConfig())
    with _alone(directory):
        if not index.is_sealed():
            logger.warning("index %s is damaged or was cut short and is built again", folder)
            index.clear()
        try:
            return index.open(progress)
        except IndexUnavailableError as error:
            logger.warning("an index cannot be read and is built again: %s", error)
        index.clear()
        return index.open(progress)


@contextmanager
def _alone(directory: Path) -> Generator[None]:
    """Wait until no other process opens or builds the index in `directory`.

    An exclusive SQLite transaction is a lock that every platform has and that dies with its owner.
    """
    lock = sqlite3.connect(directory / "index.lock", timeout=_LOCK_SECONDS, isolation_level=None)
    try:
        lock.execute("BEGIN EXCLUSIVE")
        yield
    except sqlite3.Error as error:
        raise IndexUnavailableError(f"cannot lock index {str(directory)!r}: {error}") from error
    finally:
        lock.close()


@dataclass(frozen=True, slots=True)
class _Expected:
    """What a current index holds.

    Attributes
    ----------
    documents : tuple of str
        The items' texts, by row.
    keys : tuple of str
        Chroma's id of each: row and hash of the text, so that a vector says what it is of.
    stamp : mapping of str to str, int or bool
        Metadata of the finished collection.
    """

    documents: tuple[str, ...]
    keys: tuple[str, ...]
    stamp: Mapping[str, str | int | bool]

    @classmethod
    def of(cls, catalog: Catalog, embedder: Embedder) -> _Expected:
        documents = tuple(catalog.document(row) for row in range(len(catalog)))
        digests = (hashlib.sha256(text.encode()).hexdigest()[:16] for text in documents)
        return cls(
            documents=documents,
            keys=tuple(f"{row}-{digest}" for row, digest in enumerate(digests)),
            stamp={
                "catalog": catalog.fingerprint,
                "embedder": embedder.fingerprint,
                "count": len(documents),
                "complete": True,
            },
        )


@dataclass(frozen=True, slots=True)
class _Stored:
    """What a folder holds: the collection's metadata, and the vectors by key."""

    metadata: Mapping[str, Any] = field(default_factory=dict[str, Any])
    vectors: Mapping[str, Vectors] = field(default_factory=dict[str, Vectors])


@dataclass(frozen=True, slots=True)
class _Index:
    """A folder, and what should be in it."""

    folder: Path
    expected: _Expected
    embedder: Embedder
    config: DenseConfig

    def open(self, progress: Progress) -> DenseRetriever:
        """Return the retriever, after building what is missing."""
        from chromadb.errors import ChromaError

        try:
            retriever = self._open_or_build(progress) or self._open_or_build(progress)
        except (ChromaError, OSError) as error:
            raise IndexUnavailableError(f"cannot use {str(self.folder)!r}: {error}") from error
        if retriever is None:
            raise IndexUnavailableError(
                f"index {str(self.folder)!r} does not keep what it is given"
            )
        return retriever

    def _open_or_build(self, progress: Progress) -> DenseRetriever | None:
        """Return the retriever if the index is current; otherwise build, seal and return None."""
        import chromadb
        from chromadb.config import Settings

        with ExitStack() as unless_current:
            unless_current.callback(self._seal)
            settings = Settings(anonymized_telemetry=False)
            client = cast("Client", chromadb.PersistentClient(self.folder, settings))
            unless_current.callback(client.close)
            stored = _read(client)
            if not self._is_current(stored):
                self._seal_file.unlink(missing_ok=True)
                self._build(client, self._reusable(stored), progress)
                return None
            rows = [stored.vectors[key] for key in self.expected.keys]
            vectors = np.array(rows, np.float32).reshape(-1, self.embedder.dimensions)
            retriever = DenseRetriever(client, vectors, self.embedder, self.config)
            unless_current.pop_all()
            self._seal()  # reading may have moved Chroma's log into the graph
            return retriever

    @property
    def _seal_file(self) -> Path:
        return self.folder.with_suffix(".sha256")

    def is_sealed(self) -> bool:
        """Tell whether the graph files are as they were left, or there are none yet.

        Chroma's native code ends the whole process on some damaged graphs, so they are checked
        before it sees them. (It reports a damaged database itself.)
        """
        files = self._graph_files()
        if not self._seal_file.exists():
            return not files
        return self._seal_file.read_text(encoding="ascii") == _checksum(files)

    def _seal(self) -> None:
        """Record the graph files as they are: sound, though perhaps not all that is wanted."""
        temporary = self._seal_file.with_suffix(".part")
        temporary.write_text(_checksum(self._graph_files()), encoding="ascii")
        temporary.replace(self._seal_file)

    def _graph_files(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("*/*") if path.is_file())

    def clear(self) -> None:
        """Delete all that is stored."""
        from chromadb.api.shared_system_client import SharedSystemClient

        # Chroma would hand out its client of the broken files again: it keeps one per folder.
        SharedSystemClient.clear_system_cache()
        self._seal_file.unlink(missing_ok=True)
        shutil.rmtree(self.folder)
        self.folder.mkdir()

    def _is_current(self, stored: _Stored) -> bool:
        right_keys = set(stored.vectors) == set(self.expected.keys)
        return right_keys and stored.metadata == self.expected.stamp

    def _reusable(self, stored: _Stored) -> dict[str, Vectors]:
        """Return the stored vectors of this embedder, by hash of their text."""
        if stored.metadata.get("embedder") != self.embedder.fingerprint:
            return {}
        return {_digest(key): vector for key, vector in stored.vectors.items()}

    def _build(self, client: Client, known: Mapping[str, Vectors], progress: Progress) -> None:
        from chromadb.errors import NotFoundError

        with suppress(NotFoundError):
            client.delete_collection(_COLLECTION)
        stamp = dict(self.expected.stamp)
        collection = client.create_collection(
            _COLLECTION,
            metadata={**stamp, "complete": False},
            configuration={
                "hnsw": {
                    "space": "ip",
                    "ef_search": self.config.ef_search,
                    "ef_construction": self.config.ef_construction,
                    "max_neighbors": self.config.max_neighbors,
                }
            },
            embedding_function=None,
        )
        total = len(self.expected.keys)
        for start in range(0, total, _CHUNK):
            keys = self.expected.keys[start : start + _CHUNK]
            documents = self.expected.documents[start : start + _CHUNK]
            vectors = self._embed(keys, documents, known)
            collection.add(ids=list(keys), embeddings=cast(Any, vectors))
            progress("Indexing the catalogue", start + len(keys), total)
        # Last, so that a build that was cut short can be told from a finished one.
        collection.modify(metadata=stamp)

    def _embed(
        self, keys: tuple[str, ...], documents: tuple[str, ...], known: Mapping[str, Vectors]
    ) -> Vectors:
        vectors = np.empty((len(keys), self.embedder.dimensions), np.float32)
        new = [i for i, key in enumerate(keys) if _digest(key) not in known]
        for i in set(range(len(keys))).difference(new):
            vectors[i] = known[_digest(keys[i])]
        if new:
            vectors[new] = self.embedder.embed([documents[i] for i in new])
        return vectors


def _collection(client: Client) -> Collection:
    # The vectors are ours: without this Chroma would fetch a model of its own.
    return client.get_collection(_COLLECTION, embedding_function=None)


def _read(client: Client) -> _Stored:
    """Return what is stored and sound; nothing where there is no collection yet."""
    from chromadb.errors import NotFoundError

    try:
        collection = _collection(client)
    except NotFoundError:
        return _Stored()
    found = collection.get(include=["embeddings"])
    vectors = np.asarray(found["embeddings"], np.float32)
    sound = {
        key: vector
        for key, vector in zip(found["ids"], vectors, strict=True)
        if abs(float(vector @ vector) - 1) < _TOLERANCE
    }
    return _Stored(collection.metadata or {}, sound)


def _checksum(files: list[Path]) -> str:
    total = hashlib.sha256()
    for path in files:
        total.update(f"{path.parent.name}/{path.name}".encode())
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()


def _digest(key: str) -> str:
    return key.split("-")[1]
