"""What runs the reranking models.

Owns: `OnnxEngine` and `TorchEngine` (Vouch's own model), `CrossEncoderReranker` (any other). Does
not own: choosing among them (`ranking.reranker`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from catalog import Catalog
from ranking.late_interaction import item_text
from retrieval.query import Rows, Scores

if TYPE_CHECKING:
    import torch
    from onnxruntime import InferenceSession
    from sentence_transformers import CrossEncoder

    from ranking.token_encoder import TokenEncoder

OUTPUT = "tokens"
"""Name of the exported graph's one output."""

# On a processor small batches of near lengths stay in the cache; a card wants to be filled.
_CPU_BATCH, _GPU_BATCH = 8, 256


class OnnxEngine:
    """The trained encoder under ONNX Runtime, in full precision: no torch on the hot path."""

    batch = _CPU_BATCH

    def __init__(self, session: InferenceSession) -> None:
        self._session = session

    def run(
        self, input_ids: NDArray[np.int64], attention_mask: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """See `TokenEngine.run`."""
        feeds = {
            "input_ids": input_ids,
            "attention_mask": attention_mask,
            "token_type_ids": np.zeros_like(input_ids),
        }
        (output,) = self._session.run([OUTPUT], feeds)
        return np.asarray(output, np.float32)


class TorchEngine:
    """The trained encoder under torch."""

    def __init__(self, encoder: TokenEncoder, device: torch.device, dtype: torch.dtype) -> None:
        self.batch = _GPU_BATCH if device.type == "cuda" else _CPU_BATCH
        self._encoder = encoder.to(device, dtype)
        self._device = device

    def run(
        self, input_ids: NDArray[np.int64], attention_mask: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """See `TokenEngine.run`."""
        import torch

        ids = torch.from_numpy(input_ids).to(self._device)
        mask = torch.from_numpy(attention_mask).to(self._device)
        with torch.inference_mode():
            output = self._encoder(ids, mask, torch.zeros_like(ids))
        return output.float().cpu().numpy()


class CrossEncoderReranker:
    """Any sentence-transformers cross-encoder, as it comes; an item's text is made when asked."""

    def __init__(self, name: str, model: CrossEncoder, catalog: Catalog) -> None:
        self.name = name
        self._model = model
        self._catalog = catalog

    def score(self, text: str, rows: Rows) -> Scores:
        """See `Reranker.score`; one forward pass per pair."""
        import torch

        if len(rows) == 0:
            return np.empty(0, np.float32)
        scores = self._model.predict(
            [(text, item_text(self._catalog, int(row))) for row in rows],
            batch_size=_GPU_BATCH if self._model.device.type == "cuda" else _CPU_BATCH,
            activation_fn=torch.nn.Identity(),
            show_progress_bar=False,
        )
        return np.asarray(scores, np.float32).reshape(len(rows))
