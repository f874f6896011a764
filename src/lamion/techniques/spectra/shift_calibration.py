r"""A Raman spectrometer's shift held against a standard's lines.

.. math:: \nu_\mathrm{true} = \nu - (a + b\,(\nu - \bar\nu))

A laser of another wavelength than the program believes moves all lines alike; a grating that is off stretches them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.quantities.errors import InputError
from lamion.quantities.level import coverage_factor
from lamion.records import RamanSpectrum
from lamion.techniques.peaks.axes import Curve, curve_of
from lamion.techniques.peaks.component import Component
from lamion.techniques.peaks.decomposition import Description, Estimate, decompose, moved
from lamion.techniques.spectra.standards import STANDARDS, Standard

Array = NDArray[np.float64]

_SEARCHED = 12.0
"""1/cm to either side of where a line should be: others stand nearer than twice that."""
_FEWEST = 7
_CLEAR = 5.0
"""Of the noise: a line that stands out less is not seen."""
_SHAPES = ("gaussian", "lorentzian")
"""Between which every Voigt profile lies; a few points on a line do not tell which."""


@dataclass(frozen=True)
class MeasuredLine:
    """A standard's line as a spectrometer gives it.

    Parameters
    ----------
    reference : float
        Where it stands, 1/cm.
    position : Estimate
        Where it was found, 1/cm.
    """

    reference: float
    position: Estimate

    @property
    def deviation(self) -> float:
        """Found less reference."""
        return self.position.value - self.reference


@dataclass(frozen=True, eq=False)
class ShiftCalibration:
    """What a spectrometer's shift is off by.

    Parameters
    ----------
    offset, slope : float
        a in 1/cm at `middle`, and b.
    middle : float
        Of the lines it rests on, 1/cm.
    covariance : array, shape (2, 2)
        Of offset and slope.
    lines : tuple of MeasuredLine
        Those it rests on.
    """

    offset: float
    slope: float
    middle: float
    covariance: Array
    lines: tuple[MeasuredLine, ...]

    def off_at(self, shift: ArrayLike) -> Array:
        """Return by how much a shift is too large, 1/cm."""
        return np.asarray(self.offset + self.slope * (np.asarray(shift, dtype=np.float64) - self.middle))

    def uncertainty_at(self, shift: float) -> float:
        """Return the standard uncertainty of that, 1/cm."""
        row = np.array([1.0, shift - self.middle])
        return float(np.sqrt(row @ self.covariance @ row))


def measured_lines(record: RamanSpectrum, standard: str, lines: Sequence[float] = ()) -> tuple[MeasuredLine, ...]:
    """Find a standard's lines in its spectrum.

    Parameters
    ----------
    record : RamanSpectrum
        Of the standard.
    standard : str
        One of :data:`~lamion.techniques.spectra.standards.STANDARDS`.
    lines : sequence of float
        Which of its lines, 1/cm; all that the spectrum holds without them.

    Raises
    ------
    InputError
        When a line that is asked for is not one of the standard, or none is seen.
    """
    own = STANDARDS[standard]
    chosen = tuple(_of_standard(line, own, standard) for line in lines) or own.lines
    curve = curve_of(record)
    found = [one for line in chosen if (one := _measured(curve, line)) is not None]
    if not found:
        raise InputError(
            f"{curve.name} shows no line of {standard} within {_SEARCHED:g} 1/cm of where it should be.",
            f"It may be another material, or its shift is off by more: it spans {curve.x[0]:.0f} to {curve.x[-1]:.0f} "
            "1/cm.",
            "Name the right standard, or a spectrum of it.",
        )
    return tuple(found)


def _of_standard(line: float, own: Standard, name: str) -> float:
    nearest = min(own.lines, key=lambda one: abs(one - line))
    if abs(nearest - line) > 1.0:
        raise InputError(
            f"{name.capitalize()} has no line at {line:g} 1/cm.", "", f"Its lines are {', '.join(map(str, own.lines))}."
        )
    return nearest


def _measured(curve: Curve, line: float) -> MeasuredLine | None:
    """Return the middle between a Gaussian and a Lorentzian where a line stands out; None where none does."""
    near = np.abs(curve.x - line) <= _SEARCHED
    if np.count_nonzero(near) < 3:
        return None
    top = float(curve.x[near][int(np.argmax(curve.y[near]))])
    spacing = float(np.median(np.diff(curve.x[near])))
    own = np.abs(curve.x - top) <= max(_SEARCHED, _FEWEST / 2 * spacing)
    if np.count_nonzero(own) < _FEWEST or abs(top - line) > _SEARCHED - spacing:
        return None
    x, y = curve.x[own], curve.y[own]
    found = [
        decompose(x, y, Description((Component.of("line", shape, position=top),), shapes=False)) for shape in _SHAPES
    ]
    fit = min((one.fit for one in found), key=lambda one: float(one.sum_of_squares[0]))
    if fit.curves()[0].max() < _CLEAR * float(np.std(fit.residuals())):
        return None
    both = [one.parameter("line", "position") for one in found]
    middle = moved(both[0], (both[1].value - both[0].value) / 2)
    return MeasuredLine(line, replace(middle, shapes=abs(both[1].value - both[0].value) / 2))


def calibrate(lines: Sequence[MeasuredLine], standard: str) -> ShiftCalibration:
    """Fit what a spectrometer's shift is off by.

    Parameters
    ----------
    lines : sequence of MeasuredLine
        Of a standard; one or two give an offset, three or more a slope too.
    standard : str
        Which, for the uncertainty of its lines.

    Notes
    -----
    Each line weighs by what its reference and its fit leave; where the lines scatter more than that about the straight
    line, the scatter counts, with Student's factor for how few they are.

    Examples
    --------
    >>> from lamion.techniques.peaks.intervals import Profiled
    >>> off = lambda at: Estimate(at + 4.0, Profiled(at + 4.0, 0.1, (None, None), (None, None)))
    >>> lines = [MeasuredLine(at, off(at)) for at in (620.9, 1031.8, 1602.3)]
    >>> round(float(calibrate(lines, "polystyrene").off_at(1001.4)), 6)
    4.0
    """
    reference = np.array([one.reference for one in lines])
    deviation = np.array([one.deviation for one in lines])
    middle = float(reference.mean())
    sizes = [np.hypot(STANDARDS[standard].uncertainty, one.position.deviation or 0.0) for one in lines]
    weights = 1.0 / np.array(sizes)
    columns = np.column_stack([np.ones(len(lines)), reference - middle])[:, : 2 if len(lines) > 2 else 1]
    solved = np.linalg.lstsq(columns * weights[:, None], deviation * weights, rcond=None)[0]
    left = (deviation - columns @ solved) * weights
    freedom = len(lines) - columns.shape[1]
    factor = 1.0
    if freedom and (excess := float(left @ left) / freedom) > 1.0:
        factor = excess * coverage_factor(freedom=freedom) ** 2
    covariance = np.zeros((2, 2))
    own = np.linalg.inv((columns * weights[:, None]).T @ (columns * weights[:, None])) * factor
    covariance[: len(own), : len(own)] = own
    slope = float(solved[1]) if len(solved) > 1 else 0.0
    return ShiftCalibration(float(solved[0]), slope, middle, covariance, tuple(lines))


def calibrated(curve: Curve, calibration: ShiftCalibration) -> Curve:
    """Return a curve with its shift corrected."""
    return replace(curve, x=curve.x - calibration.off_at(curve.x))
