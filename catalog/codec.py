"""Items and schemas as JSON text, and back to equal values.

Owns: the form in which `catalog.database` keeps them. Exact: a whole number stays whole, so that
the catalogue's fingerprint is the same after loading.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, cast

from catalog.item import Item
from catalog.locale import Locale, LocalFacet
from catalog.schema import Facet, Schema


def encode_item(item: Item) -> str:
    """Return `item` as JSON; empty fields are left out, as most items use half of them."""
    values = ((entry.name, getattr(item, entry.name)) for entry in fields(Item))
    return json.dumps({name: value for name, value in values if value})


def decode_item(text: str) -> Item:
    """Return the item that `encode_item` wrote."""
    payload: dict[str, Any] = json.loads(text)
    labels = {name: tuple(values) for name, values in payload.pop("labels", {}).items()}
    aliases = tuple(payload.pop("aliases", ()))
    return Item(**payload, labels=labels, aliases=aliases)


def encode_schema(schema: Schema) -> str:
    """Return `schema` as JSON."""
    return json.dumps(asdict(schema))


def decode_schema(text: str) -> Schema:
    """Return the schema that `encode_schema` wrote."""
    payload: dict[str, Any] = json.loads(text)
    facets = tuple(Facet(**_tuples(facet)) for facet in payload.pop("facets"))
    # Databases of earlier versions have none.
    locales = {code: _locale(locale) for code, locale in payload.pop("locales", {}).items()}
    return Schema(**_tuples(payload), facets=facets, locales=locales)


def _locale(payload: dict[str, Any]) -> Locale:
    facets = {name: LocalFacet(**_tuples(facet)) for name, facet in payload.pop("facets").items()}
    return Locale(**payload, facets=facets)


def _tuples(payload: Mapping[str, Any]) -> dict[str, Any]:
    # JSON has no tuples; lists stand only where a schema has tuples.
    result: dict[str, Any] = {}
    for name, value in payload.items():
        if isinstance(value, list):
            result[name] = tuple(cast("list[Any]", value))
        elif isinstance(value, dict):
            result[name] = _tuples(cast("dict[str, Any]", value))
        else:
            result[name] = value
    return result
