r"""Activation energy from peak temperatures at several rates of heating (Kissinger).

.. math:: \ln\frac{\beta}{T_p^2} = \ln\frac{A R}{E} - \frac{E}{R T_p}
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.quantities import Answer, FigureData, InputError, Quantity
from lamion.quantities.constants import GAS
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points
from lamion.quantities.level import coverage_factor

Array = NDArray[np.float64]
SOURCE = "Kissinger's line"
_FEWEST = 3
_NARROW = 2.0
"""The largest rate over the smallest, below which the line is short."""


@dataclass(frozen=True)
class KissingerLine:
    """Kissinger's line.

    Parameters
    ----------
    energy : float
        J/mol.
    error : float
        Its standard error.
    logarithm : float
        Of the frequency factor in 1/s.
    logarithm_error : float
        Its standard error.
    freedom : int
        Of degrees, from which the scatter was estimated.
    residuals : array, shape (n,)
        Of the logarithms.
    """

    energy: float
    error: float
    logarithm: float
    logarithm_error: float
    freedom: int
    residuals: Array


def kissinger_raw(rate: Array, peak: Array, uncertainty: Array | None = None) -> KissingerLine:
    """Fit Kissinger's line.

    Parameters
    ----------
    rate : array, shape (n,)
        K/s.
    peak : array, shape (n,)
        K.
    uncertainty : array, shape (n,), optional
        Standard uncertainties of the peaks in K; the line's error is then no smaller than they make it.

    Returns
    -------
    KissingerLine

    Raises
    ------
    InputError
        When there are fewer than three rates, or all are one.

    References
    ----------
    H. E. Kissinger, Anal. Chem. 29 (1957) 1702, doi:10.1021/ac60131a045.

    Examples
    --------
    >>> T = np.array([500.0, 510.0, 520.0])
    >>> beta = T**2 * np.exp(-120e3 / 8.314462618 / T)
    >>> round(kissinger_raw(beta, T).energy)
    120000
    """
    if len(rate) < _FEWEST or np.ptp(np.log(rate)) < 1e-6:
        raise InputError(
            f"Kissinger's line needs {_FEWEST} different rates at least.",
            f"Given were {len(rate)}, from {60 * rate.min():.3g} to {60 * rate.max():.3g} K/min.",
            "Measure at 2, 5, 10 and 20 K/min, for instance.",
        )
    x, y = 1.0 / peak, np.log(rate / peak**2)
    centre = float(x.mean())
    design = np.stack([np.ones(len(x)), x - centre], axis=1)
    pseudo = np.linalg.pinv(design)
    found = pseudo @ y
    left = y - design @ found
    freedom = len(x) - 2
    variance = float(np.sum(left**2)) / freedom
    scatter = variance * pseudo @ pseudo.T
    if uncertainty is not None:
        energy = -float(found[1]) * GAS
        own = uncertainty * np.abs(energy / GAS / peak**2 - 2.0 / peak)
        scatter = np.maximum(scatter, (pseudo * own**2) @ pseudo.T) if variance < np.mean(own**2) else scatter
    slope = float(found[1])
    energy = -slope * GAS
    logarithm = float(found[0] - slope * centre) + math.log(energy / GAS) if energy > 0 else math.nan
    along = np.array([1.0, -centre + (1.0 / slope if slope else 0.0)])
    error, spread = GAS * math.sqrt(float(scatter[1, 1])), math.sqrt(float(along @ scatter @ along))
    return KissingerLine(energy, error, logarithm, spread, freedom, left)


def kissinger(rates: Sequence[float], peaks: Sequence[float], errors: Sequence[float] | None = None) -> Answer:
    """Read an activation energy from peaks at several rates.

    Parameters
    ----------
    rates : sequence of float
        K/s.
    peaks : sequence of float
        K, where the reaction is fastest.
    errors : sequence of float, optional
        Standard uncertainties of the peaks, K.

    Returns
    -------
    Answer
        ``activation_energy`` (kJ/mol) and the ``frequency_factor`` (1/s), of one step of first order; the interval has
        Student's factor where few rates were measured.

    Raises
    ------
    InputError
        When the rates are too few, or the peaks do not rise with them.
    """
    beta, T = np.asarray(rates, dtype=np.float64), np.asarray(peaks, dtype=np.float64)
    line = kissinger_raw(beta, T, None if errors is None else np.asarray(errors, dtype=np.float64))
    if line.energy <= 0.0:
        raise InputError(
            "The peaks do not rise with the rate of heating.",
            "A thermally activated reaction peaks later when it is heated faster; these may be peaks of different "
            "reactions, or of melting.",
            "Check which peak was read in each file.",
        )
    factor = coverage_factor(freedom=line.freedom)
    value, half = line.energy / 1000.0, factor * line.error / 1000.0
    ends = tuple(math.exp(line.logarithm + sign * factor * line.logarithm_error) for sign in (-1.0, 1.0))
    middle = math.exp(min(line.logarithm, 700.0))
    return Answer(
        {
            "activation_energy": Quantity(value, half, "kJ/mol", SOURCE),
            "frequency_factor": Quantity(middle, None, "1/s", SOURCE, interval=(ends[0], ends[1])),
        },
        series={
            "Heating Rate / K/min": (60.0 * beta).tolist(),
            "Peak Temperature / degC": (T - 273.15).tolist(),
            "Residual / 1": line.residuals.tolist(),
        },
        warnings=tuple(_doubts(beta)),
        method=f"Kissinger's line through peaks at {len(beta)} rates, {60 * beta.min():.3g} to {60 * beta.max():.3g} "
        "K/min.",
        assumptions=(
            "The peak is one step, of first order: for other orders the error is some per cent.",
            "The rates are those of the sample.",
        ),
        figures={"kissinger": _figure(beta, T, line)},
        headline=("activation_energy",),
    )


def _doubts(rate: Array) -> Iterator[str]:
    if rate.max() / rate.min() < _NARROW:
        yield (
            f"The rates span a factor of {rate.max() / rate.min():.2g} only: the line is short, and what scatters in "
            "the peaks weighs much. Measure a factor of ten."
        )


def _figure(rate: Array, peak: Array, line: KissingerLine) -> FigureData:
    x, y = 1000.0 / peak, np.log(rate / peak**2)
    order = np.argsort(x)
    fitted = (y - line.residuals)[order]
    traces = [
        Points(x, y, "measured", color="ink"),
        Line(x[order], fitted, f"{line.energy / 1000:.3g} kJ/mol", color=0),
    ]
    return Figure([Panel(traces, Axis("1000 / peak temperature", "1/K"), Axis("ln(rate / T2, in 1/(K s))"))]).entitled(
        "Kissinger's line"
    )
