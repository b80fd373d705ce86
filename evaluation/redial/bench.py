"""`vouch bench redial`: the whole catalogue ranked at every turn of a split.

Owns: the protocol and its report. Does not own: the data (`evaluation.redial.data`), the measures
(`evaluation.redial.measure`) or the systems (`evaluation.redial.systems`).

Protocol: one row per right answer, as published. All films compete. Under the rule ``new``, the
headline, films that were mentioned before are neither answers nor ranked; under ``all`` they are
both. Conversations of the split are never learned from, whatever the training file holds.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from catalog import Catalog
from catalog.progress import Progress, silent
from evaluation.metrics import Interval
from evaluation.redial.data import Films, read_conversations, read_films, read_split
from evaluation.redial.measure import Row, Rule, Score, compare, summarise
from evaluation.redial.systems import VOUCH, System, all_systems
from ranking.cf import Training, fit_cf
from ranking.dialogue_model import SHIPPED, DialogueConfig, DialogueModel
from ranking.turn_table import Listener, Turn, TurnTable
from retrieval.embedder import Embedder, Vectors
from retrieval.query import Scores
from retrieval.vectors import catalog_vectors

Split = Literal["valid", "test"]

_TRAINING = "train_subset.jsonl"
_TOP = 10
_RULES: tuple[Rule, ...] = ("new", "all")


@dataclass(frozen=True, slots=True)
class KeptEmbedder:
    """An embedder that keeps what it embeds in a file; of one list of texts, the last one."""

    embedder: Embedder
    path: Path
    progress: Progress

    @property
    def fingerprint(self) -> str:
        """See `Embedder.fingerprint`."""
        return self.embedder.fingerprint

    @property
    def dimensions(self) -> int:
        """See `Embedder.dimensions`."""
        return self.embedder.dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.embed`."""
        return catalog_vectors(texts, self.embedder, self.path, self.progress)


@dataclass(frozen=True, slots=True)
class Workshop:
    """What a run needs beside the data.

    Attributes
    ----------
    embedder : Embedder
        Reads texts.
    folder : Path
        Keeps vectors from run to run.
    ratings : Catalog, optional
        With MovieLens ids and ratings, such as the film demo.
    """

    embedder: Embedder
    folder: Path
    ratings: Catalog | None = None


@dataclass(frozen=True, slots=True)
class RedialReport:
    """What a run found.

    Attributes
    ----------
    split : str
        Which.
    seed : int
        Of learning and of the intervals.
    films, turns : int
        Ranked at each of how many turns.
    learned_from : str
        File with the training conversations.
    training_dialogues, training_turns : int
        Learned from, without those of the split.
    ms_p50, ms_p95 : float
        From words to a ranking of the whole catalogue, one turn at a time.
    scores : tuple of Score
        Of every system, under both rules.
    against : mapping of str to Interval, or None
        Vouch minus an earlier run, where one was given, under the rule ``new``.
    """

    split: Split
    seed: int
    films: int
    turns: int
    learned_from: str
    training_dialogues: int
    training_turns: int
    ms_p50: float
    ms_p95: float
    scores: tuple[Score, ...]
    against: dict[str, Interval] | None = None

    def to_json(self) -> dict[str, object]:
        """Return the report as plain values."""
        return asdict(self)

    def to_text(self) -> str:
        """Return the report as tables."""
        lines = [
            f"ReDial {self.split}: {self.turns:,} turns, {self.films:,} films, seed {self.seed}",
            f"learned from {self.training_dialogues:,} conversations ({self.training_turns:,} "
            f"turns) of {self.learned_from}, none of them in the split",
            f"Vouch: {self.ms_p50:.0f} ms a turn (p95 {self.ms_p95:.0f})",
        ]
        for rule in _RULES:
            scores = [score for score in self.scores if score.rule == rule]
            told = "not yet mentioned" if rule == "new" else "all, mentioned or not"
            lines += [
                "",
                f"Films {told}: {scores[0].answers:,} answers in {scores[0].dialogues:,} dialogues",
                f"{'system':<24} {'R@1':<21} {'R@10':<21} {'R@50':<21} {'MRR':<21} NDCG@10",
            ]
            lines += [
                f"{s.system:<24} {s.recall1!s:<21} {s.recall10!s:<21} {s.recall50!s:<21} "
                f"{s.mrr!s:<21} {s.ndcg10!s}"
                for s in scores
            ]
        if self.against:
            differences = ", ".join(f"{name} {value}" for name, value in self.against.items())
            lines += ["", f"{VOUCH} minus the earlier run: {differences}"]
        return "\n".join(lines)


