"""The rule that makes a simulation worth anything: nobody says what they are to be shown.

Owns: `LeakAudit` and `Titles`. Does not own: the wording that it checks, by rule or by a model.

A message leaks when it holds a title, another title or the telling part of a title of a target that
Vouch has not named yet, or when all that it says together fits too few items of the catalogue.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence

from rapidfuzz import fuzz

from assistant.state import Turn
from catalog import Catalog, Constraint, Item
from catalog.errors import VouchError
from evaluation.simulation.facts import FEWEST

_PARTS = re.compile(r"\s*[:(/]\s*|\s+[-\u2013]\s+")
_ARTICLE = re.compile(r"^(the|a|an) (?=\S)")
# A mistyped title of so many letters still names its item; shorter ones are like too many words.
_LONG, _ALIKE = 8, 90.0


class LeakError(VouchError):
    """A simulated person said what they were to be shown."""


class Titles:
    """What each item of a catalogue may be called, in plain words."""

    def __init__(self, catalog: Catalog) -> None:
        self._whole = [_whole(item) for item in catalog.items]
        self._parts = [_parts(item) for item in catalog.items]
        self._items_with = Counter(part for parts in self._parts for part in parts)

    def of(self, row: int) -> frozenset[str]:
        """Return the title, the aliases, and the longer parts of them that no other item has."""
        own = (part for part in self._parts[row] if self._items_with[part] == 1 and " " in part)
        return self._whole[row].union(own)

    def sayable(self, row: int, everyday: Collection[str]) -> bool:
        """Tell whether an item can be kept secret: no name of it is made of everyday words."""
        return all(
            any(word not in everyday and not word.isdecimal() for word in name.split())
            for name in self.of(row)
        )


class LeakAudit:
    """Checks the messages of one simulated person.

    Parameters
    ----------
    catalog : Catalog
        What is recommended.
    titles : Titles
        Of `catalog`.
    targets : collection of int
        Rows that must not be named.
    fewest : int
        Items that all that a message says must leave.
    """

    def __init__(
        self, catalog: Catalog, titles: Titles, targets: Collection[int], fewest: int = FEWEST
    ) -> None:
        self._catalog = catalog
        self._fewest = fewest
        self._secret = {name: row for row in sorted(targets) for name in sorted(titles.of(row))}

    def hear(self, turn: Turn) -> None:
        """Note what Vouch named: it is no secret any more."""
        answer = turn.answer.text if turn.answer else ""
        heard = [plain(text) for text in (turn.reply, answer, *(c.title for c in turn.cards))]
        named = {row for name, row in self._secret.items() if any(_holds(h, name) for h in heard)}
        self._secret = {name: row for name, row in self._secret.items() if row not in named}

    def leak(self, message: str, constraints: Sequence[Constraint] = ()) -> str:
        """Return what `message`, which means `constraints`, gives away; empty for nothing."""
        said = plain(message)
        for name, row in self._secret.items():
            if _holds(said, name) or _resembles(said, name):
                return f"{message!r} names {self._catalog.items[row].title!r}"
        fitting = int(self._catalog.facets.mask(constraints).sum())
        if constraints and fitting < self._fewest:
            return f"{message!r} fits {fitting} items only"
        return ""

    def check(self, message: str, constraints: Sequence[Constraint] = ()) -> None:
        """Raise `LeakError` when `message` gives anything away."""
        if leak := self.leak(message, constraints):
            raise LeakError(leak)


def plain(text: str) -> str:
    """Return `text` as words in lower case without accents, joined by single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", kept))


def _bare(title: str) -> str:
    words = plain(title)
    return _ARTICLE.sub("", words) or words


def _whole(item: Item) -> frozenset[str]:
    return frozenset(_bare(title) for title in (item.title, *item.aliases)) - {""}


def _parts(item: Item) -> frozenset[str]:
    titles = (item.title, *item.aliases)
    return frozenset(_bare(part) for title in titles for part in _PARTS.split(title)) - {""}


def _holds(text: str, name: str) -> bool:
    return f" {name} " in f" {text} "


def _resembles(text: str, name: str) -> bool:
    long = _LONG <= len(name) <= len(text)
    return long and fuzz.partial_ratio(name, text, score_cutoff=_ALIKE) > 0
