"""What the benchmark ranks: items, who met them, and what their texts say.

Owns: `Ratings`, `home_ratings`. Does not own: files of ratings (`evaluation.ratings.file`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.home import open_home
from assistant.settings import Settings
from catalog import Catalog
from catalog.progress import Progress, silent


@dataclass(frozen=True, slots=True)
class Ratings:
    """Items and who met them.

    Attributes
    ----------
    name : str
        For the report.
    catalog : Catalog
        With interactions.
    vectors : float32 array, shape (len(catalog), dimensions), or None
        Unit vectors of the items' texts.
    """

    name: str
    catalog: Catalog
    vectors: NDArray[np.float32] | None = None


def home_ratings(settings: Settings, progress: Progress = silent) -> Ratings:
    """Return a home's catalogue with the vectors of its dense index, built where missing."""
    from retrieval.dense import open_dense
    from retrieval.embedder import load_embedder

    home, catalog = open_home(settings, progress)
    embedder = load_embedder(settings.embedder, home.models, progress)
    dense = open_dense(catalog, embedder, home.index, progress)
    dense.close()
    return Ratings(catalog.schema.name, catalog, dense.vectors)
