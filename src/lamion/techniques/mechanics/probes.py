"""Indenters: the area of contact at a depth of contact, and what each shape makes of a load and a stiffness."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from lamion.quantities import InputError

Shape = Literal["berkovich", "flat-punch", "sphere"]

BERKOVICH = 24.494
"""h^2 over which the area of an ideal Berkovich pyramid is: 3 sqrt(3) tan^2 65.27 deg."""
DIAMOND_MODULUS, DIAMOND_POISSON = 1141e9, 0.07
"""Pa and 1; Oliver and Pharr 1992."""
_FACE, _FACE_TOLERANCE = math.radians(65.27), math.radians(0.3)
"""Angle between axis and face, and what ISO 14577-2 allows it to be off."""
_CONE = math.radians(70.3)
"""Half the angle of the cone with a Berkovich pyramid's area."""
_BLUNTEST = 150e-9
"""m, radius at the apex up to which makers sell a Berkovich tip as new."""


@dataclass(frozen=True)
class Probe:
    r"""An indenter's shape.

    .. math:: A(h_c) = \sum_k C_k h_c^{p_k}, \quad p_0 = 2,\; p_k = 2^{1-k}

    Parameters
    ----------
    shape : str
        ``"berkovich"``, ``"flat-punch"`` or ``"sphere"``.
    radius : float, optional
        Of a flat punch or a sphere, m.
    radius_std : float
        Its standard uncertainty, m.
    coefficients : tuple of float
        C of a Berkovich tip's area function, in m2 over the power of m; none for an ideal one.

    Raises
    ------
    InputError
        When a radius lacks or is not above zero, or belongs to no such shape.

    Examples
    --------
    >>> round(1e12 * Probe("berkovich").area(1e-6), 3), round(1e12 * Probe("flat-punch", 1e-6).area(5e-9), 4)
    (24.494, 3.1416)

    References
    ----------
    W. C. Oliver, G. M. Pharr, J. Mater. Res. 7 (1992) 1564, doi:10.1557/JMR.1992.1564.
    """

    shape: Shape
    radius: float | None = None
    radius_std: float = 0.0
    coefficients: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        needs = self.shape != "berkovich"
        if needs and not (self.radius is not None and 0 < self.radius < math.inf):
            raise InputError(f"The {self.words} has no radius.", "", "Give it: --radius (radius in a step and Python).")
        if not needs and self.radius is not None:
            raise InputError("A Berkovich tip has no radius.", "", "Give its area function, or say --probe sphere.")
        if needs and self.coefficients:
            raise InputError(f"A {self.words} has no area function but its radius.", "", "Leave one of them out.")

    @property
    def words(self) -> str:
        """Its name for people."""
        return {"berkovich": "Berkovich tip", "flat-punch": "flat punch", "sphere": "sphere"}[self.shape]

    @property
    def epsilon(self) -> float:
        """What part of load over stiffness the surface sinks in around the contact."""
        return 0.0 if self.shape == "flat-punch" else 0.75

    @property
    def most_pressure(self) -> float | None:
        """The mean pressure over the reduced modulus of a wholly elastic contact: no sharp tip bears more."""
        return 0.5 / math.tan(_CONE) if self.shape == "berkovich" else None

    def area(self, depth: float) -> float:
        """Return the projected area of contact in m2 at a depth of contact in m; nan where the depth is none."""
        if self.shape == "flat-punch":
            return math.pi * float(self.radius or 0.0) ** 2
        if not depth > 0.0:
            return math.nan
        if self.shape == "sphere":
            return math.pi * (2.0 * float(self.radius or 0.0) - depth) * depth
        terms = self.coefficients or (BERKOVICH,)
        return math.fsum(c * depth ** (2.0 ** (1 - k)) for k, c in enumerate(terms))

    def area_uncertainty(self, depth: float) -> float:
        """Return the relative standard uncertainty of the area.

        Of an ideal Berkovich tip: faces off by what the standard allows, evenly spread, and an apex of any radius up to
        the bluntest that is sold, which only adds to the area. Of a stated area function none: it has a scale of its
        own, that of the solid it was found on.
        """
        if self.shape != "berkovich":
            return 2.0 * self.radius_std / float(self.radius or 1.0) * (1.0 if self.shape == "flat-punch" else 0.5)
        if self.coefficients:
            return 0.0
        face = 2.0 * _FACE_TOLERANCE / (math.sin(_FACE) * math.cos(_FACE)) / math.sqrt(3)
        lost = _BLUNTEST * (1.0 / math.sin(_CONE) - 1.0)
        apex = ((1.0 + lost / depth) ** 2 - 1.0) / math.sqrt(3) if depth > 0 else 0.0
        return math.hypot(face, apex)

    def said(self) -> str:
        """Say what area is used."""
        if self.shape == "flat-punch":
            return f"The area is that of a flat punch of {1e9 * float(self.radius or 0.0):.4g} nm radius at any depth."
        if self.shape == "sphere":
            return f"The area is that of a sphere of {1e9 * float(self.radius or 0.0):.4g} nm radius."
        if not self.coefficients:
            return f"The tip is an ideal Berkovich pyramid, A = {BERKOVICH} h2: no area function is stated."
        return f"The tip's area function is A = {area_function_text(self.coefficients)}, h and A in nm."


def area_function_text(coefficients: tuple[float, ...]) -> str:
    """Write an area function with its coefficients in nm.

    Parameters
    ----------
    coefficients : tuple of float
        In SI.

    Examples
    --------
    >>> area_function_text((24.5, 133e-9))
    '24.5 h^2 + 133 h'
    """
    terms = []
    for k, c in enumerate(coefficients):
        power = 2.0 ** (1 - k)
        exponent = "" if power == 1 else f"^{power:g}" if power > 1 else f"^1/{1 / power:g}"
        terms.append(f"{c * 1e18 / 1e9**power:.6g} h{exponent}")
    return " + ".join(terms).replace("+ -", "- ")


def in_metres(coefficients: tuple[float, ...]) -> tuple[float, ...]:
    """Return coefficients that are in nm, as instruments print them, in SI.

    Parameters
    ----------
    coefficients : tuple of float
        Of h^2, h, h^(1/2), ... in nm.

    Examples
    --------
    >>> [round(one, 12) for one in in_metres((24.5, 100.0))]
    [24.5, 1e-07]
    """
    return tuple(c * 1e-18 / (1e-9) ** (2.0 ** (1 - k)) for k, c in enumerate(coefficients))
