"""A turn's public JSON as something to read.

Owns: `exchange_of`. Does not own: the form of the JSON (`assistant.wire`).
"""

from __future__ import annotations

from collections.abc import Iterable

from evaluation.reports.page import Card, Exchange
from evaluation.reports.run_file import Json

_OPINIONS = {"likes": "likes", "dislikes": "not", "seen": "seen", "later": "later"}


def exchange_of(turn: Json, faults: Iterable[str] = ()) -> Exchange:
    """Return a turn with why: the terms of each card, the ledger, the question asked."""
    return Exchange(
        user=str(turn["user"]),
        reply=str(turn["reply"]),
        cards=tuple(
            Card(
                title=_title(item),
                terms={str(t["name"]): float(t["contribution"]) for t in item["terms"]},
                reasons=tuple(map(str, item["reasons"])),
                satisfies=tuple(map(str, item["satisfies"])),
            )
            for item in turn["items"]
        ),
        asked=str(turn["question"] or ""),
        ledger=tuple(_ledger(turn["profile"])),
        faults=tuple(faults),
    )


def _title(item: Json) -> str:
    return f"{item['title']} ({item['year']})" if item.get("year") else str(item["title"])


def _ledger(profile: Json) -> Iterable[str]:
    for row in profile["constraints"]:
        value = (
            {True: "yes", False: "no"}.get(row["value"]) if isinstance(row["value"], bool) else None
        )
        yield f"{row['facet']} {row['op']} {row['value'] if value is None else value}"
    for row in profile["preferences"]:
        yield f"{'' if row['weight'] > 0 else 'rather not '}{row['facet']}: {row['value']}"
    for name, word in _OPINIONS.items():
        for row in profile[name]:
            yield f"{word} {row['title']}"
