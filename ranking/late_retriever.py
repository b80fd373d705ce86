"""Candidates by the words of a request against the words of every item that has some.

Owns: `LateRetriever`. Does not own: the scores (`ranking.late_interaction`). It is a retriever that
lives beside its model, because `retrieval` may not know `ranking`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial

import numpy as np

from catalog import Catalog, Mask
from ranking.late_interaction import LateInteraction
from retrieval.query import Hits, Query, Scores


class LateRetriever:
    """Scans every item that has a free text; finds what one vector per item misses.

    On the film demo's held-out requests the right film is among the first 50 of this scan for 95%
    and of the bi-encoder's for 67% (``ranking/models/reranker/README.md``). The scan is linear in
    the items' tokens, which it keeps in memory (512 bytes each), so it is silent where more than
    `limit` items have a text.
    """

    name = "late"

    def __init__(self, catalog: Catalog, model: LateInteraction, limit: int = 5_000) -> None:
        described = [row for row, item in enumerate(catalog.items) if any(item.texts.values())]
        self._rows = np.array(described, np.int32)
        self._scan: Callable[[str], Scores] | None = None
        if 0 < len(described) <= limit:
            # A press of a button changes what is liked, not the words.
            scan = partial(model.compare, items=model.keep(self._rows))
            self._scan = lru_cache(maxsize=128)(scan)

    def retrieve(self, query: Query, allowed: Mask, k: int) -> Hits:
        """See `Retriever.retrieve`; nothing without words."""
        if not query.text.strip() or self._scan is None or not allowed[self._rows].any():
            return Hits.empty()
        scores = np.full(len(allowed), -np.inf, np.float32)
        scores[self._rows] = self._scan(query.text)
        return Hits.top(scores, allowed, k)
