"""Why simulated conversations went as they did.

Owns: `traced`: the worst conversations with the terms of each card, the ledger and the questions.
Does not own: which are the worst (`evaluation.reports.of_simulation`).

A conversation follows from the seed and its number, so playing it again gives the same, this time
with everything kept: a run of thousands need not carry what a dozen are read for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.engine import Assistant
from assistant.wire import turn_json
from catalog.progress import Progress, silent
from evaluation.reports.of_simulation import worst
from evaluation.reports.run_file import Json
from evaluation.simulation.memory_store import MemoryStore
from evaluation.simulation.needs import draw_need
from evaluation.simulation.play import play, rule_user
from evaluation.simulation.systems import Bench, System


def traced(
    rows: Sequence[Json], bench: Bench, seed: int, progress: Progress = silent
) -> tuple[Json, ...]:
    """Return `rows` with a ``trace`` in the worst of Vouch's: every turn as ``--json`` gives it.

    Parameters
    ----------
    rows : sequence of dict
        Of a run of `seed` on `bench` by rules; a language model's words do not come again.
    """
    chosen = worst(rows)
    traces: dict[int, list[Json]] = {}
    for done, row in enumerate(chosen, 1):
        traces[row["user"]] = _trace(row["user"], bench, seed)
        progress("tracing the worst conversations", done, len(chosen))
    return tuple(
        row | {"trace": traces[row["user"]]}
        if row["system"] == "vouch" and row["user"] in traces
        else row
        for row in rows
    )


def _trace(number: int, bench: Bench, seed: int) -> list[Json]:
    store = MemoryStore()
    vouch = System(lambda bench, need: Assistant(replace(bench.parts, store=store), bench.config))
    need = draw_need(number, seed, bench.people, bench.catalog, bench.fewest)
    play(need, rule_user(need, bench, seed), "vouch", vouch, bench)
    # The first conversation that the store began.
    turns = store.load("simulated-0").turns
    told = [turn_json(turn, bench.catalog.schema) for turn in turns]
    return [{name: value for name, value in one.items() if name != "timings_ms"} for one in told]
