"""Raw terms on one comparable scale.

Owns: `Calibration`. Does not own: the weights (`ranking.blend`) or how parameters are learned
(`ranking.train_blend`).

Parameters are fixed, never taken from the candidates at hand. That is what makes a reason the
score: without a cited cause its own term falls by exactly what the cause gave, and no other term
moves because the pool's mean or spread did.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from retrieval.query import Scores


@dataclass(frozen=True, slots=True)
class Calibration:
    """A strictly increasing map of raw values: ``arcsinh((value - center) / scale)``.

    It is linear near the center and grows like a logarithm, so that no outlier drowns the other
    terms.

    Attributes
    ----------
    center : float
        The raw value that neither helps nor harms.
    scale : float
        Raw distance from `center` that counts as one; positive.
    """

    center: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        if not self.scale > 0:
            raise ValueError(f"a calibration needs a scale above 0, not {self.scale!r}")

    def __call__(self, values: Scores) -> Scores:
        """Return calibrated `values`, same shape; NaN, which says nothing, becomes 0."""
        mapped = np.arcsinh((values - self.center) / self.scale)
        return np.nan_to_num(mapped, nan=0.0).astype(np.float32)
