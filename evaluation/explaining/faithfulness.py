"""The deletion test: whether the pick moves down without what a reason cites.

Owns: `Deletion`, `deletions`. Does not own: the rule by which reasons are chosen when they are
served (`ranking.deletion`), which this test does not use: here the cause leaves the profile, the
request is built from the rest, and all candidates are ranked again.

DeYoung et al., "ERASER: a benchmark to evaluate rationalized NLP models", ACL 2020.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.query import build_request
from assistant.state import Fact, UserProfile
from assistant.wording import capitalised
from catalog import Catalog
from evaluation.explaining.serving import Served
from ranking.rank import Ranker
from ranking.scoring import Request, Scored

CITED = ("collaborative", "shared", "preference", "text", "popular")
"""Kinds of facts that speak of the score; conditions and plain facets do not."""

_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Deletion:
    """One cited reason, and what happens without it.

    Attributes
    ----------
    kind : str
        As in `Fact`.
    shown : bool
        Whether the card shows it; else it is only at hand, for a language model or for "why?".
    item, reason : str
        Title, and the words.
    place, place_without : int
        Among all candidates, from 1.
    score, score_without : float
        Of the pick.
    """

    kind: str
    shown: bool
    item: str
    reason: str
    place: int
    place_without: int
    score: float
    score_without: float

    @property
    def score_falls(self) -> bool:
        """Whether the score is lower without."""
        return self.score_without < self.score - _SAME

    @property
    def place_falls(self) -> bool:
        """Whether the place is worse without."""
        return self.place_without > self.place


def deletions(served: Served, catalog: Catalog, ranker: Ranker) -> Iterator[Deletion]:
    """Yield every cited reason of a slate, each taken away alone, in the order of the cards.

    One ranking of all candidates for each distinct cause.
    """
    before = _standing(served.scored)
    after: dict[Request | str, dict[int, tuple[int, float]]] = {}
    for card, evidence in zip(served.turn.cards, served.evidence, strict=True):
        row = catalog.row(card.item_id)
        for fact in evidence.facts:
            if fact.kind not in CITED:
                continue
            if fact.kind == "popular":
                after.setdefault("popular", _standing(_unpopular(served.scored)))
                place, score = after["popular"][row]
            else:
                less = _less(fact, served, catalog)
                if less not in after:
                    after[less] = _standing(ranker.rank(less, served.rows).scored)
                place, score = after[less][row]
            reason = capitalised(fact.text)
            yield Deletion(
                fact.kind, reason in card.reasons, card.title, reason,
                before[row][0], place, before[row][1], score,
            )  # fmt: skip


def _less(fact: Fact, served: Served, catalog: Catalog) -> Request:
    """Return the request of the person without what `fact` cites."""
    profile = served.drawn.profile
    if fact.kind == "text":
        query = served.request.query
        return replace(served.request, query=replace(query, text=_silent(query.text, fact.values)))
    return build_request(_forgotten(fact, profile, catalog), catalog)


def _forgotten(fact: Fact, profile: UserProfile, catalog: Catalog) -> UserProfile:
    if fact.likes:
        kept = tuple(like for like in profile.likes if like.item_id not in fact.likes)
        return replace(profile, likes=kept)
    number = catalog.schema.facet(fact.facet).kind == "number"
    values = {value.casefold() for value in fact.values}
    wishes = tuple(
        wish
        for wish in profile.preferences
        if wish.weight < 0
        or wish.facet != fact.facet
        or not (number or wish.value.casefold() in values)
    )
    return replace(profile, preferences=wishes)


def _silent(text: str, values: tuple[str, ...]) -> str:
    """Return `text` without the words of `values`, singular or plural."""
    for word in re.findall(r"\w+", " ".join(values)):
        stem = re.escape(word.removesuffix("s"))
        text = re.sub(rf"\b{stem}(?:s|es)?\b", "", text, flags=re.IGNORECASE)
    return " ".join(text.split())


def _unpopular(scored: tuple[Scored, ...]) -> list[Scored]:
    """Return the candidates as they stand when nobody counts how many met them."""
    rest = [
        Scored(
            entry.row,
            sum(t.contribution for t in entry.terms if not t.name.startswith("popular")),
            entry.terms,
        )
        for entry in scored
    ]
    return sorted(rest, key=lambda entry: (-entry.score, entry.row))


def _standing(scored: list[Scored] | tuple[Scored, ...]) -> dict[int, tuple[int, float]]:
    return {entry.row: (at, entry.score) for at, entry in enumerate(scored, 1)}
