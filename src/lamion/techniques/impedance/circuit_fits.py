"""What a circuit makes of spectra: values, covariance, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.batched_least_squares import inverses
from lamion.numerics.complex_least_squares import channels, covariance_with_misfit
from lamion.numerics.least_squares import Fit, aicc
from lamion.numerics.residual_correlation import is_correlated
from lamion.techniques.impedance.circuit import Circuit, logarithmic, scales, to_coordinates
from lamion.techniques.impedance.elements.element import Array, ComplexArray, Frequencies
from lamion.techniques.impedance.spectra import Spectra

LARGEST_DEVIATION = 0.5
"""A parameter whose logarithm has a larger standard deviation (an exponent: 0.3) is not identifiable: then zero, or
twice the value, lie within two deviations."""


@dataclass(frozen=True, eq=False)
class CircuitFits:
    """What a circuit makes of m spectra.

    Parameters
    ----------
    circuit : Circuit
        The circuit.
    spectra : Spectra
        The data with the weights that were used, a robust loss's included.
    values : array, shape (m, k)
        SI values in the order of ``circuit.names``; interchangeable arcs stand in the order of their time constants.
    covariance : array, shape (m, k, k)
        Of the fitted coordinates: logarithms of positive parameters, exponents as they are; zero for a fixed
        parameter, infinite on the diagonal where the data do not determine one.
    free : array of bool, shape (k,)
        Which parameters were fitted.
    noise : array, shape (m,)
        Root of the reduced sum of squares: with modulus weights the relative noise of each part.
    sum_of_squares : array, shape (m,)
        Of the weighted residuals.
    fitted : array of complex, shape (m, n)
        The impedance of the fit, ohm.
    converged : array of bool, shape (m,)
        Whether the fit met its tolerance.
    exponent_room : float
        How far exponents were allowed to pass their upper end.
    """

    circuit: Circuit
    spectra: Spectra
    values: Array
    covariance: Array
    free: NDArray[np.bool_]
    noise: Array
    sum_of_squares: Array
    fitted: ComplexArray
    converged: NDArray[np.bool_]
    exponent_room: float = 0.0

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def logarithmic(self) -> NDArray[np.bool_]:
        """Which parameters are fitted as logarithms, shape (k,)."""
        return logarithmic(self.circuit)

    @cached_property
    def deviations(self) -> Array:
        """Standard deviations of the fitted coordinates, shape (m, k)."""
        return np.asarray(np.sqrt(np.einsum("mkk->mk", self.covariance)))

    @cached_property
    def std(self) -> Array:
        """Standard uncertainties in the parameters' own units, shape (m, k)."""
        return np.where(self.logarithmic, self.values, scales(self.circuit)) * self.deviations

    @cached_property
    def identifiable(self) -> NDArray[np.bool_]:
        """Whether the data determine each parameter, shape (m, k)."""
        return np.asarray(self.deviations < self.largest_deviations)

    @cached_property
    def largest_deviations(self) -> Array:
        """From which standard deviation on a fitted coordinate counts as not identifiable, shape (k,)."""
        return np.where(self.logarithmic, 1.0, 0.6) * LARGEST_DEVIATION

    @cached_property
    def correlation(self) -> Array:
        """Correlations of the fitted coordinates, shape (m, k, k); zero beside what is fixed or not determined."""
        scale = self.deviations[:, :, None] * self.deviations[:, None, :]
        usable = np.isfinite(scale) & (scale > 0)
        return np.asarray(np.where(usable, self.covariance, 0.0) / np.where(usable, scale, 1.0))

    @cached_property
    def residuals(self) -> Array:
        """Weighted residuals, shape (m, n, 2), fit minus data; zero where a short spectrum was filled up."""
        difference = self.fitted - self.spectra.impedance
        return np.asarray(np.stack([difference.real, difference.imag], axis=2) * self.spectra.weights)

    def aicc(self, index: int) -> float:
        """Return Akaike's criterion of one spectrum's fit; smaller is better."""
        points = 2 * int(self.spectra.points[index])
        return aicc(float(self.sum_of_squares[index]), points, int(self.free.sum()))


def weighted_jacobian(fits: CircuitFits, index: int) -> Array:
    """Return the derivatives of one spectrum's weighted residuals by the free coordinates, shape (free, n, 2)."""
    frequency = fits.spectra.frequency[0 if len(fits.spectra.frequency) == 1 else index]
    _, derivatives = fits.circuit.response(fits.values[[index]], Frequencies.of(frequency))
    parts = np.stack([derivatives[0].real, derivatives[0].imag], axis=2)
    return np.asarray(parts[fits.free] * fits.spectra.weights[index])


def formal_deviations(fits: CircuitFits, index: int) -> Array:
    """Return the standard deviations of one spectrum's free coordinates if the weights were true, shape (free,)."""
    slopes = weighted_jacobian(fits, index).reshape(int(fits.free.sum()), -1)
    return np.asarray(np.sqrt(np.diag(inverses((slopes @ slopes.T)[None])[0])) * fits.noise[index])


def single_fit(fits: CircuitFits, index: int) -> Fit:
    """Return the fit of one spectrum in the free coordinates, its points alone.

    Parameters
    ----------
    fits : CircuitFits
        Of several spectra.
    index : int
        Which.

    Returns
    -------
    Fit
        Its residuals hold the real parts first, then the imaginary parts.
    """
    free = np.flatnonzero(fits.free)
    used = fits.spectra.used(index)
    residuals = fits.residuals[index, used]
    jacobian = weighted_jacobian(fits, index)[:, used]
    return Fit(
        parameters=to_coordinates(fits.circuit, fits.values[index])[free],
        covariance=fits.covariance[index][np.ix_(free, free)],
        residuals=np.concatenate([residuals[:, 0], residuals[:, 1]]),
        noise=float(fits.noise[index]),
        converged=bool(fits.converged[index]),
        jacobian=np.concatenate([jacobian[..., 0], jacobian[..., 1]], axis=1).T,
    )


def widened_covariance(fits: CircuitFits, index: int) -> Array:
    """Return the covariance of one spectrum, widened where the residuals keep a structure that noise would not leave.

    Parameters
    ----------
    fits : CircuitFits
        Of several spectra, their points in the order of frequency.
    index : int
        Which.

    Returns
    -------
    array, shape (k, k)
        As :attr:`CircuitFits.covariance`.
    """
    free = np.flatnonzero(fits.free)
    covariance = fits.covariance[index].copy()
    if fits.spectra.points[index] >= 2 * len(free):
        covariance[np.ix_(free, free)] = covariance_with_misfit(single_fit(fits, index))
    return np.asarray(covariance)


def residuals_correlate(fits: CircuitFits, index: int) -> bool:
    """Tell whether the residuals of one spectrum keep a structure that noise would not leave.

    Parameters
    ----------
    fits : CircuitFits
        Of several spectra, their points in the order of frequency.
    index : int
        Which.
    """
    return is_correlated(channels(single_fit(fits, index)))
