"""Ridge regression through a kernel, with honest predictions for its own examples.

Owns: `KernelRidge`. Does not own: the kernel or what is predicted (`ranking.dialogue_model`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Group:
    """Examples that must not teach about each other.

    Attributes
    ----------
    left_out : int array
        Positions of the examples to unlearn.
    predicted : int array
        Which of them are predicted by what is left.
    """

    left_out: NDArray[np.intp]
    predicted: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class KernelRidge:
    """``f(x) = k(x)' (K + lambda I)^-1 Y`` (Saunders, Gammerman & Vovk, ICML 1998).

    Attributes
    ----------
    inverse : float32 array, shape (n, n)
        ``(K + lambda I)^-1``; 180 MB at 6,700 examples.
    """

    inverse: Matrix

    @classmethod
    def fit(cls, kernel: Matrix, regularization: float) -> KernelRidge:
        """Return the model of examples with this kernel; O(n^3).

        Parameters
        ----------
        kernel : float32 array, shape (n, n)
            Symmetric, positive semidefinite.
        regularization : float
            Lambda, above 0.
        """
        system = kernel.copy()
        system[np.diag_indices_from(system)] += np.float32(regularization)
        return cls(np.asarray(linalg.inv(system, overwrite_a=True), np.float32))

    def solve(self, targets: Matrix) -> Matrix:
        """Return the dual weights for `targets`, shape (n, m); ``k(x)' weights`` predicts."""
        return self.inverse @ targets

    def left_out(self, targets: Matrix, weights: Matrix, groups: Sequence[Group]) -> Matrix:
        """Return what each example is predicted by a fit that never saw its group, exactly.

        For a group g the residuals are ``inv(Q[g, g]) weights[g]`` with Q the inverse of the whole
        system: the block form of the leave-one-out identity (An, Liu & Venkatesh, "Fast
        cross-validation algorithms for least squares support vector machine and kernel ridge
        regression", Pattern Recognition 2007). Examples in no group are predicted 0.

        Parameters
        ----------
        targets, weights : float32 arrays, shape (n, m)
            As given to and returned by `solve`.
        groups : sequence of Group
            Each example is predicted in at most one.
        """
        found = np.zeros_like(targets)
        for group in groups:
            g = group.left_out
            residuals = np.linalg.solve(self.inverse[np.ix_(g, g)], weights[g])
            at = np.searchsorted(g, group.predicted)
            found[group.predicted] = targets[group.predicted] - residuals[at]
        return found
