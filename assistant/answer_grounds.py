"""What answers are made of, and from.

Owns: `Grounds`, `Part`, and how one item's value on a facet reads. Does not own: any answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.phrasebook import Phrasebook
from assistant.state import Comparison, Session, UserProfile
from catalog import Catalog, Constraint, Facet, Item
from ranking.rank import Ranker
from ranking.scoring import Request, Scored
from retrieval.query import Rows

_MOST_VALUES = 6


@dataclass(frozen=True, slots=True)
class Part:
    """The answer to one question: sentences, where they come from, and perhaps a table."""

    sentences: tuple[str, ...]
    sources: tuple[str, ...]
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class Grounds:
    """What an answer may draw on.

    Attributes
    ----------
    catalog : Catalog
        All facts.
    book : Phrasebook
        All words.
    session : Session
        Before this turn: the cards that the person saw when asking.
    profile : UserProfile
        After this turn.
    request : Request
        The profile as ranking sees it.
    ranker : Ranker
        Scores items for the request.
    pool : callable
        Returns the rows that retrieval finds for the request.
    met : frozenset of int
        Rows that a known person met before the session.
    """

    catalog: Catalog
    book: Phrasebook
    session: Session
    profile: UserProfile
    request: Request
    ranker: Ranker
    pool: Callable[[], Rows]
    met: frozenset[int] = frozenset()

    def name(self, item_id: str) -> str:
        """Return what to call an item in a sentence: ``"Heat (1995)"``."""
        return self.book.title(self.catalog.name(self.catalog.row(item_id)))

    def scored(self, item_id: str) -> Scored:
        """Return the item scored for the person now; liking it does not raise its own score."""
        row, query = self.catalog.row(item_id), self.request.query
        others = tuple(like for like in query.likes if like != row)
        return self.ranker.rescore(replace(self.request, query=replace(query, likes=others)), row)

    def shown(self, item: Item, facet: Facet) -> tuple[str, ...]:
        """Return the item's values on `facet` as a person reads them; empty where unknown."""
        if facet.kind == "number":
            number = item.numbers.get(facet.name)
            return () if number is None else (self.book.value(facet, number),)
        if facet.kind == "flag":
            flag = item.flags.get(facet.name)
            return () if flag is None else (self.book.value(facet, flag),)
        values = item.labels.get(facet.name, ())
        return tuple(self.book.value(facet, value) for value in values)

    def phrase(self, item: Item, facet: Facet) -> str:
        """Return what the catalogue says: ``"directed by Michael Mann"``; empty where unknown."""
        shown = self.shown(item, facet)
        if facet.kind == "flag" or not shown:
            return "".join(shown)
        values = item.labels.get(facet.name, shown)
        return self.book.phrase(facet, values[:_MOST_VALUES])

    def conditions(self) -> tuple[tuple[Constraint, ...], ...]:
        """Return the ledger, alternatives on one facet put together; see `Constraint`."""
        return grouped(self.profile.constraints)

    def condition(self, rows: Sequence[Constraint]) -> str:
        """Return one condition in words, alternatives with "or" between them."""
        words = dict.fromkeys(self.book.condition(row) for row in rows)
        return self.book.listing(tuple(words), "or")


def grouped(rows: Sequence[Constraint]) -> tuple[tuple[Constraint, ...], ...]:
    """Return conditions that hold one by one: ``=`` rows on one facet are alternatives."""
    groups: dict[str | Constraint, list[Constraint]] = {}
    for row in dict.fromkeys(rows):
        either = row.op == "=" and not row.together
        groups.setdefault(row.facet if either else row, []).append(row)
    return tuple(tuple(group) for group in groups.values())
