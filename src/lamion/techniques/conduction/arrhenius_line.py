"""One straight line in the Arrhenius plane."""

from __future__ import annotations

import numpy as np

from lamion.quantities.constants import GAS
from lamion.techniques.conduction.temperature_fit import (
    Array,
    TemperatureFit,
    TemperatureSeries,
    bounded_exp,
    fit_log_conductivity,
    solve_linear,
)


def fit_arrhenius(series: TemperatureSeries) -> TemperatureFit:
    r"""Fit one activation energy.

    .. math:: \ln\sigma = \ln A - \frac{E_a}{R T} \quad\text{or}\quad \ln(\sigma T) = \ln A - \frac{E_a}{R T}

    Parameters
    ----------
    series : TemperatureSeries
        At least three temperatures.

    Returns
    -------
    TemperatureFit
        With ``E`` in J/mol and ``A`` in S/m (S K/m for sigma T) under ``parameters``.

    Notes
    -----
    Least squares in ln sigma with weights (sigma/u)^2. The two forms differ by R T, about 0.026 eV at 300 K.

    References
    ----------
    S. Arrhenius, Z. Phys. Chem. 4 (1889) 226.

    Examples
    --------
    >>> from lamion.techniques.conduction.temperature_fit import temperature_series
    >>> T = np.array([293.15, 313.15, 333.15, 353.15])
    >>> line = fit_arrhenius(temperature_series(T, 100.0 * np.exp(-30000.0 / (8.31446261815324 * T))))
    >>> round(line.activation_energy), round(float(np.exp(line.log_prefactor)), 3)
    (30000, 100.0)
    """
    columns = np.stack([np.ones_like(series.inverse), -series.inverse], axis=1)
    found = fit_log_conductivity(series, lambda p: columns @ p, lambda p: columns, solve_linear(series, columns))
    value, slope = (float(p) for p in found.parameters)

    def curve(temperature: Array) -> Array:
        return value - slope * (1.0 / temperature - 1.0 / series.reference)

    prefactor = bounded_exp(value + slope / series.reference)
    return TemperatureFit("arrhenius", series, found, curve, {"E": GAS * slope, "A": prefactor})
