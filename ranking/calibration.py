"""Raw terms on one comparable scale.

Owns: `Calibration`. Does not own: the weights (`ranking.blend`) or how parameters are learned
(`ranking.train_blend`).

Parameters are fixed, never taken from the candidates at hand. That is what makes a reason the
score: without a cited cause its own term falls by exactly what the cause gave, and no other term
moves because the pool's mean or spread did.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from retrieval.query import Scores

Shape = Literal["arcsinh", "logistic"]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A strictly increasing map of raw values, with ``z = (value - center) / scale``.

    Attributes
    ----------
    shape : {"arcsinh", "logistic"}
        ``arcsinh(z)`` is linear near 0 and grows like a logarithm, so that no outlier drowns the
        other terms. ``logistic(z)`` is in (0, 1): for a term that only some candidates get, being
        left out (0) is then never better than being judged.
    center : float
        The raw value that neither helps nor harms; for ``logistic``, that helps by one half.
    scale : float
        Raw distance from `center` that counts as one; positive.
    """

    shape: Shape = "arcsinh"
    center: float = 0.0
    scale: float = 1.0

    def __post_init__(self) -> None:
        if not self.scale > 0:
            raise ValueError(f"a calibration needs a scale above 0, not {self.scale!r}")

    def __call__(self, values: Scores) -> Scores:
        """Return calibrated `values`, same shape; NaN, which says nothing, becomes 0."""
        z = (values - self.center) / self.scale
        # (1 + tanh(z / 2)) / 2 is the logistic function, without overflow
        mapped = np.arcsinh(z) if self.shape == "arcsinh" else (1.0 + np.tanh(z / 2.0)) / 2.0
        return np.nan_to_num(mapped, nan=0.0).astype(np.float32)
