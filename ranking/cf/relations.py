"""The graph of a catalogue: items, what they have, and what people met together.

Owns: `Relation`, one kind of edge with its steps, and `Attention`, how much each kind is worth,
learned from histories. Does not own: propagation along the edges (`ranking.cf.knowledge`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from catalog import Catalog, Facet

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Relation:
    """One kind of edge between items and entities.

    Attributes
    ----------
    facet : str
        Name of the facet; empty where the entities are the items themselves, met together.
    values : tuple of str
        Name of each entity; empty for items.
    leave : scipy.sparse.csr_matrix, shape (n_items, n_entities), float32
        The step from a liked item to an entity, before attention.
    arrive : scipy.sparse.csr_matrix, same shape
        The step from an entity (column) to a scored item (row), before attention.
    start : float
        Attention's pull before anything is learned; see `Attention`.
    """

    facet: str
    values: tuple[str, ...]
    leave: sparse.csr_matrix
    arrive: sparse.csr_matrix
    pulled: float


def relations(
    catalog: Catalog, met: sparse.csr_matrix, least: int, buckets: int
) -> tuple[Relation, ...]:
    """Return one relation per facet that has any values in common, and the people's last.

    A step along a facet weighs ``1 / (values of the item * items with the value)`` on the way out
    and ``1 / values of the item`` on the way in, so that a long cast says no more than one
    director, and a rare keyword more than a common one.

    Parameters
    ----------
    catalog : Catalog
        Whose schema says what the facets are.
    met : scipy.sparse.csr_matrix, shape (n_items, n_items)
        To the scored item (row) from the liked item (column): how much they are met together.
    least : int
        Values that fewer items have lead nowhere and are left out.
    buckets : int
        Numbers that fall between the same quantiles are one value; 0 leaves numbers out.
    """
    found: list[Relation] = []
    for facet in catalog.schema.facets:
        rows: dict[str, list[int]] = {}
        for row, value in _values(catalog, facet, buckets):
            rows.setdefault(value, []).append(row)
        shared = {value: members for value, members in rows.items() if len(members) >= least}
        if shared:
            member = _member(shared, len(catalog))
            own, theirs = (np.asarray(member.sum(axis=axis)).ravel() for axis in (1, 0))
            arrive = sparse.csr_matrix(
                sparse.diags(1 / np.maximum(own, 1.0)) @ member, dtype=np.float32
            )
            leave = sparse.csr_matrix(arrive @ sparse.diags(1 / theirs), dtype=np.float32)
            found.append(Relation(facet.name, tuple(shared), leave, arrive, pulled=1.0))
    itself = sparse.csr_matrix(sparse.diags(np.ones(len(catalog), np.float32)))
    return (*found, Relation("", (), itself, met, pulled=0.0))


def _member(rows: dict[str, list[int]], n_items: int) -> sparse.csr_matrix:
    at = np.concatenate([np.array(members) for members in rows.values()])
    entity = np.repeat(np.arange(len(rows)), [len(members) for members in rows.values()])
    ones = np.ones(len(at), np.float32)
    return sparse.csr_matrix((ones, (at, entity)), shape=(n_items, len(rows)))


def _values(catalog: Catalog, facet: Facet, buckets: int) -> Iterator[tuple[int, str]]:
    """Yield every value of `facet` with the row that has it, each pair once."""
    if facet.kind == "number":
        yield from _quantiles(catalog, facet, buckets)
        return
    for row, item in enumerate(catalog.items):
        if facet.kind == "flag":
            if facet.name in item.flags:
                yield row, facet.display(item.flags[facet.name])
        else:
            for value in dict.fromkeys(item.labels.get(facet.name, ())):
                yield row, value


def _quantiles(catalog: Catalog, facet: Facet, buckets: int) -> Iterator[tuple[int, str]]:
    numbers = catalog.facets.numbers(facet.name)
    known = np.flatnonzero(~np.isnan(numbers))
    if buckets and len(known):
        edges = np.unique(np.quantile(numbers[known], np.arange(1, buckets) / buckets))
        bucket = np.searchsorted(edges, numbers[known], side="right")
        for one in np.unique(bucket):
            rows = known[bucket == one]
            ends = (float(numbers[rows].min()), float(numbers[rows].max()))
            label = " to ".join(dict.fromkeys(facet.display(end) for end in ends))
            yield from ((row, label) for row in rows.tolist())


@dataclass(frozen=True, slots=True)
class Attention:
    """What a step from an entity to an item is worth, in two numbers for each relation.

    A step along relation f to item j weighs ``exp(level_f) popularity_j ^ pull_f``: KGAT's
    attention over relations (Wang et al., KDD 2019) without its dependence on the person, which
    would make the score no sum over paths.

    Attributes
    ----------
    level, pull : float64 arrays, shape (n_relations,)
        The exponents above.
    """

    level: Numbers
    pull: Numbers

    def steps(self, popularity: Numbers) -> Numbers:
        """Return the weight of a step to each item along each relation, (n_items, n_relations).

        `popularity` is the logarithm of 1 + the number of interactions, shape (n_items,).
        """
        return np.exp(self.level + self.pull * popularity[:, np.newaxis])


@dataclass(frozen=True, slots=True)
class Choices:
    """Sessions, and the items among which the next one is to be found, which is the first.

    Attributes
    ----------
    walks : float64 array, shape (n_sessions, n_candidates, n_relations)
        Weight of all walks from the session to a candidate, before attention.
    popularity : float64 array, shape (n_sessions, n_candidates)
        As in `Attention.steps`.
    stands : float64 array, shape (n_sessions, n_candidates)
        How many items a candidate stands for; 0 where it does not compete.
    weight : float64 array, shape (n_sessions,)
        How much each session counts; sums to 1.
    """

    walks: Numbers
    popularity: Numbers
    stands: Numbers
    weight: Numbers


def learn_attention(
    choices: Choices, relations: Sequence[Relation], regularization: float
) -> Attention:
    """Return the attention under which walks end at the next item with the highest likelihood.

    The likelihood ``score of the next item ^ t / sum over candidates of score ^ t`` is climbed by
    L-BFGS from equal levels. The power t is learned too; it leaves every order as it is, and
    without it popularity would have to make up for how flat sums are. `regularization` is the
    penalty on squared distances from the start. Deterministic.
    """
    n = len(relations)
    pulled = np.array([each.pulled for each in relations])
    pull = np.exp(pulled * choices.popularity[..., np.newaxis])
    mass = (choices.walks * pull).mean(axis=(0, 1)) if len(choices.walks) else np.ones(n)
    level = -np.log(np.maximum(mass, 1e-12))  # as much over each relation
    start = np.array([*level, *pulled, 1.0])
    # Bounds keep the exponentials finite, and the pull of what is not pulled at 0.
    reach = np.array([*np.full(n, 8.0), *2 * pulled, 5.0])
    low, high = start - reach, start + reach
    low[-1] = 0.1

    def loss(point: Numbers) -> tuple[float, Numbers]:
        level, pull, power = point[:n], point[n : 2 * n], point[-1]
        walks = choices.walks * np.exp(level + pull * choices.popularity[..., np.newaxis])
        each = walks.sum(axis=2) + 1e-6
        size = np.log(each)
        size -= size.max(axis=1, keepdims=True)
        rivals = choices.stands * np.exp(power * size)
        total = rivals.sum(axis=1)
        value = float(choices.weight @ (np.log(total) - power * size[:, 0]))
        # By the logarithm of a score: its expected share less 1 for the right one.
        slope = rivals * (choices.weight / total)[:, np.newaxis]
        slope[:, 0] -= choices.weight
        by_step = walks * (power * slope / each)[..., np.newaxis]
        by_pull = np.einsum("scf,sc->f", by_step, choices.popularity)
        away = point - start
        gradient = np.array([*by_step.sum(axis=(0, 1)), *by_pull, (slope * size).sum()])
        return value + regularization * float(away @ away), gradient + 2 * regularization * away

    bounds = list(zip(low, high, strict=True))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds)
    return Attention(np.asarray(found.x[:n]), np.asarray(found.x[n : 2 * n]))
