"""Bond lengths that structures are built from, in angstrom.

Typical of crystal structures of the compounds at room temperature, each to about 0.02 angstrom: metal porphyrins (W. R.
Scheidt, Y. J. Lee, Struct. Bonding 64 (1987) 1), metal paddlewheels and aromatic carboxylates (F. H. Allen et al., J.
Chem. Soc., Perkin Trans. 2 (1987) S1, doi:10.1039/P298700000S1).
"""

from __future__ import annotations

from lamion.quantities import InputError

CARBON_HYDROGEN = 1.08
AROMATIC = 1.39
ARYL_ARYL = 1.49
CARBOXYLATE_OXYGEN = 1.26
CARBOXYLATE_HALF_BITE = 1.12
ARYL_CARBOXYLATE = 1.50
MESO_ARYL = 1.50
NITROGEN_ALPHA = 1.375
ALPHA_BETA = 1.44
BETA_BETA = 1.36
ALPHA_MESO = 1.39
ALPHA_NITROGEN_ALPHA = 105.5
"""Degrees."""

_METAL_NITROGEN = {"Cu": 2.00, "Zn": 2.04, "Co": 1.97, "Ni": 1.95, "Fe": 1.98}
_METAL_METAL_AND_OXYGEN = {"Cu": (2.65, 1.97), "Zn": (2.95, 2.03), "Co": (2.75, 2.03)}


def metal_nitrogen(metal: str) -> float:
    """Return the distance of a porphyrin's metal from its nitrogens.

    Parameters
    ----------
    metal : str
        Cu, Zn, Co, Ni or Fe.

    Raises
    ------
    InputError
        For other metals.

    Examples
    --------
    >>> metal_nitrogen("Cu")
    2.0
    """
    if metal not in _METAL_NITROGEN:
        raise InputError(f"No porphyrin of '{metal}' can be built.", "", f"Known are: {', '.join(_METAL_NITROGEN)}.")
    return _METAL_NITROGEN[metal]


def metal_metal_and_oxygen(metal: str) -> tuple[float, float]:
    """Return the distances metal-metal and metal-oxygen of a paddlewheel.

    Parameters
    ----------
    metal : str
        Cu, Zn or Co.

    Raises
    ------
    InputError
        For other metals.

    Examples
    --------
    >>> metal_metal_and_oxygen("Cu")
    (2.65, 1.97)
    """
    if metal not in _METAL_METAL_AND_OXYGEN:
        known = ", ".join(_METAL_METAL_AND_OXYGEN)
        raise InputError(f"No paddlewheel of '{metal}' can be built.", "", f"Known are: {known}.")
    return _METAL_METAL_AND_OXYGEN[metal]
