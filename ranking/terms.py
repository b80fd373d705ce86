"""The named parts of a score, raw.

Owns: the scorers. Does not own: their scale (`ranking.calibration`) or weight (`ranking.blend`).

Every cause is additive and monotone: taking away a like or a wish that a column names as a cause
lowers that column's value. A scorer answers None where the request gives it nothing to use,
and NaN for a candidate of which it has nothing to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog import Catalog
from ranking.scoring import CFModel, Column, Request, Reranker, Scorer, Wish
from ranking.similarity import ItemSimilarity, rarity
from retrieval.query import Query, Retriever, Rows, Scores

# More likes of the same kind say more, but only so far: the nearest few speak for a candidate.
_NEAREST = 3
# Being like something disliked is a weak sign: recorded dislikes predict hardly any refusal
# (docs/log.md). Something said to be avoided counts in full.
_DISLIKED = 0.25
# Words that fit outweigh an avoidance that counts as much as a wish: it would stay on the slate.
# Measured by benchmarks/negation.py.
_AVOIDED = 10.0


class DenseSource(Protocol):
    """The part of the dense retriever that ranking needs."""

    @property
    def vectors(self) -> NDArray[np.float32]:
        """Unit vector of every item, shape (n_items, dimensions)."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of `text`, shape (dimensions,)."""
        ...


class TextScorer:
    """A cross-encoder's logit of the request's words with the item's text."""

    name = "text"

    def __init__(self, reranker: Reranker) -> None:
        self._reranker = reranker

    def score(self, request: Request, rows: Rows) -> Column | None:
        """See `Scorer.score`; nothing without words."""
        if not request.query.text.strip():
            return None
        return Column(self._reranker.score(request.query.text, rows), {})


class DenseScorer:
    """Cosine of the request's words with the item's text."""

    name = "dense"

    def __init__(self, source: DenseSource) -> None:
        self._source = source

    def score(self, request: Request, rows: Rows) -> Column | None:
        """See `Scorer.score`; nothing without words."""
        if not request.query.text.strip():
            return None
        return Column(self._source.vectors[rows] @ self._source.embed_query(request.query.text), {})


class LexicalScorer:
    """Words in common, in the lexical retriever's own unit; no word in common is 0."""

    name = "lexical"

    def __init__(self, retriever: Retriever, n_items: int) -> None:
        self._retriever = retriever
        self._size = n_items

    def score(self, request: Request, rows: Rows) -> Column | None:
        """See `Scorer.score`; nothing without words."""
        if not request.query.text.strip():
            return None
        allowed = np.zeros(self._size, np.bool_)
        allowed[rows] = True
        hits = self._retriever.retrieve(Query(text=request.query.text), allowed, len(rows))
        everywhere = np.zeros(self._size, np.float32)
        everywhere[hits.rows] = hits.scores
        return Column(everywhere[rows], {})


class CollaborativeScorer:
    """What people who like the same things like; because of the likes that add to it."""

    name = "collaborative"

    def __init__(self, catalog: Catalog, model: CFModel) -> None:
        self._catalog = catalog
        self._model = model
        # A person's likes are scored in every turn, and without each of them for its reasons.
        self._folded = lru_cache(maxsize=128)(self._fold_in)

    def _fold_in(self, likes: tuple[int, ...], dislikes: tuple[int, ...]) -> Scores:
        return self._model.fold_in(np.array(likes, np.int32), np.array(dislikes, np.int32))

    def score(self, request: Request, rows: Rows) -> Column | None:
        """See `Scorer.score`; NaN for items that the model does not know."""
        query = request.query
        if not query.likes:
            return None
        scores = self._folded(query.likes, query.dislikes)[rows]
        values = np.where(np.isfinite(scores), scores, np.nan).astype(np.float32)
        likes = np.array(query.likes, np.int32)

        def parts() -> Scores:
            return self._model.contributions(likes, rows) * (values > 0)[:, np.newaxis]

        return Column(values, _Causes(parts, _ids(self._catalog, likes)))


class PreferenceScorer:
    """Wishes that an item grants, rarer values counting more; because of those wishes."""

    name = "preferences"

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def score(self, request: Request, rows: Rows) -> Column | None:
        """See `Scorer.score`; nothing without a positive wish."""
        wishes = [wish for wish in request.wishes if wish.weight > 0]
        if not wishes:
            return None
        parts = matches(self._catalog, wishes, rows)
        return Column(parts.sum(axis=1), _Causes(parts, [f"{w.facet}:{w.value}" for w in wishes]))


class AvoidanceScorer:
    """Never positive: values to avoid that an item has, and likeness to what was disliked.

    A value to avoid counts the same however rare it is: it was named. An item as like a liked one
    as a disliked one loses nothing by the likeness.
    """

    name = "avoidance"

    def __init__(self, catalog: Catalog, similarity: ItemSimilarity) -> None:
        self._catalog = catalog
        self._similarity = similarity

    def score(self, request: Request, rows: Rows) -> Column | None:
        """See `Scorer.score`; nothing without a negative wish or a dislike."""
        query = request.query
        wishes = [wish for wish in request.wishes if wish.weight < 0]
        if not wishes and not query.dislikes:
            return None
        dislikes = np.array(query.dislikes, np.int32)
        likes = np.array(query.likes, np.int32)
        unlike = self._similarity(rows, dislikes)
        if len(likes):
            unlike -= self._similarity(rows, likes).max(axis=1, keepdims=True)
        near = _DISLIKED * _nearest(unlike.clip(min=0))
        against = np.array([-_AVOIDED * wish.weight for wish in wishes], np.float32)
        parts = np.hstack([(matches(self._catalog, wishes, rows) != 0) * against, near])
        names = [f"{w.facet}:{w.value}" for w in wishes] + _ids(self._catalog, dislikes)
        return Column(-parts.sum(axis=1), _Causes(parts, names))


