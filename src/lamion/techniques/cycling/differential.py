r"""dQ/dV and dV/dQ of a charge or a discharge, smoothed without moving a peak, with their uncertainty.

Charge is sorted by the voltage at which it passed, which makes Q(V) rise whatever the noise, and shares no charge out
to where none passed. The derivative is smoothed with a kernel of fourth order,

.. math:: K(u) = \tfrac{1}{2}(3 - u^2)\,\varphi(u), \qquad u = (V - V')/h

whose second moment is zero: a parabola, and so the place and height of a peak, stays as it is to :math:`h^4`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.figure import Axis, Band, Figure, Line, Panel, Points, Trace
from lamion.quantities.level import LEVEL, coverage_factor
from lamion.records.measurements import CyclingRecord
from lamion.techniques.cycling.constant_currents import check_time
from lamion.techniques.cycling.half_cycles import HalfCycles, half_cycles
from lamion.techniques.cycling.voltage_profile import voltage_profile

Array = NDArray[np.float64]
Curve = Callable[[Array, Array], tuple[Array, Array]]

_CELLS = 2048
_WIDTHS = np.geomspace(1.0, _CELLS / 20, 28)
"""What the kernel's width h may be, in cells."""
_GROUPS = 8
_LEAST_SAMPLES = 32
_SIGNAL, _SMALL = 5.0, 0.01
"""A peak rises above its foot by more than so many uncertainties, and than this share of the highest point."""
_FULL = 0.9
_MAH = 1 / 3.6
_SHOWN = 512
_SOURCE = "dQ/dV, kernel of fourth order"


@dataclass(frozen=True)
class Peak:
    """A maximum.

    Parameters
    ----------
    place, place_std : float
        Where it is, and half its interval.
    height, height_std : float
        How high, and half its interval.
    """

    place: float
    place_std: float
    height: float
    height_std: float


@dataclass(frozen=True, eq=False)
class Derivative:
    """A derivative on equal steps.

    Parameters
    ----------
    place : array, shape (2048,)
        Of what it is taken by.
    value, std : array, shape (2048,)
        Itself, and half its interval.
    width : float
        h, in the unit of the place.
    peaks : tuple of Peak
        In the order of the place.
    """

    place: Array
    value: Array
    std: Array
    width: float
    peaks: tuple[Peak, ...]


def differential_capacity_raw(passed: Array, voltage: Array, *, width: float | None = None) -> Derivative:
    """Return dQ/dV of one charge or one discharge, positive for both.

    Parameters
    ----------
    passed : array, shape (n,)
        Charge since it began, A s; rising. Without any part at a held voltage.
    voltage : array, shape (n,)
        V.
    width : float, optional
        h in V; without it the one with which one half of the samples best predicts the other half.

    Returns
    -------
    Derivative
        A s/V against V.

    Raises
    ------
    InputError
        With fewer than 32 samples, or a voltage that does not change.

    Notes
    -----
    Uncertainties are those of leaving out every eighth sample (jackknife over interleaved groups): they hold for noise
    that is independent from sample to sample. A voltage that wanders slowly, as with the temperature, is taken for the
    cell's: then state the width (`--width`).

    References
    ----------
    I. Bloom et al., J. Power Sources 139 (2005) 295, doi:10.1016/j.jpowsour.2004.07.021; M. P. Wand, M. C. Jones,
    Kernel Smoothing, Chapman and Hall 1995, 2.8.

    Examples
    --------
    >>> V = np.linspace(3.0, 4.0, 801)
    >>> Q = 0.1 * V + 0.5 * np.tanh((V - 3.4) / 0.03)
    >>> found = differential_capacity_raw(Q - Q[0], V)
    >>> [round(peak.place, 4) for peak in found.peaks]
    [3.4]
    """
    return _derivative(_sorted, passed, voltage, width)


def differential_voltage_raw(passed: Array, voltage: Array, *, width: float | None = None) -> Derivative:
    """Return the size of dV/dQ of one charge or one discharge.

    Parameters
    ----------
    passed, voltage : array, shape (n,)
        As in :func:`differential_capacity_raw`.
    width : float, optional
        h in A s; found as there without it.

    Returns
    -------
    Derivative
        V/(A s) against A s.

    Raises
    ------
    InputError
        As there.

    Examples
    --------
    >>> Q = np.linspace(0.0, 10.0, 801)
    >>> found = differential_voltage_raw(Q, 3.4 + 0.01 * Q + 0.05 * np.tanh((Q - 5.0) / 0.3))
    >>> [round(peak.place, 3) for peak in found.peaks]
    [5.0]
    """
    sign = 1.0 if voltage[-1] >= voltage[0] else -1.0
    return _derivative(lambda some, their: (some, sign * their), passed, voltage, width)


