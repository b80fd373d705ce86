"""The form of a file of dialogues: what may stand where.

Owns: the pydantic models. Does not own: files and line numbers (`evaluation.dialogues.reading`) or
what an assertion means for a turn (`evaluation.dialogues.checks`).
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)

from assistant.state import Act
from assistant.wordings import LANGUAGES
from catalog.constraint import Operator

_CONDITION = re.compile(r"(?P<facet>\w+) *(?P<op>>=|<=|!=|=) *(?P<value>\S.*)")
_WISH = re.compile(r"(?:not )?\w+: *\S.*")


class Form(BaseModel):
    """A mapping whose keys are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """Return the keys that may stand in it."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())


class Condition(Form):
    """A hard condition: ``{facet: year, op: ">=", value: 1991}``, or ``year >= 1991``."""

    facet: str
    op: Operator
    value: bool | int | float | str


def _condition(value: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    if not isinstance(value, str):
        return value
    found = _CONDITION.fullmatch(value.strip())
    if found is None:
        raise ValueError(
            f"{value!r} is no condition; write 'year >= 1991', with >=, <=, = or !=, "
            "or {facet: year, op: '>=', value: 1991}"
        )
    return found.groupdict()


def _wish(value: str) -> str:
    if not _WISH.fullmatch(value):
        raise ValueError(f"{value!r} is no preference; write 'mood: tense' or 'not mood: gory'")
    facet, _, wished = value.partition(":")
    return f"{facet}: {wished.strip()}"


def _written(value: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    """Read ``mood: tense`` as it was meant: without quotation marks, YAML makes a mapping of it."""
    if isinstance(value, dict) and len(value) == 1:
        return ": ".join(str(part) for part in next(iter(value.items())))
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"{value!r} is no regular expression: {error}") from error
    return value


def _several(value: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
    return value if isinstance(value, list) else [value]


def _act(value: str) -> str:
    if value not in get_args(Act):
        raise ValueError(f"{value!r} is no act; there are: {', '.join(get_args(Act))}")
    return value


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise ValueError(f"{value!r} is no language of Vouch; there are: {', '.join(LANGUAGES)}")
    return value


Conditional = Annotated[Condition, BeforeValidator(_condition)]
Wish = Annotated[str, BeforeValidator(_written), AfterValidator(_wish)]
# An empty list would assert nothing: it is refused.
Names = Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]
Acts = Annotated[
    tuple[Annotated[str, AfterValidator(_act)], ...],
    BeforeValidator(_several),
    Field(min_length=1),
]
Conditions = Annotated[tuple[Conditional, ...], BeforeValidator(_several), Field(min_length=1)]
Wishes = Annotated[tuple[Wish, ...], BeforeValidator(_several), Field(min_length=1)]


class _Claim(Form):
    """Something asserted: at least one key must be there."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError(f"asserts nothing; it needs one of: {', '.join(self.keys())}")
        return self


class WholeState(Form):
    """Everything that the profile must hold, and nothing beside; a key left out is empty."""

    likes: tuple[str, ...] = ()
    dislikes: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    constraints: tuple[Conditional, ...] = ()
    preferences: tuple[Wish, ...] = ()


class ProfileClaim(_Claim):
    """What the profile must hold after the turn."""

    likes: Names | None = None
    dislikes: Names | None = None
    seen: Names | None = None
    later: Names | None = None
    constraints: Conditions | None = None
    preferences: Wishes | None = None
    missing_titles: Names | None = None
    exactly: WholeState | None = None


class ItemsClaim(_Claim):
    """What must be true of the cards."""

    in_catalogue: Literal[True] | None = None
    satisfy: Literal["constraints"] | Conditions | None = None
    contains: Names | None = None
    excludes: Names | None = None
    first: Names | None = None
    above: tuple[tuple[str, str], ...] | None = None
    min: Annotated[int, Field(ge=1)] | None = None
    max: Annotated[int, Field(ge=0)] | None = None
    never_again: Literal[True] | None = None
    changed: bool | None = None


