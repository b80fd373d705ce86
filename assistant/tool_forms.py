"""What the tools take, as types: agents are shown these, and what they send is checked by them.

Owns: one form for each tool; its docstring is the tool's description. Does not own: what the tools
do (`assistant.toolbox`).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from assistant.commands import CommandKind
from assistant.conditions import Condition

MOST_ITEMS = 50
_Text = Annotated[str, Field(max_length=2_000)]
_ItemId = Annotated[str, Field(min_length=1, max_length=200)]
_SessionId = Annotated[str, Field(min_length=1, max_length=200)]


def _different(item_ids: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(item_ids)) < len(item_ids):
        raise ValueError("give different ids")
    return item_ids


ItemsToCompare = Annotated[
    tuple[_ItemId, ...], Field(min_length=2, max_length=5), AfterValidator(_different)
]


class ToolForm(BaseModel):
    """What one tool takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SearchCatalog(ToolForm):
    """Search the catalogue for items, best first. Every item returned meets every condition."""

    query: _Text = Field(default="", description="What is wanted, in plain words.")
    conditions: tuple[Condition, ...] = Field(
        default=(), max_length=20, description="What must hold of every item."
    )
    limit: int = Field(default=5, ge=1, le=MOST_ITEMS, description="How many items at most.")


class LookupItem(ToolForm):
    """Look up all that the catalogue says of one item, by its id or by its exact title."""

    item_id: str = Field(default="", max_length=200)
    title: _Text = Field(default="", description="Without a year; several items may share it.")

    @model_validator(mode="after")
    def _one_of_two(self) -> LookupItem:
        if bool(self.item_id) == bool(self.title.strip()):
            raise ValueError("give either an item_id or a title")
        return self


class CompareItems(ToolForm):
    """Compare items side by side; in a conversation, by the person's own criteria first."""

    item_ids: ItemsToCompare
    session_id: str = Field(default="", max_length=200, description="As recommend returned it.")


class Recommend(ToolForm):
    """Say something for a person and get recommendations, with reasons.

    The person's likes, conditions and refusals are kept in the conversation: send only what is
    new. Questions about items are answered too.
    """

    message: Annotated[str, Field(min_length=1, max_length=2_000)] = Field(
        description="The person's own words."
    )
    session_id: str | None = Field(
        default=None, max_length=200, description="As returned before; none begins a conversation."
    )


class Explain(ToolForm):
    """Tell why an item was recommended in a conversation, or why it was not."""

    session_id: _SessionId
    item_id: _ItemId


class Edit(ToolForm):
    """One change of the profile."""

    action: CommandKind = Field(
        description="like, dislike, seen, later (not now) and more (like this) take an item; "
        "remove, always and now take a chip of the profile; undo and reset take nothing."
    )
    target: _Text = Field(default="", description="An item_id, or a chip's key.")


class UpdateProfile(ToolForm):
    """Change what is known of the person, and get the recommendations that follow from it."""

    session_id: _SessionId
    edits: tuple[Edit, ...] = Field(min_length=1, max_length=20)
