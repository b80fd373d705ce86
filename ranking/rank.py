"""Candidates to a scored order: the one function of ranking that the dialogue calls.

Owns: `Ranker`: which terms are computed for whom, and what happens when one fails. Does not own:
the terms (`ranking.terms`), their blend (`ranking.blend`) or variety (`ranking.diversity`).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from catalog import Catalog
from catalog.errors import VouchError
from ranking.blend import Weights, blend, read_weights, totals
from ranking.scoring import CFModel, Column, Request, Reranker, Scored, Scorer, Wish
from ranking.terms import (
    DenseScorer,
    DenseSource,
    LexicalScorer,
    NoveltyScorer,
    PopularityScorer,
    PreferenceScorer,
    TextScorer,
    matches,
    standard_scorers,
)
from retrieval.query import Retriever, Rows, Scores

logger = logging.getLogger(__name__)

_OF_WORDS = frozenset({DenseScorer.name, LexicalScorer.name, TextScorer.name})


@dataclass(frozen=True, slots=True)
class RankConfig:
    """How far the slow reader reads.

    Attributes
    ----------
    rerank_top : int
        Candidates, best first by all the other terms, that the cross-encoder reads; 0 is none.
    """

    rerank_top: int = 200


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates in order, and what did not work.

    Attributes
    ----------
    scored : tuple of Scored
        Best first, ties in ascending order of row.
    warnings : tuple of str
        One sentence for every term that failed; the others still count.
    """

    scored: tuple[Scored, ...]
    warnings: tuple[str, ...] = ()


_DEFAULT = RankConfig()


class Ranker:
    """Scores candidates in two stages: all terms for all, then the cross-encoder for the best."""

    def __init__(
        self,
        scorers: Sequence[Scorer],
        weights: Weights,
        reader: Scorer | None = None,
        config: RankConfig = _DEFAULT,
    ) -> None:
        """Take the parts.

        Parameters
        ----------
        scorers : sequence of Scorer
            Fast terms, for every candidate.
        weights : Weights
            How much each term counts.
        reader : Scorer, optional
            The slow term, for the best `RankConfig.rerank_top` candidates.
        config : RankConfig
            How many those are.
        """
        self._scorers = tuple(scorers)
        self._weights = weights
        self._reader = reader
        self._config = config

    def rank(self, request: Request, rows: Rows) -> Ranking:
        """Return `rows` scored for `request`.

        Parameters
        ----------
        request : Request
            Words, likes, dislikes and wishes; all may be empty.
        rows : int32 array, shape (n,)
            Candidates, without repeats.
        """
        return self._rank(request, rows, self._config.rerank_top)

    def rescore(self, request: Request, row: int) -> Scored:
        """Return `row` scored for `request` by every term, wherever it would rank.

        Because calibrations are fixed, the score does not depend on other candidates: two calls
        with requests that differ by one like or wish show what that one was worth.
        """
        return self._rank(request, np.array([row], np.int32), 1).scored[0]

    def rescored(
        self, request: Request, less: Request, scored: Sequence[Scored], gone: Sequence[str] = ()
    ) -> dict[int, float]:
        """Return the score that each row of `scored` has for `less`.

        Terms that cannot have changed are taken over, not computed again.

        Parameters
        ----------
        request, less : Request
            What `scored` was scored for; the same with something taken away.
        scored : sequence of Scored
            Any candidates.
        gone : sequence of str
            Terms to leave out altogether.
        """
        same = {PopularityScorer.name, NoveltyScorer.name}
        if less.query.text == request.query.text:
            same |= _OF_WORDS
        if less == request:
            same |= self._weights.terms.keys()
        rows = np.array([entry.row for entry in scored], np.int32)
        columns: dict[str, Column] = {}
        for scorer in (*self._scorers, *((self._reader,) if self._reader else ())):
            if scorer.name not in same:
                found, _ = _column(scorer, less, rows)
                if found is not None:
                    columns[scorer.name] = found
        kept = same - set(gone)
        scores = {
            entry.row: sum(term.contribution for term in entry.terms if term.name in kept)
            for entry in scored
        }
        changed = totals(columns, len(rows), self._weights.leaning(less.novelty))
        after = zip(scored, changed.tolist(), strict=True)
        return {entry.row: scores[entry.row] + new for entry, new in after}

    def worth(self, wishes: Sequence[Wish], rows: Rows, catalog: Catalog) -> Scores:
        """Return what each wish, granted alone, adds to each score, shape (n_rows, n_wishes).

        Only the term of wishes: that their words are searched for comes on top.
        """
        granted = matches(catalog, wishes, rows)
        known = self._weights.terms.get(PreferenceScorer.name)
        if known is None:
            return np.zeros_like(granted)
        return known.weight * (
            known.calibration(granted) - known.calibration(np.zeros_like(granted))
        )

    def columns(self, request: Request, rows: Rows) -> dict[str, Column]:
        """Return every fast term's raw column over `rows`, by name; see `Scorer.score`."""
        columns, _ = self._columns(request, rows)
        return columns

    def _rank(self, request: Request, rows: Rows, read: int) -> Ranking:
        columns, warnings = self._columns(request, rows)
        weights = self._weights.leaning(request.novelty)
        if self._reader is not None and read > 0 and len(rows):
            scores = totals(columns, len(rows), weights)
            best = rows[np.lexsort((rows, -scores))[:read]]
            found, failed = _column(self._reader, request, best)
            warnings += failed
            if found is not None:
                columns[self._reader.name] = _place(found, best, rows)
        return Ranking(blend(columns, rows, weights), tuple(warnings))

    def _columns(self, request: Request, rows: Rows) -> tuple[dict[str, Column], list[str]]:
        columns: dict[str, Column] = {}
        warnings: list[str] = []
        for scorer in self._scorers:
            found, failed = _column(scorer, request, rows)
            warnings += failed
            if found is not None:
                columns[scorer.name] = found
        return columns, warnings


def open_ranker(
    catalog: Catalog,
    dense: DenseSource | None = None,
    lexical: Retriever | None = None,
    model: CFModel | None = None,
    reranker: Reranker | None = None,
    rerank_top: int = RankConfig().rerank_top,
    weights: Weights | None = None,
) -> Ranker:
    """Return a ranker of the parts that there are; any of them may be missing.

    Parameters
    ----------
    catalog : Catalog
        What is ranked.
    dense, lexical : retrievers, optional
        The ones that also find candidates.
    model : CFModel, optional
        Collaborative filtering.
    reranker : Reranker, optional
        The cross-encoder.
    rerank_top : int
        Candidates that it reads.
    weights : Weights, optional
        The learned ones by default.
    """
    return Ranker(
        standard_scorers(catalog, dense=dense, lexical=lexical, model=model),
        weights or read_weights(),
        None if reranker is None else TextScorer(reranker),
        RankConfig(rerank_top),
    )


def _column(scorer: Scorer, request: Request, rows: Rows) -> tuple[Column | None, list[str]]:
    try:
        return scorer.score(request, rows), []
    except VouchError as error:
        logger.warning("ranking term %r failed", scorer.name, exc_info=True)
        return None, [f"Ranking went on without {scorer.name!r}: {error}"]


def _place(column: Column, best: Rows, rows: Rows) -> Column:
    """Return `column` over `best` as one over `rows`.

    What was not read counts as the worst that was: being read never costs a place.
    """
    position = {row: at for at, row in enumerate(rows.tolist())}
    values = np.full(len(rows), np.nanmin(column.values), np.float32)
    places = [position[row] for row in best.tolist()]
    values[places] = column.values
    because = {places[at]: causes for at, causes in column.because.items()}
    return Column(values, because)
