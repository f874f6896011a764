"""Synthetic spectra of two arcs and a blocking tail: the known truth behind tests and benchmarks of fits.

The circuit is R0-p(R1,CPE1)-p(R2,CPE2)-CPE3: a series resistance, a bulk or interphase arc, a charge-transfer
arc 1.5 to 2.5 decades slower, and the electrodes' spike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

CIRCUIT = "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3"
"""Its parameters in order: R0, R1, CPE1.Q, CPE1.n, R2, CPE2.Q, CPE2.n, CPE3.Q, CPE3.n."""


@dataclass(frozen=True, eq=False)
class TwoArcSpectra:
    """Synthetic spectra and their truth.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz, descending.
    impedance : array of complex, shape (m, n)
        With noise, ohm.
    truth : array, shape (m, 9)
        The parameters in the order of :data:`CIRCUIT`, SI.
    """

    frequency: Array
    impedance: ComplexArray
    truth: Array


def two_arc_impedance(parameters: Array, frequency: Array) -> ComplexArray:
    """Return the impedance without noise, ohm, shape (m, n).

    Parameters
    ----------
    parameters : array, shape (m, 9)
        As in :class:`TwoArcSpectra`.
    frequency : array, shape (n,)
        Hz.
    """
    s = 2j * np.pi * frequency
    r0, r1, q1, n1, r2, q2, n2, q3, n3 = (column[:, None] for column in parameters.T)
    arcs = r1 / (1 + r1 * q1 * s**n1) + r2 / (1 + r2 * q2 * s**n2)
    return np.asarray(r0 + arcs + 1 / (q3 * s**n3))


def two_arc_spectra(
    count: int, seed: int, *, noise: float = 0.01, points: int = 60, same: bool = False
) -> TwoArcSpectra:
    """Draw spectra from 1e5 to 0.1 Hz.

    Parameters
    ----------
    count : int
        How many.
    seed : int
        Of the draw.
    noise : float
        Standard deviation of each part, as a fraction of the modulus.
    points : int
        Frequencies, evenly in the logarithm.
    same : bool
        Whether all have the parameters of the first, with noise of their own.

    Examples
    --------
    >>> two_arc_spectra(3, seed=1).impedance.shape
    (3, 60)
    """
    random = np.random.default_rng(seed)
    truth = _draw(count, random)
    if same:
        truth[:] = truth[0]
    frequency = np.geomspace(1e5, 0.1, points)
    exact = two_arc_impedance(truth, frequency)
    error = random.standard_normal((2, *exact.shape))
    return TwoArcSpectra(frequency, exact + noise * np.abs(exact) * (error[0] + 1j * error[1]), truth)


def _draw(count: int, random: np.random.Generator) -> Array:
    r0 = 10.0 ** random.uniform(0.5, 1.5, count)
    r1, r2 = 10.0 ** random.uniform(1.3, 2.3, (2, count))
    n1, n2, n3 = random.uniform(0.75, 0.95, (3, count))
    fast = 10.0 ** random.uniform(-4.8, -3.8, count)
    slow = fast * 10.0 ** random.uniform(1.5, 2.5, count)
    q3 = 10.0 ** random.uniform(-3.0, -2.0, count)
    return np.stack([r0, r1, fast**n1 / r1, n1, r2, slow**n2 / r2, n2, q3, n3], axis=1)
