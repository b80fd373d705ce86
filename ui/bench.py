"""``vouch bench``: measure speed and quality, from a seed.

Owns: its commands, and the options that keep a run. Does not own: what they measure
(`evaluation`), or what a run file and a page look like (`evaluation.reports`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ui.options import (
    HomeOption,
    JsonOption,
    SeedOption,
    TierOption,
    emit,
    progress_bars,
    settings_of,
)

if TYPE_CHECKING:
    from evaluation.reports import RunFile

bench_app = typer.Typer(help="Measure speed and quality, from a seed.", no_args_is_help=True)

SaveOption = Annotated[
    Path | None, typer.Option("--save", help="Keep the run: JSON.", show_default=False)
]
PageOption = Annotated[
    Path | None, typer.Option("--report", help="Write a page: HTML.", show_default=False)
]


def keep(run: RunFile, save: Path | None, page: Path | None) -> None:
    """Write a run's file and its page, where they are asked for."""
    from evaluation.reports import page_of, write_page, write_run

    if save is not None:
        write_run(run, save)
    if page is not None:
        write_page(page_of(run), page)


@bench_app.command("turn")
def bench_turn_command(
    turns: Annotated[int, typer.Option(help="How many, after a warm-up.")] = 200,
    home: HomeOption = None,
    seed: SeedOption = 7,
    save: SaveOption = None,
    page: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Time how long a person waits for cards, templates only."""
    from assistant.home import open_assistant
    from evaluation.latency import bench_turn
    from evaluation.reports.runs import bench_run

    with progress_bars() as progress:
        assistant = open_assistant(settings_of(home, "none"), progress)
    report = bench_turn(assistant, turns, seed)
    keep(bench_run("turn", {"turns": turns, "seed": seed}, report.to_json()), save, page)
    emit(report.to_json(), as_json, report.render())


@bench_app.command("serve")
def bench_serve_command(
    users: Annotated[int, typer.Option(min=1, help="People at the same time.")] = 50,
    seconds: Annotated[float, typer.Option(min=1, help="For how long.")] = 300,
    think: Annotated[float, typer.Option(min=0, help="Seconds between turns, on average.")] = 0,
    home: HomeOption = None,
    seed: SeedOption = 7,
    as_json: JsonOption = False,
) -> None:
    """Let people talk with one server over HTTP at once; exits with 1 when an answer fails."""
    from assistant.home import open_assistant
    from evaluation.serving import bench_serving

    settings = settings_of(home, "none")
    with progress_bars() as progress:
        open_assistant(settings, progress)  # what is missing is built before the clock runs
    report = bench_serving(settings.home, users, seconds, think, seed)
    emit(report.to_json(), as_json, report.to_text())
    raise typer.Exit(1 if report.failed else 0)


@bench_app.command("understanding")
def bench_understanding_command(
    part: Annotated[Literal["tuned", "blind"], typer.Option(help="Which messages.")] = "blind",
    save: SaveOption = None,
    page: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare what labelled messages are understood as with what they mean."""
    from evaluation.reports.runs import bench_run
    from evaluation.state_tracking import labelled_catalogs, measure, read_labelled

    report = measure(part, read_labelled(part), labelled_catalogs())
    keep(bench_run("understanding", {"part": part}, report.to_json()), save, page)
    emit(report.to_json(), as_json, report.to_text())


@bench_app.command("help")
def bench_help_command(
    part: Annotated[Literal["dev", "blind"], typer.Option(help="Which messages.")] = "blind",
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell questions for the example shop's help pages from wishes, and check what is quoted."""
    from evaluation.help_desk import measure, open_bench, read_labelled, read_wishes

    bench = open_bench(settings_of(home))
    wishes = read_wishes("tuned" if part == "dev" else "blind")
    report = measure(part, read_labelled(part), wishes, bench)
    emit(report.to_json(), as_json, report.to_text())


@bench_app.command("movielens")
def bench_movielens_command(  # noqa: PLR0913, PLR0917 - one for each option
    models: Annotated[
        str, typer.Option(help="Names, with commas; all by default.", show_default=False)
    ] = "",
    data: Annotated[
        Path | None,
        typer.Option(help="Ratings in place of the home's: u.data, ratings.csv, .inter."),
    ] = None,
    protocols: Annotated[
        str, typer.Option(help="sessions, leave_last_out, time; all by default.")
    ] = "",
    folds: Annotated[int, typer.Option(help="Of the sessions; 1 holds out a third.")] = 1,
    people: Annotated[int | None, typer.Option(help="Serve at most so many.")] = None,
    reference: Annotated[str, typer.Option(help="Model to compare the others with.")] = "",
    liked: Annotated[float, typer.Option(help="Least value of what was liked.")] = 4.0,
    timings: Annotated[bool, typer.Option(help="Report what models cost.")] = True,
    home: HomeOption = None,
    seed: SeedOption = 0,
    save: SaveOption = None,
    page: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the collaborative models on ratings: who finds what people do next."""
    from evaluation.ratings import (
        RatingsConfig,
        bench_ratings,
        home_ratings,
        read_ratings,
        text_of,
    )
    from evaluation.reports.runs import ratings_run

    config = RatingsConfig.named(
        models,
        protocols,
        reference=reference,
        folds=folds,
        people=people,
        liked=liked,
        seed=seed,
        timings=timings,
    )
    with progress_bars() as progress:
        ratings = read_ratings(data) if data else home_ratings(settings_of(home), progress)
        report = bench_ratings(ratings, config, progress)
    keep(ratings_run(config, report), save, page)
    emit(report.to_json(), as_json, text_of(report))


@bench_app.command("cold")
def bench_cold_command(
    home: HomeOption = None,
    seed: SeedOption = 0,
    save: SaveOption = None,
    page: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the models that score new items on items whose interactions are hidden."""
    from evaluation.ratings import home_ratings
    from evaluation.ratings.cold import bench_cold, cold_models
    from evaluation.reports.runs import bench_run

    with progress_bars() as progress:
        ratings = home_ratings(settings_of(home), progress)
        report = bench_cold(
            ratings.catalog, ratings.vectors, cold_models(seed), seed, progress=progress
        )
    keep(bench_run("cold", {"seed": seed}, report.to_json()), save, page)
    emit(report.to_json(), as_json, report.to_text())


@bench_app.command("reranker")
def bench_reranker_command(
    items: Annotated[
        Path | None, typer.Option(help="Requests for items, JSONL.", show_default=False)
    ] = None,
    home: HomeOption = None,
    seed: SeedOption = 7,
    save: SaveOption = None,
    page: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the reranker with cosine, BM25 and RRF on requests for items it never learned."""
    from assistant.home import open_home
    from evaluation.reports.runs import bench_run
    from ranking.reranker import RerankerConfig
    from ranking.train_config import TrainConfig
    from ranking.train_reranker import REQUESTS, gather, judge_reranker
    from retrieval.embedder import load_embedder

    settings = settings_of(home)
    if settings.ranking.reranker == "none":
        raise typer.BadParameter("ranking.reranker is none: there is nothing to judge")
    with progress_bars() as progress:
        folders, catalog = open_home(settings, progress)
        embedder = load_embedder(settings.embedder, folders.models, progress)
        config = TrainConfig(seed=seed, threads=settings.threads)
        material = gather(catalog, embedder, items or REQUESTS, config, progress)
        judged = RerankerConfig(model=settings.ranking.reranker, threads=settings.threads)
        report = judge_reranker(catalog, material, judged, folders.models, seed, progress)
    keep(bench_run("reranker", {"seed": seed}, report.to_json()), save, page)
    emit(report.to_json(), as_json, report.to_text())


@bench_app.command("blend")
def bench_blend_command(
    redial: Annotated[Path | None, typer.Option(help="Folder with ReDial's dialogues.")] = None,
    sessions: Annotated[int, typer.Option(min=50, help="Simulated sessions.")] = 3000,
    models: Annotated[bool, typer.Option(help="Fit every collaborative model, too.")] = True,
    home: HomeOption = None,
    seed: SeedOption = 0,
    save: SaveOption = None,
    page: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the blend with each of its terms, with each model and with other ways of joining."""
    from evaluation.blending import bench_home
    from evaluation.reports.runs import bench_run

    with progress_bars() as progress:
        report = bench_home(settings_of(home), sessions, seed, redial, progress, models=models)
    run = bench_run("blend", {"sessions": sessions, "seed": seed}, report.to_json())
    keep(run, save, page)
    emit(report.to_json(), as_json, report.to_text())


@bench_app.command("redial")
def bench_redial_command(  # noqa: PLR0913, PLR0917 - one for each option
    data: Annotated[Path, typer.Option(help="Folder with ReDial's files.")],
    split: Annotated[Literal["valid", "test"], typer.Option(help="Which turns.")] = "valid",
    train: Annotated[Path | None, typer.Option(help="Conversations to learn from.")] = None,
    predictions: Annotated[Path | None, typer.Option(help="Write a line per answer.")] = None,
    against: Annotated[Path | None, typer.Option(help="Predictions to compare with.")] = None,
    home: HomeOption = None,
    seed: SeedOption = 0,
    save: SaveOption = None,
    page: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rank a whole catalogue at every turn of real conversations, beside simple rules."""
    from assistant.home import open_home
    from evaluation.redial.bench import Workshop, bench_redial
    from evaluation.redial.measure import read_rows, write_rows
    from evaluation.reports.runs import redial_run
    from retrieval.embedder import load_embedder

    settings = settings_of(home)
    earlier = read_rows(against) if against else ()
    with progress_bars() as progress:
        folders, ratings = open_home(settings, progress)
        embedder = load_embedder(settings.embedder, folders.models, progress)
        workshop = Workshop(embedder, settings.home / "redial", ratings)
        report, rows = bench_redial(
            data, split, workshop, training=train, seed=seed, against=earlier, progress=progress
        )
    if predictions:
        write_rows(rows, predictions)
    run = redial_run(report, rows)
    keep(run, save, page)
    # Without what a clock gave, so that two runs print the same.
    emit(run.report, as_json, report.to_text())


@bench_app.command("explain")
def bench_explain_command(  # noqa: PLR0913, PLR0917 - one for each option
    requests: Annotated[int, typer.Option(min=1, help="People who ask for something.")] = 120,
    told: Annotated[int, typer.Option(min=1, help="Slates that the language model tells.")] = 20,
    prose: Annotated[
        int, typer.Option(min=0, help="Slates on which writers of prose are compared.")
    ] = 0,
    blind: Annotated[
        Path | None, typer.Option(help="Write a page to judge two writers by: HTML.")
    ] = None,
    llm: TierOption = "none",
    home: HomeOption = None,
    seed: SeedOption = 0,
    save: SaveOption = None,
    page: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check that reasons are the score, true and the person's own; exits with 1 where not."""
    from assistant.home import llm_config
    from assistant.llm import open_chat_model
    from evaluation.explaining.bench import ExplainConfig, bench_explain
    from evaluation.explaining.serving import open_parts
    from evaluation.explaining.writers import writers_of
    from evaluation.reports.runs import bench_run

    settings = settings_of(home, llm)
    model = open_chat_model(llm_config(settings))
    config = ExplainConfig(requests, told, seed, prose=prose)
    writers = writers_of(model, settings) if prose else {}
    with progress_bars() as progress:
        parts = open_parts(settings, progress)
        report = bench_explain(*parts, config, model, progress, writers, blind)
    asked = {
        "requests": requests, "told": told, "prose": prose, "llm": settings.llm.tier, "seed": seed
    }  # fmt: skip
    keep(bench_run("explain", asked, report.to_json()), save, page)
    emit(report.to_json(), as_json, report.to_text())
    raise typer.Exit(1 if report.broken() else 0)


@bench_app.command("shop")
def bench_shop_command(  # noqa: PLR0913, PLR0917 - one for each option
    data: Annotated[Path, typer.Option(help="Folder with item.json and valid.csv.")],
    split: Annotated[Literal["valid", "test"], typer.Option(help="valid is for tuning.")] = "valid",
    models: Annotated[
        str, typer.Option(help="Collaborative models, with commas.")
    ] = "itemknn,ease,als",
    users: Annotated[int | None, typer.Option(help="Serve at most so many.")] = None,
    predictions: Annotated[Path | None, typer.Option(help="Write a line per history.")] = None,
    home: HomeOption = None,
    seed: SeedOption = 0,
    save: SaveOption = None,
    page: PageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rank a shop's whole catalogue for the next purchase of every history."""
    from assistant.home import Home
    from evaluation.reports.runs import bench_run
    from evaluation.shop.bench import ShopConfig, bench_shop, write_predictions
    from retrieval.embedder import load_embedder

    settings = settings_of(home)
    folders = Home(settings.home).prepare()
    names = tuple(filter(None, (name.strip() for name in models.split(","))))
    config = ShopConfig(split, names, users, seed=seed)
    with progress_bars() as progress:
        embedder = load_embedder(settings.embedder, folders.models, progress)
        report, found = bench_shop(data, embedder, settings.home / "shop", config, progress)
    if predictions:
        write_predictions(found, predictions)
    asked = {"split": split, "models": list(names), "users": users, "seed": seed}
    keep(bench_run("shop", asked, report.to_json()), save, page)
    emit(report.to_json(), as_json, report.to_text())


@bench_app.command("suite")
def bench_suite_command(
    out: Annotated[Path, typer.Option(help="Folder for run files and pages.")],
    users: Annotated[int, typer.Option(min=1, help="Simulated users; fewer are quicker.")] = 2000,
    turns: Annotated[int, typer.Option(min=1, help="Turns to time.")] = 200,
    home: HomeOption = None,
    seed: SeedOption = 7,
    as_json: JsonOption = False,
) -> None:
    """Run all that needs no language model; exits with 1 when a dialogue does not go as it must."""
    from evaluation.reports.suite import SuiteConfig, run_suite

    config = SuiteConfig(users, turns, seed)
    with progress_bars() as progress:
        report = run_suite(settings_of(home, "none"), config, out, progress)
    emit(report.to_json(), as_json, report.to_text())
    raise typer.Exit(0 if report.passed else 1)
