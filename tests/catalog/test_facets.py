from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import Catalog, Constraint, Facet, FacetStore, Item, Schema
from catalog.errors import ConstraintError

SCHEMA = Schema(
    name="things",
    noun="thing",
    plural="things",
    item_id="id",
    title="title",
    texts=(),
    facets=(
        Facet("size", "number", "size", "size"),
        Facet("colour", "category", "colour", "colour"),
        Facet("maker", "people", "maker", "maker"),
        Facet("new", "flag", "new", "new"),
    ),
)
COLOURS = st.sampled_from(["Red", "red", "blue", "GREEN"])
MAKERS = st.sampled_from(["Ann", "Bo"])
SIZES = st.integers(0, 4).map(float)


@st.composite
def shelves(draw: st.DrawFn) -> list[Item]:
    count = draw(st.integers(1, 12))
    return [
        Item(
            str(place),
            f"Thing {place}",
            labels={
                **({"colour": v} if (v := tuple(draw(st.lists(COLOURS, max_size=2)))) else {}),
                **({"maker": v} if (v := tuple(draw(st.lists(MAKERS, max_size=2)))) else {}),
            },
            numbers={"size": draw(SIZES)} if draw(st.booleans()) else {},
            flags={"new": draw(st.booleans())} if draw(st.booleans()) else {},
        )
        for place in range(count)
    ]


CONSTRAINTS = st.lists(
    st.one_of(
        st.builds(Constraint, st.just("size"), st.sampled_from([">=", "<=", "=", "!="]), SIZES),
        st.builds(Constraint, st.just("colour"), st.sampled_from(["=", "!="]), COLOURS),
        st.builds(Constraint, st.just("maker"), st.sampled_from(["=", "!="]), MAKERS),
        st.builds(Constraint, st.just("new"), st.sampled_from(["=", "!="]), st.booleans()),
    ),
    max_size=5,
)


def holds(item: Item, constraint: Constraint) -> bool:
    """One constraint on one item, written out plainly; the unknown satisfies nothing."""
    name, op, wanted = constraint.facet, constraint.op, constraint.value
    if name == "size":
        if name not in item.numbers:
            return False
        value = item.numbers[name]
        return {
            ">=": value >= wanted,
            "<=": value <= wanted,
            "=": value == wanted,
            "!=": value != wanted,
        }[op]
    if name == "new":
        if name not in item.flags:
            return False
        return (item.flags[name] == wanted) == (op == "=")
    values = {value.casefold() for value in item.labels.get(name, ())}
    return bool(values) and (str(wanted).casefold() in values) == (op == "=")


def holds_all(item: Item, constraints: list[Constraint]) -> bool:
    for constraint in constraints:
        same = [c for c in constraints if c.facet == constraint.facet and c.op == "="]
        if constraint.op == "=":
            if not any(holds(item, one) for one in same):
                return False
        elif not holds(item, constraint):
            return False
    return True


@settings(deadline=None)
@given(shelves(), CONSTRAINTS)
def test_masks_agree_with_the_definition(items: list[Item], constraints: list[Constraint]) -> None:
    store = FacetStore(SCHEMA, items)
    expected = [holds_all(item, constraints) for item in items]
    assert store.mask(constraints).tolist() == expected
    for row, item in enumerate(items):
        assert store.satisfies(row, constraints) == holds_all(item, constraints)


@settings(deadline=None, max_examples=100)
@given(shelves(), CONSTRAINTS, st.data())
def test_relaxations_agree_with_trying_everything(
    items: list[Item], constraints: list[Constraint], data: st.DataObject
) -> None:
    allowed = np.array([data.draw(st.booleans()) for _ in items])
    store = FacetStore(SCHEMA, items)
    conditions: dict[object, list[Constraint]] = {}
    for constraint in constraints:
        key = constraint.facet if constraint.op == "=" else constraint
        if constraint not in conditions.setdefault(key, []):
            conditions[key].append(constraint)
    groups = list(conditions.values())
    expected: dict[frozenset[Constraint], int] = {}
    for size in range(len(groups) + 1):
        for dropped in combinations(range(len(groups)), size):
            kept = [c for place, group in enumerate(groups) if place not in dropped for c in group]
            count = sum(
                holds_all(item, kept) for item, ok in zip(items, allowed, strict=True) if ok
            )
            if count:
                expected[frozenset(c for place in dropped for c in groups[place])] = count
        if expected:
            break
    expected.pop(frozenset(), None)  # already satisfiable: nothing to give up
    found = store.relaxations(constraints, allowed, limit=99)
    assert {frozenset(one.drop): one.items for one in found} == expected
    assert [one.items for one in found] == sorted(expected.values(), reverse=True)
    assert store.relaxations(constraints, allowed, limit=1) == found[:1]


def test_the_smallest_change_comes_first(tiny: Catalog) -> None:
    impossible = [
        Constraint("genre", "=", "Horror"),
        Constraint("year", "<=", 2000),
        Constraint("in_print", "=", True),
    ]
    drops = tiny.facets.relaxations(impossible)
    assert [([c.facet for c in one.drop], one.items) for one in drops] == [
        (["genre"], 2),
        (["year"], 1),
    ]


def test_a_constraint_the_schema_cannot_express_is_an_error(tiny: Catalog) -> None:
    for constraint in (
        Constraint("weight", "=", 1),
        Constraint("genre", ">=", "Crime"),
        Constraint("year", ">=", "soon"),
    ):
        with pytest.raises(ConstraintError):
            tiny.facets.mask([constraint])


def test_a_row_marked_together_holds_beside_the_others(tiny: Catalog) -> None:
    crime = Constraint("genre", "=", "Crime")
    comedy = Constraint("genre", "=", "Comedy")
    both = [Constraint("genre", "=", "Crime", together=True), comedy]
    assert tiny.facets.mask([crime, comedy]).sum() == 4
    assert [tiny.items[row].title for row in np.flatnonzero(tiny.facets.mask(both))] == ["Birch"]
    assert crime != both[0]
    drops = tiny.facets.relaxations([*both, Constraint("year", ">=", 2001)])
    assert [(one.drop, one.items) for one in drops] == [
        ((comedy,), 1),  # Elm is crime, and from 2010
        ((Constraint("year", ">=", 2001),), 1),
    ]


def test_numbers_that_read_alike_when_rounded_stay_apart() -> None:
    schema = Schema(
        "t", "t", "ts", "id", "title", (), (Facet("votes", "number", "votes", "votes"),)
    )
    store = FacetStore(schema, [Item("1", "A", numbers={"votes": 1234568.0})])
    rows = [Constraint("votes", ">=", 1234569.0), Constraint("votes", ">=", 1234567.0)]
    assert len({str(row) for row in rows}) == 2
    (found,) = store.relaxations(rows)
    assert found.drop == (rows[0],)
