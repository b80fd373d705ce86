"""What the benchmark of the blend found, as values, JSON and text.

Owns: `BlendTable`, its rows. Does not own: the measuring (`evaluation.blending.bench`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from evaluation.metrics import Interval

LEARNED = "learned blend"


@dataclass(frozen=True, slots=True)
class Row:
    """NDCG@10 of one way of ordering the candidates.

    Attributes
    ----------
    system : str
        Its name.
    group : str
        ``"blend"``, ``"term"``, ``"model"`` or ``"ablation"``.
    ndcg10 : mapping of str to Interval
        By kind of session.
    difference : mapping of str to Interval
        From the learned blend on the same sessions, paired.
    """

    system: str
    group: str
    ndcg10: Mapping[str, Interval]
    difference: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Reliability:
    """How sure the blend is of its first pick, and how often it is right, for a tenth of sessions.

    Attributes
    ----------
    predicted : float
        Mean probability of the first pick.
    observed : Interval
        Share of sessions whose first pick is the answer.
    """

    predicted: float
    observed: Interval


@dataclass(frozen=True, slots=True)
class BlendTable:
    """All rows, on the same sessions of people whom nothing was learned from.

    Attributes
    ----------
    seed : int
        Of all of it.
    learned, tested : int
        Sessions.
    retrieved : float
        Share of all sessions whose answer is among the candidates; the others are not counted.
    rows : tuple of Row
        The learned blend first.
    reliability : tuple of Reliability
        By how sure it is, least first.
    calibration_error : float
        Mean distance of `predicted` from `observed` (expected calibration error, Naeini et al.,
        2015).
    left_out : mapping of str to str
        Systems that could not be run, with the reason.
    """

    seed: int
    learned: int
    tested: int
    retrieved: float
    rows: tuple[Row, ...]
    reliability: tuple[Reliability, ...]
    calibration_error: float
    left_out: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """Return the table as JSON values."""
        return asdict(self)

    def to_text(self) -> str:
        """Return a line a system, NDCG@10 by kind of session."""
        kinds = list(self.rows[0].ndcg10)
        head = f"{'NDCG@10':<26}" + "".join(f"{kind:<24}" for kind in kinds)
        lines = [
            f"{row.system:<26}" + "".join(f"{row.ndcg10[kind]!s:<24}" for kind in kinds)
            for row in self.rows
        ]
        told = (
            f"{self.tested:,} sessions of people held out; answer among the candidates in "
            f"{self.retrieved:.0%} of all; calibration error of the first pick "
            f"{self.calibration_error:.3f}"
        )
        missing = [f"left out: {name} ({why})" for name, why in self.left_out.items()]
        return "\n".join([told, head, *lines, *missing])
