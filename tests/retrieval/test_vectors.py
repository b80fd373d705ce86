from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from catalog.errors import IndexUnavailableError
from retrieval.vectors import catalog_vectors
from tests.retrieval.bag_embedder import BagEmbedder

TEXTS = tuple(f"thing number{i}" for i in range(300))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vectors.db"


def embedded(path: Path, texts: tuple[str, ...] = TEXTS, salt: str = "") -> list[str]:
    """Ask for the vectors of `texts`, check them, and return which texts were embedded for it."""
    embedder = BagEmbedder(salt=salt)
    vectors = catalog_vectors(texts, embedder, path)
    np.testing.assert_array_equal(vectors, BagEmbedder(salt=salt).embed(texts))
    return embedder.seen


def count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM vectors").fetchone()[0]


def test_nothing_is_embedded_twice(path: Path) -> None:
    assert embedded(path) == list(TEXTS)
    assert embedded(path) == []
    assert embedded(path, TEXTS[::-1]) == []


def test_only_new_texts_are_embedded_and_old_ones_forgotten(path: Path) -> None:
    embedded(path)
    assert embedded(path, (*TEXTS[10:], "new")) == ["new"]
    assert count(path) == len(TEXTS) - 10 + 1
    assert embedded(path) == list(TEXTS[:10])


def test_equal_texts_have_one_entry(path: Path) -> None:
    embedded(path, ("same", "other", "same"))
    assert count(path) == 2
    assert embedded(path, ("same", "same")) == []


def test_another_embedder_starts_anew(path: Path) -> None:
    embedded(path)
    assert embedded(path, salt="other") == list(TEXTS)
    assert count(path) == len(TEXTS), "the first embedder's are gone"


def test_what_was_embedded_before_an_interruption_is_kept(path: Path) -> None:
    def interrupt(label: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        catalog_vectors(TEXTS, BagEmbedder(), path, interrupt)
    assert embedded(path) == list(TEXTS[256:])


def garbage(path: Path) -> None:
    path.write_bytes(os.urandom(path.stat().st_size))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def other_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DROP TABLE vectors; CREATE TABLE vectors (something)")


@pytest.mark.parametrize("harm", [garbage, cut, other_table])
def test_a_damaged_file_is_filled_again(
    path: Path, harm: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    embedded(path)
    harm(path)
    with caplog.at_level(logging.WARNING, "retrieval.vectors"):
        assert embedded(path) == list(TEXTS)
    assert "damaged" in caplog.text
    assert embedded(path) == []


@pytest.mark.parametrize("vector", [b"", b"\xff" * 1024, b"\x7f" * 1024, "text", 1.5])
def test_a_damaged_vector_is_embedded_again(path: Path, vector: object) -> None:
    embedded(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE vectors SET vector = ? WHERE rowid = 8", (vector,))
    assert embedded(path) == [TEXTS[7]]
    assert embedded(path) == []


def test_a_file_that_cannot_be_written_is_said_so(path: Path) -> None:
    path.mkdir()
    with pytest.raises(IndexUnavailableError, match="cannot use"):
        embedded(path)
