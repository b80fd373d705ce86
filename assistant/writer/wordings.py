"""The clauses in which a line of a brief can be told.

Owns: `clauses`, `is_plain`, `may_join`. Does not own: the wordings themselves (``frames.toml``), or
what is made of clauses (`assistant.writer.compose`, `assistant.writer.grammar`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from itertools import product
from typing import Literal

from assistant.vocabulary import FUNCTION
from assistant.wording import capitalised
from assistant.writer.brief import Line

Place = Literal["first", "then"]
Frames = Mapping[str, Mapping[str, Mapping[Place, list[str]]]]
_OPTIONS = re.compile(r"\(([^()]*\|[^()]*)\)")
# "tense in mood": an adjective, and what it is a matter of.
_MATTER = re.compile(r" in ([a-z]+)$")
_PEOPLE = re.compile(r"(?:\w+ed|taught) by |by ")
_NAME = re.compile(r"[^\W\d_a-z]\S*(?: \S+)+")
_ADJECTIVE = re.compile(r"[a-z-]+(?:able|ible|free|less|proof|safe)")
# Words that may open a description in lower case: function words, unless they are names too.
_OPENERS = FUNCTION - {"may", "will"}
_VOWEL = re.compile(r"[aeiou]", re.IGNORECASE)


def clauses(line: Line, place: Place) -> tuple[tuple[str, ...], ...]:
    """Return every way of telling `line`, each in its variants, in the file's order.

    A clause opens in lower case, unless with a name, and has no full stop at its end.
    """
    shape = shape_of(line)
    frames = _frames()[line.kind][shape][place]
    filled = _filled(line, shape)
    return tuple(tuple(one.format(**filled) for one in _variants(frame)) for frame in frames)


def shape_of(line: Line) -> str:
    """Return which table of ``frames.toml`` tells a line of its kind."""
    text, words = line.text, line.words
    match line.kind:
        case "about":
            plain = text.split(" ", 1)[0].lower() in _OPENERS and ":" not in text
            return "plain" if plain else "own"
        case "meets":
            return "number" if text else "no" if words.startswith("no ") else "words"
        case "crowd" | "popular" | "words":
            return "plain"
        case _:
            return _phrased(line)


def _phrased(line: Line) -> str:
    """Return the shape of the schema's phrase about `line`'s values."""
    text, listed = line.text, _listed(line.values)
    if text == listed:
        return "is" if all(map(_ADJECTIVE.fullmatch, line.values)) else "bare"
    if text.startswith(f"{listed} in ") and _MATTER.search(text):
        return "adjective"
    if _PEOPLE.match(text):
        return "people"
    if text.startswith("with "):
        return "cast" if all(map(_NAME.fullmatch, line.values)) else "bare"
    return "is"


def _filled(line: Line, shape: str) -> dict[str, str]:
    x, v = line.text, _listed(line.values)
    if re.fullmatch(r"in the .* genre", x) and not v.isupper():
        x = x.lower()
    matter = _MATTER.search(x)
    return {
        "x": x,
        "v": v,
        "a": "an" if _VOWEL.match(v) else "a",
        "m": matter[1] if matter else "",
        "likes": line.likes,
        "words": line.words,
        "h": capitalised(x) if shape == "own" else x[:1].lower() + x[1:],
    }


def is_plain(clause: str) -> bool:
    """Tell whether another clause may follow `clause` within one sentence."""
    return not re.search(r"[:.] |, and |^(?:if|many|since) ", clause)


def may_join(line: Line, other: Line) -> bool:
    """Tell whether one sentence may tell both, in their order.

    Beside who liked the liked items, what the pick is like would read as if they were like it; and
    after a description "it" is not the pick.
    """
    kinds = {line.kind, other.kind}
    if line.kind == "about" or ("crowd" in kinds and kinds & {"about", "like"}):
        return False
    return other.kind != "about" or shape_of(other) == "plain"


def _variants(frame: str) -> list[str]:
    """Return `frame` with every choice among its options, the first options first."""
    parts = _OPTIONS.split(frame)
    chosen = product(*(part.split("|") if at % 2 else [part] for at, part in enumerate(parts)))
    return ["".join(choice) for choice in chosen]


def _listed(values: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(values[:-1]), *values[-1:])))


@cache
def _frames() -> Frames:
    text = (resources.files("assistant.writer") / "frames.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
