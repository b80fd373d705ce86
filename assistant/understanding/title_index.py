"""Every way in which people write the titles of a catalogue.

Owns: `TitleIndex`: the written form to the items that it may mean, exactly or with typing
mistakes. Does not own: whether words in a message are meant as a title (`titles`). In a written
form numbers are digits, so "Ocean's Eleven", "Oceans 11" and "Rocky II", "rocky 2" meet.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.understanding.english import ARTICLES, FUNCTION, ROMAN, UNITS
from assistant.understanding.text import normalise
from assistant.understanding.vocabulary import english
from catalog import Catalog, Item

_TRAILING_ARTICLE = re.compile(r"^(.+), (The|A|An)$")
_SUBTITLE = re.compile(r":\s+|\s+[-–—]\s+")
_PART_MARK = re.compile(
    r"\s*(?:[:(³²]|\s[-–—]\s|,?\s(?:part|vol\.?|volume|chapter|episode)\b|\s(?:\d{1,2}|[IVX]{1,4})(?=\W|$))",
    re.IGNORECASE,
)
"""What separates the name of a series from the rest of a part's title."""
_POSSESSIVE = re.compile(r"['’]s\b")  # noqa: RUF001
_MARK = 2
"""Words of a title that must remain to name it when the last, its kind, is left out."""
_UNRATED = 10.0
"""Interactions that an item newer than all interactions is taken to deserve."""
_SPELT, _LONG_WORD = 5, 8
_PARTS = 2
"""Words of content by which a title may be known."""
_BYWORD, _BYWORD_KNOWN = 6, 50.0
_SMALL = 500
"""Items up to which a word that only one has names it, however little known."""
"""Letters of a single word that stands for a title, and interactions of the item."""
_LONG, _LONGER = 14, 20
_SHORTEST = 4
_WRITTEN_OUT = {
    **{"xmas": "christmas", "dr": "doctor", "mr": "mister", "vs": "versus", "st": "saint"},
    **{word: str(number) for word, number in (*ROMAN.items(), *UNITS.items())},
}
"""One way of writing for what is written in several: "Ocean's Eleven", "Dr. No"."""
_PART_WORDS = frozenset({"part", "vol", "volume", "chapter", "episode"})
_LONGEST_JOINED = 12
# How much a form counts beside the full title: the 1978 "Lord of the Rings" is less meant than
# the far better known film that only begins with it.
_FULL, _ALIAS, _BARE, _PART, _SERIES = 1.0, 0.6, 0.3, 0.25, 0.05


@dataclass(frozen=True, slots=True)
class TitleEntry:
    """One item that a written form may mean.

    Attributes
    ----------
    row : int
        Row in the catalogue.
    weight : float
        Closeness of the form to the title, 1 for the title itself.
    """

    row: int
    weight: float


