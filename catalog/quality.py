"""What an import found: how much came in, what did not and why.

Owns: `QualityReport`, and collecting it. Does not own: the checks (`catalog.ingest`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

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
