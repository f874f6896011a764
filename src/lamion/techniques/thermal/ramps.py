"""Where a programme heats or cools at a steady rate: each such part of a run, and the one that is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import InputError
from lamion.quantities.constants import ZERO_CELSIUS
from lamion.records.thermal import ThermalCurve
from lamion.texts import counted

Array = NDArray[np.float64]
_GRID = 2000
_WINDOW = 0.004
"""Of a run, over which its rate is read."""
_STEADY = 0.35
"""Of the fastest rate: what is slower holds or turns."""
_SPAN = 0.08
"""Of the whole range of temperature that a ramp covers at least."""
_FEWEST = 20
_USABLE = 0.5
"""Of the rows, in front of the first whose time runs back."""


@dataclass(frozen=True)
class Ramp:
    """A part of a run with a steady rate.

    Parameters
    ----------
    first, stop : int
        Its rows, from the first up to the stop.
    rate : float
        K/s, negative where it cools.
    low, high : float
        K.
    """

    first: int
    stop: int
    rate: float
    low: float
    high: float

    @property
    def rows(self) -> slice:
        """Its rows."""
        return slice(self.first, self.stop)

    def __str__(self) -> str:
        begin, end = (self.low, self.high) if self.rate > 0 else (self.high, self.low)
        way = "heating" if self.rate > 0 else "cooling"
        ends = f"{begin - ZERO_CELSIUS:.0f} to {end - ZERO_CELSIUS:.0f} degC"
        return f"{way} from {ends} at {60.0 * abs(self.rate):.3g} K/min"


def ramps_raw(time: Array, temperature: Array) -> list[Ramp]:
    """Find the ramps of a programme.

    Parameters
    ----------
    time, temperature : array of float, shape (n,)
        In s and K; time rises.

    Returns
    -------
    list of Ramp
        In order; each covers 8 % of the range of temperature at least.

    Examples
    --------
    >>> t = np.arange(0.0, 1200.0, 2.0)
    >>> T = 300.0 + np.where(t < 600.0, t, 1200.0 - t) / 6.0
    >>> [str(ramp) for ramp in ramps_raw(t, T)]
    ['heating from 27 to 127 degC at 10 K/min', 'cooling from 127 to 27 degC at 10 K/min']
    """
    grid = np.linspace(time[0], time[-1], max(min(_GRID, len(time)), 3))
    smooth = np.interp(grid, time, temperature)
    half = max(1, round(_WINDOW * len(grid)))
    before, after = np.arange(len(grid)) - half, np.arange(len(grid)) + half
    before, after = np.clip(before, 0, None), np.clip(after, None, len(grid) - 1)
    rate = (smooth[after] - smooth[before]) / (grid[after] - grid[before])
    fastest = float(np.percentile(np.abs(rate), 95.0))
    way = np.where(np.abs(rate) > _STEADY * fastest, np.sign(rate), 0.0)
    edges = np.flatnonzero(np.diff(way)) + 1
    found = []
    for begin, end in zip([0, *edges], [*edges, len(grid)], strict=True):
        first, stop = np.searchsorted(time, [grid[begin], grid[end - 1]], side="left")
        rows = slice(int(first), int(stop) + 1)
        T = temperature[rows]
        if way[begin] and len(T) >= _FEWEST and np.ptp(T) > _SPAN * np.ptp(temperature):
            slope = float(np.median(rate[begin:end]))
            found.append(Ramp(rows.start, rows.start + len(T), slope, float(T.min()), float(T.max())))
    return found


@dataclass(frozen=True, eq=False)
class Run:
    """A record with a time that rises.

    Parameters
    ----------
    record : ThermalCurve
        What was read.
    time, temperature : array, shape (n,)
        In s and K, of the rows that can be used.
    warnings : tuple of str
        What was left out.
    """

    record: ThermalCurve
    time: Array
    temperature: Array
    warnings: tuple[str, ...] = ()

    def of(self, column: Array) -> Array:
        """Return the rows of a column that can be used."""
        return column[: len(self.time)]


def run_of(record: ThermalCurve, rate: float | None = None) -> Run:
    """Return a record with its time, or that of a stated rate.

    Parameters
    ----------
    record : ThermalCurve
        The run.
    rate : float or None
        K/s, where the record has no time.

    Raises
    ------
    InputError
        When the record holds no time and no rate is said, or its time runs back in its first half.
    """
    if record.time is None:
        if rate is None:
            raise InputError(
                f"{named(record)} holds no time.",
                "Without it the rate of heating is not known, which turns a heat flow over temperature into an "
                "enthalpy.",
                'Say the rate: --rate "10 K/min"; rate = in a step, rate= in Python.',
            )
        time = np.abs(record.temperature - record.temperature[0]) / abs(rate)
    else:
        time = record.time
    back = np.flatnonzero(np.diff(time) <= 0.0) + 1
    if not len(back):
        return Run(record, time, record.temperature)
    kept = int(back[0])
    if kept < _USABLE * len(time):
        raise InputError(
            f"The time of {named(record)} runs back or rests in row {kept + 1}.",
            "Lines were moved, or several runs stand in one file.",
            "Read the file to see where (lamion read FILE), and cut it to one run.",
        )
    lost = f"The time runs back in row {kept + 1}: that row and the {len(time) - kept - 1} behind it were left out."
    return Run(record, time[:kept], record.temperature[:kept], (lost,))


def the_ramp(run: Run, number: int | None, *, heating: bool = False) -> Ramp:
    """Return the ramp that is meant.

    Parameters
    ----------
    run : Run
        As :func:`run_of` returns it.
    number : int or None
        Counted from 1; the only one without it.
    heating : bool
        Whether only those that heat are looked at where no number is said.

    Raises
    ------
    InputError
        When there is no ramp of that number, or several and none is said.
    """
    record, found = run.record, ramps_raw(run.time, run.temperature)
    listed = "; ".join(f"{k}: {ramp}" for k, ramp in enumerate(found, 1))
    if not found:
        raise InputError(
            f"{named(record)} holds no part in which the temperature changes steadily.",
            "It is isothermal, or too short.",
            "Give a run with a ramp.",
        )
    if number is not None:
        if number > len(found):
            raise InputError(f"{named(record)} has {counted(len(found), 'ramp')}, not {number}.", "", f"{listed}.")
        return found[number - 1]
    hot = [ramp for ramp in found if ramp.rate > 0] if heating else []
    possible: Sequence[Ramp] = hot or found
    if len(possible) != 1:
        raise InputError(
            f"{named(record)} has {counted(len(found), 'ramp')}, and which is meant is not said.",
            f"{listed}.",
            "Say its number: --ramp 2; ramp = in a step, ramp= in Python.",
        )
    return possible[0]


def named(record: ThermalCurve) -> str:
    """Return the file's name, for messages."""
    return record.source.name if record.source is not None else "The record"
