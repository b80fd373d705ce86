"""The one entrance to messages of any language.

Owns: `Languages`: detecting the language and reading the message in it. Does not own: what the
message means.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.understanding.languages.detect import Words, detect
from assistant.understanding.languages.pivot import Pivot
from assistant.understanding.languages.tokens import HAN, tokenise
from assistant.understanding.spelling import Spelling
from assistant.understanding.text import Text
from assistant.understanding.title_index import TitleIndex
from assistant.understanding.value_index import ValueIndex
from assistant.understanding.vocabulary import Vocabulary, english
from catalog import Catalog

CODES = ("es", "de", "fr", "zh")
"""The languages that are understood beside English."""

# As long as the label of a button.
_LABEL = 40
_PLAINLY = 8
"""English words more than others from which on a message is English: of 1,170 messages in the other
languages (known ones, M1 and M2) none has more than four."""
_ASCII = re.compile(r"[a-z0-9]+")
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)'", re.IGNORECASE)


def _units(catalog: Catalog) -> frozenset[str]:
    """Return the units of the catalogue's amounts, which are mistyped like everyday words."""
    return frozenset(unit.casefold() for f in catalog.schema.facets for unit in f.units)


class Languages:
    """Reads messages in English, Spanish, German, French and Chinese."""

    def __init__(
        self, catalog: Catalog, titles: TitleIndex, values: ValueIndex, vocabulary: Vocabulary
    ) -> None:
        self._pivots = {code: Pivot(catalog, code, titles, values) for code in CODES}
        self._words = {
            code: Words(pivot.words, pivot.own_words, pivot.weak)
            for code, pivot in self._pivots.items()
            if code != "zh"
        }
        shown = frozenset().union(*(words.own - words.weak for words in self._words.values()))
        self._telling = frozenset(word for word in shown if not word.isdigit())
        self._vocabulary = vocabulary
        self._spelling = Spelling(
            titles.words | values.words, _units(catalog), vocabulary.words | english()
        )
        # Buttons say the same few things again and again, and each is read before it is offered.
        self._labels = lru_cache(maxsize=512)(self._read)

    @classmethod
    def of(cls, catalog: Catalog) -> Languages:
        """Return what reads messages about `catalog`."""
        titles = TitleIndex(catalog)
        vocabulary = Vocabulary.build(catalog, titles.forms)
        return cls(catalog, titles, ValueIndex(catalog), vocabulary)

    def read(self, message: str, before: str = "en") -> tuple[str, Text]:
        """Return the language of `message` and its English words; `before` is the last one's."""
        short = len(message) <= _LABEL
        return self._labels(message, before) if short else self._read(message, before)

    def _read(self, message: str, before: str) -> tuple[str, Text]:
        language = "en"
        if before != "en" or self._may_be_foreign(message):
            language = detect(
                self._without_names(message), before, self._words, self._vocabulary.ordinary
            )
        if language not in self._pivots:
            return "en", self._spelling.mended(Text(message))
        return language, self._pivots[language].read(message)

    def _may_be_foreign(self, message: str) -> bool:
        """Tell whether anything in `message` could show another language than English."""
        words = _ASCII.findall(message.lower().replace("'", ""))
        other = [word for word in words if not self._vocabulary.ordinary(word)]
        if len(words) - 2 * len(other) >= _PLAINLY and not HAN.search(message):
            return False
        if not message.isascii() or _ELIDED.search(message):
            return True
        return any(word in self._telling for word in other)

    def _without_names(self, message: str) -> str:
        """Return `message` with spaces for titles and people, which are of any language."""
        tokens = tokenise(message, "es")
        rest = list(message)
        for name in self._pivots["es"].names(tokens, message, exact=True):
            start, end = tokens[name.start].start, tokens[name.end - 1].end
            rest[start:end] = " " * (end - start)
        return "".join(rest)
