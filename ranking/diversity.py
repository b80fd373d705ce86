"""Not five times the same, and not all of one kind.

Owns: `diversify`. Does not own: the scores (`ranking.blend`), the vectors (`retrieval.dense`) or
what a slate should be made of (`ranking.calibrated`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ranking.calibrated import Taste
from ranking.scoring import Scored


@dataclass(frozen=True, slots=True)
class DiversityConfig:
    """How much variety and proportion may cost.

    Attributes
    ----------
    trade_off : float
        MMR's lambda in [0, 1]: 1 is score alone, 0 is variety alone.
    pool : int
        Only this many of the best are considered, so that variety never digs up a poor match.
    calibration : float
        Steck's lambda in [0, 1]: 0 leaves the likes' proportions alone, 1 looks at nothing else.
    """

    trade_off: float = 0.8
    pool: int = 30
    calibration: float = 0.0

    def __post_init__(self) -> None:
        for name, share in (("trade_off", self.trade_off), ("calibration", self.calibration)):
            if not 0 <= share <= 1:
                raise ValueError(f"{name} must be in [0, 1], not {share!r}")


_DEFAULT = DiversityConfig()


def diversify(
    scored: Sequence[Scored],
    vectors: NDArray[np.float32] | None,
    k: int,
    config: DiversityConfig = _DEFAULT,
    taste: Taste | None = None,
) -> tuple[Scored, ...]:
    """Return up to `k` of `scored`, varied and in proportion.

    Each place goes to the largest ``(1 - calibration) * relevance - calibration * divergence``.
    Relevance is maximal marginal relevance, ``trade_off * score - (1 - trade_off) * similarity``:
    the score scaled to [0, 1] over the pool, and the highest cosine to an item already chosen
    (Carbonell & Goldstein, SIGIR 1998). The divergence is that of the slate so far with the item
    from `taste` (Steck, RecSys 2018). The best item is always first; ties go to the better ranked.
    O(pool^2 dimensions + k pool values).

    Parameters
    ----------
    scored : sequence of Scored
        Best first.
    vectors : float32 array, shape (n_items, dimensions), or None
        Unit rows, by catalogue row; without them nothing is similar.
    k : int
        Places to fill.
    config : DiversityConfig
        The trade-offs.
    taste : Taste, optional
        What the slate should be made of; without it calibration has nothing to say.
    """
    pool = list(scored[: max(k, config.pool)])
    varied = vectors is not None and config.trade_off < 1
    balanced = taste is not None and config.calibration > 0
    if not (varied or balanced) or len(pool) < 2 or k < 1:
        return tuple(pool[:k])
    rows = [entry.row for entry in pool]
    scores = np.array([entry.score for entry in pool])
    relevance = (scores - scores[-1]) / max(scores[0] - scores[-1], 1e-9)
    alike = np.zeros((len(pool), len(pool)), np.float32)
    if vectors is not None:
        alike = vectors[rows] @ vectors[rows].T
    chosen = [0]
    while len(chosen) < min(k, len(pool)):
        nearest = alike[chosen].max(axis=0)
        value = config.trade_off * relevance - (1 - config.trade_off) * nearest
        if taste is not None:
            slates = taste.shares[rows] + taste.shares[rows][chosen].sum(axis=0)
            value = (1 - config.calibration) * value - config.calibration * taste.divergence(slates)
        value[chosen] = -np.inf
        chosen.append(int(np.argmax(value)))
    return tuple(pool[position] for position in chosen)
