from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import chromadb
import numpy as np
import pytest
from chromadb.api import ClientAPI
from chromadb.config import Settings

from catalog import Catalog, Item
from catalog.errors import IndexUnavailableError
from retrieval.dense import DenseConfig, DenseRetriever, open_dense
from retrieval.query import Query
from tests.retrieval.bag_embedder import BagEmbedder
from tests.retrieval.shop import SCHEMA, build_shop, rows_with

APPROXIMATE = DenseConfig(exact_below=0)


def everything(catalog: Catalog) -> np.ndarray:
    return np.ones(len(catalog), np.bool_)


def index_and_close(catalog: Catalog, folder: Path) -> None:
    open_dense(catalog, BagEmbedder(), folder).close()


def files(folder: Path, pattern: str) -> list[Path]:
    """Files of the published index: ``*`` its database, ``*/*`` its graph."""
    return [path for path in folder.glob(f"chroma/*/{pattern}") if path.is_file()]


def chroma_client(folder: Path) -> ClientAPI:
    (database,) = files(folder, "chroma.sqlite3")
    return chromadb.PersistentClient(database.parent, Settings(anonymized_telemetry=False))


def assert_finds_copper_kettles(dense: DenseRetriever, catalog: Catalog) -> None:
    hits = dense.retrieve(Query("copper kettle"), everything(catalog), 2)
    assert set(hits.rows.tolist()) == rows_with(catalog, "copper", "kettle")


@pytest.mark.parametrize("config", [DenseConfig(), APPROXIMATE], ids=["exact", "approximate"])
def test_nearest_items_come_first(shop: Catalog, tmp_path: Path, config: DenseConfig) -> None:
    dense = open_dense(shop, BagEmbedder(), tmp_path, config=config)
    assert_finds_copper_kettles(dense, shop)
    dense.close()


def test_approximate_scores_are_the_exact_ones(shop: Catalog, tmp_path: Path) -> None:
    exact = open_dense(shop, BagEmbedder(), tmp_path)
    approximate = open_dense(shop, BagEmbedder(), tmp_path, config=APPROXIMATE)
    for text in ("red wool", "oak", "a mirror of glass"):
        one, other = (d.retrieve(Query(text), everything(shop), 5) for d in (exact, approximate))
        np.testing.assert_allclose(one.scores, other.scores, atol=1e-6)
    exact.close()
    approximate.close()


def test_a_filter_never_costs_results(shop: Catalog, tmp_path: Path) -> None:
    dense = open_dense(shop, BagEmbedder(), tmp_path, config=DenseConfig(0, over_fetch=1.0))
    allowed = np.zeros(len(shop), np.bool_)
    far = sorted(set(range(len(shop))) - rows_with(shop, "copper") - rows_with(shop, "kettle"))
    allowed[far] = True
    hits = dense.retrieve(Query("copper kettle"), allowed, len(far))
    assert sorted(hits.rows.tolist()) == far
    dense.close()


def test_vectors_are_the_documents_by_row_and_read_only(shop: Catalog, tmp_path: Path) -> None:
    dense = open_dense(shop, BagEmbedder(), tmp_path)
    documents = [shop.document(row) for row in range(len(shop))]
    np.testing.assert_allclose(dense.vectors, BagEmbedder().embed(documents), atol=1e-6)
    with pytest.raises(ValueError, match="read-only"):
        dense.vectors[0, 0] = 1
    dense.close()


def test_a_query_is_embedded_once(shop: Catalog, tmp_path: Path) -> None:
    embedder = BagEmbedder()
    dense = open_dense(shop, embedder, tmp_path)
    embedder.seen.clear()
    vector = dense.embed_query("red lamp")
    dense.retrieve(Query("red lamp"), everything(shop), 3)
    assert embedder.seen == ["red lamp"]
    assert vector is dense.embed_query("red lamp")
    dense.close()


def test_a_current_index_is_opened_without_embedding(shop: Catalog, tmp_path: Path) -> None:
    index_and_close(shop, tmp_path)
    embedder = BagEmbedder()
    dense = open_dense(shop, embedder, tmp_path)
    assert embedder.seen == []
    assert_finds_copper_kettles(dense, shop)
    dense.close()


def test_only_what_changed_is_embedded_again(shop: Catalog, tmp_path: Path) -> None:
    index_and_close(shop, tmp_path)
    extra = Item("new", "silver tray", texts={"description": "tray of silver"})
    changed = Catalog.build(
        SCHEMA,
        (extra, replace(shop.items[0], title="brass kettle"), *shop.items[2:]),  # rows move too
    )
    embedder = BagEmbedder()
    dense = open_dense(changed, embedder, tmp_path)
    assert embedder.seen == [changed.document(0), changed.document(1)]
    assert dense.retrieve(Query("silver tray"), everything(changed), 1).rows.tolist() == [0]
    np.testing.assert_allclose(
        dense.vectors,
        BagEmbedder().embed([changed.document(row) for row in range(len(changed))]),
        atol=1e-6,
    )
    dense.close()


