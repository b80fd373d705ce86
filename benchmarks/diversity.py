"""What variety, proportion and novelty cost in accuracy.

    python benchmarks/diversity.py --home HOME [--sessions 3000] [--seed 0] [--quick] [--json]

Serves simulated sessions (`ranking.simulated`) over the catalogue in HOME, each by a collaborative
model that does not know the person, and re-ranks the same scored candidates under every setting:
MMR's trade-off, the strength of calibration to the likes, the novelty dial. Per setting: NDCG@10 of
the item that the person went on to like (a target that no retriever found counts 0), its difference
from the shipped setting on the same sessions, diversity within the slate, novelty in bits, and
miscalibration in nats, over the sessions that calibration may touch. Intervals are 95% bootstrap
over people. ``--quick`` is 300 sessions without the cross-encoder.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from assistant.home import Home, open_search
from assistant.settings import Settings, load_settings
from catalog import Catalog, Interactions
from catalog.database import load_catalog, open_database
from evaluation.simulation.measures import (
    bootstrap_by,
    diversity,
    miscalibration,
    novelty,
    taste,
)
from ranking.calibrated import Categories, main_category
from ranking.cf import Training, fit_cf
from ranking.cf.folds import fold_people, without
from ranking.diversity import DiversityConfig, diversify
from ranking.scoring import CFModel, Scored
from ranking.simulated import SimulatedSession, SimulationConfig, read_requests, simulate
from ranking.terms import PopularityScorer
from ranking.train_blend import REQUESTS
from retrieval.embedder import Vectors
from retrieval.retrieve import retrieve_all

K = 10
FOLDS = 5
SHIPPED = "shipped"
MEASURES = ("ndcg10", "diversity", "novelty_bits", "miscalibration_nats")


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to make a slate of scored candidates."""

    name: str
    config: DiversityConfig
    dial: float = 0.0


