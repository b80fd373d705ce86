"""The whole local suite, without a language model.

Owns: `run_suite`: what is in it, in which order, and its contents page. Does not own: any of its
parts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from assistant.home import open_assistant
from assistant.settings import Settings
from catalog.progress import Progress, silent
from evaluation import __file__ as package
from evaluation.dialogues.reading import read_cases
from evaluation.dialogues.running import Plan
from evaluation.dialogues.running import run as play_dialogues
from evaluation.latency import bench_turn
from evaluation.ratings import RatingsConfig, bench_ratings, home_ratings
from evaluation.reports.kinds import page_of
from evaluation.reports.page import Link, Page, Tile, told, write_page
from evaluation.reports.run_file import RunFile, write_run
from evaluation.reports.runs import bench_run, eval_run, ratings_run, simulation_run
from evaluation.simulation import SimulationConfig, simulate_home

SCRIPTS = Path(package).parent / "scripts"
_HEADLINES = 3
_RATED = "popularity,itemknn,als,ease"
"""The models that are fitted in seconds."""


@dataclass(frozen=True, slots=True)
class SuiteConfig:
    """What is run.

    Attributes
    ----------
    users : int
        Simulated conversations with Vouch; a sixth of them with every other system, 300 at
        most, and as many people at most as are served of the ratings.
    turns : int
        Timed.
    seed : int
        Of everything.
    scripts : Path
        Dialogues.
    processes : int
        How many share the work; 1 works in this one.
    """

    users: int = 2000
    turns: int = 200
    seed: int = 7
    scripts: Path = SCRIPTS
    processes: int = 2

    @property
    def compared(self) -> int:
        """How many users talk with every system."""
        return max(1, min(300, self.users // 6))


@dataclass(frozen=True, slots=True)
class Part:
    """One run of the suite.

    Attributes
    ----------
    name : str
        Of its files.
    title, headline : str
        What it is and what it found.
    passed : bool
        False where something went as it must not.
    seconds : float
        How long it took.
    """

    name: str
    title: str
    headline: str
    passed: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class SuiteReport:
    """All parts, in order."""

    parts: tuple[Part, ...]

    @property
    def passed(self) -> bool:
        """Tell whether all went as it must."""
        return all(part.passed for part in self.parts)

    def to_json(self) -> dict[str, Any]:
        """Return the suite as JSON values."""
        names = ("name", "headline", "passed", "seconds")
        parts = [{name: getattr(part, name) for name in names} for part in self.parts]
        return {"passed": self.passed, "parts": parts}

    def to_text(self) -> str:
        """Return a line a part."""
        lines = [
            f"{part.title:<32}{part.seconds:>6.0f} s  {part.headline}"
            + ("" if part.passed else "  FAILS")
            for part in self.parts
        ]
        return "\n".join([*lines, f"{'in all':<32}{sum(p.seconds for p in self.parts):>6.0f} s"])


def run_suite(
    settings: Settings, config: SuiteConfig, out: Path, progress: Progress = silent
) -> SuiteReport:
    """Run everything, and write a run file and a page for each part and a page of contents.

    Templates write all replies, whatever the settings say. A part is written when it is done, so
    that an error in the next one loses nothing.

    Parameters
    ----------
    settings : Settings
        With the home; what it lacks is built first.
    config : SuiteConfig
        How much.
    out : Path
        Folder for the files; made where it is missing.
    progress : Progress
        Told as it goes.
    """
    none = settings.model_copy(update={"llm": settings.llm.model_copy(update={"tier": "none"})})
    makers: dict[str, Callable[[], RunFile]] = {
        # First, while the processor is cool and nothing else is open.
        "turn": lambda: _turn(none, config, progress),
        "eval": lambda: _eval(none, config, progress),
        "simulate": lambda: _simulate(none, config, progress),
        "movielens": lambda: _ratings(none, config, progress),
    }
    parts: list[Part] = []
    for name, make in makers.items():
        started = perf_counter()
        run = make()
        seconds = round(perf_counter() - started, 1)
        page = page_of(run)
        write_run(run, out / f"{name}.json")
        write_page(page, out / f"{name}.html")
        told = "; ".join(f"{tile.label}: {tile.value}" for tile in page.tiles[:_HEADLINES])
        passed = bool(run.report.get("passed", True))
        parts.append(Part(name, page.title, told, passed, seconds))
    report = SuiteReport(tuple(parts))
    write_page(_contents(report, config), out / "index.html")
    return report


def _turn(settings: Settings, config: SuiteConfig, progress: Progress) -> RunFile:
    assistant = open_assistant(settings, progress)
    report = bench_turn(assistant, config.turns, config.seed).to_json()
    return bench_run("turn", {"turns": config.turns, "seed": config.seed}, report)


def _eval(settings: Settings, config: SuiteConfig, progress: Progress) -> RunFile:
    plan = Plan(read_cases([config.scripts]), settings.home, "none", workers=config.processes)
    return eval_run(plan, play_dialogues(plan, progress))


def _simulate(settings: Settings, config: SuiteConfig, progress: Progress) -> RunFile:
    asked = SimulationConfig(
        config.users, config.seed, compared=config.compared, processes=config.processes
    )
    report, outcomes = simulate_home(settings, asked, progress)
    return simulation_run(settings, asked, report, outcomes, progress)


def _ratings(settings: Settings, config: SuiteConfig, progress: Progress) -> RunFile:
    asked = RatingsConfig.named(
        _RATED,
        "",
        seed=config.seed,
        people=config.users,
        processes=config.processes if config.processes > 1 else 0,
    )
    return ratings_run(asked, bench_ratings(home_ratings(settings, progress), asked, progress))


def _contents(report: SuiteReport, config: SuiteConfig) -> Page:
    seconds = sum(part.seconds for part in report.parts)
    return Page(
        title="The evaluation suite",
        lead="Everything that is measured here without a language model, from one seed.",
        tiles=(
            Tile("Verdict", "passes" if report.passed else "fails", f"{len(report.parts)} runs"),
            Tile("Time", f"{seconds / 60:.1f} min"),
        ),
        sections=(),
        settings=told({
            "command": "vouch bench suite", "users": config.users, "turns": config.turns,
            "seed": config.seed,
        }),
        links=tuple(
            Link(part.title, f"{part.name}.html", part.headline, "plain" if part.passed else "bad")
            for part in report.parts
        ),
    )  # fmt: skip
