"""What reads like the things a person likes.

Owns: `ContentRetriever`. Does not own: the vectors (`retrieval.dense`).
"""

from __future__ import annotations

import numpy as np

from catalog import Mask
from retrieval.embedder import Vectors
from retrieval.query import Hits, Query


class ContentRetriever:
    """Ranks by the mean similarity of an item's text to the texts of the liked items.

    It stands in for behaviour where there is none: items too new to have interactions, and likes
    that a collaborative model does not know. Exact, linear in the size of the catalogue; Rocchio's
    method (1971) with the positive part only.
    """

    name = "content"

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors

    def retrieve(self, query: Query, allowed: Mask, k: int) -> Hits:
        """See `Retriever.retrieve`; without likes it has nothing to say."""
        if not query.likes:
            return Hits.empty()
        likes = np.array(query.likes, np.int32)
        fresh = allowed.copy()
        fresh[likes] = False
        return Hits.top(self._vectors @ self._vectors[likes].mean(axis=0), fresh, k)
