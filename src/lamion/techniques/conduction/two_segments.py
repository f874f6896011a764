r"""Two straight lines that meet in the Arrhenius plane, and the test whether there are two.

.. math:: \ln\sigma = \ln\sigma_b - \frac{E}{R}\left(\frac1T - \frac1{T_b}\right), \qquad
          E = E_\mathrm{below}\ (T < T_b),\ E_\mathrm{above}\ (T > T_b)

The conductivity is taken as continuous at the break: right for a melting or a glass transition of part of the
material, not for a first-order transition of the conducting phase itself, which steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lamion.quantities.constants import GAS
from lamion.quantities.errors import InputError
from lamion.quantities.level import LEVEL, coverage_factor
from lamion.techniques.conduction.temperature_fit import (
    Array,
    TemperatureFit,
    TemperatureSeries,
    fit_log_conductivity,
    solve_linear,
)

_GRID = 61
_DRAWS = 4000


@dataclass(frozen=True, eq=False)
class TwoSegmentFit(TemperatureFit):
    """Two lines that meet; ``parameters`` holds break (K), E_below and E_above (J/mol).

    The first parameters belong to the segment in which the reference temperature lies; the third is the other
    segment's excess of E/R, the fourth, where the break was searched for, its place.
    """

    found: bool

    @property
    def difference_error(self) -> float:
        """The standard error of E_above - E_below in J/mol."""
        return GAS * float(self.fit.standard_errors[2])

    def margin(self, side: str, level: float = LEVEL) -> float:
        """Return half the width of the interval of the activation energy on one side, in J/mol.

        Parameters
        ----------
        side : str
            ``"below"`` or ``"above"``.
        level : float
            The share of intervals that cover the truth.
        """
        at_reference = (side == "above") == (self.series.reference >= self.parameters["break"])
        step = np.array([0.0, 1.0, 0.0 if at_reference else 1.0])
        variance = float(step @ self.fit.covariance[:3, :3] @ step)
        return coverage_factor(level, self.freedom) * GAS * float(np.sqrt(variance))


@dataclass(frozen=True)
class BreakTest:
    """Whether one straight line can be excluded in favour of two.

    Parameters
    ----------
    temperature : float
        The break in K, given or found.
    found : bool
        Whether it was searched for.
    p_value : float
        How often one line with the same noise would show at least such a bend.
    points_below, points_above : int
        How many conductivities lie on each side.
    """

    temperature: float
    found: bool
    p_value: float
    points_below: int
    points_above: int


def fit_two_segments(series: TemperatureSeries, break_temperature: float | None = None) -> TwoSegmentFit:
    r"""Fit two activation energies.

    .. math:: \ln\sigma = v - \frac{E}{R} z - \frac{\Delta E}{R} h(z), \qquad z = \frac1T - \frac1{T_r}

    with h the distance of 1/T beyond 1/T_b on the side where the reference is not.

    Parameters
    ----------
    series : TemperatureSeries
        At least four temperatures.
    break_temperature : float, optional
        The break in K, inside the range; searched for (on a grid of 1/T that leaves two temperatures on each
        side) without it, and then counted as a fitted parameter.

    Returns
    -------
    TwoSegmentFit

    Raises
    ------
    InputError
        When a given break has no temperature on one side, or a search has fewer than five temperatures.

    Examples
    --------
    >>> from lamion.techniques.conduction.temperature_fit import temperature_series
    >>> T = np.array([280.0, 290.0, 300.0, 310.0, 320.0, 330.0])
    >>> bend = np.where(T < 300.0, 9000.0, 4000.0) * (1 / T - 1 / 300.0)
    >>> two = fit_two_segments(temperature_series(T, 0.01 * np.exp(-bend)), 300.0)
    >>> round(two.parameters["E_below"] / 8.31446261815324), round(two.parameters["E_above"] / 8.31446261815324)
    (9000, 4000)
    """
    place = _best_break(series) if break_temperature is None else _checked(series, break_temperature)
    columns = _columns(series, place)
    found = fit_log_conductivity(series, lambda p: columns @ p, lambda p: columns, solve_linear(series, columns))
    if break_temperature is None:
        found = fit_log_conductivity(
            series,
            lambda p: _columns(series, p[3]) @ p[:3],
            lambda p: _columns_with_break(series, p),
            np.array([*found.parameters, place]),
            [-np.inf, -np.inf, -np.inf, float(np.min(_grid(series)))],
            [np.inf, np.inf, np.inf, float(np.max(_grid(series)))],
        )
        place = float(found.parameters[3])
    value, slope, excess = (float(p) for p in found.parameters[:3])
    above_is_reference = series.reference >= place
    below, above = (slope + excess, slope) if above_is_reference else (slope, slope + excess)

    def curve(temperature: Array) -> Array:
        z = 1.0 / temperature
        return value - slope * (z - 1.0 / series.reference) - excess * _beyond(z, place, series.reference)

    energies = {"break": place, "E_below": GAS * below, "E_above": GAS * above}
    return TwoSegmentFit("two-segment", series, found, curve, energies, break_temperature is None)


def break_test(series: TemperatureSeries, break_temperature: float | None = None, *, seed: int = 0) -> BreakTest:
    r"""Test one straight line against two that meet.

    .. math:: F = \max_{T_b} \frac{S_1 - S_2(T_b)}{S_2(T_b)}

    Parameters
    ----------
    series : TemperatureSeries
        At least four temperatures, five where the break is searched for.
    break_temperature : float, optional
        The break in K; searched for without it.
    seed : int
        Of the draws that give the distribution of F under one line. It depends on the temperatures and weights
        only, so the draws are exact up to their number, 4000; a search is thereby paid for.

    Returns
    -------
    BreakTest

    Notes
    -----
    A small p-value excludes one straight line, not a smooth curve: a VTF law bends too. Compare the models for
    that.

    References
    ----------
    R. B. Davies, Biometrika 74 (1987) 33 (a break whose place is searched for).

    Examples
    --------
    >>> from lamion.techniques.conduction.temperature_fit import temperature_series
    >>> T = np.linspace(290.0, 350.0, 7)
    >>> noise = np.array([1.0, -1.0, 0.5, -0.5, 1.0, -1.0, 0.0]) * 0.01
    >>> bend = np.where(T < 315.0, 9000.0, 4000.0) * (1 / T - 1 / 315.0)
    >>> break_test(temperature_series(T, np.exp(noise - bend)), 315.0).p_value < 0.01
    True
    """
    place = fit_two_segments(series, break_temperature).parameters["break"]
    places = np.array([place]) if break_temperature is not None else _grid(series)
    hinges = _orthogonal_hinges(series, places)
    basis = _line_basis(series)
    observed = _bend(series.weight * series.logarithm, basis, hinges, series.trusted)
    draws = np.random.default_rng(seed).standard_normal((_DRAWS, len(series.temperature)))
    drawn = _bend(draws, basis, hinges, series.trusted)
    exceeding = int(np.sum(drawn >= observed * (1 - 1e-12)))
    return BreakTest(
        place,
        break_temperature is None,
        (1 + exceeding) / (1 + _DRAWS),
        int(np.sum(series.temperature < place)),
        int(np.sum(series.temperature > place)),
    )


def _checked(series: TemperatureSeries, place: float) -> float:
    T = series.temperature
    if not T.min() < place < T.max():
        raise InputError(
            f"The break at {place:g} K has no temperature on one side; the series runs from {T.min():g} to "
            f"{T.max():g} K.",
            "",
            "Name a break inside the measured range.",
        )
    return place


def _grid(series: TemperatureSeries) -> Array:
    T = np.unique(series.temperature)
    if len(T) < 5:
        raise InputError(
            f"A break cannot be searched for with {len(T)} temperatures.", "", "Measure five or more, or name it."
        )
    inverse: Array = np.linspace(1.0 / T[-2], 1.0 / T[1], _GRID)
    return 1.0 / inverse


def _beyond(inverse: Array, place: float, reference: float) -> Array:
    """Return the signed distance of 1/T beyond the break, on the side where the reference is not."""
    beyond = inverse - 1.0 / place
    return np.maximum(beyond, 0.0) if reference >= place else np.minimum(beyond, 0.0)


def _columns(series: TemperatureSeries, place: float) -> Array:
    z = series.inverse
    return np.stack([np.ones_like(z), -z, -_beyond(1.0 / series.temperature, place, series.reference)], axis=1)


def _columns_with_break(series: TemperatureSeries, parameters: Array) -> Array:
    place = parameters[3]
    columns = _columns(series, place)
    past = (columns[:, 2] != 0).astype(np.float64)
    return np.column_stack([columns, -parameters[2] * past / place**2])


def _best_break(series: TemperatureSeries) -> float:
    places = _grid(series)
    hinges = _orthogonal_hinges(series, places)
    gains = (hinges @ (series.weight * series.logarithm)) ** 2
    return float(places[int(np.argmax(gains))])


def _line_basis(series: TemperatureSeries) -> Array:
    """Return an orthonormal basis of the weighted straight lines, shape (n, 2)."""
    line = np.stack([np.ones_like(series.inverse), series.inverse], axis=1)
    basis: Array = np.linalg.qr(series.weight[:, None] * line)[0]
    return basis


def _orthogonal_hinges(series: TemperatureSeries, places: Array) -> Array:
    """Return the weighted bends at each place with the straight lines taken out, of unit length, shape (m, n)."""
    basis = _line_basis(series)
    bends = series.weight * np.maximum(1.0 / series.temperature - 1.0 / places[:, None], 0.0)
    bends = bends - (bends @ basis) @ basis.T
    unit: Array = bends / np.linalg.norm(bends, axis=1, keepdims=True)
    return unit


def _bend(weighted: Array, basis: Array, hinges: Array, known_noise: bool) -> Array:
    """Return the largest drop of the sum of squares; against what is left where the noise is not known."""
    left = weighted - (weighted @ basis) @ basis.T
    drop = np.max((left @ hinges.T) ** 2, axis=-1)
    if known_noise:
        return np.asarray(drop)
    total = np.sum(left**2, axis=-1)
    return np.asarray(drop / np.maximum(total - drop, np.finfo(float).tiny))
