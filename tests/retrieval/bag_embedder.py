"""An embedder whose vectors are known by construction: a bag of hashed words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from zlib import crc32

import numpy as np

from retrieval.embedder import Vectors


class BagEmbedder:
    """One dimension per hashed word, counts scaled to unit length; remembers what it embedded."""

    def __init__(self, dimensions: int = 256, salt: str = "") -> None:
        self.dimensions = dimensions
        self.salt = salt
        self.fingerprint = hashlib.sha256(f"bag {dimensions} {salt}".encode()).hexdigest()[:16]
        self.seen: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.seen.extend(texts)
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.casefold()) or ["(nothing)"]:
                vectors[row, crc32(f"{self.salt}{word}".encode()) % self.dimensions] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
