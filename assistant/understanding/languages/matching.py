"""One phrase at one place of a message.

Owns: `Pattern`, `Match` and how the places of a phrase are filled. Does not own: which phrases
there are, or which of two wins (`patterns`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from assistant.understanding.languages.tokens import Token

PLACES = frozenset({"#", "@", "*"})
"""What a phrase may hold beside words: a number, a person's name, words between its parts."""
_WIDEST = 8
_Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One phrase.

    Attributes
    ----------
    source : tuple of str
        Forms of the phrase's words, and places.
    target : tuple of str
        English normal forms, and places.
    opens, closes : bool
        Whether it holds only where a clause begins, or ends.
    local : bool
        Whether it is a word of the catalogue's locale.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    opens: bool = False
    closes: bool = False
    local: bool = False

    @property
    def weight(self) -> int:
        """How much it says; the weightiest pattern at a place wins."""
        stars = self.source.count("*")
        return 2 * (len(self.source) - stars) - bool(stars) + self.opens + self.closes


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern in a message.

    Attributes
    ----------
    pattern : Pattern
        What was found.
    start, end : int
        Half-open range of tokens.
    numbers : tuple of str
        The numbers in it, in order.
    star, person : (int, int)
        Tokens that fill ``*`` and ``@``; empty where it has none.
    """

    pattern: Pattern
    start: int
    end: int
    numbers: tuple[str, ...]
    star: tuple[int, int]
    person: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A message to find phrases in.

    Attributes
    ----------
    tokens : sequence of Token
        Its words.
    names : mapping of int to int
        People's names: first token to the one after the last.
    inside : set of int
        Tokens of names, which no phrase may take.
    number : callable
        Reads the number from a token on: its digits, and its end.
    """

    tokens: Sequence[Token]
    names: Mapping[int, int]
    inside: Set[int]
    number: Callable[[Sequence[Token], int], tuple[str, int]]

    def ends_clause(self, at: int) -> bool:
        """Tell whether a clause ends before token `at`."""
        return at == len(self.tokens) or self.tokens[at].gap in {",", "."}


def match_at(pattern: Pattern, line: Line, start: int) -> Match | None:
    """Return `pattern` from token `start` on, its ``*`` as narrow as can be, or None."""
    if pattern.opens and start and not line.ends_clause(start):
        return None
    spans = _spans(pattern, line, 0, start)
    if spans is None:
        return None
    filled = dict(zip(pattern.source, spans, strict=True))
    numbers = tuple(
        line.number(line.tokens, begin)[0]
        for part, (begin, _) in zip(pattern.source, spans, strict=True)
        if part == "#"
    )
    nowhere = (start, start)
    return Match(pattern, start, spans[-1][1], numbers, filled.get("*", nowhere),
                 filled.get("@", nowhere))  # fmt: skip


def _spans(pattern: Pattern, line: Line, part: int, at: int) -> _Spans | None:
    """Return the tokens that fill the parts of `pattern` from `part` on, or None."""
    if part == len(pattern.source):
        return () if not pattern.closes or line.ends_clause(at) else None
    for end in _ends(pattern, line, part, at):
        rest = _spans(pattern, line, part + 1, end)
        if rest is not None:
            return ((at, end), *rest)
    return None


def _ends(pattern: Pattern, line: Line, part: int, at: int) -> Iterator[int]:
    """Yield where one part of `pattern` may end when it starts at token `at`, nearest first."""
    source = pattern.source
    if at >= len(line.tokens):
        return
    if part and (line.tokens[at].gap == "." or (line.tokens[at].gap == "," and "*" not in (
            source[part - 1], source[part]))):  # fmt: skip
        return
    match source[part]:
        case "*":
            # What leads a phrase is one clause: "Fargo, Alien habe ich gesehen".
            stops = {".", ","} if part == 0 else {"."}
            for end in range(at + 1, min(at + _WIDEST, len(line.tokens)) + 1):
                yield end
                if end < len(line.tokens) and line.tokens[end].gap in stops:
                    return
        case "@":
            if at in line.names:
                yield line.names[at]
        case "#":
            end = line.number(line.tokens, at)[1]
            if end > at and at not in line.inside:
                yield end
        case word:
            if line.tokens[at].form == word and at not in line.inside:
                yield at + 1
