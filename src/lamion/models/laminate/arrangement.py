"""Irregular laminates: sheets of many widths, rows shifted at random, sheets missing, pinholes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lamion.models.laminate.bricks import GALLERY, SHEET, Bricks, Cell, check_aspect, distinct
from lamion.numerics.singular_mesh import edges_between
from lamion.numerics.tensor_grid import TensorGrid
from lamion.quantities import InputError

MOST_CELLS = 400_000
_SHEETS_IN_A_ROW = 3.0


@dataclass(frozen=True)
class Arrangement:
    """How sheets are drawn.

    Parameters
    ----------
    bricks : Bricks
        The narrowest sheet, with thickness, gallery and gap; no skin.
    widest : float
        Of the sheets, m; their widths are spread evenly from the narrowest to it.
    rows : int
        In the period through the thickness, 2 to 32.
    length : float, optional
        Of the period along the sheets, m; three of the middle width by default.
    missing : float
        Chance of a sheet to be missing, 0 to below 1.
    pinholes : float
        Per length of sheet, 1/m.
    pinhole : float
        Width of a pinhole, m.

    Raises
    ------
    InputError
        When a number is out of its range.
    """

    bricks: Bricks
    widest: float
    rows: int = 4
    length: float | None = None
    missing: float = 0.0
    pinholes: float = 0.0
    pinhole: float = 1e-9

    def __post_init__(self) -> None:
        if self.bricks.skin or self.bricks.gap <= 0:
            raise InputError("Irregular laminates have gaps and no skins.", "", "Give a gap, and leave the skin away.")
        if not self.bricks.width <= self.widest <= 1e-2:
            raise InputError(f"The widest sheet is {self.widest:g} m.", "", "Give at least the narrowest.")
        check_aspect(self.widest + self.bricks.gap, self.bricks)
        if not 2 <= self.rows <= 32:
            raise InputError(f"There are {self.rows} rows.", "", "Give 2 to 32.")
        if not 0 <= self.missing < 1:
            raise InputError(f"The chance of a missing sheet is {self.missing:g}.", "", "Give 0 to below 1.")
        if not (0 <= self.pinholes * self.pinhole <= 0.5 and 1e-11 <= self.pinhole < self.bricks.width):
            raise InputError(
                f"{self.pinholes:g} pinholes per m of {self.pinhole:g} m do not fit into sheets.", "", "Give fewer."
            )

    @property
    def period(self) -> float:
        """Along the sheets, m."""
        middle = (self.bricks.width + self.widest) / 2 + self.bricks.gap
        return self.length or _SHEETS_IN_A_ROW * middle


SheetRow = list[tuple[float, float]]


def draw_rows(arrangement: Arrangement, rng: np.random.Generator) -> list[SheetRow]:
    """Draw the sheets of every row.

    Parameters
    ----------
    arrangement : Arrangement
        How.
    rng : Generator
        Random numbers.

    Returns
    -------
    list of rows, each a list of (beginning, end)
        m, within the period; a sheet over its end is two.

    Examples
    --------
    >>> rule = Arrangement(Bricks(1e-6, 4.5e-9, 4.5e-9, 4.5e-9), 3e-6)
    >>> rows = draw_rows(rule, np.random.default_rng(0))
    >>> len(rows), all(end > begin for row in rows for begin, end in row)
    (4, True)
    """
    return [_row(arrangement, rng) for _ in range(arrangement.rows)]


def _row(rule: Arrangement, rng: np.random.Generator) -> SheetRow:
    gap, period = rule.bricks.gap, rule.period
    count = max(1, round(period / ((rule.bricks.width + rule.widest) / 2 + gap)))
    widths = rng.uniform(rule.bricks.width, rule.widest, count)
    widths *= (period - count * gap) / widths.sum()
    begins = rng.uniform(0, period) + np.concatenate([[0.0], np.cumsum(widths + gap)[:-1]])
    kept = rng.random(count) >= rule.missing
    row: SheetRow = []
    for begin, width in zip(begins[kept], widths[kept], strict=True):
        for low, high in _perforated(rule, float(begin), float(width), rng):
            row += _within(low, high, period)
    return row


def _perforated(rule: Arrangement, begin: float, width: float, rng: np.random.Generator) -> SheetRow:
    number = rng.poisson(rule.pinholes * width)
    centres = np.sort(rng.uniform(begin, begin + width, number))
    pieces, start = [], begin
    for centre in centres:
        low, high = float(centre) - rule.pinhole / 2, float(centre) + rule.pinhole / 2
        if low > start:
            pieces.append((start, low))
        start = max(start, high)
    if begin + width > start:
        pieces.append((start, begin + width))
    return pieces


def _within(low: float, high: float, period: float) -> SheetRow:
    shift = math.floor(low / period) * period
    low, high = low - shift, high - shift
    return [(low, high)] if high <= period else [(low, period), (0.0, high - period)]


def periodic_cell(arrangement: Arrangement, rows: list[SheetRow], resolution: float) -> Cell:
    """Return the cells of one period of drawn rows.

    Parameters
    ----------
    arrangement : Arrangement
        How they were drawn.
    rows : list of rows
        From :func:`draw_rows`.
    resolution : float
        Cells on the smallest length next to a corner.

    Raises
    ------
    InputError
        When there would be too many cells.

    Examples
    --------
    >>> rule = Arrangement(Bricks(1e-6, 4.5e-9, 4.5e-9, 4.5e-9), 3e-6)
    >>> cell = periodic_cell(rule, draw_rows(rule, np.random.default_rng(0)), 2)
    >>> 0.45 < cell.fraction(SHEET) < 0.5
    True
    """
    bricks, period = arrangement.bricks, arrangement.period
    scale = min(bricks.thickness, bricks.gallery, bricks.gap) / 2
    ends = {end for row in rows for pair in row for end in pair}
    along = edges_between(distinct({0.0, period, *ends}, period), scale, resolution)
    levels = [k * bricks.repeat + part for k in range(arrangement.rows) for part in (0.0, bricks.thickness)]
    through = edges_between([*levels, arrangement.rows * bricks.repeat], scale, resolution)
    cells = (along.size - 1) * (through.size - 1)
    if cells > MOST_CELLS:
        raise InputError(
            f"The laminate needs {cells} cells; at most {MOST_CELLS} are solved.", "", "Give fewer rows or pinholes."
        )
    grid = TensorGrid((along, through))
    phases = np.full(grid.shape, GALLERY, np.int8)
    x, y = grid.centres
    for number, row in enumerate(rows):
        inside = np.zeros(x.size, bool)
        for low, high in row:
            inside |= (x > low) & (x < high)
        height = y - number * bricks.repeat
        phases[np.ix_(inside, (height > 0) & (height < bricks.thickness))] = SHEET
    return Cell(grid, phases)
