"""What every test may use: a private home, the example shop, and the film demo built once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from catalog import Catalog, Facet, Item, Schema

if TYPE_CHECKING:
    from assistant.engine import Assistant


@pytest.fixture(autouse=True)
def _private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may read or write the person's own settings, keys or data."""
    monkeypatch.setenv("VOUCH_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def tiny() -> Catalog:
    """Six invented books: small enough to know every right answer by heart."""
    schema = Schema(
        name="books",
        noun="book",
        plural="books",
        item_id="id",
        title="title",
        texts=("blurb",),
        facets=(
            Facet("year", "number", "year", "year", role="year", integer=True,
                  higher=("newer",), lower=("older",)),
            Facet("price", "number", "price", "price", role="price", prefix="$",
                  higher=("pricier",), lower=("cheaper",)),
            Facet("genre", "category", "genre", "genre", question="Which genre?"),
            Facet("author", "people", "author", "author", phrase="by {value}", cues=("by",)),
            Facet("in_print", "flag", "in print", "in_print", role="availability"),
        ),
    )  # fmt: skip
    rows = [
        ("a", "Ash", 1990, 10.0, ("Crime",), ("Ann Lee",), True),
        ("b", "Birch", 1995, 20.0, ("Crime", "Comedy"), ("Bo Ray",), True),
        ("c", "Cedar", 2000, 30.0, ("Comedy",), ("Ann Lee",), False),
        ("d", "Dogwood", 2005, 40.0, ("Horror",), ("Di Fox",), True),
        ("e", "Elm", 2010, 50.0, ("Horror", "Crime"), ("Di Fox",), False),
        ("f", "Fir", 2015, 60.0, ("Romance",), (), True),
    ]
    items = [
        Item(
            key,
            title,
            {"genre": genre, **({"author": author} if author else {})},
            {"year": year, "price": price},
            {"in_print": in_print},
            {"blurb": f"A story about a {title.lower()} tree."},
        )
        for key, title, year, price, genre, author, in_print in rows
    ]
    return Catalog.build(schema, items)


@pytest.fixture(scope="session")
def film_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the whole film demo, built from nothing once per run (about two minutes)."""
    from assistant.home import open_assistant
    from assistant.settings import load_settings

    home = tmp_path_factory.mktemp("films")
    open_assistant(load_settings(home=home))
    return home


@pytest.fixture(scope="session")
def films(film_home: Path) -> Assistant:
    """The assistant over the film demo, templates only."""
    from assistant.home import open_assistant
    from assistant.settings import load_settings

    return open_assistant(load_settings(home=film_home))


@pytest.fixture(scope="session")
def shop_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the example shop, built from nothing once per run."""
    from assistant.settings import load_settings
    from catalog import read_schema
    from catalog.database import open_database
    from catalog.ingest import ingest

    home = tmp_path_factory.mktemp("shop")
    source = Path(__file__).parents[1] / "catalog" / "examples" / "shop"
    database = open_database(load_settings(home=home).url)
    ingest(database, source / "items.csv", schema=read_schema(source / "schema.toml"))
    return home


@pytest.fixture(scope="session")
def shop(shop_home: Path) -> Assistant:
    """The assistant over the example shop, templates only."""
    from assistant.home import open_assistant
    from assistant.settings import load_settings

    return open_assistant(load_settings(home=shop_home))
