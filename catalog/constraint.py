"""A hard condition that every shown item must satisfy.

Owns: `Constraint` and its wording. Does not own: evaluating it over a catalogue
(`catalog.facets`) or finding it in a sentence (`assistant.understanding`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Operator = Literal[">=", "<=", "=", "!="]


@dataclass(frozen=True, slots=True)
class Constraint:
    """One row of the ledger. Equality is on (facet, op, value); provenance is carried along.

    Attributes
    ----------
    facet : str
        Facet name in the schema.
    op : {">=", "<=", "=", "!="}
        Several ``=`` rows on one facet mean any of them; everything else must hold together.
    value : str, float, int or bool
        A canonical facet value, or a number in the facet's stored unit.
    turn : int
        The turn that it came from, counted from 1; 0 when it came from no message.
    text : str
        The person's own words.
    """

    facet: str
    op: Operator
    value: str | int | float | bool
    turn: int = field(default=0, compare=False)
    text: str = field(default="", compare=False)

    def __str__(self) -> str:
        """Return the form used in chips and JSON: ``"year >= 1991"``."""
        value = self.value
        shown = f"{value:g}" if isinstance(value, float) else str(value)
        return f"{self.facet} {self.op} {shown}"
