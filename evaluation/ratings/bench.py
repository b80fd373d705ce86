"""The benchmark: every model in every protocol.

Owns: `RatingsConfig`, `bench_ratings`. Does not own: the protocols (`evaluation.ratings.splits`),
the work (`evaluation.ratings.workers`), the sums (`evaluation.ratings.summary`).

A model that says that it cannot learn from the data, by raising `ModelError`, is left out, as is a
protocol that finds nobody to serve; the report says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast, get_args

from catalog import Interactions
from catalog.errors import CatalogError, ConfigurationError, ModelError
from catalog.progress import Progress, silent
from evaluation.ratings.data import Ratings
from evaluation.ratings.judging import Contender, Outcome
from evaluation.ratings.predicting import baselines, errors_of
from evaluation.ratings.report import Cost, Data, Prediction, RatingsReport, Table
from evaluation.ratings.splits import Fold, Protocol, once, split
from evaluation.ratings.summary import costs_of, predictions_of, table_of
from evaluation.ratings.workers import judge_all
from ranking.cf import MODELS

PROTOCOLS: tuple[Protocol, ...] = get_args(Protocol)
_REFERENCES = ("ease", "popularity")


@dataclass(frozen=True, slots=True)
class RatingsConfig:
    """What is run.

    Attributes
    ----------
    models : tuple of Contender
        In the order of the report, at least one.
    protocols : tuple of str
        Likewise.
    reference : str
        Label of the model that differences are to; empty takes EASE, else popularity, else the
        first.
    folds : int
        Of the sessions: 1 holds out a third of the people, more hold out everybody in turn.
    people : int, optional
        Serve at most so many in each protocol.
    liked : float
        Least value of what was liked; where all values are the same, everything was.
    seed : int
        Of the folds, of who is served and of the bootstrap.
    timings : bool
        Whether the report has costs.
    processes : int
        How many share the work, one thread each; 0 works in this one.
    """

    models: tuple[Contender, ...]
    protocols: tuple[Protocol, ...] = PROTOCOLS
    reference: str = ""
    folds: int = 1
    people: int | None = None
    liked: float = 4.0
    seed: int = 0
    timings: bool = True
    processes: int = 2

    def __post_init__(self) -> None:
        labels = [one.label for one in self.models]
        _check("model", labels, labels)
        _check("protocol", self.protocols, PROTOCOLS)
        _check("reference", [self.reference or labels[0]], labels)
        if self.folds < 1:
            raise ConfigurationError(f"folds start at 1, not at {self.folds!r}")
        if self.people is not None and self.people < 1:
            raise ConfigurationError(f"at least 1 of the people is served, not {self.people!r}")

    @classmethod
    def named(cls, models: str, protocols: str, **others: Any) -> RatingsConfig:  # noqa: ANN401
        """Return the settings of registered models as they come.

        Parameters
        ----------
        models, protocols : str
            Names, with commas between; all where there is none.
        **others
            Any other settings.

        Raises
        ------
        ConfigurationError
            When there is no such model or protocol.
        """
        names, asked = _names(models, tuple(MODELS)), _names(protocols, PROTOCOLS)
        _check("model", names, tuple(MODELS))
        _check("protocol", asked, PROTOCOLS)
        contenders = tuple(Contender(name, name) for name in names)
        return cls(contenders, cast("tuple[Protocol, ...]", asked), **others)


def bench_ratings(
    ratings: Ratings, config: RatingsConfig, progress: Progress = silent
) -> RatingsReport:
    """Return how well models find, and predict, what people do next.

    Parameters
    ----------
    ratings : Ratings
        Items, interactions, and what else models may read.
    config : RatingsConfig
        What is run.
    progress : Progress
        Told after every fit.

    Raises
    ------
    CatalogError
        When no protocol finds anybody to serve.
    ConfigurationError
        When no model can take part.
    """
    observed = once(ratings.catalog.interactions)
    liked = _liked(observed, config.liked)
    folds, left_out = _folds(observed, config, liked)
    judged = judge_all(
        config.models,
        [fold for some in folds.values() for fold in some],
        ratings.catalog,
        ratings.vectors,
        config.processes,
        progress,
    )
    left_out |= {label: str(one) for label, one in judged.items() if isinstance(one, ModelError)}
    outcomes = {label: one for label, one in judged.items() if not isinstance(one, ModelError)}
    if not outcomes:
        raise ConfigurationError(f"no model can take part: {left_out!r}")
    reference = _reference(config.reference, tuple(outcomes))
    tables, predictions, costs = _summarised(
        folds, outcomes, reference, len(ratings.catalog), config.seed
    )
    return RatingsReport(
        data=Data(ratings.name, len(observed.users), len(ratings.catalog), len(observed)),
        seed=config.seed,
        liked=liked,
        reference=reference,
        models={one.label: asdict(one.settings()) for one in config.models},
        left_out=left_out,
        tables=tables,
        predictions=predictions,
        costs=costs if config.timings else None,
    )


def _summarised(
    folds: Mapping[Protocol, Sequence[Fold]],
    outcomes: Mapping[str, Sequence[Outcome]],
    reference: str,
    n_items: int,
    seed: int,
) -> tuple[tuple[Table, ...], tuple[Prediction, ...], tuple[Cost, ...]]:
    tables: list[Table] = []
    predictions: tuple[Prediction, ...] = ()
    costs: list[Cost] = []
    start = 0
    for protocol, mine in folds.items():
        theirs = {label: some[start : start + len(mine)] for label, some in outcomes.items()}
        start += len(mine)
        tables += [
            table_of(setting, mine, theirs, reference, n_items, seed) for setting in mine[0].cases
        ]
        costs += costs_of(protocol, theirs)
        if protocol == "time":
            (fold,) = mine
            simple = baselines(fold.training, n_items)
            errors = {name: errors_of(model, fold) for name, model in simple.items()}
            errors |= {label: found for label, (one,) in theirs.items() if (found := one.errors)}
            predictions = predictions_of(errors, seed)
    return tuple(tables), predictions, tuple(costs)


def _folds(
    observed: Interactions, config: RatingsConfig, liked: float
) -> tuple[dict[Protocol, tuple[Fold, ...]], dict[str, str]]:
    """Return the folds of the protocols that the interactions allow, and why not the others."""
    folds: dict[Protocol, tuple[Fold, ...]] = {}
    left_out: dict[str, str] = {}
    for protocol in config.protocols:
        try:
            folds[protocol] = split(
                protocol,
                observed,
                liked=liked,
                folds=config.folds,
                people=config.people,
                seed=config.seed,
            )
        except CatalogError as error:
            left_out[protocol] = str(error)
    if not folds:
        raise CatalogError("; ".join(left_out.values()))
    return folds, left_out


def _liked(observed: Interactions, liked: float) -> float:
    values = observed.value
    return float(values[0]) if len(values) and (values == values[0]).all() else liked


def _reference(wanted: str, labels: Sequence[str]) -> str:
    return next(label for label in (wanted, *_REFERENCES, labels[0]) if label in labels)


def _names(listed: str, otherwise: Sequence[str]) -> tuple[str, ...]:
    names = dict.fromkeys(name.strip() for name in listed.split(",") if name.strip())
    return tuple(names or otherwise)


def _check(what: str, given: Sequence[str], known: Sequence[str]) -> None:
    unknown = [name for name in given if name not in known]
    if unknown or not given:
        raise ConfigurationError(
            f"no {what} {', '.join(map(repr, unknown))}; choose from: {', '.join(known)}"
        )
