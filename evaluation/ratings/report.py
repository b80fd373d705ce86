"""What a run of the benchmark found.

Owns: `RatingsReport`, its parts and their JSON form. Does not own: how they come about
(`evaluation.ratings.summary`) or the tables (`evaluation.ratings.tables`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from evaluation.metrics import Interval
from evaluation.ratings.judging import CURVE


@dataclass(frozen=True, slots=True)
class Data:
    """What was ranked: its name and size."""

    name: str
    people: int
    items: int
    interactions: int


@dataclass(frozen=True, slots=True)
class Result:
    """One model with the people of one setting.

    Attributes
    ----------
    model : str
        Label.
    measures : mapping of str to Interval
        Over people, keys `ACCURACY` and `VARIETY`.
    difference : mapping of str to Interval
        Paired, to the reference, keys `ACCURACY`; empty for the reference itself.
    recalls : tuple of float
        Mean recall at the places of `CURVE`.
    coverage : float
        Share of the catalogue that is in anybody's list.
    long_tail : float
        Share of what is listed that is not among the most popular 20% of the items.
    gini : float
        Of how often each item of the catalogue is listed: 0 equally, 1 all lists are the same.
    tenths : tuple of Interval
        NDCG@10 of right answers by how well known they are, the best known first, those that
        nobody met last (see `Popularity.tenth`); each right answer as if it were the only one.
    shown : tuple of float
        Share of what is listed, by the same tenths.
    """

    model: str
    measures: Mapping[str, Interval]
    difference: Mapping[str, Interval]
    recalls: tuple[float, ...]
    coverage: float
    long_tail: float
    gini: float
    tenths: tuple[Interval, ...]
    shown: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """All models with the same people.

    Attributes
    ----------
    protocol, setting : str
        ``"sessions"`` and ``"k=3"``.
    people, answers, learned : int
        Served, their right answers, and the interactions learned from (mean over folds).
    results : tuple of Result
        In the order of the models given.
    """

    protocol: str
    setting: str
    people: int
    answers: int
    learned: int
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Prediction:
    """How far one model's predicted values are off; intervals resample people."""

    model: str
    mae: Interval
    rmse: Interval


@dataclass(frozen=True, slots=True)
class Cost:
    """What a model costs in one protocol: seconds of a fit, milliseconds of a fold-in; means."""

    protocol: str
    model: str
    fit_s: float
    fold_in_ms: float


@dataclass(frozen=True, slots=True)
class RatingsReport:
    """A run.

    Attributes
    ----------
    data : Data
        What was ranked.
    seed : int
        Of all that chance decides.
    liked : float
        Least value of what was liked.
    reference : str
        The model that the others' differences are to.
    models : mapping of str to mapping
        Settings by label, in the order given.
    left_out : mapping of str to str
        Models and protocols that could not take part, and why.
    tables : tuple of Table
        In the order of the protocols given, shortest sessions first.
    predictions : tuple of Prediction
        Of the values that people gave after the time split, baselines first; empty without it.
    costs : tuple of Cost, or None
        All in a run that depends on the machine; None where it is not wanted.
    """

    data: Data
    seed: int
    liked: float
    reference: str
    models: Mapping[str, Mapping[str, Any]]
    left_out: Mapping[str, str]
    tables: tuple[Table, ...]
    predictions: tuple[Prediction, ...]
    costs: tuple[Cost, ...] | None

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values; all but ``costs`` is the same for the same seed."""
        whole: dict[str, Any] = {
            "data": asdict(self.data),
            "seed": self.seed,
            "liked": self.liked,
            "reference": self.reference,
            "models": {label: dict(settings) for label, settings in self.models.items()},
            "left_out": dict(self.left_out),
            "curve_places": list(CURVE),
            "tables": [_table(table) for table in self.tables],
            "predictions": [
                {"model": one.model, "mae": _interval(one.mae), "rmse": _interval(one.rmse)}
                for one in self.predictions
            ],
        }
        if self.costs is not None:
            whole["costs"] = [asdict(cost) for cost in self.costs]
        return whole


def _table(table: Table) -> dict[str, Any]:
    return {
        "protocol": table.protocol,
        "setting": table.setting,
        "people": table.people,
        "answers": table.answers,
        "learned": table.learned,
        "results": [_result(result) for result in table.results],
    }


def _result(result: Result) -> dict[str, Any]:
    return {
        "model": result.model,
        "measures": {name: _interval(one) for name, one in result.measures.items()},
        "difference": {name: _interval(one) for name, one in result.difference.items()},
        "recalls": [_number(value) for value in result.recalls],
        "coverage": _number(result.coverage),
        "long_tail": _number(result.long_tail),
        "gini": _number(result.gini),
        "tenths": [_interval(one) for one in result.tenths],
        "shown": [_number(value) for value in result.shown],
    }


def _interval(interval: Interval) -> dict[str, float | int | None]:
    return {
        "mean": _number(interval.mean),
        "low": _number(interval.low),
        "high": _number(interval.high),
        "n": interval.n,
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 5)
