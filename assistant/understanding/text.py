"""A message as words: normalised for matching, with the way back to the original characters.

Owns: `Word`, `Text`, `normalise`. Does not own: what any word means. Normal form is casefolded,
without accents and apostrophes ("Amélie" is ``amelie``, "Ocean's" is ``oceans``); hyphens split
("Wall-E" is ``wall e``) and "&" is ``and``. Rules are regular expressions over `Text.flat`, the
words joined by single spaces with ``,`` and ``.`` kept as separators.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

MAX_WORDS = 300
"""Longer messages are read up to here, which bounds the time of every rule."""

_WORD = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\w)|\d+\.\d+(?!\w)|[^\W_]+(?:['’`´ʼ][^\W_]+)*|[&$£€+~#]"  # noqa: RUF001
)
_QUOTED = re.compile(
    r"\"([^\"\n]{1,80})\"|“([^”\n]{1,80})”|«([^»\n]{1,80})»"
    r"|(?<!\w)['‘]([^'‘’\n]{2,80}(?:['’](?=[a-z])[^'‘’\n]{1,80})?)['’](?!\w)|\*([^*\n]{1,80})\*"  # noqa: RUF001
)
_STOP = re.compile(r"[.!?;\n…]")
_PAUSE = re.compile(r"[,:()\[\]|/—–]|\s-+\s")
_APOSTROPHES = str.maketrans("", "", "'’`´ʼ,")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a message.

    Attributes
    ----------
    norm : str
        Normal form; never empty.
    start, end : int
        Characters ``message[start:end]``.
    gap : {"", "-", ",", "."}
        Strongest separator between the previous word and this one.
    capital : bool
        Whether it starts with an upper-case letter.
    """

    norm: str
    start: int
    end: int
    gap: str
    capital: bool


class Text:
    """A message, tokenised once.

    Attributes
    ----------
    message : str
        As the person wrote it.
    words : tuple of Word
        In order, at most `MAX_WORDS`.
    flat : str
        Normal forms joined by spaces, separators included: ``"no horror , please"``.
    quotes : tuple of (int, int)
        Half-open word ranges that stand in quotation marks.
    shouting : bool
        Whether capital letters carry no information (all capitals, or every word capitalised).
    """

    def __init__(self, message: str) -> None:
        self.message = message
        self.words = tuple(_words(message))
        self.flat, self._offsets = _flatten(self.words)
        self.quotes = tuple(self._quotes())
        letters = [word for word in self.words if message[word.start].isalpha()]
        capitals = sum(word.capital for word in letters)
        self.shouting = len(letters) > 3 and capitals > 0.8 * len(letters)

    def __len__(self) -> int:
        return len(self.words)

    def find(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, re.Match[str]]]:
        """Yield ``(start, end, match)`` in words for every match of `pattern` in `flat`."""
        for match in pattern.finditer(self.flat):
            start, end = self.word_range(match.start(), match.end())
            if end > start:
                yield start, end, match

    def word_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open word range that lies in ``flat[start:end]``."""
        return bisect_left(self._offsets, start), bisect_left(self._offsets, end)

    def flat_at(self, index: int) -> int:
        """Return where word `index` starts in `flat`; its length past the last word."""
        return self._offsets[index] if index < len(self._offsets) else len(self.flat)

    def norms(self, start: int, end: int) -> str:
        """Return the normal forms of words ``[start, end)``, joined by spaces."""
        return " ".join(word.norm for word in self.words[start:end])

    def characters(self, start: int, end: int) -> tuple[int, int]:
        """Return the character span of words ``[start, end)``."""
        first, last = self.words[start].start, self.words[end - 1].end
        span = self.message[first:last]
        if span.count("(") > span.count(")") and self.message[last : last + 1] == ")":
            last += 1  # "Heat (1995)"
        return first, last

    def surface(self, start: int, end: int) -> str:
        """Return words ``[start, end)`` as the person wrote them."""
        first, last = self.characters(start, end)
        return self.message[first:last]

    def joined(self, index: int) -> bool:
        """Tell whether word `index` follows the one before without a separator."""
        return 0 < index < len(self.words) and self.words[index].gap == ""

    def sentence_start(self, index: int) -> bool:
        """Tell whether word `index` opens a sentence, where a capital letter says nothing."""
        return index == 0 or self.words[index].gap == "."

    def named(self, index: int) -> bool:
        """Tell whether the capital letter of word `index` is evidence of a name."""
        word = self.words[index]
        return word.capital and not self.shouting and not self.sentence_start(index)

    def quoted(self, start: int, end: int) -> bool:
        """Tell whether words ``[start, end)`` are exactly a quotation."""
        return (start, end) in self.quotes

    def _quotes(self) -> Iterator[tuple[int, int]]:
        starts = [word.start for word in self.words]
        for match in _QUOTED.finditer(self.message):
            begin, end = match.span(match.lastindex or 0)
            first, last = bisect_left(starts, begin), bisect_right(starts, end - 1)
            if last > first:
                yield first, last


def normalise(text: str) -> str:
    """Return `text` in the normal form of `Text`: words joined by single spaces."""
    return " ".join(_norm(match.group()) for match in _WORD.finditer(text))


def _norm(surface: str) -> str:
    if surface == "&":
        return "and"
    if surface.isascii() and surface.isalnum():
        return surface.lower()
    plain = surface.translate(_APOSTROPHES)
    if plain.isascii():
        return plain.lower()
    decomposed = unicodedata.normalize("NFKD", plain)
    kept = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return kept.casefold() or plain


def _words(message: str) -> Iterator[Word]:
    previous, initial = 0, False
    for count, match in enumerate(_WORD.finditer(message)):
        if count == MAX_WORDS:
            return
        start, end = match.span()
        norm = "".join(_norm(match.group()).split())
        gap = _gap(message[previous:start]) if previous else ""
        if gap == "." and message[previous:start] == ". " and initial:
            gap = ""  # "E.T. phones home"
        initial = end - start == 1 and message[start].isupper()
        yield Word(norm, start, end, gap, message[start].isupper())
        previous = end


def _gap(between: str) -> str:
    if between in {" ", "."}:  # "E.T.", "U.S."
        return ""
    if _STOP.search(between):
        return "."
    if between.strip() in {"-", "–"}:
        return "-" if between.strip() == between else ","
    return "," if _PAUSE.search(between) else ""


def _flatten(words: tuple[Word, ...]) -> tuple[str, list[int]]:
    parts: list[str] = []
    offsets: list[int] = []
    length = 0
    for word in words:
        if word.gap in {",", "."}:
            parts.append(word.gap)
            length += 2
        offsets.append(length)
        parts.append(word.norm)
        length += len(word.norm) + 1
    return " ".join(parts), offsets
