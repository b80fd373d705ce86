"""Typing mistakes in the words that rules are made of: "lvoe", "arund", "hatd".

Owns: `Spelling`. Does not own: titles and values, which are mistyped too (`guesses`, `values`), or
the spellings of chat (`text`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import replace
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.understanding.english import CALENDAR, FILLER, FUNCTION, UNITS
from assistant.understanding.english_words import EVERYDAY
from assistant.understanding.text import Text, Word

_SHORTEST, _LONG = 4, 8
"""Letters from which on a word is mended, and from which on by two letters."""
_EVERYDAY = FUNCTION | FILLER | EVERYDAY | CALENDAR | frozenset(UNITS)
_ADDED = 3
"""Rank of a letter too many among the mistakes."""
_DOUBLED = re.compile(r"(.)\1")
_CONTRACTED = re.compile(
    r"(?:it|they|you|we|he|she|who|that|there|what|where|why|how)(?:ll|d|re|ve)"
)


class Spelling:
    """Mends everyday words that nobody knows as they are written.

    Only what is neither English nor in the catalogue is mended, and only into one of 2,000 everyday
    words that begins alike: one letter swapped with the next, left out, added or mistaken, two in
    long words. Where a word of the catalogue is as near, who links titles and values decides.

    Parameters
    ----------
    own : set of str
        Words of the catalogue's titles and values.
    more : set of str
        What a word may be mended into beside everyday words.
    known : set of str
        Other words that are right as they stand.
    """

    def __init__(self, own: Set[str], more: Set[str], known: Set[str]) -> None:
        self._targets = _EVERYDAY | more
        self._right = (own, known, self._targets)
        self._alike: dict[str, list[str]] = defaultdict(list)
        for word in sorted(own | self._targets):
            if len(word) >= _SHORTEST - 1:
                self._alike[word[0]].append(word)
        self._mend = lru_cache(maxsize=4096)(self._closest)

    def mended(self, text: Text) -> Text:
        """Return `text` with the normal forms of mistyped words set right."""
        quoted = {at for start, end in text.quotes for at in range(start, end)}
        words = [
            word if at in quoted or text.named(at) else self._word(word, text)
            for at, word in enumerate(text.words)
        ]
        return text if tuple(words) == text.words else text.respelt(words)

    def _word(self, word: Word, text: Text) -> Word:
        plain = text.message[word.start : word.end].isalpha() and len(word.norm) >= _SHORTEST - 1
        return replace(word, norm=self._mend(word.norm)) if plain else word

    def _closest(self, norm: str) -> str:
        if any(norm in words for words in self._right) or _CONTRACTED.fullmatch(norm):
            return norm
        best = min(self._slips(norm), default=None)
        return best[-1] if best and best[-1] in self._targets else norm

    def _slips(self, norm: str) -> Iterator[tuple[int, int, bool, str]]:
        """Yield the words that `norm` may be meant as, the likeliest sorting first."""
        swapped = [word for word in self._alike.get(norm[1], ()) if word[1] == norm[0]]
        for word, distance, _ in process.extract(
            norm,
            [*self._alike.get(norm[0], ()), *swapped],
            scorer=OSA.distance,
            score_cutoff=1 if len(norm) < _LONG else 2,
            limit=None,
        ):
            slip = _slip(norm, word)
            doubled = _DOUBLED.sub(r"\1", norm) == _DOUBLED.sub(r"\1", word)
            named = slip == _ADDED and not doubled  # the "foodi" of a brand is no food
            if slip == 0 or (len(norm) >= _SHORTEST and not named):
                yield int(distance), slip, word in self._targets, word


def _slip(norm: str, word: str) -> int:
    """Return how unlikely the mistake is: swapped, once for twice, left out, added, mistaken."""
    if sorted(norm) == sorted(word):
        return 0
    if len(norm) < len(word):
        return 1 if _DOUBLED.sub(r"\1", word) == norm else 2
    return _ADDED if len(norm) > len(word) else _ADDED + 1
