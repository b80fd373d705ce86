"""What ranking is asked and what it answers.

Owns: `Wish`, `Term`, `Scored`, and the seams `CFModel`, `Reranker`, `Scorer`. Does not own: any
model behind them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.query import Query, Rows, Scores


@dataclass(frozen=True, slots=True)
class Wish:
    """A soft preference for a facet value.

    Attributes
    ----------
    facet, value : str
        As in the schema.
    weight : float
        In [-1, 1]; negative is a soft avoidance.
    """

    facet: str
    value: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Request:
    """What a person wants now: the query and the soft preferences.

    Attributes
    ----------
    query : Query
        The same one that retrieval was given.
    wishes : tuple of Wish
        Soft preferences, oldest first.
    shown : tuple of int
        Rows that were on the table before and drew no word, once for each time.
    novelty : float
        In [-1, 1]: above 0 little known items are wanted, below it well known ones.
    """

    query: Query
    wishes: tuple[Wish, ...] = ()
    shown: tuple[int, ...] = ()
    novelty: float = 0.0


@dataclass(frozen=True, slots=True)
class Term:
    """One named part of an item's score.

    Attributes
    ----------
    name : str
        ``"collaborative"``, ``"text"``, ``"preferences"`` ...
    contribution : float
        Weight times calibrated value; the terms of an item sum to its score.
    because : tuple of str
        What caused it: item ids for behaviour, ``"facet:value"`` for preferences; strongest first.
    """

    name: str
    contribution: float
    because: tuple[str, ...] = ()


class Scored:
    """One candidate with its score taken apart; ``score == sum(term.contribution)``.

    Parameters
    ----------
    row : int
        The candidate.
    score : float
        The sum of its terms' contributions.
    terms : tuple of Term, or callable
        Largest contribution first; called when first asked for: of hundreds of candidates a
        handful are.
    """

    __slots__ = ("_terms", "row", "score")

    def __init__(
        self, row: int, score: float, terms: tuple[Term, ...] | Callable[[], tuple[Term, ...]]
    ) -> None:
        self.row = row
        self.score = score
        self._terms = terms

    @property
    def terms(self) -> tuple[Term, ...]:
        """What the score is made of, largest contribution first."""
        if callable(self._terms):
            self._terms = self._terms()
        return self._terms

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scored) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self.row, self.score))

    def __repr__(self) -> str:
        return f"Scored({self.row}, {self.score}, {self.terms})"

    def _key(self) -> tuple[int, float, tuple[Term, ...]]:
        return self.row, self.score, self.terms


class CFModel(Protocol):
    """Collaborative filtering that can fold in a session it has never seen.

    Scores are float32 of shape (n_items,) over catalogue rows; items unknown to the model score
    ``-inf``. Higher is better; only the order and differences within one call mean anything.
    """

    @property
    def name(self) -> str:
        """The name by which settings choose it: ``"ease"``."""
        ...

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """Return every item's score for someone who likes `likes` and dislikes `dislikes`.

        Likes are in the order in which they were met, oldest first: sequence models read it. A
        known person is served by folding in their history, so that no model keeps a person.
        """
        ...

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        """Return what each of `likes` adds to the score of each of `rows`, (len(rows), len(likes)).

        For linear models the sum is the score exactly; for others it is what the score loses
        without each (`ranking.cf.model.without_each`).
        """
        ...


class Reranker(Protocol):
    """Reads what the person wants together with an item's text."""

    @property
    def name(self) -> str:
        """Model and engine, for reports: ``"vouch-reranker (onnx int8)"``."""
        ...

    def score(self, text: str, rows: Rows) -> Scores:
        """Return the relevance of each of `rows` to `text`, shape (len(rows),), as logits."""
        ...


@dataclass(frozen=True, slots=True)
class Column:
    """One raw term over all candidates, before calibration.

    Attributes
    ----------
    values : float32 array, shape (n_candidates,)
        Raw scores; NaN where the term has nothing to say about a candidate.
    because : mapping of int to tuple of str
        Position among the candidates to the causes, for those that have any.
    """

    values: Scores
    because: Mapping[int, tuple[str, ...]]


class Scorer(Protocol):
    """Computes one named term for a request's candidates."""

    @property
    def name(self) -> str:
        """The term's name."""
        ...

    def score(self, request: Request, rows: Rows) -> Column | None:
        """Return the term for each of `rows`, or None where the request gives it nothing to use."""
        ...
