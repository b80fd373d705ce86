"""Collaborative vectors for items that hardly anybody met, from what is said of them.

Owns: `TextToCF`, and the models it completes: `ALSText`, `EASEText`. Does not own: those models
themselves (`ranking.cf.als`, `ranking.cf.ease`), the vectors of the texts (`retrieval.dense`) or
the facets as numbers (`ranking.cf.features`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from catalog import Catalog, Mask
from ranking.cf.als import ALS, ALSConfig
from ranking.cf.ease import EASE, EASEConfig
from ranking.cf.features import Features, text_vectors
from ranking.cf.linear import LinearModel, prune
from ranking.cf.matrix import frequent
from ranking.cf.model import Training
from retrieval.query import Rows, Scores

Table = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class TextToCFConfig:
    """How vectors are predicted.

    Attributes
    ----------
    regularization : float
        Penalty on squared coefficients.
    facets : float
        Length of the facets' part beside that of the text, which is 1; 0 leaves them out.
    least : int
        Facet values that fewer items have are left out.
    min_interactions : int
        Items with fewer teach nothing: their own vectors are mostly noise.
    """

    regularization: float = 30.0
    facets: float = 1.0
    least: int = 5
    min_interactions: int = 5


@dataclass(frozen=True, slots=True)
class TextToCF:
    """Attribute-to-feature mapping (Gantner et al., ICDM 2010), by ridge regression.

    An item counts as often as the root of how many met it. A prediction is drawn towards the mean
    of the vectors learned from, all the more the less is said of the item.

    Attributes
    ----------
    texts : float32 array, shape (n_items, dimensions)
        Unit vectors.
    facets : scipy.sparse.csr_matrix, shape (n_items, n_columns)
        `Features`, each item's of one length.
    coefficients : float32 array, shape (dimensions + n_columns, size)
        To the vectors.
    mean : float32 array, shape (size,)
        Of the vectors learned from.
    """

    texts: Table
    facets: sparse.csr_matrix
    coefficients: Table
    mean: Table

    @classmethod
    def fit(
        cls, training: Training, vectors: Table, known: Mask, config: TextToCFConfig, name: str
    ) -> TextToCF:
        """Return the map from what is said of `known` items to their `vectors`.

        O(n_known d^2 + d^3) with d text dimensions and facet values.

        Parameters
        ----------
        vectors : float32 array, shape (n_known, size)
            In the order of the known rows.
        known : bool array, shape (n_items,)
            Items to learn from.
        name : str
            Of the model that asks, for errors.

        Raises
        ------
        ModelError
            When `training` has no vectors.
        """
        texts = text_vectors(training, name)
        facets = _facets(training.catalog, config)
        met = np.bincount(training.interactions.row, minlength=len(known))[known]
        weights = np.sqrt(met, dtype=np.float32)[:, np.newaxis]
        said = np.hstack([texts[known], facets[np.flatnonzero(known)].toarray()])
        mean = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1], np.float32)
        system = said.T @ (weights * said)
        system[np.diag_indices_from(system)] += config.regularization
        coefficients = np.linalg.solve(system, said.T @ (weights * (vectors - mean)))
        return cls(texts, facets, coefficients.astype(np.float32), mean)

    def predict(self, wanted: Mask) -> Table:
        """Return the vectors of `wanted` items, shape (n_wanted, size), in the order of rows."""
        split = self.texts.shape[1]
        said = self.facets[np.flatnonzero(wanted)] @ self.coefficients[split:]
        return self.texts[wanted] @ self.coefficients[:split] + said + self.mean

    @property
    def described(self) -> Mask:
        """Items of which anything is said, shape (n_items,)."""
        return self.texts.any(axis=1) | (np.diff(self.facets.indptr) > 0)


def _facets(catalog: Catalog, config: TextToCFConfig) -> sparse.csr_matrix:
    values = Features.of(catalog, config.least).matrix
    lengths = np.sqrt(np.asarray(values.multiply(values).sum(axis=1)).ravel())
    scale = config.facets / np.maximum(lengths, 1.0)  # no facet leaves zeros
    return sparse.csr_matrix(sparse.diags_array(scale) @ values, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class ALSTextConfig:
    """ALS, and what completes it."""

    als: ALSConfig = ALSConfig()
    text: TextToCFConfig = TextToCFConfig()


class ALSText(ALS):
    """ALS whose items that hardly anybody met have the vectors that `TextToCF` predicts.

    To someone with likes, such an item is like any other; and as a like it speaks as any other.
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """``"als-text"``."""
        return "als-text"

    @classmethod
    def fit_text(cls, training: Training, config: ALSTextConfig) -> Self:
        """Return the model of `training`; seeded. Raises `ModelError` without vectors."""
        n_items = len(training.catalog)
        model = ALS.fit(training.interactions, n_items, config.als)
        taught = model.known & _teachers(training, config.text)
        text = TextToCF.fit(training, model.items[taught], taught, config.text, "als-text")
        cold = text.described & ~model.known
        items = model.items.copy()
        items[cold] = text.predict(cold)
        return cls(items, model.known | cold, model.alpha, model.regularization)


@dataclass(frozen=True, slots=True)
class EASETextConfig:
    """EASE, and what completes it.

    Attributes
    ----------
    top : int
        Largest weights kept for each predicted item.
    """

    ease: EASEConfig = EASEConfig()
    text: TextToCFConfig = TextToCFConfig()
    top: int = 100


class EASEText(LinearModel):
    """EASE whose items that hardly anybody met have the weights that `TextToCF` predicts.

    They are scored from the likes that EASE knows; as likes they say nothing.
    """

    __slots__ = ()

    @property
    def name(self) -> str:
        """``"ease-text"``."""
        return "ease-text"

    @classmethod
    def fit_text(cls, training: Training, config: EASETextConfig) -> Self:
        """Return the model of `training`. Raises `ModelError` without vectors."""
        n_items = len(training.catalog)
        # Learned from all weights, and pruned afterwards as those are.
        whole = EASE.fit(training.interactions, n_items, replace(config.ease, top=0))
        known, columns = whole.known, np.flatnonzero(whole.known)
        taught = known & _teachers(training, config.text)
        weights = whole.weights[:, columns].toarray()
        text = TextToCF.fit(training, weights[taught], taught, config.text, "ease-text")
        cold = text.described & ~known
        weights[known] = prune(weights[known], config.ease.top)
        weights[cold] = prune(text.predict(cold), config.top)
        pairs = sparse.coo_matrix(weights)
        cells = (pairs.row, columns[pairs.col])
        spread = sparse.csr_matrix((pairs.data, cells), shape=(n_items, n_items))
        spread.sort_indices()
        return cls(spread, known | cold)

    def fold_in(self, likes: Rows, dislikes: Rows) -> Scores:
        """See `LinearModel.fold_in`; where no like has a weight to anything, all is ``-inf``."""
        # Here to be scored does not mean to speak: otherwise such a like would make all equal.
        speaks = np.zeros(len(self.known), np.bool_)
        speaks[self.weights.indices] = True
        return super().fold_in(likes[speaks[likes]], dislikes)


def _teachers(training: Training, config: TextToCFConfig) -> Mask:
    return frequent(training.interactions, len(training.catalog), config.min_interactions)
