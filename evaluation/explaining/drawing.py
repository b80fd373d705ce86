"""People who ask for something, drawn from a catalogue.

Owns: `Drawn`, `draw`. Does not own: what is recommended to them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.state import Opinion, Preference, UserProfile
from catalog import Catalog, Constraint, Item
from retrieval.query import Rows

Kind = Literal["likes", "wishes", "words", "mixed"]
KINDS: tuple[Kind, ...] = ("likes", "wishes", "words", "mixed")

_MOST_LIKES = 5
_MOST_WISHES = 3
_MOST_WORDS = 4
# Values that more of the catalogue have than this are not spoken of.
_COMMON = 0.4
_SOMETIMES = 0.3
_WORD = re.compile(r"\b[^\W\d_A-Z]{5,}\b")
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Drawn:
    """One person: what they asked for, and in which way."""

    kind: Kind
    profile: UserProfile


def draw(catalog: Catalog, count: int, seed: int) -> tuple[Drawn, ...]:
    """Return `count` people, the kinds in turn; seeded.

    Likes are runs of somebody's history, of what they valued at least as much as they do on
    average, or neighbours on a facet where the catalogue has no interactions. Wishes are facet
    values of one item, words are from its free text. Three in ten refuse something and avoid a
    value of it, three in ten exclude a value, three in ten set a bound.
    """
    rng = np.random.default_rng(seed)
    histories = _histories(catalog)
    return tuple(_drawn(KINDS[at % len(KINDS)], catalog, histories, rng) for at in range(count))


def _histories(catalog: Catalog) -> list[Rows]:
    met = catalog.interactions
    order = np.argsort(met.user, kind="stable")
    edges = np.flatnonzero(np.diff(met.user[order])) + 1
    groups = np.split(order, edges) if len(order) else []
    liked = [met.row[mine][met.value[mine] >= met.value[mine].mean()] for mine in groups]
    return [rows for rows in liked if len(rows) > 1]


def _drawn(
    kind: Kind, catalog: Catalog, histories: Sequence[Rows], rng: np.random.Generator
) -> Drawn:
    target = _target(catalog, rng)
    item = catalog.items[target]
    likes = _likes(target, catalog, histories, rng) if kind in ("likes", "mixed") else ()
    wishes = _wishes(item, catalog, rng) if kind in ("wishes", "mixed") else ()
    topics = _words(item, catalog, rng) if kind == "words" else ()
    dislikes, avoided = _refused(item, likes, catalog, rng)
    return Drawn(
        kind,
        UserProfile(
            likes=_opinions(likes, catalog),
            dislikes=_opinions(dislikes, catalog),
            constraints=(*_excluded(item, wishes, catalog, rng), *_bound(item, catalog, rng)),
            preferences=(*wishes, *avoided),
            topics=topics,
        ),
    )


def _target(catalog: Catalog, rng: np.random.Generator) -> int:
    """Return an item that can be described; after many tries, any."""
    row = 0
    for _ in range(_TRIES):
        row = int(rng.integers(len(catalog)))
        if catalog.items[row].texts and _values(catalog.items[row], catalog):
            break
    return row


def _likes(
    target: int, catalog: Catalog, histories: Sequence[Rows], rng: np.random.Generator
) -> tuple[int, ...]:
    size = int(rng.integers(1, _MOST_LIKES + 1))
    if histories:
        history = histories[int(rng.integers(len(histories)))]
        start = int(rng.integers(max(len(history) - size, 1)))
        return tuple(dict.fromkeys(history[start : start + size].tolist()))
    values = _values(catalog.items[target], catalog)
    facet, value = values[int(rng.integers(len(values)))]
    alike: NDArray[np.int32] = catalog.facets.rows_with(facet, value)
    return tuple(rng.permutation(alike)[:size].tolist())


def _wishes(item: Item, catalog: Catalog, rng: np.random.Generator) -> tuple[Preference, ...]:
    values = _values(item, catalog)
    size = int(rng.integers(1, _MOST_WISHES + 1))
    chosen = [values[at] for at in rng.permutation(len(values))[:size]]
    return tuple(Preference(facet, value, 1.0, 1, value) for facet, value in chosen)


def _words(item: Item, catalog: Catalog, rng: np.random.Generator) -> tuple[str, ...]:
    words = sorted(set(_WORD.findall(" ".join(item.texts.values()))))
    size = int(rng.integers(2, _MOST_WORDS + 1))
    said = " ".join(words[at] for at in rng.permutation(len(words))[:size])
    return (f"a {catalog.schema.noun} about {said}",)


def _refused(
    item: Item, likes: Sequence[int], catalog: Catalog, rng: np.random.Generator
) -> tuple[tuple[int, ...], tuple[Preference, ...]]:
    if rng.random() >= _SOMETIMES:
        return (), ()
    row = int(rng.integers(len(catalog)))
    if row in likes:
        return (), ()
    theirs = _foreign(catalog.items[row], item, catalog)
    avoided = theirs[int(rng.integers(len(theirs)))] if theirs else None
    return (row,), (Preference(*avoided, -1.0, 1, avoided[1]),) if avoided else ()


def _excluded(
    item: Item, wishes: Sequence[Preference], catalog: Catalog, rng: np.random.Generator
) -> tuple[Constraint, ...]:
    if rng.random() >= _SOMETIMES:
        return ()
    wished = {(wish.facet, wish.value) for wish in wishes}
    other = catalog.items[int(rng.integers(len(catalog)))]
    values = [pair for pair in _foreign(other, item, catalog) if pair not in wished]
    if not values:
        return ()
    facet, value = values[int(rng.integers(len(values)))]
    return (Constraint(facet, "!=", value, 1, f"no {value}"),)


def _bound(item: Item, catalog: Catalog, rng: np.random.Generator) -> tuple[Constraint, ...]:
    known = [f for f in catalog.schema.facets if f.kind == "number" and f.name in item.numbers]
    if not known or rng.random() >= _SOMETIMES:
        return ()
    facet = known[int(rng.integers(len(known)))]
    value = item.numbers[facet.name]
    return (Constraint(facet.name, ">=", value, 1, f"at least {facet.display(value)}"),)


def _foreign(other: Item, item: Item, catalog: Catalog) -> list[tuple[str, str]]:
    own = set(_values(item, catalog))
    return [pair for pair in _values(other, catalog) if pair not in own]


def _values(item: Item, catalog: Catalog) -> list[tuple[str, str]]:
    """Return the facet values of an item that somebody might speak of."""
    return [
        (facet.name, value)
        for facet in catalog.schema.facets
        if facet.kind in ("category", "people") and facet.in_text
        for value in item.labels.get(facet.name, ())
        if len(catalog.facets.rows_with(facet.name, value)) <= _COMMON * len(catalog)
    ]


def _opinions(rows: Sequence[int], catalog: Catalog) -> tuple[Opinion, ...]:
    items = (catalog.items[row] for row in rows)
    return tuple(Opinion(item.item_id, item.title, 1, item.title) for item in items)
