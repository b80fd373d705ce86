"""The whole suite over the small library: every file of it, and its page of contents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.settings import load_settings
from catalog.database import open_database, save_catalog
from evaluation.reports import read_run
from evaluation.reports.suite import SuiteConfig, run_suite
from tests.evaluation.small_library import SCHEMA, whole

TALK = """
test_cases:
- test_case: crime
  steps: [{user: a crime story, assert: [items: {satisfy: [genre = crime]}]}]
- test_case: wrong
  steps: [{user: a crime story, assert: [items: {max: 0}]}]
"""


@pytest.mark.slow
def test_a_quick_suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # It takes a minute to prepare.
    monkeypatch.setenv("VOUCH_RANKING__RERANKER", "none")
    settings = load_settings(home=tmp_path / "library")
    (tmp_path / "library").mkdir()
    save_catalog(open_database(settings.url), SCHEMA, whole().items, whole().interactions)
    script = tmp_path / "talks.yaml"
    script.write_text(TALK)
    out = tmp_path / "out"
    report = run_suite(settings, SuiteConfig(users=6, turns=5, scripts=script, processes=1), out)
    names = ["turn", "eval", "simulate", "movielens"]
    assert [part.name for part in report.parts] == names
    assert sorted(file.name for file in out.iterdir()) == sorted(
        ["index.html", *(f"{name}.{end}" for name in names for end in ("html", "json"))]
    )
    assert [part.passed for part in report.parts] == [True, False, True, True]
    assert not report.passed
    assert json.loads(json.dumps(report.to_json()))["passed"] is False
    assert "FAILS" in report.to_text()
    assert read_run(out / "simulate.json").settings["compared"] == 1
    index = (out / "index.html").read_text()
    assert all(f'href="{name}.html"' in index for name in names)
