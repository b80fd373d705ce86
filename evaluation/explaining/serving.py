"""Slates as they are served, with the request and the candidates that they came from.

Owns: `open_parts`, `Served`, `serve`. Does not own: any stage: `assistant.slates` makes the slates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.explanation import Explainer
from assistant.home import Home, engine_config, open_catalog, open_search, parts_of
from assistant.parts import EngineConfig, Parts
from assistant.query import build_request
from assistant.settings import Settings
from assistant.slates import SlateMaker
from assistant.state import Evidence, Session, Turn, Understanding
from assistant.stopwatch import Stopwatch
from catalog.database import open_database
from catalog.progress import Progress, silent
from evaluation.explaining.drawing import Drawn
from evaluation.simulation.memory_store import MemoryStore
from ranking.scoring import Request, Scored
from retrieval.query import Rows
from retrieval.retrieve import retrieve_all


@dataclass(frozen=True, slots=True)
class Served:
    """One slate.

    Attributes
    ----------
    drawn : Drawn
        For whom.
    turn : Turn
        With the cards as shown.
    evidence : tuple of Evidence
        What may be said about each card.
    request : Request
        The profile as ranking sees it.
    scored : tuple of Scored
        All candidates, best first.
    """

    drawn: Drawn
    turn: Turn
    evidence: tuple[Evidence, ...]
    request: Request
    scored: tuple[Scored, ...]

    @property
    def rows(self) -> Rows:
        """The candidates' rows, best first."""
        return np.array([entry.row for entry in self.scored], np.int32)


def open_parts(settings: Settings, progress: Progress = silent) -> tuple[Parts, EngineConfig]:
    """Return the parts of a home as they serve, but for a store that nobody else reads."""
    # One thread: sums come out the same at every run.
    settings = settings.model_copy(update={"threads": 1})
    home = Home(settings.home).prepare()
    with home.lock:
        catalog = open_catalog(open_database(settings.url), progress)
        search = open_search(settings, home, catalog, progress=progress)
    parts = parts_of(catalog, search, Explainer(catalog), MemoryStore())
    return parts, engine_config(settings)


def serve(parts: Parts, config: EngineConfig, drawn: Drawn) -> Served:
    """Return what `drawn` is shown."""
    begun = Turn(1, "", ("request",), "", None, drawn.profile, ())
    understood = Understanding(("request",))
    maker = SlateMaker(parts, config)
    turn, evidence = maker.make(Session("explaining"), begun, understood, Stopwatch())
    request = build_request(drawn.profile, parts.catalog)
    pool = retrieve_all(request.query, parts.retrievers, parts.catalog, config.retrieval)
    scored = parts.ranker.rank(request, pool.rows).scored
    return Served(drawn, turn, evidence, request, scored)
