"""Every kind of run.

Owns: `kind_of`, `page_of`. Does not own: any kind.
"""

from __future__ import annotations

from evaluation.reports import (
    of_anything,
    of_blend,
    of_dialogues,
    of_ratings,
    of_redial,
    of_simulation,
    of_turns,
)
from evaluation.reports.page import Page
from evaluation.reports.run_file import RunFile
from evaluation.reports.units import Kind

_KINDS = {
    "eval": of_dialogues.KIND,
    "simulate": of_simulation.KIND,
    "redial": of_redial.KIND,
    "movielens": of_ratings.KIND,
    "turn": of_turns.KIND,
    "blend": of_blend.KIND,
}


def kind_of(run: RunFile) -> Kind:
    """Return what is known of a run's kind; what holds for any where that is nothing."""
    known = _KINDS.get(run.kind, of_anything.KIND)
    # The earlier form of the benchmark on ratings, a list of results.
    if known is of_ratings.KIND and "tables" not in run.report:
        return of_anything.KIND
    return known


def page_of(run: RunFile) -> Page:
    """Return the page of a run."""
    return kind_of(run).page(run)
