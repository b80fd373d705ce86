"""What can be recommended: items, their meaning, constraints on them, and how they get in."""

from catalog.catalog import Catalog
from catalog.constraint import Constraint, Operator, Scope
from catalog.errors import VouchError
from catalog.facets import FacetStore, Mask, Relaxation
from catalog.item import Interactions, Item
from catalog.locale import Locale, LocalFacet
from catalog.schema import Facet, Schema, parse_schema, read_schema

__all__ = [
    "Catalog",
    "Constraint",
    "Facet",
    "FacetStore",
    "Interactions",
    "Item",
    "LocalFacet",
    "Locale",
    "Mask",
    "Operator",
    "Relaxation",
    "Schema",
    "Scope",
    "VouchError",
    "parse_schema",
    "read_schema",
]
