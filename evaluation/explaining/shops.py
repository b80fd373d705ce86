"""Eight invented shops, and evidence about what they sell: other schemas to learn telling from.

Owns: `invented_shops`, `invented_evidence`. Does not own: the goods (``shops.json``), the people's
words for them (`evaluation.explaining.teaching`).
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib import resources
from typing import Any

from assistant.phrasebook import phrasebook
from assistant.state import Evidence, Fact
from catalog import Catalog, Facet, Item, Schema

_KINDS = ("preference", "preference", "shared", "collaborative", "constraint", "constraint",
          "text", "popular")  # fmt: skip
_NUMBERS = {
    "price": ("under {0}{2}", "less than {0}{2}", "at most {0}{2}", "up to {0}{2}"),
    "year": ("after {1}", "before {2}", "at least {1}"),
    "": ("at most {2}{3}", "at least {1}{3}", "up to {2}{3}"),
}


@cache
def invented_shops() -> tuple[Catalog, ...]:
    """Return the catalogues, ten items each."""
    text = (resources.files("evaluation.explaining") / "shops.json").read_text(encoding="utf-8")
    return tuple(_catalog(shop) for shop in json.loads(text))


def invented_evidence(catalog: Catalog, rng: random.Random) -> Evidence:
    """Return evidence about a random item, as if somebody had asked for it."""
    item = rng.choice(catalog.items)
    others = rng.sample(catalog.items, len(catalog.items))
    others.remove(item)
    found: dict[tuple[str, str], Fact] = {}
    for kind in rng.sample(_KINDS, rng.choice((1, 2, 2, 3, 3, 4))):
        for fact in _MAKERS[kind](item, others, catalog, rng):
            found.setdefault((fact.kind, fact.facet), fact)
    return Evidence(1, item.item_id, (*found.values(), *_known(item, catalog)))


def _preferred(
    item: Item, _: Sequence[Item], catalog: Catalog, rng: random.Random
) -> Iterator[Fact]:
    facet = rng.choice(_labelled(item, catalog))
    values = item.labels[facet.name]
    yield Fact("preference", facet.name, tuple(rng.sample(values, rng.randint(1, len(values)))))


def _shared(
    item: Item, others: Sequence[Item], catalog: Catalog, rng: random.Random
) -> Iterator[Fact]:
    for facet in rng.sample(_labelled(item, catalog), len(_labelled(item, catalog))):
        for other in others:
            theirs = other.labels.get(facet.name, ())
            common = tuple(value for value in item.labels[facet.name] if value in theirs)
            if common:
                yield Fact("shared", facet.name, common, (other.item_id,))
                return


def _crowd(_: Item, others: Sequence[Item], catalog: Catalog, rng: random.Random) -> Iterator[Fact]:
    yield Fact("collaborative", likes=tuple(o.item_id for o in others[: rng.choice((1, 1, 2, 3))]))


def _popular(
    _: Item, others: Sequence[Item], catalog: Catalog, rng: random.Random
) -> Iterator[Fact]:
    yield Fact("popular")


def _described(
    item: Item, _: Sequence[Item], catalog: Catalog, rng: random.Random
) -> Iterator[Fact]:
    words = sorted(set(re.findall(r"\b[a-z]{5,}\b", " ".join(item.texts.values()))))
    yield Fact("text", values=tuple(rng.sample(words, rng.randint(1, 3))))


def _conditioned(
    item: Item, others: Sequence[Item], catalog: Catalog, rng: random.Random
) -> Iterator[Fact]:
    facet = rng.choice([f for f in catalog.schema.facets if f.kind != "people"])
    if facet.kind == "number":
        number = item.numbers[facet.name]
        less, more = (
            int(number * 0.8),
            max(int(number * rng.choice((1.1, 1.2, 1.5))), int(number) + 1),
        )
        if facet.role == "year":
            less, more = int(number) - rng.randint(1, 9), int(number) + rng.randint(1, 9)
        words = rng.choice(_NUMBERS.get(facet.role, _NUMBERS[""]))
        shown = phrasebook("en", catalog.schema).value(facet, number)
        yield Fact(
            "constraint", facet.name, (shown, words.format(facet.prefix, less, more, facet.unit))
        )
    elif facet.kind == "flag":
        if item.flags.get(facet.name):
            yield Fact("constraint", facet.name, (facet.label,))
    else:
        own = item.labels.get(facet.name, ())
        foreign = sorted({v for o in others for v in o.labels.get(facet.name, ())} - set(own))
        if foreign:
            yield Fact("constraint", facet.name, (f"no {rng.choice(foreign)}",))


_MAKERS: dict[str, Callable[[Item, Sequence[Item], Catalog, random.Random], Iterator[Fact]]] = {
    "preference": _preferred,
    "shared": _shared,
    "collaborative": _crowd,
    "constraint": _conditioned,
    "text": _described,
    "popular": _popular,
}


def _known(item: Item, catalog: Catalog) -> Iterator[Fact]:
    book = phrasebook("en", catalog.schema)
    for facet in catalog.schema.facets:
        if facet.kind == "number":
            yield Fact("facet", facet.name, (book.value(facet, item.numbers[facet.name]),))
        elif facet.name in item.labels:
            yield Fact("facet", facet.name, item.labels[facet.name][:3])


def _labelled(item: Item, catalog: Catalog) -> list[Facet]:
    return [facet for facet in catalog.schema.facets if item.labels.get(facet.name)]


def _catalog(shop: dict[str, Any]) -> Catalog:
    facets: list[Facet] = []
    for name, kind, label, phrase, *rest in shop["facets"]:
        prefix, unit, role = (*rest, "", "", "")[:3]
        facets.append(
            Facet(name, kind, label, name, phrase=phrase, prefix=prefix, unit=unit, role=role)
        )
    plural = shop["plural"]
    schema = Schema(
        name=plural,
        noun=shop["noun"],
        plural=plural,
        item_id="id",
        title="title",
        texts=("description",),
        facets=tuple(facets),
        consumed=shop["consumed"],
    )
    flags = [facet.name for facet in facets if facet.kind == "flag"]
    items: list[Item] = []
    for at, (title, labels, numbers, description) in enumerate(shop["items"]):
        items.append(
            Item(
                f"{plural}-{at}",
                title,
                {name: tuple(values) for name, values in labels.items()},
                {name: float(number) for name, number in numbers.items()},
                # Two of three have what can be had or not.
                {name: bool((at + 1) % 3) for name in flags},
                {"description": description},
            )
        )
    return Catalog.build(schema, items)
