"""What a spectrum can hardly be: each oddity is a warning, since real measurements can be odd."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lamion.records import ImpedanceSpectrum

_HIGHEST_FREQUENCY = 1e10
_LOWEST_FREQUENCY = 1e-7
_HIGHEST_MODULUS = 1e15
_LOWEST_MODULUS = 1e-9


def oddities(spectrum: ImpedanceSpectrum, lines: NDArray[np.int64]) -> Iterator[str]:
    """Tell what is odd about a spectrum.

    Parameters
    ----------
    spectrum : ImpedanceSpectrum
        One sweep.
    lines : array of int, shape (n,)
        The line of the file that each point stands on.

    Yields
    ------
    str
        A whole sentence each.
    """
    yield from _few_points(spectrum, lines)
    yield from _impossible_magnitudes(spectrum, lines)
    yield from _order(spectrum, lines)
    yield from _steps(spectrum, lines)
    yield from _outliers(spectrum, lines)
    yield from _signs(spectrum)
    yield from _constant_parts(spectrum)


def oddities_of_points(spectrum: ImpedanceSpectrum, numbers: NDArray[np.int64]) -> Iterator[str]:
    """Tell what is odd about a spectrum of a file without lines.

    Parameters
    ----------
    spectrum : ImpedanceSpectrum
        One sweep.
    numbers : array of int, shape (n,)
        The numbers of its points in the file.

    Yields
    ------
    str
        A whole sentence each.
    """
    for oddity in oddities(spectrum, numbers):
        yield re.sub(r"\b([Ll])ine (?=\d)", lambda match: "Point " if match[1] == "L" else "point ", oddity)


def _few_points(spectrum: ImpedanceSpectrum, lines: NDArray[np.int64]) -> Iterator[str]:
    if len(spectrum) < 3:
        yield f"The sweep that begins on line {lines[0]} has fewer than three points."


def _impossible_magnitudes(spectrum: ImpedanceSpectrum, lines: NDArray[np.int64]) -> Iterator[str]:
    modulus = np.abs(spectrum.impedance)
    strange = (spectrum.frequency > _HIGHEST_FREQUENCY) | (spectrum.frequency < _LOWEST_FREQUENCY)
    strange |= (modulus > _HIGHEST_MODULUS) | (modulus < _LOWEST_MODULUS)
    if strange.any():
        yield f"{_place(lines, strange)}: a frequency or an impedance is beyond what instruments measure."


def _order(spectrum: ImpedanceSpectrum, lines: NDArray[np.int64]) -> Iterator[str]:
    if len(spectrum) < 2:
        return
    step = np.diff(spectrum.frequency)
    if np.any(step == 0.0):
        yield f"{_place(lines[1:], step == 0.0)}: the frequency of the line above is repeated."
    direction = 1.0 if np.median(np.sign(step)) > 0 else -1.0
    back = step * direction < 0
    if back.any():
        yield (
            f"{_place(lines[1:], back)}: the frequency turns back, so the file may hold several sweeps or a "
            "changed number."
        )


def _steps(spectrum: ImpedanceSpectrum, lines: NDArray[np.int64]) -> Iterator[str]:
    """Compare each step of a sweep that is evenly spaced, by factors or by differences, with the usual one."""
    if len(spectrum) < 5:
        return
    for position in (np.log(spectrum.frequency), spectrum.frequency):
        step = np.diff(position)
        usual = np.median(step)
        if usual == 0.0:
            return
        uneven = np.abs(step - usual) > 0.5 * np.abs(usual)
        if np.count_nonzero(uneven) <= max(2, 0.05 * len(step)):
            break
    else:
        return
    if uneven.any():
        yield (
            f"{_place(lines[1:], uneven)}: the step in frequency differs from the others, so a point may be "
            "missing or changed."
        )


def _outliers(spectrum: ImpedanceSpectrum, lines: NDArray[np.int64]) -> Iterator[str]:
    """Compare each point with the middle of its neighbours, the first and the last one with the next two."""
    if len(spectrum) < 3:
        return
    Z = spectrum.impedance
    middle = np.concatenate([Z[1:2], (Z[2:] + Z[:-2]) / 2, Z[-2:-1]])
    apart = np.concatenate([20.0 * np.abs(Z[1:2] - Z[2:3]), np.abs(Z[2:] - Z[:-2]), 20.0 * np.abs(Z[-2:-1] - Z[-3:-2])])
    lone = np.abs(Z - middle) > 0.5 * np.maximum(np.abs(Z), np.abs(middle)) + 0.5 * apart
    if lone.any():
        yield f"{_place(lines, lone)}: the impedance is far from its neighbours."


def _signs(spectrum: ImpedanceSpectrum) -> Iterator[str]:
    negative = int(np.count_nonzero(spectrum.impedance.real < 0.0))
    if negative:
        yield f"The real part is negative at {negative} of {len(spectrum)} points, which no passive sample shows."
    inductive = int(np.count_nonzero(spectrum.impedance.imag > 0.0))
    if inductive > 0.5 * len(spectrum):
        yield (
            f"The imaginary part is positive, as of an inductor, at {inductive} of {len(spectrum)} points: the "
            "file may hold -Z'' under a header without the minus sign."
        )


def _constant_parts(spectrum: ImpedanceSpectrum) -> Iterator[str]:
    if len(spectrum) < 3:
        return
    for name, part in (("real", spectrum.impedance.real), ("imaginary", spectrum.impedance.imag)):
        if np.all(part == part[0]):
            yield (
                f"The {name} part is {part[0] + 0.0:g} ohm at every point, which no measurement gives: it may be "
                "another column."
            )


def _place(lines: NDArray[np.int64], where: NDArray[np.bool_]) -> str:
    found = lines[where]
    return f"Line {found[0]}" if len(found) == 1 else f"Line {found[0]} and {len(found) - 1} more"
