"""From the data of a figure to a picture."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from lamion.quantities import FigureData
from lamion.registry import Registry
from lamion.report.figures.one_panel import OnePanel
from lamion.report.figures.style import DARK, LIGHT, Theme, settings
from lamion.report.figures.texts import as_drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

KINDS = Registry(
    "kind of figure",
    "lamion.drawers",
    {
        "complex": "lamion.report.figures.complex:complex_",
        "film-transport": "lamion.report.figures.film_transport:film_transport",
        "laminate-cell": "lamion.report.figures.laminate:laminate_cell",
        "laminate-rows": "lamion.report.figures.laminate:laminate_rows",
        "map": "lamion.report.figures.map:map_",
        "voxel-slice": "lamion.report.figures.laminate:voxel_slice",
        "xy": "lamion.report.figures.xy:xy",
        "sheet": "lamion.report.figures.sheet:sheet",
    },
)


def draw(figure: FigureData, format: str, *, dark: bool = False) -> bytes:  # noqa: A002  (matplotlib's own word)
    """Draw a figure as ``"svg"`` or ``"png"``; the same data give the same bytes."""
    import matplotlib as mpl

    theme, shown = DARK if dark else LIGHT, as_drawn(figure)
    with mpl.rc_context(settings(theme, shown.fonts)):  # type: ignore[arg-type]
        page = _page(shown.figure, theme)
        return svg_of(page) if format == "svg" else _png(page)


def page_of(figure: FigureData, *, ax: Axes | None = None, dark: bool = False) -> Figure:
    """Draw a figure as a page of matplotlib's; into axes of a user's own page where its kind has a single panel."""
    import matplotlib as mpl

    theme, shown = DARK if dark else LIGHT, as_drawn(figure)
    with mpl.rc_context(settings(theme, shown.fonts)):  # type: ignore[arg-type]
        if ax is None:
            return _page(shown.figure, theme)
        KINDS.load(figure.kind)(OnePanel(ax, figure.title), shown.figure.data, theme)
        page = ax.get_figure(root=True)
        assert page is not None  # noqa: S101
        return page


def _page(figure: FigureData, theme: Theme) -> Figure:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    page = Figure(layout="constrained")
    FigureCanvasAgg(page)
    KINDS.load(figure.kind)(page, figure.data, theme)
    return page


def svg_of(page: Figure) -> bytes:
    """Return a page of matplotlib's as SVG without a date, its places cut off at a hundredth of a point."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    content = io.BytesIO()
    # Page.savefig would draw all of it once more, to lay it out.
    FigureCanvasSVG(page).print_svg(content, metadata={"Date": None})  # type: ignore[no-untyped-call]
    return _rounded(content.getvalue())


def _png(page: Figure) -> bytes:
    content = io.BytesIO()
    page.savefig(content, format="png", metadata={"Software": None})
    return content.getvalue()


_PLACES = re.compile(rb' (?:d|x|y|width|height)="[^"]*"|translate\([^)]*\)')
_LONG = re.compile(rb"-?\d+\.\d{3,}")
_CLIP = re.compile(rb"""(id="|url\(#)(p[0-9a-f]{10})""")


def _rounded(svg: bytes) -> bytes:
    """Round places to a hundredth of a point, which halves the file, and number the frames that cut drawings off.

    Their names are made from places as the layout found them, which differ in their last digits from run to run.
    """
    short = _PLACES.sub(lambda found: _LONG.sub(lambda one: b"%.2f" % float(one.group()), found.group()), svg)
    names: dict[bytes, int] = {}
    return _CLIP.sub(lambda found: b"%bp%d" % (found[1], names.setdefault(found[2], len(names))), short)
