"""Reads a message of another language as the English words that the rules know.

Owns: `Pivot`: which words are names and stay, which phrases become English, and where each English
word stands in the message. Does not own: the phrases (`lexicon`) or what the English means.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from assistant.understanding.languages.lexicon import Lexicon
from assistant.understanding.languages.matching import Match
from assistant.understanding.languages.names import Name, NameFinder
from assistant.understanding.languages.tokens import HAN, Token, tokenise, unglued
from assistant.understanding.text import BOUNDS, Text, Word, quotations
from assistant.understanding.title_index import TitleIndex
from assistant.understanding.value_index import ValueIndex
from catalog import Catalog

_CUE_TEXT = "like liked love loved loves hate hated seen watched saw rewatch"
_CUES = frozenset(_CUE_TEXT.split())
_LINKED_CUES = frozenset({"to", "of"})
"""Last words of an English phrase that a title follows: "like", "similar to"."""
_STRENGTH = {"": 0, "-": 1, ",": 2, ".": 3}


@dataclass(frozen=True, slots=True)
class _Piece:
    """An English word (empty where a word says nothing in English) and where it comes from."""

    norm: str
    start: int
    end: int
    gap: str
    capital: bool = False
    titled: bool = False
    foreign: bool = False


class Pivot:
    """Reads messages of one language about one catalogue."""

    def __init__(
        self, catalog: Catalog, language: str, titles: TitleIndex, values: ValueIndex
    ) -> None:
        self._language = language
        self._lexicon = Lexicon(language, catalog.schema, values)
        self._table = self._lexicon.table
        self._values = values
        self._names = NameFinder(titles, values, self._lexicon.people)
        self.words = self._table.words
        self.own_words = self._table.own_words
        self.weak = self._lexicon.weak
        self._known = self._table.phrases if language == "zh" else self.words

    def read(self, message: str) -> Text:
        """Return `message` in English words that point to the person's own."""
        reading = _Reading(self._tokens(message), message, self)
        pieces = reading.translate(0, len(reading.tokens))
        words: list[Word] = []
        titled: list[bool] = []
        gap = ""
        for piece in pieces:
            gap = max(gap, piece.gap, key=_STRENGTH.__getitem__)
            if piece.norm:
                words.append(Word(piece.norm, piece.start, piece.end, gap, piece.capital))
                titled.append(piece.titled)
                gap = ""
        quotes = [*_quoted(message, words), *_runs(titled)]
        foreign = (piece.norm for piece in pieces if piece.norm and piece.foreign)
        return Text.translated(message, words, dict.fromkeys(quotes), foreign)

    def _tokens(self, message: str) -> tuple[Token, ...]:
        """Return the words of `message`, those that stand in French without their apostrophe."""
        tokens = tokenise(message, self._language)
        if self._language != "fr":
            return tokens
        return tuple(
            part
            for token in tokens
            for part in unglued(token, lambda form: form in self.words, self._names.heard)
        )

    def names(self, tokens: Sequence[Token], message: str, exact: bool = False) -> list[Name]:
        """Return the names in `tokens`, misspelt ones too or `exact`, and what is in quotes."""
        found = self._names.find(
            tokens, self._language, self._known, lambda at: self._calls(tokens, at), exact
        )
        for begin, end in quotations(message):
            inside = [at for at, token in enumerate(tokens) if begin <= token.start < end]
            if inside and not any(name.start <= inside[0] < name.end for name in found):
                words = tuple(token.norm for token in tokens[inside[0] : inside[-1] + 1])
                if HAN.match(words[0]):
                    words = ("".join(words),)
                found = [name for name in found if not inside[0] <= name.start <= inside[-1]]
                found.append(Name(inside[0], inside[-1] + 1, words, person=False))
        return found

    def _calls(self, tokens: Sequence[Token], at: int) -> bool:
        """Tell whether the phrase that ends before token `at` calls for a title."""
        if not at:
            return False
        # Something stands there, so that no phrase holds which needs the end of a clause.
        before = (*tokens[:at], replace(tokens[at], form="\0", norm="\0", gap=""))
        for begin in range(max(0, at - 5), at):
            match = self._table.best(before, begin, {}, frozenset())
            if match and match.end == at and match.pattern.target:
                *others, last = match.pattern.target
                return last in _CUES or (bool(others) and last in _LINKED_CUES)
        return False

    def match(self, reading: _Reading, at: int, end: int) -> Match | None:
        """Return the phrase from token `at` on that ends at token `end` or before."""
        return self._table.best(reading.tokens[:end], at, reading.people, reading.inside)

    def number(self, tokens: Sequence[Token], at: int) -> tuple[str, int]:
        """Return the number from token `at` on, and its end; see `PatternTable.number`."""
        return self._table.number(tokens, at)

    def compound(self, form: str) -> str:
        """Return the English for a German compound with what items are called: "Horrorfilm"."""
        if self._language != "de":
            return ""
        for noun, english in self._lexicon.nouns:
            first = form.removesuffix(noun)
            if first != form and first:
                pattern = self._table.knows(first) or self._table.knows(first.removesuffix("s"))
                if pattern:
                    return f"{' '.join(pattern.target)} {english}"
        return ""

    def named(self, tokens: Sequence[Token], at: int, match: Match) -> bool:
        """Tell whether a capital letter makes the first word of a phrase a name's.

        "La" in "tenéis La gran familia": no title that is known, but a title.
        """
        alone = match.end == at + 1 and not match.pattern.local
        return alone and self.capital(tokens, at)

    def capital(self, tokens: Sequence[Token], at: int) -> bool:
        """Tell whether a word is written as a name: within a sentence, and no German noun."""
        inside = at > 0 and tokens[at].gap == ""
        return inside and tokens[at].capital and self._language in {"es", "fr"}

    def keeps_capital(self, tokens: Sequence[Token], at: int) -> bool:
        """Tell whether the capital of an unknown word may be a name's.

        Every German noun has one, and every first word of a sentence.
        """
        opens = at == 0 or tokens[at].gap == "."
        if not tokens[at].capital or (self._language != "de" and not opens):
            return tokens[at].capital
        beside = (tokens[other] for other in (at - 1, at + 1) if 0 <= other < len(tokens))
        return any(token.capital and token.form not in self.words for token in beside)


