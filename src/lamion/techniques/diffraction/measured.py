"""What a person says of a pattern."""

from __future__ import annotations

from dataclasses import dataclass, field

from lamion.substances.crystal import Crystal
from lamion.techniques.diffraction.size import CONSTANT, CONSTANT_UNCERTAINTY
from lamion.techniques.peaks.peaks import Choice


@dataclass(frozen=True)
class Measured:
    """What a person says of a pattern.

    Parameters
    ----------
    choice : Choice
        Peaks, shape, baseline, range in degrees.
    radiation : str, optional
        A name such as ``CuKa``, or a length; the file's without it.
    ratio : float, optional
        K-alpha2 over K-alpha1.
    halos : tuple of float
        Where what is amorphous scatters, degrees.
    zero : (float, float), optional
        The zero error and its standard uncertainty, degrees.
    displacement : (float, float), optional
        How far the sample lies below the axis, with its standard uncertainty, m.
    radius : float, optional
        Of the goniometer, m.
    standard : str, optional
        Of :data:`~lamion.techniques.diffraction.angles.STANDARDS`, mixed into the sample.
    instrument : (float, float), optional
        The instrument's width at half maximum and its standard uncertainty, degrees.
    constant : (float, float)
        Scherrer's, and its standard uncertainty.
    crystal : Crystal, optional
        Whose reflections the peaks are held against.
    normal : (int, int, int)
        The planes along which its plates are flat.
    """

    choice: Choice = field(default_factory=Choice)
    radiation: str | None = None
    ratio: float | None = None
    halos: tuple[float, ...] = ()
    zero: tuple[float, float] | None = None
    displacement: tuple[float, float] | None = None
    radius: float | None = None
    standard: str | None = None
    instrument: tuple[float, float] | None = None
    constant: tuple[float, float] = (CONSTANT, CONSTANT_UNCERTAINTY)
    crystal: Crystal | None = None
    normal: tuple[int, int, int] = (0, 0, 1)
