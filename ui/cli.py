"""The ``vouch`` command.

Owns: commands, options, exit codes, progress bars on stderr. Does not own: what the commands do.
Standard output carries results only; ``--json`` makes it one JSON value a line.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from catalog.errors import VouchError
from ui.bench import PageOption, SaveOption, bench_app, keep
from ui.options import (
    HomeOption,
    JsonOption,
    SeedOption,
    TierOption,
    emit,
    progress_bars,
    settings_of,
)

app = typer.Typer(
    name="vouch",
    help="A conversational recommendation assistant that can vouch for every pick.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
train_app = typer.Typer(help="Train what ships, from data and a seed.", no_args_is_help=True)
app.add_typer(train_app, name="train")
app.add_typer(bench_app, name="bench")


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
    from ui.app import UiConfig
    from ui.app import serve as serve_app
    from ui.service import open_service

    settings = settings_of(home, llm)
    with progress_bars() as progress:
        service = open_service(settings, progress)
    config = UiConfig(
        host=host or settings.serve.host,
        port=port or settings.serve.port,
        page=settings.has_page,
    )
    typer.echo(f"Vouch is at http://{config.host}:{config.port} (Ctrl-C stops it)", err=True)
    serve_app(service, config)


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

    settings = settings_of(home, llm, k)
    scripts = [*(script or []), *(files or [])]
    with progress_bars() as progress:
        assistant = open_assistant(settings, progress)
    if scripts:
        run_scripts(assistant, scripts, user, as_json)
    else:
        converse(assistant, user)


@app.command("mcp")
def mcp_command(home: HomeOption = None, llm: TierOption = None) -> None:
    """Serve the tools to an agent, over the Model Context Protocol on stdin and stdout."""
    from assistant.home import open_assistant
    from ui.mcp_server import serve_stdio

    with progress_bars() as progress:
        assistant = open_assistant(settings_of(home, llm), progress)
    serve_stdio(assistant)


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

    erased = SqlStore(open_database(settings_of(home).url)).forget(user)
    emit(
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

    settings = settings_of(home)
    Home(settings.home).prepare()
    given = read_schema(schema) if schema else None
    with progress_bars() as progress:
        report = ingest_file(
            open_database(settings.url), items, schema=given, interactions=interactions,
            progress=progress,
        )  # fmt: skip
    emit(report.to_json(), as_json, report.to_text())


@app.command()
def doctor(home: HomeOption = None, llm: TierOption = None, as_json: JsonOption = False) -> None:
    """Say what is installed, configured, built and working; exits with 1 when something is not."""
    from assistant.doctor import examine
    from ui.checkup import SERVED

    checkup = examine(settings_of(home, llm), SERVED)
    emit(checkup.to_json(), as_json, checkup.render())
    raise typer.Exit(0 if checkup.healthy else 1)


@app.command("eval")
def eval_command(  # noqa: PLR0913, PLR0917 - one for each option
    paths: Annotated[list[Path], typer.Argument(help="Dialogues in YAML, and folders of them.")],
    home: HomeOption = None,
    llm: TierOption = None,
    tag: Annotated[list[str] | None, typer.Option(help="Only those with one of these.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML here.")] = None,
    transcripts: Annotated[Path | None, typer.Option(help="Write what was said here.")] = None,
    timings: Annotated[bool, typer.Option("--timings", help="Check latencies too.")] = False,
    save: SaveOption = None,
    page: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Play scripted dialogues; exits with 1 when one does not go as it must."""
    from evaluation.dialogues.reading import read_cases
    from evaluation.dialogues.report import render, to_json, write_junit, write_transcripts
    from evaluation.dialogues.running import Plan, run
    from evaluation.reports.runs import eval_run

    plan = Plan(read_cases(paths, tag or ()), home, llm, timings)
    with progress_bars() as progress:
        report = run(plan, progress)
    if save or page:
        keep(eval_run(plan, report), save, page)
    if junit is not None:
        write_junit(report, junit)
    if transcripts is not None:
        write_transcripts(report, transcripts)
    emit(to_json(report, timings=timings), as_json, render(report))
    raise typer.Exit(0 if report.passed else 1)


