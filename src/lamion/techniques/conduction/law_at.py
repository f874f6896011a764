"""The conductivity by a fitted law of temperature, at any temperature, with its interval."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lamion.quantities.level import LEVEL, coverage_factor
from lamion.techniques.conduction.arrhenius_line import fit_arrhenius
from lamion.techniques.conduction.temperature_fit import TemperatureFit, TemperatureSeries
from lamion.techniques.conduction.two_segments import TwoSegmentFit, fit_two_segments
from lamion.techniques.conduction.vtf import fit_vtf


@dataclass(frozen=True)
class LawAt:
    """A law's conductivity at one temperature.

    Parameters
    ----------
    value, low, high : float
        S/m; the ends of the interval of lamion's level, the choice of the law in it.
    beyond : float
        How many kelvin the temperature lies outside those that were measured; 0 within.
    """

    value: float
    low: float
    high: float
    beyond: float


def law_at(chosen: TemperatureFit, others: Sequence[tuple[TemperatureFit, float]], temperature: float) -> LawAt:
    r"""Evaluate the chosen law, and widen its interval by what the others say there.

    .. math:: u^2(\ln\sigma) = u_\mathrm{fit}^2 + \sum_i w_i (\ln\sigma_i - \ln\sigma_\mathrm{chosen})^2

    Each law is fitted again with its reference there, where its first parameter is the logarithm asked for.

    Parameters
    ----------
    chosen : TemperatureFit
        The law.
    others : sequence of (TemperatureFit, float)
        All laws that were compared with their weights.
    temperature : float
        K.

    Examples
    --------
    >>> from lamion.techniques.conduction.temperature_fit import temperature_series
    >>> T = np.array([293.15, 313.15, 333.15, 353.15])
    >>> line = fit_arrhenius(temperature_series(T, 100.0 * np.exp(-4000.0 / T)))
    >>> found = law_at(line, [(line, 1.0)], 303.15)
    >>> round(float(found.value / (100.0 * np.exp(-4000.0 / 303.15))), 6), found.beyond
    (1.0, 0.0)
    """
    there = replace(chosen.series, reference=temperature)
    fitted = _again(chosen)(there)
    logarithm = float(fitted.fit.parameters[0])
    margin = coverage_factor(LEVEL, chosen.freedom) * float(fitted.fit.standard_errors[0])
    at = np.array([temperature])
    choice = sum(weight * (float(fit.curve(at)[0]) - logarithm) ** 2 for fit, weight in others)
    size = math.log(temperature) if chosen.series.of == "sigma T" else 0.0
    spread = math.hypot(margin, math.sqrt(choice))
    low, value, high = (math.exp(logarithm - size + step) for step in (-spread, 0.0, spread))
    measured = chosen.series.temperature
    return LawAt(value, low, high, max(0.0, float(measured.min()) - temperature, temperature - float(measured.max())))


def _again(law: TemperatureFit) -> Callable[[TemperatureSeries], TemperatureFit]:
    """Return what fits a law of the same kind, two segments with the break where it was found."""
    if isinstance(law, TwoSegmentFit):
        return lambda series: fit_two_segments(series, law.parameters["break"])
    return fit_vtf if law.model == "vtf" else fit_arrhenius
