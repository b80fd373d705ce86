"""The assistants that dialogues are played with.

Owns: which home a dialogue means, building the demos that are not there, and conversations kept out
of the operator's database: every run works on a copy of the catalogue. Does not own: opening an
assistant (`assistant.home`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from assistant.engine import Assistant
from assistant.home import Home, open_assistant, open_catalog
from assistant.settings import load_settings
from assistant.state import Tier
from catalog import __file__ as catalog_package
from catalog import read_schema
from catalog.database import has_catalog, load_catalog, open_database, save_catalog
from catalog.errors import ConfigurationError
from catalog.ingest import ingest
from catalog.progress import Progress, silent
from evaluation.dialogues.reading import Case

_SHOP = Path(catalog_package).parent / "examples" / "shop"
# The example shop with its help pages.
_WITH_HELP = "shop_with_help"
# What their schemas call themselves.
_DEMOS = {"films": "films", "shop": "household", _WITH_HELP: "household"}


@dataclass(frozen=True, slots=True)
class Llm:
    """Who writes the prose: a tier, or a server of our own at `base_url`."""

    tier: Tier
    base_url: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a dialogue is played on.

    Attributes
    ----------
    home : Path
        Index and models.
    catalogue : Path
        A database with the catalogue and no conversations, to be copied.
    pages : Path or None
        Help pages; None for those of the settings.
    """

    home: Path
    catalogue: Path
    pages: Path | None = None

    def open(
        self, database: Path, llm: Llm, threads: int, progress: Progress = silent
    ) -> Assistant:
        """Return an assistant that keeps its conversations in `database`, a copy made here.

        Parameters
        ----------
        database : Path
            Where the copy goes.
        llm : Llm
            Who writes the prose.
        threads : int
            Of the local models; one, so that two runs agree to the last bit.
        """
        shutil.copyfile(self.catalogue, database)
        settings = load_settings(home=self.home, threads=threads)
        changed: dict[str, object] = {"tier": llm.tier}
        if llm.base_url:
            changed |= {"base_url": llm.base_url, "model": "scripted"}
        own: dict[str, object] = {
            "llm": settings.llm.model_copy(update=changed),
            "database_url": f"sqlite:///{database}",
            # A scripted model is told no secrets.
            "openai_api_key": None if llm.base_url else settings.openai_api_key,
        }
        if self.pages is not None:
            own["help"] = settings.help.model_copy(update={"folder": self.pages})
        return open_assistant(settings.model_copy(update=own), progress)


def stage_name(case: Case) -> str:
    """Return which home a case means: a demo's name, a path, or empty for the operator's."""
    named = case.fixtures.catalogue
    if not named or named in _DEMOS:
        return named
    return str((Path(case.file).parent / named).resolve())


def build_stages(
    cases: Iterable[Case], home: Path | None, folder: Path, progress: Progress = silent
) -> dict[str, Stage]:
    """Return the stage of every home that `cases` mean, by `stage_name`.

    Parameters
    ----------
    cases : iterable of Case
        What will be played.
    home : Path or None
        The operator's home: what a dialogue without a catalogue means, and a demo's if it holds
        that one. None is the per-user home.
    folder : Path
        Where demos are built that are not there, and where copies go.

    Raises
    ------
    ConfigurationError
        When a dialogue names a home without a catalogue.
    """
    stages: dict[str, Stage] = {}
    for case in cases:
        name = stage_name(case)
        if name not in stages:
            path = _found(name, home, folder, case)
            pages = _SHOP / "help" if name == _WITH_HELP else None
            stages[name] = _stage(path, folder / f"catalogue-{len(stages)}.db", pages, progress)
    return stages


def _found(name: str, home: Path | None, folder: Path, case: Case) -> Path:
    own = load_settings(home=home).home
    if not name:
        return own
    if name in _DEMOS:
        held = _held(own)
        # An empty home gets the film demo, as at every other start.
        if held == _DEMOS[name] or (name == "films" and not held):
            return own
        return folder / name if name == "films" else _shop(folder / name, own)
    if not (Path(name) / "vouch.db").exists():
        line = case.line("fixtures", "catalogue")
        raise ConfigurationError(
            f"{case.file}:{line}: {name!r} is no home with a catalogue; allowed are "
            f"{', '.join(_DEMOS)}, or the folder that `vouch ingest --home` wrote to"
        )
    return Path(name)


def _shop(path: Path, own: Path) -> Path:
    """Return `path` with the example shop in it."""
    Home(path).prepare()
    database = open_database(load_settings(home=path).url)
    ingest(database, _SHOP / "items.csv", schema=read_schema(_SHOP / "schema.toml"))
    database.dispose()
    # Exported graphs are named by their content: those at hand are as good as new ones.
    for graph in Home(own).models.glob("*.onnx"):
        shutil.copyfile(graph, Home(path).models / graph.name)
    return path


def _held(home: Path) -> str:
    """Return the name of the catalogue in `home`, without making anything; empty for none."""
    settings = load_settings(home=home)
    if not settings.database_url and not (home / "vouch.db").exists():
        return ""
    database = open_database(settings.url)
    name = load_catalog(database).schema.name if has_catalog(database) else ""
    database.dispose()
    return name


def _stage(home: Path, catalogue: Path, pages: Path | None, progress: Progress) -> Stage:
    Home(home).prepare()
    source = open_database(load_settings(home=home).url)
    catalog = open_catalog(source, progress)
    source.dispose()
    copy = open_database(f"sqlite:///{catalogue}")
    save_catalog(copy, catalog.schema, catalog.items, catalog.interactions)
    copy.dispose()
    return Stage(home, catalogue, pages)
