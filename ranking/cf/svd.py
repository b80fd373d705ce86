"""SVD: biased matrix factorisation of ratings.

Owns: `SVD`. Does not own: the matrix of ratings (`ranking.cf.matrix`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog import Interactions, Mask
from ranking.cf.matrix import frequent, ratings
from ranking.cf.model import without_each
from retrieval.query import Rows, Scores

Vectors = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SVDConfig:
    """How SVD is fitted.

    Attributes
    ----------
    factors : int
        Length of a person's and an item's vector.
    regularization : float
        Penalty on squared vectors.
    bias_regularization : float
        Penalty on squared biases.
    missing : float
        Weight, in [0, 1], of a rating of 0 for everything that someone did not rate (Steck,
        KDD 2010). 0 leaves a predictor of ratings; more ranks better and predicts worse.
    sweeps : int
        Passes over all people and all items.
    min_interactions : int
        Items with fewer are not ranked.
    seed : int
        Of the first item vectors.
    """

    factors: int = 8
    regularization: float = 5.0
    bias_regularization: float = 3.0
    missing: float = 0.0
    sweeps: int = 12
    min_interactions: int = 2
    seed: int = 0


@dataclass(frozen=True, slots=True)
class SVD:
    """Matrix factorisation with biases (Koren, Bell & Volinsky, IEEE Computer 2009), by ALS.

    ``rating = mean + person's bias + item's bias + person . item``. Someone new is folded in by
    the ridge regression that training solved for everybody else, on their ratings, in
    O(n factors^2 + factors^3). It predicts ratings well and ranks worse than popularity, as it
    learns how much people like what they chose to rate and not what they choose (Cremonesi, Koren
    & Turrin, RecSys 2010): see `SVDConfig.missing`.

    Attributes
    ----------
    items : float64 array, shape (n_items, 1 + factors)
        Bias and vector of each item; zero for those that nobody rated.
    known : bool array, shape (n_items,)
        Items that are ranked.
    mean : float
        Of all ratings.
    like : float
        What a like counts as: one standard deviation above the mean.
    low, high : float
        Least and greatest rating given: a prediction stays between them.
    penalty : float64 array, shape (1 + factors,)
        On the squares of a person's bias and vector.
    missing : float
        As in `SVDConfig`.
    """

    items: Vectors
    known: Mask
    mean: float
    like: float
    low: float
    high: float
    penalty: Vectors
    missing: float

    @property
    def name(self) -> str:
        """``"svd"``."""
        return "svd"

    @classmethod
    def fit(cls, interactions: Interactions, n_items: int, config: SVDConfig) -> Self:
        """Return the model of `interactions` over a catalogue of `n_items`; seeded."""
        given = ratings(interactions, n_items)
        values = given.data if given.nnz else np.zeros(1, np.float32)
        mean, like = float(values.mean()), float(values.mean() + values.std())
        given.data = given.data - np.float32(mean)
        penalty = np.full(1 + config.factors, config.regularization)
        penalty[0] = config.bias_regularization
        rng = np.random.default_rng(config.seed)
        items = rng.normal(0, 0.1, (n_items, 1 + config.factors))
        items[:, 0] = 0.0
        transposed = given.T.tocsr()
        for _ in range(config.sweeps):
            people = _sweep(given, items, penalty, config.missing, -mean)
            items = _sweep(transposed, people, penalty, config.missing, -mean)
        known = frequent(interactions, n_items, config.min_interactions)
        low, high = float(values.min()), float(values.max())
        return cls(items, known, mean, like, low, high, penalty, config.missing)

    def predict_ratings(
        self, rows: Rows, values: NDArray[np.float32], wanted: Rows
    ) -> NDArray[np.float32]:
        """Return the values expected for `wanted`; see `RatingModel`.

        An item that nobody rated gets the mean and the person's bias.
        """
        found = np.clip(self._expected(rows, values)[wanted], self.low, self.high)
        return found.astype(np.float32)

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """Return every item's score, shape (n_items,); see `CFModel`.

        The rating expected of someone who gave each like one standard deviation above the mean.
        Dislikes are left out. When no like is known every score is ``-inf``.
        """
        scores = np.full(len(self.known), -np.inf, np.float32)
        likes = likes[self.known[likes]]
        if len(likes):
            expected = self._expected(likes, np.full(len(likes), self.like, np.float32))
            scores[self.known] = expected[self.known]
        return scores

    def contributions(self, likes: Rows, rows: Rows) -> NDArray[np.float32]:
        """Return what the scores of `rows` lose without each of `likes`; see `without_each`."""
        return without_each(self.fold_in, likes, rows)

    def _expected(self, rows: Rows, values: NDArray[np.float32]) -> Vectors:
        parts = (values - np.float32(self.mean), rows, np.array([0, len(rows)]))
        one = sparse.csr_matrix(parts, shape=(1, len(self.items)))
        person = _sweep(one, self.items, self.penalty, self.missing, -self.mean)[0]
        return self.mean + person[0] + self.items[:, 0] + self.items[:, 1:] @ person[1:]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what a file must keep."""
        scalars = np.array([self.mean, self.like, self.low, self.high, self.missing])
        return {
            "items": self.items,
            "known": self.known,
            "penalty": self.penalty,
            "scalars": scalars,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return the model that `arrays` came from."""
        mean, like, low, high, missing = arrays["scalars"].tolist()
        penalty = arrays["penalty"]
        return cls(arrays["items"], arrays["known"], mean, like, low, high, penalty, missing)


def _sweep(
    given: sparse.csr_matrix, fixed: Vectors, penalty: Vectors, missing: float, absent: float
) -> Vectors:
    """Return the best bias and vector of every row of `given`, while those of columns are `fixed`.

    Parameters
    ----------
    given : scipy.sparse.csr_matrix, shape (n, m)
        Ratings less their mean; what is not stored is missing.
    fixed : float64 array, shape (m, 1 + factors)
        Bias and vector of every column.
    penalty : float64 array, shape (1 + factors,)
        On the squares of a bias and a vector.
    missing, absent : float
        Weight of a missing rating, and its value less the mean.
    """
    some = np.unique(given.indices)
    known = np.c_[np.ones(len(some)), fixed[some, 1:]]
    width = known.shape[1]
    given = given[:, some]
    there = sparse.csr_matrix((np.ones_like(given.data), given.indices, given.indptr), given.shape)
    bias = fixed[some, 0]
    squares = (known[:, :, np.newaxis] * known[:, np.newaxis]).reshape(len(some), width**2)
    systems = (1 - missing) * (there @ squares).reshape(-1, width, width) + np.diag(penalty)
    right = given @ known - there @ ((bias + missing * (absent - bias))[:, np.newaxis] * known)
    if missing:
        everything = np.c_[np.ones(len(fixed)), fixed[:, 1:]]
        systems += missing * everything.T @ everything
        right += missing * (absent - fixed[:, 0]) @ everything
    return np.linalg.solve(systems, right[:, :, np.newaxis])[:, :, 0]
