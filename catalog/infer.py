"""A first schema, guessed from the columns of a file, for the operator to edit.

Owns: telling what a column is by its name and its values. Does not own: reading cells
(`catalog.clean`) or writing the schema down (`catalog.schema_writer`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from catalog.clean import (
    identifier,
    is_flag_word,
    read_flag,
    read_link,
    read_quantity,
    read_values,
    read_year,
)
from catalog.columns import Column, columns_of
from catalog.errors import IngestError
from catalog.measures import COMPARATIVES, currency_of, units_of
from catalog.readers import Table
from catalog.schema import Facet, FacetKind, Role, Schema

_ID_NAMES = ("item_id", "product_id", "id", "sku", "asin", "isbn", "uuid", "ean", "upc", "gtin")
_TITLE_NAMES = ("title", "name", "product_name", "product_title", "item_name", "product", "item")
_TEXT_WORDS = {"description", "synopsis", "summary", "overview", "plot", "details", "text", "body"}
_URL_WORDS = {"url", "link", "href", "permalink", "page"}
_IMAGE_WORDS = {"image", "img", "picture", "photo", "thumbnail", "poster"}
_PRICE_WORDS = {"price", "cost", "msrp", "rrp"}
_STOCK_WORDS = {"stock", "instock", "inventory", "availability", "available"}
_COUNT_NAMES = {"quantity", "qty"}
_YEAR_WORDS = {"year", "released", "published"}
_DURATION_WORDS = {"runtime", "duration", "minutes"}
_TYPE_WORDS = {"category", "categories", "type", "department", "section"}
_MAKER_WORDS = {"brand", "manufacturer", "maker", "vendor"}
_PEOPLE_CUES = {
    "author": ("by", "written by"),
    "director": ("by", "directed by"),
    "artist": ("by",),
    "writer": ("by", "written by"),
    "cast": ("with", "starring"),
    "actor": ("with", "starring"),
}
_SEPARATORS = ("|", ";", " > ", ",")


@dataclass(frozen=True, slots=True)
class Inference:
    """A guessed schema, and the columns that found no use in it."""

    schema: Schema
    unused: tuple[str, ...]


def infer_schema(table: Table, name: str) -> Inference:
    """Return the schema that fits the columns of `table` best.

    Parameters
    ----------
    table : Table
        The rows of a source file; up to 2,000 of them, spread evenly, are looked at.
    name : str
        Name of the catalogue.

    Raises
    ------
    IngestError
        When no column looks like a title.
    """
    columns = columns_of(table)
    title = _title(columns)
    columns = [column for column in columns if column.cells]
    item_id = _identifier(columns, title.name)
    rest = [column for column in columns if column.name not in {title.name, item_id}]
    image = _linked(rest, _IMAGE_WORDS)
    url = _linked([column for column in rest if column.name != image], _URL_WORDS)
    rest = [column for column in rest if column.name not in {url, image}]
    texts = sorted(filter(_is_text, rest), key=lambda column: -column.length)
    facets: list[Facet] = []
    unused: list[str] = []
    for column in rest:
        if column in texts:
            continue
        facet = _facet(column)
        if facet is None or any(other.name == facet.name for other in facets):
            unused.append(column.name)
        else:
            facets.append(facet)
    schema = Schema(
        name=name,
        noun="item",
        plural="items",
        item_id=item_id,
        title=title.name,
        texts=tuple(column.name for column in texts),
        facets=tuple(facets),
        url=url,
        image=image,
        consumed="bought" if any(facet.role == "price" for facet in facets) else "seen",
    )
    return Inference(schema, tuple(unused))


def _title(columns: Sequence[Column]) -> Column:
    for wanted in _TITLE_NAMES:
        for column in columns:
            if identifier(column.name) == wanted:
                return column
    for column in columns:
        if column.words & {"title", "name"}:
            return column
    known = ", ".join(repr(column.name) for column in columns)
    raise IngestError(
        f"no column looks like a title among {known}; write a schema.toml whose `title` names the "
        "column, and ingest with it"
    )


def _identifier(columns: Sequence[Column], title: str) -> str:
    """Return the identifier column, or an empty string where there is none."""
    candidates = [column for column in columns if column.name != title and _mostly_unique(column)]
    for wanted in _ID_NAMES:
        for column in candidates:
            if identifier(column.name) == wanted:
                return column.name
    return next((column.name for column in candidates if "id" in column.words), "")


def _mostly_unique(column: Column) -> bool:
    # Duplicates are expected in a messy file; a foreign key repeats far more often.
    return column.distinct >= 0.8 * len(column.cells)


def _linked(columns: Sequence[Column], words: set[str]) -> str:
    found = [column for column in columns if column.share(read_link) > 0.5 and column.words & words]
    return found[0].name if found else ""


def _is_text(column: Column) -> bool:
    if any(isinstance(cell, list) for cell in column.cells) or column.share(read_link) > 0.5:
        return False
    if column.words & _TEXT_WORDS and column.length >= 20:
        return True
    return column.length >= 60 and _mostly_unique(column)


def _facet(column: Column) -> Facet | None:
    """Return what `column` is, or None where nothing can be made of it."""
    if column.share(read_link) > 0.5 or "id" in column.words:
        return None
    return _flag(column) or _number(column) or _category(column)


def _flag(column: Column) -> Facet | None:
    if column.words & _STOCK_WORDS or identifier(column.name) in _COUNT_NAMES:
        if column.share(lambda cell: read_flag(cell) is not None) < 0.9:
            return None
        return Facet("in_stock", "flag", "in stock", column.name, "require", role="availability")
    counted = column.share(lambda cell: read_quantity(cell) is not None) > 0.9
    if column.share(is_flag_word) < 0.9 or (counted and column.distinct < 2):
        return None
    return _base(column, "flag")


def _number(column: Column) -> Facet | None:
    role: Role = ""
    if column.words & _PRICE_WORDS:
        role = "price"
    elif column.words & _YEAR_WORDS and column.share(read_year) > 0.8:
        role = "year"
    elif column.words & _DURATION_WORDS:
        role = "duration"
    quantities = [read_quantity(cell, money=role == "price") for cell in column.cells]
    known = [quantity for quantity in quantities if quantity is not None]
    # A price column may well say "call us"; other numbers are numbers nearly everywhere.
    if role != "year" and len(known) < (0.5 if role == "price" else 0.9) * len(column.cells):
        return None
    facet = replace(_base(column, "number"), role=role)
    units = units_of(column.words, known, role)
    if role != "year" and units is None:
        return None
    key = role or next((key for key in COMPARATIVES if key in column.words), "")
    higher, lower = COMPARATIVES.get(key, ((), ()))
    facet = replace(facet, higher=higher, lower=lower, in_text=False)
    if role == "year":
        return replace(facet, integer=True, phrase="from {value}")
    integer = all(quantity.value.is_integer() for quantity in known) and role != "price"
    if role == "price":
        return replace(facet, phrase="priced at {value}", prefix=currency_of(column.words, known))
    unit = next(iter(units or {}), "")
    return replace(facet, integer=integer, units=units or {}, unit=f" {unit}" if unit else "")


def _category(column: Column) -> Facet | None:
    separator = _separator(column)
    values = [value for cell in column.cells for value in read_values(cell, separator)]
    if not values or sum(map(len, values)) / len(values) > 40:
        return None
    maker = bool(column.words & _MAKER_WORDS)
    singular = {word.rstrip("s") for word in column.words}
    people = next((cues for word, cues in _PEOPLE_CUES.items() if word in singular), None)
    # A word of its own for nearly every item tells nothing about any of them.
    repeated = len({value.casefold() for value in values}) <= 0.8 * len(values)
    if not repeated and not maker and people is None and len(column.cells) >= 20:
        return None
    facet = replace(
        _base(column, "category"),
        separator=separator,
        stance="require" if column.words & _TYPE_WORDS else "prefer",
        label=_label(column.name),
    )
    if people is not None:
        return replace(facet, kind="people", cues=people, phrase=f"{people[-1]} {{value}}")
    if maker:
        return replace(facet, cues=("by", "from", "made by"), phrase="made by {value}")
    return facet


def _separator(column: Column) -> str:
    """Return the mark that cuts cells into values that repeat, or an empty string."""
    for separator in _SEPARATORS:
        cut = column.share(lambda cell, mark=separator: isinstance(cell, str) and mark in cell)
        if cut < 0.1:
            continue
        values = [value for cell in column.cells for value in read_values(cell, separator)]
        distinct = len({value.casefold() for value in values})
        short = sum(map(len, values)) / max(1, len(values)) <= 30
        if short and distinct / max(1, len(values)) < column.distinct / len(column.cells):
            return separator
    return ""


def _base(column: Column, kind: FacetKind) -> Facet:
    return Facet(identifier(column.name), kind, _label(column.name), column.name)


def _label(name: str) -> str:
    return identifier(name).replace("_", " ")
