"""The points of a spectrum as the linear methods want them: checked, in ascending order of frequency."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities import InputError

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

_LEAST_POINTS = 5
_WIDEST = 1e12


@dataclass(frozen=True, eq=False)
class OrderedPoints:
    """A spectrum in ascending order of frequency.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz.
    impedance : array of complex, shape (n,)
        Ohm.
    modulus : array, shape (n,)
        abs Z in ohm, larger than zero.
    places : array of int, shape (n,)
        Where each point stood before it was put into order, from 0.
    spread : array, shape (n,)
        What each part scatters by, up to a factor, in ohm: abs Z where nothing else is known.
    """

    frequency: Array
    impedance: ComplexArray
    modulus: Array
    places: NDArray[np.intp]
    spread: Array

    def __len__(self) -> int:
        return len(self.frequency)

    @cached_property
    def relative(self) -> Array:
        """Real parts over the spread, then imaginary parts over it, shape (2n,)."""
        return np.concatenate([self.impedance.real, self.impedance.imag]) * self.weights

    @cached_property
    def weights(self) -> Array:
        """One over the spread, for the real parts and again for the imaginary parts, shape (2n,)."""
        inverse = 1.0 / self.spread
        return np.concatenate([inverse, inverse])

    def without(self, left_out: NDArray[np.bool_]) -> OrderedPoints:
        """Return the points but for some.

        Parameters
        ----------
        left_out : array of bool, shape (n,)
            Which to leave out.
        """
        kept = {one.name: getattr(self, one.name)[~left_out] for one in fields(self)}
        return OrderedPoints(**kept)

    def scattering(self, constant: float) -> OrderedPoints:
        """Return the points with a spread of abs Z and, in quadrature, a constant part in ohm."""
        return replace(self, spread=np.hypot(self.modulus, constant))

    def conjugate(self) -> OrderedPoints:
        """Return the points with the sign of the imaginary part turned."""
        return replace(self, impedance=np.conj(self.impedance))


def ordered(frequency: ArrayLike, impedance: ArrayLike) -> OrderedPoints:
    """Check a spectrum and put it into ascending order of frequency; repeated frequencies keep their order.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz, in any order.
    impedance : array of complex, shape (n,)
        Ohm.

    Returns
    -------
    OrderedPoints

    Raises
    ------
    InputError
        When the arrays differ in shape, hold fewer than five frequencies, a frequency that is not positive, a value
        that is not finite, an impedance of zero, or moduli that differ by more than twelve decades.

    Examples
    --------
    >>> ordered([3, 1, 2, 5, 4], [3, 1j, 2, 5, 4]).frequency
    array([1., 2., 3., 4., 5.])
    """
    f, z = np.asarray(frequency, dtype=np.float64), np.asarray(impedance, dtype=np.complex128)
    if f.ndim != 1 or f.shape != z.shape:
        raise InputError(f"A spectrum needs one impedance per frequency; {f.shape} and {z.shape} were given.")
    if not (np.isfinite(f).all() and np.isfinite(z).all() and (f > 0).all()):
        raise InputError("A spectrum holds a value that is not finite or a frequency that is not larger than zero.")
    order = np.argsort(f, kind="stable")
    f, z = f[order], z[order]
    different = int(np.count_nonzero(np.diff(f))) + (len(f) > 0)
    if different < _LEAST_POINTS:
        raise InputError(
            f"The spectrum has {different} different frequencies; at least {_LEAST_POINTS} are needed.",
            "",
            "Give a spectrum over a decade or more.",
        )
    modulus = _modulus(f, z)
    return OrderedPoints(f, z, modulus, order, modulus)


def out_of_order(frequency: Array) -> NDArray[np.intp]:
    """Return the places of single points at which a sweep turns and turns back; none where it has no one direction.

    Parameters
    ----------
    frequency : array, shape (n,)
        Hz, in the order of the file.

    Examples
    --------
    >>> out_of_order(np.array([100.0, 50.0, 3000.0, 10.0, 5.0]))
    array([2])
    """
    steps = np.sign(np.diff(frequency))
    direction = np.sign(np.sum(steps))
    around = np.sign(frequency[2:] - frequency[:-2])
    return np.flatnonzero((steps[1:] * steps[:-1] < 0) & (around == direction)) + 1


def _modulus(f: Array, z: ComplexArray) -> Array:
    modulus = np.abs(z)
    lowest = int(np.argmin(modulus))
    if modulus[lowest] <= modulus.max() / _WIDEST:
        raise InputError(
            f"The impedance at {f[lowest]:g} Hz is {modulus[lowest]:g} ohm, zero beside the largest of "
            f"{modulus.max():g} ohm.",
            "The point may be missing in the file, or the range of the instrument overflowed.",
            "Leave the point out.",
        )
    return modulus
