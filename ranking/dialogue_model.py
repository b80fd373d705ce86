"""Recommending from what was said, by the example of recorded conversations.

Owns: `DialogueModel`: two kernel regressions (which items, and which kind of items, were
recommended after words like these), the counted terms, and weights for them all. Does not own: the
turns (`ranking.turn_table`) or the counted terms (`ranking.dialogue_terms`).

Weights are learned from predictions for turns whose recommender and their conversations the
regressions and counts had not seen, so that no term is believed for knowing the answer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog import Catalog
from catalog.progress import Progress, silent
from ranking.blend import Weights
from ranking.dialogue_terms import Counts, TermTable, recency
from ranking.kernel_ridge import Group, KernelRidge
from ranking.logit import Example, fit_weights
from ranking.scoring import CFModel, Request
from ranking.simulated import SimulatedSession
from ranking.turn_table import Heard, Listener, TurnTable
from retrieval.query import Query, Scores

Matrix = NDArray[np.float32]

SHIPPED = Path(__file__).with_name("models") / "dialogues" / "turns.npz"
"""Turns to learn from that ship with Vouch; README.md beside them says whose they are."""


@dataclass(frozen=True, slots=True)
class DialogueConfig:
    """How the model is fitted.

    Attributes
    ----------
    wish, last, mentions, mentioned_texts : float
        Weights of the kernels: seeker's words, last two utterances, same items mentioned, alike
        items mentioned.
    regularization : float
        Of the regressions.
    later : float
        What an item counts that was named only after the answer; an answer counts 1.
    common : int
        Facet values of at least so many items tell what kind an item is.
    examples, rivals : int
        Turns that weights are learned from, and items that compete in each: the best by the
        regressions and the counts. Right answers that are not among them teach nothing.
    l2 : float
        Penalty on squared weights.
    seed : int
        Of the draws.
    """

    wish: float = 1.0
    last: float = 0.7
    mentions: float = 0.6
    mentioned_texts: float = 0.5
    regularization: float = 100.0
    later: float = 0.3
    common: int = 5
    examples: int = 4000
    rivals: int = 400
    l2: float = 1e-3
    seed: int = 0


class DialogueModel:
    """Scores every item of a catalogue for what was heard of a conversation."""

    def __init__(
        self,
        catalog: Catalog,
        listener: Listener,
        vectors: Matrix,
        behaviour: CFModel | None = None,
        config: DialogueConfig | None = None,
    ) -> None:
        self.config = config or DialogueConfig()
        self._terms = TermTable(catalog, listener, vectors, behaviour)
        self._centred = vectors - vectors.mean(axis=0)
        self._content = _content(catalog, listener, self._centred, self.config.common)
        self.weights = Weights()

    def fit(self, table: TurnTable, progress: Progress = silent) -> DialogueModel:
        """Learn from `table` and return the model itself; O(n^3) in its turns."""
        config, size = self.config, len(self._centred)
        self._counts = Counts.of(table, size)
        self._popularity = self._counts.popularity()
        self._middle = np.mean([heard.vectors for heard in table.heard], axis=0)
        dense, mentioned = self._features(table.heard)
        progress("learning from conversations", 0, 3)
        ridge = KernelRidge.fit(
            dense @ dense.T + (mentioned @ mentioned.T).toarray(),
            config.regularization,
        )
        progress("learning from conversations", 1, 3)
        said = _targets(table, size, config.later)
        self._items = np.flatnonzero(np.asarray(said.sum(axis=0)).ravel())
        wanted = np.asarray(said[:, self._items].todense(), np.float32)
        kinds = np.asarray(_means(_targets(table, size, 0.0)) @ self._content, np.float32)
        item_weights, kind_weights = ridge.solve(wanted), ridge.solve(kinds)
        # In terms of features the kernel need not be computed against every turn learned from.
        self._by_said = dense.T @ item_weights, dense.T @ kind_weights
        self._by_mention = mentioned.T @ item_weights, mentioned.T @ kind_weights
        progress("learning from conversations", 2, 3)
        groups = _groups(table)
        unseen = (
            ridge.left_out(wanted, item_weights, groups),
            ridge.left_out(kinds, kind_weights, groups),
        )
        self.weights = fit_weights(self._examples(table, unseen), config.l2)
        progress("learning from conversations", 3, 3)
        return self

    def columns(self, heard: Heard) -> dict[str, Scores]:
        """Return each term over the whole catalogue, shape (n_items,)."""
        dense, mentioned = self._features([heard])
        items, kinds = (
            dense @ said + mentioned @ mention
            for said, mention in zip(self._by_said, self._by_mention, strict=True)
        )
        learned = self._learned(items, kinds)
        return learned | self._terms.columns(heard, self._counts, self._popularity)

    def score(self, heard: Heard, leave_out: Collection[str] = ()) -> Scores:
        """Return every item's score, shape (n_items,), without the terms in `leave_out`."""
        return self.blend(self.columns(heard), leave_out)

    def blend(self, columns: Mapping[str, Scores], leave_out: Collection[str] = ()) -> Scores:
        """Return the weighted sum of calibrated `columns`."""
        total = np.zeros(len(self._centred), np.float32)
        for name, term in self.weights.terms.items():
            if name in columns and name not in leave_out:
                total += np.float32(term.weight) * term.calibration(columns[name])
        return total

    def _features(self, heard: Sequence[Heard]) -> tuple[Matrix, sparse.csr_matrix]:
        """Return the features whose inner products are the kernel, dense and sparse."""
        config, size = self.config, len(self._centred)
        said = np.stack([one.vectors for one in heard]) - self._middle
        mentioned = sparse.csr_matrix(
            sparse.vstack([sparse.csr_matrix(recency(one.known, size)) for one in heard])
        )
        texts = np.asarray(mentioned @ self._centred, np.float32)
        dense = np.hstack(
            [
                np.sqrt(config.wish) * _unit(said[:, 0]),
                np.sqrt(config.last) * _unit(said[:, 1]),
                np.sqrt(config.mentioned_texts) * _unit(texts),
                # An offset: what is always recommended.
                np.full((len(heard), 1), np.sqrt(0.05)),
            ]
        )
        lengths = np.sqrt(np.asarray(mentioned.multiply(mentioned).sum(axis=1)).ravel())
        scale = np.sqrt(config.mentions) / np.maximum(lengths, 1e-6)
        scaled = sparse.csr_matrix(sparse.diags_array(scale.astype(np.float32)) @ mentioned)
        return dense.astype(np.float32), scaled

    def _learned(self, items: Matrix, kinds: Matrix) -> dict[str, Scores]:
        """Return the regressions' terms from what they predict for one turn, shape (1, m)."""
        said = np.zeros(len(self._centred), np.float32)
        said[self._items] = items[0]
        return {"dialogues": said, "content": self._content @ kinds[0]}

    def _examples(self, table: TurnTable, unseen: tuple[Matrix, Matrix]) -> list[Example]:
        """Return turns with the terms of the right answer and of its rivals."""
        rng = np.random.default_rng(self.config.seed)
        new = [_new(table, at) for at in range(len(table))]
        usable = [at for at, answers in enumerate(new) if answers]
        chosen = rng.permutation(usable)[: self.config.examples].tolist()
        by_person: dict[str, list[int]] = {}
        for at in chosen:
            by_person.setdefault(table.people[at][0] or table.dialogue[at], []).append(at)
        examples: list[Example] = []
        for mine in by_person.values():
            out = _with(table, table.people[mine[0]][0], table.dialogue[mine[0]])
            counts = self._counts.without(out)
            popularity = counts.popularity()
            for at in mine:
                columns = self._learned(unseen[0][[at]], unseen[1][[at]])
                columns |= self._terms.columns(table.heard[at], counts, popularity)
                examples += self._pools(columns, table.heard[at], new[at])
        return examples

    def _pools(
        self,
        columns: dict[str, Scores],
        heard: Heard,
        answers: Sequence[int],
    ) -> list[Example]:
        size, rivals = len(self._centred), self.config.rivals
        rough = columns["dialogues"] / (columns["dialogues"].std() + 1e-6)
        rough = rough + columns["content"] / (columns["content"].std() + 1e-6)
        rough = rough + columns["popular"] / 2
        rough[list(heard.known)] = -np.inf
        pool = np.argpartition(-rough, min(rivals, size - 1))[:rivals]
        # An answer beyond the pool's edge would teach that what chose the pool is no use.
        answers = [answer for answer in answers if answer in pool]
        pool = np.setdiff1d(pool, answers)
        if not answers:
            return []
        session = SimulatedSession("dialogue", 0, Request(Query()), int(answers[0]))
        examples: list[Example] = []
        for answer in answers:
            rows = np.concatenate([[answer], pool]).astype(np.int32)
            raw = {name: column[rows] for name, column in columns.items()}
            examples.append(Example(session, rows, raw, 0))
        return examples