class _Reading:
    """One message on its way."""

    def __init__(self, tokens: Sequence[Token], message: str, pivot: Pivot) -> None:
        self.tokens = tokens
        self._pivot = pivot
        names = pivot.names(tokens, message)
        self._names = {name.start: name for name in names}
        self.people = {name.start: name.end for name in names if name.person}
        self.inside: Set[int] = {at for name in names for at in range(name.start, name.end)}

    def translate(self, start: int, end: int) -> list[_Piece]:
        """Return the English for tokens ``[start, end)``."""
        pieces: list[_Piece] = []
        at = start
        while at < end:
            match = self._pivot.match(self, at, end)
            if match and not self._pivot.named(self.tokens, at, match):
                pieces.extend(self._phrase(match))
                at = match.end
            elif at in self._names:
                pieces.extend(self._name(self._names[at]))
                at = self._names[at].end
            else:
                written, until = self._plain(at, end)
                pieces.extend(written)
                at = until
        return pieces

    def _phrase(self, match: Match) -> Iterator[_Piece]:
        first, last = self.tokens[match.start], self.tokens[match.end - 1]
        gap = first.gap
        numbers = iter(match.numbers)
        if not match.pattern.target:
            yield _Piece("", first.start, last.end, gap)
        for word in match.pattern.target:
            if word in {"*", "@"}:
                inner = self.translate(*(match.star if word == "*" else match.person))
                for place, piece in enumerate(inner):
                    # What leads the message's phrase has given its gap to the English one.
                    given = piece.start == first.start or match.pattern.pauses
                    own = "" if place == 0 and given else piece.gap
                    yield replace(piece, gap=gap or own)
                    gap = ""
            else:
                norm = word.replace("#", next(numbers)) if "#" in word else word
                yield _Piece(norm, first.start, last.end, gap)
            gap = ""

    def _name(self, name: Name) -> Iterator[_Piece]:
        tokens = self.tokens[name.start : name.end]
        han = bool(HAN.match(tokens[0].norm))
        if len(tokens) != len(name.words):
            for place, word in enumerate(name.words):
                gap = tokens[0].gap if place == 0 else ""
                yield _Piece(word, tokens[0].start, tokens[-1].end, gap, True, han)
            return
        for token, word in zip(tokens, name.words, strict=True):
            yield _Piece(word, token.start, token.end, token.gap, token.capital or han,
                         han and not name.person)  # fmt: skip

    def _plain(self, at: int, end: int) -> tuple[list[_Piece], int]:
        """Return words that no phrase knows, and where they end."""
        token = self.tokens[at]
        number, until = self._pivot.number(self.tokens, at)
        if until > at and not self._pivot.capital(self.tokens, at):
            last = self.tokens[until - 1]
            return [_Piece(number, token.start, last.end, token.gap)], until
        compound = self._pivot.compound(token.form)
        if compound:
            pieces = [
                _Piece(word, token.start, token.end, "" if place else token.gap)
                for place, word in enumerate(compound.split())
            ]
            return pieces, at + 1
        until = at + 1
        if HAN.match(token.norm):
            while until < end and self._unknown(until, end):
                until += 1
        norm = "".join(part.norm for part in self.tokens[at:until])
        capital = self._pivot.keeps_capital(self.tokens, at)
        last = self.tokens[until - 1]
        foreign = norm not in BOUNDS.values()
        return [_Piece(norm, token.start, last.end, token.gap, capital, foreign=foreign)], until

    def _unknown(self, at: int, end: int) -> bool:
        token = self.tokens[at]
        plain = bool(HAN.match(token.norm)) and token.gap == "" and at not in self.inside
        return plain and self._pivot.match(self, at, end) is None


def _quoted(message: str, words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    for begin, end in quotations(message):
        inside = [at for at, word in enumerate(words) if begin <= word.start and word.end <= end]
        if inside and inside == list(range(inside[0], inside[-1] + 1)):
            yield inside[0], inside[-1] + 1


def _runs(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    start = None
    for at, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = at
        if not flag and start is not None:
            yield start, at
            start = None
