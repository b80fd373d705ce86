"""Phrases of another language and the English ones that the rules know.

Owns: `Pattern`, `PatternTable` and the form of ``es.toml`` and its kin. Does not own: the words of
a catalogue (its locales do) or reading a message with the table (`pivot`).

A phrase may hold ``#`` (a number), ``@`` (a person's name) and ``*`` (up to eight words between its
parts), which its English may place elsewhere: ``"# 年以后" = "after #"``. A last ``$`` holds it to
the end of a clause, a first ``^`` to the beginning, and ``,`` is where a clause ends within it.
``ich|gar_nicht`` is either, ``<gut>`` any phrase of the file's class ``gut``, and a part that ends
in ``?`` may be left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set

from assistant.understanding.languages.matching import (
    PLACES,
    Choice,
    Line,
    Match,
    Part,
    Pattern,
    match_at,
)
from assistant.understanding.languages.tokens import Token, tokenise


class PatternTable:
    """The phrases of one language; the first one given for a source stays."""

    def __init__(
        self,
        language: str,
        numbers: Mapping[str, int],
        classes: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._language = language
        self._classes = {
            name: tuple(_forms(way, language) for way in ways)
            for name, ways in (classes or {}).items()
        }
        self._numbers = {_forms(word, language): str(value) for word, value in numbers.items()}
        self._longest_number = max(map(len, self._numbers), default=0)
        self._patterns: dict[tuple[tuple[Part, ...], bool, bool], Pattern] = {}
        self._by_first: dict[str, list[tuple[int, Pattern]]] = {}
        self._anchored: list[tuple[int, frozenset[str], Pattern]] = []

    def add(self, phrase: str, english: str, *, local: bool = False) -> None:
        """Add a phrase; one that is known stays as it is."""
        opens, closes = phrase.startswith("^"), phrase.endswith("$")
        parts = phrase.strip("^$ ").split()
        for source in self._sources(parts):
            key = (source, opens, closes)
            if source and key not in self._patterns:
                self._patterns[key] = Pattern(source, tuple(english.split()), opens, closes, local)

    def _sources(self, parts: Sequence[str]) -> Iterator[tuple[Part, ...]]:
        """Yield the sources of a phrase: one for each way in which it may begin."""
        if not parts:
            yield ()
            return
        first, *rest = parts
        choice = self._choice(first)
        later = tuple(part for word in rest for part in self._part(word))
        if choice is None:
            yield (*_forms(first, self._language), *later)
            return
        yield from ((*way, *later) for way in choice.ways)
        if choice.optional:
            yield from self._sources(rest)

    def _part(self, word: str) -> tuple[Part, ...]:
        choice = self._choice(word)
        return _forms(word, self._language) if choice is None else (choice,)

    def _choice(self, word: str) -> Choice | None:
        """Return what "ich|wir", "<gut>" and "schon?" leave open; None for a plain word."""
        optional = word.endswith("?") and len(word) > 1
        named = word.removesuffix("?").split("|")
        if not optional and len(named) == 1 and not named[0].startswith("<"):
            return None
        ways: list[tuple[str, ...]] = []
        for name in named:
            known = self._classes.get(name.strip("<>")) if name.startswith("<") else None
            ways += known or (_forms(name.replace("_", " "), self._language),)
        ways = [way for way in ways if way]
        return Choice(tuple(sorted(dict.fromkeys(ways), key=len, reverse=True)), optional)

    def close(self) -> None:
        """Make the table ready for `best`."""
        by_first: dict[str, list[tuple[int, Pattern]]] = defaultdict(list)
        for pattern in self._patterns.values():
            by_first[str(pattern.source[0])].append((pattern.most, pattern))
        for patterns in by_first.values():
            patterns.sort(key=lambda pattern: -pattern[0])
        starred = by_first.pop("*", [])
        self._anchored = [(most, pattern.anchors, pattern) for most, pattern in starred]
        self._by_first = dict(by_first)

    def knows(self, form: str) -> Pattern | None:
        """Return the pattern of one word that is `form`, if there is one."""
        return self._patterns.get(((form,), False, False))

    @property
    def words(self) -> frozenset[str]:
        """Every word of some phrase."""
        return frozenset({word for way in self._ways() for word in way} | self._counted())

    @property
    def own_words(self) -> frozenset[str]:
        """Words of phrases whose English has other words: "please" is no word of Spanish."""
        lent = {
            word
            for pattern in self._patterns.values()
            for way in _ways(pattern.source)
            for word in set(way) - set(pattern.target)
        }
        return frozenset(lent | self._counted())

    def _counted(self) -> set[str]:
        return {word for words in self._numbers for word in words}

    @property
    def phrases(self) -> frozenset[str]:
        """Every phrase without a place, its words joined."""
        return frozenset("".join(way) for way in self._ways())

    def _ways(self) -> Iterator[tuple[str, ...]]:
        """Yield the runs of words in the phrases, and every way of their choices."""
        for source, _, _ in self._patterns:
            yield from _ways(source)

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
        if at in names:
            firsts.append("@")
        if at not in inside and self.number(tokens, at)[1] > at:
            firsts.append("#")
        line = Line(tokens, names, inside, self.number)
        best: Match | None = None
        widest = 0
        for most, pattern in self._beginning(tokens, at, firsts):
            if best is None or most >= best.weight:
                found = match_at(pattern, line, at)
                # Of two that say as much, the one with less left open.
                if found and (best is None or (found.weight, -most) > (best.weight, -widest)):
                    best, widest = found, most
        return best

    def _beginning(
        self, tokens: Sequence[Token], at: int, firsts: Sequence[str]
    ) -> Iterator[tuple[int, Pattern]]:
        """Yield what may begin at token `at`, with the most that it may weigh."""
        for first in firsts:
            yield from self._by_first.get(first, ())
        if at == 0 or tokens[at].gap in {",", "."}:
            said = {token.form for token in tokens[at + 1 :]}
            for most, anchors, pattern in self._anchored:
                if not anchors or not anchors.isdisjoint(said):
                    yield most, pattern


def _ways(source: Sequence[Part]) -> Iterator[tuple[str, ...]]:
    """Yield the run of plain words in `source`, and every way of its choices."""
    run: list[str] = []
    for part in source:
        if isinstance(part, Choice):
            yield from part.ways
        elif part not in PLACES:
            run.append(part)
    yield tuple(run)


def _forms(phrase: str, language: str) -> tuple[str, ...]:
    words: list[str] = []
    for part in phrase.split():
        if part in PLACES:
            words.append(part)
        else:
            words.extend(token.form for token in tokenise(part, language))
    return tuple(words)