def test_another_embedder_rebuilds_everything(shop: Catalog, tmp_path: Path) -> None:
    index_and_close(shop, tmp_path)
    other = BagEmbedder(salt="other")
    dense = open_dense(shop, other, tmp_path)
    assert len(other.seen) == len(shop)
    assert_finds_copper_kettles(dense, shop)
    dense.close()


def test_items_lost_from_the_index_are_noticed(shop: Catalog, tmp_path: Path) -> None:
    index_and_close(shop, tmp_path)
    with chroma_client(tmp_path) as client:
        collection = client.get_collection("items", embedding_function=None)
        collection.delete(ids=["7"])
    open_dense(shop, BagEmbedder(), tmp_path).close()
    with chroma_client(tmp_path) as client:
        assert client.get_collection("items", embedding_function=None).count() == len(shop)


def big_shop() -> Catalog:
    return build_shop(tuple(Item(f"x{i}", f"thing number{i}") for i in range(800)))


def test_an_interrupted_build_goes_on(tmp_path: Path) -> None:
    def interrupt(label: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    catalog, first, second = big_shop(), BagEmbedder(), BagEmbedder()
    with pytest.raises(KeyboardInterrupt):
        open_dense(catalog, first, tmp_path, interrupt)
    dense = open_dense(catalog, second, tmp_path)
    assert first.seen
    assert sorted(first.seen + second.seen) == sorted(map(catalog.document, range(len(catalog))))
    assert_finds_copper_kettles(dense, catalog)
    dense.close()


def garbage(path: Path) -> None:
    path.write_bytes(os.urandom(path.stat().st_size))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("harm", [garbage, cut])
@pytest.mark.parametrize("part", ["chroma.sqlite3", "*/*"])
def test_corrupted_files_are_built_again(
    tmp_path: Path, harm: object, part: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert callable(harm)
    # More items than Chroma keeps in its log alone, so that there is a graph on disk to harm.
    catalog = build_shop(tuple(Item(f"x{i}", f"thing number{i}") for i in range(1100)))
    index_and_close(catalog, tmp_path)
    harmed = files(tmp_path, part)
    assert harmed
    for file in harmed:
        harm(file)
    embedder = BagEmbedder()
    with caplog.at_level(logging.WARNING, "retrieval"):
        dense = open_dense(catalog, embedder, tmp_path)
    assert embedder.seen == [], "the vectors are still there"
    assert "built again" in caplog.text
    assert_finds_copper_kettles(dense, catalog)
    dense.close()


def test_a_damaged_graph_is_built_again_before_chroma_reads_it(tmp_path: Path) -> None:
    catalog = build_shop(tuple(Item(f"x{i}", f"thing number{i}") for i in range(1100)))
    index_and_close(catalog, tmp_path)
    (file,) = files(tmp_path, "*/data_level0.bin")
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 20_000] = os.urandom(20_000)
    file.write_bytes(content)
    embedder = BagEmbedder()
    dense = open_dense(catalog, embedder, tmp_path)  # unchecked, this can end the process
    (rebuilt,) = files(tmp_path, "*/data_level0.bin")
    assert rebuilt != file
    assert embedder.seen == []
    assert_finds_copper_kettles(dense, catalog)
    dense.close()


def test_an_index_lost_while_open_degrades_to_exact_search(
    shop: Catalog, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    dense = open_dense(shop, BagEmbedder(), tmp_path, config=APPROXIMATE)
    with chroma_client(tmp_path) as client:
        client.delete_collection("items")
    assert_finds_copper_kettles(dense, shop)
    assert "searching exactly" in caplog.text
    dense.close()


def test_two_that_open_at_once_build_once(shop: Catalog, tmp_path: Path) -> None:
    embedder = BagEmbedder()
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: open_dense(shop, embedder, tmp_path), range(2)))
    assert sorted(embedder.seen) == sorted(shop.document(row) for row in range(len(shop)))
    for dense in both:
        assert_finds_copper_kettles(dense, shop)
        dense.close()


def test_a_folder_that_cannot_be_used_is_said_so(shop: Catalog, tmp_path: Path) -> None:
    lock = tmp_path / "index.lock"
    lock.write_text("this is no lock " * 100)
    with pytest.raises(IndexUnavailableError, match="cannot lock"):
        open_dense(shop, BagEmbedder(), tmp_path)
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(lock).execute("BEGIN EXCLUSIVE")


def test_an_index_can_be_deleted_at_any_time(shop: Catalog, tmp_path: Path) -> None:
    index_and_close(shop, tmp_path)
    shutil.rmtree(tmp_path / "chroma")
    dense = open_dense(shop, BagEmbedder(), tmp_path)
    assert_finds_copper_kettles(dense, shop)
    dense.close()


def test_progress_counts_up_to_all_items(tmp_path: Path) -> None:
    calls: list[tuple[str, int, int]] = []
    catalog = big_shop()
    open_dense(catalog, BagEmbedder(), tmp_path, lambda *call: calls.append(call)).close()
    for label in ("Embedding the catalogue", "Indexing the catalogue"):
        done = [done for name, done, total in calls if name == label and total == len(catalog)]
        assert done == sorted(done)
        assert len(done) > 1
        assert done[-1] == len(catalog)
