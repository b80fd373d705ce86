"""Moments of recorded conversations at which somebody recommended something.

Owns: `Turn`, what a model hears of it (`Heard`, `Listener`), and `TurnTable`, many turns as columns
that can be kept without their words. Does not own: reading any data set (`evaluation.redial`) or
learning (`ranking.dialogue_model`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog import Catalog
from retrieval.embedder import Embedder

_WORDS = 110
# Unit vectors of 384 dimensions: nearly all values are within 0.32 of 0.
_STEP = 0.0025
_LONGEST_NAME = 4


@dataclass(frozen=True, slots=True)
class Turn:
    """One moment: what was said before it, and what was recommended then.

    Attributes
    ----------
    dialogue : str
        Which conversation it is of.
    people : tuple of (str, str)
        Who recommends and who seeks; empty names where that is not recorded.
    said : tuple of str
        Utterances so far; the seeker's and the recommender's take turns, the seeker's first, maybe
        empty.
    mentioned : tuple of tuple of int
        Catalogue rows named in each utterance, in order.
    answers : tuple of int
        Rows that the recommender then named.
    later : tuple of int
        Rows that either named after that.
    """

    dialogue: str
    people: tuple[str, str]
    said: tuple[str, ...]
    mentioned: tuple[tuple[int, ...], ...]
    answers: tuple[int, ...] = ()
    later: tuple[int, ...] = ()

    @property
    def known(self) -> tuple[int, ...]:
        """All rows mentioned so far, oldest first, with repeats."""
        return tuple(chain.from_iterable(self.mentioned))


@dataclass(frozen=True, slots=True)
class Heard:
    """What a model hears of one turn.

    Attributes
    ----------
    vectors : float32 array, shape (2, dimensions)
        Of what the seeker said without the titles, and of the last two utterances.
    known : tuple of int
        Rows mentioned so far, oldest first.
    named : tuple of int
        Values of facets that the seeker named: positions in `Listener.values`.
    """

    vectors: NDArray[np.float32]
    known: tuple[int, ...]
    named: tuple[int, ...]


class Listener:
    """Turns what was said into numbers.

    Attributes
    ----------
    values : tuple of (str, str)
        Facet and casefolded value of everything that categories and people have in the catalogue.
    of_items : scipy.sparse.csr_matrix, shape (n_items, n_values)
        1 where an item has the value.
    """

    def __init__(self, catalog: Catalog, embedder: Embedder) -> None:
        self._embedder = embedder
        self._titles = tuple(catalog.name(row) for row in range(len(catalog)))
        columns: dict[tuple[str, str], int] = {}
        cells = [
            (row, columns.setdefault((facet, value.casefold()), len(columns)))
            for row, item in enumerate(catalog.items)
            for facet, values in item.labels.items()
            for value in dict.fromkeys(values)
        ]
        self.values = tuple(columns)
        at = np.array(cells, np.int64).reshape(-1, 2)
        ones = np.ones(len(at), np.float32)
        shape = (len(catalog), len(columns))
        self.of_items = sparse.csr_matrix((ones, (at[:, 0], at[:, 1])), shape=shape)
        self._words: dict[str, list[int]] = {}
        for (facet, value), column in columns.items():
            described = catalog.schema.facet(facet)
            for word in (value, *described.synonyms.get(value, ())):
                self._words.setdefault(word.casefold(), []).append(column)

    def hear(self, turns: Sequence[Turn]) -> list[Heard]:
        """Return what is heard of each turn; embeds two texts a turn."""
        wishes = [self._wish(turn) for turn in turns]
        lasts = [" ".join(" ".join(turn.said[-2:]).split()[-_WORDS:]) for turn in turns]
        vectors = self._embed([*wishes, *lasts])
        return [
            Heard(vectors[[at, len(turns) + at]], turn.known, self.named(wish))
            for at, (turn, wish) in enumerate(zip(turns, wishes, strict=True))
        ]

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        distinct = {text: at for at, text in enumerate(dict.fromkeys(texts))}
        vectors = self._embedder.embed(list(distinct))
        return vectors[[distinct[text] for text in texts]]

    def _wish(self, turn: Turn) -> str:
        """Return the seeker's words without titles: the last ones where there are many."""
        words: list[str] = []
        for said, mentioned in zip(turn.said[::2], turn.mentioned[::2], strict=True):
            text = said
            for row in mentioned:
                text = text.replace(self._titles[row], " ")
            words += text.split()
        return " ".join(words[-_WORDS:])

    def named(self, text: str) -> tuple[int, ...]:
        """Return the facet values that `text` names by their value or a synonym of it."""
        words = [word.strip(".,!?;:'\"()").removesuffix("'s") for word in text.casefold().split()]
        found: set[int] = set()
        for length in range(1, _LONGEST_NAME + 1):
            for start in range(len(words) - length + 1):
                found.update(self._words.get(" ".join(words[start : start + length]), ()))
        return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class TurnTable:
    """Turns to learn from, without a word of what was said.

    Attributes
    ----------
    dialogue : tuple of str
        Which conversation each turn is of.
    people : tuple of (str, str)
        Recommender and seeker.
    heard : tuple of Heard
        See there.
    answers, later : tuple of tuple of int
        As in `Turn`.
    """

    dialogue: tuple[str, ...]
    people: tuple[tuple[str, str], ...]
    heard: tuple[Heard, ...]
    answers: tuple[tuple[int, ...], ...]
    later: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, turns: Sequence[Turn], listener: Listener) -> TurnTable:
        """Return the table of `turns`."""
        return cls(
            tuple(turn.dialogue for turn in turns),
            tuple(turn.people for turn in turns),
            tuple(listener.hear(turns)),
            tuple(turn.answers for turn in turns),
            tuple(turn.later for turn in turns),
        )

    def __len__(self) -> int:
        return len(self.dialogue)

    def without(self, dialogues: frozenset[str]) -> TurnTable:
        """Return the table without the turns of `dialogues`."""
        keep = [at for at, dialogue in enumerate(self.dialogue) if dialogue not in dialogues]
        return TurnTable(
            tuple(self.dialogue[at] for at in keep),
            tuple(self.people[at] for at in keep),
            tuple(self.heard[at] for at in keep),
            tuple(self.answers[at] for at in keep),
            tuple(self.later[at] for at in keep),
        )

    def save(self, path: Path, catalog: Catalog, listener: Listener) -> None:
        """Write the table with item ids and values spelled out; vectors in steps of 0.0025."""
        ids = np.array([item.item_id for item in catalog.items])
        values = sorted({v for heard in self.heard for v in heard.named})
        vectors = np.stack([heard.vectors for heard in self.heard])
        arrays = {
            "dialogue": np.array(self.dialogue),
            "people": np.array(self.people),
            "vectors": np.clip(np.rint(vectors / _STEP), -127, 127).astype(np.int8),
            "values": np.array(["\t".join(listener.values[v]) for v in values]),
            "named": _pack([[values.index(v) for v in heard.named] for heard in self.heard]),
        }
        lists = {"known": [h.known for h in self.heard], "answers": self.answers}
        for name, rows in (lists | {"later": self.later}).items():
            arrays[name] = _pack([[int(ids[row]) for row in turn] for turn in rows])
        np.savez_compressed(path, **arrays)  # pyright: ignore[reportArgumentType]

    @classmethod
    def load(cls, path: Path, catalog: Catalog, listener: Listener) -> TurnTable:
        """Return what `save` wrote, for another catalogue; what it lacks is left out."""
        with np.load(path) as file:
            arrays = {name: file[name] for name in file.files}
        columns = {value: at for at, value in enumerate(listener.values)}
        values = [columns.get(tuple(v.split("\t")), -1) for v in arrays["values"]]  # pyright: ignore[reportArgumentType]

        def rows(name: str) -> list[tuple[int, ...]]:
            turns = _unpack(arrays[name])
            return [tuple(r for i in t if (r := catalog.rows.get(str(i), -1)) >= 0) for t in turns]

        named = [tuple(c for v in t if (c := values[v]) >= 0) for t in _unpack(arrays["named"])]
        vectors = arrays["vectors"].astype(np.float32) * np.float32(_STEP)
        heard = map(Heard, vectors, rows("known"), named)
        people = tuple((str(a), str(b)) for a, b in arrays["people"])
        dialogue = tuple(map(str, arrays["dialogue"]))
        return cls(dialogue, people, tuple(heard), tuple(rows("answers")), tuple(rows("later")))


def _pack(lists: Sequence[Sequence[int]]) -> NDArray[np.int32]:
    """Return lists of whole numbers as one: how many, then the numbers, list after list."""
    return np.array([n for numbers in lists for n in (len(numbers), *numbers)], np.int32)


def _unpack(packed: NDArray[np.int32]) -> list[list[int]]:
    lists: list[list[int]] = []
    at, numbers = 0, packed.tolist()
    while at < len(numbers):
        lists.append(numbers[at + 1 : at + 1 + numbers[at]])
        at += 1 + numbers[at]
    return lists
