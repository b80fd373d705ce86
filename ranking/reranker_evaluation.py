"""How well requests find the item that they were written for, reranker beside baselines.

Owns: `evaluate_reranker` and its report. Does not own: training (`ranking.train_reranker`) or the
quality of whole dialogues (the evaluation package).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from catalog.progress import Progress, silent
from ranking.reranker_data import Wanted
from ranking.scoring import Reranker
from retrieval.query import Rows

_CANDIDATES = 50
_RESAMPLES = 1000
_RRF = 60

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over requests with the 95% interval of a bootstrap over items."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Report:
    """Figures by setting, system and metric.

    Attributes
    ----------
    requests, items : int
        How many requests were asked, for how many items.
    retrieved : float
        Share of requests whose item is among the candidates without help.
    figures : mapping of str to mapping of str to mapping of str to Figure
        ``figures["answer added"]["reranker"]["ndcg@10"]``. In the setting ``"answer added"`` the
        item joins the candidates where retrieval missed it; in ``"as retrieved"`` a miss scores 0.
    near_miss : mapping of str to Figure
        By system, how often the item is ranked first for its near miss; lower is better.
    """

    requests: int
    items: int
    retrieved: float
    figures: Mapping[str, Mapping[str, Mapping[str, Figure]]]
    near_miss: Mapping[str, Figure]

    def to_json(self) -> dict[str, object]:
        """Return the report as JSON values."""
        return asdict(self)

    def to_text(self) -> str:
        """Return a line per setting, system and metric, with its interval."""
        return "\n".join(
            f"{setting:<14}{system:<22}{metric:<10}{f.mean:.3f} [{f.low:.3f}, {f.high:.3f}]"
            for setting, systems in self.figures.items()
            for system, metrics in systems.items()
            for metric, f in metrics.items()
        )


@dataclass(frozen=True, slots=True)
class Baselines:
    """Full scores of the two plain systems for every text, and the rows of their columns.

    Attributes
    ----------
    rows : int32 array, shape (n,)
        Rows that can be candidates.
    cosine, lexical : float32 arrays, shape (n_texts, n)
        Bi-encoder cosine and BM25.
    """

    rows: Rows
    cosine: Matrix
    lexical: Matrix


def evaluate_reranker(
    wanted: Sequence[Wanted],
    texts: Mapping[str, int],
    baselines: Baselines,
    reranker: Reranker,
    seed: int,
    progress: Progress = silent,
) -> Report:
    """Rank each request's candidates by every system.

    Candidates are the 50 rows of highest cosine, and the answer.

    Parameters
    ----------
    wanted : sequence of Wanted
        Held-out items.
    texts : mapping of str to int
        Text to its row in the score matrices.
    seed : int
        Of the bootstrap.
    """
    column = {int(row): place for place, row in enumerate(baselines.rows)}
    asked = [(item, text) for item in wanted for text in item.requests]
    near = [(item, item.near_miss) for item in wanted if item.near_miss]
    ranks: list[dict[str, float]] = []
    found: list[bool] = []
    for done, (item, text) in enumerate([*asked, *near], 1):
        place, hit = _candidates(baselines.cosine[texts[text]], column[item.row])
        scores = _systems(baselines, texts[text], place, reranker, text)
        ranks.append({name: _rank(values) for name, values in scores.items()})
        found.append(hit)
        progress("Evaluating the reranker", done, len(asked) + len(near))
    retrieved = np.array(found[: len(asked)], np.float64)
    groups = np.array([item.row for item, _ in asked])
    return Report(
        requests=len(asked),
        items=len(set(groups.tolist())),
        retrieved=float(retrieved.mean()),
        figures={
            "answer added": _figures(ranks[: len(asked)], np.ones(len(asked)), groups, seed),
            "as retrieved": _figures(ranks[: len(asked)], retrieved, groups, seed),
        },
        near_miss=_near_miss(ranks[len(asked) :], [item.row for item, _ in near], seed),
    )


def _figures(
    ranks: Sequence[Mapping[str, float]],
    counted: NDArray[np.float64],
    groups: NDArray[np.int64],
    seed: int,
) -> dict[str, dict[str, Figure]]:
    """Return every metric of every system; a request that is not `counted` scores 0."""
    return {
        name: {
            metric: _figure(values * counted, groups, seed)
            for metric, values in _metrics(np.array([entry[name] for entry in ranks])).items()
        }
        for name in ranks[0]
    }


def _near_miss(
    ranks: Sequence[Mapping[str, float]], rows: Sequence[int], seed: int
) -> dict[str, Figure]:
    """Return how often each system ranks an item first for the text that just misses it."""
    if not ranks:
        return {}
    return {
        name: _figure(np.array([entry[name] < 1.5 for entry in ranks], np.float64),
                      np.array(rows), seed)
        for name in ranks[0]
    }  # fmt: skip


def _candidates(cosine: NDArray[np.float32], answer: int) -> tuple[NDArray[np.int64], bool]:
    """Return candidate columns with the answer first, and whether it was among the best."""
    best = np.argsort(-cosine, kind="stable")[:_CANDIDATES]
    return np.concatenate([[answer], best[best != answer]]), bool((best == answer).any())


def _systems(
    baselines: Baselines, text_row: int, place: NDArray[np.int64], reranker: Reranker, text: str
) -> dict[str, NDArray[np.float64]]:
    cosine = baselines.cosine[text_row, place].astype(np.float64)
    lexical = baselines.lexical[text_row, place].astype(np.float64)
    read = reranker.score(text, baselines.rows[place]).astype(np.float64)
    return {
        "cosine": cosine,
        "bm25": lexical,
        "rrf(cosine, bm25)": _reciprocal(cosine) + _reciprocal(lexical),
        "reranker": read,
        "reranker + cosine": _standard(read) + 0.25 * _standard(cosine),
        "reranker + bm25": _standard(read) + 0.25 * _standard(lexical),
    }


def _reciprocal(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    # Ties share their mean rank: the answer stands first among the candidates and must not gain.
    ahead = (scores[None] > scores[:, None]).sum(1)
    level = (scores[None] == scores[:, None]).sum(1) - 1
    return 1 / (_RRF + 1 + ahead + 0.5 * level)


def _standard(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    return (scores - scores.mean()) / (scores.std() or 1.0)


def _rank(scores: NDArray[np.float64]) -> float:
    """Return the rank of the first candidate, from 1; ties count half."""
    ahead = (scores[1:] > scores[0]).sum() + 0.5 * (scores[1:] == scores[0]).sum()
    return float(1 + ahead)


def _metrics(ranks: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    within = ranks <= 10
    return {
        "ndcg@10": np.where(within, 1 / np.log2(ranks + 1), 0.0),
        "mrr": 1 / ranks,
        "recall@1": (ranks < 1.5).astype(np.float64),
        "recall@10": within.astype(np.float64),
    }


def _figure(values: NDArray[np.float64], groups: NDArray[np.int64], seed: int) -> Figure:
    """Return the mean and its interval; whole items are resampled, with all their requests."""
    _, member = np.unique(groups, return_inverse=True)
    sums, counts = np.bincount(member, values), np.bincount(member)
    rng = np.random.default_rng(seed)
    drawn = rng.integers(len(sums), size=(_RESAMPLES, len(sums)))
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Figure(float(values.mean()), float(low), float(high))
