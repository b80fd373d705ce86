"""The words of another language for what a schema says in English.

Owns: `Locale`, `LocalFacet` and their TOML form: ``schema.es.toml`` beside ``schema.toml`` holds
the Spanish ones. Does not own: the schema (`catalog.schema`), how a language is read
(`assistant.understanding.languages`) or written. Nothing here is read by search or ranking, so a
better translation makes no derived file stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, model_validator

from catalog.errors import SchemaError
from catalog.toml_form import read_form


@dataclass(frozen=True, slots=True)
class LocalFacet:
    """One facet in another language; what is left empty is shown in English.

    Attributes
    ----------
    label : str
        How a person reads the facet's name: ``"duración"``.
    phrase : str
        Fragment of a reason, with ``{value}``: ``"dirigida por {value}"``.
    question : str
        What to ask to learn a preference over this facet.
    values : mapping of str to tuple of str
        Value of the schema to the words for it, the first being the one displayed; of a number,
        its unit words.
    higher, lower : tuple of str
        Comparatives: ``("más nueva", "más reciente")``.
    cues : tuple of str
        Words before a value that point to this facet: ``("dirigida por",)``.
    """

    label: str = ""
    phrase: str = ""
    question: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    higher: tuple[str, ...] = ()
    lower: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Locale:
    """A schema's words in another language.

    Attributes
    ----------
    noun, plural : str
        What one item and several are called.
    consumed : str
        Past participle for "seen it", as it stands after "have": ``"visto"``.
    facets : mapping of str to LocalFacet
        By name of the facet.
    """

    noun: str
    plural: str
    consumed: str
    facets: Mapping[str, LocalFacet] = field(default_factory=dict[str, LocalFacet])


class _FacetForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    label: str = ""
    phrase: str = ""
    question: str = ""
    values: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    higher: tuple[str, ...] = ()
    lower: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _phrase_has_a_place(self) -> _FacetForm:
        if self.phrase and "{value}" not in self.phrase:
            raise ValueError(f"phrase {self.phrase!r} needs {{value}}")
        return self


class _LocaleForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    noun: str
    plural: str
    consumed: str
    facets: dict[str, _FacetForm] = Field(default_factory=dict)


def parse_locale(text: str, source: str = "locale") -> Locale:
    """Return the locale written in TOML `text`; `source` is named in errors.

    Raises
    ------
    SchemaError
        When the TOML is malformed or a key is unknown or missing.
    """
    form = read_form(_LocaleForm, text, source, "locale")
    facets = {name: LocalFacet(**facet.model_dump()) for name, facet in form.facets.items()}
    return Locale(form.noun, form.plural, form.consumed, facets)


def read_locales(schema: Path) -> Mapping[str, Locale]:
    """Return the locales beside the file `schema`, by language code.

    ``schema.toml`` has its Spanish words in ``schema.es.toml``.
    """
    found: dict[str, Locale] = {}
    for path in sorted(schema.parent.glob(f"{schema.stem}.??{schema.suffix}")):
        try:
            found[path.stem[-2:]] = parse_locale(path.read_text(encoding="utf-8"), str(path))
        except OSError as error:
            raise SchemaError(f"cannot read locale {str(path)!r}: {error}") from error
    return found
