"""Messages with what they name marked inline: ``ngl {t-|morbius} bored me, {v+|westerns} please``.

Owns: the mark-up (see marked/README.md), the files of it, their messages of other languages in
English words, and the variations that training makes of a message. Does not own: the network
(`tagger`) or its training (`train_tagger`).
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from importlib import resources
from itertools import groupby
from pathlib import Path

from assistant.understanding.languages.reading import CODES, Languages
from assistant.understanding.text import Text
from catalog.errors import ConfigurationError

_MARK = re.compile(r"\{([trv])([-+sl0?])\|([^{}|]+)\}")
STANDS = "+-sl0"
"""Marks of `assistant.understanding.tagger.STANDS`, in the same order; ``?`` is not told."""
_TITLE = "t"
_SUBSTITUTED, _MISTYPED, _SMALL = 0.5, 0.08, 0.3
_SHORTEST = 5


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``[start, end)`` that name something: a title, a reference or a value."""

    start: int
    end: int
    kind: str
    stand: str


@dataclass(frozen=True, slots=True)
class MarkedMessage:
    """A message and its spans, left to right.

    Attributes
    ----------
    text : str
        Without the marks.
    spans : tuple of Span
        What it names.
    only_titles : bool
        Whether nothing but titles was marked, though other things may be named.
    """

    text: str
    spans: tuple[Span, ...]
    only_titles: bool = False


def parse(line: str, *, only_titles: bool = False) -> MarkedMessage:
    """Return the message that a marked line is of.

    Raises
    ------
    ConfigurationError
        When a brace is left over: the mark-up is damaged.
    """
    parts: list[str] = []
    spans: list[Span] = []
    length = at = 0
    for match in _MARK.finditer(line):
        parts += [line[at : match.start()], match[3]]
        start = length + match.start() - at
        length = start + len(match[3])
        spans.append(Span(start, length, match[1], match[2]))
        at = match.end()
    text = "".join([*parts, line[at:]])
    if "{" in text or "}" in text:
        raise ConfigurationError(f"a mark is damaged in {line!r}: write {{t-|words}}")
    return MarkedMessage(text, tuple(spans), only_titles)


def read_marked(files: Sequence[Path]) -> list[MarkedMessage]:
    """Return the messages of `files`, one a line; empty lines are left out."""
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return [parse(line) for line in lines if line.strip()]


def marked_files(language: str = "en") -> list[Path]:
    """Return the files of marked messages in `language` that ship."""
    folder = Path(str(resources.files("assistant.understanding") / "marked"))
    return sorted(folder.glob(f"*.{language}.txt"))


def marked_messages(readers: Sequence[Languages]) -> list[MarkedMessage]:
    """Return every message that ships, those of other languages as one of `readers` reads them.

    Each reader knows the words of its own catalogue; the one that leaves the fewest as they are
    reads the message.
    """
    messages = read_marked(marked_files())
    for language in CODES:
        for message in read_marked(marked_files(language)):
            read = [reader.read(message.text, language)[1] for reader in readers]
            messages.append(in_english(message, min(read, key=lambda text: len(text.foreign))))
    return messages


def in_english(message: MarkedMessage, text: Text) -> MarkedMessage:
    """Return `message` in the words of `text`, which the tagger reads; a span may be in pieces."""
    spelt, starts = text.spelt()
    places = {(word.start, word.end) for word in text.words}
    said = [_said_by(word.start, word.end, message.spans, places) for word in text.words]
    spans: list[Span] = []
    for span, group in groupby(range(len(said)), key=said.__getitem__):
        first, *rest = group
        if span is not None:
            last = rest[-1] if rest else first
            end = starts[last] + len(text.words[last].norm)
            spans.append(replace(span, start=starts[first], end=end))
    return replace(message, text=spelt, spans=tuple(spans))


def _said_by(
    start: int, end: int, spans: Sequence[Span], places: Set[tuple[int, int]]
) -> Span | None:
    """Return the span that at least half of characters ``[start, end)`` are of.

    None for the words of a phrase around others, which is as long as all of them: "ne * pas".
    """
    if any(start <= s and e <= end and (s, e) != (start, end) for s, e in places):
        return None
    for span in spans:
        if 2 * (min(end, span.end) - max(start, span.start)) >= end - start:
            return span
    return None


def varied(message: MarkedMessage, titles: Sequence[str], rng: random.Random) -> MarkedMessage:
    """Return `message` as somebody else might have typed it: other titles, mistakes, no capitals.

    A title is replaced by one of `titles` half of the time (never where there are none), so that
    what surrounds a title is learned rather than the titles.
    """
    parts: list[str] = []
    spans: list[Span] = []
    length = at = 0
    for span in message.spans:
        words = message.text[span.start : span.end]
        if span.kind == _TITLE:
            words = _other_title(words, titles, rng)
        before = message.text[at : span.start]
        start = length + len(before)
        length = start + len(words)
        parts += [before, words]
        spans.append(replace(span, start=start, end=length))
        at = span.end
    text = "".join([*parts, message.text[at:]])
    if rng.random() < _SMALL and len(text.lower()) == len(text):
        text = text.lower()
    return replace(message, text=text, spans=tuple(spans))


def _other_title(words: str, titles: Sequence[str], rng: random.Random) -> str:
    if titles and rng.random() < _SUBSTITUTED:
        other = rng.choice(titles)
        words = other.lower() if words.islower() else other
    if rng.random() < _MISTYPED:
        parts = words.split(" ")
        at = rng.randrange(len(parts))
        parts[at] = _mistyped(parts[at], rng)
        words = " ".join(parts)
    return words


def _mistyped(word: str, rng: random.Random) -> str:
    """Return `word` with a letter left out, doubled, or swapped with the next."""
    if len(word) < _SHORTEST:
        return word
    at = rng.randrange(1, len(word) - 1)
    inner = rng.choice(["", word[at] * 2, word[at + 1] + word[at]])
    return word[:at] + inner + word[at + (2 if len(inner) == 2 and inner[0] != inner[1] else 1) :]
