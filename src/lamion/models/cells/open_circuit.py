"""The open-circuit potential of an active material against lithium, as a formula or as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from lamion.quantities import InputError

Array = NDArray[np.float64]


class OpenCircuit(Protocol):
    """A potential in V that falls with the lithium content x."""

    @property
    def low(self) -> float:
        """The smallest lithium content it holds for."""

    @property
    def high(self) -> float:
        """The largest."""

    def __call__(self, x: Any) -> Any:
        """Return the potential in V; `x` is a number, an array or a symbol of the cell model."""


@dataclass(frozen=True)
class FormulaPotential:
    r"""A polynomial and exponentials of the lithium content.

    .. math:: U(x) = \sum_n a_n x^n + \sum_k A_k e^{b_k (x - x_k)}

    Parameters
    ----------
    polynomial : tuple of float
        The coefficients a in V, constant first.
    exponentials : tuple of (float, float, float)
        A in V, b and x_k for each.
    low, high : float
        The range of x.

    Examples
    --------
    >>> U = FormulaPotential((3.4, -0.02), ((-1.0, 100.0, 1.0),), 0.0, 1.0)
    >>> round(float(U(0.5)), 3), round(float(U(1.0)), 3)
    (3.39, 2.38)
    """

    polynomial: tuple[float, ...]
    exponentials: tuple[tuple[float, float, float], ...]
    low: float
    high: float

    def __call__(self, x: Any) -> Any:
        """Return the potential in V."""
        total = sum(a * x**n for n, a in enumerate(self.polynomial))
        return total + sum(A * np.exp(b * (x - origin)) for A, b, origin in self.exponentials)


@dataclass(frozen=True, eq=False)
class TabulatedPotential:
    """A measured potential, joined by straight lines.

    Parameters
    ----------
    content : array, shape (n,)
        Lithium content x, or the fraction of the capacity that is discharged, rising.
    potential : array, shape (n,)
        V against lithium, falling.

    Raises
    ------
    InputError
        When the arrays differ in length, hold fewer than three points, x leaves 0 to 1, or x does not rise or the
        potential not fall.

    Examples
    --------
    >>> U = TabulatedPotential([0.0, 0.5, 1.0], [4.3, 3.8, 3.0])
    >>> float(U(0.25))
    4.05
    """

    content: Array
    potential: Array

    def __init__(self, content: ArrayLike, potential: ArrayLike) -> None:
        object.__setattr__(self, "content", np.asarray(content, float))
        object.__setattr__(self, "potential", np.asarray(potential, float))
        x, u = self.content, self.potential
        if x.ndim != 1 or x.shape != u.shape or len(x) < 3 or not np.all(np.isfinite(x) & np.isfinite(u)):
            raise InputError("A table of potentials needs at least three finite pairs of content and voltage.")
        if min(x) < 0 or max(x) > 1:
            raise InputError(
                f"The open-circuit table runs from {min(x):g} to {max(x):g} in lithium content, not within 0 to 1.",
                "It may be in percent or in mAh/g.",
                "Give the content, or the part of the capacity that is discharged, as a fraction.",
            )
        if not (np.all(np.diff(x) > 0) and np.all(np.diff(u) < 0)):
            raise InputError(
                "The open-circuit table does not rise in lithium content while it falls in voltage.",
                "Rows may be out of order, or charge may be taken for discharge.",
                "Sort it by lithium content and leave repeated rows out.",
            )

    @property
    def low(self) -> float:
        """The first lithium content."""
        return float(self.content[0])

    @property
    def high(self) -> float:
        """The last lithium content."""
        return float(self.content[-1])

    def __call__(self, x: Any) -> Any:
        """Return the potential in V."""
        if isinstance(x, float | int | np.ndarray):
            return np.interp(x, self.content, self.potential)
        import pybamm

        return pybamm.Interpolant(self.content, self.potential, x, interpolator="linear")


def content_at(potential: OpenCircuit, voltage: float) -> float:
    """Find the lithium content at a voltage; an end of the range where the potential does not reach that far.

    Parameters
    ----------
    potential : OpenCircuit
        Falling with the lithium content.
    voltage : float
        V.

    Returns
    -------
    float
        x.

    Examples
    --------
    >>> round(content_at(TabulatedPotential([0.0, 0.5, 1.0], [4.3, 3.8, 3.0]), 4.0), 3)
    0.3
    """
    if voltage >= float(potential(potential.low)):
        return potential.low
    if voltage <= float(potential(potential.high)):
        return potential.high
    return float(brentq(lambda x: float(potential(x)) - voltage, potential.low, potential.high, xtol=1e-12))
