"""How far a reaction has gone along each of several ramps, from their masses or their heat flows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError
from lamion.records.thermal import ThermalCurve
from lamion.techniques.thermal.event import largest_event
from lamion.techniques.thermal.heat import Way, heat_of
from lamion.techniques.thermal.mass_steps import thermogram_raw
from lamion.techniques.thermal.peak_area import peak_raw
from lamion.techniques.thermal.ramps import named, run_of, the_ramp

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Conversion:
    """One reaction along one ramp.

    Parameters
    ----------
    rate : float
        K/s.
    time, temperature, share : array, shape (n,)
        In s and K; the share rises from 0 to 1.
    peak, uncertainty : float
        K, where it is fastest.
    """

    rate: float
    time: Array
    temperature: Array
    share: Array
    peak: float
    uncertainty: float


def conversion_of(
    record: ThermalCurve, window: float, *, step: int = 1, exothermic: Way | None = None, rate: float | None = None
) -> Conversion:
    """Return the conversion of a step of mass, or of the largest event of heat where there is no mass.

    Parameters
    ----------
    record : ThermalCurve
        With one ramp that heats.
    window : float
        K, over which a rate of loss is read.
    step : int
        Of mass, counted from 1.
    exothermic : str, optional
        Which way, of a heat flow.
    rate : float, optional
        K/s, of a record without time.

    Raises
    ------
    InputError
        When there is no such step or event.
    """
    run = run_of(record, rate)
    ramp = the_ramp(run, None, heating=True)
    time, temperature = run.time[ramp.rows], run.temperature[ramp.rows]
    mass = record.mass if record.mass is not None else record.mass_fraction
    if mass is None:
        return _of_heat(record, time, temperature, ramp.rows, ramp.rate, exothermic)
    own = run.of(mass)[ramp.rows]
    found = thermogram_raw(time, own, window / ramp.rate)
    steps = [one for one in found.steps if one.loss.value > 0.0]
    if step > len(steps):
        raise InputError(
            f"{named(record)} has {len(steps)} steps, not {step}.", "", "Say another step, or another window."
        )
    rows = slice(steps[step - 1].begin, steps[step - 1].end + 1)
    half = max(3, round(0.25 * window / ramp.rate / float(np.median(np.diff(time)))))
    smooth = _smooth(own, half)[rows]
    share = (smooth[0] - smooth) / (smooth[0] - smooth[-1])
    top, error = _fastest(temperature[rows], found.rate[rows])
    return Conversion(ramp.rate, time[rows], temperature[rows], share, top, error)


def _of_heat(
    record: ThermalCurve, time: Array, temperature: Array, rows: slice, rate: float, exothermic: Way | None
) -> Conversion:
    own = ThermalCurve(record.temperature, record.time, specific_heat_flow=_flow(record, exothermic), exothermic="down")
    flow = heat_of(own).taken_up[rows]
    event = largest_event(temperature, flow)
    peak = peak_raw(time, temperature, flow, event.low, event.high, "sigmoidal")
    passed = np.concatenate(
        [[0.0], np.cumsum(0.5 * np.diff(time[peak.rows]) * _pairs(flow[peak.rows] - peak.baseline))]
    )
    return Conversion(rate, time[peak.rows], temperature[peak.rows], passed / passed[-1], peak.top.value, peak.top.std)


def _flow(record: ThermalCurve, exothermic: Way | None) -> Array:
    """Return the heat flow in any unit, for shares need no mass, positive where heat is taken up."""
    if record.specific_heat_flow is None and record.heat_flow is not None:
        record = ThermalCurve(
            record.temperature, record.time, specific_heat_flow=record.heat_flow, exothermic=record.exothermic,
            source=record.source,
        )  # fmt: skip
    return heat_of(record, exothermic).taken_up


def _pairs(values: Array) -> Array:
    return np.asarray(values[1:] + values[:-1])


def _smooth(y: Array, half: int) -> Array:
    """Return a parabola's value through a window about each point."""
    x = np.arange(-half, half + 1.0)
    kernel = np.linalg.pinv(np.vander(x, 3, increasing=True))[0]
    return np.asarray(np.convolve(np.pad(y, half, mode="edge"), kernel[::-1], mode="valid"))


def _fastest(temperature: Array, rate: Array) -> tuple[float, float]:
    """Return where a rate is largest, from a parabola through its top, and the parabola's uncertainty of it."""
    top = int(np.argmax(rate))
    rows = np.flatnonzero(rate > 0.85 * rate[top])
    rows = rows[(rows >= top - len(rows)) & (rows <= top + len(rows))]
    if len(rows) < 5:
        return float(temperature[top]), float(np.median(np.abs(np.diff(temperature))))
    at, size = float(temperature[rows].mean()), float(np.ptp(temperature[rows])) or 1.0
    design = np.vander((temperature[rows] - at) / size, 4, increasing=True)
    found, *_ = np.linalg.lstsq(design, rate[rows], rcond=None)
    grid = np.linspace(-0.5, 0.5, 401)
    best = float(grid[int(np.argmax(np.polynomial.polynomial.polyval(grid, found)))])
    left = rate[rows] - design @ found
    curvature = abs(2.0 * found[2] + 6.0 * found[3] * best) or 1.0
    slope = np.array([0.0, 1.0, 2.0 * best, 3.0 * best**2])
    variance = float(np.sum(left**2)) / max(len(rows) - 4, 1)
    error = float(np.sqrt(variance * slope @ np.linalg.pinv(design.T @ design) @ slope)) / curvature
    return at + size * best, size * error
