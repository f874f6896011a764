r"""Lin-KK: a linear test whether a spectrum obeys the Kramers-Kronig relations.

.. math:: Z = R_0 + \sum_{k=1}^{M} \frac{R_k}{1 + j\omega\tau_k} + \frac{1}{j\omega C} + j\omega L

Every such sum obeys the relations, whatever the sign of its terms, so a spectrum that it can follow does too. The
series capacitor lets the spectrum of blocking electrodes pass, the inductance that of long leads.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities import InputError
from lamion.techniques.impedance.points import OrderedPoints, ordered

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

MU_LIMIT = 0.85
_FEWEST_ELEMENTS = 2
_MOST_ELEMENTS = 100
_RANK = 1e-13
_LONG = 8 * 500
"""Bytes of frequencies whose terms are not kept."""


@dataclass(frozen=True, eq=False)
class LinKK:
    """A spectrum described by resistors and capacitors.

    Parameters
    ----------
    points : OrderedPoints
        The spectrum, in ascending order of frequency.
    time_constants : array, shape (M,)
        tau_k in s.
    resistances : array, shape (M,)
        R_k in ohm, of either sign.
    series_resistance : float
        R_0 in ohm.
    inverse_capacitance : float
        1/C in 1/F; zero without a capacitor.
    inductance : float
        L in H; zero without.
    residuals : array, shape (2, n)
        (Z - model) / abs Z: real and imaginary parts.
    mu : float
        1 - sum of abs(R_k) where R_k < 0 over the sum of R_k where R_k >= 0.
    parameters : int
        How many numbers were fitted.
    """

    points: OrderedPoints
    time_constants: Array
    resistances: Array
    series_resistance: float
    inverse_capacitance: float
    inductance: float
    residuals: Array
    mu: float
    parameters: int

    @property
    def scattered(self) -> Array:
        """The residuals over the points' spread, shape (2, n): alike in size for noise."""
        return np.asarray(self.residuals * (self.points.modulus / self.points.spread))

    @cached_property
    def basis(self) -> Array:
        """An orthonormal basis of what the fit can follow, shape (2n, k), of residuals over the points' spread."""
        capacitor, inductance = self.inverse_capacitance != 0.0, self.inductance != 0.0
        design = _design(self.points.frequency.tobytes(), self.elements, capacitor, inductance)
        return _orthonormal(design.columns * self.points.weights)

    @cached_property
    def deviations(self) -> Array:
        """Standard deviations of what was fitted: the resistances, R_0, and 1/C and L, as far as they were, SI."""
        capacitor, inductance = self.inverse_capacitance != 0.0, self.inductance != 0.0
        rows = _design(self.points.frequency.tobytes(), self.elements, capacitor, inductance).columns
        omega = 2.0 * math.pi * self.points.frequency
        units = np.ones(len(rows))
        units[self.elements + 1 :] = [omega.min()] * capacitor + [1.0 / omega.max()] * inductance
        weighted = rows * self.points.weights
        scale = np.max(np.abs(weighted), axis=1)
        solver = np.linalg.pinv((weighted / scale[:, None]).T, rcond=_RANK) * (units / scale)[:, None]
        freedom = max(self.scattered.size - len(rows), 1)
        return np.asarray(np.sqrt(np.sum(self.scattered**2) / freedom * np.sum(solver**2, axis=1)))

    @property
    def elements(self) -> int:
        """M, the number of RC elements."""
        return len(self.time_constants)

    @property
    def residual_rms(self) -> float:
        """Root of the mean square of all residuals, real and imaginary ones."""
        return math.sqrt(float(np.mean(self.residuals**2)))

    @property
    def impedance(self) -> ComplexArray:
        """The model at the spectrum's frequencies, in ohm."""
        misfit = (self.residuals[0] + 1j * self.residuals[1]) * self.points.modulus
        return np.asarray(self.points.impedance - misfit)


