"""What people call the matters of help pages, in five languages.

Owns: `Glossary`, `read_glossary`: a message as plain English words, and how many of them speak of
orders, parcels, money and their kin. Does not own: the words themselves (``glossary.toml``).

The default embedding model knows English alone, so other languages are told to it word by word;
English gets the words that help pages are likely to use for what was said.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

_APOSTROPHES = str.maketrans("", "", "'’`´")  # noqa: RUF001
_WORDS = re.compile(r"[^\W_]+")
_ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class _Table:
    """The entries of one language: a group of `pattern` each, longer ones first."""

    pattern: re.Pattern[str]
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Glossary:
    """Words of help pages by language, an ISO 639-1 code."""

    tables: Mapping[str, _Table]

    def english(self, message: str, language: str) -> str:
        """Return `message` in English words; what is not listed stays as it is."""
        table = self.tables.get(language)
        plain = folded(message)
        if language == _ENGLISH or table is None:
            return plain
        return " ".join(table.pattern.sub(lambda found: f" {_told(table, found)} ", plain).split())

    def added(self, english: str) -> str:
        """Return what help pages may call the matters that `english` names, as words."""
        table = self.tables[_ENGLISH]
        told = (_told(table, found) for found in table.pattern.finditer(english))
        return " ".join(dict.fromkeys(told))

    def unlisted(self, english: str) -> str:
        """Return `english` without what `added` knows other words for."""
        return self.tables[_ENGLISH].pattern.sub(" ", english)

    def matters(self, english: str) -> int:
        """Return how many different matters of help pages `english` names."""
        table = self.tables[_ENGLISH]
        return len({_told(table, found) for found in table.pattern.finditer(english)})


def folded(text: str) -> str:
    """Return the words of `text` in lower case, without accents or apostrophes, spaces between."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_APOSTROPHES))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(_WORDS.findall(plain))


@cache
def read_glossary() -> Glossary:
    """Return the glossary in ``glossary.toml``."""
    file = resources.files("assistant.help_desk") / "glossary.toml"
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return Glossary({language: _table(language, words) for language, words in tables.items()})


def _table(language: str, entries: Mapping[str, str]) -> _Table:
    ordered = sorted(entries, key=len, reverse=True)
    shapes = "|".join(f"({_shape(entry, language)})" for entry in ordered)
    begins = "" if language == "zh" else r"\b"  # no blanks between words
    return _Table(re.compile(f"{begins}(?:{shapes})"), tuple(entries[entry] for entry in ordered))


def _shape(entry: str, language: str) -> str:
    stem = re.escape(entry.removesuffix("*"))
    ends = r"\w*" if entry.endswith("*") else r"\b"
    return stem if language == "zh" else stem + ends


def _told(table: _Table, found: re.Match[str]) -> str:
    return table.told[(found.lastindex or 1) - 1]
