"""Golden messages: what each must be understood as, and how an understanding is compared.

A line of tests/golden/understanding/*.jsonl holds a message, optionally the slate on the table and
what the profile holds, and the whole expected result; what a line leaves out must be empty.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.state import Context, Opinion, Preference, Understanding, UserProfile
from assistant.understanding import Understander
from catalog import Catalog, Constraint

GOLDEN = Path(__file__).parents[1] / "golden" / "understanding"


@dataclass(frozen=True, slots=True)
class Case:
    """One golden line, on the catalogue that it speaks of."""

    catalog: Catalog
    row: dict[str, Any]
    names: dict[str, str]

    def differences(self, understander: Understander) -> dict[str, tuple[object, object]]:
        """Return what differs, as (expected, found) by field."""
        found = understander.understand(self.row["message"], self._context())
        pairs: dict[str, tuple[object, object]] = {
            **{
                field: (self._ids(field), {o.item_id for o in getattr(found, field)})
                for field in ("likes", "dislikes", "seen")
            },
            "again": (self._ids("again"), set(found.again)),
            "constraints": (self._set("constraints"), {_constraint(c) for c in found.constraints}),
            "preferences": (self._set("preferences"), {_preference(p) for p in found.preferences}),
            "missing": (self._set("missing"), set(found.missing_titles)),
            "retractions": (self._set("retractions"), _retractions(found)),
            "reset": (self.row.get("reset", False), found.reset),
            "undo": (self.row.get("undo", False), found.undo),
            "acts": (self._set("acts"), self._set("acts") & set(found.acts)),
            "topic_has": (
                self._set("topic_has"),
                {words for words in self._set("topic_has") if words in found.topic},
            ),
            "topic_lacks": (
                set[str](),
                {words for words in self._set("topic_lacks") if words in found.topic},
            ),
        }
        return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}

    def _set(self, field: str) -> set[str]:
        return set(self.row.get(field, ()))

    def _ids(self, field: str) -> set[str]:
        return {self.names.get(name, name) for name in self._set(field)}

    def _context(self) -> Context:
        held = self.row.get("held", {})
        likes = tuple(
            Opinion(item_id, self.catalog.item(item_id).title, 1)
            for item_id in held.get("likes", ())
        )
        constraints = tuple(
            Constraint(facet, op, value, 1)
            for facet, op, value in (row.split(" ", 2) for row in held.get("constraints", ()))
        )
        preferences = tuple(
            Preference(
                row.split(":")[0], row.split(":")[1].rsplit(" ", 1)[0], float(row.split()[-1]), 1
            )
            for row in held.get("preferences", ())
        )
        profile = UserProfile(likes=likes, constraints=constraints, preferences=preferences)
        return Context(turn=2, profile=profile, slate=tuple(self.row.get("slate", ())))


def cases(name: str, catalog: Catalog) -> list[Case]:
    """Return the golden cases of file `name`, over `catalog`."""
    lines = (GOLDEN / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    names = {catalog.name(row): item.item_id for row, item in enumerate(catalog.items)}
    return [Case(catalog, json.loads(line), names) for line in lines]


def _constraint(row: Constraint) -> str:
    value = "yes" if row.value is True else row.value
    return (
        f"{row.facet} {row.op} {value:g}"
        if isinstance(value, float)
        else (f"{row.facet} {row.op} {value}")
    )


def _preference(row: Preference) -> str:
    return f"{row.facet}:{row.value} {row.weight:+g}"


def _retractions(found: Understanding) -> set[str]:
    return {
        f"item {r.item_id}"
        if r.item_id
        else " ".join(filter(None, [r.facet, str(r.value or ""), *r.ops]))
        for r in found.retractions
    }
