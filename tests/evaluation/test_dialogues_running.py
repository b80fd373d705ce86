"""Whole runs: the same twice, in the order of the files, in every form of report."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from assistant.engine import Assistant
from catalog.errors import ConfigurationError
from evaluation import __file__ as evaluation_package
from evaluation.dialogues.reading import read_cases
from evaluation.dialogues.report import render, to_json, write_junit, write_transcripts
from evaluation.dialogues.running import Plan, run
from ui.cli import app

OURS = Path(evaluation_package).parent / "scripts"

TALK = """
test_cases:
- test_case: fan
  steps:
  - user: a quiet fan under $50
    user_variants: [silent fan below 50 dollars]
    assert: [items: {first: Lull Desk Fan}]
- test_case: wrong
  steps:
  - user: a kettle
    assert: [items: {first: Lull Desk Fan}, language: de]
- test_case: known
  tags: [known_failure]
  steps: [{user: a lamp, assert: [items: {max: 1}]}]
"""
INVENTING = """
test_cases:
- test_case: invented
  fixtures:
    llm: scripted
    llm_replies: ["1: {pick} is quiet.", "1: {pick} costs $1.\\n2: Buy from Dyson."]
    llm_readings:
    - '{"constraints": [{"facet": "colour", "op": "=", "value": "white", "text": "pale"}]}'
    - '{}'
  steps:
  - user: quiet fans in a pale shade
    assert:
    - profile: {constraints: [colour = white]}
    - reply: {contains: Lull Tower Fan is quiet}
    - warnings: none
  - user: no, a black kettle
    assert:
    - reply: {lacks: [Dyson, costs]}
    - warnings: {contains: strayed}
"""


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    file = tmp_path / "talk.yaml"
    file.write_text(TALK, encoding="utf-8")
    return file


def test_the_command_in_two_processes_says_what_one_process_finds(
    talk: Path, shop_home: Path
) -> None:
    command = ["eval", str(talk), "--home", str(shop_home), "--json"]

    result = CliRunner().invoke(app, command)

    one = to_json(run(Plan(read_cases([talk]), shop_home, workers=1)))
    assert result.stdout == json.dumps(one, ensure_ascii=False) + "\n"
    assert result.exit_code == 1
    assert "dialogues: 4 of 4" in result.stderr
    assert [row["test_case"] for row in one["results"]] == ["fan", "fan", "wrong", "known"]
    assert (one["failed"], one["known_failures"], one["passed"]) == (1, 1, False)


def _sessions(home: Path) -> int:
    with closing(sqlite3.connect(home / "vouch.db")) as connection:
        return int(connection.execute("select count(*) from sessions").fetchone()[0])


def test_the_operator_s_conversations_are_not_touched(
    talk: Path, shop_home: Path, shop: Assistant
) -> None:
    shop.start("a-known-person")
    before = _sessions(shop_home)

    run(Plan(read_cases([talk]), shop_home, workers=1))

    assert _sessions(shop_home) == before > 0


def test_every_report_shows_what_differs(talk: Path, shop_home: Path, tmp_path: Path) -> None:
    report = run(Plan(read_cases([talk]), shop_home, workers=1))

    text = render(report)
    assert f"FAIL  {talk}:11  wrong  (as written)" in text
    assert f"known  {talk}:14  known  (as written)" in text
    assert "turn 1  a kettle" in text
    assert text.splitlines()[-1].startswith("3 dialogues, 4 runs,")
    rows = [line.split() for line in text.splitlines()]
    assert ["11", "language", "de", "en"] in rows

    write_junit(report, tmp_path / "out" / "junit.xml")
    suite = ElementTree.parse(tmp_path / "out" / "junit.xml").getroot()[0]
    counts = (suite.get("tests"), suite.get("failures"), suite.get("skipped"))
    assert counts == ("4", "1", "1")
    failure = suite.find("testcase[@classname='wrong']/failure")
    assert failure is not None
    assert "expected: Lull Desk Fan\n" in (failure.text or "")

    write_transcripts(report, tmp_path / "said")
    (file,) = (tmp_path / "said").iterdir()
    said = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(one["test_case"], one["run"]) for one in said][1] == ("fan", "turn 1, variant 1")
    user, reply = said[0]["messages"]
    assert user == {"role": "user", "content": "a quiet fan under $50"}
    assert reply["role"] == "assistant"
    assert reply["data"]["items"][0]["item_id"] == "HK-019"
    assert "timings_ms" not in reply["data"]


def test_a_known_failure_that_passes_must_lose_its_mark(tmp_path: Path, shop_home: Path) -> None:
    file = tmp_path / "talk.yaml"
    file.write_text(
        "test_cases:\n- {test_case: fine, tags: [known_failure], steps: [{user: a fan}]}\n"
    )

    report = run(Plan(read_cases([file]), shop_home, workers=1))

    assert not report.passed
    assert f"FAIL  {file}:2  fine: passes; take away its known_failure" in render(report)


def test_a_scripted_model_is_heard_and_invents_nothing(tmp_path: Path, shop_home: Path) -> None:
    file = tmp_path / "talk.yaml"
    file.write_text(INVENTING, encoding="utf-8")

    report = run(Plan(read_cases([file]), shop_home, workers=1))

    assert report.passed, render(report)
    first = report.outcomes[0].turns[0]
    # What it says is true: the person reads the model's own words.
    assert first["llm"] == {"tier": "endpoint", "model": "scripted"}


def test_a_home_without_a_catalogue_is_named(tmp_path: Path) -> None:
    file = tmp_path / "talk.yaml"
    file.write_text(
        "fixtures: {catalogue: nowhere}\ntest_cases:\n- {test_case: a, steps: [{user: hi}]}\n"
    )

    with pytest.raises(
        ConfigurationError, match="is no home with a catalogue; allowed are films, shop"
    ):
        run(Plan(read_cases([file])))


def test_latencies_are_in_the_report_only_where_asked_for(talk: Path, shop_home: Path) -> None:
    report = run(Plan(read_cases([talk]), shop_home, timings=True))

    assert "timings_ms" not in to_json(report)["results"][0]
    assert to_json(report, timings=True)["results"][0]["timings_ms"][0]["cards"] > 0


def test_our_dialogues_of_the_shop(shop_home: Path) -> None:
    report = run(Plan(read_cases([OURS / "shop"]), shop_home, workers=1))

    assert len(report.cases) >= 40
    assert report.passed, render(report)


@pytest.mark.slow
def test_our_dialogues_of_the_films(film_home: Path) -> None:
    report = run(Plan(read_cases([OURS / "films"]), film_home))

    assert len(report.cases) >= 80
    assert report.passed, render(report)
