"""The ``vouch`` command.

Owns: commands, options, exit codes, progress bars on stderr. Does not own: what the commands do.
Standard output carries results only; ``--json`` makes it one JSON value a line.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from assistant.settings import Settings, load_settings
from catalog.errors import ConfigurationError, VouchError
from catalog.progress import Progress

app = typer.Typer(
    name="vouch",
    help="A conversational recommendation assistant that can vouch for every pick.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
train_app = typer.Typer(help="Train what ships, from data and a seed.", no_args_is_help=True)
bench_app = typer.Typer(help="Measure speed and quality, from a seed.", no_args_is_help=True)
app.add_typer(train_app, name="train")
app.add_typer(bench_app, name="bench")

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


def main() -> None:
    """Run the command line; a `VouchError` is printed and exits with 1."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s: %(message)s")
    try:
        app()
    except VouchError as error:
        typer.echo(f"vouch: {error}", err=True)
        sys.exit(1)


@app.command()
def serve(
    home: HomeOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    llm: TierOption = None,
) -> None:
    """Serve the page; builds what is missing on the first start."""
    from assistant.home import open_assistant
    from ui.app import UiConfig
    from ui.app import serve as serve_app

    settings = _settings(home, llm)
    with _progress() as progress:
        assistant = open_assistant(settings, progress)
    config = UiConfig(host=host or settings.serve.host, port=port or settings.serve.port)
    typer.echo(f"Vouch is at http://{config.host}:{config.port} (Ctrl-C stops it)", err=True)
    serve_app(assistant, config)


