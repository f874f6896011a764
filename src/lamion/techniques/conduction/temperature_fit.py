"""Conductivity against temperature as the fits see it, and what each fit of it says."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.numerics.least_squares import Fit, aicc, fit
from lamion.quantities.constants import GAS
from lamion.quantities.errors import InputError
from lamion.quantities.level import LEVEL, coverage_factor

Array = NDArray[np.float64]
Of = Literal["sigma", "sigma T"]

_COLDEST = 150.0
_ROUNDING = 1e-8
_LARGEST_LOGARITHM = 700.0


@dataclass(frozen=True, eq=False)
class TemperatureSeries:
    """The logarithm of a conductivity at several temperatures, with its weights.

    Parameters
    ----------
    temperature : array, shape (n,)
        K.
    conductivity : array, shape (n,)
        S/m.
    std : array, shape (n,), or None
        Standard uncertainties of the conductivities in S/m, independent from point to point; None when unknown.
    of : str
        ``"sigma"`` or ``"sigma T"``: of which of the two the activation energy is.
    reference : float
        The temperature in K at which an activation energy is stated where it depends on temperature.
    trusted : bool
        Whether `std` is the size of the noise (True), or only its ratio between the points (False).
    """

    temperature: Array
    conductivity: Array
    std: Array | None
    of: Of
    reference: float
    trusted: bool

    @property
    def logarithm(self) -> Array:
        """The natural logarithm of sigma in S/m, or of sigma T in S K/m."""
        return np.log(self.conductivity * (self.temperature if self.of == "sigma T" else 1.0))

    @property
    def weight(self) -> Array:
        """One over the standard uncertainty of the logarithm; ones when it is unknown."""
        return np.ones_like(self.conductivity) if self.std is None else self.conductivity / self.std

    @property
    def inverse(self) -> Array:
        """The abscissa 1/T - 1/reference in 1/K."""
        return 1.0 / self.temperature - 1.0 / self.reference

    def scaled(self) -> TemperatureSeries:
        """Return the same series with the size of its noise taken from the scatter."""
        return replace(self, trusted=False)


@dataclass(frozen=True, eq=False)
class TemperatureFit:
    r"""One model of the conductivity, fitted, and its tangent at the reference temperature.

    The tangent in the Arrhenius plane is :math:`\sigma = A \exp(-E_a / RT)` (or the same for sigma T); the first
    two parameters of every fit are its value at the reference temperature and :math:`E_a/R`.

    Parameters
    ----------
    model : str
        ``"arrhenius"``, ``"vtf"`` or ``"two-segment"``.
    series : TemperatureSeries
        What was fitted.
    fit : Fit
        In the model's own parameters.
    curve : callable
        Temperatures in K to the logarithm of sigma (S/m) or sigma T (S K/m).
    parameters : Mapping of str to float
        The model's parameters under the names of the field, in SI.
    """

    model: str
    series: TemperatureSeries
    fit: Fit
    curve: Callable[[Array], Array]
    parameters: Mapping[str, float]

    @property
    def freedom(self) -> float:
        """Degrees of freedom of the noise; infinite when it is known."""
        return math.inf if self.series.trusted else max(len(self.fit.residuals) - len(self.fit.parameters), 1)

    @property
    def activation_energy(self) -> float:
        """The activation energy at the reference temperature in J/mol."""
        return GAS * float(self.fit.parameters[1])

    @property
    def activation_energy_error(self) -> float:
        """The standard error of the activation energy in J/mol."""
        return GAS * float(self.fit.standard_errors[1])

    def activation_energy_margin(self, level: float = LEVEL) -> float:
        """Return half the width of the activation energy's interval in J/mol.

        Parameters
        ----------
        level : float
            The share of intervals that cover the truth.

        Notes
        -----
        Without uncertainties of the points the noise may grow along them. An interval at lamion's level then covers
        65 to 75 of a hundred draws of an Arrhenius line of 7 to 13 points, and 74 to 80 of a VTF law of equal noise.
        """
        return coverage_factor(level, self.freedom) * self.activation_energy_error

    @property
    def log_prefactor(self) -> float:
        """The natural logarithm of the tangent's prefactor A, in S/m or S K/m."""
        return float(self.fit.parameters[0] + self.fit.parameters[1] / self.series.reference)

    @property
    def log_prefactor_error(self) -> float:
        """The standard error of that logarithm."""
        step = np.array([1.0, 1.0 / self.series.reference])
        return math.sqrt(float(step @ self.fit.covariance[:2, :2] @ step))

    @property
    def aicc(self) -> float:
        """Akaike's criterion; residuals below rounding count as rounding."""
        rounding = float(np.sum((self.series.weight * _ROUNDING) ** 2))
        return aicc(max(self.fit.sum_of_squares, rounding), len(self.fit.residuals), len(self.fit.parameters))

    def conductivity(self, temperature: ArrayLike) -> Array:
        """Return the fitted conductivity in S/m.

        Parameters
        ----------
        temperature : array-like
            K.
        """
        T = np.asarray(temperature, dtype=np.float64)
        logarithm = np.clip(self.curve(T), -_LARGEST_LOGARITHM, _LARGEST_LOGARITHM)
        value: Array = np.exp(logarithm) / (T if self.series.of == "sigma T" else 1.0)
        return value


