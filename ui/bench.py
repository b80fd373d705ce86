"""``vouch bench``: measure speed and quality, from a seed.

Owns: its commands. Does not own: what they measure (`evaluation`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from catalog.errors import ConfigurationError
from ui.options import (
    HomeOption,
    JsonOption,
    SeedOption,
    TierOption,
    emit,
    progress_bars,
    settings_of,
)

bench_app = typer.Typer(help="Measure speed and quality, from a seed.", no_args_is_help=True)


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

    with progress_bars() as progress:
        assistant = open_assistant(settings_of(home, "none"), progress)
    report = bench_turn(assistant, turns, seed)
    emit(report.to_json(), as_json, report.render())


@bench_app.command("understanding")
def bench_understanding_command(
    part: Annotated[Literal["tuned", "blind"], typer.Option(help="Which messages.")] = "blind",
    as_json: JsonOption = False,
) -> None:
    """Compare what labelled messages are understood as with what they mean."""
    from evaluation.state_tracking import labelled_catalogs, measure, read_labelled

    report = measure(part, read_labelled(part), labelled_catalogs())
    emit(report.to_json(), as_json, report.to_text())


@bench_app.command("movielens")
def bench_movielens_command(
    home: HomeOption = None, seed: SeedOption = 0, as_json: JsonOption = False
) -> None:
    """Compare the collaborative models on the home's ratings: last like held out, full ranking."""
    from assistant.home import Home, open_catalog
    from catalog.database import open_database
    from evaluation.movielens import bench_movielens, standard_models

    settings = settings_of(home)
    Home(settings.home).prepare()
    with progress_bars() as progress:
        catalog = open_catalog(open_database(settings.url), progress)
    report = bench_movielens(catalog, standard_models(catalog), seed)
    emit(report.to_json(), as_json, report.to_text())


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

    settings = settings_of(home)
    folders = Home(settings.home)
    folders.prepare()
    earlier = read_rows(against) if against else ()
    with progress_bars() as progress:
        ratings = open_catalog(open_database(settings.url), progress)
        embedder = load_embedder(settings.embedder, folders.models, progress)
        workshop = Workshop(embedder, settings.home / "redial", ratings)
        report, rows = bench_redial(
            data, split, workshop, training=train, seed=seed, against=earlier, progress=progress
        )
    if predictions:
        write_rows(rows, predictions)
    emit(report.to_json(), as_json, report.to_text())


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

    model = open_chat_model(llm_config(settings_of(None, llm)))
    if model is None:
        raise ConfigurationError("there is no language model to measure: --llm is 'none'")
    catalog = noted_films()
    report = measure(model, film_slates(catalog, slates, seed=seed), catalog)
    emit(report.to_json(), as_json, report.to_text())
