"""What is compared on a shop's histories.

Owns: `System` and the list of them. Does not own: the protocol (`evaluation.shop.bench`) or any
model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from catalog import Catalog, Interactions
from ranking.cf import Training, fit_cf
from ranking.scoring import CFModel
from retrieval.embedder import Vectors
from retrieval.fusion import RANK_CONSTANT
from retrieval.lexical import LexicalRetriever
from retrieval.query import Query, Rows, Scores

System = Callable[[Rows], Scores]
"""Scores the whole catalogue for a history, oldest first; what it cannot score is ``-inf``."""

FUSED = "fused"
_NOBODY: Rows = np.empty(0, np.int32)
# Titles that words are taken from: what was bought long ago says less of what comes next.
_LAST = 2


def popularity(seen: Interactions, catalog: Catalog) -> System:
    """Return how many bought each product."""
    counts = np.bincount(seen.row, minlength=len(catalog)).astype(np.float32)
    return lambda history: counts


def copy_rule(catalog: Catalog) -> System:
    """Return the rule that names again what was bought, the last first."""

    def score(history: Rows) -> Scores:
        scores = np.full(len(catalog), -np.inf, np.float32)
        scores[history] = np.arange(len(history), dtype=np.float32)
        return scores

    return score


def lexical(index: LexicalRetriever, catalog: Catalog) -> System:
    """Return BM25 of the last two titles over the documents of what was not bought yet."""

    def score(history: Rows) -> Scores:
        fresh = np.ones(len(catalog), np.bool_)
        fresh[history] = False
        words = " ".join(catalog.items[row].title for row in history[-_LAST:].tolist())
        hits = index.retrieve(Query(words), fresh, len(catalog))
        scores = np.full(len(catalog), -np.inf, np.float32)
        scores[hits.rows] = hits.scores
        return scores

    return score


def dense(vectors: Vectors) -> System:
    """Return the mean cosine with the last two products, of what was not bought yet."""

    def score(history: Rows) -> Scores:
        scores = vectors @ vectors[history[-_LAST:]].mean(axis=0)
        scores[history] = -np.inf
        return scores

    return score


def behaviour(model: CFModel) -> System:
    """Return a collaborative model, given the history without repeats, as it scores."""

    def score(history: Rows) -> Scores:
        likes = np.array(list(dict.fromkeys(history.tolist())), np.int32)
        return np.asarray(model.fold_in(likes, _NOBODY), np.float32)

    return score


def fused(parts: Mapping[str, System]) -> System:
    """Return reciprocal rank fusion of whole rankings; what a part cannot score it leaves out."""

    def score(history: Rows) -> Scores:
        total: Scores | None = None
        for system in parts.values():
            scores = system(history)
            order = np.lexsort((np.arange(len(scores)), -scores))
            rank = np.empty(len(scores), np.float32)
            rank[order] = np.arange(1, len(scores) + 1)
            gain = np.where(np.isfinite(scores), 1 / (RANK_CONSTANT + rank), 0).astype(np.float32)
            total = gain if total is None else total + gain
        assert total is not None
        return total

    return score


def all_systems(
    catalog: Catalog,
    seen: Interactions,
    vectors: Vectors,
    index: LexicalRetriever,
    models: Sequence[str],
) -> dict[str, System]:
    """Return every system by its label, baselines first; models are fitted on `seen`."""
    again, words, near = copy_rule(catalog), lexical(index, catalog), dense(vectors)
    training = Training(catalog, seen, vectors)
    learned = {name: behaviour(fit_cf(name, training)) for name in models}
    return {
        "popularity": popularity(seen, catalog),
        "copy rule": again,
        "BM25": words,
        "dense": near,
        **learned,
        FUSED: fused({"copy rule": again, "BM25": words, "dense": near, **learned}),
    }
