"""A comparison as a table: on the page, and as text in a terminal.

Owns: its caption and heads. Does not own: what is compared (`assistant.answer_comparison`), markup
(`ui/templates`).
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from assistant.phrasebook import phrasebook
from assistant.state import Turn
from catalog import Schema


@dataclass(frozen=True, slots=True)
class TableView:
    """Items side by side.

    Attributes
    ----------
    caption, corner : str
        What the table is, and the head over what is compared.
    heads : tuple of str
        The items' titles.
    rows : tuple of (str, tuple of str)
        What is compared, and each item's value.
    """

    caption: str
    corner: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def table_view(turn: Turn, schema: Schema) -> TableView | None:
    """Return the table that `turn` answers with; None where it compares nothing."""
    comparison = turn.answer.comparison if turn.answer else None
    if comparison is None:
        return None
    book = phrasebook(turn.language, schema)
    caption = book.say("answer.caption", titles=book.listing(comparison.titles))
    return TableView(caption, book.say("answer.corner"), comparison.titles, comparison.rows)


def text_table(view: TableView) -> Table:
    """Return `view` aligned for a terminal; values are plain text, never markup."""
    table = Table(title=Text(view.caption), title_justify="left", title_style="dim")
    for head in (view.corner, *view.heads):
        table.add_column(Text(head))
    for name, values in view.rows:
        table.add_row(Text(name, style="bold"), *map(Text, values))
    return table
