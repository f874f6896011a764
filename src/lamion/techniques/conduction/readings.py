"""Resistances read off a Nyquist diagram by construction, the way they are read by eye: checks beside a fit.

Every construction takes frequency (Hz, ascending) and impedance (ohm) and returns a resistance in ohm, or None
where the diagram does not show what it needs. None of them is free of bias: the minimum of -Z'' lies left of the
arc's end, a spike is curved where an arc overlaps. So a reading is judged against the same construction on the
fitted curve.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]
Construction = Callable[[Array, ComplexArray], float | None]

_SPIKE_POINTS = 10
_ARC_POINTS = 5
_REPLICATES = 24


@dataclass(frozen=True)
class ResistanceReading:
    """A resistance read by construction, beside what the same construction reads off the fitted curve.

    Parameters
    ----------
    name : str
        The construction.
    resistance : float
        Read off the data, ohm.
    expected : float
        Read off the fitted curve, ohm: with the bias of the construction, without that of the model.
    std : float
        Standard deviation that the noise alone gives the reading, ohm.
    """

    name: str
    resistance: float
    expected: float
    std: float

    @property
    def shift(self) -> float:
        """How far the data and the fitted curve differ by this construction, ohm."""
        return self.resistance - self.expected


def minimum_of_imaginary_part(frequency: Array, impedance: ComplexArray) -> float | None:
    """Return Z' at the local minimum of -Z'' between the arc and the spike.

    Parabolas in ln f through the five points around the lowest one smooth both parts.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz, ascending.
    impedance : array of complex, shape (n,)
        Ohm.

    Returns
    -------
    float or None
        Ohm; None without such a minimum.

    Examples
    --------
    >>> f = np.geomspace(1.0, 1e6, 61)
    >>> z = 100 / (1 + (2j * np.pi * f * 1e-5) ** 0.8) + 1 / (2j * np.pi * f * 1e-4)
    >>> round(minimum_of_imaginary_part(f, z))
    98
    """
    index = _valley(impedance)
    if index is None:
        return None
    window = slice(index - 2, index + 3)
    x = np.log(frequency[window] / frequency[index])
    curve = np.polyfit(x, -impedance.imag[window], 2)
    vertex = -curve[1] / (2 * curve[0]) if curve[0] > 0 else 0.0
    return float(np.polyval(np.polyfit(x, impedance.real[window], 2), np.clip(vertex, x[0], x[-1])))


def crossing_of_real_axis(frequency: Array, impedance: ComplexArray) -> float | None:
    """Return Z' where Z'' changes from capacitive to inductive.

    Straight lines in ln f through the four points around the crossing smooth both parts.

    Parameters
    ----------
    frequency, impedance : array, shape (n,)
        As in :func:`minimum_of_imaginary_part`.

    Returns
    -------
    float or None
        Ohm; None where the data do not cross the axis.

    Examples
    --------
    >>> f = np.geomspace(1e2, 1e6, 41)
    >>> round(crossing_of_real_axis(f, 5 + 2j * np.pi * f * 1e-6 + 1 / (2j * np.pi * f * 1e-3)), 3)
    5.0
    """
    inductive = np.nonzero(impedance.imag > 0)[0]
    if not len(inductive) or inductive[0] < 2 or inductive[0] > len(frequency) - 2:
        return None
    window = slice(inductive[0] - 2, inductive[0] + 2)
    x = np.log(frequency[window] / frequency[inductive[0]])
    slope, offset = np.polyfit(x, impedance.imag[window], 1)
    if slope <= 0:
        return None
    return float(np.polyval(np.polyfit(x, impedance.real[window], 1), np.clip(-offset / slope, x[0], x[-1])))


def spike_on_real_axis(frequency: Array, impedance: ComplexArray) -> float | None:
    """Return where a straight line through the spike meets the real axis.

    The line runs through the ten points of the spike nearest to the axis, each with its modulus as weight; beside
    an arc the spike begins where -Z'' is twice its minimum.

    Parameters
    ----------
    frequency, impedance : array, shape (n,)
        As in :func:`minimum_of_imaginary_part`.

    Returns
    -------
    float or None
        Ohm; None with fewer than four points on the spike.

    Examples
    --------
    >>> f = np.geomspace(1.0, 1e5, 41)
    >>> round(spike_on_real_axis(f, 5 + 1 / (1e-4 * (2j * np.pi * f) ** 0.8)), 3)
    5.0
    """
    height = -impedance.imag
    valley = _valley(impedance)
    on_spike = height > 0
    if valley is not None:
        on_spike &= (np.arange(len(frequency)) < valley) & (height > 2 * height[valley])
    chosen = np.nonzero(on_spike)[0]
    chosen = chosen[np.argsort(height[chosen])][:_SPIKE_POINTS]
    if len(chosen) < 4:
        return None
    z = impedance[chosen]
    return float(np.polyfit(-z.imag, z.real, 1, w=1 / np.abs(z))[1])


def arc_on_real_axis(frequency: Array, impedance: ComplexArray) -> float | None:
    """Return where a circle through the arc meets the real axis at low frequency.

    The circle (its centre free, so the arc may be depressed) runs through the points above the minimum of -Z''
    that are twice as high.

    Parameters
    ----------
    frequency, impedance : array, shape (n,)
        As in :func:`minimum_of_imaginary_part`.

    Returns
    -------
    float or None
        Ohm; None with fewer than five such points or without the arc's top in range.

    References
    ----------
    I. Kasa, IEEE Trans. Instrum. Meas. 25 (1976) 8, doi:10.1109/TIM.1976.6312298.

    Examples
    --------
    >>> f = np.geomspace(1.0, 1e6, 61)
    >>> z = 100 / (1 + 2j * np.pi * f * 1e-6) + 1 / (2j * np.pi * f * 1e-4)
    >>> round(arc_on_real_axis(f, z), 1)
    100.0
    """
    valley = _valley(impedance)
    if valley is None:
        return None
    height = -impedance.imag
    arc = np.nonzero((np.arange(len(frequency)) > valley) & (height > 2 * height[valley]))[0]
    if len(arc) < _ARC_POINTS or np.argmax(height[arc]) >= len(arc) - 2:
        return None
    x, y = impedance.real[arc], height[arc]
    scale = float(np.abs(impedance[arc]).max())
    columns = np.stack([x, y, np.full(len(arc), scale)], axis=1)
    a, _, c = np.linalg.lstsq(columns, x**2 + y**2, rcond=None)[0]
    half_chord = a**2 / 4 + c * scale
    return float(a / 2 + np.sqrt(half_chord)) if half_chord > 0 else None


CONSTRUCTIONS: dict[str, Construction] = {
    "minimum of -Z''": minimum_of_imaginary_part,
    "crossing of the real axis": crossing_of_real_axis,
    "spike extrapolated to Z''=0": spike_on_real_axis,
    "arc extrapolated to Z''=0": arc_on_real_axis,
}


def read_all(
    frequency: Array, impedance: ComplexArray, fitted: ComplexArray, noise: float
) -> tuple[ResistanceReading, ...]:
    """Apply every construction to the data and to noisy copies of the fitted curve.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz, ascending.
    impedance : array of complex, shape (n,)
        The data, ohm.
    fitted : array of complex, shape (n,)
        The fitted curve, ohm.
    noise : float
        Standard deviation of each part, relative to the modulus.

    Returns
    -------
    tuple of ResistanceReading
        The constructions that the data and at least half of the copies allow.
    """
    random = np.random.default_rng(0)
    shape = (_REPLICATES, len(fitted))
    error = random.standard_normal(shape) + 1j * random.standard_normal(shape)
    copies = fitted + noise * np.abs(fitted) * error
    readings = []
    for name, construction in CONSTRUCTIONS.items():
        value = construction(frequency, impedance)
        if value is None:
            continue
        simulated = [r for r in (construction(frequency, copy) for copy in copies) if r is not None]
        if len(simulated) >= _REPLICATES // 2:
            spread = float(np.std(simulated, ddof=1))
            readings.append(ResistanceReading(name, value, float(np.mean(simulated)), spread))
    return tuple(readings)


def _valley(impedance: ComplexArray) -> int | None:
    """Find the point of lowest -Z''/|Z| that has higher -Z'' well on both sides."""
    height = -impedance.imag
    phase = height / np.abs(impedance)
    index = int(np.argmin(phase))
    if not 2 <= index <= len(height) - 3 or height[index] <= 0:
        return None
    lowest = 2 + int(np.argmin(height[2:-2]))
    index = lowest if abs(lowest - index) <= 3 else index
    inside = height[index] < 0.9 * height[:index].max() and height[index] < 0.9 * height[index + 1 :].max()
    return index if inside and 2 <= index <= len(height) - 3 else None
