"""UserKNN: people who met the same are neighbours.

Owns: `UserKNN` (cosine) and `PearsonKNN`. Does not own: which interactions count
(`ranking.cf.matrix`), or how ratings are predicted (`ranking.cf.raters`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog import Interactions, Mask
from ranking.cf.history import History, kept, stored_history
from ranking.cf.matrix import frequent, incidence
from ranking.cf.raters import Raters
from retrieval.query import Rows, Scores

Column = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class UserKNNConfig:
    """How neighbours are found.

    Attributes
    ----------
    neighbours : int
        Nearest histories that a session is served from; 0 takes all with anything in common.
    significance : int
        A correlation of ratings over fewer common items counts for less, in proportion.
    shrinkage : float
        Ratings and similarities that stand for nobody in particular, in every mean of a prediction.
    min_interactions, min_value, updatable
        As in `EASEConfig`; `min_value` does not keep a rating from being learned from.
    """

    neighbours: int = 50
    significance: int = 50
    shrinkage: float = 2.0
    min_interactions: int = 2
    min_value: float = 0.0
    updatable: bool = False


@dataclass(frozen=True, slots=True)
class UserKNN:
    """Neighbourhood of people by cosine (Resnick et al., CSCW 1994; Herlocker et al., SIGIR 1999).

    An item's score is the sum of the similarities of the nearest people who met it. The people
    are kept as histories without names, as nothing less can fold a session in, which takes time
    linear in the interactions kept.

    Attributes
    ----------
    met : scipy.sparse.csr_matrix, shape (n_people, n_items), float32
        1 where a person met an item that is known.
    known : bool array, shape (n_items,)
        Items that the model can score.
    config : UserKNNConfig
        As fitted; the fold-in needs it.
    past : History, optional
        What it was fitted on, where it is to be updated.
    """

    met: sparse.csr_matrix
    known: Mask
    config: UserKNNConfig
    past: History | None = None

    @property
    def name(self) -> str:
        """``"userknn"``, or ``"userknn-pearson"``."""
        return "userknn"

    @classmethod
    def fit(cls, interactions: Interactions, n_items: int, config: UserKNNConfig) -> Self:
        """Return the histories in `interactions` over a catalogue of `n_items`."""
        past = History.of(interactions, config) if config.updatable else None
        return cls._of(interactions, n_items, config, past)

    def updated(self, interactions: Interactions) -> Self:
        """Return the model with `interactions` counted in; see `Updatable`. Exact.

        Raises
        ------
        ModelError
            When the model was fitted without ``updatable``.
        """
        past = kept(self.past, self.name).plus(interactions)
        return self._of(past.interactions, len(self.known), self.config, past)

    @classmethod
    def _of(
        cls, interactions: Interactions, n_items: int, config: UserKNNConfig, past: History | None
    ) -> Self:
        known = frequent(interactions, n_items, config.min_interactions)
        met = incidence(interactions, n_items, min_value=config.min_value)
        met.data[~known[met.indices]] = 0.0
        met.eliminate_zeros()
        return cls(met, known, config, past)

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """Return every item's score, shape (n_items,); see `CFModel`.

        Dislikes are left out, as in `LinearModel`. When no like is known every score is ``-inf``.
        """
        scores = np.full(len(self.known), -np.inf, np.float32)
        likes = likes[self.known[likes]]
        if len(likes):
            near, parts = self._nearest(likes)
            scores[self.known] = (self.met[near].T @ parts.sum(axis=1))[self.known]
        return scores

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        """Return each like's part of the scores of `rows`.

        The parts sum to the score, but each is a part only beside these other likes: without one
        of them, the others have other neighbours.
        """
        found = np.zeros((len(rows), len(likes)), np.float32)
        heard = self.known[likes]
        if heard.any():
            near, parts = self._nearest(likes[heard])
            found[:, heard] = self.met[near][:, rows].T @ parts
        return found

    def _nearest(self, likes: Rows) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Return the neighbours, and each like's part of their similarity, shape (k, n likes)."""
        parts = self._parts(likes)
        similarity = parts.sum(axis=1)
        near = np.argsort(-similarity, kind="stable")[: self.config.neighbours or None]
        near = near[similarity[near] > 0]
        return near, parts[near]

    def _parts(self, likes: Rows) -> NDArray[np.float32]:
        """Return each like's part of each person's similarity, shape (n_people, len(likes))."""
        common = self.met[:, likes].toarray()
        return common / np.sqrt(len(likes) * self._sizes())[:, np.newaxis]

    def _sizes(self) -> Column:
        # Of those who met nothing known, 1, so that their similarity is 0.
        return np.maximum(np.diff(self.met.indptr), 1).astype(np.float32)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a file must keep."""
        return {
            "config": np.array(json.dumps(asdict(self.config))),
            "known": self.known,
            "indices": self.met.indices,
            "indptr": self.met.indptr,
            **(self.past.arrays() if self.past else {}),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the model that `arrays` came from."""
        config = UserKNNConfig(**json.loads(str(arrays["config"])))
        known, indices, indptr = arrays["known"], arrays["indices"], arrays["indptr"]
        parts = (np.ones(len(indices), np.float32), indices, indptr)
        met = sparse.csr_matrix(parts, shape=(len(indptr) - 1, len(known)))
        return cls(met, known, config, stored_history(arrays))


@dataclass(frozen=True, slots=True)
class PearsonKNN(UserKNN):
    """Neighbourhood of people by Pearson's correlation, which ratings are predicted from too.

    A session of likes gives nothing to correlate but what it met and what it did not: there the
    correlation is of met (1) or not (0) over all known items. Ratings are correlated as such.

    Attributes
    ----------
    raters : Raters
        What predicts ratings.
    """

    raters: Raters = field(kw_only=True)

    @property
    def name(self) -> str:
        """``"userknn-pearson"``."""
        return "userknn-pearson"

    @classmethod
    def _of(
        cls, interactions: Interactions, n_items: int, config: UserKNNConfig, past: History | None
    ) -> Self:
        near = UserKNN._of(interactions, n_items, config, past)
        raters = Raters.fit(interactions, n_items, config.shrinkage, config.significance)
        return cls(near.met, near.known, config, past, raters=raters)

    def _parts(self, likes: Rows) -> NDArray[np.float32]:
        items, sizes = float(self.known.sum()), self._sizes()
        spread = len(likes) * (items - len(likes)) * sizes * (items - sizes) / items**2
        above = self.met[:, likes].toarray() - (sizes / items)[:, np.newaxis]
        # Who met everything, or a session of everything, correlates with nothing.
        return above / np.sqrt(np.maximum(spread, 1e-6))[:, np.newaxis]

    def predict_ratings(
        self, rows: Rows, values: NDArray[np.float32], wanted: Rows
    ) -> NDArray[np.float32]:
        """Return the values expected for `wanted`; see `RatingModel`."""
        return self.raters.predict(rows, values, wanted)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a file must keep."""
        return {**UserKNN.arrays(self), **self.raters.arrays()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the model that `arrays` came from."""
        near = UserKNN.from_arrays(arrays)
        raters = Raters.from_arrays(arrays)
        return cls(near.met, near.known, near.config, near.past, raters=raters)
