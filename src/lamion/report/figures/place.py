"""A place on a page that stands in for a whole one, so that any drawer fills a panel of a plate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import SubFigure


class Place:
    """What drawers ask of a page, done within a part of another one.

    Parameters
    ----------
    within : SubFigure
        The part of the page.
    part : int
        The only panel to show of those drawn, counted from 1; 0 for all.
    """

    def __init__(self, within: SubFigure, part: int = 0) -> None:
        self._within = within
        self._part = part
        self.said = ""

    def subplots(self, rows: int = 1, columns: int = 1, **settings: Any) -> Any:
        """Return axes; where one part is shown, all others are drawn on a sheet that is thrown away."""
        if not self._part or rows * columns == 1:
            return self._within.subplots(rows, columns, **settings)
        from matplotlib.figure import Figure

        settings.pop("squeeze", None)
        grid = Figure().subplots(rows, columns, squeeze=False, **settings)
        grid.flat[self._part - 1] = self._within.subplots()
        return grid if rows > 1 and columns > 1 else grid.ravel()

    def set_size_inches(self, *size: float) -> None:
        """Leave the size to the plate."""

    def suptitle(self, text: str, **settings: Any) -> None:
        """Keep what is said of the whole for the panel's own title."""
        self.said = text

    def supylabel(self, text: str, **settings: Any) -> Any:
        """Name the axis that all panels share."""
        return self._within.supylabel(text, **settings)

    def legend(self, *handles: Any, **settings: Any) -> Any:
        """Put the legend below the panels: above them stands the panel's title."""
        if str(settings.get("loc", "")).startswith("outside upper"):
            settings["loc"] = "outside lower center"
        return self._within.legend(*handles, **settings)

    def colorbar(self, mappable: Any, **settings: Any) -> Any:
        """Put a colour bar beside the panel that is coloured."""
        axes: Axes = mappable.axes
        return axes.figure.colorbar(mappable, **{"ax": axes, **settings})
