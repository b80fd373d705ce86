"""What one language's phrases are over one catalogue: the language's own table and its locale.

Owns: reading ``es.toml`` and its kin, turning the words of a `catalog.Locale` into phrases, and
inflecting them. Does not own: reading a message (`pivot`).
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from importlib.resources import files

from assistant.understanding.english import FUNCTION
from assistant.understanding.languages.patterns import PatternTable
from assistant.understanding.languages.tokens import HAN
from assistant.understanding.text import normalise
from assistant.understanding.value_index import ValueIndex
from catalog import Facet, Locale, Schema

_THAN = {"es": "{word} que", "de": "{word} als", "fr": "{word} que", "zh": "比 * {word}"}
_BOUNDS = {"es": ("o {word}",), "de": ("oder {word}",), "fr": ("ou {word}",), "zh": ()}


class Lexicon:
    """The phrases of one language for one schema.

    Attributes
    ----------
    table : PatternTable
        The phrases.
    nouns : tuple of (str, str)
        What items are called, in the language's forms and in English, the longest first.
    weak : frozenset of str
        Words that foreign titles are full of: no evidence of the language by themselves.
    people : mapping of str to str
        Names in Chinese characters to their normal form.
    """

    def __init__(self, language: str, schema: Schema, values: ValueIndex) -> None:
        folder = files("assistant.understanding.languages")
        form = tomllib.loads(folder.joinpath(f"{language}.toml").read_text(encoding="utf-8"))
        self.table = PatternTable(language, form["numbers"], form.get("classes"))
        self.weak = frozenset(str(word) for word in form["weak"])
        for phrase, english in form["phrases"].items():
            self.table.add(phrase, english)
        locale = schema.locales.get(language)
        self.nouns: tuple[tuple[str, str], ...] = ()
        self.people: dict[str, str] = {}
        if locale:
            self._add_locale(language, schema, locale, values)
        self.table.close()

    def _add_locale(self, language: str, schema: Schema, locale: Locale, index: ValueIndex) -> None:
        nouns = {locale.plural: schema.plural, locale.noun: schema.noun}
        if language == "de":
            nouns |= {f"{locale.plural}n": schema.plural, f"{locale.noun}s": schema.noun}
        for word, english in nouns.items():
            self.table.add(word, english)
        self.nouns = tuple(
            (normalise(word), english)
            for word, english in sorted(nouns.items(), key=lambda pair: -len(pair[0]))
        )
        for facet in schema.facets:
            if facet.name in locale.facets:
                self._add_facet(language, facet, locale)
        inflected: list[tuple[str, str]] = []
        for word, english in _values(schema, locale, index):
            # A single letter is no word of a message: a certificate is written with its cue.
            if len(word) > 1 or HAN.match(word):
                self.table.add(word, english, local=True)
            if language != "zh":
                inflected += [(other, english) for other in _inflected(word, language)]
        for word, english in inflected:
            self.table.add(word, english, local=True)
        self.people = {
            "".join(character for character in word if HAN.match(character)): normalise(value)
            for facet in schema.facets
            if facet.kind == "people" and facet.name in locale.facets
            for value, words in locale.facets[facet.name].values.items()
            for word in words
        }

    def _add_facet(self, language: str, facet: Facet, locale: Locale) -> None:
        local = locale.facets[facet.name]
        for words, english in ((local.higher, facet.higher), (local.lower, facet.lower)):
            for word in words if english else ():
                meant = normalise(english[0])
                than = _THAN[language].format(word=word)
                self.table.add(than, f"{meant} than *" if "*" in than else f"{meant} than")
                for bound in _BOUNDS[language]:
                    self.table.add(bound.format(word=word), f"or {meant}")
                self.table.add(word, meant)
        for cue in local.cues if facet.cues else ():
            meant = normalise(facet.cues[0])
            if facet.kind == "people":
                self.table.add(f"{cue} @", f"{meant} @")
            # "película de" leads to what it is about as well: it needs the name after it.
            if facet.kind != "people" or normalise(cue).split()[-1] not in self.weak:
                self.table.add(cue, meant)
        if local.label:
            self.table.add(local.label, normalise(facet.label))


def _values(schema: Schema, locale: Locale, index: ValueIndex) -> Iterator[tuple[str, str]]:
    """Yield each local word with the English one for all that it means.

    A word for two values ("francés", a country's and a language) becomes the English word that
    means both ("french"), so that the English rules choose; else the words of each.
    """
    meant: dict[str, list[tuple[Facet, list[str]]]] = defaultdict(list)
    for facet in schema.facets:
        local = locale.facets.get(facet.name)
        if local is None or facet.kind == "people":
            continue
        for value, words in local.values.items():
            for word in dict.fromkeys(word.casefold() for word in words):
                meant[word].append((facet, _spellings(facet, value)))
    for word, values in meant.items():
        first = values[0][1]
        common = [form for form in first if all(form in forms for _, forms in values[1:])]
        if len(values) > 1 and common:
            yield word, common[0]
        else:
            yield word, " ".join(_surest(facet, forms, index) for facet, forms in values)


def _spellings(facet: Facet, value: str) -> list[str]:
    """Return the English words for `value`, but for those that only their capitals tell."""
    shown = facet.label if facet.kind == "flag" else value
    forms = [normalise(word) for word in (shown, *facet.synonyms.get(value, ()))]
    return [form for form in forms if len(form) > 1 and form not in FUNCTION] or forms


def _surest(facet: Facet, forms: list[str], index: ValueIndex) -> str:
    """Return the form that means a value of `facet` before one of another facet."""
    for form in forms:
        entries = index.lookup(form)
        if not entries or entries[0].facet.name == facet.name:
            return form
    return f"{normalise(facet.cues[0])} {forms[0]}" if facet.cues else forms[0]


def _inflected(word: str, language: str) -> Iterator[str]:
    """Yield the other forms of an adjective or a noun; one that is no word does no harm."""
    lower = word.casefold()
    match language:
        case "es":
            if lower.endswith("o"):
                yield from (f"{word[:-1]}{ending}" for ending in ("a", "os", "as"))
            elif lower.endswith(("és", "án", "ín", "ón")):
                stem = word[:-2] + {"é": "e", "á": "a", "í": "i", "ó": "o"}[lower[-2]] + word[-1]
                yield from (f"{stem}{ending}" for ending in ("a", "es", "as"))
            elif lower.endswith("z"):
                yield f"{word[:-1]}ces"
            elif lower.endswith(("a", "e")):
                yield f"{word}s"
            else:
                yield from (f"{word}es", f"{word}a", f"{word}as")
        case "fr":
            yield from (f"{word}s", f"{word}e", f"{word}es", f"{word}x")
            for ending, other in (("eux", "euse"), ("if", "ive"), ("el", "elle"), ("en", "enne"),
                                  ("eur", "euse"), ("er", "ère"), ("al", "aux"),
                                  ("teur", "trice")):  # fmt: skip
                if lower.endswith(ending):
                    yield from (f"{word[: -len(ending)]}{other}", f"{word[: -len(ending)]}{other}s")
        case "de":
            stem = word[:-1] if lower.endswith("e") else word
            yield from (f"{stem}{ending}" for ending in ("e", "er", "en", "es", "em", "n", "s"))
            if lower.endswith("el"):
                yield from (f"{word[:-2]}l{ending}" for ending in ("e", "er", "en", "es"))
        case _:
            return
