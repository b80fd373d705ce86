"""The catalogue's vectors, kept so that no text is embedded twice.

Owns: `catalog_vectors` and the SQLite file it keeps. Does not own: the model (`retrieval.embedder`)
or the search index (`retrieval.dense`), which is built from these vectors in seconds.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from catalog.errors import IndexUnavailableError
from catalog.progress import Progress, silent
from retrieval.embedder import Embedder, Vectors

logger = logging.getLogger(__name__)

# Embedded and committed together: at most so much work is lost with a killed build.
_CHUNK = 256
# A vector whose squared length is further from 1 than this was damaged on disk.
_TOLERANCE = 1e-3
# What SQLite answers about a file that is damaged, or not ours. A full disk is another matter.
_DAMAGED = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def catalog_vectors(
    documents: Sequence[str], embedder: Embedder, path: Path, progress: Progress = silent
) -> Vectors:
    """Return the unit vector of each document, by row, embedding only what `path` lacks.

    What was embedded is committed every 256 documents, so that a killed build goes on where it
    was, and an edited catalogue costs only its new texts. In the end the file holds this
    catalogue's vectors by this embedder and nothing else. A damaged file is deleted, with a logged
    warning, and filled again.

    Only one process may call this for one `path` at a time.

    Returns
    -------
    float32 array, shape (len(documents), embedder.dimensions)

    Raises
    ------
    IndexUnavailableError
        When the file cannot be written, for instance on a full disk.
    """
    try:
        try:
            return _filled(documents, embedder, path, progress)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in _DAMAGED:  # the low byte is the primary code
                raise
            logger.warning("%s is damaged and its texts are embedded again: %s", path, error)
        path.unlink()
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
        return _filled(documents, embedder, path, progress)
    except sqlite3.Error as error:
        raise IndexUnavailableError(f"cannot use {str(path)!r}: {error}") from error


def _filled(
    documents: Sequence[str], embedder: Embedder, path: Path, progress: Progress
) -> Vectors:
    keys = [_key(text, embedder) for text in documents]
    with closing(_VectorCache(path)) as cache:
        vectors, missing = cache.read(keys, embedder.dimensions)
        for start in range(0, len(missing), _CHUNK):
            rows = missing[start : start + _CHUNK]
            vectors[rows] = embedder.embed([documents[row] for row in rows])
            cache.add([keys[row] for row in rows], vectors[rows])
            done = len(documents) - len(missing) + start + len(rows)
            progress("Embedding the catalogue", done, len(documents))
        cache.keep_only(keys)
    return vectors


def _key(text: str, embedder: Embedder) -> bytes:
    """Return what a vector is filed under: all that it depends on."""
    return hashlib.sha256(f"{embedder.fingerprint} {text}".encode()).digest()


class _VectorCache:
    """One SQLite table of vectors by key."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.text_factory = bytes  # damaged cells may claim to be text
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL)"
        )

    def close(self) -> None:
        self._connection.close()

    def read(self, keys: Sequence[bytes], dimensions: int) -> tuple[Vectors, list[int]]:
        """Return the vectors, shape (len(keys), dimensions), and the rows that are not there."""
        stored = dict(self._connection.execute("SELECT key, vector FROM vectors"))
        vectors = np.zeros((len(keys), dimensions), np.float32)
        for row, key in enumerate(keys):
            blob = stored.get(key)
            if isinstance(blob, bytes) and len(blob) == vectors.itemsize * dimensions:
                vectors[row] = np.frombuffer(blob, np.float32)
        with np.errstate(over="ignore", invalid="ignore"):  # damaged ones may be anything
            lengths = np.einsum("ij,ij->i", vectors, vectors)
            missing = np.flatnonzero(~(np.abs(lengths - 1) < _TOLERANCE))
        return vectors, missing.tolist()

    def add(self, keys: Sequence[bytes], vectors: Vectors) -> None:
        """Store the vectors durably, in place of any under the same keys."""
        rows = ((key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True))
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def keep_only(self, keys: Sequence[bytes]) -> None:
        """Delete what is filed under anything but `keys`."""
        stored = {key for (key,) in self._connection.execute("SELECT key FROM vectors")}
        with self._connection:
            self._connection.executemany(
                "DELETE FROM vectors WHERE key = ?", ((key,) for key in stored.difference(keys))
            )
