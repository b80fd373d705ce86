"""One score out of many terms, taken apart again for the reasons.

Owns: `Weights` and `blend`. Does not own: the terms (`ranking.terms`) or how the weights were
learned (`ranking.train_blend`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from catalog.errors import ConfigurationError
from ranking.calibration import Calibration
from ranking.scoring import Column, Scored, Term
from retrieval.query import Rows

LEARNED = Path(__file__).with_name("weights.json")
"""Weights and calibrations that ship with Vouch; their provenance is in the file."""

_POPULARITY, _NOVELTY = "popularity", "novelty"


@dataclass(frozen=True, slots=True)
class TermWeight:
    """How much one term counts.

    Attributes
    ----------
    weight : float
        At least 0: a term may be useless, but it never means its opposite.
    calibration : Calibration
        From raw values to the common scale.
    """

    weight: float
    calibration: Calibration = field(default_factory=Calibration)

    def __post_init__(self) -> None:
        if not self.weight >= 0:
            raise ValueError(f"a weight must be at least 0, not {self.weight!r}")


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each term counts; a term that is not named counts nothing."""

    terms: Mapping[str, TermWeight] = field(default_factory=dict[str, TermWeight])

    def override(self, weights: Mapping[str, float]) -> Weights:
        """Return these weights with an operator's own numbers in place of some.

        Raises
        ------
        ConfigurationError
            For a term that there is not, or a negative weight.
        """
        terms = dict(self.terms)
        for name, weight in weights.items():
            if name not in terms:
                known = ", ".join(sorted(terms))
                raise ConfigurationError(f"no ranking term {name!r} to weigh; terms are: {known}")
            if not weight >= 0:
                raise ConfigurationError(f"weight of {name!r} must be at least 0, not {weight!r}")
            terms[name] = replace(terms[name], weight=weight)
        return Weights(terms)

    def leaning(self, novelty: float) -> Weights:
        """Return these weights for who wants little known items, or well known ones.

        The weight of "popularity" is scaled by ``1 - 2 * novelty``. Where that is negative,
        popularity counts nothing and its mirror image, the term "novelty", has the opposite weight:
        no weight is below 0, and an item's contributions still sum to its score.

        Parameters
        ----------
        novelty : float
            In [-1, 1]. 0 changes nothing; at 0.5 it does not matter how known an item is; at 1 it
            counts against it as much as it does for it at 0; at -1, three times as much for it.
        """
        known = self.terms.get(_POPULARITY)
        if not novelty or known is None:
            return self
        weight = known.weight * (1 - 2 * novelty)
        mirrored = Calibration(-known.calibration.center, known.calibration.scale)
        return Weights(
            {
                **self.terms,
                _POPULARITY: replace(known, weight=max(weight, 0.0)),
                _NOVELTY: TermWeight(max(-weight, 0.0), mirrored),
            }
        )


class _TermForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    weight: float = Field(ge=0)
    center: float = 0.0
    scale: float = Field(default=1.0, gt=0)


class _WeightsForm(BaseModel):
    model_config = ConfigDict(extra="forbid")

    terms: dict[str, _TermForm]
    provenance: dict[str, object] = Field(default_factory=dict)


def read_weights(path: Path = LEARNED) -> Weights:
    """Return the weights in the JSON file at `path`.

    Raises
    ------
    ConfigurationError
        When the file is missing or malformed.
    """
    try:
        form = _WeightsForm.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise ConfigurationError(f"cannot read ranking weights {str(path)!r}: {error}") from error
    return Weights(
        {
            name: TermWeight(term.weight, Calibration(term.center, term.scale))
            for name, term in form.terms.items()
        }
    )


def write_weights(weights: Weights, provenance: Mapping[str, object], path: Path) -> None:
    """Write `weights` and where they come from, as `read_weights` reads them."""
    terms = {
        name: {
            "weight": round(term.weight, 4),
            "center": round(term.calibration.center, 4),
            "scale": round(term.calibration.scale, 5),
        }
        for name, term in weights.terms.items()
    }
    text = json.dumps({"terms": terms, "provenance": provenance}, indent=2)
    path.write_text(f"{text}\n", encoding="utf-8")


def blend(columns: Mapping[str, Column], rows: Rows, weights: Weights) -> tuple[Scored, ...]:
    """Return `rows` scored, best first, ties in ascending order of row.

    An item's contribution from a term is weight times calibrated value, and its score their sum,
    to the last bit. Terms that contribute nothing to an item are not listed; the others are,
    largest contribution first.

    Parameters
    ----------
    columns : mapping of str to Column
        Raw terms over `rows`.
    rows : int32 array, shape (n,)
        Candidates, without repeats.
    weights : Weights
        Terms not named there are ignored.
    """
    names, parts = _parts(columns, len(rows), weights)
    scores = _sums(parts)

    def _terms(at: int) -> tuple[Term, ...]:
        found = [
            Term(name, part, columns[name].because.get(at, ()))
            for name, part in zip(names, parts[at].tolist(), strict=True)
            if part
        ]
        return tuple(sorted(found, key=lambda term: (-term.contribution, term.name)))

    order = np.lexsort((rows, -scores)).tolist()
    return tuple(Scored(int(rows[at]), float(scores[at]), partial(_terms, at)) for at in order)


def totals(columns: Mapping[str, Column], n_rows: int, weights: Weights) -> NDArray[np.float64]:
    """Return the scores that `blend` gives to `n_rows` candidates, in their order, alone."""
    return _sums(_parts(columns, n_rows, weights)[1])


def _parts(
    columns: Mapping[str, Column], n_rows: int, weights: Weights
) -> tuple[list[str], NDArray[np.float64]]:
    """Return the names of the terms that count, and contributions, shape (n_rows, n_terms)."""
    known = {name: weights.terms[name] for name in columns if name in weights.terms}
    names = [name for name, term in known.items() if term.weight != 0]
    parts = np.zeros((n_rows, len(names)))
    for at, name in enumerate(names):
        mapped = known[name].calibration(columns[name].values)
        parts[:, at] = known[name].weight * mapped.astype(np.float64)
    return names, parts


def _sums(parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum of each row, largest part first: as whoever adds up its terms does."""
    scores = np.zeros(len(parts))
    for part in np.sort(-parts, axis=1).T:
        scores -= part
    return scores