class TitleIndex:
    """Written forms of titles; lookup is one dictionary access.

    Attributes
    ----------
    forms : mapping of str to list of TitleEntry
        Written form to what it may mean, in row order.
    words : frozenset of str
        Every word in some title.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._popularity = _known(catalog)
        year = catalog.schema.by_role("year")
        self._years = [item.numbers.get(year.name, 0.0) if year else 0.0 for item in catalog.items]
        kind = catalog.schema.by_role("kind")
        named = (
            (word for value, words in kind.synonyms.items() for word in (value, *words))
            if kind
            else ()
        )
        self._kinds = {part for word in named for part in normalise(word).split()}
        forms: dict[str, dict[int, float]] = defaultdict(dict)
        self._names: list[tuple[str, ...]] = []
        self._holding: dict[str, set[int]] = defaultdict(set)
        for row, item in enumerate(catalog.items):
            names = (item.title, _POSSESSIVE.sub("", item.title), *item.aliases)
            self._names.append(tuple({title_form(normalise(name).split()): 0 for name in names}))
            for word in {word for name in self._names[row] for word in name.split()} - FUNCTION:
                self._holding[word].add(row)
            for form, weight in (*_forms(item), *self._without_kind(item)):
                known = forms[form]
                known[row] = max(weight, known.get(row, 0.0))
        self._parts = _parts(catalog)
        for form, rows in _series(forms).items():
            forms[form] = dict.fromkeys(rows, _SERIES)
        self.forms = {
            form: [TitleEntry(row, weight) for row, weight in rows.items()]
            for form, rows in forms.items()
            if form
        }
        self._longest: dict[str, int] = defaultdict(int)
        for form in self.forms:
            words = form.split(" ")
            self._longest[words[0]] = max(self._longest[words[0]], len(words))
        self.words = frozenset(word for form in self.forms for word in form.split())
        self._starting: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self.words):
            self._starting[word[0]].append(word)
        self._alike: dict[tuple[str, int], list[str]] = defaultdict(list)
        joined = {form.replace(" ", "") for form in self.forms if " " in form}
        for form, entries in self.forms.items():
            if (
                len(form) > 3
                and form not in joined
                and max(entry.weight for entry in entries) > _SERIES
            ):
                self._alike[form[0], len(form)].append(form)

    def _without_kind(self, item: Item) -> Iterator[tuple[str, float]]:
        """Yield "Tandem 2-Slice" of "Tandem 2-Slice Toaster": a title without what the thing is."""
        words = normalise(item.title).split()
        if len(words) > _MARK and words[-1] in self._kinds:
            yield title_form(words[:-1]), _PART

    def longest(self, word: str) -> int:
        """Return how many words the longest form has that begins with `word`."""
        # "part" is not in the forms: one word of a message may count for nothing.
        count = self._longest.get(_WRITTEN_OUT.get(word, word), 0)
        return count + 2 if count else 0

    def rows(self, form: str) -> list[int]:
        """Return the rows that `form` may mean, the likeliest first (ties: catalogue order)."""
        entries = self.forms.get(form, [])
        score = {e.row: e.weight * (1.0 + float(self._popularity[e.row])) for e in entries}
        return sorted(score, key=lambda row: -score[row])

    def popularity(self, form: str) -> float:
        """Return the most interactions of any item that `form` may mean."""
        return max((float(self._popularity[row]) for row in self.rows(form)), default=0.0)

    def year(self, row: int) -> float:
        """Return the year of the item in `row`; 0 where it is unknown."""
        return self._years[row]

    def is_series(self, form: str) -> bool:
        """Tell whether `form` only begins several titles, as "harry potter" does."""
        return all(entry.weight <= _SERIES for entry in self.forms[form])

    def is_whole(self, form: str) -> bool:
        """Tell whether `form` is a whole title of some item, or another title of it."""
        return any(entry.weight >= _BARE for entry in self.forms[form])

    def with_year(self, rows: Iterable[int], year: int) -> list[int]:
        """Return those of `rows` of `year`; sources differ by a year, so else its neighbours."""
        listed = list(rows)
        exact = [row for row in listed if self._years[row] == year]
        return exact or [row for row in listed if abs(self._years[row] - year) == 1]

    def part(self, form: str, place: int) -> int | None:
        """Return the row of the `place`-th part, from 1, of the series called `form`, or None.

        Parts go by year: "the second Terminator", "the third Die Hard".
        """
        base = form.removeprefix("the ")
        rows = sorted(self._parts.get(base, ()), key=lambda row: (self._years[row], row))
        return rows[place - 1] if len(rows) > 1 and place <= len(rows) else None

    def respelt(self, form: str) -> str:
        """Return `form` with each long word that no title has as the nearest word of a title."""
        return " ".join(
            word if word in self.words or len(word) < _SPELT else self._nearest(word)
            for word in form.split()
        )

    def _nearest(self, word: str) -> str:
        near = process.extractOne(
            word,
            self._starting.get(word[0], ()),
            scorer=OSA.distance,
            score_cutoff=1 if len(word) < _LONG_WORD else 2,
        )
        return near[0] if near else word

    def in_part(self, form: str) -> int | None:
        """Return the row that `form` names in part, or in words of its titles misspelt, or None."""
        respelt = self.respelt(form) if " " in form else form
        rows = self.rows(respelt) if respelt in self.forms else []
        return rows[0] if rows else self.part_of(respelt)

    def part_of(self, form: str) -> int | None:
        """Return the row of the one item with all words of `form`, two of content or more.

        "The Alder kettle" is the Alder 1.7 L Kettle, "le fabuleux destin" what Amelie is called in
        French, where no other item has both words. They must be half of the content of one of its
        titles, or the beginning: "Breaking Bad" is not what El Camino is.
        One long word does where it is no English one and the item well known, "Shawshank", or
        the catalogue small: "the Piccola".
        """
        words = set(form.split()) - FUNCTION
        if not words or (len(words) < _PARTS and not self._byword(form)):
            return None
        rows = set.intersection(*(self._holding.get(word, set()) for word in words))
        if len(rows) != 1:
            return None
        row = rows.pop()
        return row if any(_part(form, words, name) for name in self._names[row]) else None

    def _byword(self, form: str) -> bool:
        """Tell whether the one word `form` can stand for the only title that has it."""
        rows = self._holding.get(form, ())
        small = len(self._names) <= _SMALL
        known = small or all(float(self._popularity[row]) >= _BYWORD_KNOWN for row in rows)
        return len(form) >= _BYWORD and bool(rows) and known and form not in english()

    def begun(self, form: str, rows: Iterable[int]) -> int | None:
        """Return the only one of `rows` whose title `form` begins: "the Vireo Pet", or None."""
        begin = f"{form.removeprefix('the ')} "
        found = [
            row
            for row in rows
            if any(f"{title.removeprefix('the ')} ".startswith(begin) for title in self._names[row])
        ]
        return found[0] if len(found) == 1 else None

    def closest(self, form: str, cued: bool = False) -> str | None:
        """Return the known form within one or two typing mistakes of `form`, or None.

        One mistake from four letters on, two from eight, and in several `cued` words three from
        fourteen and four from twenty (optimal string alignment distance:
        insert, delete, replace, swap neighbours); in four letters only a change of places, unless
        the words are `cued`; the first letter must be right. Ties go to the better known item.
        """
        # An article is no evidence: "the Meg" is not "The Men".
        letters = len(form.removeprefix("the "))
        allowed = 0 if letters < 4 else 1 if letters < 8 else 2
        if cued and " " in form:
            allowed += (letters >= _LONG) + (letters >= _LONGER)
        if not allowed:
            return None
        best: list[tuple[int, float, str]] = []
        for length in range(len(form) - allowed, len(form) + allowed + 1):
            hits = process.extract(
                form,
                self._alike.get((form[0], length), []),
                scorer=OSA.distance,
                score_cutoff=allowed,
                limit=5,
            )
            best.extend(
                (int(distance), -self.popularity(known), known)
                for known, distance, _ in hits
                # "Twisters" is another film than "Twister".
                if _same_numbers(known, form)
                and same_words(known, form)
                and form != f"{known}s"
                and (cued or letters > _SHORTEST or sorted(known) == sorted(form))
            )
        return min(best)[2] if best else None


def title_form(words: Iterable[str]) -> str:
    """Return the written form of normalised `words`: numbers as digits, without "part"."""
    digits = [_WRITTEN_OUT.get(word, word) for word in words]
    if _PART_WORDS.isdisjoint(digits):
        return " ".join(digits)
    kept = [
        word
        for word, after in zip(digits, [*digits[1:], ""], strict=True)
        if not (word in _PART_WORDS and after.isdigit())
    ]
    return " ".join(kept)


def _same_numbers(known: str, form: str) -> bool:
    return re.findall(r"\d+", known) == re.findall(r"\d+", form)


def same_words(known: str, form: str) -> bool:
    """Tell whether no word was mistyped beyond recognition: "ghost chimp" is not "ghost ship"."""
    ours, theirs = known.split(), form.split()
    if len(ours) != len(theirs):
        return True
    return all(
        OSA.distance(a, b) <= (1 if min(len(a), len(b)) < 7 else 2)
        for a, b in zip(ours, theirs, strict=True)
    )


def _forms(item: Item) -> Iterator[tuple[str, float]]:
    for title, weight in ((item.title, _FULL), *((alias, _ALIAS) for alias in item.aliases)):
        moved = _TRAILING_ARTICLE.sub(r"\2 \1", title)
        yield from _written(normalise(moved), weight)
        if "-" in moved:
            yield from _written(normalise(moved.replace("-", "")), weight)
        parts = [normalise(part) for part in _SUBTITLE.split(moved)]
        if len(parts) > 1:
            # "Mission: Impossible" is not to be found by "mission", nor an item by the one word
            # that begins another title of it: "Ich – Einfach unverbesserlich", "Priscilla – ...".
            own = weight == _FULL
            for place, part in enumerate(parts):
                others = [other for other in parts if other is not part]
                long = any(len(other.split()) > 1 for other in others)
                if (own and place == 0 and long) or len(_content(part)) > 1:
                    yield from _written(part, _PART)


def _written(normal: str, weight: float) -> Iterator[tuple[str, float]]:
    words = normal.split()
    if not words:
        return
    yield title_form(words), weight
    if words[0] in ARTICLES and len(words) > 1:
        # "Arrival" is "Arrival" rather than "The Arrival".
        yield title_form(words[1:]), min(weight, _BARE)
    joined = "".join(words)
    if 1 < len(words) <= 3 and len(joined) <= _LONGEST_JOINED and words[0] not in ARTICLES:
        yield joined, weight


def _content(part: str) -> list[str]:
    return [word for word in part.split() if word not in FUNCTION and not word.isdigit()]


def _known(catalog: Catalog) -> NDArray[np.float32]:
    """Return how well known items are: interactions, and a guess for what came after the last.

    The newest items have none yet, but are what people mean rather than an obscure namesake.
    """
    year = catalog.schema.by_role("year")
    counts = catalog.popularity.copy()
    if year is None or not counts.any():
        return counts
    years = catalog.facets.numbers(year.name)
    newest = np.nanmax(np.where(counts > 0, years, np.nan))
    counts[(counts == 0) & (years >= newest)] = _UNRATED
    return counts


def _part(form: str, words: Set[str], name: str) -> bool:
    """Tell whether `form`, of the content `words`, is enough of a title or its beginning."""
    content = set(name.split()) - FUNCTION
    enough = len(words) < _PARTS or 2 * len(words) >= len(content)
    return words <= content and (enough or name.startswith(f"{form} "))


def _parts(catalog: Catalog) -> dict[str, set[int]]:
    """Return the rows of every series: "terminator" to "The Terminator", "Terminator 2: ..."."""
    parts: dict[str, set[int]] = defaultdict(set)
    for row, item in enumerate(catalog.items):
        title = _TRAILING_ARTICLE.sub(r"\1", item.title)
        head = _PART_MARK.split(title, maxsplit=1)[0]
        base = normalise(head).removeprefix("the ")
        if base:
            parts[base].add(row)
    for base in list(parts):
        # "Aliens" is a part of "Alien".
        if f"{base}s" in parts and len(parts[base]) > 1:
            parts[base] |= parts[f"{base}s"]
    return parts


def _series(forms: dict[str, dict[int, float]]) -> dict[str, set[int]]:
    """Return beginnings of two words or more that several titles share."""
    begins: dict[str, set[int]] = defaultdict(set)
    for form, rows in forms.items():
        words = form.split()
        for length in range(2, min(len(words), 6)):
            begin = words[:length]
            if begin[-1] not in FUNCTION and len(_content(" ".join(begin))) > 1:
                begins[" ".join(begin)].update(rows)
    return {begin: rows for begin, rows in begins.items() if len(rows) > 1 and begin not in forms}
