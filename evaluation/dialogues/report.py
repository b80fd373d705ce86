"""How the results of dialogues are shown: on a terminal, as JSON, for CI, and as transcripts.

Owns: `to_json`, `rows`, `render`, `write_junit`, `write_transcripts`. Does not own: any judgement.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from catalog.errors import ConfigurationError
from evaluation.dialogues.outcome import Failure, Outcome, Report

# What XML 1.0 cannot hold, however escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST = 300
_WIDE = 140


def to_json(report: Report, *, timings: bool = False) -> dict[str, Any]:
    """Return the report as JSON values; without `timings` two runs give the same."""
    return {
        "passed": report.passed,
        "test_cases": len(report.cases),
        "runs": len(report.outcomes),
        "turns": sum(len(one.turns) for one in report.outcomes),
        "checked": sum(one.checked for one in report.outcomes),
        "failed": len(report.failed),
        "known_failures": len(report.known),
        "unexpectedly_passed": [f"{case.file}: {case.name}" for case in report.unexpected],
        "results": [_result(one, timings=timings) for one in report.outcomes],
    }


def rows(report: Report) -> list[dict[str, Any]]:
    """Return each run with its transcript, the same at every run."""
    found: list[dict[str, Any]] = []
    for one in report.outcomes:
        turns = [{k: v for k, v in turn.items() if k != "timings_ms"} for turn in one.turns]
        more = {"known_failure": one.play.case.is_known_failure, "transcript": turns}
        found.append(_result(one, timings=False) | more)
    return found


def render(report: Report) -> str:
    """Return every failure with what differs side by side, then one line that sums up.

    Coloured where standard output is a terminal, and as wide.
    """
    console = Console()
    if not console.is_terminal:
        console.width = _WIDE
    with console.capture() as captured:
        for one in report.known:
            console.print(_heading("known", "yellow", one), soft_wrap=True)
        for one in report.failed:
            console.print(_heading("FAIL", "bold red", one), soft_wrap=True)
            for group in _by_turn(one.failures):
                console.print(Padding(_turn(group), (0, 0, 1, 2)))
        for case in report.unexpected:
            text = f"{case.file}:{case.line()}  {case.name}: passes; take away its known_failure"
            console.print(Text.assemble(("FAIL  ", "bold red"), text), soft_wrap=True)
        console.print(_summary(report), end="")
    return captured.get()


def write_junit(report: Report, file: Path) -> None:
    """Write JUnit XML, as CI systems read it: a suite a file, a case a run.

    Raises
    ------
    ConfigurationError
        When the file cannot be written.
    """
    root = ElementTree.Element("testsuites", name="vouch eval")
    suites: dict[str, ElementTree.Element] = {}
    for one in report.outcomes:
        case = one.play.case
        if case.file not in suites:
            suites[case.file] = ElementTree.SubElement(root, "testsuite", name=case.file)
        attributes = {"classname": case.name, "name": one.play.name, "file": case.file}
        node = ElementTree.SubElement(
            suites[case.file], "testcase", attributes, line=str(case.line())
        )
        if not one.passed:
            kind = "skipped" if case.is_known_failure else "failure"
            message = ", ".join(dict.fromkeys(failure.what for failure in one.failures))
            child = ElementTree.SubElement(node, kind, message=message)
            child.text = _NOT_XML.sub("\ufffd", "\n\n".join(map(_plain, one.failures)))
        elif case in report.unexpected:
            ElementTree.SubElement(node, "failure", message="passes: take known_failure away")
    for suite in suites.values():
        suite.set("tests", str(len(suite)))
        suite.set("failures", str(len(suite.findall("*/failure"))))
        suite.set("skipped", str(len(suite.findall("*/skipped"))))
    ElementTree.indent(root)
    _write(file, ElementTree.tostring(root, encoding="unicode") + "\n")


def write_transcripts(report: Report, folder: Path) -> None:
    """Write what was said, a file a dialogue file, a line a run, in the form of OpenAI's messages.

    What was on the table stands with each reply as data: items, profile, question.

    Raises
    ------
    ConfigurationError
        When the folder cannot be written to.
    """
    lines: dict[str, list[str]] = {}
    for one in report.outcomes:
        file = Path(one.play.case.file)
        name = "-".join([*file.parent.parts[-1:], file.stem]).strip("./")
        lines.setdefault(f"{name}.jsonl", []).append(
            json.dumps(_transcript(one), ensure_ascii=False)
        )
    for name, rows in lines.items():
        _write(folder / name, "\n".join(rows) + "\n")


def _result(one: Outcome, *, timings: bool) -> dict[str, Any]:
    case = one.play.case
    result: dict[str, Any] = {
        "file": case.file,
        "line": case.line(),
        "test_case": case.name,
        "run": one.play.name,
        "tags": list(case.form.tags),
        "passed": one.passed,
        "turns": len(one.turns),
        "checked": one.checked,
        "failures": [asdict(failure) for failure in one.failures],
    }
    if timings:
        result["timings_ms"] = [turn["timings_ms"] for turn in one.turns]
    return result


def _transcript(one: Outcome) -> dict[str, Any]:
    messages: list[dict[str, Any]] = []
    for turn in one.turns:
        data = {key: value for key, value in turn.items() if key not in ("user", "reply")}
        messages.append({"role": "user", "content": turn["user"]})
        messages.append({"role": "assistant", "content": turn["reply"], "data": data})
    case = one.play.case
    return {
        "file": case.file,
        "test_case": case.name,
        "run": one.play.name,
        "passed": one.passed,
        "messages": messages,
    }


def _heading(word: str, style: str, one: Outcome) -> Text:
    case, line = one.play.case, one.failures[0].line
    where = f"{case.file}:{line}  {case.name}"
    return Text.assemble((f"{word}  ", style), where, (f"  ({one.play.name})", "dim"))


def _by_turn(failures: Sequence[Failure]) -> list[list[Failure]]:
    turns = dict.fromkeys(failure.turn for failure in failures)
    return [[one for one in failures if one.turn == turn] for turn in turns]


def _turn(failures: Sequence[Failure]) -> RenderableType:
    """Return one turn: what was said, and a row per statement that does not hold."""
    first = failures[0]
    said = Text.assemble((f"turn {first.turn}  ", "dim"), _short(first.user))
    said.append("\nreply   ", "dim").append(_short(first.reply))
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for name in ("line", "what", "expected", "found"):
        table.add_column(name, header_style="dim", overflow="fold")
    for one in failures:
        expected, found = Text(one.expected, "green"), Text(_short(one.found), "red")
        table.add_row(Text(str(one.line), "dim"), Text(one.what), expected, found)
    return Group(said, table)


def _summary(report: Report) -> Text:
    runs, cases = len(report.outcomes), len(report.cases)
    checked = sum(one.checked for one in report.outcomes)
    passed = sum(one.passed for one in report.outcomes)
    style = "bold green" if report.passed else "bold red"
    counts = f"{cases} dialogues, {runs} runs, {checked:,} checks: {passed} passed"
    counts += f", {len(report.failed)} failed, {len(report.known)} known to fail"
    if report.unexpected:
        counts += f", {len(report.unexpected)} known to fail that pass"
    return Text(counts, style)


def _plain(failure: Failure) -> str:
    return (
        f"line {failure.line}, turn {failure.turn}: {failure.user}\nreply: {failure.reply}\n"
        f"{failure.what}\n  expected: {failure.expected}\n  found:    {failure.found}"
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"cannot write {str(file)!r}: {error.strerror}") from error
