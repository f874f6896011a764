r"""The Vogel-Tammann-Fulcher law, in parameters that the data determine.

.. math:: \sigma = A\,T^{-1/2} \exp\left(-\frac{B}{T - T_0}\right)

A, B and T0 are so correlated over the usual 60 K that their separate errors say little. The fit is therefore made
in three others: the logarithm at a reference temperature :math:`T_r`, the apparent activation energy there, and the
curvature :math:`u = 1/(T_r - T_0)`. With :math:`x = T - T_r` the law is

.. math:: \ln\sigma = \ln\sigma_r - \tfrac12 \ln\frac{T}{T_r} + \beta \frac{x}{1 + u x}, \qquad
          \beta = B u^2 = \frac{E_\mathrm{app}}{R T_r^2} + \frac{1}{2 T_r}

which is smooth through every curvature; :math:`u = 1/T_r` is :math:`T_0 = 0`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lamion.numerics.least_squares import Fit
from lamion.quantities.constants import GAS
from lamion.quantities.level import LEVEL_95, coverage_factor
from lamion.techniques.conduction.temperature_fit import (
    Array,
    TemperatureFit,
    TemperatureSeries,
    bounded_exp,
    fit_log_conductivity,
    solve_linear,
)

_MARGIN = 1.0
_GRID = 48


@dataclass(frozen=True, eq=False)
class VtfFit(TemperatureFit):
    """The Vogel-Tammann-Fulcher law fitted; ``parameters`` holds A (S K^1/2/m), B and T0 (K) where they exist.

    The activation energy is the apparent one at the reference temperature.
    """

    @property
    def curvature(self) -> float:
        """1/(reference - T0) in 1/K."""
        return float(self.fit.parameters[2])

    @property
    def physical(self) -> bool:
        """Whether T0 lies between 0 K and the lowest temperature, its bound excluded."""
        return 1.0 / self.series.reference < self.curvature < 0.999 * _highest_curvature(self.series)

    @property
    def vogel_interval(self) -> tuple[float | None, float | None]:
        """The 95 % interval of T0 in K; None for an end that the data leave open."""
        margin = coverage_factor(LEVEL_95, self.freedom) * float(self.fit.standard_errors[2])
        low, high = self.curvature - margin, self.curvature + margin
        return (
            self.series.reference - 1.0 / low if low > 1.0 / self.series.reference else None,
            self.series.reference - 1.0 / high if 0 < high < _highest_curvature(self.series) else None,
        )

    @property
    def identifiable(self) -> bool:
        """Whether the data determine T0: its 95 % interval is bounded within 0 K and the lowest temperature."""
        return self.physical and None not in self.vogel_interval


def apparent_activation_energy(B: float, T0: float, temperature: float) -> float:
    r"""Return the slope of a VTF conductivity in the Arrhenius plane.

    .. math:: E_\mathrm{app} = -R\,\frac{d\ln\sigma}{d(1/T)} = \frac{R B T^2}{(T - T_0)^2} - \frac{R T}{2}

    Parameters
    ----------
    B : float
        K.
    T0 : float
        K, below `temperature`.
    temperature : float
        K.

    Returns
    -------
    float
        Of sigma, in J/mol; that of sigma T is larger by R T.

    References
    ----------
    G. S. Fulcher, J. Am. Ceram. Soc. 8 (1925) 339, doi:10.1111/j.1151-2916.1925.tb16731.x (the law); the slope is
    its derivative.

    Examples
    --------
    >>> round(apparent_activation_energy(1000.0, 200.0, 300.0))
    73583
    """
    return GAS * (B * temperature**2 / (temperature - T0) ** 2 - temperature / 2)


def fit_vtf(series: TemperatureSeries) -> VtfFit:
    r"""Fit the Vogel-Tammann-Fulcher law.

    .. math:: \sigma = A\,T^{-1/2} \exp\left(-\frac{B}{T - T_0}\right)

    Parameters
    ----------
    series : TemperatureSeries
        At least four temperatures.

    Returns
    -------
    VtfFit
        The curvature may come out as that of no T0 between 0 K and the lowest temperature; then ``physical`` is
        False.

    Notes
    -----
    T0 is usually not determined by fewer than eight temperatures over 60 K; the apparent activation energy in the
    middle of the range is.

    References
    ----------
    G. S. Fulcher, J. Am. Ceram. Soc. 8 (1925) 339, doi:10.1111/j.1151-2916.1925.tb16731.x.

    Examples
    --------
    >>> from lamion.techniques.conduction.temperature_fit import temperature_series
    >>> T = np.linspace(293.15, 353.15, 9)
    >>> vtf = fit_vtf(temperature_series(T, 30.0 / np.sqrt(T) * np.exp(-900.0 / (T - 200.0))))
    >>> [round(vtf.parameters[name], 3) for name in ("A", "B", "T0")]
    [30.0, 900.0, 200.0]
    """
    found = fit_log_conductivity(
        series,
        lambda p: _logarithm(p, series.temperature, series),
        lambda p: _jacobian(p, series),
        _start(series),
        [-np.inf, -np.inf, _lowest_curvature(series)],
        [np.inf, np.inf, _highest_curvature(series)],
    )
    return VtfFit("vtf", series, found, lambda T: _logarithm(found.parameters, T, series), _parameters(found, series))


def _parameters(found: Fit, series: TemperatureSeries) -> dict[str, float]:
    value, energy, curvature = (float(p) for p in found.parameters)
    if curvature <= 1.0 / series.reference:
        return {}
    beta = _beta(energy, series)
    log_sigma = value - (np.log(series.reference) if series.of == "sigma T" else 0.0)
    B = beta / curvature**2
    return {
        "A": bounded_exp(float(log_sigma + 0.5 * np.log(series.reference) + B * curvature)),
        "B": B,
        "T0": series.reference - 1.0 / curvature,
    }


def _power(series: TemperatureSeries) -> float:
    """Return the power of T in front of the exponential: of sigma, or of sigma T."""
    return 0.5 if series.of == "sigma T" else -0.5


def _beta(energy: float, series: TemperatureSeries) -> float:
    return energy / series.reference**2 - _power(series) / series.reference


def _logarithm(parameters: Array, temperature: Array, series: TemperatureSeries) -> Array:
    value, energy, curvature = parameters
    x = temperature - series.reference
    logarithm: Array = (
        value
        + _power(series) * np.log(temperature / series.reference)
        + _beta(energy, series) * x / (1.0 + curvature * x)
    )
    return logarithm


def _jacobian(parameters: Array, series: TemperatureSeries) -> Array:
    x = series.temperature - series.reference
    shape = x / (1.0 + parameters[2] * x)
    return np.stack([np.ones_like(x), shape / series.reference**2, -_beta(parameters[1], series) * shape**2], axis=1)


def _start(series: TemperatureSeries) -> Array:
    """Return the best of a grid of curvatures, the other two parameters solved for exactly."""
    coldest = float(series.temperature.min())
    straight = np.linspace(0.9 * _lowest_curvature(series), 0.0, 8)
    bent = 1.0 / (series.reference - np.linspace(0.0, coldest - 2 * _MARGIN, _GRID))
    curvatures = np.concatenate([straight, bent])
    return _at_curvature(series, float(curvatures[int(np.argmax(_explained(series, curvatures)))]))


def _explained(series: TemperatureSeries, curvatures: Array) -> Array:
    """Return how much of the sum of squares the law explains beyond a constant, for each curvature."""
    weight = series.weight / np.linalg.norm(series.weight)
    x = series.temperature - series.reference
    shapes = weight * x / (1.0 + curvatures[:, None] * x)
    shapes = shapes - np.outer(shapes @ weight, weight)
    target = weight * (series.logarithm - _power(series) * np.log(series.temperature / series.reference))
    explained: Array = (shapes @ target) ** 2 / np.sum(shapes**2, axis=1)
    return explained


def _at_curvature(series: TemperatureSeries, curvature: float) -> Array:
    x = series.temperature - series.reference
    columns = np.stack([np.ones_like(x), x / (1.0 + curvature * x)], axis=1)
    offset = _power(series) * np.log(series.temperature / series.reference)
    value, beta = solve_linear(series, columns, offset)
    energy = (beta + _power(series) / series.reference) * series.reference**2
    return np.array([value, energy, curvature])


def _highest_curvature(series: TemperatureSeries) -> float:
    return 1.0 / (series.reference - float(series.temperature.min()) + _MARGIN)


def _lowest_curvature(series: TemperatureSeries) -> float:
    return -1.0 / (float(series.temperature.max()) - series.reference + _MARGIN)
