"""Several processes on one index, some of them killed."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog, Item
from retrieval.dense import DenseConfig, DenseRetriever, open_dense
from retrieval.query import Query
from tests.retrieval.bag_embedder import BagEmbedder
from tests.retrieval.shop import build_shop, rows_with

# Most of these vectors are equally far from the query: only a search this broad sees past them.
APPROXIMATE = DenseConfig(exact_below=0, ef_search=1000)
CHUNK = 256  # texts embedded and stored together
# One server process imports Chroma, and each process of a test is forked from it.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["chromadb", "retrieval.dense"])


def big_shop(things: int = 800) -> Catalog:
    return build_shop(tuple(Item(f"x{i}", f"thing number{i}") for i in range(things)))


def find_copper_kettles(dense: DenseRetriever, catalog: Catalog) -> None:
    hits = dense.retrieve(Query("copper kettle"), np.ones(len(catalog), np.bool_), 2)
    assert set(hits.rows.tolist()) == rows_with(catalog, "copper", "kettle")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def build_and_die(folder: Path, label: str, after: int) -> None:
    def progress(name: str, done: int, total: int) -> None:
        if name == label and done >= after:
            die()

    open_dense(big_shop(), BagEmbedder(), folder, progress, APPROXIMATE)


def open_query_and_die(folder: Path, together: Barrier | None = None) -> None:
    catalog, embedder = big_shop(), BagEmbedder()
    dense = open_dense(catalog, embedder, folder, config=APPROXIMATE)
    assert embedder.seen == []
    for _ in range(3):
        if together is not None:
            together.wait(60)
        find_copper_kettles(dense, catalog)
    die()


def build_anew(folder: Path, things: int) -> None:
    open_dense(big_shop(things), BagEmbedder(), folder, config=APPROXIMATE).close()


def run(target: Callable[..., None], *args: object) -> int | None:
    process = PROCESSES.Process(target=target, args=args)
    process.start()
    process.join(60)
    return process.exitcode


def graph(folder: Path) -> dict[Path, int]:
    """When each file of the graph was written."""
    return {path: path.stat().st_mtime_ns for path in folder.glob("chroma/*/*/*")}


@pytest.mark.parametrize(
    ("label", "after", "left"),
    [
        ("Embedding the catalogue", CHUNK, 848 - CHUNK),
        ("Embedding the catalogue", 2 * CHUNK, 848 - 2 * CHUNK),
        ("Indexing the catalogue", 1, 0),
        ("Indexing the catalogue", 848, 0),
    ],
)
def test_a_killed_build_goes_on_where_it_was(
    tmp_path: Path, label: str, after: int, left: int
) -> None:
    assert run(build_and_die, tmp_path, label, after) == -signal.SIGKILL
    catalog, embedder = big_shop(), BagEmbedder()
    dense = open_dense(catalog, embedder, tmp_path, config=APPROXIMATE)
    assert len(embedder.seen) == left
    documents = [catalog.document(row) for row in range(len(catalog))]
    np.testing.assert_allclose(dense.vectors, BagEmbedder().embed(documents), atol=1e-6)
    find_copper_kettles(dense, catalog)
    dense.close()
    assert len(list((tmp_path / "chroma").glob("*/"))) == 1, "nothing is left of the killed build"


def test_a_kill_after_queries_costs_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    build_anew(tmp_path, 800)
    written = graph(tmp_path)
    assert written
    for _ in range(5):
        assert run(open_query_and_die, tmp_path) == -signal.SIGKILL
        embedder = BagEmbedder()
        with caplog.at_level(logging.WARNING):
            open_dense(big_shop(), embedder, tmp_path, config=APPROXIMATE).close()
        assert (embedder.seen, caplog.text) == ([], "")
        assert graph(tmp_path) == written


def test_two_processes_share_an_index(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    build_anew(tmp_path, 800)
    written, together = graph(tmp_path), PROCESSES.Barrier(2)
    both = [
        PROCESSES.Process(target=open_query_and_die, args=(tmp_path, together)) for _ in range(2)
    ]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
        assert process.exitcode == -signal.SIGKILL
    with caplog.at_level(logging.WARNING):
        open_dense(big_shop(), BagEmbedder(), tmp_path, config=APPROXIMATE).close()
    assert caplog.text == ""
    assert graph(tmp_path) == written


@pytest.mark.parametrize("elsewhere", [True, False], ids=["other process", "same process"])
def test_an_open_index_outlives_its_replacement(tmp_path: Path, elsewhere: bool) -> None:
    catalog = big_shop()
    dense = open_dense(catalog, BagEmbedder(), tmp_path, config=APPROXIMATE)
    for things in (700, 600):
        if elsewhere:
            assert run(build_anew, tmp_path, things) == 0
        else:
            build_anew(tmp_path, things)
        find_copper_kettles(dense, catalog)
    dense.close()
    dense = open_dense(big_shop(600), BagEmbedder(), tmp_path, config=APPROXIMATE)
    find_copper_kettles(dense, big_shop(600))
    dense.close()
