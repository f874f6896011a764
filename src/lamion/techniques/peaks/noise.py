r"""Which noise a spectrum has: the same everywhere, or that of counting.

.. math:: s_i^2 = s^2 \quad\text{or}\quad s_i^2 = g\, y_i

with the gain g, 1 where the ordinate counts events one by one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Kind = Literal["constant", "counts"]

_CLEARLY = math.log(100.0)
"""By how much counting has to be more likely than a constant noise."""
_DARKEST = 1e-3
"""Of the largest ordinate: below it counts are so few that others weigh in."""


@dataclass(frozen=True)
class Noise:
    """The noise of spectra.

    Parameters
    ----------
    kind : str
        ``"constant"`` or ``"counts"``.
    size : float
        s in the ordinate's unit, or the gain g.
    """

    kind: Kind
    size: float

    @property
    def in_words(self) -> str:
        """Such as ``"counting statistics (variance 1.04 times the signal)"``."""
        if self.kind == "constant":
            return f"the same noise everywhere, {self.size:.3g}"
        return f"counting statistics, variance {self.size:.3g} times the signal"


def noise_of(residuals: Array, model: Array) -> Noise:
    r"""Return the noise that is more likely to have left residuals: counting only where that is clear.

    .. math:: \ln L = -\frac{n}{2} \ln s^2 - \frac12 \sum_i \ln v_i

    Parameters
    ----------
    residuals, model : array, shape (n,)
        Ordinate less fit, and the fit with its baseline.

    Examples
    --------
    >>> rng, signal = np.random.default_rng(1), np.geomspace(10.0, 1e4, 300)
    >>> noise_of(rng.normal(0.0, np.sqrt(signal)), signal).kind
    'counts'
    """
    square = residuals**2
    constant = Noise("constant", math.sqrt(float(np.mean(square))))
    if model.min() <= 0:
        return constant
    shape = variance_shape(Noise("counts", 1.0), model)
    gain = float(np.mean(square / shape))
    if not gain > 0 or not constant.size > 0:
        return constant
    gained = 0.5 * (len(square) * math.log(constant.size**2 / gain) - float(np.sum(np.log(shape))))
    return Noise("counts", gain) if gained > _CLEARLY else constant


def variance_shape(noise: Noise, model: Array) -> Array:
    """Return the variance of each point up to a factor.

    Parameters
    ----------
    noise : Noise
        Which kind.
    model : array, shape (..., n)
        The fit with its baseline.
    """
    if noise.kind == "constant":
        return np.ones_like(model)
    return np.asarray(np.maximum(model, _DARKEST * np.max(model, axis=-1, keepdims=True)))
