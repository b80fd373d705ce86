"""A query to one pool of candidates.

Owns: `retrieve_all`. Does not own: any retriever, or what is done with the pool (`ranking`).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from catalog import Catalog, Mask, VouchError
from retrieval.fusion import RANK_CONSTANT, reciprocal_rank_fusion
from retrieval.query import Hits, Query, Retriever, Rows, Scores

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RetrievalConfig:
    """How many candidates, and how much each retriever counts.

    Attributes
    ----------
    per_retriever : int
        Hits asked of each retriever.
    pool : int
        Candidates after fusion, at most.
    guaranteed : int
        Best hits of every retriever that are in the pool whatever the others say.
    weights : mapping of str to float
        Weight in the fusion by retriever; 1 where it has none.
    rank_constant : int
        Of reciprocal rank fusion.
    """

    per_retriever: int = 100
    pool: int = 200
    guaranteed: int = 5
    weights: Mapping[str, float] = field(default_factory=lambda: {"lexical": 2.0, "popular": 0.25})
    rank_constant: int = RANK_CONSTANT


@dataclass(frozen=True, slots=True)
class Candidates:
    """The pool, and how it came about.

    Attributes
    ----------
    rows : int32 array, shape (n,)
        Best first, ties in ascending order; every one satisfies the query's constraints and none
        is excluded.
    scores : float32 array, shape (n,)
        Fused.
    by_source : mapping of str to Hits
        What each retriever that answered found.
    allowed_count : int
        Items of the catalogue that the query admits; 0 when no item fits.
    warnings : tuple of str
        One sentence for every retriever that failed.
    """

    rows: Rows
    scores: Scores
    by_source: Mapping[str, Hits]
    allowed_count: int
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)


def allowed_rows(query: Query, catalog: Catalog) -> Mask:
    """Return which rows the query admits: its constraints hold and it does not exclude them.

    Raises
    ------
    ConstraintError
        When the catalogue's schema cannot express one of the constraints.
    """
    allowed = catalog.facets.mask(query.constraints)
    allowed[list(query.exclude)] = False
    return allowed


def retrieve_all(
    query: Query,
    retrievers: Sequence[Retriever],
    catalog: Catalog,
    config: RetrievalConfig | None = None,
) -> Candidates:
    """Return the candidates for `query` that `retrievers` find together.

    Hard conditions are resolved once, before any retriever is asked. A retriever that fails is
    left out and named in `Candidates.warnings`.

    Raises
    ------
    ConstraintError
        When the catalogue's schema cannot express one of the constraints.
    """
    config = config or RetrievalConfig()
    allowed = allowed_rows(query, catalog)
    by_source: dict[str, Hits] = {}
    warnings: list[str] = []
    for retriever in retrievers:
        try:
            by_source[retriever.name] = retriever.retrieve(query, allowed, config.per_retriever)
        except VouchError as error:
            logger.warning("retriever %r failed", retriever.name, exc_info=True)
            warnings.append(f"The {retriever.name} search did not work this time: {error}")
    fused = reciprocal_rank_fusion(by_source, config.weights, config.rank_constant)
    kept = _within_pool(fused, by_source, config)
    return Candidates(
        fused.rows[kept], fused.scores[kept], by_source, int(allowed.sum()), tuple(warnings)
    )


def _within_pool(fused: Hits, by_source: Mapping[str, Hits], config: RetrievalConfig) -> Mask:
    """Return which fused hits stay: every retriever's best, then the best of the rest."""
    heads = [hits.rows[: config.guaranteed] for hits in by_source.values()]
    kept = np.isin(fused.rows, np.concatenate(heads)) if heads else np.zeros(0, np.bool_)
    room = max(0, config.pool - int(kept.sum()))
    kept[np.flatnonzero(~kept)[:room]] = True
    return kept
