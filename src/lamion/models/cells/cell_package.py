"""What encloses a cell: the mass and the volume of a coin cell's case or of a pouch, per area of electrode."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lamion.quantities import InputError

_MOST_FACES = 10_000


@dataclass(frozen=True)
class Package:
    """An enclosure shared out over the electrode area inside it.

    Parameters
    ----------
    mass : float
        Mass per area of electrode, kg/m2.
    volume : float or None
        The whole cell's outer volume per area of electrode, m, where the package alone fixes it, as a coin cell's
        does; None where it is the stack's plus `thickness`.
    thickness : float
        What it adds to the stack's thickness, m.
    faces : int
        Cathode faces that share the enclosure.
    """

    mass: float
    volume: float | None = None
    thickness: float = 0.0
    faces: int = 1


def coin_cell(electrode_diameter: float, case_mass: float, diameter: float = 0.020, height: float = 0.0032) -> Package:
    r"""Share the case of a coin cell out over one electrode.

    .. math:: m = \frac{m_\mathrm{case}}{\pi d^2 / 4}, \qquad v = \frac{D^2 h}{d^2}

    Parameters
    ----------
    electrode_diameter : float
        d of the disc that counts, the cathode's, m.
    case_mass : float
        Of can, cap, gasket, spacer and spring together, kg.
    diameter, height : float
        Outer D and h, m; by default those that the name CR2032 stands for.

    Returns
    -------
    Package

    Raises
    ------
    InputError
        When the electrode does not fit into the case, or a number is of no sense.

    Examples
    --------
    >>> package = coin_cell(0.012, 3.5e-3)
    >>> round(package.mass, 2)  # thousands of times the electrolyte's
    30.95
    """
    if not (1e-3 <= electrode_diameter <= diameter <= 1.0 and 1e-6 <= case_mass <= 10.0 and 0 < height <= 1.0):
        raise InputError(
            f"A case of {1e3 * diameter:.4g} mm and {1e3 * case_mass:.4g} g cannot hold an electrode of "
            f"{1e3 * electrode_diameter:.4g} mm.",
            "The electrode is at least 1 mm wide and no wider than its case.",
            "Check both diameters, the mass and their units.",
        )
    area = math.pi * electrode_diameter**2 / 4
    return Package(case_mass / area, math.pi * diameter**2 / 4 * height / area)


def pouch_cell(
    length: float, width: float, faces: int, *, margin: float, laminate_mass: float, laminate_thickness: float
) -> Package:
    r"""Share a pouch of laminated foil out over the electrode faces in it.

    .. math:: m = \frac{2 (l + 2 b)(w + 2 b)\, \mu}{n\, l\, w}

    Parameters
    ----------
    length, width : float
        Of the cathode, m.
    faces : int
        Cathode faces in the pouch, n; two on each double-sided cathode.
    margin : float
        The sealed rim on each side b, m.
    laminate_mass : float
        Mass per area of the laminated foil mu, kg/m2.
    laminate_thickness : float
        Its thickness, m.

    Returns
    -------
    Package
        Its thickness is that of both foils over the number of faces.

    Raises
    ------
    InputError
        When a number is of no sense.

    Notes
    -----
    Tabs and the volume of the rim are left out.

    Examples
    --------
    >>> one = pouch_cell(0.05, 0.04, 1, margin=0.005, laminate_mass=0.18, laminate_thickness=113e-6)
    >>> many = pouch_cell(0.05, 0.04, 20, margin=0.005, laminate_mass=0.18, laminate_thickness=113e-6)
    >>> round(one.mass, 3), round(many.mass, 3)
    (0.54, 0.027)
    """
    possible = all(1e-3 <= side <= 10 for side in (length, width)) and 0 <= margin <= 1 and 1 <= faces <= _MOST_FACES
    if not (possible and 1e-3 <= laminate_mass <= 10 and 1e-6 <= laminate_thickness <= 0.01):
        raise InputError(
            f"A pouch of {1e3 * length:.4g} by {1e3 * width:.4g} mm with a rim of {1e3 * margin:.4g} mm, {faces} "
            f"faces and a foil of {1e6 * laminate_thickness:.4g} um and {laminate_mass:.4g} kg/m2 cannot be.",
            f"Sizes are 1 mm to 10 m, a rim is 0 to 1 m, faces are 1 to {_MOST_FACES}, a foil 1 um to 1 cm and 0.1 "
            "mg/cm2 to 1 g/cm2.",
            "Check them and their units.",
        )
    area = (length + 2 * margin) * (width + 2 * margin)
    return Package(2 * area * laminate_mass / (faces * length * width), None, 2 * laminate_thickness / faces, faces)
