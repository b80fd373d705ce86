"""What can be said of items, and what is true of all that somebody wants.

Owns: `Fact` and `Facts`. Does not own: who wants what (`evaluation.simulation.needs`) or the words
(`evaluation.simulation.wording`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from catalog import Catalog, Constraint, Facet

FEWEST = 20
"""Items of the catalogue that all facts of a message together must leave."""
# What is true of more of the items that it is known of says too little to be said.
_COMMON = 0.6
# What is asked for first: what the schema would ask about, then the rest.
_WEIGHT_ASKED, _WEIGHT_OTHER = 4.0, 1.0


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a person may say about what they want.

    Attributes
    ----------
    constraints : tuple of Constraint
        What it means; all must hold. On one facet.
    hard : bool
        Whether an item that breaks it may not be shown once it was said.
    """

    constraints: tuple[Constraint, ...]
    hard: bool

    @property
    def facet(self) -> str:
        """The facet that it is about."""
        return self.constraints[0].facet

    @property
    def negative(self) -> bool:
        """Whether it says what is not wanted."""
        return self.constraints[0].op == "!="


@dataclass(frozen=True, slots=True)
class Facts:
    """What can be said of items of `catalog`; nothing that fits fewer than `fewest` of them."""

    catalog: Catalog
    fewest: int
    rng: Random

    def facts_of(self, row: int) -> list[Fact]:
        """Return what could be said of an item, in the order in which it comes to mind."""
        found: list[tuple[float, Fact]] = []
        for facet in self.catalog.schema.facets:
            asked = bool(facet.question) or facet.role == "year"
            weight = _WEIGHT_ASKED if asked else _WEIGHT_OTHER
            facts = self._of_facet(row, facet)
            if facts:  # One a facet: nobody lists every theme of a film.
                # A weighted shuffle (Efraimidis & Spirakis, 2006).
                found.append((self.rng.random() ** (1 / weight), self.rng.choice(facts)))
        return [fact for _, fact in sorted(found, key=lambda entry: -entry[0])]

    def _of_facet(self, row: int, facet: Facet) -> list[Fact]:
        item = self.catalog.items[row]
        if facet.kind == "number":
            value = item.numbers.get(facet.name)
            return [] if value is None else self.bounds(facet, [value])
        hard = facet.stance == "require"
        facts = [
            Fact((Constraint(facet.name, "=", value),), hard)
            for value in item.labels.get(facet.name, ())
        ]
        return [fact for fact in facts if self._tells(fact)]

    def bounds(self, facet: Facet, values: Sequence[float]) -> list[Fact]:
        """Return round bounds that all of `values` keep: a decade, from, up to."""
        low, high, name = min(values), max(values), facet.name
        found: list[tuple[Constraint, ...]]
        if facet.role == "year":
            start = int(low // 10 * 10)
            decade = (Constraint(name, ">=", start), Constraint(name, "<=", start + 9))
            found = [decade] if high <= start + 9 else []
            found.append((Constraint(name, ">=", int(low // 5 * 5)),))
            found.append((Constraint(name, "<=", int(high // 5 * 5 + 4)),))
        else:
            step = step_of(self.catalog.facets.numbers(name))
            found = [
                (Constraint(name, "<=", float(-(-high // step) * step)),),
                (Constraint(name, ">=", float(low // step * step)),),
            ]
        facts = [Fact(bounds, hard=True) for bounds in found]
        return [fact for fact in facts if self._tells(fact)]

    def fits(self, *facts: Fact) -> bool:
        """Tell whether `facts` together leave enough items."""
        meaning = [c for fact in facts for c in fact.constraints]
        return int(self.catalog.facets.mask(meaning).sum()) >= self.fewest

    def breaks(self, row: int, fact: Fact) -> bool:
        """Tell whether an item is known to break `fact`."""
        item = self.catalog.items[row]
        known = fact.facet in item.numbers or fact.facet in item.labels
        return known and not self.catalog.facets.satisfies(row, fact.constraints)

    def _tells(self, fact: Fact) -> bool:
        """Tell whether `fact` leaves enough items, and is not true of nearly all."""
        holds = self.catalog.facets.mask
        # Nothing is called "": what differs from it is what is known.
        numeric = self.catalog.schema.facet(fact.facet).kind == "number"
        known = holds([Constraint(fact.facet, "!=", -1 if numeric else "")]).sum()
        return self.fits(fact) and int(holds(fact.constraints).sum()) <= _COMMON * int(known)

    def compatible(self, facts: Iterable[Fact], most: int) -> list[Fact]:
        """Return the first `most` facts that together leave enough items."""
        chosen: list[Fact] = []
        for fact in facts:
            if len(chosen) < most and self.fits(*chosen, fact):
                chosen.append(fact)
        return chosen

    def extras(self, targets: Sequence[int], core: Sequence[Fact], most: int) -> list[Fact]:
        """Return more facts, each true of at least half of the targets; what is hard, of all."""
        spoken = {fact.facet for fact in core}
        found: list[Fact] = []
        for facet in self.catalog.schema.facets:
            if facet.kind == "number":
                if facet.name not in spoken:
                    found += self.shared_bounds(facet, targets)
            elif facet.kind != "flag":
                found += self.shared_values(facet, targets, core)
                found += self.unwanted(facet, targets)
        self.rng.shuffle(found)
        return found[: self.rng.randint(min(1, most), most)]

    def shared_bounds(self, facet: Facet, targets: Sequence[int]) -> list[Fact]:
        """Return a bound that every target keeps, where it is known of all of them."""
        values = [self.catalog.items[row].numbers.get(facet.name) for row in targets]
        known = [value for value in values if value is not None]
        if len(known) < len(targets):
            return []
        facts = self.bounds(facet, known)
        return [self.rng.choice(facts)] if facts else []

    def shared_values(
        self, facet: Facet, targets: Sequence[int], said: Collection[Fact] = ()
    ) -> list[Fact]:
        """Return up to two values that at least half of the targets have; all, of what is hard."""
        hard = facet.stance == "require"
        counts = Counter(
            value for row in targets for value in self.catalog.items[row].labels.get(facet.name, ())
        )
        least = len(targets) if hard else len(targets) / 2
        facts = [
            Fact((Constraint(facet.name, "=", value),), hard)
            for value, count in sorted(counts.items())
            if count >= least
        ]
        facts = [fact for fact in facts if fact not in said and self._tells(fact)]
        return self.rng.sample(facts, min(2, len(facts)))

    def unwanted(self, facet: Facet, targets: Sequence[int]) -> list[Fact]:
        """Return up to two values, common enough to come up, that no target has."""
        if not facet.question:
            return []
        facts = [
            Fact((Constraint(facet.name, "!=", value),), hard=True)
            for value in values_of(self.catalog, facet.name, len(self.catalog) // 50)
        ]
        mask = self.catalog.facets.mask
        true = [f for f in facts if mask(f.constraints)[list(targets)].all()]
        return self.rng.sample(true, min(2, len(true)))

    def mistake(self, fact: Fact, targets: Sequence[int]) -> Fact | None:
        """Return another fact of `fact`'s kind that is not true of the targets, or None."""
        facet = self.catalog.schema.facet(fact.facet)
        first = fact.constraints[0]
        if facet.kind == "number":
            step = 10 if facet.role == "year" else step_of(self.catalog.facets.numbers(facet.name))
            away = self.rng.choice((-step, step))
            moved = [Constraint(c.facet, c.op, float(c.value) + away) for c in fact.constraints]
            wrong = [Fact(tuple(moved), hard=True)]
        else:
            wrong = [
                Fact((Constraint(facet.name, "=", value),), fact.hard)
                for value in values_of(self.catalog, facet.name, len(self.catalog) // 20)
                if value != first.value
            ]
        holds = self.catalog.facets.mask
        wrong = [f for f in wrong if self.fits(f) and not holds(f.constraints)[list(targets)].any()]
        return self.rng.choice(wrong) if wrong else None


def values_of(catalog: Catalog, facet: str, least: int) -> list[str]:
    """Return the values of `facet` that at least `least` items have, in order of the alphabet."""
    counts = Counter(v for item in catalog.items for v in item.labels.get(facet, ()))
    return sorted(value for value, count in counts.items() if count >= max(1, least))


def step_of(column: NDArray[np.float64]) -> float:
    """Return a round step of about a fifth of the usual value: 20 for minutes around 105."""
    usual = float(np.nanmedian(np.abs(column))) / 5
    power = 10 ** np.floor(np.log10(max(usual, 1e-9)))
    return float(max(m * power for m in (1, 2, 5) if m * power <= max(usual, power)))
