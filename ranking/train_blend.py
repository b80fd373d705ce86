"""Learning how much each term counts.

Owns: `train_blend`, and ``python -m ranking.train_blend HOME``, which learns on the film demo in a
home that `vouch` has built and writes ``ranking/weights.json``. Does not own: the sessions
(`ranking.simulated`) or the terms (`ranking.terms`).

People are cut into folds; a fold's sessions
are served by a collaborative model fitted on the others', so that it does not know the answers.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from catalog import Catalog
from catalog.progress import Progress, silent
from ranking.blend import LEARNED, TermWeight, Weights, write_weights
from ranking.cf import Training, fit_cf
from ranking.cf.folds import fold_people, without
from ranking.dialogues import read_redial
from ranking.late_interaction import LateInteraction
from ranking.late_retriever import LateRetriever
from ranking.logit import Example, blend_scores, fit_weights, ndcg10
from ranking.rank import Ranker
from ranking.scoring import Reranker
from ranking.simulated import (
    SimulatedSession,
    SimulationConfig,
    read_requests,
    simulate,
)
from ranking.terms import DenseSource, ShownScorer, TextScorer, standard_scorers
from retrieval.collaborative import CollaborativeRetriever
from retrieval.content import ContentRetriever
from retrieval.popular import PopularRetriever
from retrieval.query import Retriever
from retrieval.retrieve import retrieve_all

if TYPE_CHECKING:
    from retrieval.dense import DenseRetriever

logger = logging.getLogger(__name__)

REQUESTS = Path(__file__).with_name("data") / "film_requests.jsonl"


SHOWN = 1.0
"""Weight of a showing: simulated people chose it (docs/log.md), single sessions cannot."""


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """How the weights are learned.

    Attributes
    ----------
    model : str
        Collaborative model that serves the sessions.
    folds : int
        Of people.
    l2 : float
        Penalty on squared weights, per session.
    test_fold : int
        The fold whose sessions only test.
    rerank_top : int
        Candidates that the cross-encoder reads.
    seed : int
        Of the folds.
    """

    model: str = "ease"
    folds: int = 5
    l2: float = 1e-2
    test_fold: int = 0
    rerank_top: int = 200
    seed: int = 0


@dataclass(frozen=True, slots=True)
class BlendReport:
    """What was learned and what it is worth; see `train_blend`."""

    weights: Weights
    sessions: int
    retrieved: float
    tested: int
    ndcg10: Mapping[str, Mapping[str, float]]
    seed: int = 0
    notes: Mapping[str, object] = field(default_factory=dict[str, object])

    def provenance(self) -> dict[str, object]:
        """Return what `weights.json` says of itself."""
        return {
            "command": "python -m ranking.train_blend HOME",
            "seed": self.seed,
            "sessions": self.sessions,
            "target_retrieved": round(self.retrieved, 3),
            "tested": self.tested,
            "ndcg10": self.ndcg10,
            **self.notes,
        }


def train_blend(
    catalog: Catalog,
    sessions: Sequence[SimulatedSession],
    dense: DenseSource,
    searchers: Sequence[Retriever],
    reranker: Reranker | None = None,
    config: TrainConfig | None = None,
    progress: Progress = silent,
) -> BlendReport:
    """Return weights learned on `sessions`, and NDCG@10 on those of people held out.

    Parameters
    ----------
    catalog : Catalog
        With interactions.
    sessions : sequence of SimulatedSession
        See `ranking.simulated.simulate`.
    dense : DenseSource
        Vectors of items and texts.
    searchers : sequence of Retriever
        The text retrievers; one of them is called "lexical". Those of behaviour are added.
    reranker : Reranker, optional
        Without it the "text" term is not learned.
    config : TrainConfig, optional
        Settings.
    progress : Progress
        Told as sessions are served.

    Returns
    -------
    BlendReport
        `ndcg10` has a row for the order of retrieval, equal weights, every term alone, and the
        learned blend, each over all tested sessions and by kind. Sessions whose target retrieval
        did not find are left out: no weight could help them.
    """
    config = config or TrainConfig()
    learned = learn(catalog, sessions, dense, searchers, reranker, config, progress)
    quality: dict[str, Mapping[str, float]] = {}
    if learned.without_text is not None:
        quality["learned without text"] = ndcg10(learned.test, learned.without_text)
    rows = {"retrieval": None, **single_terms(learned.weights)}
    quality = {name: ndcg10(learned.test, row) for name, row in rows.items()} | quality
    quality["learned"] = ndcg10(learned.test, learned.weights)
    return BlendReport(
        learned.weights, len(sessions), learned.retrieved, len(learned.test), quality, config.seed
    )


@dataclass(frozen=True, slots=True)
class Learned:
    """Weights, and the examples that they were learned and are judged on.

    Attributes
    ----------
    weights : Weights
        Of all terms.
    without_text : Weights or None
        Those by which candidates were chosen to be read, where a reranker reads.
    train, test : tuple of Example
        Of different people.
    retrieved : float
        Share of the sessions whose target is among the candidates; the others are no examples.
    """

    weights: Weights
    without_text: Weights | None
    train: tuple[Example, ...]
    test: tuple[Example, ...]
    retrieved: float


def learn(
    catalog: Catalog,
    sessions: Sequence[SimulatedSession],
    dense: DenseSource,
    searchers: Sequence[Retriever],
    reranker: Reranker | None,
    config: TrainConfig,
    progress: Progress = silent,
) -> Learned:
    """Return what `train_blend` reports on; the same parameters."""
    people = fold_people(len(catalog.interactions.users), config.folds, config.seed)
    folds = [
        s.user % config.folds if s.kind == "dialogue" else int(people[s.user]) for s in sessions
    ]
    examples, at = _serve(catalog, sessions, folds, people, dense, searchers, config, progress)
    test = [e for e, i in zip(examples, at, strict=True) if folds[i] == config.test_fold]
    train = [e for e, i in zip(examples, at, strict=True) if folds[i] != config.test_fold]
    if any(e.session.kind == "dialogue" for e in train):
        # What people rate next is mostly what was popular when they signed up. Where there are
        # dialogues, they say what follows from likes alone.
        train = [e for e in train if e.session.kind != "likes"]
    weights, before = fit_weights(train, config.l2), None
    if reranker is not None:
        before = weights
        train = _read(train, before, reranker, config.rerank_top, progress)
        test = _read(test, before, reranker, config.rerank_top, progress)
        weights = fit_weights(train, config.l2)
    retrieved = len(examples) / max(len(sessions), 1)
    return Learned(weights, before, tuple(train), tuple(test), retrieved)


def single_terms(weights: Weights) -> dict[str, Weights]:
    """Return the blends that `weights` must beat: all terms alike, and each term alone."""
    equal = {name: TermWeight(1.0, term.calibration) for name, term in weights.terms.items()}
    alone = {f"{name} alone": Weights({name: term}) for name, term in equal.items()}
    return {"equal weights": Weights(equal), **alone}


def _serve(
    catalog: Catalog,
    sessions: Sequence[SimulatedSession],
    folds: Sequence[int],
    people: NDArray[np.int64],
    dense: DenseSource,
    searchers: Sequence[Retriever],
    config: TrainConfig,
    progress: Progress,
) -> tuple[list[Example], list[int]]:
    """Return what retrieval and the fast terms make of the sessions whose target is found.

    The second list says which session each example is of.
    """
    lexical = next((s for s in searchers if s.name == "lexical"), None)
    examples: list[Example] = []
    at: list[int] = []
    for fold in range(config.folds):
        rest = without(catalog.interactions, people == fold)
        model = fit_cf(config.model, Training(catalog, rest, dense.vectors))
        behaviour = (CollaborativeRetriever(model), ContentRetriever(dense.vectors))
        retrievers = (*searchers, *behaviour, PopularRetriever(catalog))
        scorers = standard_scorers(catalog, dense=dense, lexical=lexical, model=model)
        ranker = Ranker(scorers, Weights())
        for index in (i for i, other in enumerate(folds) if other == fold):
            session = sessions[index]
            rows = retrieve_all(session.request.query, retrievers, catalog).rows
            place = np.flatnonzero(rows == session.target)
            if len(place):
                columns = ranker.columns(session.request, rows)
                raw = {name: column.values for name, column in columns.items()}
                examples.append(Example(session, rows, raw, int(place[0])))
                at.append(index)
        progress("serving sessions", fold + 1, config.folds)
    return examples, at


def _read(
    examples: Sequence[Example],
    weights: Weights,
    reranker: Reranker,
    top: int,
    progress: Progress,
) -> list[Example]:
    """Return `examples` with the "text" term of the candidates that `weights` put on top."""
    reader = TextScorer(reranker)
    found: list[Example] = []
    for done, example in enumerate(examples, 1):
        best = np.argsort(-blend_scores(example, weights), kind="stable")[:top]
        column = reader.score(example.session.request, example.rows[best])
        if column is None:
            found.append(example)
        else:
            values = np.full(len(example.rows), np.nan, np.float32)
            values[best] = column.values
            found.append(replace(example, raw={**example.raw, reader.name: values}))
        progress("reading candidates", done, len(examples))
    return found


@dataclass(frozen=True, slots=True)
class Material:
    """What is learned from, and what serves it; the parameters of `learn` of these names."""

    catalog: Catalog
    sessions: tuple[SimulatedSession, ...]
    dense: DenseRetriever
    searchers: tuple[Retriever, ...]
    reranker: Reranker | None


def gather(
    home: Path, simulation: SimulationConfig, redial: Path | None = None, *, reads: bool = True
) -> Material:
    """Return the sessions of the catalogue in `home`, which `vouch` has built, and its parts.

    Parameters
    ----------
    redial : Path, optional
        A folder with ReDial's training dialogues.
    reads : bool
        Whether there is a reranker.
    """
    from catalog.database import load_catalog, open_database
    from ranking.reranker import RerankerConfig, load_reranker
    from retrieval.dense import open_dense
    from retrieval.embedder import EmbedderConfig, load_embedder
    from retrieval.lexical import LexicalRetriever

    catalog = load_catalog(open_database(f"sqlite:///{home / 'vouch.db'}"))
    models = home / "models"
    embedder = load_embedder(EmbedderConfig(threads=1), models)
    dense = open_dense(catalog, embedder, home / "index")
    reranker = load_reranker(RerankerConfig(), catalog, models) if reads else None
    searchers: tuple[Retriever, ...] = (dense, LexicalRetriever(catalog))
    if isinstance(reranker, LateInteraction):
        searchers += (LateRetriever(catalog, reranker),)
    sessions = simulate(catalog, read_requests(REQUESTS, catalog), simulation)
    dialogues = read_redial(redial, catalog) if redial else ()
    return Material(catalog, (*sessions, *dialogues), dense, searchers, reranker)


def main(arguments: Sequence[str] | None = None) -> None:
    """Learn on the catalogue in a home folder, and replace the weights that ship with Vouch."""
    parser = argparse.ArgumentParser(prog="python -m ranking.train_blend", description=main.__doc__)
    parser.add_argument("home", type=Path, help="a home folder that `vouch` has built")
    parser.add_argument("--sessions", type=int, default=SimulationConfig().sessions)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-reranker", action="store_true", help='leave the "text" term out')
    parser.add_argument("--output", type=Path, default=LEARNED)
    parser.add_argument("--redial", type=Path, help="a folder with ReDial's training dialogues")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    simulation = SimulationConfig(sessions=options.sessions, seed=options.seed)
    found = gather(options.home, simulation, options.redial, reads=not options.no_reranker)
    report = train_blend(
        found.catalog,
        found.sessions,
        found.dense,
        found.searchers,
        found.reranker,
        TrainConfig(seed=options.seed),
        lambda label, done, total: logger.info("%s %d/%d", label, done, total),
    )
    weights = Weights({**report.weights.terms, ShownScorer.name: TermWeight(SHOWN)})
    write_weights(weights, report.provenance(), options.output)
    for name, means in report.ndcg10.items():
        logger.info("%-22s %s", name, means)


if __name__ == "__main__":
    main()
