"""The words of other languages: read beside the schema, kept by the database, checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import catalog
from catalog import Catalog, Locale, LocalFacet, read_schema
from catalog.codec import decode_schema, encode_schema
from catalog.errors import SchemaError
from catalog.locale import parse_locale

_CATALOG = Path(catalog.__file__).parent
_SCHEMAS = [_CATALOG / "demo" / "schema.toml", _CATALOG / "examples" / "shop" / "schema.toml"]
_SCHEMA = 'name = "tins"\n[facets.colour]\nkind = "category"\n'


@pytest.mark.parametrize("path", _SCHEMAS, ids=["films", "shop"])
def test_every_shipped_schema_speaks_four_languages(path: Path) -> None:
    schema = read_schema(path)

    assert sorted(schema.locales) == ["de", "es", "fr", "zh"]
    for locale in schema.locales.values():
        for facet in schema.facets:
            local = locale.facets[facet.name]
            assert local.label
            assert bool(local.question) == bool(facet.question)
            assert bool(local.higher) == bool(facet.higher)
            assert bool(local.lower) == bool(facet.lower)


def test_every_genre_has_its_words() -> None:
    schema = read_schema(_SCHEMAS[0])
    for locale in schema.locales.values():
        assert set(schema.facet("genres").synonyms) <= set(locale.facets["genres"].values)


def test_locale_is_read_from_beside_the_schema(tmp_path: Path) -> None:
    (tmp_path / "schema.toml").write_text(_SCHEMA)
    (tmp_path / "schema.es.toml").write_text(
        'noun = "lata"\nplural = "latas"\nconsumed = "comprada"\n'
        '[facets.colour]\nlabel = "color"\nvalues = { red = ["rojo"] }\n',
        encoding="utf-8",
    )

    schema = read_schema(tmp_path / "schema.toml")

    words = LocalFacet(label="color", values={"red": ("rojo",)})
    assert schema.locales == {"es": Locale("lata", "latas", "comprada", {"colour": words})}


def test_locale_of_an_unknown_facet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "schema.toml").write_text(_SCHEMA)
    (tmp_path / "schema.es.toml").write_text(
        'noun = "a"\nplural = "b"\nconsumed = "c"\n[facets.price]\nlabel = "precio"\n'
    )

    with pytest.raises(SchemaError, match="price"):
        read_schema(tmp_path / "schema.toml")


def test_phrase_without_a_place_is_refused() -> None:
    text = 'noun = "a"\nplural = "b"\nconsumed = "c"\n[facets.colour]\nphrase = "en rojo"\n'

    with pytest.raises(SchemaError, match="value"):
        parse_locale(text)


def test_database_keeps_locales_and_reads_what_an_earlier_version_wrote() -> None:
    schema = read_schema(_SCHEMAS[1])
    earlier = encode_schema(replace(schema, locales={})).replace(', "locales": {}', "")

    assert "locales" not in earlier
    assert decode_schema(encode_schema(schema)) == schema
    assert decode_schema(earlier) == replace(schema, locales={})


def test_words_of_other_languages_make_no_derived_file_stale(tiny: Catalog) -> None:
    local = replace(tiny.schema, locales={"es": Locale("libro", "libros", "leído")})

    assert Catalog.build(local, tiny.items).fingerprint == tiny.fingerprint
