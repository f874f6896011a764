r"""Activation energy at each conversion, from runs at several rates of heating.

.. math:: \text{KAS:}\ \ln\frac{\beta}{T_\alpha^2} = c_\alpha - \frac{E_\alpha}{R T_\alpha}, \qquad
    \text{Friedman:}\ \ln\left(\frac{d\alpha}{dt}\right)_\alpha = c_\alpha - \frac{E_\alpha}{R T_\alpha}, \qquad
    \text{OFW:}\ \ln \beta = c_\alpha - 1.052 \frac{E_\alpha}{R T_\alpha}
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.constants import GAS
from lamion.quantities.figure import Axis, Figure, Panel, Points
from lamion.quantities.level import coverage_factor
from lamion.techniques.thermal.conversion import Conversion

Array = NDArray[np.float64]
Method = Literal["kas", "friedman", "ofw"]
SOURCE = "isoconversional lines"
_FEWEST = 3
_SHARES = np.arange(0.1, 0.91, 0.1)
_DOYLE = 1.052
_ROUNDS, _LEAST = 4, 1e3
"""Of mending an approximation, and J/mol of an energy in it."""
_SPREAD = 0.2
"""Of the middle energy: more than one reaction."""
_WORDS = {"kas": "Kissinger-Akahira-Sunose", "friedman": "Friedman", "ofw": "Ozawa-Flynn-Wall"}


@dataclass(frozen=True, eq=False)
class Energies:
    """The energy at each conversion.

    Parameters
    ----------
    share : array, shape (m,)
        The conversion.
    energy, error : array, shape (m,)
        J/mol, and its standard error from the scatter about the line.
    freedom : int
        Of degrees of each line.
    """

    share: Array
    energy: Array
    error: Array
    freedom: int


def energies_raw(runs: Sequence[Conversion], method: Method) -> Energies:
    """Fit a line at each conversion from 0.1 to 0.9.

    Parameters
    ----------
    runs : sequence of Conversion
        One a rate.
    method : str
        ``"kas"``, ``"friedman"`` or ``"ofw"``.

    Raises
    ------
    InputError
        When there are fewer than three rates.

    References
    ----------
    S. Vyazovkin et al., Thermochim. Acta 520 (2011) 1, doi:10.1016/j.tca.2011.03.034; G. I. Senum, R. T. Yang,
    J. Therm. Anal. 11 (1977) 445, doi:10.1007/BF01903696.
    """
    rates = np.array([run.rate for run in runs])
    if len(rates) < _FEWEST or np.ptp(np.log(rates)) < 1e-2:
        raise InputError(
            f"Isoconversional energies need {_FEWEST} different rates at least.",
            f"Given were {', '.join(f'{60 * rate:.3g}' for rate in rates)} K/min.",
            "Measure at 2, 5, 10 and 20 K/min, for instance.",
        )
    at = np.array([[_temperature(run, share) for run in runs] for share in _SHARES])
    freedom = len(rates) - 2
    if method == "friedman":
        energy, error = _lines(at, np.array([[math.log(_speed(run, share)) for run in runs] for share in _SHARES]))
    elif method == "ofw":
        slope, scatter = _lines(at, np.broadcast_to(np.log(rates), at.shape))
        energy, error = slope / _DOYLE, np.hypot(scatter / _DOYLE, slope / _DOYLE - _integral(at, rates)[0])
    else:
        energy, error = _integral(at, rates)
    return Energies(_SHARES.copy(), energy, error, freedom)


def _integral(at: Array, rates: Array) -> tuple[Array, Array]:
    """Return energies by the integral of Arrhenius' law, approximated by e^-x / x2 and then mended for what it is."""
    found = _lines(at, np.log(rates)[None, :] - 2.0 * np.log(at))
    for _ in range(_ROUNDS):
        x = np.maximum(found[0][:, None], _LEAST) / (GAS * at)
        mended = (x**4 + 18 * x**3 + 88 * x**2 + 96 * x) / (x**4 + 20 * x**3 + 120 * x**2 + 240 * x + 120)
        found = _lines(at, np.log(rates)[None, :] - 2.0 * np.log(at) - np.log(mended))
    return found


