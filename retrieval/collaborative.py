"""What people who like the same things like.

Owns: `CollaborativeRetriever`. Does not own: any model (`ranking.cf`).
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from catalog import Mask
from retrieval.query import Hits, Query, Rows, Scores


class FoldIn(Protocol):
    """The part of a collaborative model that retrieval needs; see `ranking.scoring.CFModel`."""

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """Return scores over all rows, shape (n_items,); ``-inf`` for rows it does not know."""
        ...


class CollaborativeRetriever:
    """Folds the liked rows into a model; without likes it has nothing to say.

    The liked rows themselves are no hits: they score high and the person has them already.
    """

    name = "collaborative"

    def __init__(self, model: FoldIn) -> None:
        self._model = model

    def retrieve(self, query: Query, allowed: Mask, k: int) -> Hits:
        """See `Retriever.retrieve`."""
        if not query.likes:
            return Hits.empty()
        likes = np.array(query.likes, np.int32)
        scores = self._model.fold_in(likes, np.array(query.dislikes, np.int32))
        fresh = allowed.copy()
        fresh[likes] = False
        return Hits.top(scores, fresh, k)
