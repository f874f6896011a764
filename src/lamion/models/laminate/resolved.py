"""What a regular laminate leaves of an ion's conductivity, resolved cell by cell until the mesh no longer matters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.models.laminate.bounds import wiener_parallel, wiener_series
from lamion.models.laminate.bricks import Bricks, quarter_cell
from lamion.numerics.effective_conductivity import between_faces, extrapolate
from lamion.numerics.tensor_grid import TensorGrid

ALONG, THROUGH = 0, 1
_FIRST = 4
_MOST_CELLS = 250_000


@dataclass(frozen=True)
class Resolved:
    """An effective conductivity over the gallery's.

    Parameters
    ----------
    value : float
        Extrapolated to the finest mesh.
    error : float
        Estimated error of `value`.
    resolutions, values : tuple
        Cells on the smallest length, and what each mesh gave.
    cells : int
        Of the finest mesh.
    """

    value: float
    error: float
    resolutions: tuple[int, ...]
    values: tuple[float, ...]
    cells: int


def resolve(bricks: Bricks, sheet: float, skin: float = 1.0, axis: int = THROUGH, tolerance: float = 1e-4) -> Resolved:
    r"""Solve :math:`\nabla\cdot(k \nabla u) = 0` in the laminate on ever finer meshes.

    Each mesh halves every cell of the one before, so the error falls by four and is extrapolated; the meshes are
    refined until two extrapolations agree.

    Parameters
    ----------
    bricks : Bricks
        The laminate.
    sheet : float
        Conductivity of an ion in the sheets over that in the gallery, not negative; partition into the sheet times
        mobility there.
    skin : float
        The same in the skin at the sheets.
    axis : int
        :data:`THROUGH` the thickness or :data:`ALONG` the sheets.
    tolerance : float
        Relative error to reach.

    Returns
    -------
    Resolved
        With an error above the tolerance where a quarter of a million cells did not suffice, and no error where
        closed rows or one conductor throughout need no mesh.

    Notes
    -----
    Two-dimensional: the sheets are long across the section. The fluid is a continuum down to the thinnest gallery.

    Examples
    --------
    >>> found = resolve(Bricks(3e-6, 4.5e-9, 4.5e-9, 4.5e-9), 0.0)
    >>> round(found.value, 8), found.error < 1e-8
    (1.782e-05, True)
    """
    exact = _exact(bricks, sheet, skin, axis)
    if exact is not None:
        return Resolved(exact, 0.0, (), (), 0)
    resolutions, values = [_FIRST], []
    cells = 0
    while True:
        cell = quarter_cell(bricks, resolutions[-1])
        cells = cell.grid.cells
        values.append(between_faces(cell.grid, cell.field(sheet, skin), axis).conductivity)
        if len(values) > 1:
            value, error = extrapolate(values)
            fine = error <= tolerance * abs(value) and len(values) > 2
            if fine or 4 * cells > _MOST_CELLS:
                within, moved = _within_bounds(bricks, sheet, skin, value)
                return Resolved(within, max(error, moved), tuple(resolutions), tuple(values), cells)
        resolutions.append(2 * resolutions[-1])


def _exact(bricks: Bricks, sheet: float, skin: float, axis: int) -> float | None:
    """Return what needs no mesh: one conductor throughout, or closed rows, which are layers."""
    if sheet == 1 and (skin == 1 or bricks.skin == 0):
        return 1.0
    if bricks.gap > 0:
        return None
    return (wiener_series if axis == THROUGH else wiener_parallel)(_fractions(bricks), [1.0, sheet, skin])


def _within_bounds(bricks: Bricks, sheet: float, skin: float, value: float) -> tuple[float, float]:
    """Return what no mixture may leave, and by how much the extrapolation did."""
    phases = [1.0, sheet, skin]
    low, high = (bound(_fractions(bricks), phases) for bound in (wiener_series, wiener_parallel))
    within = min(max(value, low), high)
    return within, abs(within - value)


def _fractions(bricks: Bricks) -> list[float]:
    return [1 - bricks.sheet_fraction - bricks.skin_fraction, bricks.sheet_fraction, bricks.skin_fraction]


@dataclass(frozen=True, eq=False)
class PotentialField:
    """The potential in the piece of a laminate that its mirrors repeat.

    Parameters
    ----------
    grid : TensorGrid
        Its cells.
    phases : int array
        What they are.
    potential : array, shape of the grid
        0 to 1 through the thickness; NaN where nothing conducts.
    """

    grid: TensorGrid
    phases: NDArray[np.int8]
    potential: NDArray[np.float64]


def potential_field(bricks: Bricks, sheet: float, skin: float = 1.0, resolution: int = 8) -> PotentialField:
    """Return the potential under a gradient through the thickness.

    Parameters
    ----------
    bricks, sheet, skin
        As in :func:`resolve`.
    resolution : int
        Cells on the smallest length.

    Examples
    --------
    >>> potential_field(Bricks(1e-6, 4.5e-9, 4.5e-9, 4.5e-9), 0.1).potential.shape
    (78, 32)
    """
    cell = quarter_cell(bricks, resolution)
    return PotentialField(cell.grid, cell.phases, between_faces(cell.grid, cell.field(sheet, skin), THROUGH).potential)
