"""A message of any of the languages, cut into words.

Owns: `Token`, `tokenise` and `unglued`. Does not own: what a word means. French elisions are words
of their own ("l'horreur" is ``l``, ``horreur``), and so is every Chinese character; traditional
ones are read as the simplified ones they stand for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from functools import cache

from opencc import OpenCC

from assistant.understanding.text import BOUND, BOUNDS, MAX_WORDS, RATING, gap_of, normalise

HAN = re.compile(r"[\u3400-\u9fff]")
_NUMBER = BOUND + "|" + RATING + r"|\d{1,3}(?:[.,]\d{3})+(?!\w)|\d+[.,]\d+(?!\w)"
_WORD = r"[^\W_]+(?:['’`´ʼ][^\W_]+)*|[&$£€+~#]"  # noqa: RUF001
_ELIDED = r"(?<![^\W_])(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)(?=['’])"  # noqa: RUF001
_LEADS = re.compile(r"j(?=\w{2})|(?:[cdlmnst]|qu)(?=[aeiouyh]\w)")
"""French words that lose their vowel, and here their apostrophe."""
_GLUED = r"\d+(?=(?:mins?|mn|eur|euros?|usd|hs|hrs)\b)"
"""A number right before its unit: "90min"."""
_RULES = {
    "es": re.compile(rf"{_NUMBER}|{_GLUED}|{_WORD}"),
    "de": re.compile(rf"{_NUMBER}|{_GLUED}|\d+(?=ern?\b)|{_WORD}"),
    "fr": re.compile(rf"{_NUMBER}|{_GLUED}|{_ELIDED}|{_WORD}", re.IGNORECASE),
    "zh": re.compile(rf"[\u3400-\u9fff]|{BOUND}|{RATING}|\d+(?:\.\d+)?"
                     r"|[^\W_\d\u3400-\u9fff]+(?:['’][a-z]+)?|[&$£€+~#]", re.IGNORECASE),  # noqa: RUF001
}  # fmt: skip
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+$")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a message.

    Attributes
    ----------
    form : str
        As the phrase tables look it up; German umlauts are two letters.
    norm : str
        Normal form of `assistant.understanding.text`, as titles and names are looked up.
    start, end : int
        Characters ``message[start:end]``.
    gap : {"", "-", ",", "."}
        Strongest separator before it.
    capital : bool
        Whether it starts with an upper-case letter.
    elided : bool
        Whether it is joined to the next one by an apostrophe.
    """

    form: str
    norm: str
    start: int
    end: int
    gap: str
    capital: bool
    elided: bool


def simplified(text: str) -> str:
    """Return `text` in simplified Chinese characters, as many as before."""
    converted = _converter().convert(text)
    return converted if len(converted) == len(text) else text


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def tokenise(message: str, language: str) -> tuple[Token, ...]:
    """Return the words of `message`, at most `MAX_WORDS`."""
    if language == "zh":
        message = simplified(message)
    found: list[Token] = []
    previous = 0
    shouting = message.isupper() and " " in message.strip()
    for match in _RULES[language].finditer(message):
        start, end = match.span()
        surface = match.group()
        elided = language == "fr" and end + 1 < len(message) and message[end] in "'’"  # noqa: RUF001
        found.append(
            Token(
                form=fold(surface, language),
                norm=_number(surface) if surface[0].isdigit() else "".join(_plain(surface)),
                start=start,
                end=end,
                gap=gap_of(message[previous:start]) if previous else "",
                capital=surface[0].isupper() and not shouting,
                elided=elided,
            )
        )
        previous = end
        if len(found) == MAX_WORDS:
            break
    return tuple(found)


def unglued(token: Token, known: Callable[[str], bool], heard: Set[str]) -> tuple[Token, ...]:
    """Return the words of a French `token` that lacks its apostrophe: "jadore", "jlai".

    Parameters
    ----------
    token : Token
        One word of the message.
    known : callable
        Tells whether a form is a word of the language.
    heard : set of str
        Words of names, which stay whole.
    """
    form = token.form
    if known(form) or token.norm in heard or len(form) != token.end - token.start:
        return (token,)
    ends: list[int] = []
    while not known(form[sum(ends) :]):
        rest = form[sum(ends) :]
        match = _LEADS.match(rest)
        if match is None:
            return (token,)
        ends.append(match.end())
    parts: list[Token] = []
    at = 0
    for size in (*ends, len(form) - sum(ends)):
        first, last = token.start + at, token.start + at + size
        parts.append(
            replace(
                token,
                form=form[at : at + size],
                norm=form[at : at + size],
                start=first,
                end=last,
                gap="" if at else token.gap,
                capital=token.capital and not at,
                elided=at + size < len(form) or token.elided,
            )
        )
        at += size
    return tuple(parts)


def fold(surface: str, language: str) -> str:
    """Return `surface` as the phrase tables of `language` look it up."""
    plain = _DRAWN_OUT.sub(r"\1", surface)  # "sueñooo"
    return "".join(_plain(plain.translate(_UMLAUTS) if language == "de" else plain))


def _plain(surface: str) -> list[str]:
    if surface in {"$", "£", "€", "+", "~", "#"}:
        return [surface]
    return [BOUNDS[surface]] if surface in BOUNDS else normalise(surface).split()


def _number(surface: str) -> str:
    if _THOUSANDS.match(surface):
        return re.sub(r"[.,]", "", surface)
    return normalise(surface.replace(",", "."))
