"""Random spectra of seven circuits: arcs that overlap or leave the window, over three decades of resistance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.techniques.impedance.circuit import Circuit, Leaf

Array = NDArray[np.float64]

CIRCUITS = (
    "R0-p(R1,CPE1)",
    "R0-p(R1,CPE1)-CPE2",
    "R0-p(R1,CPE1)-p(R2,CPE2)",
    "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3",
    "R0-p(CPE1,R1-p(CPE2,R2))",
    "R0-p(R1,CPE1)-Ws2",
    "L0-R0-p(R1,CPE1)-p(R2,CPE2)",
)
FREQUENCY = np.geomspace(1e5, 0.1, 61)
"""Hz."""
NOISE = 0.01
_BEYOND = 10.0


@dataclass(frozen=True, eq=False)
class CircuitDraws:
    """Spectra and their truth.

    Parameters
    ----------
    impedance : array of complex, shape (m, n)
        At :data:`FREQUENCY`, with noise of 1 % of the modulus in each part, ohm.
    truth : array, shape (m, k)
        SI values of the circuit's parameters.
    """

    impedance: NDArray[np.complex128]
    truth: Array


def draw(text: str, count: int, seed: int) -> CircuitDraws:
    """Draw 1 to 1000 ohm, exponents of 0.5 to 1 and time constants up to a decade beyond the window on either side.

    Examples
    --------
    >>> draw("R0-p(R1,CPE1)", 3, seed=1).truth.shape
    (3, 4)
    """
    circuit, random = Circuit.read(text), np.random.default_rng(seed)
    truth = np.concatenate([_values(leaf, count, random) for leaf in circuit.leaves], axis=1)
    exact = circuit.impedance(truth, FREQUENCY)
    error = random.standard_normal((2, *exact.shape))
    return CircuitDraws(exact + NOISE * np.abs(exact) * (error[0] + 1j * error[1]), truth)


def _values(leaf: Leaf, count: int, random: np.random.Generator) -> Array:
    """Return one element's values, of the size of a drawn resistance at a drawn time; leads have 10 nH to 10 uH."""
    if leaf.element.symbol == "L":
        return 10.0 ** random.uniform(-8.0, -5.0, (count, 1))
    size = 10.0 ** random.uniform(0.0, 3.0, count)
    low, high = 1 / (2 * np.pi * FREQUENCY.max()), 1 / (2 * np.pi * FREQUENCY.min())
    time = 10.0 ** random.uniform(np.log10(low / _BEYOND), np.log10(high * _BEYOND), count)
    power = random.uniform(0.5, 1.0, count)
    columns = []
    for p in leaf.element.parameters:
        slower = time ** (p.time_power * (power if p.time_exponent else 1.0))
        columns.append(power if p.exponent else size**p.impedance_power * slower)
    return np.stack(columns, axis=1)
