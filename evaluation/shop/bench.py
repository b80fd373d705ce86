"""`vouch bench shop`: the next purchase of every history, over the whole catalogue.

Owns: the protocol and its report. Does not own: the data (`evaluation.shop.data`), the systems
(`evaluation.shop.systems`) or the measures (`evaluation.redial.measure`).

Protocol: people are cut at random into folds; whoever is served is unknown to the models, which
learn from the histories of the other folds' people, targets left out. All products compete, those
already bought too: people buy again. Ties go to the product that comes first in the catalogue. A
product that nobody bought in what a model learned from is cold.

``valid.csv`` is for tuning: figures on it choose between systems and are no result.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from catalog import Catalog, Mask
from catalog.errors import ConfigurationError
from catalog.progress import Progress, silent
from evaluation.metrics import Interval, bootstrap_ratio
from evaluation.redial.measure import MEASURES, gains
from evaluation.shop.data import Case, histories, read_cases, read_products
from evaluation.shop.systems import FUSED, System, all_systems
from ranking.cf import MODELS
from ranking.cf.folds import fold_people
from retrieval.embedder import Embedder
from retrieval.lexical import LexicalRetriever
from retrieval.query import Scores
from retrieval.vectors import catalog_vectors

Split = Literal["valid", "test"]

QUICK = ("itemknn", "ease", "als")
"""Models that are fitted in seconds."""
_LEARNED_FROM = "valid.csv"
_TOP = 10


@dataclass(frozen=True, slots=True)
class ShopConfig:
    """How much is measured.

    Attributes
    ----------
    split : {"valid", "test"}
        Which purchases.
    models : tuple of str
        Keys of `ranking.cf.MODELS`.
    users : int or None
        People served, at most, drawn at random; all by default.
    folds : int
        At least 2.
    seed : int
        Of the folds, of the draw and of the intervals.
    """

    split: Split = "valid"
    models: tuple[str, ...] = QUICK
    users: int | None = None
    folds: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.models) - MODELS.keys()):
            known = ", ".join(MODELS)
            raise ConfigurationError(f"no collaborative models {unknown!r}; there are: {known}")
        if self.folds < 2 or (self.users is not None and self.users < 1):
            raise ConfigurationError("a shop needs at least 2 folds and 1 user to be measured")


@dataclass(frozen=True, slots=True)
class Prediction:
    """One history and what every system makes of it.

    Attributes
    ----------
    case : int
        Position in the file, from 0.
    user, target : str
        Ids.
    length : int
        Of the history.
    cold, repeat : bool
        Whether nobody bought the target in what was learned from; whether they bought it before.
    place : mapping of str to int
        The target's place by system, from 1.
    top : mapping of str to tuple of str
        The first ten ids by system.
    """

    case: int
    user: str
    target: str
    length: int
    cold: bool
    repeat: bool
    place: Mapping[str, int]
    top: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ShopScore:
    """A system's measures on some cases; people are drawn for the intervals.

    Attributes
    ----------
    system : str
        Label.
    cases : {"all", "cold", "repeat"}
        Which.
    n : int
        How many.
    recall1, recall10, recall50, mrr, ndcg10 : Interval
        Means over cases; each has one right answer.
    """

    system: str
    cases: str
    n: int
    recall1: Interval
    recall10: Interval
    recall50: Interval
    mrr: Interval
    ndcg10: Interval


@dataclass(frozen=True, slots=True)
class ShopReport:
    """What a run found; `ms` is of one ranking by each system, and differs from run to run."""

    split: Split
    seed: int
    folds: int
    products: int
    people: int
    cases: int
    scores: tuple[ShopScore, ...]
    ms: dict[str, float]

    def to_json(self) -> dict[str, object]:
        """Return the report as plain values; ``seconds`` holds what a clock gave."""
        values = asdict(self)
        values["seconds"] = {system: ms / 1000 for system, ms in values.pop("ms").items()}
        return {**values, "tuning": self.split == "valid"}

    def to_text(self) -> str:
        """Return the report as tables."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield (
            f"shop {self.split}: {self.cases:,} purchases of {self.people:,} people, "
            f"{self.products:,} products, {self.folds} folds, seed {self.seed}"
        )
        if self.split == "valid":
            yield "valid.csv is for tuning: these figures choose between systems, no more"
        for kind in ("all", "cold", "repeat"):
            scores = [score for score in self.scores if score.cases == kind]
            if not scores:
                continue
            told = {"all": "all purchases", "cold": "products that nobody was known to have bought",
                    "repeat": "products bought again"}[kind]  # fmt: skip
            yield ""
            yield f"{told}: {scores[0].n:,}"
            yield (
                f"{'system':<18} {'Recall@10':<21} {'Recall@50':<21} {'NDCG@10':<21} {'MRR':<21} ms"
            )
            for s in scores:
                yield (
                    f"{s.system:<18} {s.recall10!s:<21} {s.recall50!s:<21} {s.ndcg10!s:<21} "
                    f"{s.mrr!s:<21} {self.ms[s.system]:.1f}"
                )


