"""Fit solid diffusion to a rate table, and ask what else would have fitted it as well."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq, minimize_scalar

from lamion.models.cells.cell_simulator import CellSimulator
from lamion.models.cells.discretisation import discretisation
from lamion.models.cells.lithium_metal_cell import LithiumMetalCell
from lamion.progress import Progress, silent
from lamion.quantities import InputError
from lamion.quantities.level import LEVEL, coverage_factor

Array = NDArray[np.float64]

_WIDE = tuple(np.linspace(-6.0, -2.0, 9))
_NEAR = (-0.2, -0.1, 0.0, 0.1, 0.2)
_COMPANION = (-0.6, -0.3, 0.0, 0.3, 0.6)
_NINETY_FIVE = 0.9545


@dataclass(frozen=True, eq=False)
class CapacityCurves:
    """Capacities of a cell against the rate of solid diffusion, as splines through simulated points.

    Parameters
    ----------
    exponents : array, shape (n,)
        log10 of D/R2 in 1/s, rising.
    capacities : array, shape (n, m)
        C/kg at m rates.
    """

    exponents: Array
    capacities: Array

    def at(self, exponent: float) -> Array:
        """Return the capacities at one log10 of D/R2."""
        return np.asarray(self._spline(exponent))

    @cached_property
    def _spline(self) -> CubicSpline:
        return CubicSpline(self.exponents, self.capacities)

    def squares(self, exponent: float, measured: Array, counted: Array) -> float:
        """Return the sum of squared differences from measured capacities."""
        return float(np.sum((self.at(exponent) - measured)[counted] ** 2))

    def best(self, measured: Array, counted: Array) -> float:
        """Return the log10 of D/R2 with the smallest sum of squares."""
        fine = np.linspace(self.exponents[0], self.exponents[-1], 201)
        start = int(np.argmin(np.sum((self._spline(fine) - measured)[:, counted] ** 2, axis=1)))
        low, high = fine[max(start - 1, 0)], fine[min(start + 1, 200)]
        found = minimize_scalar(
            self.squares, bounds=(low, high), args=(measured, counted), method="bounded", options={"xatol": 1e-6}
        )
        return float(found.x)


@dataclass(frozen=True, eq=False)
class DiffusionFit:
    """One D/R2 fitted to a rate table.

    Parameters
    ----------
    diffusion_rate : float
        D/R2, 1/s.
    interval : (float or None, float or None)
        By profile likelihood, widened by what the mesh moves the fit; None for an end that the table leaves open.
    rms : float
        Root mean square of what is left, C/kg.
    fitted : array, shape (m,)
        Capacities, C/kg.
    left_out : array, shape (m,)
        Each capacity from a fit to all others, C/kg.
    std : array, shape (m,)
        Of each fitted capacity, from the interval and from the mesh, C/kg.
    """

    diffusion_rate: float
    interval: tuple[float | None, float | None]
    rms: float
    fitted: Array
    left_out: Array
    std: Array


@dataclass(frozen=True)
class Companion:
    """The same table fitted with something else about the cell changed.

    Parameters
    ----------
    name : str
        What was changed, and how.
    diffusion_rate : float
        The D/R2 that then fits, 1/s.
    rms : float
        Of what is left, C/kg.
    as_good : bool
        Whether the table cannot tell it from the cell as stated (95 %).
    """

    name: str
    diffusion_rate: float
    rms: float
    as_good: bool


def capacity_curves(
    cell: LithiumMetalCell,
    rates: Sequence[float],
    exponents: Sequence[float],
    simulator: CellSimulator,
    progress: Progress = silent,
) -> CapacityCurves:
    """Simulate capacities over a range of solid diffusion.

    Parameters
    ----------
    cell : LithiumMetalCell
        The cell; its own diffusion is not used.
    rates : sequence of float
        In units of 1C.
    exponents : sequence of float
        log10 of D/R2 in 1/s, rising.
    simulator : CellSimulator
        Keeps its builds.
    progress : Progress
        Told after each.
    """
    rows = []
    for index, exponent in enumerate(exponents):
        progress(index, len(exponents), f"D/R2 = {10**exponent:.2g} 1/s")
        slow = cell.with_material(diffusion_rate=10.0**exponent)
        rows.append([d.capacity for d in simulator.discharges(slow, tuple(rates))])
    return CapacityCurves(np.asarray(exponents, float), np.asarray(rows))


def fit_diffusion(
    cell: LithiumMetalCell,
    rates: Sequence[float],
    measured: ArrayLike,
    *,
    simulator: CellSimulator | None = None,
    progress: Progress = silent,
) -> DiffusionFit:
    r"""Fit D/R2 to capacities at several rates, all of the same unknown precision.

    .. math:: S(D) = \sum_k (q_k(D) - q_k)^2, \qquad
              \frac{S(D)}{S_\mathrm{min}} \le 1 + \frac{t^2_{n-1}(p)}{n - 1}

    where p is lamion's level.

    Parameters
    ----------
    cell : LithiumMetalCell
        The cell; its own diffusion is not used.
    rates : sequence of float
        In units of 1C.
    measured : array, shape (m,)
        Capacities q in C/kg; not a number where there is none, and one is only wanted.
    simulator : CellSimulator, optional
        Keeps its builds.
    progress : Progress
        Told after each simulated table.

    Returns
    -------
    DiffusionFit

    Raises
    ------
    InputError
        When fewer than three capacities are given, one is not positive, or the table asks for a D/R2 outside 1e-6 to
        1e-2 1/s.

    Notes
    -----
    What is left is mostly the model's own error, not noise, so the interval is as wide as the misfit makes it.
    """
    simulator = simulator or CellSimulator()
    table = np.asarray(measured, float)
    counted = np.isfinite(table)
    if table.shape != (len(rates),) or np.sum(counted) < 3 or np.any(table[counted] <= 0):
        raise InputError("A fit needs at least three rates with a positive capacity each.", "", "Give the whole table.")
    wide = capacity_curves(cell, rates, _WIDE, simulator, progress)
    first = wide.best(table, counted)
    if not _WIDE[0] + 0.05 < first < _WIDE[-1] - 0.05:
        raise InputError(
            f"The best D/R2 is at the end of the range searched, {10**first:.2g} 1/s.",
            "The table is not limited by solid diffusion, or its capacities do not fit the cathode's.",
            "Check loading, capacity and window.",
        )
    near = capacity_curves(cell, rates, [first + step for step in _NEAR], simulator, progress)
    curves = _joined(wide, near)
    best = curves.best(table, counted)
    mesh = _open_by_mesh(cell.with_material(diffusion_rate=10.0**best), rates, simulator)
    moved = curves.best(table - mesh, counted) - best
    ends = tuple(_widened(end, best, moved) for end in _interval(curves, best, table, counted))
    low, high = (best if end is None else end for end in ends)
    return DiffusionFit(
        10.0**best,
        (None if ends[0] is None else 10.0 ** ends[0], None if ends[1] is None else 10.0 ** ends[1]),
        math.sqrt(curves.squares(best, table, counted) / np.sum(counted)),
        curves.at(best),
        _left_out(curves, table, counted, best),
        np.hypot(np.abs(curves.at(high) - curves.at(low)) / 2, mesh),
    )


def _open_by_mesh(cell: LithiumMetalCell, rates: Sequence[float], simulator: CellSimulator) -> Array:
    """Return what the mesh leaves open of each capacity, C/kg; zero where that is not known."""
    parts = discretisation(simulator, cell, simulator.discharges(cell, tuple(rates)))
    return np.array([part.capacity if part else 0.0 for part in parts])


def _widened(end: float | None, best: float, moved: float) -> float | None:
    return None if end is None else best + math.copysign(math.hypot(end - best, moved), end - best)


def companions(
    changed: Sequence[tuple[str, LithiumMetalCell]],
    fit: DiffusionFit,
    rates: Sequence[float],
    measured: ArrayLike,
    *,
    simulator: CellSimulator,
    progress: Progress = silent,
) -> tuple[Companion, ...]:
    r"""Fit D/R2 again with other things changed: a profile likelihood over each of them.

    Parameters
    ----------
    changed : sequence of (str, LithiumMetalCell)
        What was changed, with the cell.
    fit : DiffusionFit
        Of the cell as stated.
    rates : sequence of float
        In units of 1C.
    measured : array, shape (m,)
        C/kg, as in :func:`fit_diffusion`.
    simulator : CellSimulator
        Keeps its builds.
    progress : Progress
        Told after each.

    Returns
    -------
    tuple of Companion
        ``as_good`` where the sum of squares is within :math:`1 + t^2_{n-1}(0.95)/(n-1)` of the stated cell's.
    """
    table = np.asarray(measured, float)
    counted = np.isfinite(table)
    number = int(np.sum(counted))
    limit = fit.rms**2 * number * _allowed(number, _NINETY_FIVE)
    found = []
    for index, (name, cell) in enumerate(changed):
        progress(index, len(changed), name)
        centre = math.log10(fit.diffusion_rate)
        curves, best = _refitted(cell, rates, centre, table, counted, simulator)
        squares = curves.squares(best, table, counted)
        found.append(Companion(name, 10.0**best, math.sqrt(squares / number), squares <= limit))
    return tuple(found)


def _refitted(
    cell: LithiumMetalCell,
    rates: Sequence[float],
    centre: float,
    table: Array,
    counted: Array,
    simulator: CellSimulator,
) -> tuple[CapacityCurves, float]:
    """Fit about a guess, and once more about the end of the range where the best is there."""
    for _ in range(2):
        curves = capacity_curves(cell, rates, [centre + step for step in _COMPANION], simulator)
        best = curves.best(table, counted)
        if abs(best - centre) < _COMPANION[-1] - 0.05:
            break
        centre = best
    return curves, best


def _joined(wide: CapacityCurves, near: CapacityCurves) -> CapacityCurves:
    """Put fine points in place of the coarse ones that they surround."""
    kept = (wide.exponents < near.exponents[0] - 0.05) | (wide.exponents > near.exponents[-1] + 0.05)
    exponents = np.concatenate([wide.exponents[kept], near.exponents])
    order = np.argsort(exponents)
    return CapacityCurves(exponents[order], np.concatenate([wide.capacities[kept], near.capacities])[order])


def _allowed(number: int, level: float) -> float:
    return 1.0 + coverage_factor(level, number - 1) ** 2 / (number - 1)


def _interval(
    curves: CapacityCurves, best: float, measured: Array, counted: Array
) -> tuple[float | None, float | None]:
    limit = curves.squares(best, measured, counted) * _allowed(int(np.sum(counted)), LEVEL)

    def beyond(exponent: float) -> float:
        return curves.squares(exponent, measured, counted) - limit

    return _crossing(beyond, best, curves.exponents[0]), _crossing(beyond, best, curves.exponents[-1])


def _crossing(beyond: Callable[[float], float], best: float, end: float) -> float | None:
    return float(brentq(beyond, best, end)) if beyond(end) > 0 else None


def _left_out(curves: CapacityCurves, measured: Array, counted: Array, best: float) -> Array:
    predicted = curves.at(best).copy()
    for index in np.flatnonzero(counted):
        others = counted.copy()
        others[index] = False
        predicted[index] = curves.at(curves.best(measured, others))[index]
    return predicted