def _sorted(passed: Array, voltage: Array) -> tuple[Array, Array]:
    """Return the charge that passed below each voltage."""
    share = (np.diff(passed, prepend=passed[0]) + np.diff(passed, append=passed[-1])) / 2
    places, rows = np.unique(voltage, return_inverse=True)
    total = np.bincount(rows, share, minlength=len(places))
    return places, np.cumsum(total) - total / 2


def _derivative(curve: Curve, passed: Array, voltage: Array, width: float | None) -> Derivative:
    if len(passed) < _LEAST_SAMPLES or np.ptp(voltage) == 0.0:
        raise InputError(
            f"A derivative needs at least {_LEAST_SAMPLES} samples of a voltage that changes; there are {len(passed)}.",
            "The half-cycle may be cut, or recorded too rarely.",
            "Name another cycle, or record more often.",
        )
    x, _ = curve(passed, voltage)
    edges = np.linspace(x[0], x[-1], _CELLS + 1)
    step, place = edges[1] - edges[0], (edges[1:] + edges[:-1]) / 2

    def raw(rows: slice | NDArray[np.bool_]) -> Array:
        return np.asarray(np.diff(np.interp(edges, *curve(passed[rows], voltage[rows]))) / step)

    cells = _width(raw(slice(0, None, 2)), raw(slice(1, None, 2))) if width is None else width / step
    value, sharper = (_smoothed(raw(slice(None)), width) for width in (cells, cells / 2))
    left = [_smoothed(raw(np.arange(len(passed)) % _GROUPS != group), cells) for group in range(_GROUPS)]
    std = _jackknife(np.array(left))
    return Derivative(place, value, std, float(cells * step), _peaks(place, value, sharper, left, std))


def _smoothed(value: Array, cells: float) -> Array:
    """Apply the kernel of fourth order, the Gaussian less half its second derivative."""
    plain = gaussian_filter1d(value, cells, mode="reflect")
    return np.asarray(plain - cells**2 / 2 * gaussian_filter1d(value, cells, order=2, mode="reflect"))


def _width(one: Array, other: Array) -> float:
    """Return the width in cells with which each half of the samples is nearest to the other, unsmoothed."""
    left = [
        float(np.sum((_smoothed(one, cells) - other) ** 2) + np.sum((_smoothed(other, cells) - one) ** 2))
        for cells in _WIDTHS
    ]
    return float(_WIDTHS[int(np.argmin(left))])


def _jackknife(left: Array) -> Array:
    """Return half the interval of what was computed without one group after another, shape (groups, ...)."""
    count = len(left)
    spread = np.sqrt((count - 1) / count * np.sum((left - np.mean(left, axis=0)) ** 2, axis=0))
    return np.asarray(coverage_factor(LEVEL, count - 1) * spread)


def _peaks(place: Array, value: Array, sharper: Array, left: Sequence[Array], std: Array) -> tuple[Peak, ...]:
    """Find what stands out; what half the width would move a peak by is part of its uncertainty."""
    rows, how = find_peaks(value, prominence=_SMALL * float(np.max(value)))
    found = []
    for row in rows[how["prominences"] > _SIGNAL * std[rows]]:
        top, narrow = np.array(_top(place, value, row)), np.array(_top(place, sharper, row))
        errors = np.hypot(_jackknife(np.array([_top(place, one, row) for one in left])), top - narrow)
        found.append(Peak(float(top[0]), float(errors[0]), float(top[1]), float(errors[1])))
    return tuple(found)


def _top(place: Array, value: Array, row: int) -> tuple[float, float]:
    """Return the top of a parabola through the maximum that is next to a row, and its height."""
    while 1 < row < len(value) - 2 and max(value[row - 1], value[row + 1]) > value[row]:
        row += 1 if value[row + 1] > value[row - 1] else -1
    below, here, above = value[row - 1 : row + 2]
    bend = below - 2 * here + above
    shift = 0.5 * (below - above) / bend if bend < 0 else 0.0
    return float(place[row] + shift * (place[1] - place[0])), float(here - 0.25 * (below - above) * shift)


@dataclass(frozen=True, eq=False)
class _Half:
    """One half-cycle's derivatives, in mAh."""

    name: str
    capacity: Derivative
    voltage: Derivative


