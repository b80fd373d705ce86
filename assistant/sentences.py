"""Cutting a stream of text into sentences.

Owns: `SentenceSplitter`. Does not own: what the sentences may say (`assistant.grounding`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# "J. J. Abrams", "c. s. lewis" and "Robert Downey Jr. stars" go on.
_NAMES = ("\\b[A-Z]", "\\bJr", "\\bSr", "\\bDr", "\\bMr", "\\bMrs", "\\bSt", "\\s[a-z]")
_SHORT = "".join(f"(?<!{short})" for short in _NAMES)
_END = re.compile(rf"(?:{_SHORT}\.|[!?])[.!?]*[\"'\u201d\u2019)]*(?=\s)|\n")


class SentenceSplitter:
    """Cuts a stream of text into lines and sentences, never inside a number, name or placeholder.

    Feed it deltas of any size; what is not yet complete waits. A sentence ends at ``.``, ``!`` or
    ``?`` before a blank, or at the end of a line.
    """

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, text: str) -> Iterator[str]:
        """Yield the sentences that `text` completes, without surrounding blanks."""
        self._rest += text
        while found := _END.search(self._rest):
            sentence, self._rest = self._rest[: found.end()], self._rest[found.end() :]
            if sentence.strip():
                yield sentence.strip()

    def close(self) -> Iterator[str]:
        """Yield what is left."""
        rest, self._rest = self._rest.strip(), ""
        if rest:
            yield rest


def lines(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a text that comes in `pieces`, without blanks around them."""
    rest = ""
    for piece in pieces:
        *whole, rest = (rest + piece).split("\n")
        yield from (line.strip() for line in whole if line.strip())
    if rest.strip():
        yield rest.strip()
