r"""Which X-rays made a pattern: K-alpha1 with or without K-alpha2, and Bragg's law for arrays.

.. math:: \lambda = 2 d \sin\theta
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lamion.models.atomistic.diffraction.scattering import WAVELENGTHS
from lamion.quantities import InputError, parse_positive
from lamion.records.measurements import Pattern

Array = NDArray[np.float64]

RATIO = 0.5
"""K-alpha2 over K-alpha1, of every anode to a few percent."""
DOUBLETS = {
    "Cu": (WAVELENGTHS["CuKa1"], WAVELENGTHS["CuKa2"]),
    "Co": (1.788996, 1.792835),
    "Fe": (1.936041, 1.939973),
    "Cr": (2.289726, 2.293651),
    "Mo": (0.709317, 0.713607),
}
"""K-alpha1 and K-alpha2 of anodes, angstrom: G. Hölzer et al., Phys. Rev. A 56 (1997) 4554,
doi:10.1103/PhysRevA.56.4554; of molybdenum R. D. Deslattes et al., Rev. Mod. Phys. 75 (2003) 35,
doi:10.1103/RevModPhys.75.35."""

BETAS = {"Cu": 1.392235, "Co": 1.620826, "Fe": 1.756604, "Cr": 2.084888, "Mo": 0.632288}
"""K-beta of the same, angstrom, from the same sources."""
_SAME = 1e-3
"""Relative: wavelengths that are one anode's."""


@dataclass(frozen=True)
class Radiation:
    """X-rays of one line or two.

    Parameters
    ----------
    wavelength : float
        Of the stronger line, angstrom.
    second : float, optional
        Of the weaker one.
    ratio : float
        The weaker one's intensity over the stronger one's.
    stated : bool
        Whether the file or a person said it.
    """

    wavelength: float
    second: float | None = None
    ratio: float = RATIO
    stated: bool = True

    @property
    def in_words(self) -> str:
        """Such as ``"1.540593 and 1.544427 angstrom (0.5 of the first)"``."""
        one = f"{self.wavelength:.6g}"
        if not self.has_second:
            return f"{one} angstrom alone"
        return f"{one} and {self.second:.6g} angstrom ({self.ratio:g} of the first)"

    @property
    def has_second(self) -> bool:
        """Whether there is a weaker line."""
        return self.second is not None and self.ratio > 0.0

    @property
    def beta(self) -> float | None:
        """K-beta of its anode, angstrom; None where that is not known."""
        near = (anode for anode, (one, _) in DOUBLETS.items() if abs(self.wavelength / one - 1.0) < _SAME)
        return BETAS.get(next(near, ""))

    def spacing(self, two_theta: ArrayLike) -> Array:
        """Return the distance of planes, angstrom, of angles in degrees.

        Examples
        --------
        >>> Radiation(1.540593).spacing(28.4422).round(4).item()
        3.1356
        """
        return np.asarray(self.wavelength / (2.0 * np.sin(np.radians(np.asarray(two_theta) / 2.0))))

    def angle(self, spacing: ArrayLike) -> Array:
        """Return two theta in degrees of distances in angstrom; not a number where they reflect nothing."""
        sine = self.wavelength / (2.0 * np.asarray(spacing, dtype=np.float64))
        return np.asarray(2.0 * np.degrees(np.arcsin(np.where(sine <= 1.0, sine, np.nan))))


def radiation_named(text: str, ratio: float | None = None) -> Radiation:
    """Return X-rays by a name such as ``CuKa`` (both lines), ``CuKa1`` (one), or by a length.

    Parameters
    ----------
    text : str
        As typed.
    ratio : float, optional
        The second line over the first; 0 where there is none.

    Raises
    ------
    InputError
        When there is no such line.

    Examples
    --------
    >>> radiation_named("CoKa").second, radiation_named("0.7 angstrom").has_second
    (1.792835, False)
    """
    said = text.strip()
    own = RATIO if ratio is None else ratio
    for anode, (one, two) in DOUBLETS.items():
        if said in (anode, f"{anode}Ka"):
            return Radiation(one, two, own)
        if said in (f"{anode}Ka1", f"{anode}Ka2"):
            return Radiation(one if said.endswith("1") else two)
    if said[:1].isalpha():
        known = ", ".join(f"{anode}Ka" for anode in DOUBLETS)
        raise InputError(
            f"There is no radiation '{said}'.", "", f"Known are {known}, each alone as CuKa1; or a length."
        )
    return Radiation(1e10 * parse_positive(said, "m", name="The wavelength").si)


def radiation_of(record: Pattern, named: str | None = None, ratio: float | None = None) -> Radiation:
    """Return the X-rays of a pattern: as a person says, else as the file says, else those of its anode, else copper's.

    Parameters
    ----------
    record : Pattern
        The pattern.
    named : str, optional
        As for :func:`radiation_named`.
    ratio : float, optional
        The second line over the first, instead of what is known.
    """
    if named is not None:
        return radiation_named(named, ratio)
    if record.wavelength is not None:
        second = record.second_wavelength
        own = record.second_ratio if record.second_ratio is not None else RATIO
        return Radiation(record.wavelength, second, own if ratio is None else ratio)
    known = DOUBLETS.get(record.anode or "", DOUBLETS["Cu"])
    return Radiation(*known, RATIO if ratio is None else ratio, stated=record.anode in DOUBLETS)
