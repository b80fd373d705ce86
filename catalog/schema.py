"""What the columns of a catalogue mean, read from TOML.

Owns: `Schema` and `Facet`, and their TOML form. Does not own: the items (`catalog.item`) or the
evaluation of constraints (`catalog.facets`). Nothing outside a schema file may know that a
catalogue is about films: words, units, comparatives and phrases all come from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from catalog.errors import SchemaError
from catalog.locale import Locale, read_locales
from catalog.toml_form import read_form

FacetKind = Literal["category", "people", "number", "flag"]
Stance = Literal["prefer", "require"]
Role = Literal["", "price", "year", "duration", "availability", "kind"]


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing that is known about every item of a catalogue.

    Attributes
    ----------
    name : str
        Identifier used in constraints, ``"runtime_minutes"``.
    kind : {"category", "people", "number", "flag"}
        ``people`` are names (linked as entities), ``category`` a vocabulary, ``number`` a
        measured quantity, ``flag`` yes or no.
    label : str
        How a person reads the name, ``"running time"``.
    column : str
        Source column in an ingested file.
    stance : {"prefer", "require"}
        What a plain positive mention means: a soft preference or a hard ``=`` constraint.
    phrase : str
        Fragment of a reason, with ``{value}``: ``"directed by {value}"``.
    cues : tuple of str
        Words before a value that point to this facet: ``("by", "directed by")``.
    synonyms : mapping of str to tuple of str
        Canonical value to the other words people use for it.
    role : str
        A meaning that general language depends on: price, year, duration, availability, or the
        kind of thing that an item is (kettle, lamp).
    prefix, unit : str
        Shown before and after a number: ``"$"``, ``" min"``.
    units : mapping of str to float
        Unit word to its multiple of the stored unit: ``{"hours": 60}``.
    higher, lower : tuple of str
        Comparatives: ``("newer",)``, ``("older",)``.
    high, low : tuple of str
        What people call too much and too little of it: ``("long",)``, ``("short",)``.
    integer : bool
        Whether values are whole, so that "after 1990" is ``>= 1991``.
    separator : str
        Splits several values in one CSV cell.
    in_text : bool
        Whether the values are part of the item's text for search and ranking.
    on_card : bool
        Whether the values are shown on a card's facts line.
    question : str
        What to ask to learn a preference over this facet; empty is never asked.
    asks : tuple of str
        How people ask for an item's value: ``"who directed"``, ``"how is {item} rated"``; the item
        comes last where it has no place.
    """

    name: str
    kind: FacetKind
    label: str
    column: str
    stance: Stance = "prefer"
    phrase: str = "{value}"
    cues: tuple[str, ...] = ()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    role: Role = ""
    prefix: str = ""
    unit: str = ""
    units: Mapping[str, float] = field(default_factory=dict[str, float])
    higher: tuple[str, ...] = ()
    lower: tuple[str, ...] = ()
    high: tuple[str, ...] = ()
    low: tuple[str, ...] = ()
    integer: bool = False
    separator: str = "|"
    in_text: bool = True
    on_card: bool = True
    question: str = ""
    # As the locales: no part of what is derived from the catalogue.
    asks: tuple[str, ...] = field(default=(), repr=False)

    def display(self, value: str | float | bool) -> str:
        """Return `value` as a person reads it: ``119`` as ``"119 min"``, ``9.5`` as ``"$9.50"``."""
        if isinstance(value, bool):
            return self.label if value else f"not {self.label}"
        if isinstance(value, str):
            return value
        if self.role == "price":
            return f"{self.prefix}{value:,.2f}{self.unit}".replace(".00", "")
        number = f"{value:g}" if self.role == "year" else f"{value:,.10g}"
        return f"{self.prefix}{number}{self.unit}"


