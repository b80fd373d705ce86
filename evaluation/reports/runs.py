"""Runs of every command as run files.

Owns: which of a command's options and results are kept. Does not own: running anything, but for
playing the worst simulated conversations again (`evaluation.reports.tracing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.settings import Settings
from catalog.progress import Progress, silent
from evaluation.dialogues import report as dialogues
from evaluation.dialogues.outcome import Report
from evaluation.dialogues.running import Plan
from evaluation.ratings import RatingsConfig, RatingsReport
from evaluation.redial.bench import RedialReport
from evaluation.redial.measure import Row
from evaluation.reports.run_file import RunFile
from evaluation.reports.tracing import traced
from evaluation.simulation import Outcome, SimulationConfig, SimulationReport
from evaluation.simulation.home_bench import open_bench


def eval_run(plan: Plan, report: Report) -> RunFile:
    """Return a run of ``vouch eval``: a row per run of a dialogue, with all its turns."""
    names = _short(case.file for case in plan.cases)
    settings = {"files": list(names.values()), "llm": plan.llm, "dialogues": len(plan.cases)}
    told = dialogues.to_json(report)
    # Each row is a result and its transcript.
    del told["results"]
    rows = [row | {"file": names[row["file"]]} for row in dialogues.rows(report)]
    return RunFile.of("eval", settings, told, rows)


def simulation_run(
    settings: Settings,
    config: SimulationConfig,
    report: SimulationReport,
    outcomes: Sequence[Outcome],
    progress: Progress = silent,
) -> RunFile:
    """Return a run of ``vouch simulate``: a row per conversation, the worst ones with why.

    The home is opened once more for those, but not where a language model spoke for people.
    """
    asked = asdict(config)
    # The same whatever their number.
    del asked["processes"]
    asked["words"] = "model" if settings.llm.tier == "endpoint" else "rules"
    run = RunFile.of("simulate", asked, report.to_json(), [one.to_row() for one in outcomes])
    if asked["words"] == "model" or "vouch" not in config.systems:
        return run
    bench = open_bench(settings, config.seed, progress)
    rows = traced(run.rows, bench, config.seed, progress)
    return RunFile.of(run.kind, run.settings, run.report, rows)


def redial_run(report: RedialReport, rows: Sequence[Row]) -> RunFile:
    """Return a run of ``vouch bench redial``: a row per answer, system and rule."""
    settings = {"split": report.split, "seed": report.seed}
    return RunFile.of("redial", settings, report.to_json(), [asdict(row) for row in rows])


def ratings_run(config: RatingsConfig, report: RatingsReport) -> RunFile:
    """Return a run of ``vouch bench movielens``."""
    settings = {
        "data": report.data.name,
        "models": [one.label for one in config.models],
        "protocols": list(config.protocols),
        "folds": config.folds,
        "people": config.people,
        "reference": report.reference,
        "liked": report.liked,
        "seed": config.seed,
    }
    return RunFile.of("movielens", settings, report.to_json())


def bench_run(kind: str, settings: Mapping[str, Any], report: Mapping[str, Any]) -> RunFile:
    """Return a run of any other ``vouch bench KIND`` by its report."""
    return RunFile.of(kind, settings, report)


def _short(files: Iterable[str]) -> dict[str, str]:
    """Return each path by its last folder and its name, the same wherever the files lie."""
    names = {file: "/".join(Path(file).parts[-2:]) for file in files}
    return names if len(set(names.values())) == len(names) else {file: file for file in names}