def settings() -> tuple[Setting, ...]:
    """Return every setting, the shipped one first."""
    shipped = DiversityConfig()
    return (
        Setting(SHIPPED, shipped),
        *(Setting(f"MMR {t:g}", DiversityConfig(t)) for t in (1.0, 0.9, 0.7, 0.5, 0.3)),
        *(
            Setting(f"calibration {c:g}", replace(shipped, calibration=c))
            for c in (0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
        ),
        *(
            Setting(f"MMR 1, calibration {c:g}", DiversityConfig(1.0, calibration=c))
            for c in (0.2, 0.5)
        ),
        *(Setting(f"dial {d:+g}", shipped, d) for d in (-1.0, -0.5, -0.25, 0.25, 0.5, 0.75, 1.0)),
    )


@dataclass(frozen=True, slots=True)
class Served:
    """One session's candidates, scored as shipped.

    Attributes
    ----------
    session : SimulatedSession
        What was asked, and the right answer.
    scored : tuple of Scored
        Best first.
    """

    session: SimulatedSession
    scored: tuple[Scored, ...]


def serve(
    wanted: Settings, catalog: Catalog, sessions: Sequence[SimulatedSession]
) -> Iterator[tuple[Served, Vectors]]:
    """Yield every session's candidates, by a model that does not know the person."""
    people = fold_people(len(catalog.interactions.users), FOLDS, 0)
    progress = tqdm(total=len(sessions), desc="serving sessions")
    for fold in range(FOLDS):
        rest = without(catalog.interactions, people == fold)

        def fit(vectors: Vectors, rest: Interactions = rest) -> CFModel:
            return fit_cf(wanted.ranking.cf, Training(catalog, rest, vectors))

        search = open_search(wanted, Home(wanted.home), catalog, fit)
        for session in sessions:
            if people[session.user] == fold:
                rows = retrieve_all(session.request.query, search.retrievers, catalog).rows
                ranking = search.ranker.rank(session.request, rows)
                yield Served(session, ranking.scored), search.dense.vectors
                progress.update()
    progress.close()


def turned(scored: Sequence[Scored], dial: float) -> tuple[Scored, ...]:
    """Return what scoring with `dial` gives, as `Weights.leaning` says: one term is scaled."""

    def score(entry: Scored) -> float:
        popular = (t.contribution for t in entry.terms if t.name == PopularityScorer.name)
        return entry.score - 2 * dial * sum(popular)

    moved = [replace(entry, score=score(entry)) for entry in scored]
    return tuple(sorted(moved, key=lambda entry: (-entry.score, entry.row)))


class Judge:
    """Measures slates of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._categories = Categories(catalog)
        self._facet = main_category(catalog)
        self._people = len(catalog.interactions.users)

    def judge(self, served: Served, vectors: Vectors, setting: Setting) -> tuple[float, ...]:
        """Return `MEASURES` of the slate; NaN where one is not defined."""
        session = served.session
        wanted = self._categories.taste(session.request)
        scored = turned(served.scored, setting.dial)
        slate = [entry.row for entry in diversify(scored, vectors, K, setting.config, wanted)]
        place = slate.index(session.target) if session.target in slate else None
        liked = taste(session.request.query.likes, self._facet, self._catalog)
        return (
            0.0 if place is None else float(1 / np.log2(place + 2)),
            diversity(slate, vectors),
            novelty(slate, self._catalog.popularity, self._people),
            float("nan")
            if wanted is None
            else miscalibration(liked, taste(slate, self._facet, self._catalog)),
        )


def interval(values: NDArray[np.float64], users: NDArray[np.int64], seed: int) -> dict[str, float]:
    """Return the mean of the values that are numbers, with its interval over people."""
    known = ~np.isnan(values)
    found = asdict(bootstrap_by(values[known].tolist(), users[known].tolist(), seed))
    return {name: round(value, 4) for name, value in found.items()}


def report(wanted: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of every setting."""
    chosen = load_settings(home=wanted.home)
    if wanted.quick:
        ranking = chosen.ranking.model_copy(update={"reranker": "none"})
        chosen = chosen.model_copy(update={"ranking": ranking})
    catalog = load_catalog(open_database(chosen.url))
    sessions = simulate(
        catalog,
        read_requests(REQUESTS, catalog),
        SimulationConfig(sessions=300 if wanted.quick else wanted.sessions, seed=wanted.seed),
    )
    judge, every = Judge(catalog), settings()
    users: list[int] = []
    values: list[list[tuple[float, ...]]] = []
    for served, vectors in serve(chosen, catalog, sessions):
        users.append(served.session.user)
        values.append([judge.judge(served, vectors, setting) for setting in every])
    table, people = np.array(values), np.array(users)
    return {
        "sessions": len(users),
        "seed": wanted.seed,
        "facet": main_category(catalog),
        "reranker": chosen.ranking.reranker,
        "settings": {
            setting.name: {
                "ndcg10_difference": interval(
                    table[:, at, 0] - table[:, 0, 0], people, wanted.seed
                ),
                **{
                    name: interval(table[:, at, column], people, wanted.seed)
                    for column, name in enumerate(MEASURES)
                },
            }
            for at, setting in enumerate(every)
        },
    }


def text(found: dict[str, Any]) -> str:
    """Return the figures as a table."""
    columns = ("ndcg10", "ndcg10_difference", *MEASURES[1:])
    lines = [
        f"{found['sessions']} sessions, seed {found['seed']}, reranker {found['reranker']}, "
        f"calibrated on {found['facet']}",
        f"{'setting':<24}" + "".join(f"{name:<25}" for name in columns),
    ]
    for name, measures in found["settings"].items():
        cells = (measures[column] for column in columns)
        shown = (f"{c['mean']:.3f} [{c['low']:.3f}, {c['high']:.3f}]" for c in cells)
        lines.append(f"{name:<24}" + "".join(f"{cell:<25}" for cell in shown))
    return "\n".join(lines)


def main() -> int:
    """Write the figures to stdout."""
    parser = argparse.ArgumentParser(description="What variety, proportion and novelty cost.")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--sessions", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    found = report(wanted)
    shown = json.dumps(found, indent=1) if wanted.json else text(found)
    sys.stdout.write(f"{shown}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
