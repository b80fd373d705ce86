"""Every way in which people write the values of a catalogue's facets, and the names in it.

Owns: `ValueIndex`: written form to facet values. Does not own: whether words in a message mean
them (`values`). Open vocabularies (thousands of keywords) lend only their more frequent words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.understanding.english import FILLER, FUNCTION
from assistant.understanding.text import normalise
from assistant.understanding.title_index import same_words
from catalog import Catalog, Facet

_MIN_ITEMS = 3
"""A single word of an open vocabulary counts when this many items carry it."""
_OPEN = 400
"""Values from which on a vocabulary is open."""
_DECADE = re.compile(r"\d{4}s$")
_SHORTEST = 4
_LONGEST_COMPARED = 8
"""Letters of adjectives that are compared by "-er"."""
_COVERED = 0.7
"""Share of a value's items that must have the closed value which its last word names."""
_SHORTEST_NICKNAME = 3
_SHORT_FOR = {
    "bob": "rob", "bobby": "rob", "bill": "will", "billy": "will", "dick": "rich", "jim": "james",
    "jimmy": "james", "jack": "john", "johnny": "john", "liz": "elizabeth", "beth": "elizabeth",
    "meg": "margaret", "peggy": "margaret", "tony": "anthony", "ted": "edward", "ned": "edward",
    "kate": "cate", "cathy": "cath", "hank": "henry", "harry": "har", "larry": "laurence",
    "mike": "mich", "mickey": "mich", "chuck": "charles", "charlie": "charl", "andy": "andr",
    "marty": "martin", "sandy": "sandra", "tommy": "tom", "eddie": "ed", "joey": "jo",
    "benny": "ben", "kenny": "ken", "danny": "dan", "dave": "david", "jen": "jennifer",
    "jenny": "jennifer",
    "nicky": "nic", "scar": "scarlett", "ally": "al", "sammy": "sam", "stevie": "ste",
    "manny": "man",
}  # fmt: skip
"""First letters of the names that nicknames stand for which do not begin with them."""
_DOMINANT = 0.6
"""Share of a surname's appearances that one person must have to be meant by it alone."""


@dataclass(frozen=True, slots=True)
class ValueEntry:
    """One value that a written form may mean.

    Attributes
    ----------
    facet : Facet
        Where it is a value.
    value : str
        As the catalogue writes it; "yes" for a flag.
    exact : bool
        Whether the form is the value itself, not a synonym.
    count : int
        Items that carry it.
    case : str
        Required spelling where the form is too short to be told from a word ("R", "US").
    partial : bool
        Whether the form is only part of a name ("Tarantino").
    rare : bool
        Whether a single word of an open vocabulary has too few items to be a wish on its own.
    """

    facet: Facet
    value: str
    exact: bool
    count: int
    case: str = ""
    partial: bool = False
    rare: bool = False


