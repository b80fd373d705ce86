"""What an import found, and what a catalogue is like: what came in, what did not, what is missing.

Owns: `QualityReport` and collecting it, `CatalogQuality`. Does not own: the checks
(`catalog.ingest`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from catalog.catalog import Catalog
from catalog.item import Item
from catalog.schema import Schema

_EXAMPLES = 3
THIN_TEXT = 40
"""Characters of free text below which an item can hardly be found by meaning."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that went wrong, on how many rows, with the first few of them.

    Attributes
    ----------
    what : str
        ``"empty title"``, ``"price: not a number"``.
    rows : int
        How many rows of the source it concerns.
    examples : tuple of str
        The first three, with their row number, counted from 1 without the header.
    """

    what: str
    rows: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many items say something about a facet, and how many different things."""

    facet: str
    items: int
    share: float
    values: int


@dataclass(frozen=True, slots=True)
class QualityReport:
    """The outcome of one import.

    Attributes
    ----------
    source : str
        The file, or the name of the data.
    schema : Schema
        As given or inferred.
    rows, items : int
        Rows read, and items that entered the catalogue.
    rejected : tuple of Finding
        Why rows did not enter, most frequent first; their counts add up to ``rows - items``.
    warnings : tuple of Finding
        What was left out of rows that did enter, most frequent first.
    coverage : tuple of Coverage
        One for each facet, in the schema's order.
    thin_texts : int
        Items with under `THIN_TEXT` characters of free text.
    interactions : int
        Interactions that entered.
    interactions_rejected : tuple of Finding
        Why interactions did not enter.
    """

    source: str
    schema: Schema
    rows: int
    items: int
    rejected: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    coverage: tuple[Coverage, ...]
    thin_texts: int
    interactions: int = 0
    interactions_rejected: tuple[Finding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON-able values; the schema as its own mapping."""
        return asdict(self)

    def to_text(self) -> str:
        """Return the report as lines for a terminal."""
        lines = [f"{self.source}: {self.items:,} of {self.rows:,} rows became {self.schema.plural}"]
        lines += _section("Rejected rows", self.rejected)
        lines += _section("Values left out", self.warnings)
        lines.append("Facets (share of items that say something, different values):")
        lines += [
            f"  {entry.facet:<24} {entry.share:>6.1%} {entry.values:>8,}" for entry in self.coverage
        ]
        if self.thin_texts:
            lines.append(
                f"{self.thin_texts:,} items have under {THIN_TEXT} characters of free text: "
                "they are hard to find by meaning"
            )
        if self.interactions or self.interactions_rejected:
            lines.append(f"{self.interactions:,} interactions")
            lines += _section("Rejected interactions", self.interactions_rejected)
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Namesakes:
    """Items that no person can tell apart by name."""

    name: str
    item_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CatalogQuality:
    """What a catalogue says of its items, and what it does not.

    Attributes
    ----------
    items : int
        How many there are.
    coverage : tuple of Coverage
        One for each facet, in the schema's order.
    thin_texts : int
        Items with under `THIN_TEXT` characters of free text.
    without_image, without_url : int
        Items with none.
    unmet : int
        Items that nobody has interacted with: collaborative filtering knows nothing of them.
    namesakes : tuple of Namesakes
        Titles, with the year where there is one, that several items have; most items first.
    """

    items: int
    coverage: tuple[Coverage, ...]
    thin_texts: int
    without_image: int
    without_url: int
    unmet: int
    namesakes: tuple[Namesakes, ...]

    @classmethod
    def of(cls, catalog: Catalog) -> CatalogQuality:
        """Return what `catalog` is like; O(items x facets)."""
        items = catalog.items
        named: dict[str, list[int]] = defaultdict(list)
        for row in range(len(items)):
            named[catalog.name(row).casefold()].append(row)
        twice = sorted((rows for rows in named.values() if len(rows) > 1), key=lambda r: -len(r))
        return cls(
            len(items),
            coverage(catalog.schema, items),
            thin_texts(items),
            sum(not item.image for item in items),
            sum(not item.url for item in items),
            int((catalog.popularity == 0).sum()),
            tuple(
                Namesakes(catalog.name(rows[0]), tuple(items[row].item_id for row in rows))
                for rows in twice
            ),
        )


@dataclass(slots=True)
class Findings:
    """Collects findings while an import runs."""

    _rows: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    _counts: dict[str, int] = field(default_factory=dict[str, int])

    def add(self, what: str, row: int, example: str = "") -> None:
        """Note that `what` happened on source row `row` (counted from 1)."""
        self._counts[what] = self._counts.get(what, 0) + 1
        examples = self._rows.setdefault(what, [])
        if len(examples) < _EXAMPLES:
            examples.append(f"row {row}: {example[:60]!r}" if example else f"row {row}")

    def result(self) -> tuple[Finding, ...]:
        """Return what was noted, most frequent first, ties in order of appearance."""
        order = sorted(self._counts, key=lambda what: -self._counts[what])
        return tuple(Finding(what, self._counts[what], tuple(self._rows[what])) for what in order)


def coverage(schema: Schema, items: Sequence[Item]) -> tuple[Coverage, ...]:
    """Return how well each facet of `schema` is filled in `items`."""
    result: list[Coverage] = []
    for facet in schema.facets:
        values: set[object] = set()
        known = 0
        for item in items:
            if facet.kind == "number":
                found: tuple[object, ...] = (item.numbers.get(facet.name),)
            elif facet.kind == "flag":
                found = (item.flags.get(facet.name),)
            else:
                found = item.labels.get(facet.name, ())
            found = tuple(value for value in found if value is not None)
            known += bool(found)
            values.update(found)
        result.append(Coverage(facet.name, known, known / max(1, len(items)), len(values)))
    return tuple(result)


def thin_texts(items: Sequence[Item]) -> int:
    """Return how many `items` have too little free text to be found by meaning."""
    return sum(sum(map(len, item.texts.values())) < THIN_TEXT for item in items)


def _section(title: str, findings: Sequence[Finding]) -> list[str]:
    if not findings:
        return []
    return [
        f"{title}:",
        *(
            f"  {finding.rows:>7,}  {finding.what}  ({'; '.join(finding.examples)})"
            for finding in findings
        ),
    ]