def temperature_series(
    temperature: ArrayLike,
    conductivity: ArrayLike,
    std: ArrayLike | None = None,
    *,
    of: Of = "sigma",
    reference: float | None = None,
) -> TemperatureSeries:
    """Check conductivities at several temperatures and hold them ready for the fits.

    Parameters
    ----------
    temperature : array-like, shape (n,)
        K; at least three different ones.
    conductivity : array-like, shape (n,)
        S/m, larger than zero.
    std : array-like, shape (n,), optional
        Standard uncertainties in S/m, independent from point to point. A common factor (thickness, area) is left
        out: it moves no activation energy.
    of : str
        ``"sigma"`` or ``"sigma T"``.
    reference : float, optional
        The temperature in K, inside the measured range, at which the activation energy is stated; the middle of
        the range without it.

    Returns
    -------
    TemperatureSeries

    Raises
    ------
    InputError
        For too few or equal temperatures, temperatures that look like degrees Celsius, conductivities that are
        not positive, uncertainties that are not positive, arrays of different lengths.

    Examples
    --------
    >>> series = temperature_series([293.15, 313.15, 333.15], [0.01, 0.02, 0.04])
    >>> round(series.reference, 2), series.trusted
    (313.15, False)
    """
    if of not in ("sigma", "sigma T"):
        raise InputError(f"An activation energy of '{of}' is not known.", "", "Ask for 'sigma' or 'sigma T'.")
    T, sigma = np.array(temperature, dtype=np.float64), np.array(conductivity, dtype=np.float64)
    u = None if std is None else np.array(std, dtype=np.float64)
    _check_shapes(T, sigma, u)
    _check_temperatures(T)
    _check_conductivities(sigma, u)
    middle = float(T.min() + T.max()) / 2 if reference is None else reference
    if not T.min() <= middle <= T.max():
        raise InputError(
            f"The temperature {middle:g} K at which the activation energy is asked for lies outside the measured "
            f"range, {T.min():g} to {T.max():g} K.",
            "",
            "Name a temperature inside the range.",
        )
    return TemperatureSeries(T, sigma, u, of, middle, trusted=u is not None)


def _check_shapes(temperature: Array, conductivity: Array, std: Array | None) -> None:
    same = temperature.ndim == 1 and temperature.shape == conductivity.shape
    if not same or (std is not None and std.shape != temperature.shape):
        raise InputError("Each temperature needs one conductivity and, where given, one uncertainty.")


def _check_temperatures(temperature: Array) -> None:
    if not np.all(np.isfinite(temperature)):
        raise InputError("A temperature is not a finite number.")
    if temperature.size and temperature.min() < _COLDEST:
        raise InputError(
            f"The lowest temperature is {temperature.min():g} K.",
            "No electrolyte's conduction is measured below 150 K: the temperatures look like degrees Celsius.",
            "Give them in kelvin (add 273.15), or head the column 'temperature / degC'.",
        )
    different = len(np.unique(temperature))
    if different == 1 and temperature.size > 1:
        raise InputError("All temperatures are equal, so no activation energy follows.", "", "Add temperatures.")
    if different < 3:
        raise InputError(
            f"An activation energy with an uncertainty needs three different temperatures; {different} given.",
            "",
            "Measure at more temperatures; with eight over 60 K curvature can be judged as well.",
        )


def _check_conductivities(conductivity: Array, std: Array | None) -> None:
    if not np.all(np.isfinite(conductivity) & (conductivity > 0)):
        raise InputError(
            "A conductivity is not a positive number.",
            "Its spectrum may hold no usable resistance, or a column was confused.",
            "Leave that temperature out or correct it.",
        )
    if std is not None and not np.all(np.isfinite(std) & (std > 0)):
        raise InputError(
            "An uncertainty of a conductivity is not a positive number.", "", "Give one for every point, or none."
        )


def fit_log_conductivity(
    series: TemperatureSeries,
    model: Callable[[Array], Array],
    jacobian: Callable[[Array], Array],
    start: Array,
    lower: ArrayLike = -np.inf,
    upper: ArrayLike = np.inf,
) -> Fit:
    """Fit a model of the logarithm of sigma (or sigma T) with the series' weights.

    Parameters
    ----------
    series : TemperatureSeries
        What to fit.
    model : callable
        Parameters to the logarithm at the series' temperatures, shape (n,).
    jacobian : callable
        Parameters to its derivatives, shape (n, k).
    start : array, shape (k,)
        Where to begin.
    lower, upper : array-like
        Bounds.
    """
    weight, target = series.weight, series.logarithm
    found = fit(
        lambda p: weight * (model(p) - target),
        start,
        jacobian=lambda p: weight[:, None] * jacobian(p),
        lower=lower,
        upper=upper,
        absolute_weights=series.trusted,
    )
    return found if series.trusted else found.whatever_the_noise()


def bounded_exp(logarithm: float) -> float:
    """Return the exponential, held inside the range of floats.

    Parameters
    ----------
    logarithm : float
        Any; beyond +-700 it counts as that.
    """
    return math.exp(min(max(logarithm, -_LARGEST_LOGARITHM), _LARGEST_LOGARITHM))


def solve_linear(series: TemperatureSeries, columns: Array, offset: Array | float = 0.0) -> Array:
    """Return the weighted linear least-squares solution for given columns.

    Parameters
    ----------
    series : TemperatureSeries
        What to fit.
    columns : array, shape (n, k)
        The model is ``offset + columns @ p``.
    offset : array or float
        The part without parameters.
    """
    weight = series.weight
    left = weight[:, None] * columns
    solution = np.linalg.lstsq(left, weight * (series.logarithm - offset), rcond=None)[0]
    return np.asarray(solution, dtype=np.float64)
