"""A run on a home: the whole of Vouch, two processes, and the command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from assistant.settings import RankingSettings, Settings, load_settings
from catalog.database import open_database, save_catalog
from evaluation.simulation import SimulationConfig, simulate_home
from evaluation.simulation.home_bench import open_bench
from tests.evaluation.small_library import SCHEMA, SIZE, whole

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with the small library; without the reranker, which takes a minute to prepare."""
    home = tmp_path_factory.mktemp("library")
    settings = load_settings(home=home).model_copy(
        update={"ranking": RankingSettings(reranker="none")}
    )
    save_catalog(open_database(settings.url), SCHEMA, whole().items, whole().interactions)
    return settings


def test_the_command_prints_what_one_process_finds(settings: Settings, tmp_path: Path) -> None:
    config = SimulationConfig(12, systems=("vouch", "bm25"), compared=6, processes=1)
    report, outcomes = simulate_home(settings, config)
    done = subprocess.run(
        [
            sys.executable, "-m", "ui.cli", "simulate", "--users", "12", "--compared", "6",
            "--systems", "vouch, bm25", "--json", "--transcripts", str(tmp_path / "talk.jsonl"),
        ],
        capture_output=True, text=True, timeout=240, check=False, env={
            **os.environ, "VOUCH_HOME": str(settings.home), "VOUCH_RANKING__RERANKER": "none",
            "PYTHONPATH": str(ROOT),
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == json.dumps(report.to_json(), ensure_ascii=False) + "\n"
    said = [json.loads(line) for line in (tmp_path / "talk.jsonl").read_text().splitlines()]
    assert said == [outcome.to_json() for outcome in outcomes]
    assert "simulating conversations" in done.stderr


def test_no_conversation_is_written_to_the_home(settings: Settings) -> None:
    simulate_home(settings, SimulationConfig(2, systems=("vouch",), processes=1))
    with open_database(settings.url).connect() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM items")).scalar_one() == SIZE
        assert connection.execute(text("SELECT COUNT(*) FROM turns")).scalar_one() == 0


def test_the_models_of_a_home_do_not_know_the_people(settings: Settings) -> None:
    bench = open_bench(settings, seed=3)
    simulated = {person.user for person in bench.people}
    assert simulated
    assert not simulated & set(bench.catalog.interactions.user.tolist())
    assert {r.name for r in bench.parts.retrievers} >= {"dense", "lexical", "collaborative"}
