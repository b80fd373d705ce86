"""Many simulated people, all systems, in parallel.

Owns: `SimulationConfig`, `simulate`, `simulate_home`. Does not own: one conversation
(`evaluation.simulation.play`), the parts (`evaluation.simulation.home_bench`) or the report.

Everything about a conversation follows from the seed and its number, so the order in which
processes finish, and how many there are, changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context

from assistant.home import llm_config
from assistant.llm import ChatModel, open_chat_model
from assistant.settings import Settings
from catalog.errors import ConfigurationError
from catalog.progress import Progress, silent
from evaluation.simulation.home_bench import open_bench
from evaluation.simulation.needs import draw_need
from evaluation.simulation.outcome import Outcome, outcome_of
from evaluation.simulation.play import llm_user, play, rule_user
from evaluation.simulation.report import SimulationReport, summarise
from evaluation.simulation.systems import SYSTEMS, Bench

_CHUNK = 10


@dataclass(frozen=True, slots=True)
class SimulationConfig:
    """What is run.

    Attributes
    ----------
    users : int
        Conversations with Vouch.
    seed : int
        Of who is simulated, what they want and what they say.
    systems : tuple of str
        Names in `SYSTEMS`, reported in this order.
    compared : int
        How many of the users, the first ones, talk with every other system as well; people and
        personas take turns, so they are as mixed as the whole.
    processes : int
        How many share the work.
    """

    users: int = 2000
    seed: int = 7
    systems: tuple[str, ...] = tuple(SYSTEMS)
    compared: int = 300
    processes: int = 2

    def __post_init__(self) -> None:
        unknown = [name for name in self.systems if name not in SYSTEMS]
        if unknown or not self.systems:
            known = ", ".join(SYSTEMS)
            raise ConfigurationError(f"no systems {unknown!r} to simulate; there are: {known}")

    def numbers(self, system: str) -> range:
        """Return which users talk with `system`."""
        return range(self.users if system == "vouch" else min(self.users, self.compared))


def simulate(
    bench: Bench,
    config: SimulationConfig,
    progress: Progress = silent,
    model: ChatModel | None = None,
) -> tuple[SimulationReport, tuple[Outcome, ...]]:
    """Return the report of a run in this process, and every conversation's outcome in order.

    Parameters
    ----------
    model : ChatModel, optional
        Puts what people say into words; rules do without it. The report then is as repeatable as
        the model.
    """
    _check(bench)
    chunks = list(_chunks(config))
    outcomes: list[Outcome] = []
    for done, (system, numbers) in enumerate(chunks, 1):
        outcomes += _play_all(bench, config.seed, system, numbers, model)
        progress("simulating conversations", done, len(chunks))
    return _reported(bench, config, outcomes)


def simulate_home(
    settings: Settings, config: SimulationConfig, progress: Progress = silent
) -> tuple[SimulationReport, tuple[Outcome, ...]]:
    """Return what `simulate` does of a home's catalogue, in `config.processes` processes.

    Builds what the home lacks first. No conversation is written to its database. With the endpoint
    tier its model speaks for the people, in this process; Vouch itself writes by templates.
    """
    bench = open_bench(settings, config.seed, progress)
    model = open_chat_model(llm_config(settings)) if settings.llm.tier == "endpoint" else None
    if config.processes == 1 or model is not None:
        return simulate(bench, config, progress, model)
    _check(bench)
    chunks = list(_chunks(config))
    outcomes: list[Outcome] = []
    told = settings.model_dump_json(exclude={"openai_api_key"})
    # Spawned, not forked: the models' engines have threads of their own.
    with ProcessPoolExecutor(config.processes, mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(_play_at_home, told, config.seed, *chunk) for chunk in chunks]
        for done, job in enumerate(as_completed(jobs), 1):
            outcomes += job.result()
            progress("simulating conversations", done, len(jobs))
    return _reported(bench, config, outcomes)


def _chunks(config: SimulationConfig) -> Iterator[tuple[str, range]]:
    for system in config.systems:
        numbers = config.numbers(system)
        for start in range(0, len(numbers), _CHUNK):
            yield system, numbers[start : start + _CHUNK]


def _play_all(
    bench: Bench, seed: int, name: str, numbers: Sequence[int], model: ChatModel | None = None
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for number in numbers:
        need = draw_need(number, seed, bench.people, bench.catalog, bench.fewest)
        user = llm_user(need, bench, seed, model) if model else rule_user(need, bench, seed)
        dialogue = play(need, user, name, SYSTEMS[name], bench)
        outcomes.append(outcome_of(dialogue, bench))
    return outcomes


def _play_at_home(settings: str, seed: int, name: str, numbers: Sequence[int]) -> list[Outcome]:
    return _play_all(_bench(settings, seed), seed, name, numbers)


@cache
def _bench(settings: str, seed: int) -> Bench:
    """Open a home once in every process that plays; `settings` as JSON, which can be a key."""
    return open_bench(Settings.model_validate_json(settings), seed)


def _reported(
    bench: Bench, config: SimulationConfig, outcomes: Sequence[Outcome]
) -> tuple[SimulationReport, tuple[Outcome, ...]]:
    order = {name: at for at, name in enumerate(config.systems)}
    ordered = sorted(outcomes, key=lambda outcome: (order[outcome.system], outcome.number))
    compared = min(config.users, config.compared)
    report = summarise(ordered, config.systems, config.seed, config.users, compared, bench.catalog)
    return report, tuple(ordered)


def _check(bench: Bench) -> None:
    if not bench.people:
        raise ConfigurationError(
            "nobody to simulate: the catalogue needs people who liked something early and later"
        )
