"""One phrase at one place of a message.

Owns: `Pattern`, `Match` and how the places of a phrase are filled. Does not own: which phrases
there are, or which of two wins (`patterns`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from assistant.understanding.languages.tokens import Token

PLACES = frozenset({"#", "@", "*", ","})
"""What a phrase may hold beside words: a number, a name, words between its parts, a comma."""
_WIDEST = 8
_Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A part of a phrase that may be said in several ways.

    Attributes
    ----------
    ways : tuple of tuple of str
        Forms of each, the longest first.
    optional : bool
        Whether it may be left out.
    """

    ways: tuple[tuple[str, ...], ...]
    optional: bool = False


Part = str | Choice


@dataclass(frozen=True, slots=True)
class Pattern:
    """One phrase.

    Attributes
    ----------
    source : tuple of Part
        Forms of the phrase's words, places, and choices; the first is no choice.
    target : tuple of str
        English normal forms, and places.
    opens, closes : bool
        Whether it holds only where a clause begins, or ends.
    local : bool
        Whether it is a word of the catalogue's locale.
    """

    source: tuple[Part, ...]
    target: tuple[str, ...]
    opens: bool = False
    closes: bool = False
    local: bool = False

    @property
    def most(self) -> int:
        """The most that a match of it may weigh."""
        lengths = (len(part.ways[0]) if isinstance(part, Choice) else 1 for part in self.source)
        return self._weight(sum(lengths))

    @property
    def pauses(self) -> bool:
        """Whether a comma of the phrase itself stands before its ``*``."""
        return any(pair == (",", "*") for pair in pairwise(self.source))

    @property
    def anchors(self) -> frozenset[str]:
        """Words of which one must follow a leading ``*``; empty where none must."""
        if self.source[0] != "*" or len(self.source) == 1:
            return frozenset()
        after = self.source[1]
        if isinstance(after, Choice):
            first = frozenset(way[0] for way in after.ways)
            return frozenset() if after.optional else first
        return frozenset() if after in PLACES else frozenset({after})

    def weigh(self, spans: _Spans) -> int:
        """Return how much a match says; the weightiest pattern at a place wins."""
        return self._weight(
            sum(
                end - start if isinstance(part, Choice) else 1
                for part, (start, end) in zip(self.source, spans, strict=True)
            )
        )

    def _weight(self, words: int) -> int:
        stars = self.source.count("*")
        leads = self.opens and self.source[0] == "*"
        return 2 * (words - stars) - (stars > 0 and not leads) + self.opens + self.closes


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
    weight : int
        How much it says.
    """

    pattern: Pattern
    start: int
    end: int
    numbers: tuple[str, ...]
    star: tuple[int, int]
    person: tuple[int, int]
    weight: int


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
    filled = {
        part: span
        for part, span in zip(pattern.source, spans, strict=True)
        if isinstance(part, str) and part in PLACES
    }
    numbers = tuple(
        line.number(line.tokens, begin)[0]
        for part, (begin, _) in zip(pattern.source, spans, strict=True)
        if part == "#"
    )
    nowhere = (start, start)
    return Match(pattern, start, spans[-1][1], numbers, filled.get("*", nowhere),
                 filled.get("@", nowhere), pattern.weigh(spans))  # fmt: skip


def _spans(pattern: Pattern, line: Line, part: int, at: int, resumes: int = -1) -> _Spans | None:
    """Return the tokens that fill the parts of `pattern` from `part` on, or None.

    `resumes` is the token after a comma of the phrase.
    """
    if part == len(pattern.source):
        return () if not pattern.closes or line.ends_clause(at) else None
    if pattern.source[part] == ",":
        resumes = at
    for end in _ends(pattern, line, part, at, resumes):
        rest = _spans(pattern, line, part + 1, end, resumes)
        if rest is not None:
            return ((at, end), *rest)
    return None


def _ends(pattern: Pattern, line: Line, part: int, at: int, resumes: int) -> Iterator[int]:
    """Yield where one part of `pattern` may end when it starts at token `at`, nearest first."""
    sought = pattern.source[part]
    before = pattern.source[part - 1] if part else "*"
    gap = line.tokens[at].gap if at < len(line.tokens) else "."
    if sought == ",":
        if gap in {",", "."}:
            yield at
        return
    apart = gap == "." or (gap == "," and "*" not in (before, sought))
    if at < len(line.tokens) and (not part or not apart or at == resumes):
        yield from _fillings(sought, line, at, leads=part == 0)
    if isinstance(sought, Choice) and sought.optional:
        yield at


def _fillings(sought: Part, line: Line, at: int, *, leads: bool) -> Iterator[int]:
    """Yield where the words from token `at` on that fill a part may end, nearest first."""
    match sought:
        case "*":
            # What leads a phrase is one clause: "Fargo, Alien habe ich gesehen".
            stops = {".", ","} if leads else {"."}
            for end in range(at + 1, min(at + _WIDEST, len(line.tokens)) + 1):
                # A name is one: "像肖申克的救赎的" is not like "肖申克".
                if not (end in line.inside and end - 1 in line.inside):
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
        case Choice(ways=ways):
            yield from (at + len(way) for way in ways if _said(way, line, at))
        case word:
            if line.tokens[at].form == word and at not in line.inside:
                yield at + 1


def _said(way: tuple[str, ...], line: Line, at: int) -> bool:
    """Tell whether the words of `way` stand together from token `at` on."""
    if line.tokens[at].form != way[0] or at + len(way) > len(line.tokens):
        return False
    return all(
        line.tokens[place].form == form
        and place not in line.inside
        and (place == at or line.tokens[place].gap in {"", "-"})
        for place, form in enumerate(way, at)
    )
