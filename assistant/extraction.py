"""A second reading of a message by a language model, merged under the first one's authority.

Owns: `extract`, `merge`. Does not own: the first reading (`assistant.understanding`), which needs
no model and always stands. The model can add what the rules missed and the message says; it can
remove nothing, name no item that the catalogue lacks and use no value that the schema lacks.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.llm import ChatModel
from assistant.prompts import inert, load_prompt
from assistant.state import Act, Opinion, Preference, Understanding
from catalog import Catalog, Constraint, Facet, Schema
from catalog.errors import ChatModelError, ChatModelTimeoutError

_Words = Field(max_length=200)
_SHOWN_VALUES = 40


@dataclass(frozen=True, slots=True)
class ExtractionConfig:
    """How long a second reading may take.

    Attributes
    ----------
    deadline_s : float
        In all, the repetition included.
    attempts : int
        Answers asked for until one has the right form.
    """

    deadline_s: float = 2.0
    attempts: int = 2


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=False)

    facet: str = _Words
    value: float | str = ""
    text: str = _Words


class ExtractedConstraint(_Row):
    """A hard condition, as a model wrote it down."""

    op: Literal[">=", "<=", "=", "!="]


class ExtractedPreference(_Row):
    """A soft wish, as a model wrote it down."""

    weight: float = Field(ge=-1, le=1)


class Extracted(BaseModel):
    """A message as a model read it; nothing in it is checked against the catalogue yet."""

    model_config = ConfigDict(extra="ignore")

    likes: list[str] = Field(default_factory=list[str], max_length=20)
    dislikes: list[str] = Field(default_factory=list[str], max_length=20)
    seen: list[str] = Field(default_factory=list[str], max_length=20)
    constraints: list[ExtractedConstraint] = Field(
        default_factory=list[ExtractedConstraint], max_length=20
    )
    preferences: list[ExtractedPreference] = Field(
        default_factory=list[ExtractedPreference], max_length=20
    )


def extract(
    message: str,
    catalog: Catalog,
    chat_model: ChatModel,
    config: ExtractionConfig = ExtractionConfig(),
) -> Extracted:
    """Return what `chat_model` reads in `message`, without anything the message does not contain.

    Titles must stand in the message, and so must the words given for a condition or a wish.

    Raises
    ------
    ChatModelTimeoutError
        When there is no answer within the deadline.
    ChatModelError
        When the model fails, or no answer has the right form.
    """
    schema = catalog.schema
    system, user = load_prompt("understand").fill(
        plural=schema.plural, facets=_facets(catalog), message=inert(message, 1000)
    )
    end = monotonic() + config.deadline_s
    problem: ValidationError | None = None
    for _ in range(config.attempts):
        left = end - monotonic()
        if left <= 0:
            raise ChatModelTimeoutError(f"no reading within {config.deadline_s:g} s")
        answer = "".join(chat_model.complete(system, user, deadline_s=left))
        start, stop = answer.find("{"), answer.rfind("}")
        try:
            return _said(Extracted.model_validate_json(answer[start : stop + 1]), message)
        except ValidationError as error:
            problem = error
    raise ChatModelError("the language model's reading has the wrong form") from problem


def merge(local: Understanding, extracted: Extracted, catalog: Catalog, turn: int) -> Understanding:
    """Return `local` with the additions of `extracted` that the catalogue and schema know.

    What the rules found wins: an item they judged keeps its judgement, a facet value they used
    keeps its use, a number facet they constrained takes no second condition. Nothing is removed.

    Parameters
    ----------
    turn : int
        The turn that the message is of, for provenance.
    """
    judged = {o.item_id for o in (*local.likes, *local.dislikes, *local.seen)}
    added: dict[str, tuple[Opinion, ...]] = {}
    for kind in ("likes", "dislikes", "seen"):
        opinions = tuple(_linked(getattr(extracted, kind), catalog, turn))
        added[kind] = tuple(o for o in opinions if o.item_id not in judged)
        judged |= {o.item_id for o in added[kind]}
    used = {
        (row.facet, str(row.value).casefold()) for row in (*local.constraints, *local.preferences)
    }
    counted = {row.facet for row in local.constraints}
    constraints = tuple(_constraints(extracted, catalog, turn, used, counted))
    used |= {(row.facet, str(row.value).casefold()) for row in constraints}
    preferences = tuple(_preferences(extracted, catalog, turn, used))
    done: dict[Act, bool] = {
        "like": bool(added["likes"]),
        "dislike": bool(added["dislikes"]),
        "seen": bool(added["seen"]),
        "constrain": bool(constraints),
        "prefer": any(wish.weight > 0 for wish in preferences),
        "avoid": any(wish.weight < 0 for wish in preferences),
    }
    acts = (*local.acts, *(act for act, is_done in done.items() if is_done))
    return replace(
        local,
        acts=tuple(dict.fromkeys(acts)),
        likes=local.likes + added["likes"],
        dislikes=local.dislikes + added["dislikes"],
        seen=local.seen + added["seen"],
        constraints=local.constraints + constraints,
        preferences=local.preferences + preferences,
    )


def _said(extracted: Extracted, message: str) -> Extracted:
    """Drop what the message does not contain, word for word."""
    heard = _plain(message)

    def _heard(words: str) -> bool:
        return bool(words.strip()) and f" {_plain(words)} " in f" {heard} "

    return Extracted(
        likes=[title for title in extracted.likes if _heard(title)],
        dislikes=[title for title in extracted.dislikes if _heard(title)],
        seen=[title for title in extracted.seen if _heard(title)],
        constraints=[row for row in extracted.constraints if _heard(row.text)],
        preferences=[row for row in extracted.preferences if _heard(row.text)],
    )


def _linked(titles: Sequence[str], catalog: Catalog, turn: int) -> Iterator[Opinion]:
    """Yield the items that have exactly one of `titles`; a title of two items links to neither."""
    for title in dict.fromkeys(titles):
        items = [item for item in catalog.items if _plain(item.title) == _plain(title)]
        if len(items) == 1:
            yield Opinion(items[0].item_id, items[0].title, turn, title)


def _constraints(
    extracted: Extracted,
    catalog: Catalog,
    turn: int,
    used: set[tuple[str, str]],
    counted: set[str],
) -> Iterator[Constraint]:
    for row in extracted.constraints:
        facet = _facet(row.facet, catalog.schema)
        if facet is None:
            continue
        if facet.kind == "number":
            number = _number(row, facet)
            if number is not None and facet.name not in counted and row.op != "!=":
                yield Constraint(facet.name, row.op, number, turn, row.text)
        elif facet.kind != "flag" and row.op in ("=", "!="):
            value = _value(row, facet, catalog)
            if value is not None and (facet.name, value.casefold()) not in used:
                yield Constraint(facet.name, row.op, value, turn, row.text)


def _preferences(
    extracted: Extracted, catalog: Catalog, turn: int, used: set[tuple[str, str]]
) -> Iterator[Preference]:
    for row in extracted.preferences:
        facet = _facet(row.facet, catalog.schema)
        if facet is None or facet.kind not in ("category", "people") or row.weight == 0:
            continue
        value = _value(row, facet, catalog)
        if value is not None and (facet.name, value.casefold()) not in used:
            yield Preference(facet.name, value, row.weight, turn, row.text)


def _facet(name: str, schema: Schema) -> Facet | None:
    return schema.facet(name) if schema.has(name) else None


def _number(row: _Row, facet: Facet) -> float | None:
    try:
        number = float(row.value)
    except ValueError:
        return None
    if not math.isfinite(number) or (facet.integer and not number.is_integer()):
        return None
    return int(number) if facet.integer else number


def _value(row: _Row, facet: Facet, catalog: Catalog) -> str | None:
    """Return the catalogue's spelling of a value, or None where no item has it."""
    rows = catalog.facets.rows_with(facet.name, str(row.value))
    if not len(rows):
        return None
    values = catalog.items[int(rows[0])].labels[facet.name]
    return next(value for value in values if value.casefold() == str(row.value).casefold())


def _facets(catalog: Catalog) -> str:
    """Describe the facets to a model: numbers by unit, short vocabularies by their values."""
    described: list[str] = []
    for facet in catalog.schema.facets:
        if facet.kind == "number":
            described.append(f"{facet.name} (number{facet.unit})")
            continue
        values = dict.fromkeys(v for item in catalog.items for v in item.labels.get(facet.name, ()))
        listed = f": {', '.join(inert(v, 40) for v in values)}"
        described.append(f"{facet.name}{listed if 0 < len(values) <= _SHOWN_VALUES else ''}")
    return "; ".join(described)


def _plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
