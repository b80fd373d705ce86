"""Not five times the same.

Owns: `diversify`. Does not own: the scores (`ranking.blend`) or the vectors (`retrieval.dense`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ranking.scoring import Scored


@dataclass(frozen=True, slots=True)
class DiversityConfig:
    """How much variety may cost.

    Attributes
    ----------
    trade_off : float
        MMR's lambda in [0, 1]: 1 is score alone, 0 is variety alone.
    pool : int
        Only this many of the best are considered, so that variety never digs up a poor match.
    """

    trade_off: float = 0.8
    pool: int = 30

    def __post_init__(self) -> None:
        if not 0 <= self.trade_off <= 1:
            raise ValueError(f"trade_off must be in [0, 1], not {self.trade_off!r}")


_DEFAULT = DiversityConfig()


def diversify(
    scored: Sequence[Scored],
    vectors: NDArray[np.float32] | None,
    k: int,
    config: DiversityConfig = _DEFAULT,
) -> tuple[Scored, ...]:
    """Return up to `k` of `scored` in the order of maximal marginal relevance.

    Each place goes to the largest ``trade_off * score - (1 - trade_off) * similarity``: the score
    scaled to [0, 1] over the pool, and the highest cosine to an item already chosen. The best item
    is always first; ties go to the better ranked. O(k pool dimensions). Carbonell & Goldstein,
    SIGIR 1998.

    Parameters
    ----------
    scored : sequence of Scored
        Best first.
    vectors : float32 array, shape (n_items, dimensions), or None
        Unit rows, by catalogue row; without them the order is the score's.
    k : int
        Places to fill.
    config : DiversityConfig
        The trade-off.
    """
    pool = list(scored[: max(k, config.pool)])
    if vectors is None or config.trade_off == 1 or len(pool) < 2:
        return tuple(pool[:k])
    scores = np.array([entry.score for entry in pool])
    relevance = (scores - scores[-1]) / max(scores[0] - scores[-1], 1e-9)
    mine = vectors[[entry.row for entry in pool]]
    chosen = [0] if k > 0 else []
    nearest = mine @ mine[0]
    left = np.arange(len(pool)) > 0
    while len(chosen) < k and left.any():
        value = config.trade_off * relevance - (1 - config.trade_off) * nearest
        best = int(np.argmax(np.where(left, value, -np.inf)))
        chosen.append(best)
        left[best] = False
        nearest = np.maximum(nearest, mine @ mine[best])
    return tuple(pool[position] for position in chosen)
