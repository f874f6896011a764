"""Sheets laid like bricks: rows of sheets edge to edge, each row shifted by half a period, galleries between rows."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lamion.numerics.singular_mesh import edges_between, one_sided_edges, two_sided_edges
from lamion.numerics.tensor_grid import TensorGrid, even_edges, joined_edges
from lamion.quantities import InputError

GALLERY, SHEET, SKIN = 0, 1, 2
"""The phases of a cell: the fluid, the sheets, the skin of fluid at the sheets."""

Phases = NDArray[np.int8]

_SMALLEST, _LARGEST = 1e-11, 1e-2
MOST_ASPECT = 1e5
"""Period over the thinnest layer that can be resolved: the rounding of potentials grows with its square."""


@dataclass(frozen=True)
class Bricks:
    """A regular brick-and-mortar laminate.

    Parameters
    ----------
    width : float
        Of a sheet along its row, m.
    thickness : float
        Of a sheet, m.
    gallery : float
        Height of the fluid between two rows, m.
    gap : float
        Between the edges of two sheets of a row, m; zero closes the rows.
    skin : float
        Thickness of the layer of fluid at every surface of a sheet that conducts in its own way, m; zero for none.

    Raises
    ------
    InputError
        When a length is not positive, not finite or absurd, the skins of two rows would overlap, or the period is
        more than a hundred thousand times as long as the sheet or the gallery is thick.

    Examples
    --------
    >>> round(Bricks(1e-6, 4.5e-9, 4.5e-9, 4.5e-9).sheet_fraction, 5)
    0.49776
    """

    width: float
    thickness: float
    gallery: float
    gap: float
    skin: float = 0.0

    def __post_init__(self) -> None:
        lengths = {"sheet width": self.width, "sheet thickness": self.thickness, "gallery": self.gallery}
        for name, length in lengths.items():
            if not (math.isfinite(length) and _SMALLEST <= length <= _LARGEST):
                raise InputError(
                    f"The {name} is {length:g} m.", "", f"Give a length from {_SMALLEST:g} to {_LARGEST:g} m."
                )
        for name, length in {"gap": self.gap, "skin": self.skin}.items():
            if not (length == 0 or (math.isfinite(length) and 1e-3 * _SMALLEST <= length <= _LARGEST)):
                raise InputError(f"The {name} is {length:g} m.", "", f"Give zero or a length up to {_LARGEST:g} m.")
        if 2 * self.skin > self.gallery:
            raise InputError(
                f"Two skins of {self.skin:g} m do not fit into a gallery of {self.gallery:g} m.",
                "",
                "Give a skin of at most half the gallery.",
            )
        check_aspect(self.period, self)

    @property
    def period(self) -> float:
        """Width of a sheet and a gap, m."""
        return self.width + self.gap

    @property
    def repeat(self) -> float:
        """Thickness of a sheet and a gallery, m."""
        return self.thickness + self.gallery

    @property
    def sheet_fraction(self) -> float:
        r"""Area fraction of the sheets, :math:`\frac{t}{t+g} \frac{w}{w+e}`."""
        return self.thickness / self.repeat * self.width / self.period

    @property
    def skin_fraction(self) -> float:
        """Area fraction of the skins."""
        along = min(self.width + 2 * self.skin, self.period)
        covered = along * (self.thickness + 2 * self.skin) - self.width * self.thickness
        return covered / (self.period * self.repeat)

    @property
    def aspect(self) -> float:
        """Width of a sheet over its thickness."""
        return self.width / self.thickness


def check_aspect(longest: float, bricks: Bricks) -> None:
    """Refuse what is too long beside its layers to be resolved.

    Parameters
    ----------
    longest : float
        A period along the sheets, m.
    bricks : Bricks
        With the thickness of its layers.

    Raises
    ------
    InputError
        Above :data:`MOST_ASPECT`.
    """
    thinnest = min(bricks.thickness, bricks.gallery)
    if longest > MOST_ASPECT * thinnest:
        raise InputError(
            f"A period of {longest:g} m is {longest / thinnest:.3g} times as long as the thinnest layer, "
            f"{thinnest:g} m.",
            "One of the units may be wrong: sheets and galleries are some nm thick.",
            f"Give at most {MOST_ASPECT:g} times.",
        )


@dataclass(frozen=True, eq=False)
class Cell:
    """Cells of a cross-section and what each of them is.

    Parameters
    ----------
    grid : TensorGrid
        Two axes: along the sheets, and through the thickness; m.
    phases : int array, shape of the grid
        :data:`GALLERY`, :data:`SHEET` or :data:`SKIN`.
    """

    grid: TensorGrid
    phases: Phases

    def field(self, sheet: float, skin: float) -> NDArray[np.float64]:
        """Return the conductivity of every cell over that of the gallery.

        Parameters
        ----------
        sheet, skin : float
            Of an ion in the sheets and in the skins, over that in the gallery.
        """
        return np.array([1.0, sheet, skin])[self.phases]

    def fraction(self, phase: int) -> float:
        """Return the area fraction of a phase.

        Parameters
        ----------
        phase : int
            Such as :data:`SHEET`.
        """
        return float(np.sum(self.grid.volumes[self.phases == phase]) / np.prod(self.grid.lengths))


def quarter_cell(bricks: Bricks, resolution: float) -> Cell:
    """Return the piece of a regular laminate that its mirrors repeat.

    Along the sheets it reaches from the middle of a sheet to the middle of the next gap of its row, through the
    thickness from the middle of that row to the middle of the next. Under a gradient along either axis the planes it
    begins and ends at carry one potential, and the others pass nothing.

    Parameters
    ----------
    bricks : Bricks
        The laminate.
    resolution : float
        Cells on the smallest length next to a corner.
    """
    along = _along(bricks, resolution)
    through = _through(bricks, resolution)
    grid = TensorGrid((along, through))
    x, y = grid.centres[0][:, np.newaxis], grid.centres[1][np.newaxis, :]
    half, end, top = bricks.period / 2, bricks.gap / 2, bricks.repeat
    # Row 1 has its gap at the end of x, row 2 at the beginning.
    rows = [(half - x - end, y - bricks.thickness / 2), (x - end, top - bricks.thickness / 2 - y)]
    phases = np.full(grid.shape, GALLERY, dtype=np.int8)
    for inward, outward in rows:
        skinned = (inward > -bricks.skin) & (outward < bricks.skin)
        phases[skinned & (phases == GALLERY)] = SKIN
    for inward, outward in rows:
        phases[(inward > 0) & (outward < 0)] = SHEET
    return Cell(grid, phases)


def scale_of(bricks: Bricks) -> float:
    """Return the smallest length next to a corner: what a mesh has to resolve, m.

    Parameters
    ----------
    bricks : Bricks
        The laminate.
    """
    lengths = [bricks.thickness / 2, bricks.gallery / 2, bricks.skin, bricks.gap / 2]
    return min(length for length in lengths if length > 0)


def _along(bricks: Bricks, resolution: float) -> NDArray[np.float64]:
    """Crowd towards the edges of both rows' sheets and of their skins."""
    half, end, skin = bricks.period / 2, bricks.gap / 2, bricks.skin
    if end == 0:
        return even_edges(half, 2)
    inner = {end, end - skin, half - end, half - end + skin}
    return edges_between(distinct({0.0, *inner, half}, half), scale_of(bricks), resolution)


def distinct(places: Iterable[float], end: float) -> list[float]:
    """Sort places of an interval and leave out what lies outside or on another.

    Parameters
    ----------
    places : iterable of float
        With both ends.
    end : float
        Where the interval ends; it begins at zero.

    Examples
    --------
    >>> distinct([0.0, 0.3, 0.3 + 1e-16, -0.1, 1.0, 1.2], 1.0)
    [0.0, 0.3, 1.0]
    """
    found: list[float] = []
    for place in sorted(place for place in places if 0 <= place <= end):
        if not found or place - found[-1] > 1e-12 * end:
            found.append(place)
    return found


def _through(bricks: Bricks, resolution: float) -> NDArray[np.float64]:
    scale = scale_of(bricks)
    sheet = one_sided_edges(bricks.thickness / 2, scale, resolution)
    free = bricks.gallery - 2 * bricks.skin
    pieces = [bricks.skin, free, bricks.skin] if bricks.skin else [bricks.gallery]
    inner = [two_sided_edges(piece, scale, resolution) for piece in pieces if piece > 0]
    return joined_edges(sheet[-1] - sheet[::-1], *inner, sheet)
