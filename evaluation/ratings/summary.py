"""From every person's measures to means, intervals and paired differences.

Owns: `table_of`, `predictions_of`, `costs_of`. Does not own: the forms of the report
(`evaluation.ratings.report`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from evaluation.metrics import Interval, bootstrap_ratio, gini
from evaluation.ratings.judging import ACCURACY, VARIETY, Outcome, Served
from evaluation.ratings.popularity import COLD
from evaluation.ratings.predicting import Errors
from evaluation.ratings.report import Cost, Prediction, Result, Table
from evaluation.ratings.splits import Fold


def table_of(
    setting: str,
    folds: Sequence[Fold],
    outcomes: Mapping[str, Sequence[Outcome]],
    reference: str,
    n_items: int,
    seed: int,
) -> Table:
    """Return all models with the people of one setting.

    Parameters
    ----------
    folds : sequence of Fold
        Of one protocol.
    outcomes : mapping of str to sequence of Outcome
        By label, parallel to `folds`.
    reference : str
        Label of the model that differences are to.
    """
    cases = [case for fold in folds for case in fold.cases[setting]]
    served = {
        label: _joined([outcome.served[setting] for outcome in some])
        for label, some in outcomes.items()
    }
    yardstick = served[reference].measures
    return Table(
        protocol=folds[0].protocol,
        setting=setting,
        people=len(cases),
        answers=sum(len(case.relevant) for case in cases),
        learned=round(np.mean([len(fold.training) for fold in folds])),
        results=tuple(
            _result(label, one, None if label == reference else yardstick, n_items, seed)
            for label, one in served.items()
        ),
    )


def predictions_of(errors: Mapping[str, Errors], seed: int) -> tuple[Prediction, ...]:
    """Return the errors of each model, over all predicted values."""
    return tuple(
        Prediction(
            model=label,
            mae=bootstrap_ratio(one.absolute, one.counts, seed),
            rmse=_root(bootstrap_ratio(one.squared, one.counts, seed)),
        )
        for label, one in errors.items()
    )


def costs_of(protocol: str, outcomes: Mapping[str, Sequence[Outcome]]) -> tuple[Cost, ...]:
    """Return what each model cost, a mean over folds."""
    return tuple(
        Cost(
            protocol=protocol,
            model=label,
            fit_s=round(float(np.mean([one.fit_s for one in some])), 3),
            fold_in_ms=round(float(np.mean([one.fold_in_ms for one in some])), 3),
        )
        for label, some in outcomes.items()
    )


def _joined(parts: Sequence[Served]) -> Served:
    columns = {
        column.name: np.concatenate([getattr(part, column.name) for part in parts])
        for column in fields(Served)
    }
    return Served(**columns)


def _result(
    label: str,
    served: Served,
    yardstick: NDArray[np.float64] | None,
    n_items: int,
    seed: int,
) -> Result:
    listed = served.shown[served.shown >= 0]
    exposure = np.bincount(listed, minlength=n_items)
    gaps = None if yardstick is None else served.measures - yardstick
    return Result(
        model=label,
        measures={
            name: _mean(served.measures[:, at], seed) for at, name in enumerate(ACCURACY + VARIETY)
        },
        difference={}
        if gaps is None
        else {name: _mean(gaps[:, at], seed) for at, name in enumerate(ACCURACY)},
        recalls=tuple(served.recalls.mean(axis=0).tolist()),
        coverage=float((exposure > 0).mean()),
        long_tail=float(served.tails.sum() / len(listed)) if len(listed) else float("nan"),
        gini=gini(exposure),
        tenths=tuple(
            bootstrap_ratio(served.gains[:, tenth], served.answers[:, tenth], seed)
            for tenth in range(COLD + 1)
        ),
        shown=tuple(
            float((served.shown_tenth == tenth).sum() / max(len(listed), 1))
            for tenth in range(COLD + 1)
        ),
    )


def _mean(values: NDArray[np.float64], seed: int) -> Interval:
    known = ~np.isnan(values)
    return bootstrap_ratio(np.where(known, values, 0.0), known.astype(np.float64), seed)


def _root(interval: Interval) -> Interval:
    low, mean, high = np.sqrt([interval.low, interval.mean, interval.high]).tolist()
    return Interval(mean, low, high, interval.n)
