"""What is compared: Vouch, Vouch with something taken away, and simple recommenders.

Owns: `Bench`, the parts that all of them share, and `SYSTEMS`. Does not own: any part.

All of them read messages with Vouch's own understanding, keep its ledger and filter by it, so that
only the choice among what is allowed differs; none of them knows the people simulated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from assistant.engine import Assistant
from assistant.parts import EngineConfig, Parts
from assistant.policy import PolicyConfig
from catalog import Catalog, Mask
from evaluation.simulation.facts import FEWEST
from evaluation.simulation.leaks import Titles
from evaluation.simulation.memory_store import MemoryStore
from evaluation.simulation.needs import Need, Person, held_out, people_of
from evaluation.simulation.wording import everyday_words
from ranking.blend import TermWeight, Weights
from ranking.cf.folds import without
from ranking.diversity import DiversityConfig
from ranking.rank import Ranker
from ranking.scoring import Column, Request
from retrieval.popular import PopularRetriever
from retrieval.query import Hits, Query, Retriever, Rows


@dataclass(frozen=True, slots=True)
class Bench:
    """All that a run shares.

    Attributes
    ----------
    catalog : Catalog
        Without the interactions of the people simulated.
    people : tuple of Person
        Those people.
    titles : Titles
        For the leak audit.
    parts : Parts
        Of Vouch itself; its models know nothing of `people`.
    config : EngineConfig
        Of Vouch itself.
    single : mapping of str to Retriever
        What recommends alone, by system: ``"bm25"``, ``"dense"``, ``"collaborative"``.
    fewest : int
        Items of the catalogue that a message must leave.
    """

    catalog: Catalog
    people: tuple[Person, ...]
    titles: Titles
    parts: Parts
    config: EngineConfig
    single: Mapping[str, Retriever]
    fewest: int = FEWEST


@dataclass(frozen=True, slots=True)
class System:
    """Something that recommends.

    Attributes
    ----------
    build : callable
        Returns the assistant for one need; only the oracle looks at it.
    remembers : bool
        Whether a conversation is one; else every message starts anew.
    """

    build: Callable[[Bench, Need], Assistant]
    remembers: bool = True


def split(catalog: Catalog, seed: int) -> tuple[Catalog, Mask]:
    """Return `catalog` as if the people simulated had never been met, and who they are."""
    users = held_out(catalog.interactions, seed)
    known = Catalog.build(catalog.schema, catalog.items, without(catalog.interactions, users))
    return known, users


def simulated_people(catalog: Catalog, users: Mask, titles: Titles) -> tuple[Person, ...]:
    """Return the people among `users` that can be simulated; `catalog` has all interactions."""
    everyday = everyday_words(catalog)
    return people_of(catalog.interactions, users, lambda row: titles.sayable(row, everyday))


class OrElse:
    """A retriever with popularity behind it, for requests of which it can make nothing."""

    def __init__(self, first: Retriever, second: Retriever) -> None:
        self._first, self._second = first, second
        self.name = first.name

    def retrieve(self, query: Query, allowed: Mask, k: int) -> Hits:
        """See `Retriever.retrieve`."""
        hits = self._first.retrieve(query, allowed, k)
        return hits if len(hits) else self._second.retrieve(query, allowed, k)


class RandomRetriever:
    """Any allowed row is as good as any other; seeded."""

    name = "random"

    def __init__(self, size: int, seed: int) -> None:
        self._rng, self._size = np.random.default_rng(seed), size

    def retrieve(self, query: Query, allowed: Mask, k: int) -> Hits:
        """See `Retriever.retrieve`; another order every time."""
        return Hits.top(self._rng.random(self._size, np.float32), allowed, k)


class OracleRetriever:
    """Knows the targets, and shows those that what was said admits."""

    name = "oracle"

    def __init__(self, size: int, targets: frozenset[int]) -> None:
        self._scores = np.full(size, -np.inf, np.float32)
        self._scores[sorted(targets)] = 1.0

    def retrieve(self, query: Query, allowed: Mask, k: int) -> Hits:
        """See `Retriever.retrieve`."""
        return Hits.top(self._scores, allowed, k)


class OrderScorer:
    """A retriever's own order as the only term of the score."""

    def __init__(self, retriever: Retriever, size: int) -> None:
        self._retriever, self._size = retriever, size
        self.name = retriever.name

    def score(self, request: Request, rows: Rows) -> Column:
        """See `Scorer.score`: the first of n scores n, what is not found 0."""
        allowed = np.zeros(self._size, np.bool_)
        allowed[rows] = True
        hits = self._retriever.retrieve(request.query, allowed, len(rows))
        scores = np.zeros(self._size, np.float32)
        scores[hits.rows] = np.arange(len(rows), len(rows) - len(hits), -1)
        return Column(scores[rows], {})


def alone(bench: Bench, retriever: Retriever) -> Assistant:
    """Return an assistant that shows what `retriever` finds, in its order."""
    scorer = OrderScorer(retriever, len(bench.catalog))
    ranker = Ranker((scorer,), Weights({retriever.name: TermWeight(1.0)}))
    parts = replace(bench.parts, retrievers=(retriever,), ranker=ranker, store=MemoryStore())
    return Assistant(parts, replace(bench.config, diversity=DiversityConfig(1.0)))


def _vouch(bench: Bench, need: Need) -> Assistant:
    return Assistant(replace(bench.parts, store=MemoryStore()), bench.config)


def _with_policy(policy: PolicyConfig) -> System:
    def build(bench: Bench, need: Need) -> Assistant:
        parts = replace(bench.parts, store=MemoryStore())
        return Assistant(parts, replace(bench.config, policy=policy))

    return System(build)


def _single(name: str) -> System:
    def build(bench: Bench, need: Need) -> Assistant:
        popular = PopularRetriever(bench.catalog)
        return alone(bench, OrElse(bench.single[name], popular))

    return System(build)


SYSTEMS: dict[str, System] = {
    "vouch": System(_vouch),
    "oracle": System(
        lambda bench, need: alone(bench, OracleRetriever(len(bench.catalog), need.targets))
    ),
    "random": System(
        lambda bench, need: alone(bench, RandomRetriever(len(bench.catalog), need.number))
    ),
    "popularity": System(lambda bench, need: alone(bench, PopularRetriever(bench.catalog))),
    "bm25": _single("bm25"),
    "dense": _single("dense"),
    "collaborative": _single("collaborative"),
    "no-memory": System(_vouch, remembers=False),
    "never-ask": _with_policy(PolicyConfig(enough=0)),
    "always-ask": _with_policy(PolicyConfig(enough=1000, least_change=0.0)),
}
"""Every system by name. "always-ask" asks whenever it may: never twice in a row, nor the same."""
