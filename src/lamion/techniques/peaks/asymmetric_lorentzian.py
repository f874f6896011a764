r"""A Lorentzian whose two sides decay by their own powers, damped and broadened by a Gaussian.

.. math::
    f(t) = \begin{cases} L(t)^{\alpha}\, e^{-4 \ln 2\, (t/d)^2} & t > 0 \\ L(t)^{\beta} & t \le 0 \end{cases},
    \qquad L(t) = \frac{1}{1 + 16 t^2}

convolved with a Gaussian of the width g, all widths over w. It is CasaXPS' LF; its maximum lies aside of t = 0.

Notes
-----
That L is half as wide as w, and that the damping is a Gaussian, was found from a component of the form
LF(0.54, 10, 80, 100, 6) that CasaXPS exported beside its parameters: g = 0.81 and d = 8.6 follow it within 0.3 % of
its maximum. How g and d depend on CasaXPS' last three numbers is not documented.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_REACH = 40.0
"""Widths to either side on which it is computed; beyond it is zero."""
_STEP = 0.01
_FOUR_LN2 = 4.0 * math.log(2.0)
_NARROWEST = 2 * _STEP
_GRID = np.arange(-round(_REACH / _STEP), round(_REACH / _STEP) + 1) * _STEP


def asymmetric_lorentzian(t: Array, high: Array, low: Array, gauss: Array, damping: Array) -> Array:
    """Return the profile of unit area.

    Parameters
    ----------
    t : array, shape (..., n)
        Distance from the position over the width, positive where the tail is.
    high, low : array
        The powers above and below the position, each broadcasting to t.
    gauss, damping : array
        Widths of the Gaussian and of the damping, over w.

    Examples
    --------
    >>> t = np.linspace(-5.0, 30.0, 3501)[None]
    >>> one = [np.array([[value]]) for value in (0.54, 10.0, 0.81, 8.6)]
    >>> profile = asymmetric_lorentzian(t, *one)[0]
    >>> round(float(np.trapezoid(profile, t[0])), 3), round(float(t[0, profile.argmax()]), 2)
    (1.0, 0.25)
    """
    rows = np.atleast_2d(t)
    own = [np.broadcast_to(np.asarray(one), (len(rows), 1))[:, 0] for one in (high, low, gauss, damping)]
    found = [
        np.interp(row, _GRID, _profile(*(float(one[at]) for one in own)), left=0.0, right=0.0)
        for at, row in enumerate(rows)
    ]
    return np.asarray(np.stack(found).reshape(np.shape(t)))


@lru_cache(maxsize=256)
def _profile(high: float, low: float, gauss: float, damping: float) -> Array:
    """Return the profile on the grid; kept, since fits mostly hold these four and move the rest."""
    from scipy.signal import fftconvolve

    lorentz = 1.0 / (1.0 + 16.0 * _GRID**2)
    upper = lorentz**high * np.exp(-_FOUR_LN2 * (_GRID / damping) ** 2)
    sides = np.where(_GRID > 0.0, upper, lorentz**low)
    width = max(gauss, _NARROWEST)
    reach = round(3.0 * width / _STEP)
    kernel = np.exp(-_FOUR_LN2 * (np.arange(-reach, reach + 1) * _STEP / width) ** 2)
    profile = np.maximum(fftconvolve(sides, kernel, "same"), 0.0)
    return np.asarray(profile / np.trapezoid(profile, _GRID))