class ContentScorer:
    """Likeness to the nearest few liked items; because of those."""

    name = "content"

    def __init__(self, catalog: Catalog, similarity: ItemSimilarity) -> None:
        self._catalog = catalog
        self._similarity = similarity

    def score(self, request: Request, rows: Rows) -> Column | None:
        """See `Scorer.score`; nothing without likes."""
        likes = np.array(request.query.likes, np.int32)
        if not len(likes):
            return None
        parts = _nearest(self._similarity(rows, likes))
        return Column(parts.sum(axis=1), _Causes(parts, _ids(self._catalog, likes)))


class PopularityScorer:
    """Logarithm of how many met an item, relative to the catalogue's median item that anyone met.

    An item that nobody met yet has nothing to say, and so counts as that median one.
    """

    name = "popularity"

    def __init__(self, catalog: Catalog) -> None:
        counts = catalog.popularity
        values = np.where(counts > 0, np.log1p(counts), np.nan)
        usual = np.nanmedian(values) if (counts > 0).any() else 0.0
        self._values = (values - usual).astype(np.float32)

    def score(self, request: Request, rows: Rows) -> Column | None:
        """See `Scorer.score`; nothing where there are no interactions at all."""
        values = self._values[rows]
        return Column(values, {}) if np.isfinite(values).any() else None


class NoveltyScorer:
    """Popularity the other way round, for who wants what is little known."""

    name = "novelty"

    def __init__(self, catalog: Catalog) -> None:
        self._popularity = PopularityScorer(catalog)

    def score(self, request: Request, rows: Rows) -> Column | None:
        """See `Scorer.score`; nothing for who does not want that."""
        known = self._popularity.score(request, rows) if request.novelty > 0 else None
        return None if known is None else Column(-known.values, {})


class ShownScorer:
    """Never positive: what was shown before and drew no word is passed over for something new.

    Impression discounting (Lee et al., "Modeling impression discounting in large-scale recommender
    systems", KDD 2014), linear in the number of times.
    """

    name = "shown"

    def score(self, request: Request, rows: Rows) -> Column | None:
        """See `Scorer.score`; nothing where nothing was shown before."""
        if not request.shown:
            return None
        times = Counter(request.shown)
        return Column(np.array([-times[row] for row in rows.tolist()], np.float32), {})


def standard_scorers(
    catalog: Catalog,
    *,
    dense: DenseSource | None = None,
    lexical: Retriever | None = None,
    model: CFModel | None = None,
) -> tuple[Scorer, ...]:
    """Return every scorer whose parts are there, without the cross-encoder.

    Parameters
    ----------
    catalog : Catalog
        What is ranked.
    dense, lexical : retrievers, optional
        The ones that also find candidates.
    model : CFModel, optional
        Collaborative filtering.
    """
    similarity = ItemSimilarity(catalog, None if dense is None else dense.vectors)
    scorers: list[Scorer] = [
        PreferenceScorer(catalog),
        AvoidanceScorer(catalog, similarity),
        ContentScorer(catalog, similarity),
        PopularityScorer(catalog),
        NoveltyScorer(catalog),
        ShownScorer(),
    ]
    if dense is not None:
        scorers.append(DenseScorer(dense))
    if lexical is not None:
        scorers.append(LexicalScorer(lexical, len(catalog)))
    if model is not None:
        scorers.append(CollaborativeScorer(catalog, model))
    return tuple(scorers)


def matches(catalog: Catalog, wishes: Sequence[Wish], rows: Rows) -> Scores:
    """Return wish weight times how telling the value is where it is met, (rows, wishes)."""
    parts = np.zeros((len(rows), len(wishes)), np.float32)
    for column, wish in enumerate(wishes):
        granted, count = catalog.facets.granting(wish.facet, wish.value)
        telling = 0.5 + 0.5 * rarity(count, len(catalog))
        parts[granted[rows], column] = wish.weight * telling
    return parts


def _nearest(alike: Scores) -> Scores:
    """Return `alike` with all but the `_NEAREST` largest of each row set to zero."""
    if alike.shape[1] <= _NEAREST:
        return alike
    edge = np.partition(alike, -_NEAREST, axis=1)[:, -_NEAREST, np.newaxis]
    return np.where(alike >= edge, alike, np.float32(0))


def _ids(catalog: Catalog, rows: Rows) -> list[str]:
    return [catalog.items[row].item_id for row in rows.tolist()]


class _Causes(Mapping[int, tuple[str, ...]]):
    """The causes of every candidate that has any, strongest first; worked out when asked for.

    A cause must speak for this candidate at least as much as for the others on average: what
    speaks for everything is no reason for one.

    Parameters
    ----------
    parts : float32 array, shape (rows, causes), or callable
        What each cause adds to each candidate.
    names : list of str
        The causes.
    """

    def __init__(self, parts: Scores | Callable[[], Scores], names: list[str]) -> None:
        self._parts, self._names = parts, names

    @cached_property
    def _found(self) -> dict[int, tuple[str, ...]]:
        parts, names = self._parts() if callable(self._parts) else self._parts, self._names
        if not parts.size:
            return {}
        cited = (parts > 1e-6) & (parts >= parts.mean(axis=0) * (1 - 1e-6))
        order = np.argsort(-parts, axis=1, kind="stable")
        return {
            int(at): tuple(names[cause] for cause in order[at].tolist() if cited[at, cause])
            for at in np.flatnonzero(cited.any(axis=1))
        }

    def __getitem__(self, position: int) -> tuple[str, ...]:
        return self._found[position]

    def __iter__(self) -> Iterator[int]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