class ActsClaim(_Claim):
    """What the message must, or must not, have been taken for."""

    contains: Acts | None = None
    lacks: Acts | None = None


class QuestionClaim(_Claim):
    """Whether Vouch asks something, and about what."""

    asked: bool | None = None
    facet: str | None = None


class RelaxationsClaim(_Claim):
    """What is offered when nothing fits."""

    min: Annotated[int, Field(ge=1)] | None = None
    max: Annotated[int, Field(ge=0)] | None = None
    drop: Conditions | None = None


class TextClaim(_Claim):
    """Words that must, or must not, be there, in either case; a pattern that must be found."""

    contains: Names | None = None
    lacks: Names | None = None
    matches: Annotated[str, AfterValidator(_pattern)] | None = None


class AnswerClaim(TextClaim):
    """What is answered, and from which fields."""

    given: bool | None = None
    sources: Names | None = None


Stage = Literal["understand", "retrieve", "rank", "cards", "total"]


class Assertion(_Claim):
    """One entry of ``assert``; every key of it must hold."""

    profile: ProfileClaim | None = None
    items: ItemsClaim | None = None
    acts: ActsClaim | None = None
    question: QuestionClaim | None = None
    missing_titles: Names | None = None
    relaxations: RelaxationsClaim | None = None
    facts: Literal["supported"] | None = None
    reply: TextClaim | None = None
    answer: AnswerClaim | None = None
    language: Annotated[str, AfterValidator(_language)] | None = None
    warnings: Literal["none"] | TextClaim | None = None
    latency_ms: dict[Stage, Annotated[float, Field(gt=0)]] | None = None
    negated: Annotated[Assertion | None, Field(alias="not")] = None


class Step(Form):
    """One turn: what the person says, or a button line, and what must be true after it."""

    user: Annotated[str, Field(min_length=1)]
    user_variants: tuple[Annotated[str, Field(min_length=1)], ...] = ()
    new_session: bool = False
    checks: Annotated[tuple[Assertion, ...], Field(alias="assert")] = ()


class Fixtures(Form):
    """Whom the dialogue is with, and over what."""

    catalogue: str = ""
    user: str | None = None
    llm: Literal["none", "scripted", "embedded", "endpoint"] = "none"
    llm_replies: tuple[str, ...] = ()
    llm_readings: tuple[str, ...] = ()

    def over(self, base: Fixtures) -> Fixtures:
        """Return `base` with what is said here in place of it."""
        said = self.model_dump(exclude_unset=True)
        return Fixtures(**{**base.model_dump(exclude_unset=True), **said})


class TestCase(Form):
    """One dialogue."""

    __test__ = False

    test_case: Annotated[str, Field(min_length=1)]
    fixtures: Fixtures | None = None
    tags: tuple[str, ...] = ()
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]


class Script(Form):
    """One file; its fixtures are those of every dialogue that does not say otherwise."""

    fixtures: Fixtures = Fixtures()
    test_cases: Annotated[tuple[TestCase, ...], Field(min_length=1)]


def allowed_at(place: tuple[str | int, ...]) -> tuple[str, ...]:
    """Return the keys that may stand at `place` in a file; empty where there is no mapping."""
    form: type[Form] | None = Script
    for part in place:
        if isinstance(part, int) or form is None:
            continue
        fields = {field.alias or name: field for name, field in form.model_fields.items()}
        if part in fields:
            form = _form_in(fields[part].annotation)
    return form.keys() if form else ()


def _form_in(annotation: Any) -> type[Form] | None:  # noqa: ANN401 - any annotation
    if isinstance(annotation, type) and issubclass(annotation, Form):
        return annotation
    inside = (_form_in(part) for part in get_args(annotation))
    return next((form for form in inside if form), None)
