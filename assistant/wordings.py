"""The sentences of each language as files.

Owns: `Wording`, `load_wordings`, which languages there are. Does not own: the sentences
(``phrases/<language>.toml``) or filling them (`assistant.phrasebook`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("en", "zh", "es", "de", "fr")
"""ISO 639-1 codes of the languages that Vouch answers in; the first one is the fallback."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One sentence: equal wordings of it for a count of one, and for any other count."""

    one: tuple[str, ...]
    many: tuple[str, ...]


@cache
def load_wordings(language: str) -> Mapping[str, Wording]:
    """Return the sentences in ``phrases/<language>.toml`` by key.

    A string is a sentence, a list its equal wordings, a table of ``one`` and ``many`` a sentence
    that depends on a count; other tables group keys.
    """
    file = resources.files("assistant") / "phrases" / f"{language}.toml"
    return dict(_wordings("", tomllib.loads(file.read_text(encoding="utf-8"))))


def _wordings(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Wording]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, str):
            yield key, Wording((value,), (value,))
        elif isinstance(value, list):
            yield key, Wording(tuple(value), tuple(value))
        elif value.keys() == {"one", "many"}:
            yield key, Wording((value["one"],), (value["many"],))
        else:
            yield from _wordings(f"{key}.", value)
