r"""How far the surface of a particle runs ahead of its mean while lithium enters or leaves at a constant rate.

Diffusion with a constant D into a particle that was uniform, with :math:`\theta = D t / L^2`: the surface's content
differs from the mean by :math:`n^{-1} e(\theta)` times what enters in L2/D, where n is 3 for a sphere of radius L and 1
for a layer of thickness L that lithium enters from one side,

.. math:: e(\theta) = e_\infty - 2\sum_k \frac{e^{-\lambda_k^2\theta}}{\lambda_k^2}, \qquad
          \text{sphere: } \tan\lambda = \lambda,\ e_\infty = \tfrac{1}{5}; \quad
          \text{layer: } \lambda_k = k\pi,\ e_\infty = \tfrac{1}{3}

and at short times :math:`e \to 2\sqrt{\theta/\pi}` of both. What several currents leave adds up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import erf

Array = NDArray[np.float64]

_SHORT = 0.05
"""Below it the two expansions of short times are exact to 1e-8."""
_MODES = 8
"""From there on so many modes are exact to 1e-12."""


@dataclass(frozen=True, eq=False)
class Particle:
    """A shape that lithium diffuses into.

    Parameters
    ----------
    name : str
        What it is called.
    length : str
        What L is.
    dimension : int
        n, the surface's area times L over the volume.
    settled : float
        The excess at long times.
    modes : array, shape (8,)
        The lowest eigenvalues.
    """

    name: str
    length: str
    dimension: int
    settled: float
    modes: Array

    def excess(self, reduced_time: ArrayLike) -> Array:
        """Return the excess e of the surface over the mean.

        Parameters
        ----------
        reduced_time : array-like
            D t / L2; the excess is zero where it is negative.

        Examples
        --------
        >>> SPHERE.excess([0.0, 1e-4, 10.0]).round(4)
        array([0.    , 0.0111, 0.2   ])
        >>> LAYER.excess([0.0, 1e-4, 10.0]).round(4)
        array([0.    , 0.0112, 0.3333])
        """
        theta = np.maximum(np.asarray(reduced_time, dtype=np.float64), 0.0)
        early = theta < _SHORT
        found = np.empty_like(theta)
        found[early] = self._early(theta[early])
        decay = np.exp(-np.multiply.outer(theta[~early], self.modes**2))
        found[~early] = self.settled - 2.0 * decay @ self.modes**-2.0
        return found

    def _early(self, theta: Array) -> Array:
        root = np.sqrt(theta)
        if self.dimension == 1:
            return np.asarray(2.0 * root / math.sqrt(math.pi) - theta)
        return np.asarray(np.expm1(theta) + np.exp(theta) * erf(root) - 3.0 * theta)


def _of_a_sphere(k: int) -> float:
    """Return the k-th root of tan x = x."""
    return float(brentq(lambda x: math.sin(x) - x * math.cos(x), k * math.pi, (k + 0.5) * math.pi))


SPHERE = Particle("sphere", "radius", 3, 1 / 5, np.array([_of_a_sphere(k) for k in range(1, _MODES + 1)]))
LAYER = Particle("layer", "thickness", 1, 1 / 3, np.pi * np.arange(1.0, _MODES + 1))
