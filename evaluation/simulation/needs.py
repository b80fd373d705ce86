"""What a simulated person wants, without a word of it said.

Owns: who is simulated, `Fact`, `Need` and how needs are drawn. Does not own: the conversation
(`evaluation.simulation.user`).

A person of the catalogue's interactions is cut in two at the middle of their history. The earlier
half is what they know: examples to name, things seen. The *targets* are all later items that they
liked (value of at least 4) and that meet the need's conditions. Conditions come from one such item,
so that they have something in common, and never leave fewer than `FEWEST` items of the catalogue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from catalog import Catalog, Constraint, Facet, Interactions, Mask
from evaluation.simulation.personas import PERSONAS, Persona
from ranking.cf.folds import fold_people
from retrieval.query import Rows

LIKED = 4.0
FEWEST = 20
# What is true of more of the items that it is known of says too little to be said.
_COMMON = 0.6
# What is asked for first: what the schema would ask about, then the rest.
_WEIGHT_ASKED, _WEIGHT_OTHER = 4.0, 1.0
_FOLDS = 3


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
class Person:
    """A held-out person.

    Attributes
    ----------
    user : int
        Position in `Interactions.users`.
    met, liked : int32 arrays
        Rows of the earlier half of the history, and those of them that they liked, oldest first.
    later : int32 array
        Rows of the later half that they liked.
    """

    user: int
    met: Rows
    liked: Rows
    later: Rows


@dataclass(frozen=True, slots=True)
class Need:
    """One simulated user: who, with which habits, wanting what.

    Attributes
    ----------
    number : int
        Identifies it in a run.
    person : Person
        Whose history it is.
    persona : Persona
        Their habits.
    targets : frozenset of int
        Rows that satisfy the need; never empty.
    facts : tuple of Fact
        True of the targets, in the order in which they come to mind.
    mistake : Fact or None
        Said in place of the first fact, on the same facet, and corrected later.
    """

    number: int
    person: Person
    persona: Persona
    targets: frozenset[int]
    facts: tuple[Fact, ...]
    mistake: Fact | None = None


def held_out(interactions: Interactions, seed: int) -> Mask:
    """Return who is simulated, shape (n_users,): a third, whom no model may know."""
    return fold_people(len(interactions.users), _FOLDS, seed) == 0


def people_of(
    interactions: Interactions, users: Mask, sayable: Callable[[int], bool]
) -> tuple[Person, ...]:
    """Return those of `users` who liked something in both halves of their history.

    Parameters
    ----------
    sayable : callable
        Whether a row may be a target: a title made of everyday words could not be kept secret.
    """
    found: list[Person] = []
    for user in np.flatnonzero(users).tolist():
        mine = interactions.user == user
        rows, liked = interactions.row[mine], interactions.value[mine] >= LIKED
        middle = len(rows) // 2
        later = [row for row in rows[middle:][liked[middle:]].tolist() if sayable(row)]
        earlier = rows[:middle][liked[:middle]]
        if later and len(earlier):
            found.append(Person(user, rows[:middle], earlier, np.array(later, np.int32)))
    return tuple(found)


def draw_need(
    number: int, seed: int, people: Sequence[Person], catalog: Catalog, fewest: int = FEWEST
) -> Need:
    """Return need `number` of a run; people and personas take turns, the rest is seeded.

    Parameters
    ----------
    catalog : Catalog
        Its popularity must not count the people simulated.
    fewest : int
        Items of the catalogue that the conditions must leave.
    """
    rng = Random(f"need {seed} {number}")  # noqa: S311 - a simulation, no secret
    round_, at = divmod(number, len(people))
    person, persona = people[at], PERSONAS[(round_ + at) % len(PERSONAS)]
    draw = Facts(catalog, fewest, rng)
    anchor = draw.anchor(person.later, persona.rare)
    wanted = rng.randint(*persona.conditions)
    core = draw.compatible(draw.facts_of(anchor), wanted)
    meets = catalog.facets.mask(c for fact in core for c in fact.constraints)
    targets = tuple(row for row in person.later.tolist() if meets[row])
    extra = draw.extras(targets, core, persona.wishes)
    mistake = draw.mistake(core[0], targets) if core and rng.random() < persona.errs else None
    return Need(number, person, persona, frozenset(targets), (*core, *extra), mistake)


@dataclass(frozen=True, slots=True)
class Facts:
    """What can be said of items of `catalog`; nothing that fits fewer than `fewest` of them."""

    catalog: Catalog
    fewest: int
    rng: Random

    def anchor(self, later: Rows, rare: bool) -> int:
        """Return the item that the conditions are taken from."""
        rows = later.tolist()
        if rare:
            rows = sorted(rows, key=lambda row: (self.catalog.popularity[row], row))
            rows = rows[: max(1, len(rows) // 3)]
        return self.rng.choice(rows)

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
        self, facet: Facet, targets: Sequence[int], said: Sequence[Fact] = ()
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


def step_of(column: np.ndarray) -> float:
    """Return a round step of about a fifth of the usual value: 20 for minutes around 105."""
    usual = float(np.nanmedian(np.abs(column))) / 5
    power = 10 ** np.floor(np.log10(max(usual, 1e-9)))
    return float(max(m * power for m in (1, 2, 5) if m * power <= max(usual, power)))
