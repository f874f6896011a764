r"""A drift of the cell during the sweep, told from what a circuit leaves over.

.. math:: Z(\omega_i) = Z(\omega_i; p)\,(1 + d\,s_i), \qquad
          s_i = \frac{\sum_{\omega_j \ge \omega_i} 1/\omega_j}{\sum_j 1/\omega_j} - \frac12

The circuit obeys the Kramers-Kronig relations, the drift does not: the modulus changes without its share of phase.
The drift :math:`d` from the beginning to the end of the sweep, of all of Z or of one resistance, is estimated with the
parameters by one linear step from the fit without it, and the parameters move to their values at the middle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.numerics.batched_least_squares import inverses
from lamion.numerics.sandwich import sandwich
from lamion.quantities.level import LEVEL_95, coverage_factor
from lamion.techniques.impedance.circuit_fits import CircuitFits, weighted_jacobian
from lamion.techniques.impedance.elements.element import Array

_MATTERS = 1e-3
_LEAST_LEFT = 3
_WHOLE = 1.0
"""Relative: of a drift known no better than to the whole of what drifts, one linear step says nothing."""


@dataclass(frozen=True, eq=False)
class Drift:
    """What a spectrum's residuals say of a drift.

    Parameters
    ----------
    size : float
        d of all of Z, relative.
    std : float
        Its standard uncertainty; infinite where the spectrum cannot tell.
    freedom : float
        How many residuals, in effect, decide the uncertainty: few, since the lowest frequencies take most of the time.
    covariance : array, shape (k, k)
        The drift's part of the uncertainty of the circuit's coordinates as values at the middle of the sweep: what
        they move by when all of Z or one of the resistances may drift, whichever is more, less what noise alone makes
        of it.
    """

    size: float
    std: float
    freedom: float
    covariance: Array

    @property
    def seen(self) -> bool:
        """Whether its 95 % interval leaves out zero and it is above 0.1 %."""
        return abs(self.size) > max(coverage_factor(LEVEL_95, self.freedom) * self.std, _MATTERS)


def elapsed(frequency: ArrayLike) -> NDArray[np.float64]:
    """Return when each point is measured, from -1/2 to 1/2 of a sweep that begins at the highest frequency.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz, in any order; each point takes as many periods.

    Examples
    --------
    >>> elapsed([4.0, 2.0, 1.0]).round(3)
    array([-0.357, -0.071,  0.5  ])
    """
    f = np.asarray(frequency, dtype=np.float64)
    order = np.argsort(-f, kind="stable")
    time = np.empty_like(f)
    time[order] = np.cumsum(1.0 / f[order])
    return np.asarray(time / time.max() - 0.5)


def drift_of(fits: CircuitFits, index: int) -> Drift:
    """Estimate the drift of one spectrum.

    Parameters
    ----------
    fits : CircuitFits
        The circuit, fitted to several spectra.
    index : int
        Which.

    Returns
    -------
    Drift

    Notes
    -----
    The direction of the sweep changes the sign of d alone. Of two arcs measured over eight decades with a drift of
    three to ten times the noise, the values at the middle lie within two standard uncertainties, or the drift is seen,
    in 95 % of the cases where all of Z drifts or the slower arc, but in 82 % where only the faster one does: it is
    measured in a moment, and hardly seen later.

    Examples
    --------
    >>> from lamion.techniques.impedance.circuit import Circuit
    >>> from lamion.techniques.impedance.fit import fit_circuit
    >>> from lamion.techniques.impedance.spectra import gather
    >>> circuit, f = Circuit.read("R0-p(R1,C1)"), np.geomspace(1e5, 0.1, 61)
    >>> steady = circuit.impedance([10.0, 50.0, 1e-5], f)
    >>> fits = fit_circuit(circuit, gather(f, steady * (1 + 0.02 * elapsed(f))))
    >>> round(drift_of(fits, 0).size, 3)
    0.02
    """
    used, free = fits.spectra.used(index), fits.free
    slopes = weighted_jacobian(fits, index)[:, used]
    passed = elapsed(fits.spectra.grid(index))[:, None]
    resistances = [p.impedance_power == 1.0 and not p.exponent for p in np.array(fits.circuit.parameters)[free]]
    ways = [_of_all(fits, index) * passed, *(slopes[resistances] * passed)]
    residuals = fits.residuals[index, used].ravel()
    found = [_admitted(slopes.reshape(len(slopes), -1), way.ravel(), residuals) for way in ways]
    covariance = np.zeros((len(free), len(free)))
    covariance[np.ix_(free, free)] = _largest([one.part for one in found])
    return Drift(found[0].size, found[0].std, found[0].freedom, covariance)


def _of_all(fits: CircuitFits, index: int) -> Array:
    """Return the weighted change of the points by the logarithm of all of Z, shape (n, 2)."""
    used = fits.spectra.used(index)
    change = fits.fitted[index, used]
    return np.asarray(np.stack([change.real, change.imag], axis=1) * fits.spectra.weights[index, used])


@dataclass(frozen=True, eq=False)
class _Admitted:
    """One way to drift, admitted: how far, how certain, and what the free coordinates move by."""

    size: float
    std: float
    freedom: float
    shift: Array

    @property
    def part(self) -> Array:
        """The shift, less what noise alone makes of it in the mean."""
        share = 1.0 - (self.std / self.size) ** 2 if abs(self.size) > self.std else 0.0
        return np.asarray(self.shift * np.sqrt(share))


def _admitted(slopes: Array, way: Array, residuals: Array) -> _Admitted:
    rows = np.vstack([slopes, way])
    without, inverse = (inverses((one @ one.T)[None])[0] for one in (slopes, rows))
    if len(residuals) < len(rows) + _LEAST_LEFT or not np.isfinite(inverse).all():
        return _cannot_tell(len(slopes))
    step = -inverse @ (rows @ residuals)
    shift = step[:-1] + without @ (slopes @ residuals)
    std = float(np.sqrt(sandwich(rows, inverse, residuals + rows.T @ step)[-1, -1]))
    if std > _WHOLE:
        return _cannot_tell(len(slopes))
    shares = (inverse[-1] @ rows) ** 2
    return _Admitted(float(step[-1]), std, float(shares.sum() ** 2 / np.sum(shares**2)), shift)


def _cannot_tell(coordinates: int) -> _Admitted:
    return _Admitted(0.0, np.inf, 1.0, np.zeros(coordinates))


def _largest(shifts: Sequence[Array]) -> Array:
    """Return the covariance that has each coordinate's largest shift as its standard deviation."""
    stacked = np.array(shifts)
    place = np.argmax(np.abs(stacked), axis=0)
    largest = stacked[place, np.arange(stacked.shape[1])]
    return np.outer(largest, largest)
