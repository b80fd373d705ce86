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
_MISSPELT_LONGEST, _FULL_NAME = 6, 3
"""Words of the longest title and of the longest name that are known by another spelling."""
_FAMOUS = 20.0
"""Interactions from which on a title in lower case is one: "el club de la lucha"."""
_MISSPELT = 5
"""Letters of the shortest word that can be a name's with a typing mistake."""
_APART = 9
"""Letters from which on several words are a misspelt title without a word that calls for one."""
_JOINS = frozenset({"o", "y", "e", "u", "oder", "und", "ou", "et"})
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
        self.heard = titles.words | values.words
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
        exact: bool = False,
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
        exact : bool
            Whether misspelt names are left.
        """
        found: list[Name] = []
        at = 0
        while at < len(tokens):
            name = self._han_name(tokens, at, known) or self._name(tokens, at, language, known)
            if name is None and language != "zh" and not exact:
                name = self._misspelt(tokens, at, known)
            if name and not (name.sure or cued(at)):
                strange = any(token.form not in known for token in tokens[at : name.end])
                name = name if strange and _goes_on(tokens, at, found) else None
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
            small = not sure and tokens[at].form in known
            if end - at == 1 and (small or not self._alone(tokens, at, language, known)):
                continue
            form = title_form(words)
            if form in self._titles.forms and self._titles.is_whole(form):
                strange = end - at > 1 and any(token.form not in known for token in tokens[at:end])
                famous = strange and self._titles.popularity(form) >= _FAMOUS
                return Name(at, end, words, person=False, sure=sure or famous)
            if sure and any(
                entry.facet.kind == "people" for entry in self._values.lookup(" ".join(words))
            ):
                return Name(at, end, words, person=True)
        return None

    def _misspelt(self, tokens: Sequence[Token], at: int, known: Set[str]) -> Name | None:
        """Return the title or the person that words misspell which the language lacks."""
        if tokens[at].form in known:
            return None
        for end in range(min(at + _MISSPELT_LONGEST, len(tokens)), at, -1):
            run = tokens[at:end]
            pauses = any(token.gap in {".", ","} for token in run[1:]) or run[-1].elided
            if pauses or run[-1].form in known or not self._strange(run, known):
                continue
            words = _joined(run)
            if 1 < len(run) <= _FULL_NAME:
                person = self._values.closest(" ".join(words))
                if person and self._values.names_person(person) and _meant(person, words, run):
                    return Name(at, end, tuple(person.split()), person=True)
            form = title_form(words)
            title = self._titles.closest(form)
            if title and self._titles.is_whole(title):
                sure = len(run) > 1 and len(form) >= _APART
                return Name(at, end, tuple(title.split()), person=False, sure=sure)
        return None

    def _strange(self, run: Sequence[Token], known: Set[str]) -> bool:
        """Tell whether no word of `run` is of the language, or one of nothing that is known."""
        if len(run) > 1 and not any(token.form in known for token in run):
            return True
        return any(
            len(token.norm) >= _MISSPELT
            and token.norm.isalpha()
            and token.form not in known
            and token.norm not in self.heard
            for token in run
        )

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


def _meant(name: str, words: Sequence[str], run: Sequence[Token]) -> bool:
    """Tell whether `words` are `name`: "Romy Schneider", written with care, is not Roy Scheider."""
    wrong = sum(a != b for a, b in zip(name.split(), words, strict=False))
    careless = not any(token.capital for token in run)
    return len(name.split()) == len(words) and (wrong == 1 or careless)


def _goes_on(tokens: Sequence[Token], at: int, found: Sequence[Name]) -> bool:
    """Tell whether the names of `found` go on with token `at`: "Heat oder sicario"."""
    if not found or found[-1].person:
        return False
    joined = found[-1].end == at - 1 and tokens[at - 1].form in _JOINS and tokens[at].gap == ""
    return joined or (found[-1].end == at and tokens[at].gap == ",")


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
