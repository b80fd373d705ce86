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

from assistant.understanding.languages.matching import PLACES, Line, Match, Pattern, match_at
from assistant.understanding.languages.tokens import Token, tokenise


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
            self._patterns[key] = Pattern(source, tuple(english.split()), opens, closes, local)

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
        line = Line(tokens, names, inside, self.number)
        best: Match | None = None
        for pattern in (pattern for first in firsts for pattern in self._by_first.get(first, ())):
            if best is None or pattern.weight > best.pattern.weight:
                best = match_at(pattern, line, at) or best
        return best


def _forms(phrase: str, language: str) -> tuple[str, ...]:
    words: list[str] = []
    for part in phrase.split():
        if part in PLACES:
            words.append(part)
        else:
            words.extend(token.form for token in tokenise(part, language))
    return tuple(words)
