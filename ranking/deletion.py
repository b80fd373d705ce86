"""What a cause is worth to an item: the places that it loses without.

Owns: `Cause`, `without`, `Standing`. Does not own: scoring (`ranking.rank`), or which causes are
put into words (`assistant.evidence`).

This is the deletion test of explanations (DeYoung et al., "ERASER", ACL 2020), put to every reason
before it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ranking.rank import Ranker
from ranking.scoring import Request, Scored
from retrieval.lexical import tokens

# Who falls among the best falls in the whole pool as well: the rest only adds rivals.
_BEST = 40
# What parts the wishes of a query's text.
_COMMA = ", "
# Less than the rounding of single precision leaves is no fall.
_LEAST = 1e-3


@dataclass(frozen=True, slots=True)
class Cause:
    """Part of what a score rests on.

    Attributes
    ----------
    likes : tuple of int
        Rows of liked items.
    wishes : tuple of (str, str)
        Facet and value of positive wishes, in either case; their words go with them.
    words : tuple of str
        Words of the query.
    terms : tuple of str
        Whole terms, for what no request causes: ``"popularity"``.
    """

    likes: tuple[int, ...] = ()
    wishes: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()


def without(request: Request, cause: Cause) -> Request:
    """Return `request` without the likes, wishes and words of `cause`."""
    gone = {(facet, value.casefold()) for facet, value in cause.wishes}
    values, silent = {value for _, value in gone}, set(tokens(" ".join(cause.words)))
    said = (part for part in request.query.text.split(_COMMA) if part.casefold() not in values)
    query = replace(
        request.query,
        likes=tuple(row for row in request.query.likes if row not in cause.likes),
        text=_COMMA.join(filter(None, (_unsaid(part, silent) for part in said))),
    )
    wishes = tuple(
        wish
        for wish in request.wishes
        if wish.weight < 0 or (wish.facet, wish.value.casefold()) not in gone
    )
    return replace(request, query=query, wishes=wishes)


def _unsaid(text: str, silent: set[str]) -> str:
    words = text.split(" ") if silent else [text]
    return " ".join(word for word in words if not (found := set(tokens(word))) or found - silent)


class Standing:
    """The best candidates for one request, and who of them stands lower without what.

    Parameters
    ----------
    ranker : Ranker
        What scored them.
    request : Request
        What it scored them for.
    scored : sequence of Scored
        All candidates, best first.
    k : int
        Places that are shown; at least twice as many are compared.
    """

    def __init__(
        self, ranker: Ranker, request: Request, scored: Sequence[Scored], k: int = 0
    ) -> None:
        self._ranker = ranker
        self._request = request
        self._best = tuple(scored[: max(_BEST, 2 * k)])
        self._costs: dict[Cause, dict[int, int]] = {}

    def cost(self, row: int, cause: Cause) -> int:
        """Return how many places `row` would lose without `cause`; -1 where its score stays.

        0 is a lower score in the same place. The best candidates are scored once more for each
        cause: a few milliseconds for likes, two readings of the shorter text for wishes and words.
        """
        if cause not in self._costs:
            self._costs[cause] = self._without(cause)
        return self._costs[cause].get(row, -1)

    def _without(self, cause: Cause) -> dict[int, int]:
        less = without(self._request, cause)
        after = self._ranker.rescored(self._request, less, self._best, cause.terms)
        order = sorted(after, key=lambda row: (-after[row], row))
        place = {row: at for at, row in enumerate(order)}
        return {
            entry.row: max(place[entry.row] - at, 0)
            for at, entry in enumerate(self._best)
            if entry.score - after[entry.row] > _LEAST
        }
