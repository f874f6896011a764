"""A resistance read off a spectrum as people do it, where no circuit of a blocking cell describes it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities.errors import InputError

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_CLOSED = 0.15
_SHALLOW = 0.5
_CAPACITIVE = 0.5
_SMOOTHED = 5
_FLAT = 0.01
_SPIKE = 0.02
_NEAR = 3
_SEEN = 3.0
_MEDIAN_OF_NORMAL = 0.6745
_UPPER = 0.8
_TWICE = 2.0


class OpenArcError(InputError):
    """No resistance can be read, since the arc is still open at the lowest frequency.

    Parameters
    ----------
    happened, cause, remedy : str
        As in :class:`InputError`.
    at_least : float
        What the resistance is larger than, in ohm: abs Z at the lowest frequency, less twice its noise.
    """

    def __init__(self, happened: str, cause: str, remedy: str, at_least: float) -> None:
        super().__init__(happened, cause, remedy)
        self.at_least = at_least

    def about(self, name: str) -> OpenArcError:
        """Return the same of what has a name."""
        return OpenArcError(f"{name}: {self.happened}", self.cause, self.remedy, self.at_least)


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
        ``"valley"`` between an arc and a spike, ``"closed arc"`` without a spike, ``"shallow valley"`` where an arc
        does not come down before what follows it, ``"intercept"`` of a spike.
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
    OpenArcError
        When the arc is open at the lowest frequency: the resistance is above abs Z there.
    InputError
        When the phase still grows towards low frequencies, as in the spike of the electrodes alone.

    Notes
    -----
    -Z'' is smoothed by the median of five neighbours, so that a single point makes no valley. A reading counts where
    -Z'' is at most 15 % of the real part, a shallow valley and the spike of an intercept half of it. Of 10,000 random
    depressed arcs before a depressed spike or a second arc the resistance lay within one width of the reading in 77 to
    94 %, at valleys of any depth; where a second arc is hidden in the spike the first is not told from both.

    Examples
    --------
    >>> f = np.geomspace(1e-1, 1e6, 71)
    >>> s = 2j * np.pi * f
    >>> z = 100 / (1 + s * 1e-5) + 1 / (1e-4 * s**0.8)
    >>> found = plain_reading(f, z)
    >>> found.shape, bool(abs(found.resistance - 100) < 2 * found.width)
    ('valley', True)
    """
    height, real = _smoothed(-impedance.imag), impedance.real
    valleys = _valleys(height)
    deep = [
        place for place in valleys if abs(height[place]) <= _CLOSED * real[place] and _stands_out(place, height, real)
    ]
    if deep:
        return _read(frequency, real, height, deep[-1], "valley")
    if abs(height[0]) <= _CLOSED * real[0] and height.argmax() > 0:
        return _read(frequency, real, height, 0, "closed arc")
    noise = _SEEN * _relative_noise(impedance) * np.abs(impedance)
    shallow = [k for k in valleys if height[k] <= _SHALLOW * real[k] and _beside(k, height) > height[k] + noise[k]]
    if shallow:
        return _read(frequency, real, height, shallow[-1], "shallow valley")
    last = len(height) - 1
    if height[last] <= _CAPACITIVE * real[last] and height.argmax() < _NEAR and height.argmin() > _UPPER * last:
        return _read(frequency, real, height, last, "intercept")
    if _grows(height / real):
        raise InputError(
            f"No arc closes above {frequency[0]:.3g} Hz, and -Z'' grows against Z' towards it.",
            "That is the spike of blocking electrodes, or of an arc that has hardly begun.",
            "Measure to higher frequencies for the former, to lower ones for the latter.",
        )
    at_least = abs(impedance[0]) * max(1.0 - _TWICE * _relative_noise(impedance), 0.0)
    raise OpenArcError(
        f"The arc does not close: at {frequency[0]:.3g} Hz, the lowest frequency, -Z'' is still "
        f"{100 * height[0] / impedance.real[0]:.0f} % of Z'.",
        f"The resistance is larger than abs(Z) there, {at_least:.3g} ohm, and no reading of it exists.",
        "Measure to lower frequencies.",
        at_least,
    )


def _grows(ratio: Array) -> bool:
    """Say whether -Z'' over Z' is larger at the lowest frequencies than at those above them."""
    lowest, above = np.median(ratio[:_NEAR]), np.median(ratio[_NEAR : 3 * _NEAR])
    return bool(lowest >= above)


def _read(frequency: Array, real: Array, height: Array, place: int, shape: str) -> PlainReading:
    """Read at a place, or where -Z'' first comes down to its floor; how far Z' moves along that floor is its width."""
    flat = height <= _FLAT * real
    first = place
    while flat[place] and first + 1 < len(flat) and flat[first + 1]:
        first += 1
    begin = place
    while flat[place] and begin > 0 and flat[begin - 1]:
        begin -= 1
    moved = float(np.ptp(real[begin : first + 1]))
    width = max(abs(float(height[place])) / 2, 0.01 * float(real[first]), moved / 2)
    return PlainReading(float(real[first]), width, float(frequency[first]), shape)


def _smoothed(values: Array) -> Array:
    """Return running medians; the ends keep their own values."""
    half = _SMOOTHED // 2
    inner = np.median(np.lib.stride_tricks.sliding_window_view(values, _SMOOTHED), axis=1)
    return np.concatenate([values[:half], inner, values[-half:]])


def _valleys(height: Array) -> list[int]:
    """Return the local minima of -Z'', ascending in frequency."""
    inner = range(1, len(height) - 1)
    return [k for k in inner if height[k] <= height[k - 1] and height[k] <= height[k + 1]]


def _beside(place: int, height: Array) -> float:
    """Return the height of the lower one of the arc on one side and the spike on the other."""
    return float(min(height[:place].max(), height[place + 1 :].max()))


def _stands_out(place: int, height: Array, real: Array) -> bool:
    return bool(_beside(place, height) > 1.1 * abs(height[place]) + _SPIKE * real[place])


def _relative_noise(impedance: ComplexArray) -> float:
    """Return the noise of -Z'' relative to abs Z, from third differences, which a smooth curve hardly has."""
    third = np.diff(impedance.imag, 3) / np.abs(impedance[1:-2])
    return float(np.median(np.abs(third)) / (_MEDIAN_OF_NORMAL * math.sqrt(20)))
