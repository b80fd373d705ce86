"""Two runs: matched, differences by hand, refusals, and the command."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant.engine import Assistant
from catalog.errors import ConfigurationError
from evaluation.reports import RunFile, compare, render, write_run
from evaluation.reports.of_comparison import page
from ui.cli import app


def talk(user: int, person: int, success: int | None, system: str = "vouch") -> dict[str, Any]:
    said = {"user": f"hello {user}", "reply": "Here.", "question": "", "items": [], "titles": []}
    return {
        "system": system, "user": user, "persona": "terse", "person": person, "targets": 1,
        "success": success, "accepted": "", "turns": [said] * (success or 8), "fits": {},
        "constraint_violations": 0, "repeats": 0, "cards_against_the_words": 0, "questions": 0,
        "questions_that_changed_the_slate": 0, "diversity": None, "novelty_bits": 1.0,
        "miscalibration_nats": 0.0,
    }  # fmt: skip


def run(*rows: dict[str, Any], seed: int = 7) -> RunFile:
    return RunFile.of("simulate", {"seed": seed}, {}, rows)


def test_differences_by_hand() -> None:
    # Person 0 has three conversations, all better by one turn; person 1 has one, as it was.
    first = run(*(talk(n, 0, 2) for n in range(3)), talk(3, 1, 3))
    second = run(*(talk(n, 0, 1) for n in range(3)), talk(3, 1, 3))
    found = {one.measure: one for one in compare(first, second).differences}
    turns = found["turns"]
    assert (turns.units, turns.groups) == (4, 2)
    assert (turns.first, turns.second, turns.change) == (2.25, 1.5, -0.75)
    # Drawing two of two people gives -1, -3/4 or 0 with chances 1/4, 1/2, 1/4: 95% has both ends.
    assert (turns.low, turns.high, turns.verdict) == (-1.0, 0.0, "")
    assert found["found_1"].change == 0.75
    assert found["found_3"].change == 0
    # What is not defined in both is not compared.
    assert "diversity" not in found


def test_what_is_always_better_is_called_so() -> None:
    first = run(*(talk(n, n, 5) for n in range(6)))
    second = run(*(talk(n, n, 3) for n in range(6)))
    found = {one.measure: one for one in compare(first, second).differences}
    assert (found["turns"].low, found["turns"].high, found["turns"].verdict) == (-2, -2, "better")
    back = {one.measure: one for one in compare(second, first).differences}
    assert back["turns"].verdict == "worse"
    assert back["found_3"].verdict == "worse"


def test_one_person_says_nothing_of_others() -> None:
    found = compare(run(talk(0, 0, 5)), run(talk(0, 0, 3))).differences
    assert {(one.low, one.high, one.verdict) for one in found} == {(None, None, "")}


def test_what_turned_has_both_transcripts() -> None:
    first = run(talk(0, 0, 2), talk(1, 1, None), talk(2, 2, 1), talk(9, 9, 1))
    second = run(talk(0, 0, None), talk(1, 1, 4), talk(2, 2, 3), talk(8, 8, 1))
    found = compare(first, second)
    assert (found.common, found.only_first, found.only_second) == (3, 1, 1)
    assert [first.row["user"] for first, _ in found.broken] == [0]
    assert [first.row["user"] for first, _ in found.mended] == [1]
    html = render(page(found, first, second))
    assert "From pass to fail" in html
    assert html.count("hello 0") == 2 + 8
    assert "hello 2" not in html


def test_systems_are_compared_each_with_itself() -> None:
    first = run(talk(0, 0, 1), talk(0, 0, 5, system="bm25"))
    found = compare(first, first)
    assert {one.series for one in found.differences} == {"vouch", "bm25"}
    assert {one.change for one in found.differences} == {0}


def test_other_kinds_other_people_and_no_units_are_refused() -> None:
    mine = run(talk(0, 0, 1))
    with pytest.raises(ConfigurationError, match="'simulate' with one of 'eval'"):
        compare(mine, replace(mine, kind="eval"))
    with pytest.raises(ConfigurationError, match=r"no unit in common.*seed: 7 and 8"):
        compare(mine, run(talk(0, 0, 1), seed=8))
    with pytest.raises(ConfigurationError, match="no unit in common"):
        compare(mine, run(talk(1, 0, 1)))
    with pytest.raises(ConfigurationError, match="hold no units"):
        compare(run(), run())


def test_stages_are_compared_without_an_interval() -> None:
    def timed(ms: float) -> RunFile:
        stages = {"rank": {"p50": ms, "p95": 2 * ms, "max": 3 * ms}}
        return RunFile.of("turn", {}, {"turns": 9, "seed": 7, "stages_ms": stages})

    found = compare(timed(10.0), timed(8.0)).differences
    assert [(one.measure, one.change, one.low) for one in found] == [
        ("p50", -2, None), ("p95", -4, None), ("max", -6, None),
    ]  # fmt: skip


def test_the_commands_keep_runs_and_compare_them(
    shop: Assistant, shop_home: Path, tmp_path: Path
) -> None:
    script = tmp_path / "talks.yaml"
    runner = CliRunner()

    def play(name: str, first: str) -> str:
        script.write_text(
            "test_cases:\n- test_case: fan\n  steps:\n"
            f"  - {{user: a quiet fan under $50, assert: [items: {{first: {first}}}]}}\n"
        )
        files = [str(tmp_path / f"{name}.{kind}") for kind in ("json", "html")]
        options = ["--home", str(shop_home), "--save", files[0], "--report", files[1], "--json"]
        done = runner.invoke(app, ["eval", str(script), *options])
        assert (tmp_path / f"{name}.html").read_text().startswith("<!doctype html>")
        return done.stdout

    right, again = play("right", "Lull Desk Fan"), play("again", "Lull Desk Fan")
    assert right == again
    kept = [(tmp_path / f"{name}.json").read_bytes() for name in ("right", "again")]
    assert kept[0] == kept[1]
    play("wrong", "Halo Desk Lamp")
    runs = [str(tmp_path / f"{name}.json") for name in ("right", "wrong")]
    done = runner.invoke(app, ["compare", *runs, "--json", "--report", str(tmp_path / "two.html")])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["from_pass_to_fail"] == [[f"{tmp_path.name}/talks.yaml", "fan", "as written"]]
    assert "From pass to fail" in (tmp_path / "two.html").read_text()
    write_run(run(talk(0, 0, 1)), tmp_path / "other.json")
    done = runner.invoke(app, ["compare", runs[0], str(tmp_path / "other.json")])
    assert isinstance(done.exception, ConfigurationError)
