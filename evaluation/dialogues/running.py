"""Spreading dialogues over processes.

Owns: `Plan`, `run`. Does not own: one dialogue (`evaluation.dialogues.playing`). Every process
opens each assistant once; results come back in the order of the files, whoever was first.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Literal, NamedTuple

from assistant.engine import Assistant
from assistant.state import Tier
from catalog.errors import ModelError, VouchError
from catalog.progress import Progress, silent
from evaluation.dialogues.endpoint import ScriptedEndpoint
from evaluation.dialogues.homes import Llm, Stage, build_stages, stage_name
from evaluation.dialogues.outcome import Outcome, Report
from evaluation.dialogues.playing import play
from evaluation.dialogues.reading import Case, Play, plays
from evaluation.dialogues.truth import Truth

_LABEL = "dialogues"
_MOST_WORKERS = 4


class _Step(NamedTuple):
    label: str
    done: int
    total: int


class _Done(NamedTuple):
    number: int
    outcome: Outcome


_Message = _Step | _Done | VouchError


@dataclass(frozen=True, slots=True)
class Plan:
    """What to play, and how.

    Attributes
    ----------
    cases : tuple of Case
        The dialogues.
    home : Path or None
        The operator's home; None is the per-user one.
    llm : Tier or None
        In place of every dialogue's own, but for scripted ones.
    timings : bool
        Whether latencies are checked and kept; then one process has the machine to itself.
    workers : int
        Processes; 1 plays in this one, 0 is one per core, four at most: each holds a catalogue.
    """

    cases: tuple[Case, ...]
    home: Path | None = None
    llm: Tier | None = None
    timings: bool = False
    workers: int = 0

    def key(self, run: Play) -> tuple[str, Tier | Literal["scripted"]]:
        """Return which assistant a run needs: home, and who writes the prose."""
        llm = run.case.fixtures.llm
        return stage_name(run.case), llm if llm == "scripted" else self.llm or llm


def run(plan: Plan, progress: Progress = silent) -> Report:
    """Play every dialogue of `plan` and all its variants.

    Raises
    ------
    VouchError
        When an assistant cannot be opened.
    """
    runs = plays(plan.cases)
    order = sorted(range(len(runs)), key=lambda number: plan.key(runs[number]))
    workers = plan.workers or min(os.cpu_count() or 1, _MOST_WORKERS)
    workers = 1 if plan.timings else min(workers, len(runs))
    outcomes: dict[int, Outcome] = {}

    def receive(message: _Message) -> None:
        if isinstance(message, VouchError):
            raise message
        if isinstance(message, _Done):
            outcomes[message.number] = message.outcome
            message = _Step(_LABEL, len(outcomes), len(runs))
        progress(*message)

    with tempfile.TemporaryDirectory(prefix="vouch-eval-") as folder:
        stages = build_stages(plan.cases, plan.home, Path(folder), progress)
        shares = [
            _Share(
                plan,
                stages,
                Path(folder) / f"worker-{n}",
                [(i, runs[i]) for i in order[n::workers]],
            )
            for n in range(workers)
        ]
        if workers == 1:
            _work(shares[0], receive)
        else:
            _spread(shares, receive)
    if len(outcomes) < len(runs):
        raise ModelError("a process stopped before all its dialogues were played; see above")
    return Report(tuple(outcomes[number] for number in range(len(runs))))


@dataclass(frozen=True, slots=True)
class _Share:
    """What one process plays, sorted by assistant."""

    plan: Plan
    stages: Mapping[str, Stage]
    folder: Path
    runs: Sequence[tuple[int, Play]]


def _work(share: _Share, send: Callable[[_Message], None]) -> None:
    """Play a share, opening one assistant at a time."""
    share.folder.mkdir()
    plan = share.plan
    threads = 0 if plan.timings else 1

    def tell(label: str, done: int, total: int) -> None:
        send(_Step(label, done, total))

    groups = groupby(share.runs, key=lambda entry: plan.key(entry[1]))
    for number, ((name, llm), group) in enumerate(groups):
        database = share.folder / f"{number}.db"
        with ExitStack() as stack:
            endpoint = stack.enter_context(ScriptedEndpoint()) if llm == "scripted" else None
            who = Llm("none" if llm == "scripted" else llm)
            who = Llm("endpoint", endpoint.url) if endpoint else who
            assistant = share.stages[name].open(database, who, threads, tell)
            if endpoint:
                _warm_up(assistant, endpoint)
            truth = Truth(assistant.catalog)
            for index, one in group:
                if endpoint:
                    fixtures = one.case.fixtures
                    endpoint.script(fixtures.llm_replies, fixtures.llm_readings)
                send(_Done(index, play(assistant, truth, one, timings=plan.timings)))


def _warm_up(assistant: Assistant, endpoint: ScriptedEndpoint) -> None:
    """Take a turn that nobody counts: importing the client outlasts the deadline of a reading."""
    endpoint.script([""])
    for _ in assistant.respond(assistant.start(), "anything good"):
        pass


def _spread(shares: Sequence[_Share], receive: Callable[[_Message], None]) -> None:
    context = multiprocessing.get_context("spawn")
    receivers: list[Connection[_Message, _Message]] = []
    processes: list[SpawnProcess] = []
    with ExitStack() as stack:
        for share in shares:
            receiver, sender = context.Pipe(duplex=False)
            process = context.Process(target=_send_work, args=(share, sender), daemon=True)
            process.start()
            # Only cuts short what an error leaves running: at the end they are all joined.
            stack.callback(process.terminate)
            processes.append(process)
            sender.close()
            receivers.append(receiver)
        while receivers:
            ready = wait(receivers)
            for receiver in [one for one in receivers if one in ready]:
                try:
                    receive(receiver.recv())
                except EOFError:
                    receivers.remove(receiver)
        for process in processes:
            process.join()


def _send_work(share: _Share, sender: Connection[_Message, _Message]) -> None:
    with sender:
        try:
            _work(share, sender.send)
        except VouchError as error:
            sender.send(error)
