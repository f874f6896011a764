r"""The thermodynamic factor from the voltages of concentration cells with transference.

A cell Li | electrolyte at c_ref | electrolyte at c | Li shows, for a binary univalent salt,

.. math:: \left|\frac{dU}{d\ln c}\right| = \frac{2 R T}{F}(1 - t_+)
          \left(1 + \frac{d\ln\gamma_\pm}{d\ln c}\right)

so the voltages give the product of the two unknowns; with t+ from elsewhere, the factor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.numerics.least_squares import Fit, aicc, fit
from lamion.quantities import Answer, FigureData, InputError, Quantity, propagate, units
from lamion.quantities.constants import FARADAY, GAS
from lamion.quantities.figure import Axis, Figure, Line, Panel, Points, Rule, prefixed
from lamion.quantities.level import LEVEL, LEVEL_95, coverage_factor

Array = NDArray[np.float64]

_DEGREES = (1, 2, 3)
_ROUNDING = 1e-9
_SOURCE = "concentration cells with transference"


@dataclass(frozen=True, eq=False)
class CellCurve:
    """The voltage as a polynomial in ln(c/at), fitted.

    Parameters
    ----------
    fit : Fit
        Its coefficients, constant first, in V.
    degree : int
        Of the polynomial.
    at : float
        The concentration in mol/m3 at which the slope is taken.
    trusted : bool
        Whether the noise was stated.
    model_choice_std : float
        Of the slope, from the choice of the degree, in V.
    """

    fit: Fit
    degree: int
    at: float
    trusted: bool
    model_choice_std: float

    @property
    def slope(self) -> float:
        """dU/dln(c) at the concentration, in V."""
        return float(self.fit.parameters[1])

    def margin(self, level: float = LEVEL) -> float:
        """Return half the width of the slope's interval in V, the choice of the degree left out.

        Parameters
        ----------
        level : float
            The share of intervals that cover the truth.
        """
        freedom = np.inf if self.trusted else max(len(self.fit.residuals) - len(self.fit.parameters), 1)
        return coverage_factor(level, float(freedom)) * float(self.fit.standard_errors[1])

    def voltage(self, concentration: Array) -> Array:
        """Return the fitted voltage in V.

        Parameters
        ----------
        concentration : array
            mol/m3.
        """
        powers = np.vander(np.log(concentration / self.at), self.degree + 1, increasing=True)
        value: Array = powers @ self.fit.parameters
        return value


def cell_curve(
    concentration: ArrayLike,
    voltage: ArrayLike,
    at: float,
    std: ArrayLike | None = None,
    *,
    degrees: tuple[int, ...] = _DEGREES,
) -> CellCurve:
    r"""Fit the voltages of concentration cells, the degree chosen by AICc.

    .. math:: U = \sum_k a_k \left(\ln\frac{c}{c_\mathrm{at}}\right)^k, \qquad
              \frac{dU}{d\ln c}\bigg|_{c_\mathrm{at}} = a_1

    Parameters
    ----------
    concentration : array-like, shape (n,)
        mol/m3.
    voltage : array-like, shape (n,)
        V, against one reference concentration.
    at : float
        Where the slope is wanted, in mol/m3, inside the range.
    std : array-like, shape (n,), optional
        Standard uncertainties of the voltages in V.
    degrees : tuple of int
        Degrees to compare.

    Raises
    ------
    InputError
        For arrays of different lengths, fewer than four different concentrations, values that are not positive or
        finite, or a concentration outside the range.

    Examples
    --------
    >>> c = np.array([250.0, 500.0, 1000.0, 2000.0, 3000.0])
    >>> curve = cell_curve(c, -0.060 * np.log(c / 1000.0), 1000.0)
    >>> round(curve.slope, 6), curve.degree
    (-0.06, 1)
    """
    c, U = np.array(concentration, dtype=np.float64), np.array(voltage, dtype=np.float64)
    u = None if std is None else np.array(std, dtype=np.float64)
    _check(c, U, u, at)
    weight = np.ones_like(U) if u is None else 1.0 / u
    fits = [(degree, _polynomial(c / at, U, weight, degree, u is not None)) for degree in degrees]
    fits = [(degree, found) for degree, found in fits if len(U) > degree + 1]
    criteria = np.array([_criterion(found, weight) for _, found in fits])
    if not np.isfinite(criteria.min()):
        criteria = np.arange(len(fits), dtype=np.float64) * 1e3
    shares = np.exp(-0.5 * (criteria - criteria.min()))
    degree, best = fits[int(np.argmin(criteria))]
    deviations = np.array([float(found.parameters[1] - best.parameters[1]) for _, found in fits])
    spread = float(np.sqrt(shares @ deviations**2 / shares.sum()))
    return CellCurve(best, degree, at, u is not None, spread)


def _polynomial(ratio: Array, voltage: Array, weight: Array, degree: int, trusted: bool) -> Fit:
    powers = np.vander(np.log(ratio), degree + 1, increasing=True) * weight[:, None]
    start = np.linalg.lstsq(powers, weight * voltage, rcond=None)[0]
    return fit(lambda p: powers @ p - weight * voltage, start, jacobian=lambda p: powers, absolute_weights=trusted)


def _criterion(found: Fit, weight: Array) -> float:
    rounding = float(np.sum((_ROUNDING * weight) ** 2))
    return aicc(max(found.sum_of_squares, rounding), len(found.residuals), len(found.parameters))


def _check(concentration: Array, voltage: Array, std: Array | None, at: float) -> None:
    if concentration.ndim != 1 or concentration.shape != voltage.shape:
        raise InputError("Each concentration needs one voltage.")
    if std is not None and (std.shape != voltage.shape or not np.all(np.isfinite(std) & (std > 0))):
        raise InputError("Each voltage needs one uncertainty larger than zero, or none has one.")
    if not np.all(np.isfinite(concentration) & (concentration > 0) & np.isfinite(voltage)):
        raise InputError("A concentration is not a positive number, or a voltage is not finite.")
    if len(np.unique(concentration)) < 4:
        raise InputError(
            f"Concentration cells at {len(np.unique(concentration))} concentrations are too few for a slope with an "
            "uncertainty.",
            "",
            "Measure at four or more.",
        )
    if not concentration.min() <= at <= concentration.max():
        raise InputError(
            f"The concentration {at / 1e3:g} mol/L lies outside the measured range, {concentration.min() / 1e3:g} to "
            f"{concentration.max() / 1e3:g} mol/L.",
            "",
            "Name a concentration inside the range.",
        )


def factor_from_slope(slope: float, transference: float, temperature: float) -> float:
    r"""Return the thermodynamic factor.

    .. math:: 1 + \frac{d\ln\gamma_\pm}{d\ln c} = \frac{F\,|dU/d\ln c|}{2 R T (1 - t_+)}

    Parameters
    ----------
    slope : float
        dU/dln(c) in V; its sign is that of the cell's wiring and does not count.
    transference : float
        t+, below 1.
    temperature : float
        K.

    References
    ----------
    D. M. Pesko et al., J. Electrochem. Soc. 164 (2017) E3569, doi:10.1149/2.0581711jes.

    Examples
    --------
    An ideal electrolyte with t+ = 0.4 at 25 degC gives 30.8 mV per unit of ln(c):

    >>> round(factor_from_slope(2 * GAS * 298.15 / FARADAY * 0.6, 0.4, 298.15), 12)
    1.0
    """
    return FARADAY * abs(slope) / (2 * GAS * temperature * (1 - transference))


def thermodynamic_factor(
    concentration: ArrayLike,
    voltage: ArrayLike,
    at: Quantity,
    temperature: Quantity,
    *,
    std: ArrayLike | None = None,
    transference: Quantity | None = None,
) -> Answer:
    """Find the thermodynamic factor from concentration cells.

    Parameters
    ----------
    concentration : array-like, shape (n,)
        mol/m3.
    voltage : array-like, shape (n,)
        V, against one reference concentration.
    at : Quantity
        The concentration asked for.
    temperature : Quantity
        Of the cells.
    std : array-like, optional
        Standard uncertainties of the voltages in V.
    transference : Quantity, optional
        t+; without it only the product is known.

    Returns
    -------
    Answer
        ``slope`` (mV), ``slope_product`` = (1 - t+)(1 + dln(gamma)/dln(c)), and ``thermodynamic_factor`` where t+ is
        given.

    Raises
    ------
    InputError
        As :func:`cell_curve`; another dimension; t+ of 1 or more.

    Notes
    -----
    In molalities the factor is that of Newman's theory; in molarities it differs by the solution's density. Each
    concentration's own error is taken as small beside the voltage's.

    Examples
    --------
    >>> c = np.array([250.0, 500.0, 1000.0, 2000.0, 3000.0])
    >>> answer = thermodynamic_factor(c, -0.0616558 * np.log(c / 1000.0), Quantity(1.0, None, "mol/L"),
    ...     Quantity(25.0, None, "degC"), transference=Quantity(0.4, 0.05, "1"))
    >>> round(answer.results["slope_product"].value, 4), round(answer.results["thermodynamic_factor"].value, 4)
    (1.1999, 1.9998)
    """
    _check_conditions(at, temperature, transference)
    curve = cell_curve(concentration, voltage, at.si, std)
    total = float(np.hypot(curve.margin(), curve.model_choice_std))
    slope = Quantity(1e3 * curve.slope, 1e3 * total, "mV", _SOURCE)
    zero = Quantity(0.0, None, "1")
    results = {
        "slope": slope,
        "slope_product": propagate(factor_from_slope, slope, zero, temperature, unit="1", source=_SOURCE),
    }
    if transference is not None:
        results["thermodynamic_factor"] = propagate(
            factor_from_slope, slope, transference, temperature, unit="1", source=_SOURCE
        )
    c, U = np.array(concentration, dtype=np.float64), np.array(voltage, dtype=np.float64)
    return Answer(
        results,
        {
            "Concentration / mol/m3": c.tolist(),
            "Voltage / V": U.tolist(),
            "Fitted Voltage / V": curve.voltage(c).tolist(),
        },
        {
            "model": f"polynomial of degree {curve.degree} in ln c",
            "uncertainty": {
                "fit_mV": 1e3 * curve.margin(),
                "model_choice_mV": 1e3 * curve.model_choice_std,
                "half_interval_95_mV": 1e3 * float(np.hypot(curve.margin(LEVEL_95), 2 * curve.model_choice_std)),
            },
        },
        figures={"concentration_cell": _figure(c, U, curve)},
        method=f"A polynomial of degree {curve.degree} in ln c through {len(c)} voltages; the factor follows from its "
        f"slope at {at}.",
    )


def _check_conditions(at: Quantity, temperature: Quantity, transference: Quantity | None) -> None:
    if not units.same_dimension(at.unit, "mol/m3") or at.si <= 0:
        raise InputError("The concentration asked for is not positive.", "", "Give it as in '1 mol/L'.")
    if not units.same_dimension(temperature.unit, "K") or temperature.si <= 0:
        raise InputError("The temperature is not one.", "", "Give it as in '25 degC'.")
    if transference is not None and transference.si >= 1:
        raise InputError(
            "With a transference number of 1 or more a concentration cell shows no voltage to read.",
            "",
            "Give a value below 1.",
        )


def _figure(concentration: Array, voltage: Array, curve: CellCurve) -> FigureData:
    c = np.geomspace(concentration.min(), concentration.max(), 121)
    size, unit = prefixed(float(np.max(np.abs(voltage))), "V")
    traces = [
        Points(concentration, voltage / size, "measured", open=True),
        Line(c, curve.voltage(c) / size, "fit", 5),
        Rule(curve.at, label="read here"),
    ]
    ticks = [(float(mark), f"{mark:g}") for mark in np.unique(concentration)]
    panel = Panel(traces, Axis("concentration", "mol/m3", "log", ticks=ticks), Axis("voltage", unit))
    return Figure([panel]).entitled("Voltage of the concentration cells")
