"""From files of dialogues to cases, each part with the line that it stands on.

Owns: `Case`, `Play`, `read_cases`, `plays`, and errors that name file, test case, step and line.
Does not own: what may stand in a file (`evaluation.dialogues.form`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from catalog.errors import ConfigurationError
from evaluation.dialogues.form import Fixtures, Script, Step, TestCase, allowed_at

KNOWN_FAILURE = "known_failure"
Place = tuple[str | int, ...]
_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Case:
    """One dialogue of a file.

    Attributes
    ----------
    file : str
        As given on the command line, or found below it.
    number : int
        Its place in the file, from 0.
    form : TestCase
        What the file says.
    fixtures : Fixtures
        The dialogue's own over those of its file.
    lines : mapping of tuple to int
        The line of every part, by its path within the case: ``("steps", 0, "assert", 1)``.
    """

    file: str
    number: int
    form: TestCase
    fixtures: Fixtures
    lines: Mapping[Place, int]

    @property
    def name(self) -> str:
        """Return what the file calls it."""
        return self.form.test_case

    @property
    def is_known_failure(self) -> bool:
        """Tell whether it is expected to fail."""
        return KNOWN_FAILURE in self.form.tags

    def line(self, *place: str | int) -> int:
        """Return the line of a part, or of the nearest part around it."""
        return _nearest(place, self.lines)


@dataclass(frozen=True, slots=True)
class Play:
    """One run of a dialogue: as written, or up to one step in other words.

    Attributes
    ----------
    case : Case
        What is played.
    step : int or None
        The last step, said in other words; None plays every step as written.
    variant : int
        Which other words, from 0.
    """

    case: Case
    step: int | None = None
    variant: int = 0

    @property
    def name(self) -> str:
        """Return what tells it from the other runs of its case."""
        if self.step is None:
            return "as written"
        return f"turn {self.step + 1}, variant {self.variant + 1}"

    def turns(self) -> Iterator[tuple[int, Step, str]]:
        """Yield the number of each step from 0, the step, and what is said."""
        steps = self.case.form.steps
        for number, step in enumerate(steps if self.step is None else steps[: self.step + 1]):
            words = step.user_variants[self.variant] if number == self.step else step.user
            yield number, step, words


def read_cases(paths: Sequence[Path], tags: Iterable[str] = ()) -> tuple[Case, ...]:
    """Return the dialogues in `paths`, folders searched, in order of file name and then of place.

    Parameters
    ----------
    paths : sequence of Path
        YAML files, and folders of them.
    tags : iterable of str
        Only dialogues that carry one of these; none means all.

    Raises
    ------
    ConfigurationError
        When a file cannot be read or says what it may not, with every fault in it; when two
        dialogues of a file have one name; when nothing is left to play.
    """
    files = list(dict.fromkeys(file for path in paths for file in _files(path)))
    wanted = set(tags)
    cases = [case for file in files for case in _read(file)]
    kept = tuple(case for case in cases if not wanted or wanted & set(case.form.tags))
    if not kept:
        with_tags = f" with a tag among {sorted(wanted)}" if wanted else ""
        raise ConfigurationError(f"no dialogues{with_tags} in {', '.join(map(str, paths))}")
    return kept


def plays(cases: Iterable[Case]) -> tuple[Play, ...]:
    """Return every run of `cases`: each as written, then once per variant up to its step."""
    found: list[Play] = []
    for case in cases:
        found.append(Play(case))
        for number, step in enumerate(case.form.steps):
            found += (Play(case, number, n) for n in range(len(step.user_variants)))
    return tuple(found)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.suffix in _ENDINGS)
    return [path]


def _read(file: Path) -> Iterator[Case]:
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot read dialogues {str(file)!r}: {error}") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigurationError(
            f"{file}:{line}: not valid YAML: {error.problem}; words with : ? # , or brackets "
            "need quotation marks"
        ) from error
    if node is None:
        raise ConfigurationError(f"{file}:1: is empty; it needs 'test_cases:'")
    lines = _lines(node, file)
    value: Any = yaml.SafeLoader("").construct_document(node)
    try:
        script = Script.model_validate(value)
    except ValidationError as error:
        raise ConfigurationError(_faults(error, file, value, lines)) from error
    seen: set[str] = set()
    for number, form in enumerate(script.test_cases):
        start: Place = ("test_cases", number)
        if form.test_case in seen:
            line = lines[start]
            raise ConfigurationError(f"{file}:{line}: a second test case {form.test_case!r}")
        seen.add(form.test_case)
        own = {place[2:]: line for place, line in lines.items() if place[:2] == start}
        fixtures = form.fixtures.over(script.fixtures) if form.fixtures else script.fixtures
        case = Case(str(file), number, form, fixtures, own)
        if (fixtures.llm == "scripted") != bool(fixtures.llm_replies):
            where = f"{file}:{case.line('fixtures')}: test case {case.name!r}"
            raise ConfigurationError(f"{where}: 'llm: scripted' and llm_replies need each other")
        yield case


def _lines(node: yaml.Node, file: Path, place: Place = ()) -> dict[Place, int]:
    """Return the line of every part of a document; raises where a key stands twice."""
    lines = {place: node.start_mark.line + 1}
    if isinstance(node, yaml.SequenceNode):
        for number, child in enumerate(node.value):
            lines |= _lines(child, file, (*place, number))
    elif isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            name = (*place, str(key.value))
            if name in lines:
                line = key.start_mark.line + 1
                raise ConfigurationError(f"{file}:{line}: {key.value!r} stands here twice")
            lines |= _lines(child, file, name)
            lines[name] = key.start_mark.line + 1
    return lines


def _nearest(place: Place, lines: Mapping[Place, int]) -> int:
    while place not in lines and place:
        place = place[:-1]
    return lines.get(place, 1)


def _faults(error: ValidationError, file: Path, value: object, lines: Mapping[Place, int]) -> str:
    """Return every fault on a line of its own: where it is, and what is allowed."""
    found: dict[str, None] = {}
    entries = error.errors()
    for entry in entries:
        loc = entry["loc"]
        inner = any(other["loc"][: len(loc)] == loc for other in entries if other is not entry)
        if entry["type"] == "too_short" and inner:
            continue  # Only because a part of it is wrong.
        # pydantic puts the names of alternatives into the path: they stand on no line.
        place: Place = ()
        for part in loc:
            place = (*place, part) if (*place, part) in lines else place
        message = entry["msg"].removeprefix("Value error, ")
        if entry["type"] in ("model_type", "model_attributes_type"):
            message = f"should be a mapping with: {', '.join(allowed_at(place))}"
        elif entry["type"] == "extra_forbidden":
            message = f"unknown key {loc[-1]!r}; allowed: {', '.join(allowed_at(place[:-1]))}"
        elif entry["type"] == "missing":
            message = f"{loc[-1]!r} is missing"
        found[f"{file}:{_nearest(place, lines)}: {_where(place, value)}{message}"] = None
    return "\n".join(found)


def _where(place: Place, value: object) -> str:
    """Return the test case and the step in which a place is, in the file's own names."""
    match value:
        case {"test_cases": [*cases]} if len(place) >= 2:
            case: Any = cases[int(place[1])]
            name = case.get("test_case", "without a name") if isinstance(case, dict) else "?"
            step = f", step {int(place[3]) + 1}" if place[2:3] == ("steps",) and place[3:] else ""
            return f"test case {name!r}{step}: "
        case _:
            return ""
