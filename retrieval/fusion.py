"""Several rankings into one.

Owns: reciprocal rank fusion. Does not own: where the rankings come from.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from retrieval.query import Hits

RANK_CONSTANT = 60


def reciprocal_rank_fusion(
    rankings: Mapping[str, Hits],
    weights: Mapping[str, float] | None = None,
    rank_constant: int = RANK_CONSTANT,
) -> Hits:
    """Return every row of `rankings`, best first, scored by the sum of weight / (constant + rank).

    Ranks count from 1. Only the order of each ranking matters, so retrievers need no common scale.
    Ties in ascending order of row. O(n log n) in the total number of hits.

    Parameters
    ----------
    rankings : mapping of str to Hits
        By the name of their source; their order does not matter.
    weights : mapping of str to float, optional
        Positive weight by name; 1 where it has none.
    rank_constant : int
        How flat the top is; 60 in the paper.

    References
    ----------
    Cormack, Clarke & Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank
    learning methods", SIGIR 2009.
    """
    filled = {name: hits for name, hits in sorted(rankings.items()) if len(hits)}
    if not filled:
        return Hits.empty()
    weights = weights or {}
    parts = [
        weights.get(name, 1.0) / (rank_constant + 1.0 + np.arange(len(hits)))
        for name, hits in filled.items()
    ]
    rows, position = np.unique(
        np.concatenate([hits.rows for hits in filled.values()]), return_inverse=True
    )
    # Summed as float64 in order of name: the same for every order of the mapping, to the bit.
    scores = np.bincount(position, weights=np.concatenate(parts)).astype(np.float32)
    order = np.lexsort((rows, -scores))
    return Hits(rows[order].astype(np.int32), scores[order])
