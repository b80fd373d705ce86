"""What a simulated person wants, without a word of it said.

Owns: who is simulated, `Need` and how needs are drawn. Does not own: what can be said of items
(`evaluation.simulation.facts`) or the conversation (`evaluation.simulation.user`).

A person of the catalogue's interactions is cut in two at the middle of their history. The earlier
half is what they know: examples to name, things seen. The *targets* are all later items that they
liked (value of at least 4) and that meet the need's conditions. Conditions come from one such item,
so that they have something in common, and never leave fewer than `FEWEST` items of the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from catalog import Catalog, Interactions, Mask
from evaluation.simulation.facts import FEWEST, Fact, Facts
from evaluation.simulation.personas import PERSONAS, Persona
from ranking.cf.folds import fold_people
from retrieval.query import Rows

LIKED = 4.0
_FOLDS = 3


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
    anchor = _anchor(person.later, persona.rare, catalog, rng)
    wanted = rng.randint(*persona.conditions)
    core = draw.compatible(draw.facts_of(anchor), wanted)
    meets = catalog.facets.mask(c for fact in core for c in fact.constraints)
    targets = tuple(row for row in person.later.tolist() if meets[row])
    extra = draw.extras(targets, core, persona.wishes)
    mistake = draw.mistake(core[0], targets) if core and rng.random() < persona.errs else None
    return Need(number, person, persona, frozenset(targets), (*core, *extra), mistake)


def _anchor(later: Rows, rare: bool, catalog: Catalog, rng: Random) -> int:
    """Return the item that the conditions are taken from."""
    rows = later.tolist()
    if rare:
        rows = sorted(rows, key=lambda row: (catalog.popularity[row], row))
        rows = rows[: max(1, len(rows) // 3)]
    return rng.choice(rows)
