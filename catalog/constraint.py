"""A hard condition that every shown item must satisfy.

Owns: `Constraint` and its wording. Does not own: evaluating it over a catalogue
(`catalog.facets`) or finding it in a sentence (`assistant.understanding`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, cast

Operator = Literal[">=", "<=", "=", "!="]
Scope = Literal["now", "always"]
_BOUNDS = frozenset({">=", "<=", "=", "!="})


@dataclass(frozen=True, slots=True)
class Constraint:
    """One row of the ledger. Equality is on what it admits, not on turn, words or scope.

    Attributes
    ----------
    facet : str
        Facet name in the schema.
    op : {">=", "<=", "=", "!="}
        Several ``=`` rows on one facet mean any of them, but for those marked `together`;
        everything else must hold.
    value : str, float, int or bool
        A canonical facet value, or a number in the facet's stored unit.
    turn : int
        The turn that it came from, counted from 1; 0 when it came from no message.
    text : str
        The person's own words.
    scope : {"now", "always"}
        For this conversation ("no horror tonight"), or a rule that a known person's next one keeps
        ("I never watch horror").
    together : bool
        Of an ``=`` row: it must hold beside the facet's other ``=`` rows, not instead of them
        ("both Comedy and Horror"). Part of equality, because the two rows admit different items.
    """

    facet: str
    op: Operator
    value: str | int | float | bool
    turn: int = field(default=0, compare=False)
    text: str = field(default="", compare=False)
    scope: Scope = field(default="now", compare=False)
    together: bool = False

    @classmethod
    def wished(cls, facet: str, value: str) -> Constraint | None:
        """Return the bound that a soft wish on a number facet stands for, or None.

        A wish's value is then written like a condition: ``"<= 119"``.
        """
        op, _, number = value.partition(" ")
        try:
            return cls(facet, cast(Operator, op), float(number)) if op in _BOUNDS else None
        except ValueError:
            return None

    def __str__(self) -> str:
        """Return the form used in chips and JSON: ``"year >= 1991"``."""
        value = self.value
        whole = isinstance(value, float) and value.is_integer()
        return f"{self.facet} {self.op} {int(value) if whole else value}"
