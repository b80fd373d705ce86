"""What the catalogue knows, as files of dialogues and reports speak of it.

Owns: `Truth`: items by id or title, conditions and wishes with the schema's types, and how each is
shown in a report. Does not own: any judgement of a turn.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import cached_property

from assistant.grounding import Grounding
from catalog import Catalog, Constraint, Facet
from catalog.errors import ConfigurationError
from evaluation.dialogues.form import Condition
from evaluation.state_tracking import display_names

_YES_AND_NO = {"yes": True, "true": True, "no": False, "false": False}


class Truth:
    """Names to what they mean in one catalogue; made once for all its dialogues.

    Attributes
    ----------
    catalog : Catalog
        Where everything is looked up.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog

    @cached_property
    def grounding(self) -> Grounding:
        """The assistant's own check of sentences."""
        return Grounding(self.catalog)

    @cached_property
    def _names(self) -> dict[str, str]:
        # Of two items of one title the better known; the display title, which has the year, wins.
        catalog = self.catalog
        displayed = display_names(catalog)
        plain = {catalog.item(item_id).title: item_id for item_id in displayed.values()}
        return {**plain, **displayed}

    def item(self, name: str) -> str:
        """Return the id of an item called by id, ``"Heat (1995)"`` or ``"Heat"``.

        Raises
        ------
        ConfigurationError
            When there is none; the message names those that are called nearly so.
        """
        if name in self._names:
            return self._names[name]
        if name in self.catalog.rows:
            return name
        near = get_close_matches(name, self._names, n=3, cutoff=0.7)
        hint = f"; nearly: {', '.join(map(repr, near))}" if near else ""
        raise ConfigurationError(f"no item is called {name!r} in the catalogue{hint}")

    def shown(self, item_id: str) -> str:
        """Return an item's display title."""
        row = self.catalog.rows.get(item_id)
        return item_id if row is None else self.catalog.name(row)

    def facet(self, name: str) -> Facet:
        """Return a facet; raises `ConfigurationError` when the schema has none of that name."""
        if not self.catalog.schema.has(name):
            known = ", ".join(facet.name for facet in self.catalog.schema.facets)
            raise ConfigurationError(f"no facet is called {name!r}; there are: {known}")
        return self.catalog.schema.facet(name)

    def constraint(self, condition: Condition) -> Constraint:
        """Return a condition with the schema's type of value.

        Raises
        ------
        ConfigurationError
            When the facet is unknown, or the value is not of its kind.
        """
        facet, value = self.facet(condition.facet), condition.value
        if facet.kind == "flag" and isinstance(value, str):
            value = _YES_AND_NO.get(value.casefold(), value)
        if facet.kind == "number":
            try:
                value = float(value)
            except ValueError:
                raise ConfigurationError(
                    f"{facet.name} is a number; {condition.value!r} is none"
                ) from None
        elif facet.kind == "flag" and not isinstance(value, bool):
            raise ConfigurationError(f"{facet.name} is yes or no, not {condition.value!r}")
        return Constraint(facet.name, condition.op, value)

    def words(self, row: Constraint) -> str:
        """Return a condition as files write it: ``"year >= 1991"``, ``"in_stock = yes"``."""
        if isinstance(row.value, bool):
            return f"{row.facet} {row.op} {'yes' if row.value else 'no'}"
        value = row.value if isinstance(row.value, str) else f"{row.value:g}"
        return f"{row.facet} {row.op} {value}"

    def wish(self, wish: str) -> str:
        """Return a wish unchanged; raises `ConfigurationError` when it names no facet."""
        self.facet(wish.removeprefix("not ").partition(":")[0])
        return wish

    def fact(self, item_id: str, facet: str) -> str:
        """Return what the catalogue says of an item: ``"year 1986"``."""
        row = self.catalog.rows.get(item_id)
        if row is None:
            return "(no such item)"
        item, schema = self.catalog.items[row], self.facet(facet)
        values = item.labels.get(facet, ())
        if facet in item.numbers:
            values = (schema.display(item.numbers[facet]),)
        elif facet in item.flags:
            values = ("yes" if item.flags[facet] else "no",)
        return f"{facet} {', '.join(values) or 'unknown'}"