@app.command()
def chat(
    files: Annotated[list[Path] | None, typer.Argument(help="More script files.")] = None,
    script: Annotated[list[Path] | None, typer.Option(help="Messages, one a line.")] = None,
    home: HomeOption = None,
    llm: TierOption = None,
    user: Annotated[str | None, typer.Option(help="A known person's id.")] = None,
    k: Annotated[int | None, typer.Option("-k", help="Cards on a slate.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Talk in the terminal, or run scripts: one message or button line (/like 2) a line."""
    from assistant.home import open_assistant
    from ui.terminal import converse, run_scripts

    settings = _settings(home, llm, k)
    scripts = [*(script or []), *(files or [])]
    with _progress() as progress:
        assistant = open_assistant(settings, progress)
    if scripts:
        run_scripts(assistant, scripts, user, as_json)
    else:
        converse(assistant, user)


@app.command()
def forget(
    user: Annotated[str, typer.Argument(help="The person's id, as given to chat --user.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Erase a person's conversations and all that is remembered of them.

    The catalogue's interactions are the operator's own data and stay.
    """
    from dataclasses import asdict

    from assistant.store import SqlStore
    from catalog.database import open_database

    erased = SqlStore(open_database(_settings(home).url)).forget(user)
    _emit(
        asdict(erased),
        as_json,
        f"Erased of {user!r}: conversations {erased.sessions}, turns {erased.turns}, "
        f"remembered things {erased.memories}.",
    )


@app.command()
def ingest(
    items: Annotated[Path, typer.Argument(help="CSV, JSONL, JSON or Parquet.")],
    schema: Annotated[Path | None, typer.Option(help="Schema in TOML; inferred without.")] = None,
    interactions: Annotated[Path | None, typer.Option(help="Who met what, when.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Replace the catalogue with a file's, and report on its quality."""
    from assistant.home import Home
    from catalog import read_schema
    from catalog.database import open_database
    from catalog.ingest import ingest as ingest_file

    settings = _settings(home)
    Home(settings.home).prepare()
    given = read_schema(schema) if schema else None
    with _progress() as progress:
        report = ingest_file(
            open_database(settings.url), items, schema=given, interactions=interactions,
            progress=progress,
        )  # fmt: skip
    _emit(report.to_json(), as_json, report.to_text())


@app.command()
def doctor(home: HomeOption = None, llm: TierOption = None, as_json: JsonOption = False) -> None:
    """Say what is installed, configured, built and working; exits with 1 when something is not."""
    from assistant.doctor import examine

    checkup = examine(_settings(home, llm))
    _emit(checkup.to_json(), as_json, checkup.render())
    raise typer.Exit(0 if checkup.healthy else 1)


@app.command("eval")
def eval_command(
    paths: Annotated[list[Path], typer.Argument(help="Dialogues in YAML, and folders of them.")],
    home: HomeOption = None,
    llm: TierOption = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only those with one of these.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML here.")] = None,
    transcripts: Annotated[Path | None, typer.Option(help="Write what was said here.")] = None,
    timings: Annotated[bool, typer.Option("--timings", help="Check latencies too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Play scripted dialogues; exits with 1 when one does not go as it must."""
    from evaluation.dialogues.reading import read_cases
    from evaluation.dialogues.report import render, to_json, write_junit, write_transcripts
    from evaluation.dialogues.running import Plan, run

    cases = read_cases(paths, tag or ())
    with _progress() as progress:
        report = run(Plan(cases, home, llm, timings), progress)
    if junit is not None:
        write_junit(report, junit)
    if transcripts is not None:
        write_transcripts(report, transcripts)
    _emit(to_json(report, timings=timings), as_json, render(report))
    raise typer.Exit(0 if report.passed else 1)


@app.command("simulate")
def simulate_command(
    users: Annotated[int, typer.Option(min=1, help="Conversations with Vouch.")] = 2000,
    seed: SeedOption = 7,
    systems: Annotated[str, typer.Option(help="Names, comma between; all by default.")] = "",
    compared: Annotated[int, typer.Option(min=1, help="Users who talk with every system.")] = 300,
    transcripts: Annotated[Path | None, typer.Option(help="Write what was said: JSONL.")] = None,
    home: HomeOption = None,
    llm: TierOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let simulated people look for what real ones went on to like; --llm endpoint words them."""
    from evaluation.simulation import SYSTEMS, SimulationConfig, simulate_home, write_transcripts

    names = tuple(name.strip() for name in systems.split(",")) if systems else tuple(SYSTEMS)
    config = SimulationConfig(users, seed, names, compared)
    with _progress() as progress:
        report, outcomes = simulate_home(_settings(home, llm), config, progress)
    if transcripts is not None:
        write_transcripts(outcomes, transcripts)
    _emit(report.to_json(), as_json, report.to_text())


@train_app.command("reranker")
def train_reranker_command(
    items: Annotated[Path | None, typer.Option(help="Requests for items, JSONL.")] = None,
    output: Annotated[Path | None, typer.Option(help="Folder for weights and recipe.")] = None,
    home: HomeOption = None,
    seed: SeedOption = 7,
    as_json: JsonOption = False,
) -> None:
    """Train the reranker on the home's catalogue; use it with ranking.reranker = FOLDER."""
    from assistant.home import Home, open_catalog
    from catalog.database import open_database
    from ranking.train_config import TrainConfig
    from ranking.train_reranker import REQUESTS, train_reranker
    from retrieval.embedder import load_embedder

    settings = _settings(home)
    folders = Home(settings.home)
    folders.prepare()
    with _progress() as progress:
        catalog = open_catalog(open_database(settings.url), progress)
        embedder = load_embedder(settings.embedder, folders.models, progress)
        report = train_reranker(
            catalog,
            embedder,
            TrainConfig(seed=seed, threads=settings.threads),
            output or folders.models / "trained-reranker",
            folders.models,
            progress,
            items or REQUESTS,
        )
    _emit(report.to_json(), as_json, report.to_text())


@bench_app.command("turn")
def bench_turn_command(
    turns: Annotated[int, typer.Option(help="How many, after a warm-up.")] = 200,
    home: HomeOption = None,
    seed: SeedOption = 7,
    as_json: JsonOption = False,
) -> None:
    """Time how long a person waits for cards, templates only."""
    from assistant.home import open_assistant
    from evaluation.latency import bench_turn

    with _progress() as progress:
        assistant = open_assistant(_settings(home, "none"), progress)
    report = bench_turn(assistant, turns, seed)
    _emit(report.to_json(), as_json, report.render())


@bench_app.command("understanding")
def bench_understanding_command(
    part: Annotated[Literal["tuned", "blind"], typer.Option(help="Which messages.")] = "blind",
    as_json: JsonOption = False,
) -> None:
    """Compare what labelled messages are understood as with what they mean."""
    from evaluation.state_tracking import labelled_catalogs, measure, read_labelled

    report = measure(part, read_labelled(part), labelled_catalogs())
    _emit(report.to_json(), as_json, report.to_text())


@bench_app.command("movielens")
def bench_movielens_command(
    home: HomeOption = None, seed: SeedOption = 0, as_json: JsonOption = False
) -> None:
    """Compare the collaborative models on the home's ratings: last like held out, full ranking."""
    from assistant.home import Home, open_catalog
    from catalog.database import open_database
    from evaluation.movielens import bench_movielens, standard_models

    settings = _settings(home)
    Home(settings.home).prepare()
    with _progress() as progress:
        catalog = open_catalog(open_database(settings.url), progress)
    report = bench_movielens(catalog, standard_models(catalog), seed)
    _emit(report.to_json(), as_json, report.to_text())


@bench_app.command("redial")
def bench_redial_command(
    data: Annotated[Path, typer.Option(help="Folder with ReDial's files.")],
    split: Annotated[Literal["valid", "test"], typer.Option(help="Which turns.")] = "valid",
    train: Annotated[Path | None, typer.Option(help="Conversations to learn from.")] = None,
    predictions: Annotated[Path | None, typer.Option(help="Write a line per answer.")] = None,
    against: Annotated[Path | None, typer.Option(help="Predictions to compare with.")] = None,
    home: HomeOption = None,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Rank a whole catalogue at every turn of real conversations, beside simple rules."""
    from assistant.home import Home, open_catalog
    from catalog.database import open_database
    from evaluation.redial.bench import Workshop, bench_redial
    from evaluation.redial.measure import read_rows, write_rows
    from retrieval.embedder import load_embedder

    settings = _settings(home)
    folders = Home(settings.home)
    folders.prepare()
    earlier = read_rows(against) if against else ()
    with _progress() as progress:
        ratings = open_catalog(open_database(settings.url), progress)
        embedder = load_embedder(settings.embedder, folders.models, progress)
        workshop = Workshop(embedder, settings.home / "redial", ratings)
        report, rows = bench_redial(
            data, split, workshop, training=train, seed=seed, against=earlier, progress=progress
        )
    if predictions:
        write_rows(rows, predictions)
    _emit(report.to_json(), as_json, report.to_text())


@bench_app.command("explain")
def bench_explain_command(
    slates: Annotated[int, typer.Option(help="Slates of five.")] = 20,
    llm: TierOption = "embedded",
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Count the picks that a language model explains in words that pass the check, and time it."""
    from assistant.home import llm_config
    from assistant.llm import open_chat_model
    from evaluation.explanations import film_slates, measure, noted_films

    model = open_chat_model(llm_config(_settings(None, llm)))
    if model is None:
        raise ConfigurationError("there is no language model to measure: --llm is 'none'")
    catalog = noted_films()
    report = measure(model, film_slates(catalog, slates, seed=seed), catalog)
    _emit(report.to_json(), as_json, report.to_text())


def _settings(home: Path | None, llm: str | None = None, k: int | None = None) -> Settings:
    settings = load_settings(home=home, k=k)
    if llm is None:
        return settings
    return settings.model_copy(update={"llm": settings.llm.model_copy(update={"tier": llm})})


def _emit(value: Any, as_json: bool, text: str) -> None:  # noqa: ANN401 - any JSON value
    typer.echo(json.dumps(value, ensure_ascii=False) if as_json else text)


@contextmanager
def _progress() -> Generator[Progress]:
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


if __name__ == "__main__":
    main()
