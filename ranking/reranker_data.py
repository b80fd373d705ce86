"""What the reranker learns from: requests that were written, and requests composed from facets.

Owns: reading a requests file, the split by item, composing requests. Does not own: the texts of
the items (`ranking.late_interaction`) or the training (`ranking.train_reranker`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from catalog import Catalog, Constraint, Facet, Item
from catalog.errors import CatalogError

Split = Literal["train", "validation", "test"]

_OPENINGS = (
    "{}", "{}", "{}", "{}", "something {}", "anything {}", "looking for {}", "I'd like {}",
    "in the mood for {}", "got anything {}?", "what do you have that's {}", "{} please",
)  # fmt: skip
_JOINS = (", ", ", ", " and ", ", but ", ", with ", " ")
_DENIALS = ("not {}", "no {}", "nothing {}", "without {}", "nothing too {}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One item and what people said who wanted it.

    Attributes
    ----------
    row : int
        The item's row.
    requests : tuple of str
        Texts that the item answers.
    near_miss : str
        A text that shares words with the item and that it must not answer; may be empty.
    """

    row: int
    requests: tuple[str, ...]
    near_miss: str = ""


@dataclass(frozen=True, slots=True)
class Composed:
    """A request made from an item's own facets.

    Attributes
    ----------
    row : int
        The item that it was made from.
    text : str
        The request.
    facts : tuple of Constraint
        What it says, so that other items which answer it too are not taken for wrong ones.
    """

    row: int
    text: str
    facts: tuple[Constraint, ...]


def read_requests(path: Path, catalog: Catalog) -> tuple[Wanted, ...]:
    """Return the requests in the JSONL file at `path` for items that `catalog` has.

    Each line is ``{"item_id": str, "requests": [str, ...], "near_miss": str}``; the last key may
    be left out.

    Raises
    ------
    CatalogError
        When the file cannot be read, a line is malformed, or no line fits the catalogue.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogError(f"cannot read requests {str(path)!r}: {error}") from error
    wanted: list[Wanted] = []
    for number, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
            row = catalog.rows.get(entry["item_id"])
            requests = tuple(str(text) for text in entry["requests"])
            near_miss = str(entry.get("near_miss", ""))
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise CatalogError(f"{path}:{number} is not a request: {line[:80]!r}") from error
        if row is not None:
            wanted.append(Wanted(row, requests, near_miss))
    if not wanted:
        raise CatalogError(f"no request in {str(path)!r} is for an item of {catalog.schema.name!r}")
    return tuple(wanted)


def split_of(item_id: str) -> Split:
    """Return the split of an item: 15% test, 10% validation, by a hash of its id.

    An item keeps its split when others come or go.
    """
    place = int(hashlib.sha256(f"vouch{item_id}".encode()).hexdigest(), 16) % 100
    return "test" if place < 15 else "validation" if place < 25 else "train"


def compose_request(catalog: Catalog, row: int, rng: np.random.Generator) -> Composed | None:
    """Return a request for `row` from two to four of its facets, or None where it has under two.

    One in four also denies a value that the item does not have.
    """
    item = catalog.items[row]
    known = [facet for facet in catalog.schema.facets if _has(facet, item)]
    if len(known) < 2:
        return None
    chosen = rng.choice(len(known), min(len(known), int(rng.integers(2, 5))), replace=False)
    said = [_say(known[int(index)], item, rng) for index in chosen]
    if rng.random() < 0.25 and (denied := _deny(catalog, item, rng)):
        said.append(denied)
    words = said[0][0]
    for phrase, _ in said[1:]:
        words += str(rng.choice(_JOINS)) + phrase
    text = str(rng.choice(_OPENINGS)).format(words)
    return Composed(row, text, tuple(fact for _, fact in said))


def _has(facet: Facet, item: Item) -> bool:
    if facet.kind == "number":
        return facet.name in item.numbers
    return bool(item.labels.get(facet.name)) or item.flags.get(facet.name, False)


def _say(facet: Facet, item: Item, rng: np.random.Generator) -> tuple[str, Constraint]:
    """Return one of the ways in which people ask for what `item` has in `facet`."""
    if facet.kind == "number":
        return _say_number(facet, item.numbers[facet.name], rng)
    if facet.kind == "flag":
        return facet.label, Constraint(facet.name, "=", value=True)
    value = str(rng.choice(item.labels[facet.name]))
    words = [value, value, facet.phrase.format(value=value)]
    words += [f"{cue} {value}" for cue in facet.cues]
    words += facet.synonyms.get(value, ())
    text = str(rng.choice(words))
    lower = facet.kind == "category" and rng.random() < 0.5
    return text.lower() if lower else text, Constraint(facet.name, "=", value)


def _say_number(facet: Facet, value: float, rng: np.random.Generator) -> tuple[str, Constraint]:
    if facet.role == "year":
        decade = int(value) // 10 * 10
        ways: Sequence[tuple[str, Constraint]] = (
            (f"{value:g}", Constraint(facet.name, "=", value)),
            (f"{decade}s", Constraint(facet.name, ">=", decade)),
            (f"{decade % 100:02d}s", Constraint(facet.name, ">=", decade)),
            (f"after {value - rng.integers(1, 6):g}", Constraint(facet.name, ">=", value - 5)),
            (f"before {value + rng.integers(1, 6):g}", Constraint(facet.name, "<=", value + 5)),
        )
    else:
        # Two figures are what people say: 119 becomes "under 120".
        step = 10.0 ** max(0, len(f"{abs(value):.0f}") - 2)
        above, below = (value // step + 1) * step, value // step * step
        ways = (
            (facet.display(value), Constraint(facet.name, "=", value)),
            (f"under {facet.display(above)}", Constraint(facet.name, "<=", above)),
            (f"at least {facet.display(below)}", Constraint(facet.name, ">=", below)),
        )
    return ways[int(rng.integers(len(ways)))]


def _deny(catalog: Catalog, item: Item, rng: np.random.Generator) -> tuple[str, Constraint] | None:
    """Return the denial of a value that another item has and `item` lacks, where one turns up."""
    facets = [f for f in catalog.schema.facets if f.kind == "category" and item.labels.get(f.name)]
    if not facets:
        return None
    facet = facets[int(rng.integers(len(facets)))]
    other = catalog.items[int(rng.integers(len(catalog)))].labels.get(facet.name, ())
    lacking = [value for value in other if value not in item.labels[facet.name]]
    if not lacking:
        return None
    value = str(rng.choice(lacking))
    text = str(rng.choice(_DENIALS)).format(value.lower())
    return text, Constraint(facet.name, "!=", value)
