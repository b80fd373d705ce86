"""What all commands share.

Owns: common options, settings with those applied, output, progress bars on stderr. Does not own:
any command (`ui.cli`, `ui.bench`).
"""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from assistant.settings import Settings, load_settings
from catalog.progress import Progress

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", help="Folder that everything is kept in.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else.")]
TierOption = Annotated[
    Literal["none", "embedded", "endpoint"] | None,
    typer.Option("--llm", help="Who writes the prose.", show_default=False),
]
SeedOption = Annotated[int, typer.Option("--seed", help="Of everything that chance decides.")]


def settings_of(home: Path | None, llm: str | None = None, k: int | None = None) -> Settings:
    """Return the settings, with what the command line says on top."""
    settings = load_settings(home=home, k=k)
    if llm is None:
        return settings
    return settings.model_copy(update={"llm": settings.llm.model_copy(update={"tier": llm})})


def emit(value: Any, as_json: bool, text: str) -> None:  # noqa: ANN401 - any JSON value
    """Print the result, and nothing else."""
    typer.echo(json.dumps(value, ensure_ascii=False) if as_json else text)


@contextmanager
def progress_bars() -> Generator[Progress]:
    """Draw progress on stderr: bars on a terminal, a line per tenth elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _by_tenths()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, TimeElapsedColumn(), console=console) as bars:
        tasks: dict[str, Any] = {}

        def report(label: str, done: int, total: int) -> None:
            if label not in tasks:
                tasks[label] = bars.add_task(label, total=total)
            bars.update(tasks[label], completed=done, total=total)

        yield report


def _by_tenths() -> Progress:
    told: dict[str, int] = {}

    def report(label: str, done: int, total: int) -> None:
        tenth = 10 * done // max(total, 1)
        if told.get(label) != tenth:
            told[label] = tenth
            typer.echo(f"{label}: {done:,} of {total:,}", err=True)

    return report