def differential(record: CyclingRecord, cycle: int | None = None, *, width: float | None = None) -> Answer:
    """Take dQ/dV and dV/dQ of one cycle's charge and discharge.

    Parameters
    ----------
    record : CyclingRecord
        Current positive when it charges.
    cycle : int, optional
        Which; the first with both without it.
    width : float, optional
        h of dQ/dV in V, as in :func:`differential_capacity_raw`.

    Returns
    -------
    Answer
        ``charge_peak.1`` and so on, ``discharge_peak.1`` (V), in the order of the voltage; both curves as series.

    Raises
    ------
    InputError
        When there is no such cycle, or it has too few samples.

    Examples
    --------
    >>> from lamion.synthetic.staged_cell import staged_record
    >>> answer = differential(staged_record(noise=1e-4))
    >>> [name for name in answer]
    ['charge_peak.1', 'charge_peak.2', 'discharge_peak.1', 'discharge_peak.2']
    """
    check_time(record.time)
    halves = half_cycles(record.time, record.voltage, record.current, cycle=record.cycle, charge=record.charge)
    numbers = np.unique(halves.number)
    whole = [number for number in numbers if len(_largest(halves, number)) == 2]
    number = int((whole or list(numbers))[0]) if cycle is None else cycle
    if number not in numbers:
        raise InputError(f"There is no cycle {number}.", "", f"The record holds {numbers[0]} to {numbers[-1]}.")
    found = [_half(record, halves, place, width) for place in _largest(halves, number)]
    return Answer(
        {name: peak for half in found for name, peak in _results(half).items()},
        {name: values for half in found for name, values in _series(half).items()},
        {
            "cycle": number,
            "width_V": {half.name: half.capacity.width for half in found},
            "width_mAh": {half.name: half.voltage.width for half in found},
        },
        [f"The {half.name} has no peak above its noise." for half in found if not half.capacity.peaks],
        {"dqdv": _capacity_figure(found), "dvdq": _voltage_figure(found)},
        method=f"Derivatives of cycle {number} without what passed at a held voltage, smoothed with a kernel of fourth "
        f"order and {' and '.join(f'{1e3 * half.capacity.width:.2g} mV ({half.name})' for half in found)} wide.",
    )


def _largest(halves: HalfCycles, number: int) -> list[int]:
    """Return the charge and the discharge of a cycle, the largest where there are several."""
    mine = [np.flatnonzero((halves.number == number) & (halves.sign == sign)) for sign in (1, -1)]
    return [int(rows[np.argmax(halves.charge[rows])]) for rows in mine if len(rows)]


def _half(record: CyclingRecord, halves: HalfCycles, place: int, width: float | None) -> _Half:
    rows = slice(int(halves.first[place]), int(halves.last[place]) + 1)
    profile = voltage_profile(halves, place, record.time, record.voltage, record.current)
    # what comes behind the last sample with nearly the full current passes at a held voltage
    size = np.abs(record.current[rows])
    last = int(np.flatnonzero(size >= _FULL * np.quantile(size, 0.95))[-1])
    held = float(np.trapezoid(size[last:], record.time[rows][last:]))
    kept = profile.passed <= profile.passed[-1] - held * (1 - 1e-9)
    passed, voltage = _MAH * profile.passed[kept], profile.voltage[kept]
    name = "charge" if profile.sign > 0 else "discharge"
    capacity = differential_capacity_raw(passed, voltage, width=width)
    return _Half(name, capacity, differential_voltage_raw(passed, voltage))


def _results(half: _Half) -> dict[str, Quantity]:
    return {
        f"{half.name}_peak.{count}": Quantity(peak.place, peak.place_std, "V", _SOURCE)
        for count, peak in enumerate(half.capacity.peaks, 1)
    }


def _series(half: _Half) -> dict[str, list[float]]:
    word = half.name.capitalize()
    shown = slice(None, None, _CELLS // _SHOWN)
    return {
        f"{word} Voltage / V": half.capacity.place[shown].tolist(),
        f"{word} Differential Capacity / mAh/V": half.capacity.value[shown].tolist(),
        f"{word} Differential Capacity Uncertainty / mAh/V": half.capacity.std[shown].tolist(),
        f"{word} Capacity / mAh": half.voltage.place[shown].tolist(),
        f"{word} Differential Voltage / V/mAh": half.voltage.value[shown].tolist(),
    }


def _capacity_figure(found: Sequence[_Half]) -> FigureData:
    traces: list[Trace] = []
    for color, half in enumerate(found):
        sign, one = (1.0 if half.name == "charge" else -1.0), half.capacity
        peaks = [(peak.place, sign * peak.height, peak.place_std, peak.height_std) for peak in one.peaks]
        traces += [
            Band(one.place, sign * (one.value - one.std), sign * (one.value + one.std), color=color),
            Line(one.place, sign * one.value, half.name, color),
        ]
        if peaks:
            x, y, x_error, y_error = zip(*peaks, strict=True)
            traces.append(Points(x, y, color=color, x_error=x_error, y_error=y_error))
    panel = Panel(traces, Axis("voltage", "V"), Axis("dQ/dV", "mAh/V"))
    return Figure([panel]).entitled("Differential capacity; a discharge points down")


def _voltage_figure(found: Sequence[_Half]) -> FigureData:
    traces: list[Trace] = []
    for color, one in enumerate(half.voltage for half in found):
        traces += [
            Band(one.place, one.value - one.std, one.value + one.std, color=color),
            Line(one.place, one.value, found[color].name, color),
        ]
    highest = max(float(np.quantile(half.voltage.value, 0.95)) for half in found)
    panel = Panel(traces, Axis("capacity passed", "mAh"), Axis("|dV/dQ|", "V/mAh", low=0.0, high=1.5 * highest))
    return Figure([panel]).entitled("Differential voltage")
