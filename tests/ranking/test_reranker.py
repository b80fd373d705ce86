"""The committed reranker: what it is worth, how it starts, and what it refuses."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from catalog import Catalog, Facet, Item, Schema
from catalog.errors import ModelError
from ranking.late_interaction import item_text
from ranking.reranker import COMMITTED, RerankerConfig, describe_reranker, load_reranker
from retrieval.embedder import EmbedderConfig, load_embedder
from tests.ranking.shelf import SIZE, build_shelf

NOTES = Path(__file__).parents[2] / "catalog" / "demo" / "film_notes.jsonl"
REQUESTS = Path(__file__).parents[2] / "ranking" / "data" / "film_requests.jsonl"
HELD_OUT = 60


def test_item_text_has_title_numbers_and_values(tiny: Catalog) -> None:
    assert item_text(tiny, 1) == (
        "Birch (1995). $20. Crime, Comedy. Bo Ray. in print. A story about a birch tree."
    )
    assert "in print" not in item_text(tiny, 2)


def test_it_ranks_a_shop_that_it_was_not_trained_on(tmp_path: Path) -> None:
    schema = Schema(
        "shop", "lamp", "lamps", "id", "name", ("about",),
        (Facet("colour", "category", "colour", "colour"),),
    )  # fmt: skip
    items = [
        Item("a", "Desk lamp", {"colour": ("red",)}, texts={"about": "For late work at a desk."}),
        Item("b", "Camping light", {"colour": ("green",)}, texts={"about": "Tents and trails."}),
        Item("c", "Night light", {"colour": ("blue",)}, texts={"about": "Soft glow for a nursery"}),
    ]
    reranker = load_reranker(RerankerConfig(threads=1), Catalog.build(schema, items), tmp_path)
    rows = np.arange(3, dtype=np.int32)
    for text, best in (("hiking in the woods", 1), ("for the baby's room", 2), ("office", 0)):
        assert int(reranker.score(text, rows).argmax()) == best


def test_engines_agree(reranker_cache: Path) -> None:
    shelf, rows = build_shelf(), np.arange(SIZE, dtype=np.int32)
    onnx, torch = (
        load_reranker(RerankerConfig(engine=engine, threads=1), shelf, reranker_cache)
        for engine in ("onnx", "torch")
    )
    text = "a crime story with word3"
    np.testing.assert_allclose(onnx.score(text, rows), torch.score(text, rows), atol=0.05)


def test_the_catalogue_is_read_once_and_again_when_it_changes(tmp_path: Path) -> None:
    read: list[str] = []

    def progress(label: str, done: int, total: int) -> None:
        read.append(label)

    shelf = build_shelf()
    config = RerankerConfig(engine="onnx", threads=1)
    first = load_reranker(config, shelf, tmp_path, progress)
    assert read
    read.clear()
    rows = np.arange(SIZE, dtype=np.int32)
    again = load_reranker(config, shelf, tmp_path, progress)
    assert not read
    np.testing.assert_array_equal(first.score("crime", rows), again.score("crime", rows))
    load_reranker(config, Catalog.build(shelf.schema, shelf.items[:5]), tmp_path, progress)
    assert read


def test_the_hot_path_needs_no_torch(reranker_cache: Path) -> None:
    load_reranker(RerankerConfig(engine="onnx"), build_shelf(), reranker_cache)
    script = """
import sys
from pathlib import Path
import numpy as np
from ranking.reranker import RerankerConfig, load_reranker
from tests.ranking.shelf import build_shelf
load = load_reranker(RerankerConfig(engine="onnx"), build_shelf(), Path(sys.argv[1]))
assert load.score("crime", np.arange(3, dtype=np.int32)).shape == (3,)
heavy = {"torch", "transformers", "sentence_transformers", "chromadb", "gradio", "langchain"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
"""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script, str(reranker_cache)],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_broken_weights_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    shutil.copytree(COMMITTED, folder)
    (folder / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ModelError, match="broken"):
        load_reranker(RerankerConfig(model=str(folder)), build_shelf(), tmp_path / "cache")
    (folder / "recipe.json").write_text("{}")
    with pytest.raises(ModelError, match="recipe"):
        describe_reranker(str(folder))


def test_an_unknown_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        load_reranker(RerankerConfig(model=str(tmp_path / "nowhere")), build_shelf(), tmp_path)


def test_doctor_line() -> None:
    assert "late interaction" in describe_reranker("vouch")
    assert "cross-encoder" in describe_reranker("someone/some-model")


def test_the_committed_model_beats_cosine_on_held_out_requests(
    reranker_cache: Path, minilm_cache: Path
) -> None:
    """Sixty requests for films it was not trained on, each among twenty films."""
    from ranking.reranker_data import split_of

    schema = Schema(
        "films", "film", "films", "item_id", "title", ("synopsis",),
        (
            Facet("year", "number", "year", "year", role="year"),
            Facet("directors", "people", "director", "directors"),
            Facet("cast", "people", "starring", "cast"),
            Facet("keywords", "category", "about", "keywords"),
            Facet("mood", "category", "mood", "mood"),
        ),
    )  # fmt: skip
    notes = {n["item_id"]: n for n in map(json.loads, NOTES.read_text().splitlines())}
    wanted = [w for w in map(json.loads, REQUESTS.read_text().splitlines())
              if split_of(w["item_id"]) == "test"][:HELD_OUT]  # fmt: skip
    items = [
        Item(
            w["item_id"],
            notes[w["item_id"]]["title"],
            {k: tuple(notes[w["item_id"]][k]) for k in ("directors", "cast", "keywords", "mood")},
            {"year": notes[w["item_id"]]["year"]},
            texts={"synopsis": notes[w["item_id"]]["synopsis"]},
        )
        for w in wanted
    ]
    films = Catalog.build(schema, items)
    reranker = load_reranker(RerankerConfig(engine="onnx"), films, reranker_cache)
    embedder = load_embedder(EmbedderConfig(), minilm_cache)
    vectors = embedder.embed([films.document(row) for row in range(len(films))])
    asked = [w["requests"][row % 2] for row, w in enumerate(wanted)]
    cosine = embedder.embed(asked) @ vectors.T
    rng = np.random.default_rng(3)
    ours, theirs = [], []
    for row, text in enumerate(asked):
        others = rng.choice([r for r in range(len(films)) if r != row], 19, replace=False)
        rows = np.array([row, *others], np.int32)
        ours.append(reranker.score(text, rows).argmax() == 0)
        theirs.append(cosine[row, rows].argmax() == 0)
    assert np.mean(ours) > np.mean(theirs) + 0.05
