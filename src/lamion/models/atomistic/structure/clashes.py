"""Do the layers of a stack run into each other?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lamion.models.atomistic.structure.radii import radius
from lamion.models.atomistic.structure.sheet import Sheet
from lamion.models.atomistic.structure.stacking import Stacking, sheared_slips

_OVERLAP = 0.6


@dataclass(frozen=True)
class LayerContact:
    """The tightest contact between two neighbouring layers.

    Parameters
    ----------
    pair : (str, str)
        Elements.
    distance : float
        Angstrom.
    overlap : float
        By how much it is shorter than the sum of the van der Waals radii, angstrom.
    """

    pair: tuple[str, str]
    distance: float
    overlap: float

    @property
    def clash(self) -> bool:
        """Whether it is shorter than close contacts in crystals get: 0.6 angstrom below the radii's sum."""
        return self.overlap > _OVERLAP


def tightest_contact(sheet: Sheet, stacking: Stacking) -> LayerContact:
    r"""Find the contact with the largest overlap :math:`r_i + r_j - d_{ij}` between neighbouring layers.

    Parameters
    ----------
    sheet : Sheet
        The layer.
    stacking : Stacking
        Spacing and slips.

    Returns
    -------
    LayerContact
        Of the worst of the pairs of layers.

    Notes
    -----
    Layers are rigid; a real one may turn its rings to avoid a clash.

    Examples
    --------
    >>> from lamion.models.atomistic.structure.sheet import sheet
    >>> from lamion.models.atomistic.structure.stacking import aa, slipped
    >>> tightest_contact(sheet(), aa(4.64)).clash, tightest_contact(sheet(), slipped(4.64, (0.5, 0.3))).clash
    (True, False)
    """
    places = sheared_slips(stacking)
    ends = [*places[1:], (places[0][0] + stacking.shear[0], places[0][1] + stacking.shear[1])]
    found = [
        _between(sheet, (x1 - x0, y1 - y0), stacking.spacing) for (x0, y0), (x1, y1) in zip(places, ends, strict=True)
    ]
    return max(found, key=lambda contact: contact.overlap)


def _between(sheet: Sheet, slip: tuple[float, float], spacing: float) -> LayerContact:
    a = sheet.lattice
    radii = np.array([radius(symbol) for symbol in sheet.symbols])
    moved = sheet.positions + np.array([slip[0] * a, slip[1] * a, spacing])
    apart = moved[None, :, :] - sheet.positions[:, None, :]
    apart[..., :2] -= a * np.round(apart[..., :2] / a)
    distance = np.linalg.norm(apart, axis=2)
    overlap = radii[:, None] + radii[None, :] - distance
    i, j = np.unravel_index(int(np.argmax(overlap)), overlap.shape)
    return LayerContact((sheet.symbols[i], sheet.symbols[j]), float(distance[i, j]), float(overlap[i, j]))
