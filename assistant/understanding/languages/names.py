"""Titles and names in a message of another language: words that are not to be translated.

Owns: `NameFinder`. Does not own: whether they are meant (the linkers of `understand` decide).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass

from assistant.understanding.languages.tokens import HAN, Token
from assistant.understanding.title_index import TitleIndex, title_form
from assistant.understanding.value_index import ValueIndex

_LONGEST = 9
_LONGEST_HAN = 20


_CONTRACTED = {"du": "le", "au": "le", "des": "les", "aux": "les"}
"""French words that hold the article of a title: "le réalisateur des Dents de la mer"."""


@dataclass(frozen=True, slots=True)
class Name:
    """Tokens ``[start, end)`` that are a name.

    Attributes
    ----------
    start, end : int
        Half-open range of tokens.
    words : tuple of str
        Normal forms by which the catalogue knows it.
    person : bool
        Whether it is somebody's name, not a title.
    sure : bool
        Whether capital letters show it; else only what stands before can.
    """

    start: int
    end: int
    words: tuple[str, ...]
    person: bool
    sure: bool = True


class NameFinder:
    """Finds what the catalogue has names for.

    Parameters
    ----------
    titles : TitleIndex
        Written forms of the titles.
    values : ValueIndex
        Written forms of the people.
    people : mapping of str to str
        People's names in Chinese characters to their normal form.
    """

    def __init__(self, titles: TitleIndex, values: ValueIndex, people: Mapping[str, str]) -> None:
        self._titles = titles
        self._values = values
        self._people = people
        self._han = {
            form.replace(" ", ""): form
            for form in titles.forms
            if HAN.match(form) and titles.is_whole(form)
        }

    def find(
        self,
        tokens: Sequence[Token],
        language: str,
        known: Set[str],
        cued: Callable[[int], bool],
    ) -> list[Name]:
        """Return the names in `tokens`, left to right, without overlaps, the longest first.

        Parameters
        ----------
        tokens : sequence of Token
            The message.
        language : str
            Its language.
        known : set of str
            Words of that language, which are no name when they stand alone.
        cued : callable
            Tells whether what stands before a token calls for a title: "algo como el padrino".
        """
        found: list[Name] = []
        at = 0
        while at < len(tokens):
            name = self._han_name(tokens, at, known) or self._name(tokens, at, language, known)
            if name and not (name.sure or cued(at)):
                name = None
            if name:
                found.append(name)
            at = name.end if name else at + 1
        return found

    def _name(
        self, tokens: Sequence[Token], at: int, language: str, known: Set[str]
    ) -> Name | None:
        sure = tokens[at].capital or _article(tokens, at) or tokens[at].norm.isdigit()
        for end in range(min(at + _LONGEST, len(tokens)), at, -1):
            if any(token.gap == "." for token in tokens[at + 1 : end]) or tokens[end - 1].elided:
                continue
            words = _joined(tokens[at:end])
            article = _CONTRACTED.get(tokens[at - 1].form) if language == "fr" and at else None
            if article:
                words = words if title_form(words) in self._titles.forms else (article, *words)
            if end - at == 1 and not (sure and self._alone(tokens, at, language, known)):
                continue
            form = title_form(words)
            if form in self._titles.forms and self._titles.is_whole(form):
                return Name(at, end, words, person=False, sure=sure)
            if sure and any(
                entry.facet.kind == "people" for entry in self._values.lookup(" ".join(words))
            ):
                return Name(at, end, words, person=True)
        return None

    def _alone(self, tokens: Sequence[Token], at: int, language: str, known: Set[str]) -> bool:
        """Tell whether one word may be a name: no number, no word with a capital for no reason."""
        opens = at == 0 or tokens[at].gap == "."
        usual = tokens[at].form in known and (opens or language == "de")
        return not usual and not tokens[at].norm.isdigit()

    def _han_name(self, tokens: Sequence[Token], at: int, known: Set[str]) -> Name | None:
        if not HAN.match(tokens[at].norm):
            return None
        for end in range(min(at + _LONGEST_HAN, len(tokens)), at + 1, -1):
            joined = "".join(token.norm for token in tokens[at:end])
            if joined in self._people:
                return Name(at, end, tuple(self._people[joined].split()), person=True)
            closes = end == len(tokens) or tokens[end].gap in {",", "."}
            # A title of two characters is often an everyday word.
            if (
                joined in self._han
                and (end - at > 2 or closes)
                and not _part(tokens, at, end, known)
            ):
                return Name(at, end, tuple(self._han[joined].split()), person=False)
        return None


def _part(tokens: Sequence[Token], start: int, end: int, known: Set[str]) -> bool:
    """Tell whether tokens ``[start, end)`` are in a known phrase: the "英雄" of "超级英雄"."""
    return any(
        "".join(token.norm for token in tokens[begin:until]) in known
        for begin in range(max(0, start - 3), start + 1)
        for until in range(end, min(end + 3, len(tokens)) + 1)
    )


def _article(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a short word in lower case leads a name: "der Pate", "l'Exorciste"."""
    follows = at + 1 < len(tokens) and tokens[at + 1].capital
    return follows and len(tokens[at].form) < 4 and tokens[at + 1].gap == ""


def _joined(tokens: Sequence[Token]) -> tuple[str, ...]:
    words: list[str] = []
    joins = False
    for token in tokens:
        if joins:
            words[-1] += token.norm
        else:
            words.append(token.norm)
        joins = token.elided
    return tuple(words)
