"""Van der Waals radii."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lamion.quantities import InputError

VAN_DER_WAALS: Mapping[str, float] = MappingProxyType(
    {
        "H": 1.09,
        "Li": 1.82,
        "B": 1.92,
        "C": 1.70,
        "N": 1.55,
        "O": 1.52,
        "F": 1.47,
        "Na": 2.27,
        "Mg": 1.73,
        "Si": 2.10,
        "P": 1.80,
        "S": 1.80,
        "Cl": 1.75,
        "Fe": 2.00,
        "Co": 2.00,
        "Ni": 1.63,
        "Cu": 1.40,
        "Zn": 1.39,
        "Zr": 2.00,
    }
)
"""Angstrom: A. Bondi, J. Phys. Chem. 68 (1964) 441, doi:10.1021/j100785a001; hydrogen, R. S. Rowland, R. Taylor, J.
Phys. Chem. 100 (1996) 7384, doi:10.1021/jp953141+; boron, M. Mantina et al., J. Phys. Chem. A 113 (2009) 5806,
doi:10.1021/jp8111556; 2.00 where no measured radius is in use. Zeo++ takes the same for the sheets' elements."""


def radius(symbol: str) -> float:
    """Return an atom's van der Waals radius in angstrom.

    Parameters
    ----------
    symbol : str
        The element.

    Raises
    ------
    InputError
        When none is stored.

    Examples
    --------
    >>> radius("C")
    1.7
    """
    if symbol not in VAN_DER_WAALS:
        raise InputError(f"No radius of '{symbol}' is stored.", "", f"Known are: {', '.join(VAN_DER_WAALS)}.")
    return VAN_DER_WAALS[symbol]
