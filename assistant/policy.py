"""Whether to ask: only what can change the top of the slate is worth a person's time.

Owns: `next_question`. Does not own: the questions' words, which come from the schema.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.foresight import Pool
from assistant.phrasebook import Phrasebook, phrasebook
from assistant.state import Question, Session, UserProfile
from catalog import Catalog, Facet
from ranking.rank import Ranker
from ranking.scoring import Scored, Wish


@dataclass(frozen=True, slots=True)
class PolicyConfig:
    """When to ask.

    Attributes
    ----------
    enough : int
        Ask nothing once this many likes, wishes, conditions and topics are known.
    options : int
        How many answers to offer.
    words : float
        What an answer adds to a matching score, in multiples of what the granted wish alone adds:
        its words are searched for as well. Measured by ``benchmarks/questions.py``.
    least_change : float
        Expected share of the slate that an answer must replace, in [0, 1]. Any answer that is a
        third of the candidates replaces two thirds: a question has to do better.
    least_known : float
        Share of the candidates that must know a facet whose answer is a condition, in [0, 1]:
        what is unknown would be lost by any answer.
    """

    enough: int = 3
    options: int = 4
    words: float = 4.0
    least_change: float = 0.7
    least_known: float = 0.8


@dataclass(frozen=True, slots=True)
class Prospect:
    """A question, and what its answers are expected to do.

    Attributes
    ----------
    question : Question
        With its answers as options.
    shares : tuple of float
        How likely each answer is taken to be: how common it is among the candidates. Sums to 1.
    changes : tuple of float
        Share of the slate that each answer would replace.
    """

    question: Question
    shares: tuple[float, ...]
    changes: tuple[float, ...]

    @property
    def change(self) -> float:
        """Expected share of the slate that is replaced."""
        return sum(s * c for s, c in zip(self.shares, self.changes, strict=True))


@dataclass(frozen=True, slots=True)
class _Answers:
    """What can be answered: words, how many candidates fit, what is added to every score."""

    words: tuple[str, ...]
    counts: NDArray[np.float64]
    added: NDArray[np.floating]


def next_question(
    session: Session,
    profile: UserProfile,
    scored: Sequence[Scored],
    catalog: Catalog,
    ranker: Ranker,
    k: int,
    config: PolicyConfig = PolicyConfig(),
    language: str = "en",
) -> Question | None:
    """Return the question whose answer is expected to change the slate most, or None.

    Never two in a row, never about a facet that the person has spoken on, and none twice in a
    conversation: who passed over it, or has no preference, is not asked again.

    Parameters
    ----------
    scored : sequence of Scored
        The ranked pool, best first.
    ranker : Ranker
        Knows what a granted wish is worth.
    k : int
        Size of the slate.
    language : str
        What is asked in, an ISO 639-1 code.
    """
    known = len(profile.likes) + len(profile.preferences) + len(profile.constraints)
    if known + len(profile.topics) >= config.enough or len(scored) <= k:
        return None
    if session.turns and session.turns[-1].question is not None:
        return None
    closed = {entry.facet for entry in (*profile.preferences, *profile.constraints)}
    closed |= {turn.question.facet for turn in session.turns if turn.question is not None}
    found = [
        prospect
        for prospect in prospects(scored, catalog, ranker, k, config, language)
        if prospect.question.facet not in closed and prospect.change >= config.least_change
    ]
    return max(found, key=lambda prospect: prospect.change).question if found else None


def prospects(
    scored: Sequence[Scored],
    catalog: Catalog,
    ranker: Ranker,
    k: int,
    config: PolicyConfig = PolicyConfig(),
    language: str = "en",
) -> tuple[Prospect, ...]:
    """Return every question that the schema has and the candidates could answer differently.

    For each answer the pool is scored again, as if that wish were granted or that condition set.
    Linear in the pool, a millisecond or two for 200 candidates.
    """
    pool, book = Pool.of(scored, k), phrasebook(language, catalog.schema)
    found: list[Prospect] = []
    for facet in catalog.schema.facets:
        if not facet.question:
            continue
        answers = (
            _ranges(facet, pool, catalog, book, config)
            if facet.kind == "number"
            else _values(facet, pool, catalog, ranker, config)
        )
        if answers is None:
            continue
        found.append(
            Prospect(
                Question(
                    book.question(facet),
                    facet.name,
                    tuple(book.value(facet, word) for word in answers.words),
                ),
                tuple((answers.counts / answers.counts.sum()).tolist()),
                tuple(pool.replaced(answers.added).tolist()),
            )
        )
    return tuple(found)


def _values(
    facet: Facet, pool: Pool, catalog: Catalog, ranker: Ranker, config: PolicyConfig
) -> _Answers | None:
    """Return the most common values of a facet as answers."""
    held = [catalog.items[row].labels.get(facet.name, ()) for row in pool.rows.tolist()]
    counts = Counter(value for values in held for value in values).most_common(config.options)
    if len(counts) < 2:
        return None
    words = tuple(value for value, _ in counts)
    if facet.stance == "prefer":
        wishes = [Wish(facet.name, value) for value in words]
        added = config.words * ranker.worth(wishes, pool.rows, catalog)
    elif sum(map(bool, held)) < config.least_known * len(pool):
        return None
    else:
        fits = [np.isin(pool.rows, catalog.facets.rows_with(facet.name, value)) for value in words]
        added = _only(np.array(fits).T)
    return _Answers(words, np.array([count for _, count in counts], np.float64), added)


def _ranges(
    facet: Facet, pool: Pool, catalog: Catalog, book: Phrasebook, config: PolicyConfig
) -> _Answers | None:
    """Return the lower, the middle and the upper third of a number as answers, in its own words."""
    column = catalog.facets.numbers(facet.name)[pool.rows]
    known = column[~np.isnan(column)]
    if not (facet.lower and facet.higher) or len(known) < config.least_known * len(pool):
        return None
    digits = 0 if facet.integer or known.max() >= 10 else 1
    low, high = np.quantile(known, [1 / 3, 2 / 3]).round(digits)
    fits = np.array([column < low, (column >= low) & (column <= high), column > high]).T
    if low == high or not fits.any(axis=0).all():
        return None
    least, most = book.value(facet, float(low)), book.value(facet, float(high))
    words = (
        book.say("range.beyond", comparative=book.comparative(facet, more=False), value=least),
        book.say("range.between", low=least, high=most),
        book.say("range.beyond", comparative=book.comparative(facet, more=True), value=most),
    )
    return _Answers(words, fits.sum(axis=0).astype(np.float64), _only(fits))


def _only(fits: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return what a condition adds to the scores: nothing where it holds, else the end."""
    return np.where(fits, 0.0, -np.inf)
