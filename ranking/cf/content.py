"""Content: what reads like the liked items.

Owns: `Content`. Does not own: the vectors (`retrieval.dense`), or retrieval by them
(`retrieval.content`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from ranking.cf.features import described, text_vectors
from ranking.cf.model import Training
from retrieval.query import Rows, Scores


@dataclass(frozen=True, slots=True)
class ContentConfig:
    """Content has nothing to choose: it learns from nobody."""


@dataclass(frozen=True, slots=True)
class Content:
    """Mean cosine with the texts of the likes (Rocchio, 1971, with the positive part only).

    Every item that has a vector is scored, whether or not anybody met it. A score is a sum over
    likes, so that contributions are exact.

    Attributes
    ----------
    vectors : float32 array, shape (n_items, dimensions)
        Unit vectors; zero where an item has no text.
    """

    vectors: NDArray[np.float32]

    @property
    def name(self) -> str:
        """``"content"``."""
        return "content"

    @classmethod
    def fit(cls, training: Training, config: ContentConfig) -> Content:
        """Return the model over the vectors of `training`; raises `ModelError` without them."""
        return cls(text_vectors(training, "content"))

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """Return every item's score in [-1, 1], shape (n_items,); see `CFModel`.

        O(n_items dimensions). Dislikes are left out.
        """
        known = described(self.vectors)
        likes = likes[known[likes]]
        if not len(likes):
            return np.full(len(known), -np.inf, np.float32)
        return np.where(known, self.vectors @ self.vectors[likes].mean(axis=0), -np.inf)

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        """Return each like's cosine with `rows` over how many likes have a text: sums exactly."""
        texts = self.vectors[likes]
        return self.vectors[rows] @ texts.T / np.float32(max(1, texts.any(axis=1).sum()))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a file must keep."""
        return {"vectors": self.vectors}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the model that `arrays` came from."""
        return cls(arrays["vectors"])
