"""What the cards say, as Markdown, for chat pages that show only text.

Owns: the list of picks under the prose, and where in it each pick is. Does not own: the prose
(`assistant.explanation`), the hints (`ui.terminal`), the cards of Vouch's own page (`ui.cards`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from assistant.state import Card, Turn
from assistant.wire import Json
from catalog import Catalog
from ui.cards import web_address
from ui.tables import TableView, table_view
from ui.terminal import Hint, hints

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")


@dataclass(frozen=True, slots=True)
class Listing:
    """What follows the prose.

    Attributes
    ----------
    text : str
        Markdown; starts with an empty line where it is not empty.
    annotations : tuple of dict
        OpenAI's ``url_citation`` of every pick that has an address: where its link stands in the
        whole answer, in characters.
    """

    text: str = ""
    annotations: tuple[Json, ...] = ()


def listing(turn: Turn, shown: tuple[Card, ...], catalog: Catalog, start: int) -> Listing:
    """Return `turn`'s picks, table, question and hints.

    Picks and hints are left out where the picks are those of the turn before.

    Parameters
    ----------
    turn : Turn
        Complete.
    shown : tuple of Card
        The picks of the turn before.
    catalog : Catalog
        Has the addresses.
    start : int
        How many characters stand before the list.
    """
    blocks: list[str] = [f"> {_plain(warning)}" for warning in turn.warnings]
    if table := table_view(turn, catalog.schema):
        blocks.append(_table(table))
    annotations: list[Json] = []
    if turn.cards and turn.cards != shown:
        before = start + len("\n\n".join(["", *blocks, ""]))
        picks, annotations = _picks(turn.cards, catalog, before)
        blocks.append(picks)
    if turn.question is not None:
        blocks.append(f"**{_plain(turn.question.text)}**")
    offered = hints(turn, catalog.schema) if turn.cards != shown or turn.relaxations else ()
    if offered:
        blocks.append(" · ".join(map(_hint, offered)))
    return Listing("".join(f"\n\n{block}" for block in blocks), tuple(annotations))


def _picks(cards: tuple[Card, ...], catalog: Catalog, start: int) -> tuple[str, list[Json]]:
    lines: list[str] = []
    annotations: list[Json] = []
    for number, card in enumerate(cards, start=1):
        item = catalog.item(card.item_id) if card.item_id in catalog.rows else None
        address = quote(web_address(item.url), safe=":/?#[]@!$&'*+,;=%~") if item else ""
        name = f"[{_plain(card.title)}]({address})" if address else _plain(card.title)
        year = f" ({card.year})" if card.year else ""
        reasons = "; ".join(map(_plain, card.reasons))
        if address:
            begins = start + sum(len(line) + 1 for line in lines) + len(f"{number}. **")
            annotations.append(_citation(card.title, address, begins, begins + len(name)))
        lines.append(f"{number}. **{name}**{year}" + (f": {reasons}" if reasons else ""))
    return "\n".join(lines), annotations


def _citation(title: str, address: str, start: int, end: int) -> Json:
    place = {"start_index": start, "end_index": end, "title": title, "url": address}
    return {"type": "url_citation", "url_citation": place}


def _table(table: TableView) -> str:
    rows = [(table.corner, *table.heads), *((name, *values) for name, values in table.rows)]
    lines = ["| " + " | ".join(map(_plain, row)) + " |" for row in rows]
    lines.insert(1, "|" + " --- |" * len(rows[0]))
    return "\n".join(lines)


def _hint(hint: Hint) -> str:
    """Return what to say next; where that is a button's line, with what it does."""
    said = f"`{' '.join(hint.line.split())}`"
    return f"{_plain(hint.label)}: {said}" if hint.line.startswith("/") else said


def _plain(text: str) -> str:
    """Return `text` so that Markdown shows it as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
