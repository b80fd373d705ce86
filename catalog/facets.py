"""Columnar facets: which rows of a catalogue satisfy which constraints.

Owns: `FacetStore`, the one place where a constraint is evaluated, so that retrieval, cards and
relaxations can never disagree. Does not own: what the facets mean (`catalog.schema`).

What an item does not say cannot be vouched for: an unknown value satisfies no constraint on that
facet, ``!=`` included.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.constraint import Constraint
from catalog.errors import ConstraintError
from catalog.item import Item
from catalog.schema import Facet, Schema

Mask = NDArray[np.bool_]

_ALL = slice(None)
# Wishes of the conversations of an hour; a byte an item each.
_WISHES = 256


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A smallest set of constraints whose removal brings items back.

    Attributes
    ----------
    drop : tuple of Constraint
        What to give up.
    items : int
        How many items then satisfy all the others.
    unknown : int
        How many of these fail only because nothing is known of them there.
    """

    drop: tuple[Constraint, ...]
    items: int
    unknown: int = 0


class FacetStore:
    """Facet values of a whole catalogue, by column.

    Memory is one float64 per item and number facet, one int32 per value and item for the rest.
    """

    def __init__(self, schema: Schema, items: Sequence[Item]) -> None:
        self._schema = schema
        self._size = len(items)
        self._numbers: dict[str, NDArray[np.float64]] = {}
        self._postings: dict[str, dict[str, NDArray[np.int32]]] = {}
        self._known: dict[str, Mask] = {}
        self._granting: dict[tuple[str, str], tuple[Mask, int]] = {}
        for facet in schema.facets:
            if facet.kind == "number":
                column = np.array([item.numbers.get(facet.name, np.nan) for item in items])
                self._numbers[facet.name] = column.astype(np.float64)
                self._known[facet.name] = ~np.isnan(column.astype(np.float64))
                continue
            known = np.zeros(self._size, np.bool_)
            rows: dict[str, list[int]] = {}
            for row, item in enumerate(items):
                values = _values(facet, item)
                known[row] = bool(values)
                for value in values:
                    rows.setdefault(value.casefold(), []).append(row)
            self._known[facet.name] = known
            self._postings[facet.name] = {
                value: np.unique(np.array(hits, np.int32)) for value, hits in rows.items()
            }

    def __len__(self) -> int:
        return self._size

    def rows_with(self, facet: str, value: str) -> NDArray[np.int32]:
        """Return the rows, ascending, whose category, people or flag `facet` has `value`.

        Case does not matter; an unknown value gives no rows.
        """
        column = self._postings.get(facet)
        if column is None:
            raise ConstraintError(f"facet {facet!r} is not a list of values in this catalogue")
        return column.get(value.casefold(), np.empty(0, np.int32))

    def granting(self, facet: str, value: str) -> tuple[Mask, int]:
        """Return which rows grant a wish for `value`, and how many; ``"<= 119"`` of a number.

        The mask, shape (n_items,), is read-only: it is kept, for a turn asks for it often.
        """
        found = self._granting.get((facet, value))
        if found is None:
            found = self._grants(facet, value)
            if len(self._granting) >= _WISHES:
                self._granting.clear()
            self._granting[facet, value] = found
        return found

    def _grants(self, facet: str, value: str) -> tuple[Mask, int]:
        if facet in self._numbers:
            bound = Constraint.wished(facet, value)
            if bound is None:
                raise ConstraintError(f'{value!r} is no wish for a number; write "<= 119"')
            rows = self._compare(bound, _ALL)
        else:
            rows = np.zeros(self._size, np.bool_)
            rows[self.rows_with(facet, value)] = True
        rows.setflags(write=False)
        return rows, int(rows.sum())

    def numbers(self, facet: str) -> NDArray[np.float64]:
        """Return the column of number `facet`, shape (n_items,), NaN where unknown."""
        column = self._numbers.get(facet)
        if column is None:
            raise ConstraintError(f"facet {facet!r} is not a number in this catalogue")
        return column

    def mask(self, constraints: Iterable[Constraint]) -> Mask:
        """Return which rows satisfy every one of `constraints`, shape (n_items,).

        ``=`` rows on one facet are alternatives, unless marked `Constraint.together`; all else is
        a conjunction.

        Raises
        ------
        ConstraintError
            For a facet that the schema lacks, or an order on words.
        """
        return self._mask(constraints, _ALL)

    def _mask(self, constraints: Iterable[Constraint], within: slice) -> Mask:
        """Return `mask` of the rows of `within` alone."""
        start, stop, _ = within.indices(self._size)
        result = np.ones(stop - start, np.bool_)
        either: dict[str, Mask] = {}
        for constraint in constraints:
            rows = self._rows(constraint, within)
            if _alternative(constraint):
                known = either.get(constraint.facet)
                either[constraint.facet] = rows if known is None else known | rows
            else:
                result &= rows
        for rows in either.values():
            result &= rows
        return result

    def satisfies(self, row: int, constraints: Iterable[Constraint]) -> bool:
        """Tell whether one row satisfies every one of `constraints`."""
        return bool(self._mask(constraints, slice(row, row + 1))[0])

    def relaxations(
        self, constraints: Sequence[Constraint], allowed: Mask | None = None, limit: int = 3
    ) -> tuple[Relaxation, ...]:
        """Return the smallest ways to make an unsatisfiable set satisfiable.

        Every result drops the same, minimal number of constraints; most items first, ties in
        ledger order. The alternatives on one facet count as one condition and are dropped as one.

        Parameters
        ----------
        constraints : sequence of Constraint
            The ledger.
        allowed : bool array, shape (n_items,), optional
            Rows that count (for instance, not refused before); all by default.
        limit : int
            How many to return at most.

        Notes
        -----
        An item comes back when every condition that it fails is dropped, so the smallest sets are
        those that the items failing the fewest conditions fail: one mask per condition, then one
        sort of those items.
        """
        groups = _conditions(constraints)
        rows = np.flatnonzero(np.ones(self._size, np.bool_) if allowed is None else allowed)
        if not groups or not len(rows):
            return ()
        fails = np.array([~self.mask(group)[rows] for group in groups]).T
        failed = fails.sum(axis=1)
        nearest = failed == failed.min()
        if not failed.min():
            return ()
        known = np.array([self._known[group[0].facet][rows] for group in groups]).T
        unknown = ~(fails & known)[nearest].any(axis=1)
        sets, place, sizes = np.unique(
            fails[nearest], axis=0, return_inverse=True, return_counts=True
        )
        blanks = np.bincount(place.ravel(), weights=unknown)
        found = [
            (-int(size), tuple(np.flatnonzero(dropped).tolist()), int(blank))
            for dropped, size, blank in zip(sets, sizes, blanks, strict=True)
        ]
        return tuple(
            Relaxation(tuple(c for index in dropped for c in groups[index]), -size, blank)
            for size, dropped, blank in sorted(found)[:limit]
        )

    def _rows(self, constraint: Constraint, within: slice) -> Mask:
        facet = self._schema.facet(constraint.facet) if self._schema.has(constraint.facet) else None
        if facet is None:
            raise ConstraintError(f"no facet {constraint.facet!r} in {self._schema.name!r}")
        if facet.kind == "number":
            return self._compare(constraint, within)
        if constraint.op not in ("=", "!="):
            raise ConstraintError(
                f"{constraint} puts an order on {facet.kind} facet {facet.name!r}"
            )
        value = _flag(constraint.value) if facet.kind == "flag" else str(constraint.value)
        start, stop, _ = within.indices(self._size)
        having = self.rows_with(facet.name, value)
        rows = np.zeros(stop - start, np.bool_)
        rows[having[bisect_left(having, start) : bisect_left(having, stop)] - start] = True
        return rows if constraint.op == "=" else self._known[facet.name][within] & ~rows

    def _compare(self, constraint: Constraint, within: slice) -> Mask:
        column = self._numbers[constraint.facet][within]
        try:
            value = float(constraint.value)
        except ValueError as error:
            raise ConstraintError(f"{constraint} needs a number") from error
        known = ~np.isnan(column)
        with np.errstate(invalid="ignore"):
            match constraint.op:
                case ">=":
                    return known & (column >= value)
                case "<=":
                    return known & (column <= value)
                case "=":
                    return known & (column == value)
                case "!=":
                    return known & (column != value)


def _values(facet: Facet, item: Item) -> tuple[str, ...]:
    if facet.kind == "flag":
        flag = item.flags.get(facet.name)
        return () if flag is None else (_flag(flag),)
    return item.labels.get(facet.name, ())


def _flag(value: str | float | bool) -> str:
    return "yes" if str(value).casefold() in {"true", "yes", "1", "1.0"} else "no"


def _alternative(constraint: Constraint) -> bool:
    return constraint.op == "=" and not constraint.together


def _conditions(constraints: Sequence[Constraint]) -> list[tuple[Constraint, ...]]:
    groups: dict[str | Constraint, list[Constraint]] = {}
    for constraint in dict.fromkeys(constraints):
        key = constraint.facet if _alternative(constraint) else constraint
        groups.setdefault(key, []).append(constraint)
    return [tuple(group) for group in groups.values()]
