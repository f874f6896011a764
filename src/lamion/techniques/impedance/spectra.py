"""Many spectra as one block of arrays, with the weights of their points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities.errors import InputError
from lamion.techniques.impedance.elements.element import Array, ComplexArray

WEIGHTINGS = ("modulus", "proportional", "unit", "measured")
_SMALLEST_PART = 1e-2
_SMALLEST_MODULUS = 1e-12
_LARGEST_MODULUS = 1e18


@dataclass(frozen=True, eq=False)
class Spectra:
    """Spectra of equal or different length, the shorter ones filled up with points of no weight.

    Parameters
    ----------
    frequency : array, shape (1, n) or (m, n)
        Hz; one row where all spectra share it.
    impedance : array of complex, shape (m, n)
        Ohm.
    weights : array, shape (m, n, 2)
        One over the standard deviation of the real and imaginary part, up to a factor; 0 for a filled-up point.
    points : array of int, shape (m,)
        How many points each has.
    """

    frequency: Array
    impedance: ComplexArray
    weights: Array
    points: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.impedance)

    def used(self, index: int) -> slice:
        """Return where the points of one spectrum stand."""
        return slice(0, int(self.points[index]))

    def grid(self, index: int) -> Array:
        """Return the frequencies of one spectrum, Hz."""
        return np.asarray(self.frequency[0 if len(self.frequency) == 1 else index][self.used(index)])


def gather(
    frequency: ArrayLike | Sequence[ArrayLike],
    impedance: ArrayLike | Sequence[ArrayLike],
    weighting: str = "modulus",
    std: ArrayLike | Sequence[ArrayLike] | None = None,
) -> Spectra:
    r"""Put spectra into one block and weight their points.

    Parameters
    ----------
    frequency : array, shape (n,) or (m, n), or sequence of arrays
        Hz.
    impedance : array of complex, shape (n,) or (m, n), or sequence of arrays
        Ohm.
    weighting : str
        ``"modulus"``: :math:`1/|Z|`; ``"proportional"``: each part by its own size, not smaller than 1 % of the
        modulus; ``"unit"``: all alike; ``"measured"``: by `std`.
    std : array, shape as `impedance`, optional
        Measured standard deviations, ohm: real, of both parts, or complex, one for each part.

    Raises
    ------
    InputError
        When the shapes do not fit, a number is not finite, a frequency is not above zero, an impedance is zero or
        the weighting is not known.

    Examples
    --------
    >>> gather([1.0, 10.0], [2.0 - 1.0j, 1.0]).weights[0].round(2).tolist()
    [[0.45, 0.45], [1.0, 1.0]]
    """
    z_rows = _rows(impedance, np.complex128)
    f_rows = _rows(frequency, np.float64)
    if len(f_rows) not in (1, len(z_rows)) or not z_rows:
        raise InputError(f"{len(z_rows)} spectra came with {len(f_rows)} rows of frequencies.")
    for index, z in enumerate(z_rows):
        _check(f_rows[0 if len(f_rows) == 1 else index], z)
    if all(np.array_equal(row, f_rows[0]) for row in f_rows):
        f_rows = f_rows[:1]
    s_rows = _deviations(std, z_rows) if weighting == "measured" else [None] * len(z_rows)
    rows = [_weights(z, weighting, s) for z, s in zip(z_rows, s_rows, strict=True)]
    points = np.array([len(z) for z in z_rows])
    return Spectra(_filled(f_rows), _filled(z_rows), _filled(rows, empty=True), points)


def _rows(values: ArrayLike | Sequence[ArrayLike], kind: type) -> list[NDArray[Any]]:
    if isinstance(values, np.ndarray) and values.dtype != object:
        return list(np.atleast_2d(values.astype(kind)))
    listed = list(values)  # type: ignore[arg-type]
    if listed and np.ndim(listed[0]) == 0:
        return [np.asarray(listed, dtype=kind)]
    return [np.asarray(row, dtype=kind) for row in listed]


def _check(frequency: NDArray[Any], impedance: NDArray[Any]) -> None:
    if frequency.shape != impedance.shape or frequency.ndim != 1 or not len(frequency):
        raise InputError(
            f"A spectrum needs one impedance per frequency; {frequency.shape} frequencies and {impedance.shape} "
            "impedances were given."
        )
    if not (np.isfinite(frequency).all() and np.isfinite(impedance).all() and np.all(frequency > 0)):
        raise InputError("A spectrum holds a number that is not finite or a frequency that is not above zero.")
    if np.any(impedance == 0):
        raise InputError(
            f"A spectrum holds {int(np.sum(impedance == 0))} points of zero impedance.",
            "The instrument writes zeros where it could not measure.",
            "Leave these points out, for example with --fmin and --fmax.",
        )
    size = np.abs(impedance)
    if size.min() < _SMALLEST_MODULUS or size.max() > _LARGEST_MODULUS:
        raise InputError(
            f"A spectrum runs from {size.min():.3g} to {size.max():.3g} ohm, which no cell does.",
            "A column may be misread.",
            "Give the columns by number.",
        )


def _deviations(std: ArrayLike | Sequence[ArrayLike] | None, rows: list[NDArray[Any]]) -> list[ComplexArray]:
    if std is None:
        raise InputError("Measured weights need the points' standard deviations.")
    given = _rows(std, np.complex128)
    given = given * len(rows) if len(given) == 1 else given
    if [len(row) for row in given] != [len(row) for row in rows]:
        raise InputError("Measured weights need one standard deviation per point.")
    both = [np.where(s.imag == 0, s.real * (1 + 1j), s) for s in np.asarray(given, dtype=object) if s is not None]
    done = [np.asarray(row, dtype=np.complex128) for row in both]
    if not all(np.all(row.real > 0) and np.all(row.imag > 0) for row in done):
        raise InputError("A standard deviation of a point is not above zero.")
    return done


def _weights(impedance: NDArray[Any], weighting: str, std: ComplexArray | None) -> Array:
    z = np.asarray(impedance, dtype=np.complex128)
    modulus = np.abs(z)
    if std is not None:
        return np.stack([1 / std.real, 1 / std.imag], axis=1)
    if weighting == "modulus":
        return np.stack([1 / modulus, 1 / modulus], axis=1)
    if weighting == "proportional":
        smallest = _SMALLEST_PART * modulus
        return np.stack([1 / np.maximum(np.abs(part), smallest) for part in (z.real, z.imag)], axis=1)
    if weighting == "unit":
        return np.full((len(z), 2), 1 / float(np.sqrt(np.mean(modulus**2))))
    raise InputError(f"There is no weighting '{weighting}'.", "", f"Known are: {', '.join(WEIGHTINGS)}.")


def _filled(rows: Sequence[NDArray[Any]], *, empty: bool = False) -> NDArray[Any]:
    longest = max(len(row) for row in rows)
    if all(len(row) == longest for row in rows):
        return np.array(rows)
    return np.array(
        [np.concatenate([row, np.repeat(row[-1:] * (0 if empty else 1), longest - len(row), axis=0)]) for row in rows]
    )
