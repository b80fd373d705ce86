from __future__ import annotations

from pathlib import Path

from catalog import Facet, Schema
from catalog.infer import infer_schema
from catalog.quality import Findings
from catalog.readers import read_table

SHOP = Path(__file__).parents[2] / "catalog" / "examples" / "shop"


def inferred(path: Path) -> Schema:
    return infer_schema(read_table(path, Findings(), Findings()), "guessed").schema


def write(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("\n".join([header, *rows]))
    return path


def test_a_shop(tmp_path: Path) -> None:
    schema = inferred(SHOP / "items.csv")
    assert (schema.item_id, schema.title, schema.url) == ("sku", "name", "url")
    assert schema.texts == ("description",)
    assert schema.consumed == "bought"
    kinds = {facet.name: (facet.kind, facet.role) for facet in schema.facets}
    assert kinds == {
        "brand": ("category", ""),
        "category": ("category", ""),
        "price": ("number", "price"),
        "in_stock": ("flag", "availability"),
        "colour": ("category", ""),
        "weight_kg": ("number", ""),
        "power_watts": ("number", ""),
        "rating": ("number", ""),
        "features": ("category", ""),
    }
    price = schema.facet("price")
    assert price.prefix == "$"
    assert "cheaper" in price.lower
    assert "pricier" in price.higher
    assert schema.facet("category").stance == "require"
    assert schema.facet("colour").stance == "prefer"
    assert "by" in schema.facet("brand").cues
    assert schema.facet("features").separator == "|"
    assert schema.facet("weight_kg").lower == ("lighter",)
    assert schema.facet("weight_kg").unit == " kg"
    assert schema.facet("weight_kg").units["g"] == 0.001


def test_films_and_books(tmp_path: Path) -> None:
    rows = [
        f"{n},Story {n},{1990 + n % 20},{'Ann Lee; Bo Ray' if n % 2 else 'Ann Lee'},"
        f"{90 + n % 40} min,{'Drama;Crime' if n % 3 else 'Crime'},{'yes' if n % 2 else 'no'}"
        for n in range(60)
    ]
    path = write(
        tmp_path / "f.csv", "movieId,title,releaseYear,authors,runtime,genres,in_print", rows
    )
    schema = inferred(path)
    assert (schema.item_id, schema.title, schema.consumed) == ("movieId", "title", "seen")
    facets = {facet.name: facet for facet in schema.facets}
    assert facets["release_year"].role == "year"
    assert facets["release_year"].integer
    assert facets["runtime"].role == "duration"
    assert facets["runtime"].units["hours"] == 60
    assert (facets["authors"].kind, facets["authors"].separator) == ("people", ";")
    assert facets["genres"].separator == ";"
    assert facets["in_print"].kind == "flag"


def only_facet(tmp_path: Path, header: str, cells: list[str]) -> Facet | None:
    rows = [f"Thing {n},{cells[n % len(cells)]}" for n in range(40)]
    facets = inferred(write(tmp_path / "x.csv", f"title,{header}", rows)).facets
    return facets[0] if facets else None


def test_prices_in_other_currencies(tmp_path: Path) -> None:
    euro = only_facet(tmp_path, "price", ['"EUR 12,50"', "call us", '"1.299,00 EUR"', "EUR 9"])
    assert euro is not None
    assert (euro.role, euro.prefix) == ("price", "€")


def test_a_sentence_with_commas_is_not_a_list(tmp_path: Path) -> None:
    facet = only_facet(tmp_path, "series", ['"Rain, Steam, Speed"', '"Salt, Stone, Sky"'])
    assert facet is not None
    assert facet.separator == ""


def test_ones_and_zeros_are_a_flag_but_small_counts_are_not(tmp_path: Path) -> None:
    flag = only_facet(tmp_path, "organic", ["0", "1"])
    assert flag is not None
    assert flag.kind == "flag"
    count = only_facet(tmp_path, "doors", ["0", "1", "2", "4"])
    assert count is not None
    assert count.kind == "number"


def test_what_has_no_meaning_is_left_out_and_said(tmp_path: Path) -> None:
    rows = [f"Thing {n},X-{n}-{n * 7},{n % 3}" for n in range(40)]
    table = read_table(
        write(tmp_path / "x.csv", "title,batch,shelf_id", rows), Findings(), Findings()
    )
    inference = infer_schema(table, "x")
    assert inference.schema.facets == ()
    assert set(inference.unused) == {"batch", "shelf_id"}
    assert inference.schema.item_id == ""


def test_a_duration_in_plain_numbers_is_in_minutes_unless_its_name_says(tmp_path: Path) -> None:
    plain = only_facet(tmp_path, "runtime", ["90", "120", "100"])
    assert plain is not None
    assert (plain.unit, plain.units["hours"]) == (" min", 60)
    hours = only_facet(tmp_path, "duration_hours", ["1.5", "2", "3"])
    assert hours is not None
    assert (hours.unit, hours.units["minutes"]) == (" hours", 1 / 60)


def test_mixed_units_of_one_family_go_together_others_do_not(tmp_path: Path) -> None:
    weight = only_facet(tmp_path, "weight", ["500 g", "1.5 kg", "2 kg"])
    assert weight is not None
    assert weight.units["g"] == 0.001
    mixed = only_facet(tmp_path, "size", ["500 g", "1.5 m", "2 pieces"])
    assert mixed is not None
    assert mixed.kind == "category"