def _lines(at: Array, y: Array) -> tuple[Array, Array]:
    """Return the energy of each line over 1/T and its standard error, J/mol."""
    x = 1.0 / at
    centred = x - x.mean(axis=1, keepdims=True)
    squares = np.sum(centred**2, axis=1)
    slope = np.sum(centred * y, axis=1) / squares
    left = y - y.mean(axis=1, keepdims=True) - slope[:, None] * centred
    error = np.sqrt(np.sum(left**2, axis=1) / (at.shape[1] - 2) / squares)
    return np.asarray(-GAS * slope), np.asarray(GAS * error)


def _temperature(run: Conversion, share: float) -> float:
    """Return where a conversion is reached: the middle of the first and the last place, which noise may set apart."""
    above = np.flatnonzero(run.share >= share)
    below = np.flatnonzero(run.share < share)
    rows = slice(max(0, int(above[0]) - 3), min(len(run.share), int(below[-1]) + 4))
    slope, base = np.polyfit(run.temperature[rows] - run.temperature[rows][0], run.share[rows], 1)
    return float(run.temperature[rows][0] + (share - base) / slope)


def _speed(run: Conversion, share: float) -> float:
    """Return the rate of conversion in 1/s, over a tenth about a conversion."""
    rows = np.flatnonzero(np.abs(run.share - share) < 0.05)
    rows = rows if len(rows) >= 3 else np.argsort(np.abs(run.share - share))[:3]
    slope = float(np.polyfit(run.time[rows] - run.time[rows][0], run.share[rows], 1)[0])
    if slope <= 0.0:
        raise InputError(
            "A rate of conversion is not above zero.", "The curve is too noisy.", "Use --method kas, or a wider window."
        )
    return slope


def isoconversional(runs: Sequence[Conversion], method: Method = "kas") -> Answer:
    """Read the activation energy at each conversion.

    Parameters
    ----------
    runs : sequence of Conversion
        One a rate.
    method : str
        ``"kas"`` (integral, iterated with Senum and Yang's quotient), ``"friedman"`` (differential, needs clean rates)
        or ``"ofw"`` (integral, with Doyle's approximation, whose distance from the former is counted).

    Returns
    -------
    Answer
        ``activation_energy`` (kJ/mol) at a conversion of 0.5, and the ``spread`` over conversions from 0.1 to 0.9: the
        largest less the smallest.
    """
    found = energies_raw(runs, method)
    factor = coverage_factor(freedom=found.freedom)
    middle = int(np.argmin(np.abs(found.share - 0.5)))
    energy, error = found.energy / 1000.0, factor * found.error / 1000.0
    rates = sorted(60.0 * run.rate for run in runs)
    return Answer(
        {
            "activation_energy": Quantity(float(energy[middle]), float(error[middle]), "kJ/mol", SOURCE),
            "spread": Quantity(float(np.ptp(energy)), None, "kJ/mol", SOURCE),
        },
        series={
            "Conversion / 1": found.share.tolist(),
            "Activation Energy / kJ/mol": energy.tolist(),
            "Activation Energy uncertainty / kJ/mol": error.tolist(),
        },
        warnings=tuple(_doubts(energy, error, middle)),
        method=f"{_WORDS[method]}, a line through {len(rates)} rates ({rates[0]:.3g} to {rates[-1]:.3g} K/min) at each "
        "conversion.",
        assumptions=("At one conversion the rate depends on temperature alone.",),
        figures={"energies": _figure(found.share, energy, error)},
        headline=("activation_energy", "spread"),
    )


def _doubts(energy: Array, error: Array, middle: int) -> Iterator[str]:
    if np.ptp(energy) > _SPREAD * abs(energy[middle]) and np.ptp(energy) > 2.0 * float(np.median(error)):
        yield (
            f"The energy changes by {np.ptp(energy):.3g} kJ/mol with the conversion: more than one reaction runs, and "
            "one energy describes none of them. Use the series."
        )


def _figure(share: Array, energy: Array, error: Array) -> FigureData:
    traces = [Points(share, energy, "activation energy", y_error=error, color=0)]
    up = Axis("activation energy", "kJ/mol", results=("activation_energy",))
    return Figure([Panel(traces, Axis("conversion"), up)]).entitled("Activation energy over conversion")
