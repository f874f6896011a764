r"""What the mesh does to a discharge, estimated from one twice as fine and one half as fine.

.. math:: u(q_h) = \sqrt{\left(\frac{q_{h/2} - q_h}{1 - 2^{-p}}\right)^2 + \left(\frac{q_h - q_{2h}}{2^p - 1}\right)^2},
          \qquad p = 2

Either term is Richardson's estimate of the distance from an endlessly fine mesh, as a method of second order gives it.
Where a front is thinner than the mesh one of the two can vanish by accident, hardly both; the sum is taken as a
standard uncertainty and not as a correction.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lamion.models.cells.cell_simulator import CellSimulator, Discharge, Mesh, rate_label
from lamion.models.cells.lithium_metal_cell import LithiumMetalCell
from lamion.quantities import InputError

_ORDER = 2
_WORTH_SAYING = 0.05


@dataclass(frozen=True)
class Discretisation:
    """Standard uncertainties of a discharge by its mesh.

    Parameters
    ----------
    capacity : float
        C/kg.
    average_voltage, middle_voltage : float
        V.
    """

    capacity: float
    average_voltage: float
    middle_voltage: float


def discretisation(
    simulator: CellSimulator, cell: LithiumMetalCell, discharges: Sequence[Discharge]
) -> tuple[Discretisation | None, ...]:
    """Estimate the mesh's part in discharges of a cell.

    Parameters
    ----------
    simulator : CellSimulator
        That gave them.
    cell : LithiumMetalCell
        The cell.
    discharges : sequence of Discharge
        At several rates.

    Returns
    -------
    tuple of (Discretisation or None)
        One a discharge; None where the finer equations cannot be solved.

    Notes
    -----
    Of 58 random cells (films of 5 to 150 um and 3e-5 to 2e-3 S/cm, 0.1 to 2C, 7 above the limiting current) the
    capacity on a mesh of 140 or 100 points across the film lay within one such uncertainty in 91 %, of a quick run in
    97 %, and within two in all; the average voltage in 97, 79 and 100 %.

    References
    ----------
    L. F. Richardson, Phil. Trans. R. Soc. A 210 (1911) 307, doi:10.1098/rsta.1911.0009.
    """
    return tuple(_estimated(simulator, cell, discharge) for discharge in discharges)


def _estimated(simulator: CellSimulator, cell: LithiumMetalCell, discharge: Discharge) -> Discretisation | None:
    fine, coarse = (_solved(other, cell, discharge.rate) for other in (simulator.finer, simulator.coarser))
    if fine is None:
        return None
    gain = 2.0**_ORDER

    def open_part(name: str) -> float:
        value = getattr(discharge, name)
        beyond = (getattr(fine, name) - value) / (1 - 1 / gain)
        before = 0.0 if coarse is None else (value - getattr(coarse, name)) / (gain - 1)
        return math.hypot(beyond, before)

    return Discretisation(open_part("capacity"), open_part("average_voltage"), open_part("middle_voltage"))


def _solved(simulator: CellSimulator, cell: LithiumMetalCell, rate: float) -> Discharge | None:
    try:
        return simulator.discharges(cell, (rate,))[0]
    except InputError:
        return None


def mesh_warnings(
    mesh: Mesh, discharges: Sequence[Discharge], parts: Sequence[Discretisation | None]
) -> tuple[str, ...]:
    """Say where the mesh leaves more than a twentieth of a capacity open, or how much it leaves is not known.

    Parameters
    ----------
    mesh : Mesh
        Of the discharges.
    discharges : sequence of Discharge
        At several rates.
    parts : sequence of (Discretisation or None)
        From :func:`discretisation`.
    """
    found = []
    for discharge, part in zip(discharges, parts, strict=True):
        at = f"At {rate_label(discharge.rate)}"
        if part is None:
            found.append(f"{at} a finer mesh cannot be solved: what the mesh leaves open is not known.")
        elif part.capacity > _WORTH_SAYING * discharge.capacity:
            share = 100 * part.capacity / discharge.capacity
            finer = "" if mesh == Mesh() else " A run that is not quick has a finer one."
            found.append(
                f"{at} the mesh leaves {part.capacity / 3600:.2g} mAh/g of the capacity open, {share:.2g} % of it."
                f"{finer}"
            )
    return tuple(found)