def lin_kk(
    frequency: ArrayLike,
    impedance: ArrayLike,
    *,
    mu_limit: float = MU_LIMIT,
    elements: int | None = None,
    capacitor: bool = True,
    inductance: bool = True,
) -> LinKK:
    r"""Fit M RC elements and raise M until they begin to fit the noise.

    .. math:: \mu = 1 - \frac{\sum_{R_k<0} |R_k|}{\sum_{R_k\ge0} |R_k|}, \qquad M = \min\{M: \mu < \mu_c\}

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz, in any order; at least five different ones.
    impedance : array of complex, shape (n,)
        Ohm.
    mu_limit : float
        mu_c, between 0 and 1.
    elements : int, optional
        A fixed M in place of the criterion.
    capacitor, inductance : bool
        Whether a series capacitor and a series inductance are fitted beside the elements.

    Returns
    -------
    LinKK

    Raises
    ------
    InputError
        For a spectrum that :func:`~lamion.techniques.impedance.points.ordered` refuses, a limit outside 0 to 1, or
        more elements than the data determine.

    Notes
    -----
    The time constants run evenly in their logarithm from 1/omega_max to 1/omega_min. Every point is weighted by
    1/abs Z, and real and imaginary parts are fitted together. M starts at 2 and ends at the number of different
    frequencies, or at 100. The criterion stops early, at a poor description, for a spectrum of few and sharp arcs;
    judge validity with :func:`~lamion.techniques.impedance.validity.validity_raw`, which goes on.

    References
    ----------
    M. Schoenleber, D. Klotz, E. Ivers-Tiffee, Electrochim. Acta 131 (2014) 20,
    doi:10.1016/j.electacta.2014.01.034; B. A. Boukamp, J. Electrochem. Soc. 142 (1995) 1885, doi:10.1149/1.2044210.

    Examples
    --------
    >>> f = np.logspace(-1, 3, 41)
    >>> tested = lin_kk(f, 5 + 10 / (1 + 1j * f / 10.0), elements=3)
    >>> tested.resistances.round(9) + 0.0, round(tested.mu, 9), tested.residual_rms < 1e-14
    (array([ 0., 10.,  0.]), 1.0, True)
    """
    points = ordered(frequency, impedance)
    if elements is not None:
        return fit_elements(points, elements, capacitor=capacitor, inductance=inductance)
    return raise_elements(points, mu_limit, capacitor=capacitor, inductance=inductance)


def raise_elements(points: OrderedPoints, mu_limit: float, *, capacitor: bool = True, inductance: bool = True) -> LinKK:
    """Fit two elements, three and so on until mu falls below the limit or the data determine no more.

    Parameters
    ----------
    points : OrderedPoints
        The spectrum.
    mu_limit : float
        Where to stop.
    capacitor, inductance : bool
        As in :func:`lin_kk`.

    Raises
    ------
    InputError
        When the limit is not between 0 and 1.
    """
    if not 0 < mu_limit < 1:
        raise InputError(f"The limit of mu, {mu_limit:g}, is not between 0 and 1.", "", "Give one such as 0.85.")
    key = points.frequency.tobytes()
    relative, weights = points.relative, points.weights
    most = most_elements(points)
    for count in range(_FEWEST_ELEMENTS, most + 1):
        solution = _least_squares(_design(key, count, capacitor, inductance).columns * weights, relative)
        if _mu(solution[:count]) < mu_limit:
            break
    return _described(points, count, solution, capacitor, inductance)


def fit_elements(points: OrderedPoints, elements: int, *, capacitor: bool = True, inductance: bool = True) -> LinKK:
    """Fit a given number of elements.

    Parameters
    ----------
    points : OrderedPoints
        The spectrum.
    elements : int
        M.
    capacitor, inductance : bool
        As in :func:`lin_kk`.

    Raises
    ------
    InputError
        When the data do not determine as many.
    """
    most = most_elements(points)
    if not 1 <= elements <= most:
        raise InputError(f"{elements} RC elements were asked for; this spectrum determines 1 to {most}.")
    design = _design(points.frequency.tobytes(), elements, capacitor, inductance)
    solution = _least_squares(design.columns * points.weights, points.relative)
    return _described(points, elements, solution, capacitor, inductance)


def most_elements(points: OrderedPoints) -> int:
    """Return the largest M: as many as different frequencies, less two, and at most 100.

    Parameters
    ----------
    points : OrderedPoints
        The spectrum.
    """
    return min(len(np.unique(points.frequency)) - 2, _MOST_ELEMENTS)


def neighbour_correlation(tested: LinKK) -> float:
    r"""Return how many standard deviations neighbouring residuals are more alike than the fit of noise leaves them.

    .. math:: z = \frac{r^T B r / s^2 - \mathrm{tr}(BP)}{\sqrt{2\,[\mathrm{tr}(BPBP) - \mathrm{tr}(BP)^2/\nu]}},
              \qquad P = 1 - QQ^T

    Parameters
    ----------
    tested : LinKK
        The fit; B links each residual with its neighbours of the same part, nu counts the degrees of freedom.

    Returns
    -------
    float
        About standard normal for noise in proportion to the points' spread, large when a shape is left.

    Notes
    -----
    A fit of many elements turns the correlation of neighbours negative; their raw autocorrelation would hide a drift.

    References
    ----------
    J. Durbin, G. S. Watson, Biometrika 37 (1950) 409, doi:10.1093/biomet/37.3-4.409 (moments of such ratios).

    Examples
    --------
    >>> f = np.logspace(-1, 3, 41)
    >>> bent = 5 + 10 / (1 + 1j * f / 10.0) * (1 + 0.3 / (1 + f / 10.0))
    >>> neighbour_correlation(lin_kk(f, bent)) > 3
    True
    """
    residuals = tested.scattered.ravel()
    freedom = len(residuals) - tested.parameters
    square = float(residuals @ residuals)
    if freedom <= 1 or square == 0.0:
        return 0.0
    basis = tested.basis
    # The traces of BP and BPBP, of the basis and its neighbours alone: P itself would be n x n.
    linked = _neighbours(basis)
    inner = basis.T @ linked
    expected = -float(np.trace(inner))
    squares = 0.5 * (len(residuals) - 2) - 2.0 * float(np.sum(linked**2)) + float(np.sum(inner * inner.T))
    variance = 2.0 * (squares - expected**2 / freedom)
    found = float(residuals @ _neighbours(residuals[:, None])[:, 0]) * freedom / square
    return (found - expected) / math.sqrt(variance) if variance > 0 else 0.0


