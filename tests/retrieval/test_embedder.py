from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from catalog.errors import ModelError
from retrieval.embedder import (
    EmbedderConfig,
    SentenceTransformerEmbedder,
    load_embedder,
    minilm_files,
)
from retrieval.onnx import open_session

TEXTS = [
    "a slow heist gone wrong",
    "",
    "Léon: The Professional (1994). genre: Action, Crime",
    "x",
    "a very long text about a family that goes on and on " * 60,
    "東京物語",
]

HOT_PATH = """
import sys
from pathlib import Path
import retrieval.dense, retrieval.lexical, retrieval.retrieve
from retrieval.embedder import EmbedderConfig, load_embedder
load_embedder(EmbedderConfig(threads=1), Path(sys.argv[1])).embed(["a query"])
heavy = {"torch", "transformers", "sentence_transformers", "chromadb", "onnx"}
sys.exit(", ".join(sorted(heavy & set(sys.modules))) or 0)
"""


def test_the_hot_path_loads_nothing_heavy(minilm_cache: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HOT_PATH, minilm_cache],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_wheel_is_found_by_its_record() -> None:
    assert (minilm_files() / "model.safetensors").is_file()
    assert (minilm_files() / "tokenizer.json").is_file()


def test_a_graph_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no graph")
    for path in (broken, tmp_path / "missing.onnx"):
        with pytest.raises(ModelError, match=path.name):
            open_session(path)


@pytest.mark.slow
def test_an_unknown_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere"):
        load_embedder(EmbedderConfig(str(tmp_path / "nowhere")), tmp_path)


@pytest.mark.slow
def test_a_damaged_export_is_written_again(
    minilm_cache: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (graph,) = minilm_cache.glob("*.onnx")
    damaged = tmp_path / graph.name
    damaged.write_bytes(graph.read_bytes()[:1_000_000])
    steps: list[tuple[str, int, int]] = []
    with caplog.at_level(logging.WARNING):
        embedder = load_embedder(
            EmbedderConfig(threads=1), tmp_path, lambda *step: steps.append(step)
        )
    assert "again" in caplog.text
    assert steps[-1][1:] == (1, 1)
    assert [path.name for path in tmp_path.glob("*.onnx*")] == [graph.name]
    kept = load_embedder(EmbedderConfig(threads=1), minilm_cache)
    np.testing.assert_allclose(embedder.embed(TEXTS), kept.embed(TEXTS), atol=1e-5)


@pytest.mark.slow
def test_minilm_agrees_with_sentence_transformers(minilm_cache: Path, tmp_path: Path) -> None:
    ours = load_embedder(EmbedderConfig(threads=1), minilm_cache)
    model = tmp_path / "model"
    shutil.copytree(minilm_files(), model)
    theirs = load_embedder(EmbedderConfig(str(model), threads=1), tmp_path)
    assert isinstance(theirs, SentenceTransformerEmbedder)
    assert theirs.dimensions == ours.dimensions
    assert theirs.fingerprint != ours.fingerprint
    np.testing.assert_allclose(ours.embed(TEXTS), theirs.embed(TEXTS), atol=1e-4)
