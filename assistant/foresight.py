"""What the first picks would become: estimated on the scored pool, without another search.

Owns: `Pool`. Does not own: what is worth asking (`assistant.policy`) or suggesting
(`assistant.critiques`), which both judge by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ranking.scoring import Scored
from retrieval.query import Rows


@dataclass(frozen=True, slots=True)
class Pool:
    """The scored candidates of one turn as columns.

    Attributes
    ----------
    rows : int32 array, shape (n,)
        Best first.
    scores : float64 array, shape (n,)
        Descending.
    k : int
        Size of the slate.
    """

    rows: Rows
    scores: NDArray[np.float64]
    k: int

    @classmethod
    def of(cls, scored: Sequence[Scored], k: int) -> Pool:
        """Return the pool of `scored`, best first."""
        return cls(
            np.array([entry.row for entry in scored], np.int32),
            np.array([entry.score for entry in scored], np.float64),
            k,
        )

    def __len__(self) -> int:
        return len(self.rows)

    def replaced(self, added: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the share of the first `k` that each change of the scores would take away.

        Parameters
        ----------
        added : float array, shape (n, changes)
            What is added to every score; ``-inf`` takes a candidate out.

        Returns
        -------
        float64 array, shape (changes,)
            In [0, 1]. Variety (`ranking.diversity`) is left out on both sides.
        """
        changed = self.scores[:, np.newaxis] + added
        first = np.argsort(-changed, axis=0, kind="stable")[: self.k]
        stays = (first < self.k) & np.isfinite(np.take_along_axis(changed, first, axis=0))
        return 1 - stays.sum(axis=0) / min(self.k, len(self))
