"""Pores of a crystal, or of a stack over its slips: the largest spheres that fit and travel through, and who passes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lamion.models.atomistic.pores.free_space import FreeSpace, free_space
from lamion.models.atomistic.pores.guests import narrowest_window
from lamion.models.atomistic.pores.passages import Bracket, widest_passage
from lamion.models.atomistic.structure.molecules import species
from lamion.models.atomistic.structure.radii import described
from lamion.models.atomistic.structure.sheet import Sheet
from lamion.models.atomistic.structure.slips import slips
from lamion.models.atomistic.structure.stacking import slipped, stack
from lamion.progress import Progress, silent
from lamion.quantities import Answer, InputError, Quantity
from lamion.substances.crystal import Crystal
from lamion.substances.molecule import Molecule

COARSEST = 1.0
"""Angstrom: a wider grid begins with boxes that hold whole atoms."""
_LARGEST_TOLERANCE = 1e-3
_PASSAGE_TOLERANCE = 0.02
_SLIPPED_TOLERANCE = 0.1
"""Angstrom, of the passage through each of several slips: their spread and the atoms' radii are several times as wide."""
DIAMETER_UNCERTAINTY = 0.2
"""Angstrom: twice the 0.1 to which van der Waals radii are known, all atoms' together."""
_GUESTS = ("li+", "tfsi-", "dfob-", "sn")
_SIEVING = (
    "a rigid, bare molecule in its slimmest conformer against a rigid window: one of several readings of a high "
    "lithium transference number"
)


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


def pores(
    crystal: Crystal,
    spacing: float = 0.7,
    *,
    radii: Mapping[str, float] | None = None,
    tolerance: float = _PASSAGE_TOLERANCE,
) -> Pores:
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
    tolerance : float
        Of the limiting sphere's diameter, angstrom.

    Returns
    -------
    Pores
        The largest sphere within 0.001 angstrom. The limiting one within the tolerance, wider where many passages of nearly
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
    limiting = None if largest is None else widest_passage(space, tolerance / 2)
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


def crystal_pores(
    crystal: Crystal,
    guests: Sequence[tuple[str, Sequence[Molecule]]],
    spacing: float = 0.7,
    *,
    radii: Mapping[str, float] | None = None,
    moved: Sequence[Crystal] = (),
) -> Answer:
    r"""Return a crystal's pores and which molecules pass them.

    .. math:: u^2 = h^2 + (2 u_r)^2 + \sum_k \Delta_k^2

    with the half width h of the interval that surely holds the diameter, the uncertainty :math:`u_r` of 0.1 angstrom
    of all radii together, and the change :math:`\Delta_k` with each input that is uncertain itself.

    Parameters
    ----------
    crystal : Crystal
        Every atom of its cell.
    guests : sequence of (str, sequence of Molecule)
        Label and conformers.
    spacing : float
        Edge of the boxes that the search begins with, angstrom.
    radii : Mapping of str to float, optional
        By element, angstrom, in place of the stored ones.
    moved : sequence of Crystal
        Variants of the crystal, each with one input moved by its standard uncertainty.

    Returns
    -------
    Answer
        ``largest_sphere`` and ``limiting_sphere`` (angstrom, diameters), without a value where nothing fits or
        passes; one row per guest as series.

    Examples
    --------
    >>> lattice = Crystal("simple cubic", 6.0 * np.eye(3), ("Cl",), np.zeros((1, 3)))
    >>> print(crystal_pores(lattice, []).results["largest_sphere"])
    6.89(20) angstrom
    """
    found = pores(crystal, spacing, radii=radii)
    others = [pores(other, spacing, radii=radii) for other in moved]
    sizes = [narrowest_window(conformers, radii) for _, conformers in guests]
    results = {
        name: _quantity(_of(found, name), [_of(other, name) for other in others])
        for name in ("largest_sphere", "limiting_sphere")
    }
    limiting = results["limiting_sphere"]
    symbols = [*crystal.symbols, *(symbol for _, (one, *_) in guests if len(one) > 1 for symbol in one.symbols)]
    used = described(symbols, radii)
    return Answer(
        {name: quantity for name, quantity in results.items() if quantity is not None},
        {
            "Guest": [label for label, _ in guests],
            "Narrowest window / angstrom": [round(size, 3) for size in sizes],
            "Passes": [_passes(size, limiting) for size in sizes],
        }
        if guests
        else {},
        {
            "uncertainty": "0.2 angstrom of each diameter for the atoms' radii, known to 0.1 angstrom; the interval of "
            "the search; the lattice and the spacing where they are uncertain",
            "radii": used,
            "sieving": _SIEVING,
            "passes": "yes or no where window and guest differ by more than twice their combined uncertainty",
        },
        _warnings(used),
        method="The largest sphere that fits between the atoms' van der Waals spheres, and the largest that passes "
        "through the crystal.",
        unreached={name: "angstrom" for name, quantity in results.items() if quantity is None},
    )


