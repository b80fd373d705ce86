"""What speaks for an item after some turns of a conversation: one column per reason.

Owns: `TermTable`, the columns that need no learning beyond counting, and `Counts`. Does not own:
what past conversations teach (`ranking.dialogue_model`) or weights (`ranking.logit`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog import Catalog
from ranking.scoring import CFModel
from ranking.similarity import rarity
from ranking.turn_table import Heard, Listener, TurnTable
from retrieval.query import Rows, Scores

_DECAY = 0.8
_NOBODY: Rows = np.empty(0, np.int32)


@dataclass(frozen=True, slots=True)
class Counts:
    """Which items were named in which conversations.

    Attributes
    ----------
    met : scipy.sparse.csr_matrix, shape (n_dialogues, n_items)
        1 where a conversation names an item.
    dialogues : tuple of str
        Its rows.
    """

    met: sparse.csr_matrix
    dialogues: tuple[str, ...]

    @classmethod
    def of(cls, table: TurnTable, n_items: int) -> Counts:
        """Return the counts of all that is named in `table`."""
        met: dict[str, set[int]] = {}
        for at, dialogue in enumerate(table.dialogue):
            items = (*table.heard[at].known, *table.answers[at], *table.later[at])
            met.setdefault(dialogue, set()).update(items)
        rows = [at for at, items in enumerate(met.values()) for _ in items]
        columns = [item for items in met.values() for item in sorted(items)]
        ones = np.ones(len(rows), np.float32)
        matrix = sparse.csr_matrix((ones, (rows, columns)), shape=(len(met), n_items))
        return cls(matrix, tuple(met))

    def without(self, dialogues: frozenset[str]) -> Counts:
        """Return the counts of the other conversations."""
        keep = [at for at, name in enumerate(self.dialogues) if name not in dialogues]
        return Counts(self.met[keep], tuple(self.dialogues[at] for at in keep))

    def popularity(self) -> Scores:
        """Return how many conversations name each item, shape (n_items,)."""
        return np.asarray(self.met.sum(axis=0), np.float32).ravel()

    def together(self, known: Sequence[int], popularity: Scores) -> Scores:
        """Return how often each item is named along with `known`, the last ones counting most.

        ``sum_i w_i n_ij / sqrt((n_i + 1) (n_j + 1))``; linear in the counts.
        """
        share = 1 / np.sqrt(popularity + 1)
        return (self.met.T @ (self.met @ (recency(known, len(share)) * share))) * share


def recency(known: Sequence[int], n_items: int) -> Scores:
    """Return a weight for each mentioned item: 1 for the last, 0.8 for the one before ..."""
    weights = np.zeros(n_items, np.float32)
    for age, row in enumerate(reversed(known)):
        weights[row] += _DECAY**age
    return weights


class TermTable:
    """The columns that follow from the catalogue and from what is said.

    Terms: ``popular`` (in conversations), ``together``, ``behaviour`` (people's ratings), ``alike``
    (text), ``shared`` (facet values, rare ones first), ``genre`` and ``person`` (values the seeker
    named), ``year`` and ``dense`` (text of the wish).
    """

    def __init__(
        self,
        catalog: Catalog,
        listener: Listener,
        vectors: NDArray[np.float32],
        model: CFModel | None,
    ) -> None:
        size = len(catalog)
        self._vectors, self._model = vectors, model
        self._centred = vectors - vectors.mean(axis=0)
        values = listener.of_items
        rare = [rarity(int(count), size) for count in np.asarray(values.sum(axis=0)).ravel()]
        self._rare = _unit(values @ sparse.diags_array(np.array(rare, np.float32)))
        kinds = [catalog.schema.facet(facet).kind for facet, _ in listener.values]
        self._people = np.array([kind == "people" for kind in kinds])
        self._values = values.tocsc()
        year = catalog.schema.by_role("year")
        found = [item.numbers.get(year.name, np.nan) if year else np.nan for item in catalog.items]
        self._years = np.array(found, np.float32)

    def columns(self, heard: Heard, counts: Counts, popularity: Scores) -> dict[str, Scores]:
        """Return each term over the whole catalogue, shape (n_items,); NaN says nothing."""
        known = list(dict.fromkeys(heard.known))
        size = len(self._vectors)
        columns = {
            "popular": np.log(popularity + 0.3),
            "genre": self._named(heard, people=False),
            "person": self._named(heard, people=True),
            "dense": self._vectors @ heard.vectors[0],
        }
        if known:
            weights = recency(known, size)
            taste = self._rare.T @ weights
            columns |= {
                "together": counts.together(known, popularity),
                "alike": (self._centred @ self._centred[known[-6:]].T).max(axis=1),
                "shared": self._rare @ (taste / max(float(np.linalg.norm(taste)), 1e-6)),
                "year": self._near(known, weights),
            }
            if self._model is not None:
                scores = self._model.fold_in(np.array(known[-10:], np.int32), _NOBODY)
                columns["behaviour"] = np.where(np.isfinite(scores), scores, np.nan)
        return {name: np.asarray(column, np.float32) for name, column in columns.items()}

    def _named(self, heard: Heard, *, people: bool) -> Scores:
        """Return which share of the named values of one kind each item has."""
        named = [value for value in heard.named if self._people[value] == people]
        if not named:
            return np.zeros(len(self._vectors), np.float32)
        return np.asarray(self._values[:, named].mean(axis=1), np.float32).ravel()

    def _near(self, known: Sequence[int], weights: Scores) -> Scores:
        """Return minus the distance to the mentioned items' mean year, in years."""
        dated = [row for row in known if np.isfinite(self._years[row])]
        if not dated:
            return np.full(len(self._years), np.nan, np.float32)
        return -np.abs(self._years - np.average(self._years[dated], weights=weights[dated]))


def _unit(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return the rows of `matrix` scaled to length 1; rows of zeros stay."""
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    scale = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return sparse.csr_matrix(sparse.diags_array(scale.astype(np.float32)) @ matrix)
