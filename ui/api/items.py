"""What can be recommended: look items up, search them, compare them; no conversation needed.

Owns: the routes under ``/items``, and ``/compare``. Does not own: the search
(`assistant.engine`), or how a condition is checked (`assistant.conditions`).
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from assistant.conditions import Condition
from assistant.tool_forms import MOST_ITEMS, ItemsToCompare
from assistant.toolbox import Toolbox
from assistant.wire import Json
from catalog import Catalog
from ui.api.bodies import shown
from ui.api.callers import CallingSite, Serving
from ui.api.limits import address_of, limits_of
from ui.api.problems import ProblemError
from ui.sites import Site

router = APIRouter(tags=["catalogue"])

_WHERE = re.compile(r"\s*([^<>=!\s]{1,80})\s*(>=|<=|!=|=)\s*(\S.*?)\s*")
_WhereText = Annotated[str, Field(max_length=300)]
_EXAMPLE: dict[str, Any] = {
    "item_id": "HK-002",
    "title": "Alder Gooseneck Kettle",
    "url": "https://shop.example/hk-002",
    "image": "",
    "facts": ["$64.50", "Kettles", "Northfold", "in stock"],
    "facets": {"price": 64.5, "category": ["Kettles"], "in_stock": True},
    "summary": "A narrow spout for pour-over coffee.",
}


class ItemOut(BaseModel):
    """One item of the catalogue."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    item_id: str
    title: str
    url: str
    image: str
    facts: list[str] = Field(description="As a card shows them.")
    facets: dict[str, list[str] | bool | int | float] = Field(description="Values for conditions.")
    summary: str


class FoundOut(ItemOut):
    """One item that a search found."""

    score: float
    reasons: list[str]
    satisfies: list[str] = Field(description="The conditions that it meets.")


class SearchOut(BaseModel):
    """What a search found, best first."""

    items: list[FoundOut]
    warnings: list[str] = Field(description="What did not work as it should have.")


class TableRowOut(BaseModel):
    """One line of a comparison."""

    name: str
    values: list[str] = Field(description="One for each item.")


class ComparedOut(BaseModel):
    """Items side by side."""

    text: str = Field(description="Which one is better, and why.")
    titles: list[str]
    rows: list[TableRowOut]


class Compare(BaseModel):
    """Items to compare, by their ids."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"item_ids": ["HK-001", "HK-002"]}]},
    )

    item_ids: ItemsToCompare


async def searching(request: Request, site: CallingSite) -> Site:
    """Return the calling site, which may search once more: that costs as much as a turn."""
    limits_of(request).write(site.key, address_of(request))
    return site


SearchingSite = Annotated[Site, Depends(searching)]


@router.get("/items", response_model=SearchOut)
def search_items(
    _: SearchingSite,
    service: Serving,
    q: Annotated[str, Query(max_length=2_000, description="What is wanted, in words.")] = "",
    where: Annotated[
        list[_WhereText] | None,
        Query(
            max_length=20,
            description="A condition, repeatable: a facet, one of >=, <=, =, !=, and a value.",
            examples=[["price<=60", "category=Kettles"]],
        ),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ITEMS)] = 10,
) -> Json:
    """Search the catalogue. Every item found meets every condition."""
    conditions = [_condition(text) for text in where or ()]
    catalog = service.assistant.catalog
    found = Toolbox(service.assistant).search_catalog(q, conditions, limit)
    kept = ("score", "reasons", "satisfies")
    items = [
        {**_item(one["item_id"], one["facts"], catalog), **{name: one[name] for name in kept}}
        for one in found["items"]
    ]
    return {**found, "items": items}


@router.get("/items/{item_id}", response_model=ItemOut)
def read_item(item_id: str, _: CallingSite, service: Serving) -> Json:
    """Read what the catalogue says of one item."""
    (found,) = Toolbox(service.assistant).lookup_item(item_id)["items"]
    return _item(item_id, found["facts"], service.assistant.catalog)


@router.post("/compare", response_model=ComparedOut)
def compare(body: Compare, _: SearchingSite, service: Serving) -> Json:
    """Compare items side by side."""
    return Toolbox(service.assistant).compare_items(body.item_ids)


def _condition(text: str) -> Condition:
    found = _WHERE.fullmatch(text)
    if found is None:
        raise ProblemError(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"where={text!r} is no condition: write a facet, one of >=, <=, =, != and a value",
        )
    facet, op, value = found.groups()
    return Condition.model_validate({"facet": facet, "op": op, "value": value})


def _item(item_id: str, facets: Json, catalog: Catalog) -> Json:
    title = catalog.item(item_id).title
    return {"item_id": item_id, "title": title, "facets": facets, **shown(item_id, catalog)}