def _neighbours(rows: Array) -> Array:
    """Put half of the row above and half of the row below in each row's place, within the real and imaginary half."""
    halves = rows.reshape(2, len(rows) // 2, -1)
    linked = np.zeros_like(halves)
    linked[:, 1:] += 0.5 * halves[:, :-1]
    linked[:, :-1] += 0.5 * halves[:, 1:]
    return linked.reshape(rows.shape)


@dataclass(frozen=True, eq=False)
class _Design:
    """What each term gives per ohm, one row per term: real parts, then imaginary parts."""

    time_constants: Array
    columns: Array


def _design(frequencies: bytes, elements: int, capacitor: bool, inductance: bool) -> _Design:
    """Return the terms, kept for the next spectrum of the same frequencies unless they are long."""
    make = _kept_terms if len(frequencies) <= _LONG else _terms
    return make(frequencies, elements, capacitor, inductance)


@lru_cache(maxsize=512)
def _kept_terms(frequencies: bytes, elements: int, capacitor: bool, inductance: bool) -> _Design:
    return _terms(frequencies, elements, capacitor, inductance)


def _terms(frequencies: bytes, elements: int, capacitor: bool, inductance: bool) -> _Design:
    """Terms in the order: elements, R_0, capacitor, inductance; the last two per ohm where they are largest."""
    omega = 2.0 * math.pi * np.frombuffer(frequencies, dtype=np.float64)
    tau = np.geomspace(1.0 / omega.max(), 1.0 / omega.min(), elements)
    extra = [-omega.min() / omega] * capacitor + [omega / omega.max()] * inductance
    columns = np.zeros((elements + 1 + len(extra), 2 * len(omega)))
    real, imaginary = columns[:elements, : len(omega)], columns[:elements, len(omega) :]
    # In place, since a hundred thousand points are more than the caches hold.
    np.multiply.outer(tau, omega, out=imaginary)
    np.square(imaginary, out=real)
    real += 1.0
    np.reciprocal(real, out=real)
    imaginary *= real
    np.negative(imaginary, out=imaginary)
    columns[elements, : len(omega)] = 1.0
    for row, term in enumerate(extra, start=elements + 1):
        columns[row, len(omega) :] = term
    return _Design(tau, columns)


def _least_squares(rows: Array, data: Array) -> Array:
    """Solve rows^T x = data by a QR factorisation, or by singular values where the rows are not independent."""
    from scipy.linalg.lapack import dgels

    factors, solution, _ = dgels(rows.T, data)
    count = len(rows)
    diagonal = np.abs(factors.diagonal())
    if diagonal.min() > _RANK * diagonal.max():
        return np.asarray(solution[:count])
    scale = np.max(np.abs(rows), axis=1)
    return np.asarray(np.linalg.lstsq((rows / scale[:, None]).T, data, rcond=_RANK)[0] / scale)


def _orthonormal(rows: Array) -> Array:
    """Return a basis of what the rows span, one vector per column; the same rows count as those of the solution."""
    basis, factors = np.linalg.qr(rows.T)
    diagonal = np.abs(factors.diagonal())
    if diagonal.min() > _RANK * diagonal.max():
        return np.asarray(basis)
    scale = np.max(np.abs(rows), axis=1)
    vectors, sizes, _ = np.linalg.svd((rows / scale[:, None]).T, full_matrices=False)
    return np.asarray(vectors[:, sizes > _RANK * sizes[0]])


def _mu(resistances: Array) -> float:
    plain, absolute = float(resistances.sum()), float(np.abs(resistances).sum())
    if absolute + plain <= 0:
        return 1.0 if absolute == 0 else -math.inf
    return 1.0 - (absolute - plain) / (absolute + plain)


def _described(points: OrderedPoints, elements: int, solution: Array, capacitor: bool, inductance: bool) -> LinKK:
    design = _design(points.frequency.tobytes(), elements, capacitor, inductance)
    residuals = (points.relative - (solution @ design.columns) * points.weights).reshape(2, -1)
    omega = 2.0 * math.pi * points.frequency
    return LinKK(
        points,
        design.time_constants,
        solution[:elements],
        float(solution[elements]),
        float(solution[elements + 1] * omega.min()) if capacitor else 0.0,
        float(solution[-1] / omega.max()) if inductance else 0.0,
        residuals * (points.spread / points.modulus),
        _mu(solution[:elements]),
        len(solution),
    )
