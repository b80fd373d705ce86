"""Sessions whose right answer is known, made from what people really liked.

Owns: `SimulatedSession` and `simulate`. Does not own: what is learned from them
(`ranking.train_blend`).

Something that a person liked is the target; what they liked just before it are the session's likes,
what they rated low its dislikes. What they want is not said at all, said as values of the target's
own facets (one of them may be wrong), or said in words that were written for the target.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from catalog import Catalog
from ranking.scoring import Request, Wish
from retrieval.query import Query, Rows

Kind = Literal["likes", "wishes", "words", "dialogue"]
KINDS: tuple[Kind, ...] = ("likes", "wishes", "words")
"""The kinds that are simulated; "dialogue" is from real ones (`ranking.dialogues`)."""


@dataclass(frozen=True, slots=True)
class SimulationConfig:
    """What the sessions are like; the kinds are equally frequent.

    Attributes
    ----------
    sessions : int
        How many.
    liked, disliked : float
        Least value of a like, greatest of a dislike.
    most_likes, most_wishes : int
        Drawn uniformly up to here; no likes at all only where something else is said.
    wrong_wish : float
        Chance that one of the wishes is not granted by the target.
    with_dislikes : float
        Chance that up to two dislikes, and a value of theirs to avoid, are said.
    common : float
        Values that a greater share of the catalogue has are not spoken of.
    seed : int
        Of all of it.
    """

    sessions: int = 3000
    liked: float = 4.0
    disliked: float = 2.5
    most_likes: int = 5
    most_wishes: int = 3
    wrong_wish: float = 0.4
    with_dislikes: float = 0.3
    common: float = 0.4
    seed: int = 0


@dataclass(frozen=True, slots=True)
class SimulatedSession:
    """A request and its right answer.

    Attributes
    ----------
    kind : Kind
        How the wish was put.
    user : int
        Whose, in `Interactions.users`; a model that serves the session must not know them.
    request : Request
        What was said. It excludes all else that the person met, and never the target.
    target : int
        Row of the item that they went on to like.
    """

    kind: Kind
    user: int
    request: Request
    target: int


def read_requests(path: Path, catalog: Catalog) -> dict[int, tuple[str, ...]]:
    """Return the requests written for items, by row; items that the catalogue lacks are skipped."""
    found: dict[int, tuple[str, ...]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry["item_id"] in catalog.rows:
            found[catalog.rows[entry["item_id"]]] = tuple(entry["requests"])
    return found


def simulate(
    catalog: Catalog, requests: Mapping[int, Sequence[str]], config: SimulationConfig
) -> tuple[SimulatedSession, ...]:
    """Return up to `config.sessions` sessions, of people drawn at random; seeded.

    Parameters
    ----------
    catalog : Catalog
        With interactions; only items with a free text become targets.
    requests : mapping of int to sequence of str
        Words written for an item, by row.
    config : SimulationConfig
        What the sessions are like.
    """
    rng = np.random.default_rng(config.seed)
    people = _people(catalog, config)
    sessions: list[SimulatedSession] = []
    for at in range(config.sessions):
        kind = KINDS[at % len(KINDS)]
        user = int(rng.choice(list(people)))
        session = _session(kind, user, people[user], catalog, requests, config, rng)
        if session is not None:
            sessions.append(session)
    return tuple(sessions)


@dataclass(frozen=True, slots=True)
class _Person:
    met: Rows
    liked: Rows
    disliked: Rows


def _people(catalog: Catalog, config: SimulationConfig) -> dict[int, _Person]:
    observed = catalog.interactions
    people: dict[int, _Person] = {}
    for user in range(len(observed.users)):
        mine = observed.user == user
        rows, values = observed.row[mine], observed.value[mine]
        liked = rows[values >= config.liked]
        if len(liked) > 1:
            people[user] = _Person(rows, liked, rows[values <= config.disliked])
    return people


def _session(
    kind: Kind,
    user: int,
    person: _Person,
    catalog: Catalog,
    requests: Mapping[int, Sequence[str]],
    config: SimulationConfig,
    rng: np.random.Generator,
) -> SimulatedSession | None:
    at = int(rng.integers(1, len(person.liked)))
    target = int(person.liked[at])
    if not catalog.items[target].texts or (kind == "words" and target not in requests):
        return None
    size = int(rng.integers(kind == "likes", config.most_likes + 1))
    likes = tuple(person.liked[max(0, at - size) : at].tolist())
    wishes = _wishes(target, catalog, config, rng) if kind == "wishes" else ()
    words = [str(rng.choice(requests[target]))] if kind == "words" else []
    dislikes: tuple[int, ...] = ()
    if len(person.disliked) and rng.random() < config.with_dislikes:
        dislikes = tuple(rng.choice(person.disliked, 2).tolist())
        wishes += _avoided(dislikes, target, catalog, config, rng)
    query = Query(
        text=", ".join(words + [wish.value for wish in wishes if wish.weight > 0]),
        likes=likes,
        dislikes=tuple(dict.fromkeys(dislikes)),
        exclude=frozenset(person.met.tolist()) - {target},
    )
    return SimulatedSession(kind, user, Request(query, wishes), target)


def _wishes(
    target: int, catalog: Catalog, config: SimulationConfig, rng: np.random.Generator
) -> tuple[Wish, ...]:
    """Return some of the target's own values as wishes; one may be another item's instead."""
    own = _values(target, catalog, config)
    size = min(len(own), int(rng.integers(1, config.most_wishes + 1)))
    wishes = [Wish(*own[at]) for at in rng.permutation(len(own))[:size]]
    if len(wishes) > 1 and rng.random() < config.wrong_wish:
        others = _values(int(rng.integers(len(catalog))), catalog, config)
        if others:
            wishes[-1] = Wish(*others[int(rng.integers(len(others)))])
    return tuple(dict.fromkeys(wishes))


def _avoided(
    dislikes: Sequence[int],
    target: int,
    catalog: Catalog,
    config: SimulationConfig,
    rng: np.random.Generator,
) -> tuple[Wish, ...]:
    """Return one value of something disliked, that the target has not, as one to avoid."""
    own = set(_values(target, catalog, config))
    theirs = [v for row in dislikes for v in _values(row, catalog, config) if v not in own]
    return (Wish(*theirs[int(rng.integers(len(theirs)))], -1.0),) if theirs else ()


def _values(row: int, catalog: Catalog, config: SimulationConfig) -> list[tuple[str, str]]:
    """Return the facet values of an item that somebody might speak of."""
    most = config.common * len(catalog)
    return [
        (facet.name, value)
        for facet in catalog.schema.facets
        if facet.kind in ("category", "people") and facet.in_text
        for value in catalog.items[row].labels.get(facet.name, ())
        if len(catalog.facets.rows_with(facet.name, value)) <= most
    ]
