"""Columns of a source file, as far as guessing their meaning needs them.

Owns: `Column`, sampled from a table. Does not own: the guess (`catalog.infer`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from catalog.clean import Cell, identifier, is_unknown
from catalog.readers import Table

_SAMPLE = 2_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its known cells.

    `cells` is a sample spread evenly over the file.
    """

    name: str
    cells: tuple[Cell, ...]

    @property
    def words(self) -> set[str]:
        """The name's words: ``"productPrice"`` has ``product`` and ``price``."""
        return set(identifier(self.name).split("_"))

    @property
    def distinct(self) -> int:
        """How many different cells there are."""
        return len({str(cell).casefold() for cell in self.cells})

    @property
    def length(self) -> float:
        """Mean number of characters of a cell."""
        return sum(len(str(cell)) for cell in self.cells) / max(1, len(self.cells))

    def share(self, test: Callable[[Cell], object]) -> float:
        """Return the share of cells for which `test` gives something."""
        return sum(bool(test(cell)) for cell in self.cells) / max(1, len(self.cells))


def columns_of(table: Table) -> list[Column]:
    """Return every column of `table`, with the known cells of about 2,000 rows."""
    step = max(1, len(table.rows) // _SAMPLE)
    sample = table.rows[::step]
    columns: list[Column] = []
    for name in table.columns:
        cells = (cells.get(name) for _, cells in sample)
        columns.append(Column(name, tuple(cell for cell in cells if not is_unknown(cell))))
    return columns
