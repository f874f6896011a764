"""Pores of a crystal, or of a stack over its slips, as answers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from lamion.models.atomistic.guests import passing_diameter
from lamion.models.atomistic.molecules import species
from lamion.models.atomistic.pores import pores
from lamion.models.atomistic.sheet import Sheet
from lamion.models.atomistic.slips import slips
from lamion.models.atomistic.stacking import slipped, stack
from lamion.progress import Progress, silent
from lamion.quantities import Answer, InputError, Quantity
from lamion.substances.crystal import Crystal
from lamion.substances.molecule import Molecule

_GRID = 0.3
_RADII = 0.1


def pores_answer(crystal: Crystal, guests: Sequence[tuple[str, Molecule]], spacing: float = 0.25) -> Answer:
    """Return a crystal's pores and which molecules pass them.

    Parameters
    ----------
    crystal : Crystal
        Every atom of its cell.
    guests : sequence of (str, Molecule)
        Label and molecule.
    spacing : float
        Of the grid, angstrom.

    Returns
    -------
    Answer
        ``largest_sphere`` and ``limiting_sphere`` (angstrom, diameters); one row per guest as series.

    Examples
    --------
    >>> lattice = Crystal("simple cubic", 6.0 * np.eye(3), ("Cl",), np.zeros((1, 3)))
    >>> print(pores_answer(lattice, []).results["largest_sphere"])
    6.8923(10) angstrom
    """
    found = pores(crystal, spacing)
    sizes = [passing_diameter(molecule) for _, molecule in guests]
    source = "grid probe with van der Waals radii"
    return Answer(
        {
            "largest_sphere": Quantity(found.largest, 1e-3, "angstrom", source),
            "limiting_sphere": Quantity(found.limiting, spacing / math.sqrt(12), "angstrom", source),
        },
        {
            "Guest": [label for label, _ in guests],
            "Narrowest window / angstrom": sizes,
            "Passes": ["yes" if size <= found.limiting else "no" for size in sizes],
        }
        if guests
        else {},
        {
            "uncertainty": "that of the grid alone; van der Waals radii are known to about 0.1 angstrom each",
            "sieving": "a rigid, bare molecule against a rigid window: one of several readings of a high lithium "
            "transference number",
        },
    )


def slipped_pores_answer(sheet: Sheet, spacing: float, steps: int = 20, *, progress: Progress = silent) -> Answer:
    r"""Return the pores of a stack whose slip is not known: the mean over every slip that is free of clashes.

    .. math:: u^2 = s^2_\mathrm{slips} + (2 u_r)^2

    Parameters
    ----------
    sheet : Sheet
        The layer.
    spacing : float
        Angstrom.
    steps : int
        Of the grid of slips.
    progress : Progress
        Told after each slip.

    Returns
    -------
    Answer
        ``largest_sphere`` and ``limiting_sphere`` (angstrom): diameters, with the standard deviation over the slips
        and 0.1 angstrom for the radii of the atoms as uncertainty.

    Raises
    ------
    InputError
        When no slip is free of clashes.
    """
    free = [slip for slip in slips(sheet, spacing, steps) if not slip.contact.clash]
    if not free:
        raise InputError(
            f"No slip lets layers {spacing:g} angstrom apart without a clash.", "", "Give a larger spacing."
        )
    found = []
    for done, slip in enumerate(free):
        progress(done, len(free), f"slip {slip.x:g}, {slip.y:g}")
        found.append(pores(stack(sheet, slipped(spacing, (slip.x, slip.y))), _GRID))
    largest, limiting = [one.largest for one in found], [one.limiting for one in found]
    guests = {name: passing_diameter(species(name).conformers[0]) for name in ("li+", "tfsi-", "dfob-", "sn")}
    source = f"{len(free)} slips without a clash, van der Waals radii"
    return Answer(
        {"largest_sphere": _mean(largest, source), "limiting_sphere": _mean(limiting, source)},
        {
            "Slip along a / 1": [slip.x for slip in free],
            "Slip along b / 1": [slip.y for slip in free],
            "Overlap / angstrom": [slip.contact.overlap for slip in free],
            "Largest sphere / angstrom": largest,
            "Limiting sphere / angstrom": limiting,
        },
        {
            "reason": "The largest sphere that fits between rigid layers, over every slip without a clash; its "
            "uncertainty is the spread over these and 0.1 angstrom of each atom's radius.",
            "narrowest window in angstrom that a guest needs": guests,
            "sieving": "bare, rigid guests against rigid layers: one of several readings of the lithium transference "
            "number",
        },
    )


def _mean(values: list[float], source: str) -> Quantity:
    spread = float(np.hypot(np.std(values), 2 * _RADII))
    return Quantity(float(np.mean(values)), spread, "angstrom", source)
