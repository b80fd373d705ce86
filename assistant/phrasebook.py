"""Every sentence that Vouch says to a person, by key, in the person's language.

Owns: `Phrasebook`, `phrasebook`, and how lists, counts, values and conditions read in a language.
Does not own: the sentences (``phrases/<language>.toml``), the words of a catalogue (its schema and
the schema's locales), or which sentence is said when (`assistant.templates`, `assistant.evidence`).

What the catalogue knows of an item (titles, people, descriptions) is never translated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.state import Preference
from assistant.wording import quotable, short
from assistant.wordings import LANGUAGES, Wording, load_wordings
from catalog import Constraint, Facet, Operator, Schema
from catalog.errors import ConfigurationError
from catalog.locale import LocalFacet

IMPLIED = ("noun", "plural", "consumed")
"""Placeholders that every sentence may use without being given a value: the catalogue's words."""

Last = Literal["and", "or", "nor"]

_LAST: Mapping[Last, str] = {"and": "listing.and", "or": "listing.or", "nor": "listing.nor"}
_BOUNDS: Mapping[Operator, str] = {
    ">=": "condition.at_least",
    "<=": "condition.at_most",
    "=": "condition.exactly",
    "!=": "condition.other_than",
}
_NOTHING = LocalFacet()
# Spanish says "e" for "y" before the sound i, and "u" for "o" before the sound o.
_SOUNDS_I = re.compile(r"\W*h?i(?!e)", re.I)
_SOUNDS_O = re.compile(r"\W*h?o", re.I)


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """What Vouch says about one catalogue in one language.

    Attributes
    ----------
    language : str
        ISO 639-1 code, one of `LANGUAGES`.
    schema : Schema
        Gives the catalogue's words, with its locale for the language where there is one.
    wordings : mapping of str to Wording
        By key: ``"missing.titles"``.
    """

    language: str
    schema: Schema
    wordings: Mapping[str, Wording]

    def say(self, key: str, *, variant: int = 0, **values: str | int) -> str:
        """Return the sentence or fragment called `key` with `values` in its places.

        Parameters
        ----------
        key : str
            As in the phrase files: ``"missing.titles"``.
        variant : int
            Chooses among equal wordings, where there are several.
        **values : str or int
            By placeholder. Whole numbers are written as the language writes them; one called
            ``count`` also chooses between the wordings ``one`` and ``many``. The placeholders
            `IMPLIED` need not be given.

        Raises
        ------
        ConfigurationError
            When there is no such key, or a placeholder of it has no value.
        """
        wording = self.wordings.get(key)
        if wording is None:
            raise ConfigurationError(f"the phrases of {self.language!r} have no key {key!r}")
        equals = wording.one if values.get("count") == 1 else wording.many
        shown = {
            name: self.number(value) if isinstance(value, int) else value
            for name, value in values.items()
        }
        try:
            return equals[variant % len(equals)].format_map({**self._implied(), **shown})
        except KeyError as error:
            raise ConfigurationError(f"phrase {key!r} needs a value for {error}") from error

    def listing(self, words: Sequence[str], last: Last = "and") -> str:
        """Return `words` as a list in a sentence: ``"A"``, ``"A and B"``, ``"A, B and C"``.

        ``"nor"`` is the "or" of a denial: "I don't have A or B", "no tengo A ni B".
        """
        if len(words) < 2:
            return "".join(words)
        key = _LAST[last]
        if last == "and" and _SOUNDS_I.match(words[-1]):
            key = "listing.and_before_i"
        elif last == "or" and _SOUNDS_O.match(words[-1]):
            key = "listing.or_before_o"
        return f"{self.say('listing.comma').join(words[:-1])}{self.say(key)}{words[-1]}"

    def commas(self, clauses: Sequence[str]) -> str:
        """Return `clauses` one after the other: ``"tense, under two hours"``."""
        return self.say("listing.clause").join(clauses)

    def joined(self, sentences: Sequence[str]) -> str:
        """Return `sentences` as one paragraph, without the empty ones."""
        return self.say("listing.space").join(filter(None, sentences))

    def number(self, number: int) -> str:
        """Return a whole number as the language writes it: ``"9,066"``, ``"9.066"``."""
        return f"{number:,}".translate(self._separators())

    def count(self, number: int) -> str:
        """Return how many items, within a sentence: ``"five films"``, ``"one film"``."""
        names = self.wordings["number.names"].many
        name = names[number] if number < len(names) else self.number(number)
        return self.say("number.items", count=number, number=name)

    def quoted(self, text: str) -> str:
        """Return a person's words, or a condition's, in the language's quotation marks."""
        inner = str.maketrans(self.say("quotes.outer"), self.say("quotes.inner"))
        return self.say("quotes.text", text=text.translate(inner))

    def title(self, title: str) -> str:
        """Return an item's title fit for a sentence: cut where it is very long, else as it is."""
        return self.say("quotes.title", text=short(title))

    def label(self, facet: Facet) -> str:
        """Return how a person reads the facet's name: ``"running time"``."""
        return self._local(facet).label or facet.label

    def value(self, facet: Facet, value: str | float | bool) -> str:
        """Return one value as a person reads it; names of people are never translated."""
        if isinstance(value, bool):
            label = self.label(facet)
            return label if value else self.say("condition.not_flag", label=label)
        local = self._local(facet)
        words = local.values.get(value) if isinstance(value, str) else None
        if words:
            return words[0]
        if isinstance(value, str):
            return value
        number = replace(facet, unit="").display(value).translate(self._separators())
        unit = local.values.get(facet.unit.strip())
        return f"{number} {unit[0]}" if unit else f"{number}{facet.unit}"

    def phrase(self, facet: Facet, values: Sequence[str]) -> str:
        """Return the schema's fragment for `values`: ``"directed by A and B"``."""
        if facet.kind == "flag":
            return self.label(facet)
        phrase = self._local(facet).phrase or facet.phrase
        return phrase.replace("{value}", self.values(facet, values))

    def values(self, facet: Facet, values: Sequence[str]) -> str:
        """Return several values as a list in a sentence: ``"A and B"``."""
        return self.listing([self.value(facet, value) for value in values])

    def word(self, word: str) -> str:
        """Return a word that some facet may have as a value; any other as it is."""
        shown = (self.value(facet, word) for facet in self.schema.facets)
        return next((text for text in shown if text != word), word)

    def question(self, facet: Facet) -> str:
        """Return what to ask to learn a preference over `facet`; empty is never asked."""
        return self._local(facet).question or facet.question

    def comparative(self, facet: Facet, *, more: bool) -> str:
        """Return the word for more, or less, of a number: ``"longer"``."""
        local = self._local(facet)
        words = (local.higher or facet.higher) if more else (local.lower or facet.lower)
        return words[0]

    def condition(self, constraint: Constraint) -> str:
        """Return a condition: a measure in the person's words, else in the schema's."""
        facet, value = self.schema.facet(constraint.facet), constraint.value
        if facet.kind == "number":
            words = quotable(constraint.text)
            return self.bound(constraint) if self._compares(facet, words) else words
        if facet.kind == "flag":
            return self.value(facet, bool(value) == (constraint.op == "="))
        if constraint.op == "!=":
            return self.say("condition.without", value=self.value(facet, value))
        return self.phrase(facet, (str(value),))

    def bound(self, constraint: Constraint) -> str:
        """Return a measure's condition in the schema's words: ``"price at most $25"``."""
        facet = self.schema.facet(constraint.facet)
        shown = self.value(facet, float(constraint.value))
        return self.say(_BOUNDS[constraint.op], label=self.label(facet), value=shown)

    def wish(self, wish: Preference) -> str:
        """Return a soft wish: ``"tense in mood"``, ``"less violent"``."""
        facet = self.schema.facet(wish.facet)
        if wish.weight < 0:
            return self.say("change.less", value=self.aim(wish))
        return self.aim(wish) if facet.kind == "number" else self.phrase(facet, (wish.value,))

    def aim(self, wish: Preference) -> str:
        """Return what a soft wish is about: ``"tense"``; a measure in the person's words."""
        facet = self.schema.facet(wish.facet)
        bound = Constraint.wished(wish.facet, wish.value)
        if bound is not None:
            return quotable(wish.text) or self.bound(bound)
        return self.label(facet) if facet.kind == "flag" else self.value(facet, wish.value)

    def _compares(self, facet: Facet, words: str) -> bool:
        """Tell whether `words` are none, or name no amount: "shorter" than what is long gone."""
        said = words.casefold()
        if any(character.isdigit() for character in said):
            return False
        vague = (*facet.higher, *facet.lower, *facet.high, *facet.low)
        # Which words of another language are vague is not known: the bound is always right.
        return not said or self.language != "en" or any(w.casefold() in said for w in vague)

    def _local(self, facet: Facet) -> LocalFacet:
        locale = self.schema.locales.get(self.language)
        return locale.facets.get(facet.name, _NOTHING) if locale else _NOTHING

    def _implied(self) -> Mapping[str, str]:
        words = self.schema.locales.get(self.language, self.schema)
        return {"noun": words.noun, "plural": words.plural, "consumed": words.consumed}

    def _separators(self) -> Mapping[int, str]:
        return str.maketrans({",": self.say("number.thousands"), ".": self.say("number.decimal")})


def phrasebook(language: str, schema: Schema) -> Phrasebook:
    """Return what Vouch says about `schema`'s catalogue in `language`, else in English.

    The phrases are read once per process; the rest costs nothing.
    """
    language = language if language in LANGUAGES else LANGUAGES[0]
    return Phrasebook(language, schema, load_wordings(language))
