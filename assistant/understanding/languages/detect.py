"""Which language a message is written in.

Owns: `detect`. Does not own: the words of each language (their lexicons lend them). To take English
for another language is the worst mistake, so one needs a word that English lacks, and more of its
words than English ones; articles, of which foreign titles are full, do not count as such a word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass

from assistant.understanding.languages.tokens import HAN, tokenise

_ELIDED = frozenset({"j", "n", "qu"})


@dataclass(frozen=True, slots=True)
class Words:
    """The words that show a language; `weak` ones only beside others.

    Attributes
    ----------
    all : set of str
        Every word of its phrases: they count while a conversation is in it.
    own : set of str
        Those whose English is another word: "please" may stand in a phrase, and shows nothing.
    weak : set of str
        Words that foreign titles are full of.
    """

    all: Set[str]
    own: Set[str]
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
    if han:
        latin = sum(english(token.norm) for token in tokenise(message, "es"))
        return "zh" if han > latin or before == "zh" else "en"
    scores = {
        language: _score(
            message, language, known, known.all if language == before else known.own, english
        )
        for language, known in words.items()
    }
    best = max(scores, key=lambda language: (*scores[language][1::-1], language == before))
    strong, much, against = scores[best]
    if strong and (much > against or (best == before and much == against)):
        return best
    if before == "en":
        return "en"
    _, much, against = scores.get(before, (0, 1.0, scores[best][2]))
    return "en" if against > max(much, 0.9) else before


def _score(
    message: str, language: str, words: Words, shown: Set[str], english: Callable[[str], bool]
) -> tuple[int, float, float]:
    """Return how many words only this language has, all that speak for it, all for English."""
    strong, much, against = 0, 0.0, 0.0
    for token in tokenise(message, language):
        if token.form.isdigit():
            continue
        here = token.form in shown
        # "réalisé" is no "realise", and English has no "j'".
        plain = message[token.start : token.end].isascii() and not (
            token.elided and token.form in _ELIDED
        )
        there = plain and english(token.norm)
        if here and there:
            much += 0.5
            against += 0.5
        elif here:
            weak = plain and token.form in words.weak
            strong += not weak
            much += 0.25 if weak else 1.0
        elif there:
            against += 1.0
    return strong, much, against
