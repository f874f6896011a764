"""What a circuit element declares: its parameters, its equation, its impedance with derivatives."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]


@dataclass(frozen=True)
class ElementParameter:
    r"""One parameter of an element.

    Parameters
    ----------
    name : str
        As it stands in the equation, such as ``"Q"``; the result's name is ``CPE1.Q``, or the element's label alone
        where the element has one parameter.
    unit : str
        As typed on the command line, ``"S s^n"`` included, ``"1"`` when dimensionless.
    meaning : str
        What it is, a few words.
    impedance_power : float
        The power of a in the parameter that makes the element's impedance a times as large, its shape kept:
        1 for a resistance, -1 for a capacitance, 0 for a time.
    time_power : float
        The power of t in the parameter that makes the element t times slower, its size kept: 1 for a time or a
        capacitance, 0 for a resistance. For a constant-phase element's Q it is the exponent, see `time_exponent`.
    time_exponent : str
        The name of the element's exponent that multiplies `time_power`; empty for none.
    exponent : bool
        Whether it is an exponent: fitted as it is between its bounds, while all others are positive and fitted as
        logarithms.
    lower, upper : float
        Bounds, in `unit`.
    starts : tuple of float
        Where an exponent may begin a fit.
    """

    name: str
    unit: str
    meaning: str
    impedance_power: float = 0.0
    time_power: float = 0.0
    time_exponent: str = ""
    exponent: bool = False
    lower: float = 1e-30
    upper: float = 1e30
    starts: tuple[float, ...] = (1.0,)


@dataclass(frozen=True, eq=False)
class Frequencies:
    """Angular frequencies and what every element needs of them.

    Parameters
    ----------
    omega : array, shape (m, n) or (1, n)
        Angular frequency, rad/s.
    logarithm : array of the same shape
        Its natural logarithm.
    """

    omega: Array
    logarithm: Array

    @classmethod
    def of(cls, frequency: ArrayLike) -> Frequencies:
        """Return them for frequencies in Hz, shape (n,) or (m, n)."""
        omega = 2 * np.pi * np.atleast_2d(np.asarray(frequency, dtype=np.float64))
        return cls(omega, np.log(omega))

    def rows(self, chosen: NDArray[np.intp]) -> Frequencies:
        """Return those of some spectra; one grid shared by all stays one."""
        if len(self.omega) == 1:
            return self
        return Frequencies(self.omega[chosen], self.logarithm[chosen])

    @property
    def s(self) -> ComplexArray:
        """The Laplace variable j omega."""
        return np.asarray(1j * self.omega, dtype=np.complex128)

    def power(self, exponent: Array) -> ComplexArray:
        r"""Return :math:`(j\omega)^n = \omega^n e^{j\pi n/2}`, which costs a real exponential.

        Parameters
        ----------
        exponent : array, shape (m, 1)
        """
        return np.asarray(np.exp(exponent * self.logarithm) * np.exp(0.5j * math.pi * exponent))

    @property
    def log_s(self) -> ComplexArray:
        """The logarithm of the Laplace variable."""
        return np.asarray(self.logarithm + 0.5j * math.pi, dtype=np.complex128)


@dataclass(frozen=True, eq=False)
class Response:
    r"""An impedance and its derivatives.

    Parameters
    ----------
    impedance : array of complex, shape (m, n)
        Ohm, of m sets of parameters at n frequencies.
    derivatives : tuple of array of complex, each broadcasting to (m, n)
        :math:`p\,\partial Z/\partial p` for a positive parameter (the derivative by its logarithm),
        :math:`\partial Z/\partial n` for an exponent; in the order of the parameters.
    """

    impedance: NDArray[Any]
    derivatives: tuple[NDArray[Any], ...]


@dataclass(frozen=True)
class Element:
    """A circuit element.

    Parameters
    ----------
    symbol : str
        How it is written in a circuit, letters only, such as ``"CPE"``.
    title : str
        Its name in words.
    parameters : tuple of ElementParameter
        In order.
    equation : str
        Its impedance in ohm for SymPy: the parameters' names and ``s`` for j omega.
    respond : callable
        ``respond(frequencies, *values)`` with one array of shape (m, 1) per parameter returns a
        :class:`Response`.
    source : str
        Where the equation comes from.
    remark : str
        How its parameters go over into others in use, a few words.
    """

    symbol: str
    title: str
    parameters: tuple[ElementParameter, ...]
    equation: str
    respond: Callable[..., Response]
    source: str = ""
    remark: str = ""

    @property
    def convention(self) -> str:
        """Its equation as people write it, with the remark."""
        written = self.equation.replace("**", "^").replace("*", " ")
        return f"{self.symbol} {written}{f' ({self.remark})' if self.remark else ''}"


def resistance(name: str = "R", meaning: str = "resistance") -> ElementParameter:
    """Declare a resistance in ohm."""
    return ElementParameter(name, "ohm", meaning, impedance_power=1.0)


def time_constant(name: str = "tau", meaning: str = "time constant") -> ElementParameter:
    """Declare a time in s."""
    return ElementParameter(name, "s", meaning, time_power=1.0)


def exponent(name: str, meaning: str, lower: float, upper: float, starts: tuple[float, ...]) -> ElementParameter:
    """Declare an exponent."""
    return ElementParameter(name, "1", meaning, exponent=True, lower=lower, upper=upper, starts=starts)


def pseudo_capacitance(exponent_name: str = "n") -> ElementParameter:
    """Declare the Q of a constant-phase element in S s^n."""
    return ElementParameter(
        "Q", "S s^n", "constant-phase element", impedance_power=-1.0, time_power=1.0, time_exponent=exponent_name
    )
