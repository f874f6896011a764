"""A plate: lettered panels on a page of a journal's width, each drawn by the drawer of its kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lamion.quantities import FigureData
from lamion.report.figures.draw import KINDS, svg_of
from lamion.report.figures.place import Place
from lamion.report.figures.style import LIGHT, PALETTE, Theme, settings
from lamion.report.figures.texts import as_drawn
from lamion.report.plates import ShownPanel, ShownPlate

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure

_WIDTH = 180.0
"""Of the page, mm: two columns of a journal."""
_SHRUNK = 0.66
"""A plate is drawn larger and printed smaller, so that every drawer keeps its sizes: 10 points become 6.6."""
_INCH = 25.4
_LINE = 4.2
"""Of a footnote, mm as printed."""
_LETTERS_A_LINE = 150
_LETTER = 11.5
"""Width of a panel's letter, points."""
_TITLE, _SPACING, _ABOVE = 9.5, 1.25, 4.0
"""Size and line spacing of a panel's title, and the room above it, points."""
_SIZE = re.compile(rb'width="[^"]*pt" height="[^"]*pt"')


@dataclass(frozen=True)
class _Cell:
    """Where a panel stands in the grid."""

    panel: ShownPanel
    row: int
    column: int


def draw_plate(shown: ShownPlate, theme: Theme = LIGHT) -> bytes:
    """Draw a plate as SVG, 180 mm wide; the same data give the same bytes."""
    import matplotlib as mpl

    figures = {panel.letter: as_drawn(panel.figure) for panel in shown.drawn if panel.figure is not None}
    fonts = list(dict.fromkeys(font for one in figures.values() for font in one.fonts))
    with mpl.rc_context(settings(theme, fonts) | {"axes.titlesize": 9.5}):  # type: ignore[arg-type]
        page, height = _page(shown, {letter: one.figure for letter, one in figures.items()}, theme)
        svg = svg_of(page)
    return _sized(svg, _WIDTH, height)


def _page(shown: ShownPlate, figures: dict[str, FigureData], theme: Theme) -> tuple[Figure, float]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    cells = _cells(shown.drawn, shown.plate.columns)
    notes = _footnotes(shown.absent)
    heights = _heights(cells[-1].row + 1, shown.plate.heights)
    foot = _LINE * len(notes) + 1.0 if notes else 0.0
    height = sum(heights) + foot
    page = Figure(figsize=(_WIDTH / _INCH / _SHRUNK, height / _INCH / _SHRUNK), layout="constrained")
    FigureCanvasAgg(page)
    ratios = [*heights, foot] if notes else heights
    grid = page.add_gridspec(len(ratios), shown.plate.columns, height_ratios=ratios)
    for cell in cells:
        place = page.add_subfigure(grid[cell.row, cell.column : cell.column + cell.panel.wide])
        width = 72 * page.get_figwidth() * cell.panel.wide / shown.plate.columns
        _draw(place, cell.panel, figures[cell.panel.letter], width, theme)
    if notes:
        foot_of_page = page.add_subfigure(grid[-1, :])
        foot_of_page.text(0.008, 0.96, "\n".join(notes), fontsize=8.5, va="top", ha="left", color=theme.ink)
    return page, height


def _cells(panels: Sequence[ShownPanel], columns: int) -> list[_Cell]:
    """Fill the rows of the grid one by one."""
    row = column = 0
    cells = []
    for panel in panels:
        if column + panel.wide > columns:
            row, column = row + 1, 0
        cells.append(_Cell(panel, row, column))
        column += panel.wide
    return cells


def _heights(rows: int, given: Sequence[float]) -> list[float]:
    return [given[min(row, len(given) - 1)] for row in range(rows)]


def _draw(place: SubFigure, panel: ShownPanel, figure: FigureData, width: float, theme: Theme) -> None:
    """Draw a panel that is so many points wide."""
    within = Place(place, panel.part)
    KINDS.load(figure.kind)(within, figure.data, theme)
    head = [panel.title.replace("$", r"\$"), *filter(None, [within.said])]
    indent = (_LETTER + _LETTER * len(panel.letter)) / width
    place.suptitle("\n".join([*head, " "]), x=indent, ha="left", fontsize=_TITLE, linespacing=_SPACING)
    place.text(0.3 * _LETTER / width, 0.99, panel.letter, weight="bold", fontsize=14, ha="left", va="top")
    _say_evidence(place, panel.evidence, indent, len(head), theme)


def _say_evidence(place: SubFigure, evidence: str, indent: float, line: int, theme: Theme) -> None:
    """Write below the title what the numbers rest on."""
    from matplotlib.transforms import ScaledTranslation

    page = place.get_figure(root=True)
    assert page is not None  # noqa: S101
    down = ScaledTranslation(0, -(_ABOVE + 1.28 * _TITLE * line) / 72, page.dpi_scale_trans)
    color = PALETTE[3] if evidence == "synthetic" else theme.ink
    weight = "bold" if evidence == "synthetic" else "normal"
    place.text(
        indent, 1.0, evidence, transform=place.transSubfigure + down, va="top", fontsize=8, color=color, weight=weight
    )


def _footnotes(absent: Sequence[ShownPanel]) -> list[str]:
    import textwrap

    said = [f"{panel.letter}, {panel.title + ': ' if panel.title else ''}{panel.absent}" for panel in absent]
    return textwrap.wrap("Not drawn: " + "; ".join(said) + ".", _LETTERS_A_LINE) if said else []


def _sized(svg: bytes, width: float, height: float) -> bytes:
    """Say how large a picture is printed."""
    return _SIZE.sub(b'width="%.2fmm" height="%.2fmm"' % (width, height), svg, count=1)
