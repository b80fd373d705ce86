"""From a profile to a request: what to search for, what must hold, what must not come back.

Owns: `build_request`. Does not own: searching (`retrieval`) or scoring (`ranking`). Pure.
"""

from __future__ import annotations

from collections.abc import Iterable

from assistant.history import History
from assistant.state import UserProfile
from catalog import Catalog
from ranking.scoring import Request, Wish
from retrieval.query import Query

_RECENCY = 0.6
# Older topics would drown the present one in the search text.
_TOPICS = 2
_VALUES = 6


def build_request(
    profile: UserProfile,
    catalog: Catalog,
    history: History = History(),
    barred: Iterable[str] = (),
    again: Iterable[str] = (),
    shown: Iterable[str] = (),
    novelty: float = 0.0,
) -> Request:
    """Return what to look for on behalf of `profile`.

    Parameters
    ----------
    profile : UserProfile
        After this turn.
    catalog : Catalog
        Resolves ids to rows.
    history : History
        What a known person did before: it seeds the collaborative side, ahead of the session's
        own likes, and what they have met does not come back as a pick.
    barred : iterable of str
        Item ids that must not come back although the profile no longer says so.
    again : iterable of str
        Item ids asked for by name this turn: they may come back.
    shown : iterable of str
        Item ids of earlier cards, once for each time.
    novelty : float
        For who says nothing of it; see `Request`.
    """
    likes = tuple(catalog.row(opinion.item_id) for opinion in profile.likes)
    dislikes = tuple(catalog.row(opinion.item_id) for opinion in profile.dislikes)
    seen = {catalog.row(opinion.item_id) for opinion in (*profile.seen, *profile.later)}
    wanted = {catalog.row(item_id) for item_id in again}
    barred_rows = {catalog.row(item_id) for item_id in barred if item_id in catalog.rows}
    disliked = set(dislikes)
    seeds = tuple(row for row in history.likes if row not in disliked and row not in likes)
    query = Query(
        text=search_text(profile, catalog),
        likes=seeds + likes,
        dislikes=dislikes,
        constraints=profile.constraints,
        exclude=frozenset(({*likes, *dislikes, *seen, *barred_rows, *history.met}) - wanted),
    )
    rows = (catalog.row(item_id) for item_id in shown if item_id in catalog.rows)
    return Request(
        query,
        _wishes(profile),
        tuple(row for row in rows if row not in wanted),
        profile.leaning.novelty if profile.leaning else novelty,
    )


def _wishes(profile: UserProfile) -> tuple[Wish, ...]:
    """Return the preferences, each weaker by `_RECENCY` for every later turn that spoke of some.

    People move on to the next wish without withdrawing the last; they withdraw refusals in words.
    """
    turns = sorted({wish.turn for wish in profile.preferences if wish.weight > 0}, reverse=True)
    age = {turn: turns.index(turn) for turn in turns}
    return tuple(
        Wish(p.facet, p.value, p.weight * (_RECENCY ** age[p.turn] if p.weight > 0 else 1.0))
        for p in profile.preferences
    )


def search_text(profile: UserProfile, catalog: Catalog) -> str:
    """Return the person's wish in words, newest topic first, then values wanted and required.

    Nothing that is avoided or excluded enters: embeddings do not understand "not".
    """
    words = list(reversed(profile.topics[-_TOPICS:]))
    wanted = [
        wish.value
        for wish in profile.preferences
        if wish.weight > 0 and catalog.schema.facet(wish.facet).kind != "number"
    ]
    values = wanted[: -_VALUES - 1 : -1]
    values += [
        str(constraint.value)
        for constraint in profile.constraints
        if constraint.op == "="
        and catalog.schema.facet(constraint.facet).kind != "number"
        and isinstance(constraint.value, str)
    ]
    said = " ".join(words).casefold()
    words += [value for value in dict.fromkeys(values) if value.casefold() not in said]
    return ", ".join(words)
