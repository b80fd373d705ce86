"""Which words and phrases are ordinary in a catalogue, and so are no evidence of a name.

Owns: `Vocabulary`. Does not own: titles or values. An ordinary word is an everyday English one, or
one that the items' own texts use in lower case; so "heat" is ordinary and "casablanca" is not.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from assistant.understanding.english import CALENDAR, FILLER, FUNCTION, UNITS
from assistant.understanding.english_words import EVERYDAY
from catalog import Catalog, Item

_LOWER = re.compile(r"(?<![\w'’-])[a-z]+(?:'[a-z]+)?(?![\w])")  # noqa: RUF001
_MIN_TEXTS = 2
_LONGEST = 5

_STATIC = FUNCTION | FILLER | EVERYDAY | CALENDAR | frozenset(UNITS)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The ordinary words of a catalogue and of everyday English.

    Attributes
    ----------
    words : frozenset of str
        Ordinary words.
    phrases : frozenset of str
        Titles of several words that the catalogue's texts also use as ordinary phrases.
    """

    words: frozenset[str]
    phrases: frozenset[str]

    @classmethod
    def build(cls, catalog: Catalog, titles: Iterable[str]) -> Vocabulary:
        """Return the vocabulary of `catalog`; linear in the length of its texts."""
        counts: Counter[str] = Counter()
        wanted = {title for title in titles if 1 < len(title.split()) <= _LONGEST}
        lengths: dict[str, set[int]] = defaultdict(set)
        for title in wanted:
            words = title.split()
            lengths[words[0]].add(len(words))
        phrases: set[str] = set()
        for item in catalog.items:
            for text in _texts(catalog, item):
                words = _LOWER.findall(text)
                counts.update(set(words))
                for start, word in enumerate(words):
                    for length in lengths.get(word, ()):
                        phrases.add(" ".join(words[start : start + length]))
        compared = {
            word
            for facet in catalog.schema.facets
            for phrase in (*facet.higher, *facet.lower, *facet.high, *facet.low)
            for word in phrase.split()
        }
        ordinary = compared | {
            word.replace("'", "") for word, n in counts.items() if n >= _MIN_TEXTS
        }
        return cls(_STATIC | ordinary, frozenset(phrases & wanted))

    def ordinary(self, word: str) -> bool:
        """Tell whether `word` (normal form) says nothing about being a name."""
        return word in self.words or (word.endswith("s") and word[:-1] in self.words)


@cache
def english() -> frozenset[str]:
    """Return 65,000 English words, in lower case (SCOWL; see words/README.md)."""
    file = resources.files("assistant.understanding") / "words" / "english.txt"
    return frozenset(file.read_text(encoding="ascii").split())


def _texts(catalog: Catalog, item: Item) -> Iterable[str]:
    yield from item.texts.values()
    for facet in catalog.schema.facets:
        if facet.kind == "category":
            yield from item.labels.get(facet.name, ())
