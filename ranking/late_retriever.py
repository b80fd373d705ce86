"""Candidates by the words of a request against the words of every item that has some.

Owns: `LateRetriever`. Does not own: the scores (`ranking.late_interaction`). It is a retriever that
lives beside its model, because `retrieval` may not know `ranking`.
"""

from __future__ import annotations

import numpy as np

from catalog import Catalog, Mask
from ranking.late_interaction import LateInteraction
from retrieval.query import Hits, Query


class LateRetriever:
    """Scans the allowed items that have a free text; finds what one vector per item misses.

    On the film demo's held-out requests the right film is among the first 50 of this scan for 95%
    and of the bi-encoder's for 67% (``ranking/models/reranker/README.md``). The scan is linear in
    the items' tokens, so it is silent where more than `limit` items would have to be read.
    """

    name = "late"

    def __init__(self, catalog: Catalog, model: LateInteraction, limit: int = 5_000) -> None:
        self._model = model
        self._limit = limit
        self._described = np.array([any(item.texts.values()) for item in catalog.items], np.bool_)

    def retrieve(self, query: Query, allowed: Mask, k: int) -> Hits:
        """See `Retriever.retrieve`; nothing without words."""
        rows = np.flatnonzero(allowed & self._described).astype(np.int32)
        if not query.text.strip() or not 0 < len(rows) <= self._limit:
            return Hits.empty()
        scores = np.full(len(allowed), -np.inf, np.float32)
        scores[rows] = self._model.score(query.text, rows)
        return Hits.top(scores, allowed, k)
