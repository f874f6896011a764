"""Which ways of laying one layer on the next are free of clashes?"""

from __future__ import annotations

from dataclasses import dataclass

from lamion.models.atomistic.structure.clashes import LayerContact, tightest_contact
from lamion.models.atomistic.structure.sheet import Sheet
from lamion.models.atomistic.structure.stacking import slipped
from lamion.quantities import InputError

_MOST = 60


@dataclass(frozen=True)
class Slip:
    """One slip of each layer against the one below.

    Parameters
    ----------
    x, y : float
        As fractions of a and b.
    contact : LayerContact
        The tightest contact.
    """

    x: float
    y: float
    contact: LayerContact


def slips(sheet: Sheet, spacing: float, steps: int = 20) -> list[Slip]:
    """Try the slips of a square layer, on a grid over its irreducible triangle 0 <= y <= x <= 1/2.

    Parameters
    ----------
    sheet : Sheet
        The layer; its fourfold axes and mirrors make all other slips equal to one of these.
    spacing : float
        Between the layers, angstrom.
    steps : int
        Of the grid, over the whole cell.

    Returns
    -------
    list of Slip

    Raises
    ------
    InputError
        When there are fewer than 2 or more than 60 steps.

    Examples
    --------
    >>> from lamion.models.atomistic.structure.sheet import sheet
    >>> tried = slips(sheet(), 4.64, 10)
    >>> len(tried), sum(not slip.contact.clash for slip in tried) > 0
    (21, True)
    """
    if not 2 <= steps <= _MOST:
        raise InputError(f"{steps} steps of the slip are not between 2 and {_MOST}.")
    half = steps // 2
    places = [(i / steps, j / steps) for i in range(half + 1) for j in range(i + 1)]
    return [Slip(x, y, tightest_contact(sheet, slipped(spacing, (x, y)))) for x, y in places]
