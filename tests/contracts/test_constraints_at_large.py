"""Conditions over random catalogues: what the columns say, against plain Python on the items.

The oracle below knows nothing of columns, masks or postings. It asks each item about each
condition, and tries every way of giving conditions up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.random import Generator, default_rng

from catalog import Catalog, Constraint, Facet, Item, Operator, Schema
from ranking.cf import EASE, EASEConfig
from retrieval.collaborative import CollaborativeRetriever
from retrieval.content import ContentRetriever
from retrieval.dense import open_dense
from retrieval.lexical import LexicalRetriever
from retrieval.popular import PopularRetriever
from retrieval.query import Query
from retrieval.retrieve import allowed_rows, retrieve_all
from tests.ranking.cf.crowd import interactions
from tests.retrieval.bag_embedder import BagEmbedder

LEDGERS = 100
WORDS = ("Red", "blue", "GREEN", "dark green", "Ärger", "a|b", "straße", "1990", "yes")
NAMES = ("Ann Lee", "Bo Ray", "Di Fox", "Ann lee-Ray", "O'Neil")
# Neighbours that a rounded display would take for one another are among them.
NUMBERS = (0.0, 1.0, 2.0, 2.5, 1990.0, 49.99, 50.0, 1234567.0, 1234568.0, 1234567.25, -3.0, 0.1)
OPERATORS: dict[str, tuple[Operator, ...]] = {
    "number": (">=", "<=", "=", "!="),
    "category": ("=", "!="),
    "people": ("=", "!="),
    "flag": ("=", "!="),
}


def draw_catalog(random: Generator) -> Catalog:
    """One to five facets of random kinds over one to forty items that know only some of them."""
    kinds = random.choice(list(OPERATORS), random.integers(1, 6)).tolist()
    facets = tuple(Facet(f"f{n}", kind, f"f{n}", f"f{n}") for n, kind in enumerate(kinds))
    schema = Schema("things", "thing", "things", "id", "title", ("text",), facets)
    items = [draw_item(place, facets, random) for place in range(random.integers(1, 41))]
    met = [np.flatnonzero(random.random(len(items)) < 0.3).tolist() for _ in range(6)]
    return Catalog.build(schema, items, interactions(met))


def draw_item(place: int, facets: Sequence[Facet], random: Generator) -> Item:
    labels: dict[str, tuple[str, ...]] = {}
    numbers: dict[str, float] = {}
    flags: dict[str, bool] = {}
    for facet in facets:
        if random.random() < 0.25:
            continue
        if facet.kind == "number":
            numbers[facet.name] = float(random.choice(NUMBERS))
        elif facet.kind == "flag":
            flags[facet.name] = bool(random.random() < 0.5)
        else:
            pool = NAMES if facet.kind == "people" else WORDS
            labels[facet.name] = tuple(random.choice(pool, random.integers(0, 4)).tolist())
    text = " ".join(random.choice(WORDS, 3).tolist())
    return Item(str(place), f"Thing {place}", labels, numbers, flags, {"text": text})


def draw_constraint(facets: Sequence[Facet], random: Generator) -> Constraint:
    facet = facets[int(random.integers(len(facets)))]
    op = OPERATORS[facet.kind][int(random.integers(len(OPERATORS[facet.kind])))]
    value: str | float | bool
    if facet.kind == "number":
        value = float(random.choice(NUMBERS))
        value = int(value) if value.is_integer() and random.random() < 0.5 else value
    elif facet.kind == "flag":
        value = (True, False, "yes", "no")[int(random.integers(4))]
    else:
        value = str(random.choice(NAMES if facet.kind == "people" else WORDS))
        value = value.upper() if random.random() < 0.2 else value
    together = op == "=" and bool(random.random() < 0.3)
    return Constraint(facet.name, op, value, together=together)


def holds(item: Item, facet: Facet, constraint: Constraint) -> bool:
    """One condition on one item, written out; the unknown satisfies nothing."""
    op, wanted = constraint.op, constraint.value
    if facet.kind == "number":
        if facet.name not in item.numbers:
            return False
        value = item.numbers[facet.name]
        if op == ">=":
            return value >= float(wanted)
        if op == "<=":
            return value <= float(wanted)
        return (value == float(wanted)) == (op == "=")
    if facet.kind == "flag":
        if facet.name not in item.flags:
            return False
        return (item.flags[facet.name] == (wanted in (True, "yes"))) == (op == "=")
    values = [value.casefold() for value in item.labels.get(facet.name, ())]
    return bool(values) and (str(wanted).casefold() in values) == (op == "=")


class Oracle:
    """Sets of items as the bits of one whole number: item 0 is the lowest."""

    def __init__(self, catalog: Catalog) -> None:
        self._items = catalog.items
        self._facets = {facet.name: facet for facet in catalog.schema.facets}
        self._known: dict[Constraint, int] = {}
        self._stated = {
            name: sum(
                1 << row
                for row, item in enumerate(self._items)
                if item.labels.get(name) or name in item.numbers or name in item.flags
            )
            for name in self._facets
        }
        self.everything = (1 << len(catalog)) - 1

    def conditions(self, ledger: Sequence[Constraint]) -> list[tuple[set[Constraint], int]]:
        """What must hold: the alternatives of a facet as one, every other row for itself."""
        found: dict[object, tuple[set[Constraint], int]] = {}
        for row in ledger:
            either = row.op == "=" and not row.together
            rows, bits = found.get(row.facet if either else row, (set[Constraint](), 0))
            found[row.facet if either else row] = (rows | {row}, bits | self._alone(row))
        return list(found.values())

    def fitting(self, ledger: Sequence[Constraint]) -> int:
        bits = self.everything
        for _, holding in self.conditions(ledger):
            bits &= holding
        return bits

    def relaxations(
        self, ledger: Sequence[Constraint], allowed: int
    ) -> dict[frozenset[Constraint], tuple[int, int]]:
        """The smallest sets to drop, by trying all of them.

        With how many items each brings, and how many of these only the unknown kept away.
        """
        conditions = self.conditions(ledger)
        for size in range(len(conditions) + 1):
            found: dict[frozenset[Constraint], tuple[int, int]] = {}
            for dropped in combinations(range(len(conditions)), size):
                bits = allowed
                for place, (_, holding) in enumerate(conditions):
                    bits &= self.everything if place in dropped else holding
                if bits:
                    rows = frozenset(row for place in dropped for row in conditions[place][0])
                    found[rows] = bits.bit_count(), (bits & self._unknown(rows)).bit_count()
            if found:
                return found if size else {}
        return {}

    def _unknown(self, rows: frozenset[Constraint]) -> int:
        """Items of which nothing is known on any facet of `rows`."""
        bits = self.everything
        for facet in {row.facet for row in rows}:
            bits &= ~self._stated[facet]
        return bits

    def _alone(self, constraint: Constraint) -> int:
        if constraint not in self._known:
            facet = self._facets[constraint.facet]
            self._known[constraint] = sum(
                1 << row for row, item in enumerate(self._items) if holds(item, facet, constraint)
            )
        return self._known[constraint]


def bits_of(mask: np.ndarray) -> int:
    return sum(1 << row for row in np.flatnonzero(mask).tolist())


def draw_ledgers(catalog: Catalog, random: Generator, count: int) -> Iterator[list[Constraint]]:
    pool = [draw_constraint(catalog.schema.facets, random) for _ in range(30)]
    for _ in range(count):
        yield [pool[place] for place in random.integers(0, 30, random.integers(0, 7)).tolist()]


@pytest.mark.parametrize("catalogs", [100, pytest.param(900, marks=pytest.mark.slow)])
def test_the_ledger_is_obeyed_and_relaxed_exactly(catalogs: int) -> None:
    random = default_rng(catalogs)
    empty = 0
    for _ in range(catalogs):
        catalog = draw_catalog(random)
        oracle, facets = Oracle(catalog), catalog.facets
        for ledger in draw_ledgers(catalog, random, LEDGERS):
            fitting = oracle.fitting(ledger)
            assert bits_of(facets.mask(ledger)) == fitting, ledger
            allowed = random.random(len(catalog)) < 0.8
            expected = oracle.relaxations(ledger, bits_of(allowed))
            found = facets.relaxations(ledger, allowed, limit=99)
            assert {frozenset(one.drop): (one.items, one.unknown) for one in found} == expected, (
                ledger
            )
            assert len(found) == len(expected)
            counts = [count for count, _ in expected.values()]
            assert [one.items for one in found] == sorted(counts, reverse=True)
            assert facets.relaxations(ledger, allowed, limit=2) == found[:2]
            empty += not fitting
    assert empty > catalogs * LEDGERS // 4  # or the relaxations were hardly tried


def test_whatever_is_retrieved_satisfies_everything(tmp_path: Path) -> None:
    random = default_rng(5)
    found_any = 0
    for number in range(12):
        catalog = draw_catalog(random)
        oracle = Oracle(catalog)
        dense = open_dense(catalog, BagEmbedder(), tmp_path / str(number))
        retrievers = (
            dense,
            LexicalRetriever(catalog),
            ContentRetriever(dense.vectors),
            CollaborativeRetriever(
                EASE.fit(catalog.interactions, len(catalog), EASEConfig(min_interactions=1))
            ),
            PopularRetriever(catalog),
        )
        for ledger in draw_ledgers(catalog, random, 40):
            liked, refused = random.integers(0, len(catalog), 2).tolist()
            query = Query(
                " ".join(random.choice(WORDS, 2).tolist()),
                likes=(liked,),
                constraints=tuple(ledger),
                exclude=frozenset({liked, refused}),
            )
            fitting = oracle.fitting(ledger) & ~(1 << liked | 1 << refused)
            assert bits_of(allowed_rows(query, catalog)) == fitting
            found = retrieve_all(query, retrievers, catalog)
            assert found.warnings == ()
            assert found.allowed_count == fitting.bit_count()
            assert all(fitting >> row & 1 for row in found.rows.tolist()), ledger
            for hits in found.by_source.values():
                assert all(fitting >> row & 1 for row in hits.rows.tolist()), ledger
            assert bool(len(found)) == bool(fitting)
            found_any += bool(fitting)
        dense.close()
    assert found_any > 100