def bench_shop(
    folder: Path,
    embedder: Embedder,
    work: Path,
    config: ShopConfig = ShopConfig(),
    progress: Progress = silent,
) -> tuple[ShopReport, tuple[Prediction, ...]]:
    """Return the report of a split, and the prediction for every history.

    Parameters
    ----------
    folder : Path
        With ``item.json``, ``valid.csv`` (learned from, whatever the split) and the split's file.
    embedder : Embedder
        Reads the products' texts.
    work : Path
        Folder that keeps their vectors from run to run.
    config : ShopConfig
        How much.
    progress : Progress
        Told as it goes.

    Raises
    ------
    IngestError
        When a file is missing or damaged.
    """
    catalog = read_products(folder)
    known = read_cases(folder / _LEARNED_FROM, catalog)
    asked = known if config.split == "valid" else read_cases(folder / "test.csv", catalog)
    work.mkdir(parents=True, exist_ok=True)
    documents = [catalog.document(row) for row in range(len(catalog))]
    vectors = catalog_vectors(documents, embedder, work / "products.sqlite", progress)
    index = LexicalRetriever(catalog)
    people = sorted({case.user for case in (*known, *asked)})
    fold = dict(zip(people, fold_people(len(people), config.folds, config.seed), strict=True))
    served = _served(asked, config)
    found: list[Prediction] = []
    spent: dict[str, list[float]] = {}
    for held in range(config.folds):
        mine = [(at, case) for at, case in enumerate(asked)
                if fold[case.user] == held and case.user in served]  # fmt: skip
        if not mine:
            continue
        seen = histories([case for case in known if fold[case.user] != held])
        systems = all_systems(catalog, seen, vectors, index, config.models)
        bought = np.bincount(seen.row, minlength=len(catalog)) > 0
        for at, case in mine:
            found.append(_predict(at, case, systems, bought, catalog, spent))
            progress("shop histories", len(found), sum(case.user in served for case in asked))
    found.sort(key=lambda prediction: prediction.case)
    report = ShopReport(
        split=config.split,
        seed=config.seed,
        folds=config.folds,
        products=len(catalog),
        people=len({prediction.user for prediction in found}),
        cases=len(found),
        scores=tuple(_scores(found, config.seed)),
        ms={system: float(np.median(times)) for system, times in spent.items()},
    )
    return report, tuple(found)


def write_predictions(predictions: Sequence[Prediction], path: Path) -> None:
    """Write one JSON object a history."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in predictions)


def _served(asked: Sequence[Case], config: ShopConfig) -> set[str]:
    people = sorted({case.user for case in asked})
    if config.users is None or config.users >= len(people):
        return set(people)
    order = np.random.default_rng(config.seed).permutation(len(people))
    return {people[at] for at in order[: config.users].tolist()}


def _predict(
    at: int,
    case: Case,
    systems: Mapping[str, System],
    bought: Mask,
    catalog: Catalog,
    spent: dict[str, list[float]],
) -> Prediction:
    history = np.array(case.history, np.int32)
    place: dict[str, int] = {}
    top: dict[str, tuple[str, ...]] = {}
    for name, score in systems.items():
        started = time.perf_counter()
        scores = score(history)
        spent.setdefault(name, []).append((time.perf_counter() - started) * 1000)
        place[name] = _place(scores, case.target)
        best = np.lexsort((np.arange(len(scores)), -scores))[:_TOP]
        top[name] = tuple(catalog.items[row].item_id for row in best.tolist())
    return Prediction(
        at, case.user, catalog.items[case.target].item_id, len(history),
        not bought[case.target], case.target in case.history, place, top,
    )  # fmt: skip


def _place(scores: Scores, row: int) -> int:
    """Return the place of `row`, from 1; ties go to the lower row."""
    above = int((scores > scores[row]).sum())
    return 1 + above + int((scores[:row] == scores[row]).sum())


def _scores(found: Sequence[Prediction], seed: int) -> Iterator[ShopScore]:
    groups = {
        "all": list(found),
        "cold": [one for one in found if one.cold],
        "repeat": [one for one in found if one.repeat],
    }
    for kind, mine in groups.items():
        for system in mine[0].place if mine else ():
            values = gains(np.array([one.place[system] for one in mine]))
            by_name = dict(zip(MEASURES, _intervals(mine, values, seed), strict=True))
            yield ShopScore(system, kind, len(mine), **by_name)


def _intervals(
    mine: Sequence[Prediction], values: NDArray[np.float64], seed: int
) -> Iterator[Interval]:
    _, group = np.unique([one.user for one in mine], return_inverse=True)
    counts = np.bincount(group).astype(np.float64)
    for column in values.T:
        sums = np.bincount(group, weights=column).astype(np.float64)
        yield bootstrap_ratio(sums, counts, seed)


__all__ = ["FUSED", "QUICK", "ShopConfig", "ShopReport", "bench_shop", "write_predictions"]
