"""Arrays to impedance spectra: what the formats share whose points do not stand on lines of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lamion.formats import plausibility
from lamion.quantities import FileFormatError
from lamion.records import ImpedanceSpectrum
from lamion.records.impedance import points_in_words

Array = NDArray[np.float64]
FLAGGED = "flagged by the instrument"
"""Why such a point does not count."""
_ROUNDING = 1e-6
_REMEDY = "The file was damaged or changed: copy it again, or export it again from the instrument's program."


def spectrum_of(
    file: str, frequency: Array, impedance: NDArray[np.complex128], said_twice: Mapping[str, Array] | None = None
) -> ImpedanceSpectrum:
    """Return a spectrum whose points can be; `said_twice` are its modulus and phase as the file holds them.

    Raises FileFormatError at the first point that cannot be, that stands twice, or that contradicts what is said twice.
    """
    for name, possible in (
        ("a frequency larger than zero", np.isfinite(frequency) & (frequency > 0.0)),
        ("an impedance that is a finite number", np.isfinite(impedance)),
    ):
        wrong = np.flatnonzero(~possible)
        if len(wrong):
            found = frequency[wrong[0]] if "frequency" in name else impedance[wrong[0]]
            raise FileFormatError(file, f"point {wrong[0] + 1}", name, f"{found:g}", _REMEDY)
    seen: dict[tuple[float, complex], int] = {}
    for number, point in enumerate(zip(frequency.tolist(), impedance.tolist(), strict=True), start=1):
        if point in seen:
            found = f"point {seen[point]} once more"
            raise FileFormatError(file, f"point {number}", "a measurement of its own", found, _REMEDY)
        seen[point] = number
    computed = {"modulus": np.abs(impedance), "phase": np.degrees(np.angle(impedance))}
    for name, said in (said_twice or {}).items():
        with np.errstate(all="ignore"):
            apart = np.abs(said - computed[name])
            if name == "phase":
                apart = np.abs(np.remainder(apart + 180.0, 360.0) - 180.0)
            scale = np.degrees(1.0) if name == "phase" else computed[name]
            wrong = np.flatnonzero(~(apart <= _ROUNDING * scale))
        if len(wrong):
            expected = f"a {name} of {computed[name][wrong[0]]:.6g}, which its real and imaginary parts make"
            raise FileFormatError(file, f"point {wrong[0] + 1}", expected, f"{said[wrong[0]]:.6g}", _REMEDY)
    return ImpedanceSpectrum(frequency, impedance)


def sweeps(found: Sequence[ImpedanceSpectrum], what: str) -> tuple[tuple[ImpedanceSpectrum, ...], list[str]]:
    """Give several spectra numbers; those that are all the same are one, which a sentence says of what holds them."""
    if len(found) > 1 and all(_same(found[0], one) for one in found[1:]):
        return (found[0],), [f"The {len(found)} {what} hold the same spectrum; it was read once."]
    if len(found) > 1:
        return tuple(replace(one, cycle=number) for number, one in enumerate(found, start=1)), []
    return tuple(found), []


def _same(one: ImpedanceSpectrum, other: ImpedanceSpectrum) -> bool:
    return len(one) == len(other) and bool(
        np.allclose(one.frequency, other.frequency, rtol=1e-9, atol=0.0)
        and np.allclose(one.impedance, other.impedance, rtol=1e-9, atol=0.0)
    )


def unflagged(spectrum: ImpedanceSpectrum, flags: Array) -> ImpedanceSpectrum:
    """Leave out the points that the instrument flagged, unless it flagged all, which then tells nothing of any."""
    numbers = spectrum.numbers[flags > 0.0]
    return spectrum.without(numbers.tolist(), FLAGGED) if 0 < len(numbers) < len(spectrum) else spectrum


def of_flags(found: Sequence[ImpedanceSpectrum]) -> Iterator[str]:
    """Say which points the instrument flagged."""
    for spectrum in found:
        if off := [point for point in spectrum.left_out if point.why == FLAGGED]:
            named = points_in_words([point.number for point in off], [point.frequency for point in off])
            yield f"The instrument flagged {named} as faulty: left out."


def oddities(found: Sequence[ImpedanceSpectrum]) -> Iterator[str]:
    """Tell what is odd about the spectra."""
    for spectrum in found:
        yield from plausibility.oddities_of_points(spectrum, np.arange(1, len(spectrum) + 1))
