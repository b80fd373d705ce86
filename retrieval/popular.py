"""Items that many people met.

Owns: `PopularRetriever`, the answer to a query that says nothing. Does not own: the counts
(`Catalog.popularity`).
"""

from __future__ import annotations

import numpy as np

from catalog import Catalog, Mask
from retrieval.query import Hits, Query


class PopularRetriever:
    """Ranks by the logarithm of the number of interactions, whatever the query.

    Counts, not a damped mean of the values: what people chose to meet predicts what others will
    meet, needs no scale that all catalogues share, and is the baseline of the field (Cremonesi,
    Koren & Turrin, RecSys 2010). The logarithm changes no order; it keeps scores in a small range.
    Items that nobody met come last with score 0, so that a filter that only they pass, or a
    catalogue without interactions, still has candidates.
    """

    name = "popular"

    def __init__(self, catalog: Catalog) -> None:
        self._scores = np.log1p(catalog.popularity).astype(np.float32)

    def retrieve(self, query: Query, allowed: Mask, k: int) -> Hits:
        """See `Retriever.retrieve`; never empty while anything is allowed."""
        return Hits.top(self._scores, allowed, k)