@app.command("simulate")
def simulate_command(  # noqa: PLR0913, PLR0917 - one for each option
    users: Annotated[int, typer.Option(min=1, help="Conversations with Vouch.")] = 2000,
    seed: SeedOption = 7,
    systems: Annotated[str, typer.Option(help="Names, comma between; all by default.")] = "",
    compared: Annotated[int, typer.Option(min=1, help="Users who talk with every system.")] = 300,
    transcripts: Annotated[Path | None, typer.Option(help="Write what was said: JSONL.")] = None,
    home: HomeOption = None,
    llm: TierOption = None,
    save: SaveOption = None,
    page: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let simulated people look for what real ones went on to like; --llm endpoint words them."""
    from evaluation.reports.runs import simulation_run
    from evaluation.simulation import SYSTEMS, SimulationConfig, simulate_home, write_transcripts

    names = tuple(name.strip() for name in systems.split(",")) if systems else tuple(SYSTEMS)
    settings, config = settings_of(home, llm), SimulationConfig(users, seed, names, compared)
    with progress_bars() as progress:
        report, outcomes = simulate_home(settings, config, progress)
        if save or page:
            keep(simulation_run(settings, config, report, outcomes, progress), save, page)
    if transcripts is not None:
        write_transcripts(outcomes, transcripts)
    emit(report.to_json(), as_json, report.to_text())


@app.command("compare")
def compare_command(
    first: Annotated[Path, typer.Argument(help="A file that --save wrote.")],
    second: Annotated[Path, typer.Argument(help="Another, of the same kind.")],
    page: PageOption = None,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Compare two runs unit by unit: what changed, how sure that is, what broke."""
    from evaluation.reports import compare, read_run, write_page
    from evaluation.reports.of_comparison import page as page_of_two

    before, after = read_run(first), read_run(second)
    found = compare(before, after, seed)
    if page is not None:
        write_page(page_of_two(found, before, after), page)
    emit(found.to_json(), as_json, found.to_text())


@train_app.command("tagger")
def train_tagger_command(
    output: Annotated[Path, typer.Argument(help="Folder for weights and recipe.")],
    redial: Annotated[
        Path | None, typer.Option(help="ReDial's folder: conversations with titles marked.")
    ] = None,
    start: Annotated[
        Path | None, typer.Option(help="Folder of one trained before, to go on from.")
    ] = None,
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the messages.")] = 10,
    kept: Annotated[
        float, typer.Option(min=0.1, max=1, help="Share of what its widest layers say to keep.")
    ] = 1.0,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Train what reads titles and opinions in a message, with the films' titles to vary them."""
    from assistant.understanding.conversations import marked_lines
    from assistant.understanding.languages.reading import Languages
    from assistant.understanding.marked import marked_messages
    from assistant.understanding.train_tagger import TaggerConfig, train_tagger
    from evaluation.state_tracking import labelled_catalogs

    catalogs = labelled_catalogs()
    with progress_bars() as progress:
        report = train_tagger(
            marked_messages([Languages.of(catalog) for catalog in catalogs.values()]),
            [item.title for item in catalogs["films"].items],
            output,
            TaggerConfig(seed=seed, epochs=epochs, kept=kept),
            marked_lines(redial) if redial else (),
            progress,
            start,
        )
    emit(report.to_json(), as_json, report.to_text())


@train_app.command("help")
def train_help_command(
    output: Annotated[Path, typer.Argument(help="The file to write: JSON.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fit what tells questions for help pages from wishes, and answers from near misses."""
    from evaluation.help_desk import fit, write_judge

    judge = fit(settings_of(home))
    write_judge(judge, output)
    emit({"output": str(output)}, as_json, f"Written to {output}.")


@train_app.command("pairs")
def train_pairs_command(
    output: Annotated[Path, typer.Option(help="File: JSONL.")],
    requests: Annotated[int, typer.Option(min=1, help="People who ask for something.")] = 500,
    for_each_shop: Annotated[int, typer.Option(min=0, help="Pairs about each shop.")] = 90,
    home: HomeOption = None,
    seed: SeedOption = 1000,
    as_json: JsonOption = False,
) -> None:
    """Compose what the writer learns from: the home's evidence, and tellings of it."""
    from assistant.writer.pairs import write_pairs
    from evaluation.explaining.serving import open_parts
    from evaluation.explaining.teaching import composed_pairs

    with progress_bars() as progress:
        parts = open_parts(settings_of(home, "none"), progress)
        pairs = composed_pairs(*parts, requests, for_each_shop, seed, progress)
        written = write_pairs(pairs, output)
    emit({"pairs": written}, as_json, f"{written:,} pairs in {output}")


@train_app.command("writer")
def train_writer_command(
    output: Annotated[Path | None, typer.Option(help="Folder for adapter and recipe.")] = None,
    epochs: Annotated[int, typer.Option(min=1, help="Passes over the pairs.")] = 2,
    home: HomeOption = None,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Teach the embedded language model to explain, on one core in about an hour."""
    from assistant.embedded import find_weights
    from assistant.home import Home
    from assistant.writer.pairs import read_shipped
    from assistant.writer.train_writer import WriterConfig, train_writer

    settings = settings_of(home)
    folder = output or Home(settings.home).prepare().models / "trained-writer"
    # Sums on more threads are taken in another order, and two passes later all is different.
    config = WriterConfig(epochs=epochs, seed=seed, threads=settings.threads or 1)
    with progress_bars() as progress:
        pairs, tested = read_shipped("train"), read_shipped("valid")
        report = train_writer(pairs, tested, find_weights(), folder, config, progress)
    emit(report.to_json(), as_json, report.to_text())


@train_app.command("reranker")
def train_reranker_command(
    items: Annotated[Path | None, typer.Option(help="Requests for items, JSONL.")] = None,
    output: Annotated[Path | None, typer.Option(help="Folder for weights and recipe.")] = None,
    home: HomeOption = None,
    seed: SeedOption = 7,
    as_json: JsonOption = False,
) -> None:
    """Train the reranker on the home's catalogue; use it with ranking.reranker = FOLDER."""
    from assistant.home import open_home
    from ranking.train_config import TrainConfig
    from ranking.train_reranker import REQUESTS, train_reranker
    from retrieval.embedder import load_embedder

    settings = settings_of(home)
    with progress_bars() as progress:
        folders, catalog = open_home(settings, progress)
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
    emit(report.to_json(), as_json, report.to_text())


if __name__ == "__main__":
    main()
