"""Running a transformer encoder under ONNX Runtime, and exporting one for it.

Owns: `open_session`, `export_encoder`. Does not own: which model it is, its tokenizer or what its
output means (`retrieval.embedder`, `ranking.reranker`).
"""

from __future__ import annotations

import os
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import onnxruntime
from onnxruntime.capi import onnxruntime_pybind11_state as state  # pyright: ignore

from catalog.errors import ModelError

if TYPE_CHECKING:
    from torch import nn

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
# ONNX Runtime's errors have no common base.
_UNUSABLE = (
    state.Fail,
    state.InvalidArgument,
    state.InvalidGraph,
    state.InvalidProtobuf,
    state.NoSuchFile,
    state.NotImplemented,
    state.RuntimeException,
)


def open_session(model: Path | bytes, threads: int = 0) -> onnxruntime.InferenceSession:
    """Return a CPU session of the graph `model`.

    Parameters
    ----------
    model : Path or bytes
        An ONNX file, or what would be in it.
    threads : int
        Threads within one operator; 0 takes every core.

    Raises
    ------
    ModelError
        When the file is missing or is no valid graph.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Threads that wait by spinning take the cores from the rest of the turn: measured in
    # benchmarks/README.md.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except _UNUSABLE as error:
        name = repr(str(model)) if isinstance(model, Path) else "in memory"
        raise ModelError(f"cannot open model {name}: {error}") from error


def export_encoder(module: nn.Module, target: Path, output: str = "output") -> None:
    """Write `module` to `target` as a fp32 ONNX graph: whole or not at all.

    Parameters
    ----------
    module : torch module
        Called with int64 tensors ``input_ids``, ``attention_mask`` and ``token_type_ids``, each of
        shape (batch, tokens), and returning one tensor whose first axis is the batch.
    target : Path
        Its directory is made when missing; an existing file is replaced atomically.
    output : str
        The name of the graph's one output.
    """
    import torch
    from torch.jit._trace import TracerWarning

    target.parent.mkdir(parents=True, exist_ok=True)
    # Two unequal axes, so that the tracer cannot take one for the other; any valid ids will do.
    example = tuple(torch.ones(2, 8, dtype=torch.int64) for _ in INPUTS)
    axes = {name: {0: "batch", 1: "tokens"} for name in INPUTS} | {output: {0: "batch"}}
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch, warnings.catch_warnings():
        # The tracing exporter is deprecated, but the new one is slower and its graphs fuse worse.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.filterwarnings("ignore", category=TracerWarning)
        warnings.filterwarnings("ignore", "Exporting aten::index")  # no index here is negative
        path = Path(scratch) / target.name
        torch.onnx.export(
            module.eval(),
            example,
            str(path),
            input_names=list(INPUTS),
            output_names=[output],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        os.replace(path, target)
