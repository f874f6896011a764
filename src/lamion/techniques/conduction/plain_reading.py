"""A resistance read off a spectrum as people do it, where no circuit of a blocking cell describes it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_CLOSED = 0.15
_CAPACITIVE = 0.5
_SMOOTHED = 5


@dataclass(frozen=True)
class PlainReading:
    """The real part where the imaginary part is least, with how far it is from zero there.

    Parameters
    ----------
    resistance : float
        Ohm.
    width : float
        Standard uncertainty of the reading, ohm: what arc and spike hide of each other is of the size of -Z'' there.
    frequency : float
        Where it was read, Hz.
    shape : str
        ``"valley"`` between an arc and a spike, ``"closed arc"`` without a spike, ``"intercept"`` of a spike.
    """

    resistance: float
    width: float
    frequency: float
    shape: str


def plain_reading(frequency: Array, impedance: ComplexArray) -> PlainReading:
    r"""Read Re Z where -Im Z is least between arc and spike, at the end of a closed arc, or where a spike begins.

    .. math:: R = \Re Z(f_\mathrm{min}), \qquad u(R) = \tfrac12 |\Im Z(f_\mathrm{min})|

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz, ascending.
    impedance : array of complex, shape (n,)
        Ohm, n at least 8.

    Raises
    ------
    InputError
        When the arc is open at the lowest frequency: the resistance is above abs Z there.

    Notes
    -----
    -Z'' is smoothed by the median of five neighbours, so that a single point makes no valley. A reading counts where
    -Z'' is at most 15 % of the real part, the spike of an intercept half of it.

    Examples
    --------
    >>> f = np.geomspace(1e-1, 1e6, 71)
    >>> s = 2j * np.pi * f
    >>> z = 100 / (1 + s * 1e-5) + 1 / (1e-4 * s**0.8)
    >>> found = plain_reading(f, z)
    >>> found.shape, bool(abs(found.resistance - 100) < 2 * found.width)
    ('valley', True)
    """
    height = _smoothed(-impedance.imag)
    places = _valleys(height)
    good = [place for place in places if abs(height[place]) <= _CLOSED * impedance.real[place]]
    if good:
        place = min(good, key=lambda one: abs(height[one]) / impedance.real[one])
        return _at(frequency, impedance, height, place, "valley")
    if abs(height[0]) <= _CLOSED * impedance.real[0] and height.argmax() > 0:
        return _at(frequency, impedance, height, 0, "closed arc")
    last = len(height) - 1
    if height[last] <= _CAPACITIVE * impedance.real[last] and np.all(np.diff(height) <= 0):
        return _at(frequency, impedance, height, last, "intercept")
    raise InputError(
        f"The arc does not close: at {frequency[0]:.3g} Hz, the lowest frequency, -Z'' is still "
        f"{100 * height[0] / impedance.real[0]:.0f} % of Z'.",
        f"The resistance is larger than abs(Z) there, {abs(impedance[0]):.3g} ohm, and no reading of it exists.",
        "Measure to lower frequencies.",
    )


def _smoothed(values: Array) -> Array:
    """Return running medians; the ends keep their own values."""
    half = _SMOOTHED // 2
    inner = np.median(np.lib.stride_tricks.sliding_window_view(values, _SMOOTHED), axis=1)
    return np.concatenate([values[:half], inner, values[-half:]])


def _valleys(height: Array) -> list[int]:
    """Return the local minima of -Z'' that lie below what is on both sides."""
    inner = range(1, len(height) - 1)
    low = [k for k in inner if height[k] <= height[k - 1] and height[k] <= height[k + 1]]
    return [k for k in low if height[:k].max() > 1.1 * abs(height[k]) and height[k + 1 :].max() > 1.1 * abs(height[k])]


def _at(frequency: Array, impedance: ComplexArray, height: Array, place: int, shape: str) -> PlainReading:
    width = max(abs(float(height[place])) / 2, 0.01 * float(impedance.real[place]))
    return PlainReading(float(impedance.real[place]), width, float(frequency[place]), shape)
