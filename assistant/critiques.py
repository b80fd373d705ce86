"""Critiques worth trying next, computed from what remains: "shorter", "more Crime", "no Horror".

Owns: `suggest`. Does not own: what a critique means when it is said. Pressing one sends its message
as the person's words, so only what the understanding rules take for just that is suggested.

Dynamic critiquing (Reilly, McCarthy, McGinty & Smyth, ECCBR 2004; McCarthy et al., UM 2005):
single critiques and one compound, chosen for how evenly they split what remains, and none that
leads to too little.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations
from statistics import median

import numpy as np
from numpy.typing import NDArray

from assistant.foresight import Pool
from assistant.phrasebook import Phrasebook
from assistant.profile import update_profile
from assistant.readback import ReadBack
from assistant.state import Context, Suggestion, Understanding, UserProfile
from assistant.understanding.numbers import beyond
from catalog import Catalog, Constraint, Facet, Mask
from ranking.rank import Ranker
from ranking.scoring import Scored, Wish
from retrieval.query import Query
from retrieval.retrieve import allowed_rows


@dataclass(frozen=True, slots=True)
class CritiqueConfig:
    """What is worth suggesting.

    Attributes
    ----------
    most : int
        Suggestions at most; one of them at most is a compound.
    least_change : float
        Share of the slate that a critique must replace, in [0, 1].
    common : float
        Share of the slate that must have a value before "no ..." is suggested, in [0, 1].
    values : int
        Values of a facet that are considered in each direction.
    overlap : float
        A compound must leave at most this share of what either part leaves, in [0, 1]: else the
        part alone says it.
    """

    most: int = 4
    least_change: float = 0.4
    common: float = 0.6
    values: int = 3
    overlap: float = 0.75


@dataclass(frozen=True, slots=True)
class Shown:
    """What there is to criticise.

    Attributes
    ----------
    profile : UserProfile
        After the turn.
    turn : int
        Its number: what was set in it is not criticised at once.
    query : Query
        What may come back next: conditions and exclusions.
    scored : sequence of Scored
        The candidates, best first.
    slate : tuple of int
        Rows shown, best first.
    """

    profile: UserProfile
    turn: int
    query: Query
    scored: Sequence[Scored]
    slate: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Critique:
    """One way on: its words, the rows that fit it, and the conditions or the wish it states."""

    facets: tuple[str, ...]
    label: str
    message: str
    fits: Mask
    bounds: tuple[Constraint, ...] = ()
    wish: Wish | None = None
    share: float = 0.0
    value: float = 0.0


class _Critic:
    """Finds and judges the critiques of one slate."""

    def __init__(
        self,
        shown: Shown,
        catalog: Catalog,
        ranker: Ranker,
        readback: ReadBack,
        book: Phrasebook,
        config: CritiqueConfig,
    ) -> None:
        self._shown, self._catalog, self._ranker = shown, catalog, ranker
        self._book, self._config = book, config
        ids = tuple(catalog.items[row].item_id for row in shown.slate)
        self._context = Context(shown.turn + 1, shown.profile, ids, language=book.language)
        self._readback = readback
        self._pool = Pool.of(shown.scored, len(shown.slate))
        self._allowed = allowed_rows(shown.query, catalog)
        entries = (*shown.profile.preferences, *shown.profile.constraints)
        self._fresh = {entry.facet for entry in entries if entry.turn == shown.turn}
        self._spoken = {(entry.facet, entry.value) for entry in entries}

    def best(self) -> tuple[Suggestion, ...]:
        """Return the most telling ones, the single ones each of a facet of its own."""
        measures = self._judged(self._measures())
        singles = sorted([*measures, *self._judged(self._values())], key=_by_value)
        compounds = self._first(self._judged(self._compounds(measures)), 1)
        chosen = self._first(singles, self._config.most - len(compounds)) + compounds
        return tuple(suggestion for _, suggestion in sorted(chosen, key=lambda pair: -pair[0]))

    def _first(self, critiques: Sequence[_Critique], most: int) -> list[tuple[float, Suggestion]]:
        """Return the first of every facet that will be understood, with what they are worth."""
        found: dict[tuple[str, ...], tuple[float, Suggestion]] = {}
        for critique in critiques:
            if critique.facets in found or len(found) == most:
                continue
            # In the person's own language where that is understood.
            for message in dict.fromkeys((critique.label, critique.message)):
                said = self._readback.read(message, critique.bounds, critique.wish, self._context)
                if said is not None:
                    items = self._remaining(critique, said)
                    suggestion = Suggestion(critique.label, message, items)
                    found[critique.facets] = critique.value, suggestion
                    break
        return list(found.values())

    def _remaining(self, critique: _Critique, said: Understanding) -> int:
        """Return how many items could be shown after it; of a wish, how many of them grant it."""
        shown = self._shown
        after = update_profile(shown.profile, said, shown.turn + 1)
        query = replace(shown.query, constraints=after.constraints)
        left = allowed_rows(query, self._catalog)
        return int((left & critique.fits).sum())

    def _facets(self, kind: str) -> Iterator[Facet]:
        for facet in self._catalog.schema.facets:
            if facet.kind == kind and facet.on_card and facet.name not in self._fresh:
                yield facet

    def _measures(self) -> Iterator[_Critique]:
        """Yield both directions of every number, from the slate's median."""
        for facet in self._facets("number"):
            column = self._catalog.facets.numbers(facet.name)[list(self._shown.slate)]
            known = column[~np.isnan(column)].tolist()
            if not (known and facet.higher and facet.lower):
                continue
            for more in (True, False):
                op, value = beyond(facet, more, median(known))
                bound = Constraint(facet.name, op, value)
                yield _Critique(
                    (facet.name,),
                    self._book.comparative(facet, more=more),
                    (facet.higher if more else facet.lower)[0],
                    self._catalog.facets.mask((bound,)),
                    (bound,),
                )

    def _values(self) -> Iterator[_Critique]:
        """Yield values that the next candidates have and the slate has not, and the reverse."""
        slate, most = self._shown.slate, self._config.values
        following = [entry.row for entry in self._shown.scored if entry.row not in slate]
        for facet in self._facets("category"):
            if facet.stance != "prefer":
                continue
            here, there = self._counts(facet, slate), self._counts(facet, following)
            new = [value for value, _ in there.most_common() if value not in here]
            worn = [v for v, n in here.most_common() if n >= self._config.common * len(slate)]
            for value in self._unspoken(facet, new)[:most]:
                yield self._wish(facet, value)
            for value in self._unspoken(facet, worn)[:most]:
                yield self._without(facet, value)

    def _counts(self, facet: Facet, rows: Iterable[int]) -> Counter[str]:
        items = self._catalog.items
        return Counter(chain.from_iterable(items[row].labels.get(facet.name, ()) for row in rows))

    def _unspoken(self, facet: Facet, values: Iterable[str]) -> list[str]:
        return [value for value in values if (facet.name, value) not in self._spoken]

    def _wish(self, facet: Facet, value: str) -> _Critique:
        label = self._book.say("suggestion.more", value=self._book.value(facet, value))
        fits = np.zeros(len(self._catalog), np.bool_)
        fits[self._catalog.facets.rows_with(facet.name, value)] = True
        wish = Wish(facet.name, value)
        return _Critique((facet.name,), label, f"more {value}", fits, wish=wish)

    def _without(self, facet: Facet, value: str) -> _Critique:
        label = self._book.say("suggestion.without", value=self._book.value(facet, value))
        bound = Constraint(facet.name, "!=", value)
        fits = self._catalog.facets.mask((bound,))
        return _Critique((facet.name,), label, f"no {value}", fits, (bound,))

    def _compounds(self, measures: Sequence[_Critique]) -> Iterator[_Critique]:
        """Yield pairs of measures that leave clearly less than either of the two."""
        for one, other in combinations(measures, 2):
            if one.facets == other.facets:
                continue
            fits = one.fits & other.fits
            if fits[self._pool.rows].mean() > self._config.overlap * min(one.share, other.share):
                continue
            yield _Critique(
                one.facets + other.facets,
                self._book.listing([one.label, other.label]),
                f"{one.message} and {other.message}",
                fits,
                one.bounds + other.bounds,
            )

    def _judged(self, critiques: Iterable[_Critique]) -> list[_Critique]:
        """Return those that lead somewhere, best first: large changes and even splits."""
        listed = list(critiques)
        if not listed:
            return []
        rows, slate = self._pool.rows, list(self._shown.slate)
        changes = self._pool.replaced(np.stack([self._added(c) for c in listed], axis=1))
        found: list[_Critique] = []
        for critique, change in zip(listed, changes.tolist(), strict=True):
            left = self._allowed & critique.fits
            left[slate] = False
            if change >= self._config.least_change and left.sum() >= len(slate):
                share = float(critique.fits[rows].mean())
                value = change * share * (1 - share)
                found.append(replace(critique, share=share, value=value))
        return sorted(found, key=_by_value)

    def _added(self, critique: _Critique) -> NDArray[np.floating]:
        rows = self._pool.rows
        if critique.wish is not None:
            return self._ranker.worth((critique.wish,), rows, self._catalog)[:, 0]
        return np.where(critique.fits[rows], 0.0, -np.inf)


def suggest(
    shown: Shown,
    catalog: Catalog,
    ranker: Ranker,
    readback: ReadBack,
    book: Phrasebook,
    config: CritiqueConfig = CritiqueConfig(),
) -> tuple[Suggestion, ...]:
    """Return up to `CritiqueConfig.most` critiques of the slate, most telling first.

    Each leaves at least a slate of items that are not on this one, and changes this one by at
    least `CritiqueConfig.least_change`, estimated on the scored pool. Single ones are of different
    facets, none of them set in this turn. A critique is the more telling the more of the slate it
    changes and the more evenly it splits the candidates.

    Parameters
    ----------
    shown : Shown
        What is criticised.
    catalog : Catalog
        Where numbers and values stand.
    ranker : Ranker
        Knows what a granted wish is worth.
    readback : ReadBack
        Knows how the message that a press sends will be understood.
    book : Phrasebook
        Words the labels, and the messages where those are understood; else they are in English.

    Notes
    -----
    One pass over a column per critique considered, a few dozen of them: milliseconds.
    """
    if not shown.slate or len(shown.scored) <= len(shown.slate):
        return ()
    return _Critic(shown, catalog, ranker, readback, book, config).best()


def _by_value(critique: _Critique) -> float:
    return -critique.value