def _of(found: Pores, name: str) -> Bracket | None:
    return found.largest if name == "largest_sphere" else found.limiting


def _quantity(found: Bracket | None, others: Sequence[Bracket | None]) -> Quantity | None:
    if found is None:
        return None
    changes = [(0.0 if other is None else other.low) - found.low for other in others]
    spread = math.hypot(found.half, DIAMETER_UNCERTAINTY, *changes)
    return Quantity(found.middle, spread, "angstrom", "between hard spheres of van der Waals radii")


def _passes(size: float, limiting: Quantity | None) -> str:
    window, spread = (0.0, 0.0) if limiting is None else (limiting.value, limiting.std or 0.0)
    if abs(window - size) <= 2 * math.hypot(spread, DIAMETER_UNCERTAINTY):
        return "too close to say"
    return "yes" if size < window else "no"


def _warnings(used: Mapping[str, str]) -> tuple[str, ...]:
    large = [symbol for symbol, words in used.items() if "Alvarez" in words]
    if not large:
        return ()
    return (
        f"The radius of {', '.join(large)} is Alvarez's, which for metals is up to 1 angstrom larger than the others' "
        "scale; where such an atom borders a pore, give a radius of your own.",
    )


def slipped_pores(sheet: Sheet, spacing: float, steps: int = 20, *, progress: Progress = silent) -> Answer:
    r"""Return the pores of a stack whose slip is not known: the mean over every slip that is free of clashes.

    .. math:: u^2 = s^2_\mathrm{slips} + h^2 + (2 u_r)^2

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
        ``largest_sphere`` and ``limiting_sphere`` (angstrom): diameters, with the standard deviation over the slips,
        the half width h of the search's interval and 0.1 angstrom for the radii of the atoms as uncertainty. Where
        nothing passes, a slip's limiting sphere counts as zero.

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
        found.append(pores(stack(sheet, slipped(spacing, (slip.x, slip.y))), tolerance=_SLIPPED_TOLERANCE))
    largest, limiting = [one.largest for one in found], [one.limiting for one in found]
    windows = {name: narrowest_window(species(name).conformers) for name in _GUESTS}
    source = f"{len(free)} slips without a clash, van der Waals radii"
    return Answer(
        {"largest_sphere": _mean(largest, source), "limiting_sphere": _mean(limiting, source)},
        {
            "Slip along a / 1": [slip.x for slip in free],
            "Slip along b / 1": [slip.y for slip in free],
            "Overlap / angstrom": [slip.contact.overlap for slip in free],
            "Largest sphere / angstrom": [None if one is None else one.middle for one in largest],
            "Limiting sphere / angstrom": [None if one is None else one.middle for one in limiting],
        },
        {
            "narrowest window in angstrom that a guest needs": windows,
            "radii": described(sheet.symbols),
            "sieving": _SIEVING,
        },
        _warnings(described(sheet.symbols)),
        reason="The largest sphere that fits between rigid layers, over every slip without a clash; its "
        "uncertainty is the spread over these, the interval of the search and 0.1 angstrom of the atoms' radii.",
        method=f"The largest and the limiting sphere among van der Waals spheres, averaged over {len(free)} slips "
        "without a clash.",
    )


def _mean(found: Sequence[Bracket | None], source: str) -> Quantity:
    brackets = [one or Bracket(0.0, 0.0) for one in found]
    values = [one.middle for one in brackets]
    widest = max(one.half for one in brackets)
    spread = math.hypot(float(np.std(values)), widest, DIAMETER_UNCERTAINTY)
    return Quantity(float(np.mean(values)), spread, "angstrom", source)
