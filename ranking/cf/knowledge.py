"""A knowledge-graph model: a preference walks from liked items over shared values to other items.

Owns: `Knowledge` and `Path`. Does not own: the graph and what its relations are worth
(`ranking.cf.relations`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog import Catalog, Interactions, Mask
from ranking.cf.folds import fold_people, without
from ranking.cf.itemknn import ItemKNN, ItemKNNConfig
from ranking.cf.model import Training
from ranking.cf.propensity import inverse_propensity
from ranking.cf.relations import Attention, Choices, Relation, learn_attention, relations
from retrieval.query import Rows, Scores

_FOLDS = 5
"""One fold of the people teaches the attention."""


@dataclass(frozen=True, slots=True)
class KnowledgeConfig:
    """How the graph is made and its attention learned.

    Attributes
    ----------
    sessions, candidates : int
        Sessions to learn from, and items among which each one's next is to be found.
    longest : int
        A session has one to this many items, those met just before the next.
    regularization : float
        Penalty on squared distances of the attention from equal levels.
    least, buckets
        As in `relations`.
    min_value : float
        Interactions below it are no part of a session.
    people : ItemKNNConfig
        How much items are met together.
    damping : float
        Factor on the facets' attention. Likelihood is won over all items, most of which nobody
        met and only facets reach; among the first ten the people know more.
    propensity : float
        As `power` in `inverse_propensity`.
    seed : int
        Of the sessions and the candidates.
    """

    sessions: int = 1000
    candidates: int = 100
    longest: int = 5
    regularization: float = 0.001
    least: int = 2
    buckets: int = 12
    min_value: float = 0.0
    people: ItemKNNConfig = ItemKNNConfig()
    damping: float = 0.2
    propensity: float = 0.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Path:
    """A walk from a liked item to a recommended one.

    Attributes
    ----------
    like, row : int
        Where it starts and where it ends.
    facet, value : str
        What the two share; both empty where it is the people who met them.
    weight : float
        Its part of the score, exactly.
    """

    like: int
    facet: str
    value: str
    row: int
    weight: float


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Linear propagation over a knowledge graph with learned attention.

    As in RippleNet (Wang et al., CIKM 2018) a preference spreads from liked items over the entities
    that they have, and as in KGAT (Wang et al., KDD 2019) the people who met an item are entities
    too and each relation has an attention learned from behaviour. Unlike both, a score is a sum
    over paths and of nothing else, ``score[j] = sum over likes i and entities e of leave[i, e]
    arrive[j, e]``: without the edge from j to e it falls by just the weights of the paths through
    that edge. Items that nobody met are scored by what they are.

    Attributes
    ----------
    leave, arrive : scipy.sparse.csr_matrix, shape (n_items, n_values), float32
        Weight of the step from a liked item to a value, and from there to a scored item.
    met : scipy.sparse.csr_matrix, shape (n_items, n_items), float32
        All walks from the liked item (row) over people to the scored item (column), so that no
        person is kept; zero diagonal.
    facets, values : str arrays, shape (n_values,)
        What the values are.
    known : bool array, shape (n_items,)
        Items with any edge.
    """

    leave: sparse.csr_matrix
    arrive: sparse.csr_matrix
    met: sparse.csr_matrix
    facets: NDArray[np.str_]
    values: NDArray[np.str_]
    known: Mask

    @property
    def name(self) -> str:
        """``"knowledge"``."""
        return "knowledge"

    @classmethod
    def fit(cls, training: Training, config: KnowledgeConfig) -> Knowledge:
        """Return the model of `training`; seeded."""
        catalog, observed = training.catalog, training.interactions
        attention = _learn(training, config)
        *facets, people = _graph(catalog, observed, config)
        steps = attention.steps(np.log1p(_counts(observed, len(catalog))))
        steps[:, :-1] *= config.damping
        met = sparse.csr_matrix((sparse.diags(steps[:, -1]) @ people.arrive).T, dtype=np.float32)
        empty = sparse.csr_matrix((len(catalog), 0), dtype=np.float32)
        arrive = [sparse.diags(steps[:, at]) @ each.arrive for at, each in enumerate(facets)]
        edges = [met, *(each.leave for each in facets)]
        return cls(
            leave=_joined([empty, *(each.leave for each in facets)]),
            arrive=_joined([empty, *arrive]),
            met=met,
            facets=np.array([each.facet for each in facets for _ in each.values], np.str_),
            values=np.array([value for each in facets for value in each.values], np.str_),
            known=np.any([np.diff(matrix.indptr) > 0 for matrix in edges], axis=0),
        )

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """Return every item's score, shape (n_items,); see `CFModel`.

        Linear in the number of edges. Dislikes are left out, as in `LinearModel`. When no like is
        known every score is ``-inf``.
        """
        scores = np.full(len(self.known), -np.inf, np.float32)
        likes = likes[self.known[likes]]
        if len(likes):
            reached = self.arrive @ self.leave[likes].sum(axis=0).A1
            scores[self.known] = (reached + self.met[likes].sum(axis=0).A1)[self.known]
        return scores

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        """Return the weight of all paths of each of `likes` to `rows`; they sum to the score."""
        over_values = self.arrive[rows] @ self.leave[likes].T
        return (over_values + self.met[likes][:, rows].T).toarray().astype(np.float32)

    def paths(self, likes: Rows, row: int, limit: int = 5) -> tuple[Path, ...]:
        """Return the `limit` strongest paths from `likes` to `row`, strongest first.

        Ties go to the earlier like. Taken without a limit, their weights sum to the score.
        """
        found: list[Path] = []
        for like in likes.tolist():
            edges = self.leave[[like]].multiply(self.arrive[[row]]).tocoo()
            for at, weight in zip(edges.col.tolist(), edges.data.tolist(), strict=True):
                found.append(Path(like, str(self.facets[at]), str(self.values[at]), row, weight))
            if weight := float(self.met[like, row]):
                found.append(Path(like, "", "", row, weight))
        return tuple(sorted(found, key=lambda path: -path.weight)[:limit])

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a file must keep."""
        kept: dict[str, NDArray[Any]] = {
            "facets": self.facets,
            "values": self.values,
            "known": self.known,
        }
        for name in ("leave", "arrive", "met"):
            for part in ("data", "indices", "indptr"):
                kept[f"{name}_{part}"] = getattr(getattr(self, name), part)
        return kept

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the model that `arrays` came from."""
        n_items, n_values = len(arrays["known"]), len(arrays["values"])

        def matrix(name: str, columns: int) -> sparse.csr_matrix:
            parts = tuple(arrays[f"{name}_{part}"] for part in ("data", "indices", "indptr"))
            return sparse.csr_matrix(parts, shape=(n_items, columns))

        return cls(
            matrix("leave", n_values),
            matrix("arrive", n_values),
            matrix("met", n_items),
            arrays["facets"],
            arrays["values"],
            arrays["known"],
        )


