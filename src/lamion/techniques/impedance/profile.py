r"""Intervals from the profile of the sum of squares, where the quadratic picture fails.

A parameter is held at many values and all others are fitted anew: its interval holds the values at which

.. math:: S(p) - S_\min \le k^2 s^2, \qquad s^2 = \frac{S_\min}{2 n - k}

k is the coverage factor of lamion's level, 1 for one standard deviation. An end that the data do not bound is open.

References
----------
D. M. Bates, D. G. Watts, Nonlinear Regression Analysis and Its Applications, Wiley 1988,
doi:10.1002/9780470316757, chapter 6.
"""

from __future__ import annotations

import math

import numpy as np

from lamion.numerics.profile_interval import ProfileInterval
from lamion.quantities.level import coverage_factor
from lamion.techniques.impedance.circuit import bounds, to_coordinates, to_values
from lamion.techniques.impedance.circuit_fits import CircuitFits
from lamion.techniques.impedance.fit import refit_held

_STEPS = 24
_FURTHEST = math.log(1e4)


def circuit_profile_interval(fits: CircuitFits, index: int, name: str, widening: float = 1.0) -> ProfileInterval:
    """Return the profile interval of one parameter of one spectrum.

    Parameters
    ----------
    fits : CircuitFits
        From :func:`~lamion.techniques.impedance.fit.fit_circuit`.
    index : int
        Which spectrum.
    name : str
        Which parameter; it must have been fitted.
    widening : float
        How many times larger the misfit makes the standard deviation than noise alone would.

    Examples
    --------
    >>> from lamion.techniques.impedance.circuit import Circuit
    >>> from lamion.techniques.impedance.circuit_fits import formal_deviations
    >>> from lamion.techniques.impedance.fit import fit_circuit
    >>> from lamion.techniques.impedance.spectra import gather
    >>> circuit, f = Circuit.read("R0-C1"), np.geomspace(1e4, 1.0, 30)
    >>> wrong = 1 + 0.01 * np.cos(np.arange(30) * 7.0)
    >>> fits = fit_circuit(circuit, gather(f, wrong * circuit.impedance([10.0, 1e-4], f)))
    >>> interval = circuit_profile_interval(fits, 0, "R0")
    >>> formal = fits.values[0, 0] * formal_deviations(fits, 0)[0]
    >>> bool(abs((interval.high - interval.low) / 2 / formal - 1) < 0.05)
    True
    """
    place = fits.circuit.names.index(name)
    best = float(to_coordinates(fits.circuit, fits.values[index])[place])
    lower, upper = (float(end[place]) for end in bounds(fits.circuit, fits.exponent_room))
    limits = max(lower, best - _FURTHEST), min(upper, best + _FURTHEST)
    level = (coverage_factor() * widening) ** 2
    ends = [_end(fits, index, place, best, limit, level) for limit in limits]
    low, high = (None if end is None else _value(fits, place, end) for end in ends)
    return ProfileInterval(low, high)


def _end(fits: CircuitFits, index: int, place: int, best: float, limit: float, level: float) -> float | None:
    """Return where the profile passes a level, in noise variances, before a limit; None if nowhere."""
    distance = limit - best
    if distance == 0:
        return best
    deviation = float(fits.deviations[index, place])
    first = min(0.3 * deviation, 0.5 * abs(distance)) if 0 < deviation < np.inf else 1e-3 * abs(distance)
    steps = np.geomspace(max(first, 1e-9), abs(distance), _STEPS) * math.copysign(1.0, distance)
    cost = refit_held(fits, index, place, best + steps)
    rise = (np.concatenate([[fits.sum_of_squares[index]], cost]) - fits.sum_of_squares[index]) / max(
        float(fits.noise[index]) ** 2, np.finfo(float).tiny
    )
    passed = np.flatnonzero(rise > level)
    if not len(passed):
        return None
    after = int(passed[0])
    at = np.concatenate([[0.0], steps])
    roots = np.sqrt(np.maximum(rise, 0.0))
    share = (math.sqrt(level) - roots[after - 1]) / max(roots[after] - roots[after - 1], 1e-300)
    return best + float(at[after - 1] + min(max(share, 0.0), 1.0) * (at[after] - at[after - 1]))


def _value(fits: CircuitFits, place: int, coordinate: float) -> float:
    row = np.zeros(len(fits.circuit.names))
    row[place] = coordinate
    return float(to_values(fits.circuit, row)[place])
