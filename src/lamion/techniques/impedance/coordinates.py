"""What a fit of a circuit moves: logarithms of positive parameters, exponents as they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.elements.element import Array


def logarithmic(circuit: Circuit) -> NDArray[np.bool_]:
    """Return which parameters of a circuit are fitted as logarithms."""
    return np.array([not parameter.exponent for parameter in circuit.parameters])


def to_coordinates(circuit: Circuit, values: Array) -> Array:
    """Return logarithms of positive parameters, exponents as they are, for values of shape (..., k)."""
    return np.where(logarithmic(circuit), np.log(np.where(logarithmic(circuit), values, 1.0)), values)


def to_values(circuit: Circuit, coordinates: Array) -> Array:
    """Undo :func:`to_coordinates`."""
    return np.where(logarithmic(circuit), np.exp(np.where(logarithmic(circuit), coordinates, 0.0)), coordinates)


def bounds(circuit: Circuit, room: float = 0.0) -> tuple[Array, Array]:
    """Return the lower and upper bounds of the fitted coordinates, exponents with some room above their own."""
    ends = (np.array([getattr(p, name) for p in circuit.parameters]) for name in ("lower", "upper"))
    low, high = (to_coordinates(circuit, end) for end in ends)
    return low, np.where(logarithmic(circuit), high, high + room)