def _joined(blocks: Sequence[sparse.csr_matrix]) -> sparse.csr_matrix:
    matrix = sparse.csr_matrix(sparse.hstack(blocks, format="csr", dtype=np.float32))
    matrix.sort_indices()
    return matrix


def _counts(interactions: Interactions, n_items: int) -> NDArray[np.int64]:
    return np.bincount(interactions.row, minlength=n_items)


def _graph(
    catalog: Catalog, interactions: Interactions, config: KnowledgeConfig
) -> tuple[Relation, ...]:
    met = ItemKNN.fit(interactions, len(catalog), config.people).weights
    return relations(catalog, met, config.least, config.buckets)


def _learn(training: Training, config: KnowledgeConfig) -> Attention:
    """Return the attention that some people's histories teach about the graph of the others.

    In a graph with their own edges, the shortest way to the next item would be their own.
    """
    observed, n_items = training.interactions, len(training.catalog)
    apart = fold_people(len(observed.users), _FOLDS, config.seed) == 0
    rest = without(observed, apart)
    graph = _graph(training.catalog, rest, config)
    sessions, target = _sessions(without(observed, ~apart), config)
    counts = _counts(rest, n_items)
    rng = np.random.default_rng(config.seed)
    chance = (counts + 1.0) / (counts + 1.0).sum()
    drawn = rng.choice(n_items, (len(target), config.candidates), p=chance)
    candidates = np.concatenate([target[:, np.newaxis], drawn], axis=1)
    # Importance sampling: a candidate stands for as many items as it was unlikely to be drawn.
    stands = 1.0 / (config.candidates * chance[candidates])
    stands[:, 0] = 1.0
    stands[:, 1:][drawn == target[:, np.newaxis]] = 0.0
    stands[(candidates[:, :, np.newaxis] == sessions[:, np.newaxis]).any(axis=2)] = 0.0
    at, place = np.nonzero(sessions >= 0)
    ones = np.ones(len(at), np.float32)
    liked = sparse.csr_matrix((ones, (at, sessions[at, place])), shape=(len(target), n_items))
    walks = np.empty((*candidates.shape, len(graph)))
    for relation, each in enumerate(graph):
        ends = (liked @ each.leave @ each.arrive.T).toarray()
        walks[..., relation] = np.take_along_axis(ends, candidates, axis=1)
    weight = inverse_propensity(rest, n_items, config.propensity)[target].astype(np.float64)
    choices = Choices(
        walks, np.log1p(counts)[candidates], stands, weight / max(weight.sum(), 1e-12)
    )
    return learn_attention(choices, graph, config.regularization)


def _sessions(
    interactions: Interactions, config: KnowledgeConfig
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return sessions padded with -1 and the row that was met next; every person is as likely."""
    rng = np.random.default_rng(config.seed)
    kept = interactions.value >= config.min_value
    order = np.argsort(interactions.user[kept], kind="stable")  # each person's own order in time
    person, row = (column[kept][order] for column in (interactions.user, interactions.row))
    position = np.arange(len(person)) - np.searchsorted(person, person, side="left")
    later = np.flatnonzero(position > 0)
    if not len(later):
        return np.empty((0, config.longest), np.int64), later
    chance = 1.0 / np.bincount(person)[person[later]]
    at = rng.choice(later, config.sessions, p=chance / chance.sum())
    back = np.arange(1, config.longest + 1)
    size = np.minimum(rng.integers(1, config.longest + 1, len(at)), position[at])
    before = row[np.maximum(at[:, np.newaxis] - back, 0)].astype(np.int64)
    return np.where(back <= size[:, np.newaxis], before, -1), row[at].astype(np.int64)
