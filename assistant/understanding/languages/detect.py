"""Which language a message is written in.

Owns: `detect`. Does not own: the words of each language (their lexicons lend them). To take English
for another language is the worst mistake, so one needs a word that English lacks, and more of its
words than English ones; articles, of which foreign titles are full, do not count as such a word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass

from assistant.understanding.languages.tokens import HAN, Token, fold, tokenise


@dataclass(frozen=True, slots=True)
class Words:
    """The words that show a language; `weak` ones only beside others."""

    all: Set[str]
    weak: Set[str]


def detect(
    message: str, before: str, words: Mapping[str, Words], english: Callable[[str], bool]
) -> str:
    """Return the language of `message`, an ISO 639-1 code.

    Parameters
    ----------
    message : str
        Without the names in it.
    before : str
        Language of the turn before, for messages that show none.
    words : mapping of str to Words
        By language.
    english : callable
        Tells whether a word in normal form is an English one.
    """
    han = len(HAN.findall(message))
    tokens = [token for token in tokenise(message, "es") if not token.norm[0].isdigit()]
    if han:
        latin = sum(english(token.norm) for token in tokens)
        return "zh" if han > latin or before == "zh" else "en"
    scores = {language: _score(tokens, language, known, english, message)
              for language, known in words.items()}  # fmt: skip
    best = max(scores, key=lambda language: (scores[language], language == before))
    strong, much, against = scores[best]
    if strong and (much > against or (best == before and much == against)):
        return best
    if before == "en" or before not in words:
        return "en"
    _, much, against = scores[before]
    return "en" if against > max(much, 0.9) else before


def _score(
    tokens: list[Token], language: str, known: Words, english: Callable[[str], bool], message: str
) -> tuple[float, float, float]:
    """Return how many words only this language has, all that speak for it, all for English."""
    strong = much = against = 0.0
    for token in tokens:
        here = fold(message[token.start : token.end], language) in known.all
        there = english(token.norm)
        weak = fold(message[token.start : token.end], language) in known.weak
        if here and not there:
            strong += not weak
            much += 0.5 if weak else 1.0
        elif here:
            much += 0.5
            against += 0.5
        elif there:
            against += 1.0
    return strong, much, against
