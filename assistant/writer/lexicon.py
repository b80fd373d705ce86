"""Which tokens the embedded model may use: plain English, and what its brief holds.

Owns: `Lexicon`. Does not own: the plain words (`assistant.vocabulary`), in what order tokens may
stand (`assistant.writer.grammar`), or whether the result is true (`assistant.grounding`).

The check refuses a word that neither plain English nor the evidence has. A model that cannot write
such a word is refused less often.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.vocabulary import CLAIMS, PLAIN
from assistant.wording import capitalised
from assistant.writer.tokens import end_of_text, tokenizer_of

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Larger than any difference of logits: nothing else is chosen.
_BIAS = 200
_MARKS = frozenset(".,:;?")
# Words that appeal to the person, to other people or to a liked item, by what must back them.
_BACKED = {
    frozenset({"asked", "meets", "words"}): """
        ask asked want wanted wish wished wishes hope hoped hoping request requested mention
        mentioned describe described say said tell told name named list listed looking brief limit
        condition
    """,
    frozenset({"crowd", "popular"}): """
        people person viewer viewers fan fans audience audiences other others admirer admirers those
        customer customers shopper shoppers reader readers buyer buyers user users often usually
        generally mostly many
    """,
    frozenset({"like"}): "share shares shared sharing same common both connects like alike similar",
}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The tokens of plain words, and how a brief becomes tokens.

    Attributes
    ----------
    tokenizer : Tokenizer
        Of the model.
    plain : frozenset of int
        Tokens that any telling may use.
    """

    tokenizer: Tokenizer
    plain: frozenset[int]

    @classmethod
    def read(cls, weights: Path) -> Lexicon:
        """Return the lexicon of the GGUF file at `weights`; takes about a second."""
        tokenizer = tokenizer_of(weights)
        plain = {end_of_text(tokenizer)}
        # A brace and the mark after it are one token.
        plain |= _tokens(tokenizer, "".join(f" {{pick}}{mark}" for mark in (*_MARKS, "'s", "")))
        for wording in _wordings():
            plain |= _tokens(tokenizer, f" {wording}") | _tokens(
                tokenizer, f" {capitalised(wording)}"
            )
        for token, at in tokenizer.get_vocab().items():
            word = token.removeprefix("Ġ")
            if word in _MARKS or (token.startswith("Ġ") and word.lower() in PLAIN - CLAIMS):
                plain.add(at)
        return cls(tokenizer, frozenset(plain))

    def biases(self, brief: str) -> list[list[int]]:
        """Return pairs of token and bias under which nothing else is written for `brief`."""
        told = brief.splitlines()[1:-1]
        kinds = {re.split("[: ]", line, maxsplit=1)[0] for line in told}
        allowed = set(self.plain)
        for backing, words in _BACKED.items():
            if not backing & kinds:
                allowed -= {token for word in words.split() for token in self._alone(word)}
        allowed |= _tokens(self.tokenizer, f" {{pick}} {' '.join(told)} {' '.join(told).lower()}")
        # A word may open a sentence, follow a colon, or own something.
        for word in re.findall(r"[^\W\d_]+", " ".join(told)):
            allowed |= _tokens(self.tokenizer, f" {word} {capitalised(word)} {word}'s")
        return [[token, _BIAS] for token in sorted(allowed)]

    def _alone(self, word: str) -> Iterator[int]:
        """Yield the tokens that are `word` by themselves, in lower case and with a capital."""
        for form in (f" {word}", f" {capitalised(word)}"):
            ids = self.tokenizer.encode(form).ids
            if len(ids) == 1:
                yield ids[0]


def _wordings() -> Iterator[str]:
    """Yield the ways of telling that were learned, without what is filled in."""
    text = (resources.files("assistant.writer") / "frames.toml").read_text(encoding="utf-8")
    for tables in tomllib.loads(text).values():
        for table in tables.values():
            for frame in (*table["first"], *table["then"]):
                yield " ".join(re.findall(r"(?<![{\w])[A-Za-z]+(?![}\w])", frame))


def _tokens(tokenizer: Tokenizer, text: str) -> set[int]:
    return set(tokenizer.encode(text).ids)
