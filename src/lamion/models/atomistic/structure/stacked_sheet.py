"""A built sheet as an answer: its lengths, its tightest contact, a picture."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np

from lamion.models.atomistic.structure.clashes import tightest_contact
from lamion.models.atomistic.structure.sheet import Sheet
from lamion.models.atomistic.structure.stacking import Stacking, sheared_slips
from lamion.quantities import Answer, FigureData, Quantity
from lamion.substances.formula import molar_mass

_SOURCE = "built from bond lengths"
_CUBIC_ANGSTROM_PER_MOL = 0.602214076
"""cm3/mol."""
_SAME = 1e-6


def stacked_sheet(sheet: Sheet, stacking: Stacking) -> Answer:
    """Describe a stacked sheet.

    Parameters
    ----------
    sheet : Sheet
        The layer.
    stacking : Stacking
        Spacing and slips.

    Returns
    -------
    Answer
        ``lattice``, ``strain``, ``layer_thickness`` between nuclei, ``closest_contact``, ``overlap`` of van der Waals
        spheres there, ``density``; notes.clash; a figure of the stack from above and from the side.

    Examples
    --------
    >>> from lamion.models.atomistic.structure.sheet import sheet
    >>> from lamion.models.atomistic.structure.stacking import slipped
    >>> stacked_sheet(sheet(), slipped(4.64, (0.5, 0.3))).notes["clash"]
    'none'
    """
    contact = tightest_contact(sheet, stacking)
    counts = Counter(sheet.symbols)
    formula = "".join(f"{symbol}{counts[symbol]}" for symbol in sorted(counts))
    volume = sheet.lattice**2 * stacking.spacing * _CUBIC_ANGSTROM_PER_MOL
    pair = "-".join(contact.pair)
    clash = f"{pair} at {contact.distance:.2f} angstrom" if contact.clash else "none"
    return Answer(
        {
            "lattice": Quantity(sheet.lattice, None, "angstrom", _SOURCE),
            "strain": Quantity(sheet.strain, None, "1", _SOURCE),
            "layer_thickness": Quantity(sheet.thickness, None, "angstrom", _SOURCE),
            "closest_contact": Quantity(contact.distance, None, "angstrom", _SOURCE),
            "overlap": Quantity(contact.overlap, None, "angstrom", _SOURCE),
            "density": Quantity(1000 * molar_mass(formula) / volume, None, "g/cm3", _SOURCE),
        },
        notes={
            "formula": " ".join(f"{symbol}{counts[symbol]}" for symbol in sorted(counts)),
            "atoms": len(sheet.symbols),
            "clash": clash,
            "contact": f"{pair}; a clash is an overlap of more than 0.6 angstrom between rigid layers",
        },
        figures={"sheet": sheet_figure(sheet, stacking)},
        method="A flat sheet built from bond lengths; contacts and overlaps from van der Waals radii of rigid layers.",
    )


def sheet_figure(sheet: Sheet, stacking: Stacking) -> FigureData:
    """Return the figure of a stack from above and from the side, about as high as the cell is wide.

    Parameters
    ----------
    sheet : Sheet
        The layer.
    stacking : Stacking
        Spacing and slips.
    """
    # Each pair of neighbours is drawn once at least.
    least = len(stacking.slips) + 1
    layers = min(max(1 + round(1.1 * sheet.lattice / stacking.spacing), least), 9)
    drawn = _layers(stacking, layers)
    return FigureData(
        "sheet",
        f"{sheet.name}, layers {stacking.spacing:.3g} angstrom apart",
        {
            "name": sheet.name,
            "spacing": round(stacking.spacing, 4),
            "lattice": sheet.lattice,
            "symbols": list(sheet.symbols),
            "positions": np.round(sheet.positions, 4).tolist(),
            "layers": drawn,
            "contact": _contact(sheet, stacking, drawn),
        },
    )


def _layers(stacking: Stacking, layers: int) -> list[list[float]]:
    """Return slip, in cells, and height of each layer."""
    places = sheared_slips(stacking)
    drawn = []
    for level in range(layers):
        repeat, within = divmod(level, len(places))
        x = (places[within][0] + repeat * stacking.shear[0]) % 1.0
        y = (places[within][1] + repeat * stacking.shear[1]) % 1.0
        drawn.append([x, y, level * stacking.spacing])
    return drawn


def _contact(sheet: Sheet, stacking: Stacking, layers: list[list[float]]) -> dict[str, Any]:
    """Return the tightest contact and where one of its kind stands among the layers drawn."""
    worst = tightest_contact(sheet, stacking)
    a, ends = sheet.lattice, np.zeros((2, 3))
    for lower, upper in pairwise(layers):
        below, above = (sheet.positions + np.array([x * a, y * a, z]) for x, y, z in (lower, upper))
        apart = above[None, :, :] - below[:, None, :]
        apart[..., :2] -= a * np.round(apart[..., :2] / a)
        off = np.abs(np.linalg.norm(apart, axis=2) - worst.distance)
        names = np.array(sheet.symbols)
        off[(names[:, None] != worst.pair[0]) | (names[None, :] != worst.pair[1])] = np.inf
        i, j = np.unravel_index(int(np.argmin(off)), off.shape)
        if off[i, j] < _SAME:
            ends = np.array([below[i], below[i] + apart[i, j]])
            break
    return {
        "pair": list(worst.pair),
        "distance": round(worst.distance, 3),
        "clash": worst.clash,
        "ends": np.round(ends, 4).tolist(),
    }