class ValueIndex:
    """Written forms of facet values; lookup is one dictionary access.

    Attributes
    ----------
    open_facets : set of str
        Facets with so many values that a word of theirs is little evidence.
    words : frozenset of str
        Every word of every form.
    first_names : frozenset of str
        Of the people it knows.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._forms: dict[str, list[ValueEntry]] = defaultdict(list)
        # "Lighter" is a weight where the schema says so, "funnier" is more of "funny".
        self._compared = {
            normalise(w) for f in catalog.schema.facets for w in (*f.higher, *f.lower)
        }
        self.open_facets: set[str] = set()
        for facet in catalog.schema.facets:
            if facet.kind == "number":
                continue
            counts = _counts(catalog, facet)
            if facet.kind == "category" and len(counts) > _OPEN:
                self.open_facets.add(facet.name)
            for entry, form in _entries(facet, counts, facet.name in self.open_facets):
                self._add(form, entry)
            if facet.kind == "people":
                for entry, form in _single_names(facet, counts):
                    self._add(form, entry)
        self.first_names = _first_names(self._forms)
        self._surnames = _surnames(self._forms)
        self._add_plurals()
        self._apart = self._things_of_their_own(catalog)
        self._longest: dict[str, int] = defaultdict(int)
        for form in self._forms:
            words = form.split(" ")
            self._longest[words[0]] = max(self._longest[words[0]], len(words))
        self.words = frozenset(word for form in self._forms for word in form.split())
        self._alike: dict[tuple[str, int], list[str]] = defaultdict(list)
        for form in self._forms:
            if len(form) >= _SHORTEST and not self._forms[form][0].rare:
                self._alike[form[0], len(form)].append(form)

    def longest(self, word: str) -> int:
        """Return how many words the longest form has that begins with `word`."""
        return self._longest.get(word, 0)

    def lookup(self, form: str) -> list[ValueEntry]:
        """Return what `form` may mean: facets in schema order, the exact value first in each."""
        return self._forms.get(form, [])

    def names_person(self, form: str) -> bool:
        """Tell whether `form` is the whole name of somebody."""
        return any(e.facet.kind == "people" and not e.partial for e in self.lookup(form))

    def names_something(self, form: str) -> bool:
        """Tell whether `form` is a value of any kind."""
        return bool(self.lookup(form))

    def nickname(self, first: str, surname: str) -> list[ValueEntry]:
        """Return the person whose first name `first` shortens: "nic cage"; the best known wins."""
        if len(first) < _SHORTEST_NICKNAME:
            return []
        begins = _SHORT_FOR.get(first, first)
        known = [
            entry
            for name, entry in self._surnames.get(surname, ())
            if name.startswith((first, begins)) and name != first
        ]
        return [max(known, key=lambda entry: entry.count)] if known else []

    def surname(self, words: Sequence[str]) -> int:
        """Return how many of the first of `words` are a surname: two of "de niro"."""
        lengths = range(len(words), 0, -1)
        return next((n for n in lengths if " ".join(words[:n]) in self._surnames), 0)

    def closest(self, form: str) -> str | None:
        """Return the known form within typing mistakes of `form`.

        One from five letters on, two from eight; in four letters only two that changed places.
        """
        if len(form) < _SHORTEST:
            return None
        allowed = 1 if len(form) < 8 else 2
        hits = [
            hit
            for length in range(len(form) - allowed, len(form) + allowed + 1)
            if (hit := process.extractOne(
                form,
                self._alike.get((form[0], length), []),
                scorer=OSA.distance,
                score_cutoff=allowed,
            ))
        ]  # fmt: skip
        best = min(hits, key=lambda hit: hit[1])[0] if hits else None
        short = len(form) == _SHORTEST
        if best and short and (sorted(best) != sorted(form) or self._forms[best][0].partial):
            return None
        return best if best and same_words(best, form) else None

    def decomposes(self, form: str) -> bool:
        """Tell whether the last word of `form` says what it is: "spy thriller" is a thriller.

        It is so where most items of the value also have the value of the closed vocabulary that
        the last word names: few items of "cold war" are war films. Another name of a value that has
        the word in it means that value: "second world war" is "world war ii".
        """
        last = form.rpartition(" ")[2]
        for entry in self.lookup(form):
            renamed = not entry.exact and last in entry.value.lower().split()
            if renamed or entry.facet.name not in self.open_facets:
                return False
        return bool(self._kind(form)) and form not in self._apart

    def _kind(self, form: str) -> list[ValueEntry]:
        last = self.lookup(form.rpartition(" ")[2])
        closed = [e for e in last if e.facet.name not in self.open_facets]
        return closed[:1] if closed and closed[0].facet.kind == "category" else []

    def _things_of_their_own(self, catalog: Catalog) -> set[str]:
        """Return the forms that no closed value covers although their last word names one."""
        forms = {
            form: (entries[0], kind[0])
            for form, entries in self._forms.items()
            if " " in form and entries[0].facet.name in self.open_facets
            and (kind := self._kind(form))
        }  # fmt: skip
        counts: Counter[str] = Counter()
        for item in catalog.items:
            held = {value for values in item.labels.values() for value in values}
            counts.update(
                form for form, (entry, kind) in forms.items() if {entry.value, kind.value} <= held
            )
        return {
            form
            for form, (entry, _) in forms.items()
            if entry.count >= _MIN_ITEMS and counts[form] < _COVERED * entry.count
        }

    def _add(self, form: str, entry: ValueEntry) -> None:
        entries = self._forms[form]
        if not form or any(
            known.facet.name == entry.facet.name and known.value == entry.value for known in entries
        ):
            return
        entries.append(entry)

    def _add_plurals(self) -> None:
        for form, entries in list(self._forms.items()):
            if entries[0].facet.kind != "category" or entries[0].case or form.isdigit():
                continue
            for other in _inflected(form):
                known = self._forms.get(other, [])
                if other not in FUNCTION | self._compared and all(
                    e.facet.name in self.open_facets for e in known
                ):
                    rest = [e for e in known if e not in entries]
                    self._forms[other] = [*entries, *rest]


def _counts(catalog: Catalog, facet: Facet) -> Counter[str]:
    if facet.kind == "flag":
        return Counter({"yes": sum(item.flags.get(facet.name, False) for item in catalog.items)})
    return Counter(value for item in catalog.items for value in item.labels.get(facet.name, ()))


def _entries(facet: Facet, counts: Counter[str], is_open: bool) -> Iterator[tuple[ValueEntry, str]]:
    """Yield values, then synonyms, with their written forms."""
    if facet.kind == "flag":
        for word in (facet.label, facet.name.replace("_", " ")):
            yield ValueEntry(facet, "yes", True, counts["yes"]), normalise(word)
    else:
        for value, count in counts.items():
            form = normalise(value)
            rare = is_open and " " not in form and count < _MIN_ITEMS
            filler = is_open and form in FILLER
            if (
                form in FUNCTION
                or filler
                or (
                    # A decade is a keyword only where it is no date: "set in the 1950s".
                    is_open and form[:1].isdigit() and not _DECADE.match(form)
                )
            ):
                continue
            yield ValueEntry(facet, value, True, count, _case(value), rare=rare), form
    for value, words in facet.synonyms.items():
        if counts[value] or facet.kind == "flag":
            for word in words:
                form = normalise(word)
                yield ValueEntry(facet, value, form == normalise(value), counts[value],
                                 _case(word)), form  # fmt: skip


def _case(value: str) -> str:
    form = normalise(value)
    return value if len(form) == 1 or form in FUNCTION else ""


def _single_names(facet: Facet, counts: Counter[str]) -> Iterator[tuple[ValueEntry, str]]:
    """Yield names that stand for one person: the surname, or a rare first name."""
    holders: dict[str, Counter[str]] = defaultdict(Counter)
    for name, count in counts.items():
        words = normalise(name).split()
        if len(words) > 1:
            for part in {words[-1], " ".join(words[1:]), words[0]}:
                holders[part][name] += count
    for part, people in holders.items():
        (name, count), total = people.most_common(1)[0], people.total()
        first = normalise(name).split()[0] == part
        if len(part) > 3 and count >= (8 if first else 3) and count >= _DOMINANT * total:
            yield ValueEntry(facet, name, False, count, partial=True), part


def _first_names(forms: Mapping[str, Sequence[ValueEntry]]) -> frozenset[str]:
    return frozenset(
        form.split()[0]
        for form, entries in forms.items()
        if " " in form and any(e.facet.kind == "people" and not e.partial for e in entries)
    )


def _surnames(forms: Mapping[str, Sequence[ValueEntry]]) -> dict[str, list[tuple[str, ValueEntry]]]:
    """Return the people of `forms` by what follows their first name, with that first name."""
    found: dict[str, list[tuple[str, ValueEntry]]] = defaultdict(list)
    for form, entries in forms.items():
        first, _, rest = form.partition(" ")
        for entry in entries:
            if rest and entry.exact and entry.facet.kind == "people":
                found[rest].append((first, entry))
    return found


def _inflected(form: str) -> Iterator[str]:
    yield f"{form}s"
    if " " not in form and 3 < len(form) < _LONGEST_COMPARED:
        yield re.sub(r"e?$", "er", re.sub(r"y$", "i", form), count=1)
    if form.endswith("y"):
        yield f"{form[:-1]}ies"
    if form.endswith(("s", "x", "ch", "sh")):
        yield f"{form}es"
    if form.endswith("ies"):
        yield f"{form[:-3]}y"
    verb, _, rest = form.partition(" ")
    if rest and verb.endswith("s") and not verb.endswith("ss"):
        yield f"{re.sub(r'(?<=sh|ch)es$|s$', '', verb, count=1)} {rest}"  # "crushes ice"
    if form.endswith("s") and len(form) > 4:
        yield form[:-1]
