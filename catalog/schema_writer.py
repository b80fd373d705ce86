"""A schema as TOML that an operator can edit; the inverse of `catalog.schema.parse_schema`.

Owns: writing. Does not own: reading (`catalog.schema`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import cast

from catalog.schema import Facet, Schema

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def write_schema(schema: Schema) -> str:
    """Return `schema` as TOML; reading it back gives an equal schema, but for its locales.

    What has its default value is left out, but for the keys that an operator is likely to edit.
    """
    lines = [
        _line(entry.name, getattr(schema, entry.name))
        for entry in fields(Schema)
        if entry.name not in {"facets", "locales"}
    ]
    for facet in schema.facets:
        lines += _facet(facet)
    return "\n".join(lines) + "\n"


def _facet(facet: Facet) -> list[str]:
    table = f"facets.{_key(facet.name)}"
    lines = ["", f"[{table}]"]
    tables: list[str] = []
    for entry in fields(Facet):
        value = getattr(facet, entry.name)
        if entry.name == "name" or value == _default(entry):
            continue
        if isinstance(value, Mapping):
            tables += ["", f"[{table}.{entry.name}]"]
            words = cast("Mapping[str, object]", value)
            tables += [_line(key, word) for key, word in words.items()]
        else:
            lines.append(_line(entry.name, value))
    return lines + tables


def _default(entry: object) -> object:
    factory = getattr(entry, "default_factory", MISSING)
    return getattr(entry, "default", MISSING) if factory is MISSING else factory()


def _line(key: str, value: object) -> str:
    return f"{_key(key)} = {_value(value)}"


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _value(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        # JSON escapes what TOML escapes, but for DEL.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, tuple):
        return f"[{', '.join(_value(part) for part in cast('tuple[object, ...]', value))}]"
    return repr(value)
