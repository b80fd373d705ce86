"""Phrases of another language and the English ones that the rules know.

Owns: `Pattern`, `PatternTable` and the form of ``es.toml`` and its kin. Does not own: the words of
a catalogue (its locales do) or reading a message with the table (`pivot`).

A phrase may hold ``#`` (a number), ``@`` (a person's name) and ``*`` (up to eight words between its
parts), which its English may place elsewhere: ``"# 年以后" = "after #"``. A last ``$`` holds it to
the end of a clause, a first ``^`` to the beginning.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from assistant.understanding.languages.tokens import Token, tokenise

PLACES = frozenset({"#", "@", "*"})
_WIDEST = 8


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
    """A pattern at a place of a message: tokens ``[start, end)`` and what fills its places."""

    pattern: Pattern
    start: int
    end: int
    numbers: tuple[str, ...] = ()
    star: tuple[int, int] = (0, 0)
    person: tuple[int, int] = (0, 0)


class PatternTable:
    """The phrases of one language; the first one given for a source stays."""

    def __init__(self, language: str, numbers: Mapping[str, int]) -> None:
        self._language = language
        self._numbers = {_forms(word, language): str(value) for word, value in numbers.items()}
        self._longest_number = max(map(len, self._numbers), default=0)
        self._patterns: dict[tuple[tuple[str, ...], bool, bool], Pattern] = {}
        self._by_first: dict[str, list[Pattern]] = {}

    def add(self, phrase: str, english: str, *, local: bool = False) -> None:
        """Add a phrase; one that is known stays as it is."""
        opens, closes = phrase.startswith("^"), phrase.endswith("$")
        source = _forms(phrase.strip("^$ "), self._language)
        key = (source, opens, closes)
        if source and key not in self._patterns:
            self._patterns[key] = Pattern(
                source, tuple(english.split()), opens, closes, local
            )

    def close(self) -> None:
        """Make the table ready for `best`."""
        by_first: dict[str, list[Pattern]] = defaultdict(list)
        for pattern in self._patterns.values():
            by_first[pattern.source[0]].append(pattern)
        for patterns in by_first.values():
            patterns.sort(key=lambda pattern: -pattern.weight)
        self._by_first = dict(by_first)

    def knows(self, form: str) -> Pattern | None:
        """Return the pattern of one word that is `form`, if there is one."""
        return self._patterns.get(((form,), False, False))

    @property
    def words(self) -> frozenset[str]:
        """Every word of some phrase."""
        counted = {word for words in self._numbers for word in words}
        spelt = {word for source, _, _ in self._patterns for word in source if word not in PLACES}
        return frozenset(spelt | counted)

    @property
    def phrases(self) -> frozenset[str]:
        """Every phrase, its words joined."""
        return frozenset("".join(source) for source, _, _ in self._patterns)

    def number(self, tokens: Sequence[Token], at: int) -> tuple[str, int]:
        """Return the number that is written from token `at` on and its end; `at` for none."""
        if tokens[at].norm.replace(".", "", 1).isdecimal():
            return tokens[at].norm, at + 1
        for end in range(min(at + self._longest_number, len(tokens)), at, -1):
            value = self._numbers.get(tuple(token.form for token in tokens[at:end]))
            if value is not None:
                return value, end
        return "", at

    def best(
        self, tokens: Sequence[Token], at: int, names: Mapping[int, int], inside: Set[int]
    ) -> Match | None:
        """Return the weightiest phrase from token `at` on.

        Parameters
        ----------
        tokens : sequence of Token
            The message.
        at : int
            Where to look.
        names : mapping of int to int
            People's names: first token to the one after the last.
        inside : set of int
            Tokens of names, which no phrase may take.
        """
        firsts = [] if at in inside else [tokens[at].form]
        if at == 0 or tokens[at].gap in {",", "."}:
            firsts.append("*")
        if at in names:
            firsts.append("@")
        if at not in inside and self.number(tokens, at)[1] > at:
            firsts.append("#")
        best: Match | None = None
        for pattern in (pattern for first in firsts for pattern in self._by_first.get(first, ())):
            if best and pattern.weight <= best.pattern.weight:
                continue
            match = self._match(pattern, tokens, at, names, inside)
            best = match or best
        return best

    def _match(
        self,
        pattern: Pattern,
        tokens: Sequence[Token],
        start: int,
        names: Mapping[int, int],
        inside: Set[int],
    ) -> Match | None:
        if pattern.opens and start and tokens[start].gap not in {",", "."}:
            return None
        # What leads a phrase is one clause: "Fargo, Alien habe ich gesehen".
        stops = {".", ","} if pattern.source[0] == "*" else {"."}
        star, person = (0, 0), (0, 0)
        numbers: dict[int, str] = {}

        def fits(place: int, at: int) -> int | None:
            nonlocal star, person
            if place == len(pattern.source):
                ends = at == len(tokens) or tokens[at].gap in {",", "."}
                return at if ends or not pattern.closes else None
            if at >= len(tokens) or (place and tokens[at].gap == "."):
                return None
            word = pattern.source[place]
            if word == "*":
                for until in range(at + 1, min(at + _WIDEST, len(tokens)) + 1):
                    end = fits(place + 1, until)
                    if end is not None:
                        star = at, until
                        return end
                    if until < len(tokens) and tokens[until].gap in stops:
                        return None
                return None
            if place and tokens[at].gap == "," and pattern.source[place - 1] != "*":
                return None
            if word == "@":
                person = (at, names[at]) if at in names else (0, 0)
                return fits(place + 1, names[at]) if at in names else None
            if at in inside:
                return None
            if word == "#":
                numbers[place], end = self.number(tokens, at)
                return fits(place + 1, end) if end > at else None
            return fits(place + 1, at + 1) if tokens[at].form == word else None

        end = fits(0, start)
        written = tuple(numbers[place] for place in sorted(numbers))
        return None if end is None else Match(pattern, start, end, written, star, person)


def _forms(phrase: str, language: str) -> tuple[str, ...]:
    words: list[str] = []
    for part in phrase.split():
        if part in PLACES:
            words.append(part)
        else:
            words.extend(token.form for token in tokenise(part, language))
    return tuple(words)

