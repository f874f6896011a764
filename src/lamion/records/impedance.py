"""An impedance spectrum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities.errors import InputError
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
        "z' re zre zreal z_real re(z) rez real(z) realz real realimpedance realpart impedancereal zs' impedancer",
        "Real Impedance / ohm",
    ),
    "imaginary impedance": _column(
        "ohm",
        "z'' im zim zimag zimg zimaginary im(z) imz imag(z) imagz imag imaginary imaginaryimpedance imaginarypart "
        "impedanceimaginary impedanceimag zs'' impedancei",
        "Imaginary Impedance / ohm",
        signed=True,
    ),
    "modulus": _column("ohm", "|z| z zmod mod(z) modz abs(z) absz zabs modulus absoluteimpedance impedancemodulus"),
    "phase": _column(
        "deg", "phase(z) phase phasez zphase zphz theta theta(z) phaseangle impedancephase θ ∠z", signed=True
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
        Where it comes from.

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
    ) -> None:
        arrays = {"frequency": frozen(frequency), "impedance": frozen(impedance, np.complex128)}
        fill(
            self, {"frequency": arrays["frequency"]}, metadata, source, cycle=cycle, temperature=temperature, area=area
        )
        object.__setattr__(self, "impedance", arrays["impedance"])
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
        own = (self.cycle, self.temperature, self.metadata, self.source, self.area)
        return ImpedanceSpectrum(self.frequency[kept], self.impedance[kept], *own)

    def check_area(self, area: float | None) -> None:
        """Refuse an electrode's area, in m2, that is another than the file means; None where the whole cell's is asked.

        Raises
        ------
        InputError
            When the file gives its impedance times an area, and it cannot be one of that electrode.
        """
        if self.area is None or (area is not None and np.isclose(area, self.area, rtol=1e-9, atol=0.0)):
            return
        name = self.source.name if self.source is not None else "The spectrum"
        raise InputError(
            f"{name} gives the impedance times an area (ohm cm2), which was read as that of {1e4 * self.area:g} cm2.",
            "The cell's own area is not in it.",
            f"Give the area as {1e4 * self.area:g} cm2, or the impedance in ohm.",
        )

    def columns(self) -> dict[str, list[float]]:
        """Return the record under the Battery Data Format's column names."""
        return {title: array.tolist() for title, array in self.arrays().items()}

    def arrays(self) -> dict[str, NDArray[np.float64]]:
        """Return the columns as arrays."""
        parts = {"frequency": self.frequency, "real impedance": self.impedance.real,
                 "imaginary impedance": self.impedance.imag}  # fmt: skip
        return {COLUMNS[name].title: array for name, array in parts.items()}


def _between(lowest: float, highest: float) -> str:
    """Say two limits of frequency, of which either may be none."""
    if np.isinf(highest):
        return f"at {format_number(lowest, None)} Hz or above"
    if lowest <= 0:
        return f"at {format_number(highest, None)} Hz or below"
    return f"between {format_number(lowest, None)} and {format_number(highest, None)} Hz"
