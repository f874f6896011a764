"""An impedance spectrum."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities.errors import InputError
from lamion.quantities.figure import prefixed
from lamion.quantities.formatting import format_number
from lamion.records.column import Column
from lamion.records.record import fill, frozen, summary
from lamion.records.source import SourceFile


def _column(unit: str, names: str, title: str = "", *, signed: bool = False) -> Column:
    return Column(unit, title, tuple(names.replace("_", "").split()), signed=signed)


COLUMNS = {
    "frequency": _column("Hz", "f freq frequency frequencies omega ω angularfrequency", "Frequency / Hz"),
    "real impedance": _column(
        "ohm",
        "re z' zre zreal z_real re(z) rez real(z) realz real realimpedance realpart impedancereal zs' impedancer",
        "Real Impedance / ohm",
    ),
    "imaginary impedance": _column(
        "ohm",
        "im z'' zim zimag zimg zimaginary im(z) imz imag(z) imagz imag imaginary imaginaryimpedance imaginarypart "
        "impedanceimaginary impedanceimag zs'' impedancei",
        "Imaginary Impedance / ohm",
        signed=True,
    ),
    "modulus": _column("ohm", "mod |z| z zmod mod(z) modz abs(z) absz zabs modulus absoluteimpedance impedancemodulus"),
    "phase": _column(
        "deg", "phase phase(z) phasez zphase zphz theta theta(z) phaseangle impedancephase θ ∠z", signed=True
    ),
    "cycle number": Column(
        "1",
        "Cycle Count / 1",
        ("cycle", "cyclenumber", "cyclecount", "loop", "loopindex", "loopnumber"),
        any_unit=True,
    ),
}
"""The columns that tables of impedance have, with their units and names; a spectrum is made of some of them."""

IN_SERIES = {"real impedance": _column("ohm", "r rs"), "imaginary impedance": _column("ohm", "x xs", signed=True)}
"""Resistance and reactance in series, which only both together are an impedance."""


@dataclass(frozen=True)
class LeftOutPoint:
    """A point of a file that does not count.

    Parameters
    ----------
    number : int
        Its number in the sweep as it was read, from 1.
    frequency : float
        Hz.
    impedance : complex
        Ohm.
    why : str
        Such as ``"as asked"``.
    """

    number: int
    frequency: float
    impedance: complex
    why: str


@dataclass(frozen=True, eq=False)
class ImpedanceSpectrum:
    """Complex impedance against frequency, in the order of the file.

    Parameters
    ----------
    frequency : array of float, shape (n,)
        Frequency in Hz, larger than zero.
    impedance : array of complex, shape (n,)
        Impedance in ohm; a capacitive spectrum has a negative imaginary part.
    cycle : int, optional
        The cycle's number where the file holds several.
    temperature : float, optional
        Temperature in K where the file says it.
    area : float, optional
        In m2, of the electrode that a file means which gives its impedance times an area; the cell's own is not known.
    metadata : Mapping of str to str
        What else the file's header says, as printed there.
    source : SourceFile, optional
        In m2, of the electrode that a file means which gives its impedance times an area; the cell's own is not known.
    numbers : array of int, shape (n,), optional
        Of its points in the sweep as it was read; from 1 on without it.
    left_out : sequence of LeftOutPoint
        Points of the same sweep that do not count: figures show them hollow.

    Raises
    ------
    InputError
        When the arrays differ in length, are empty, or hold a value that is not finite or a frequency that is
        not larger than zero.

    Examples
    --------
    >>> spectrum = ImpedanceSpectrum([1e3, 1e2], [10 - 1j, 10 - 10j])
    >>> len(spectrum)
    2
    """

    frequency: NDArray[np.float64]
    impedance: NDArray[np.complex128]
    cycle: int | None = None
    temperature: float | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    source: SourceFile | None = None
    area: float | None = None
    numbers: NDArray[np.int64] = field(default_factory=lambda: np.arange(0))
    left_out: tuple[LeftOutPoint, ...] = ()

    __repr__ = summary

    def __init__(
        self,
        frequency: ArrayLike,
        impedance: ArrayLike,
        cycle: int | None = None,
        temperature: float | None = None,
        metadata: Mapping[str, str] | None = None,
        source: SourceFile | None = None,
        area: float | None = None,
        numbers: ArrayLike | None = None,
        left_out: Sequence[LeftOutPoint] = (),
    ) -> None:
        arrays = {"frequency": frozen(frequency), "impedance": frozen(impedance, np.complex128)}
        fill(
            self, {"frequency": arrays["frequency"]}, metadata, source, cycle=cycle, temperature=temperature, area=area
        )
        object.__setattr__(self, "impedance", arrays["impedance"])
        counted = np.arange(1, self.frequency.size + 1) if numbers is None else numbers
        object.__setattr__(self, "numbers", frozen(counted, np.int64))
        object.__setattr__(self, "left_out", tuple(left_out))
        self._check()

    def _check(self) -> None:
        if self.frequency.ndim != 1 or self.frequency.shape != self.impedance.shape or not len(self.frequency):
            raise InputError(
                f"A spectrum needs one impedance per frequency; {self.frequency.shape} frequencies and "
                f"{self.impedance.shape} impedances were given."
            )
        if not np.all(np.isfinite(self.frequency) & np.isfinite(self.impedance)):
            raise InputError("A spectrum holds a value that is not a finite number.")
        if not np.all(self.frequency > 0):
            raise InputError("A spectrum holds a frequency that is not larger than zero.")

    def __len__(self) -> int:
        return len(self.frequency)

    def within(self, lowest: float = 0.0, highest: float = np.inf) -> ImpedanceSpectrum:
        """Return the points between two frequencies, both included.

        Parameters
        ----------
        lowest, highest : float
            Frequencies in Hz.

        Raises
        ------
        InputError
            When no point lies between them.
        """
        kept = (self.frequency >= lowest) & (self.frequency <= highest)
        if not kept.any():
            raise InputError(
                f"No point of the spectrum lies {_between(lowest, highest)}.",
                f"It runs from {self.frequency.min():g} to {self.frequency.max():g} Hz.",
                "Widen the limits.",
            )
        return self.at(kept)

    def at(self, kept: NDArray[Any]) -> ImpedanceSpectrum:
        """Return some of its points.

        Parameters
        ----------
        kept : array of bool or int
            Which.
        """
        return replace(self, frequency=self.frequency[kept], impedance=self.impedance[kept], numbers=self.numbers[kept])

    def without(self, numbers: Sequence[int], why: str) -> ImpedanceSpectrum:
        """Return the spectrum but for some points, which it keeps as left out.

        Parameters
        ----------
        numbers : sequence of int
            Of the points, as they were read; those that it does not have are passed over.
        why : str
            Why they do not count.

        Raises
        ------
        InputError
            When no point stays.

        Examples
        --------
        >>> spectrum = ImpedanceSpectrum([1e3, 1e2], [10 - 1j, 10 - 10j]).without([1], "as asked")
        >>> spectrum.numbers.tolist(), [point.number for point in spectrum.left_out]
        ([2], [1])
        """
        chosen = np.isin(self.numbers, list(numbers))
        if chosen.all():
            raise InputError(f"Every point of {self.name or 'the spectrum'} is left out.", "", "Leave out fewer.")
        left_out = [
            LeftOutPoint(number, frequency, impedance, why)
            for number, frequency, impedance in zip(
                self.numbers[chosen].tolist(),
                self.frequency[chosen].tolist(),
                self.impedance[chosen].tolist(),
                strict=True,
            )
        ]
        return replace(self.at(~chosen), left_out=(*self.left_out, *left_out))

    @property
    def name(self) -> str:
        """Its file's name, and its cycle where the file holds several; empty where it is of no file."""
        file = "" if self.source is None else self.source.name
        return file if self.cycle is None else f"{file}, cycle {self.cycle}".removeprefix(", ")

    def columns(self) -> dict[str, list[float]]:
        """Return the record under the Battery Data Format's column names, with the points' numbers where some lack."""
        numbered = {} if self.is_complete else {"Point / 1": self.numbers.astype(float).tolist()}
        return {title: array.tolist() for title, array in self.arrays().items()} | numbered

    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """Return the columns as arrays."""
        parts = {"frequency": self.frequency, "real impedance": self.impedance.real,
                 "imaginary impedance": self.impedance.imag}  # fmt: skip
        return {COLUMNS[name].title: array for name, array in parts.items()}

    @property
    def is_complete(self) -> bool:
        """Whether no point of the sweep lacks."""
        return np.array_equal(self.numbers, np.arange(1, len(self) + 1))