def bench_redial(
    folder: Path,
    split: Split,
    workshop: Workshop,
    *,
    training: Path | None = None,
    seed: int = 0,
    against: Sequence[Row] = (),
    progress: Progress = silent,
) -> tuple[RedialReport, tuple[Row, ...]]:
    """Return the report of a split, and every system's prediction for every answer.

    Parameters
    ----------
    folder : Path
        With ``catalogue.jsonl`` and ``ievalm_eval_SPLIT.jsonl``.
    split : {"valid", "test"}
        Which.
    workshop : Workshop
        See there.
    training : Path, optional
        Conversations to learn from, in ReDial's published form. Without it, those in `folder`'s
        ``train_subset.jsonl``; where there is none, what ships with Vouch.
    seed : int
        Of learning and of the intervals.
    against : sequence of Row
        An earlier run to compare with.
    progress : Progress
        Told as it goes.
    """
    workshop.folder.mkdir(parents=True, exist_ok=True)
    films = read_films(folder, workshop.ratings)
    turns = read_split(folder / f"ievalm_eval_{split}.jsonl", films)
    found = folder / _TRAINING
    source = training or (found if found.exists() else None)
    table = read_table(films, workshop, source, progress)
    table = table.without(frozenset(turn.dialogue for turn in turns))
    catalog = films.catalog
    documents = [catalog.document(row) for row in range(len(catalog))]
    vectors = catalog_vectors(
        documents, workshop.embedder, workshop.folder / "films.sqlite", progress
    )
    rated = fit_cf("itemknn", Training.of(catalog)) if len(catalog.interactions) else None
    listener = Listener(catalog, workshop.embedder)
    model = DialogueModel(catalog, listener, vectors, rated, DialogueConfig(seed=seed))
    model.fit(table, progress)
    systems = all_systems(films, vectors, rated, model)
    rows, times = _predict(turns, films, listener, model, systems, progress)
    report = RedialReport(
        split=split,
        seed=seed,
        films=len(catalog),
        turns=len(turns),
        learned_from=str(source or SHIPPED.name),
        training_dialogues=len(set(table.dialogue)),
        training_turns=len(table),
        ms_p50=float(np.quantile(times, 0.5)),
        ms_p95=float(np.quantile(times, 0.95)),
        scores=tuple(
            summarise(mine, seed)
            for rule in _RULES
            for system in systems
            if (mine := [row for row in rows if row.system == system and row.rule == rule])
        ),
        against=dict(compare(_headline(rows), _headline(against), seed)) if against else None,
    )
    return report, rows


def read_table(
    films: Films, workshop: Workshop, source: Path | None, progress: Progress = silent
) -> TurnTable:
    """Return the conversations in `source`, or those that ship."""
    kept = KeptEmbedder(workshop.embedder, workshop.folder / "turns.sqlite", progress)
    listener = Listener(films.catalog, kept)
    if source is None:
        return TurnTable.load(SHIPPED, films.catalog, listener)
    return TurnTable.of(read_conversations(source, films), listener)


def _headline(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row.system == VOUCH and row.rule == "new"]


def _predict(
    turns: Sequence[Turn],
    films: Films,
    listener: Listener,
    model: DialogueModel,
    systems: dict[str, System],
    progress: Progress,
) -> tuple[tuple[Row, ...], list[float]]:
    """Return all rows, and the milliseconds from words to our ranking."""
    names = [films.catalog.name(row) for row in range(len(films.catalog))]
    rows: list[Row] = []
    times: list[float] = []
    for at, turn in enumerate(turns):
        started = time.perf_counter()
        (heard,) = listener.hear([turn])
        columns = model.columns(heard)
        np.argsort(-model.blend(columns), kind="stable")
        times.append((time.perf_counter() - started) * 1000)
        for system, score in systems.items():
            scores = score(turn, heard, columns)
            for rule in _RULES:
                rows += _rows(system, rule, at, turn, scores, names)
        progress("ReDial turns", at + 1, len(turns))
    return tuple(rows), times


def _rows(
    system: str, rule: Rule, at: int, turn: Turn, scores: Scores, names: Sequence[str]
) -> list[Row]:
    """Return a row for each answer that counts under `rule`."""
    known = frozenset(turn.known) if rule == "new" else frozenset[int]()
    answers = [row for row in turn.answers if row not in known]
    if not answers:
        return []
    ranked = scores.copy()
    ranked[list(known)] = -np.inf
    best = np.argpartition(-ranked, _TOP)[:_TOP] if len(ranked) > _TOP else np.arange(len(ranked))
    best = best[np.lexsort((best, -ranked[best]))]
    top = tuple(names[int(row)] for row in best)
    return [
        Row(system, rule, turn.dialogue, at, names[row], _place(ranked, row), top)
        for row in answers
    ]


def _place(ranked: Scores, row: int) -> int:
    """Return the place of `row`, from 1; ties go to the lower row."""
    above = int((ranked > ranked[row]).sum())
    return 1 + above + int((ranked[:row] == ranked[row]).sum())