@dataclass(frozen=True, slots=True)
class Schema:
    """The meaning of one catalogue's columns.

    Attributes
    ----------
    name : str
        Short identifier of the catalogue, ``"films"``.
    noun, plural : str
        What one item and several are called in a sentence.
    item_id, title : str
        Columns of the identifier and the title.
    texts : tuple of str
        Columns of free text, most telling first.
    url, image : str
        Columns of links; empty where there are none.
    facets : tuple of Facet
        In the order in which they are shown.
    consumed : str
        Past participle for "seen it": ``"seen"`` for films, ``"bought"`` for a shop.
    openers : tuple of str
        Example first messages for the page.
    locales : mapping of str to Locale
        The words of other languages by ISO 639-1 code; no part of the catalogue's fingerprint.
    """

    name: str
    noun: str
    plural: str
    item_id: str
    title: str
    texts: tuple[str, ...]
    facets: tuple[Facet, ...]
    url: str = ""
    image: str = ""
    consumed: str = "seen"
    openers: tuple[str, ...] = ()
    # Not shown, and so not hashed: files derived from the catalogue hold nothing of it.
    locales: Mapping[str, Locale] = field(default_factory=dict[str, Locale], repr=False)

    def facet(self, name: str) -> Facet:
        """Return the facet called `name`.

        Raises
        ------
        SchemaError
            When there is none; the message lists those there are.
        """
        for facet in self.facets:
            if facet.name == name:
                return facet
        known = ", ".join(facet.name for facet in self.facets)
        raise SchemaError(f"no facet {name!r} in catalogue {self.name!r}; it has: {known}")

    def has(self, name: str) -> bool:
        """Tell whether there is a facet called `name`."""
        return any(facet.name == name for facet in self.facets)

    def by_role(self, role: Role) -> Facet | None:
        """Return the first facet with `role`, or None where the catalogue has none."""
        return next((facet for facet in self.facets if facet.role == role), None)


class _FacetForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: FacetKind
    label: str = ""
    column: str = ""
    stance: Stance = "prefer"
    phrase: str = "{value}"
    cues: tuple[str, ...] = ()
    synonyms: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    role: Role = ""
    prefix: str = ""
    unit: str = ""
    units: dict[str, float] = Field(default_factory=dict)
    higher: tuple[str, ...] = ()
    lower: tuple[str, ...] = ()
    high: tuple[str, ...] = ()
    low: tuple[str, ...] = ()
    integer: bool = False
    separator: str = "|"
    in_text: bool = True
    on_card: bool = True
    question: str = ""
    asks: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _phrase_has_a_place(self) -> _FacetForm:
        if "{value}" not in self.phrase:
            raise ValueError(f"phrase {self.phrase!r} needs {{value}}")
        return self


class _SchemaForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    noun: str = "item"
    plural: str = ""
    item_id: str = "item_id"
    title: str = "title"
    texts: tuple[str, ...] = ()
    url: str = ""
    image: str = ""
    consumed: str = "seen"
    openers: tuple[str, ...] = ()
    facets: dict[str, _FacetForm] = Field(default_factory=dict)


def parse_schema(text: str, source: str = "schema") -> Schema:
    """Return the schema written in TOML `text`.

    Parameters
    ----------
    text : str
        TOML; see ``catalog/demo/schema.toml`` for every key in use.
    source : str
        Named in errors.

    Raises
    ------
    SchemaError
        When the TOML is malformed or a key is unknown or missing.
    """
    form = read_form(_SchemaForm, text, source, "schema")
    facets = tuple(_facet(name, facet) for name, facet in form.facets.items())
    fields = form.model_dump(exclude={"facets"})
    fields["plural"] = form.plural or f"{form.noun}s"
    return Schema(**fields, facets=facets)


def _facet(name: str, form: _FacetForm) -> Facet:
    fields = form.model_dump()
    fields["label"] = form.label or name.replace("_", " ")
    fields["column"] = form.column or name
    return Facet(name=name, **fields)


def read_schema(path: Path) -> Schema:
    """Return the schema in the TOML file at `path`, with the locales beside it.

    Raises
    ------
    SchemaError
        As `parse_schema`, and when a locale speaks of a facet that the schema lacks.
    """
    try:
        schema = parse_schema(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise SchemaError(f"cannot read schema {str(path)!r}: {error}") from error
    locales = read_locales(path)
    for locale in locales.values():
        for name in locale.facets:
            schema.facet(name)
    return replace(schema, locales=locales)
