"""Hard conditions as programs write them: checked against the schema, with errors that teach.

Owns: `Condition`, `constraints_of`, `facet_guide`. Does not own: evaluating conditions
(`catalog.facets`), or finding them in a person's words (`assistant.understanding`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field
from rapidfuzz import process

from assistant.prompts import inert
from catalog import Catalog, Constraint, Facet, Operator
from catalog.errors import ConstraintError

_LISTED = 30
_EXAMPLES = 8
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Condition(BaseModel):
    """One thing that must hold of an item; several with ``=`` on one facet are alternatives."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    facet: str = Field(max_length=80, description="Name of a facet of the catalogue.")
    op: Operator = Field(description="Numbers take all four; everything else takes = and !=.")
    value: bool | float | str = Field(description="A value of that facet, in its own unit.")


def constraints_of(conditions: Sequence[Condition], catalog: Catalog) -> tuple[Constraint, ...]:
    """Return `conditions` as the catalogue spells them, in their order.

    Raises
    ------
    ConstraintError
        For a facet, an operator or a value that the catalogue lacks; the message lists those that
        there are.
    """
    return tuple(_constraint(condition, catalog) for condition in conditions)


def facet_guide(catalog: Catalog) -> str:
    """Return the facets in a line, with the values of those that have few.

    One pass over the catalogue. Values are data: they are made inert.
    """
    return "; ".join(_described(facet, catalog) for facet in catalog.schema.facets)


def _constraint(condition: Condition, catalog: Catalog) -> Constraint:
    schema = catalog.schema
    if not schema.has(condition.facet):
        raise ConstraintError(f"no facet {condition.facet!r}; there are: {facet_guide(catalog)}")
    facet = schema.facet(condition.facet)
    if facet.kind != "number" and condition.op in (">=", "<="):
        raise ConstraintError(
            f"{condition.op!r} puts an order on {_described(facet, catalog)}; use = or !="
        )
    return Constraint(facet.name, condition.op, _value(condition, facet, catalog))


def _value(condition: Condition, facet: Facet, catalog: Catalog) -> str | float | bool:
    value = condition.value
    match facet.kind:
        case "number":
            return _number(value, facet)
        case "flag":
            flag = _FLAGS.get(f"{value:g}" if isinstance(value, float) else str(value).casefold())
            if flag is None:
                raise ConstraintError(f"{facet.name!r} is true or false, not {value!r}")
            return flag
        case _:
            return _spelt(str(value), facet, catalog)


def _number(value: bool | float | str, facet: Facet) -> float:
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ConstraintError(f"{facet.name!r} is a number{_unit(facet)}, not {value!r}")
    return int(number) if facet.integer and number.is_integer() else number


def _spelt(value: str, facet: Facet, catalog: Catalog) -> str:
    """Return the catalogue's spelling of `value`; case does not matter."""
    rows = catalog.facets.rows_with(facet.name, value)
    if len(rows):
        known = catalog.items[int(rows[0])].labels[facet.name]
        return next(one for one in known if one.casefold() == value.casefold())
    values = _values(facet, catalog)
    near = [name for name, _, _ in process.extract(value, values, limit=_EXAMPLES)]
    told = values if len(values) <= _LISTED else near
    which = "there are" if len(values) <= _LISTED else f"the closest of {len(values):,} are"
    raise ConstraintError(f"{facet.name!r} has no value {value!r}; {which}: {', '.join(told)}")


def _described(facet: Facet, catalog: Catalog) -> str:
    if facet.kind == "number":
        return f"{facet.name} (number{_unit(facet)})"
    if facet.kind == "flag":
        return f"{facet.name} (true or false)"
    values = _values(facet, catalog)
    some = values if len(values) <= _LISTED else [*values[:_EXAMPLES], "..."]
    return f"{facet.name} ({', '.join(inert(value, 60) for value in some)})"


def _unit(facet: Facet) -> str:
    unit = f"{facet.prefix}{facet.unit}".strip()
    return f", {unit}" if unit else ""


def _values(facet: Facet, catalog: Catalog) -> list[str]:
    """Return the facet's values, most common first, ties in the order of the catalogue."""
    counts = Counter(value for item in catalog.items for value in item.labels.get(facet.name, ()))
    return [value for value, _ in counts.most_common()]
