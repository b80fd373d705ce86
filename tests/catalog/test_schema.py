from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from catalog import Schema, parse_schema, read_schema
from catalog.errors import SchemaError
from catalog.schema_writer import write_schema
from tests.catalog import strategies

ROOT = Path(__file__).parents[2] / "catalog"


@settings(max_examples=80, deadline=None)
@given(strategies.schemas())
def test_written_and_read_back_is_the_same(schema: Schema) -> None:
    assert parse_schema(write_schema(schema)) == schema


@pytest.mark.parametrize("path", ["demo/schema.toml", "examples/shop/schema.toml"])
def test_our_schemas_survive_the_round_trip(path: str) -> None:
    schema = read_schema(ROOT / path)
    again = parse_schema(write_schema(schema))
    assert again == replace(schema, locales={})  # they stand in files of their own
    assert repr(again) == repr(schema)  # the catalogue's fingerprint is over this


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("name = ", "not valid TOML"),
        ('name = "x"\nnouns = "y"', "nouns"),
        ('name = "x"\n[facets.a]\nkind = "colour"', "facets.a.kind"),
        ('name = "x"\n[facets.a]\nkind = "number"\nphrase = "about"', "needs {value}"),
    ],
)
def test_a_wrong_schema_says_where(toml: str, message: str) -> None:
    with pytest.raises(SchemaError) as raised:
        parse_schema(toml)
    assert message in str(raised.value)