def left_out(
    spectrum: ImpedanceSpectrum, leads: Callable[[NDArray[np.float64]], NDArray[np.complex128]] | None = None
) -> dict[str, dict[str, list[float]]]:
    """Return the points that do not count as a figure of spectra takes them; less the impedance of leads, if given.

    Parameters
    ----------
    spectrum : ImpedanceSpectrum
        Whose.
    leads : callable, optional
        From frequencies in Hz to ohm.
    """
    if not spectrum.left_out:
        return {}
    frequency = np.array([point.frequency for point in spectrum.left_out])
    impedance = np.array([point.impedance for point in spectrum.left_out])
    impedance = impedance if leads is None else impedance - leads(frequency)
    return {
        "left_out": {
            "number": [float(point.number) for point in spectrum.left_out],
            "frequency": frequency.tolist(),
            "re": impedance.real.tolist(),
            "im": impedance.imag.tolist(),
        }
    }


def format_frequency(frequency: float) -> str:
    """Write a frequency in Hz with the prefix that suits it.

    Examples
    --------
    >>> format_frequency(1e5), format_frequency(3.162e-3)
    ('100 kHz', '3.162 mHz')
    """
    size, unit = prefixed(frequency, "Hz")
    return f"{frequency / size:.4g} {unit}"


def points_in_words(numbers: Sequence[int], frequencies: Sequence[float]) -> str:
    """Name points by their numbers as they were read and their frequencies in Hz; empty for none.

    Examples
    --------
    >>> points_in_words([1], [1e5]), points_in_words([1, 7], [1e5, 20.0])
    ('point 1 (100 kHz)', 'points 1 (100 kHz), 7 (20 Hz)')
    """
    each = [f"{number} ({format_frequency(f)})" for number, f in zip(numbers, frequencies, strict=True)]
    return "" if not each else f"point{'s' if len(each) > 1 else ''} {', '.join(each)}"


def _between(lowest: float, highest: float) -> str:
    """Say two limits of frequency, of which either may be none."""
    if np.isinf(highest):
        return f"at {format_number(lowest, None)} Hz or above"
    if lowest <= 0:
        return f"at {format_number(highest, None)} Hz or below"
    return f"between {format_number(lowest, None)} and {format_number(highest, None)} Hz"
