"""Where the right answers come in a ranking, and what that is worth.

Owns: `Row`, `Score`, `summarise`, `compare`, and predictions as lines of a file. Does not own: the
rankings (`evaluation.redial.bench`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from catalog.errors import IngestError
from evaluation.metrics import Interval

Rule = Literal["new", "all"]
"""``new``: films mentioned before are neither right answers nor ranked; ``all``: both are."""

MEASURES = ("recall1", "recall10", "recall50", "mrr", "ndcg10")
_SAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One right answer and its place in one system's ranking of the whole catalogue.

    Attributes
    ----------
    system, rule : str
        Whose ranking, under which rule.
    dialogue : str
        Which conversation.
    turn : int
        Position of the turn in the split.
    answer : str
        Published name of the film.
    place : int
        From 1; ties go to the item that comes first in the catalogue.
    top : tuple of str
        The first ten names.
    """

    system: str
    rule: Rule
    dialogue: str
    turn: int
    answer: str
    place: int
    top: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """A system's measures with intervals, and what one ranking costs.

    Attributes
    ----------
    system, rule : str
        As in `Row`.
    answers, dialogues : int
        How many.
    recall1, recall10, recall50, mrr, ndcg10 : Interval
        Means over answers; dialogues are drawn for the interval, since their turns are alike.
        Answers are single, so NDCG@10 is ``1 / log2(1 + place)`` up to the tenth place.
    """

    system: str
    rule: Rule
    answers: int
    dialogues: int
    recall1: Interval
    recall10: Interval
    recall50: Interval
    mrr: Interval
    ndcg10: Interval


def gains(places: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return every measure of each place, shape (n, len(MEASURES))."""
    ndcg10 = np.where(places <= 10, 1 / np.log2(places + 1), 0.0)
    found = [places <= 1, places <= 10, places <= 50, 1 / places, ndcg10]
    return np.stack(found, axis=1).astype(np.float64)


def summarise(rows: Sequence[Row], seed: int) -> Score:
    """Return the score of one system's rows under one rule; at least one row."""
    values = gains(np.array([row.place for row in rows]))
    sums, counts = _by_dialogue([row.dialogue for row in rows], values)
    means = _resampled(sums, counts, seed)
    low, high = np.quantile(means, [0.025, 0.975], axis=0)
    centre = values.mean(axis=0)
    found = [
        Interval(float(centre[at]), float(low[at]), float(high[at]), len(rows))
        for at in range(len(MEASURES))
    ]
    return Score(rows[0].system, rows[0].rule, len(rows), len(sums), *found)


def compare(ours: Iterable[Row], theirs: Iterable[Row], seed: int) -> Mapping[str, Interval]:
    """Return by how much `ours` is better than `theirs` on each measure, paired.

    The same dialogues are drawn for both, so that what is hard for both cancels out.

    Raises
    ------
    IngestError
        When the two are not about the same answers.
    """
    first, second = ({_key(row): row for row in rows} for rows in (ours, theirs))
    if first.keys() != second.keys() or not first:
        raise IngestError(f"two runs differ in {len(first.keys() ^ second.keys())} answers")
    places = [np.array([run[key].place for key in first]) for run in (first, second)]
    difference = gains(places[0]) - gains(places[1])
    sums, counts = _by_dialogue([row.dialogue for row in first.values()], difference)
    low, high = np.quantile(_resampled(sums, counts, seed), [0.025, 0.975], axis=0)
    mean = difference.mean(axis=0)
    return {
        name: Interval(float(mean[at]), float(low[at]), float(high[at]), len(first))
        for at, name in enumerate(MEASURES)
    }


def write_rows(rows: Iterable[Row], path: Path) -> None:
    """Write one JSON object a line."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)


def read_rows(path: Path) -> tuple[Row, ...]:
    """Return what `write_rows` wrote.

    Raises
    ------
    IngestError
        When the file is missing or not of this form.
    """
    try:
        lines = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        return tuple(Row(**(line | {"top": tuple(line["top"])})) for line in lines)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise IngestError(f"cannot read predictions in {str(path)!r}: {error!r}") from error


def _key(row: Row) -> tuple[str, int, str]:
    return row.rule, row.turn, row.answer


def _by_dialogue(
    names: Sequence[str], values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each dialogue's sum of values and number of rows."""
    place = np.unique(np.array(names), return_inverse=True)[1]
    sums = np.zeros((place.max() + 1, values.shape[1]))
    np.add.at(sums, place, values)
    return sums, np.bincount(place).astype(np.float64)


def _resampled(
    sums: NDArray[np.float64], counts: NDArray[np.float64], seed: int
) -> NDArray[np.float64]:
    """Return bootstrap means, shape (1000, n_measures), drawing dialogues with replacement."""
    rng = np.random.default_rng(seed)
    draws = rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts)), size=_SAMPLES)
    return (draws @ sums) / (draws @ counts)[:, np.newaxis]
