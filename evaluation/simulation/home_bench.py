"""A home's parts, as if the people simulated had never been there.

Owns: `open_bench`. Does not own: any part, or how the parts are put together (`assistant.home`).
"""

from __future__ import annotations

from assistant.explanation import Explainer
from assistant.home import Home, engine_config, open_catalog, open_search, parts_of
from assistant.settings import Settings
from catalog.database import open_database
from catalog.progress import Progress, silent
from evaluation.simulation.leaks import Titles
from evaluation.simulation.memory_store import MemoryStore
from evaluation.simulation.systems import Bench, simulated_people, split
from ranking.cf import Training, fit_cf
from ranking.scoring import CFModel
from retrieval.embedder import Vectors


def open_bench(settings: Settings, seed: int, progress: Progress = silent) -> Bench:
    """Return the parts of a home, with behaviour learned from the people who are not simulated.

    Index and models are those of the home, and are built where they are missing; the
    collaborative model is fitted anew and not kept.
    """
    # One thread: two processes share the cores, and sums come out the same.
    settings = settings.model_copy(update={"threads": 1})
    home = Home(settings.home).prepare()
    with home.lock:
        whole = open_catalog(open_database(settings.url), progress)
        catalog, users = split(whole, seed)

        def fit(vectors: Vectors) -> CFModel:
            return fit_cf(settings.ranking.cf, Training.of(catalog, vectors))

        search = open_search(settings, home, catalog, fit, progress)
    titles = Titles(whole)
    return Bench(
        catalog=catalog,
        people=simulated_people(whole, users, titles),
        titles=titles,
        parts=parts_of(catalog, search, Explainer(catalog), MemoryStore()),
        config=engine_config(settings),
        single={
            "bm25": search.lexical,
            "dense": search.dense,
            "collaborative": search.collaborative,
        },
    )
