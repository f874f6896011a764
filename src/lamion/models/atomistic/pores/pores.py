"""Pores of a crystal: the largest sphere that fits between its atoms, and the largest that can travel through."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from lamion.models.atomistic.pores.free_space import FreeSpace, free_space
from lamion.models.atomistic.pores.passages import Bracket, widest_passage
from lamion.quantities import InputError
from lamion.substances.crystal import Crystal

COARSEST = 1.0
"""Angstrom: a wider grid begins with boxes that hold whole atoms."""
_LARGEST_TOLERANCE = 1e-3
_PASSAGE_TOLERANCE = 0.02


@dataclass(frozen=True)
class Pores:
    """The pores of a crystal.

    Parameters
    ----------
    largest : Bracket or None
        Two diameters between which that of the largest included sphere lies, angstrom; None where the atoms' spheres
        leave no space at all.
    limiting : Bracket or None
        The same of the largest sphere that can travel from cell to cell without end; None where nothing can.
    """

    largest: Bracket | None
    limiting: Bracket | None


def pores(crystal: Crystal, spacing: float = 0.7, *, radii: Mapping[str, float] | None = None) -> Pores:
    r"""Enclose the sizes of the space between a crystal's atoms.

    .. math:: D(x) = 2 \min_j \left(|x - x_j| - r_j\right)

    The largest value of D is the largest included sphere. The limiting sphere is the largest D0 for which the points
    with D > D0 hold a path that winds round the cell.

    Parameters
    ----------
    crystal : Crystal
        Every atom of its cell.
    spacing : float
        Edge of the boxes that the search begins with, angstrom; it decides how long it takes, not what is found.
    radii : Mapping of str to float, optional
        r by element, angstrom, in place of the stored van der Waals radii.

    Returns
    -------
    Pores
        The largest sphere within 0.001 angstrom. The limiting one within 0.02, wider where many passages of nearly
        one width compete; a true value outside of either is impossible for the atoms and radii given.

    Raises
    ------
    InputError
        When the spacing is not above zero and at most 1 angstrom, or there would be more than four million boxes.

    Notes
    -----
    Atoms are hard, resting spheres. What a crystal truly lets pass depends on its motion too.

    References
    ----------
    T. F. Willems et al., Microporous Mesoporous Mater. 149 (2012) 134, doi:10.1016/j.micromeso.2011.08.020.

    Examples
    --------
    >>> import numpy as np
    >>> cubic = Crystal("simple cubic", 6.0 * np.eye(3), ("Cl",), np.zeros((1, 3)))
    >>> found = pores(cubic)
    >>> round(found.largest.middle, 2), round(found.limiting.middle, 1)
    (6.89, 5.0)
    """
    if not (math.isfinite(spacing) and 0 < spacing <= COARSEST):
        raise InputError(
            f"A grid of {spacing:g} angstrom is not above zero and at most {COARSEST:g}.",
            "It is where a search among atoms begins.",
            "Give 0.3 to 1 angstrom.",
        )
    space = free_space(crystal, spacing, radii)
    largest = _largest(space, _LARGEST_TOLERANCE / 2)
    limiting = None if largest is None else widest_passage(space, _PASSAGE_TOLERANCE / 2)
    return Pores(_doubled(largest), _doubled(limiting))


def _doubled(clearance: Bracket | None) -> Bracket | None:
    return None if clearance is None else Bracket(2 * clearance.low, 2 * clearance.high)


def _largest(space: FreeSpace, tolerance: float) -> Bracket | None:
    """Halve the boxes that may hold more than the best middle so far, until none may hold much more."""
    boxes, best = space.boxes(), 0.0
    while len(boxes):
        best = max(best, float(boxes.clearance.max()))
        high = max(best, float(boxes.most.max()))
        if high <= best + tolerance:
            break
        boxes = space.halved(boxes.where(boxes.most > best + tolerance / 2))
    return Bracket(best, high) if best > 0 else None