def _new(table: TurnTable, at: int) -> tuple[int, ...]:
    known = set(table.heard[at].known)
    return tuple(row for row in dict.fromkeys(table.answers[at]) if row not in known)


def _targets(table: TurnTable, n_items: int, later: float) -> sparse.csr_matrix:
    """Return 1 for what was recommended and not mentioned before, `later` for what followed."""
    cells: dict[tuple[int, int], float] = {}
    for at in range(len(table)):
        known = set(table.heard[at].known)
        if later:
            cells |= {(at, row): later for row in table.later[at] if row not in known}
        cells |= {(at, row): 1.0 for row in _new(table, at)}
    places = np.array(list(cells), np.int64).reshape(-1, 2)
    values = np.array(list(cells.values()), np.float32)
    shape = (len(table), n_items)
    return sparse.csr_matrix((values, (places[:, 0], places[:, 1])), shape=shape)


def _means(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    total = np.maximum(np.asarray(matrix.sum(axis=1)).ravel(), 1)
    return sparse.csr_matrix(sparse.diags_array((1 / total).astype(np.float32)) @ matrix)


def _with(table: TurnTable, person: str, dialogue: str) -> frozenset[str]:
    """Return the conversations that `person` took part in, or `dialogue` where nobody is named."""
    if not person:
        return frozenset((dialogue,))
    pairs = zip(table.dialogue, table.people, strict=True)
    return frozenset(name for name, people in pairs if person in people)


def _groups(table: TurnTable) -> list[Group]:
    """Return, for each recommender, their turns and those of all conversations they were in."""
    mine: dict[str, list[int]] = {}
    for at, (recommender, _) in enumerate(table.people):
        mine.setdefault(recommender or f" {table.dialogue[at]}", []).append(at)
    groups: list[Group] = []
    for predicted in mine.values():
        first = predicted[0]
        out = _with(table, table.people[first][0], table.dialogue[first])
        left_out = [at for at, name in enumerate(table.dialogue) if name in out]
        groups.append(Group(np.array(left_out), np.array(predicted)))
    return groups


def _content(catalog: Catalog, listener: Listener, centred: Matrix, common: int) -> Matrix:
    """Return what kind each item is: text, common facet values and decade, centred."""
    counts = np.asarray(listener.of_items.sum(axis=0)).ravel()
    values = np.asarray(listener.of_items[:, np.flatnonzero(counts >= common)].todense())
    rare = np.log(len(catalog) / np.maximum(values.sum(axis=0), 1)) / np.log(len(catalog))
    values = _unit(values * rare)
    year = catalog.schema.by_role("year")
    decades = np.zeros((len(catalog), 0), np.float32)
    if year is not None:
        known = [item.numbers.get(year.name, np.nan) // 10 for item in catalog.items]
        decades = np.equal.outer(known, np.unique(np.array(known)[np.isfinite(known)]))
    content = np.hstack([centred, 0.7 * values, 0.3 * decades]).astype(np.float32)
    return content - content.mean(axis=0)


def _unit(rows: Matrix) -> Matrix:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), np.float32)
