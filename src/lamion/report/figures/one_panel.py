"""Axes that stand in for a whole page, so that a drawer of one panel draws into a user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lamion.quantities import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class OnePanel:
    """What drawers ask of a page, done with one panel of another page.

    Parameters
    ----------
    ax : Axes
        The panel.
    title : str
        What the figure shows, for the message to who gave one panel for several.
    """

    def __init__(self, ax: Axes, title: str) -> None:
        self._ax = ax
        self._title = title

    @property
    def axes(self) -> list[Axes]:
        """The panel."""
        return [self._ax]

    def subplots(self, rows: int = 1, columns: int = 1, **settings: Any) -> Any:
        """Return the panel, as matplotlib would; refuse more than one."""
        if rows * columns > 1:
            raise InputError(
                f"The figure '{self._title}' has several panels and does not fit into one.",
                "",
                "Leave ax away: plot() returns a page with all of them.",
            )
        if settings.get("squeeze", True):
            return self._ax
        import numpy as np

        return np.array([[self._ax]], dtype=object)

    def set_size_inches(self, *size: float) -> None:
        """Leave the size to the page's owner."""

    def suptitle(self, text: str, **settings: Any) -> Any:
        """Write a title above the panel."""
        return self._ax.set_title(text, **settings)

    def legend(self, *handles: Any, **settings: Any) -> Any:
        """Put the legend into the panel: a place outside the page becomes the best one inside, in one column."""
        inside = {name: value for name, value in settings.items() if name not in ("loc", "ncols")}
        return self._ax.legend(*handles, loc="best", **inside)

    def colorbar(self, mappable: Any, **settings: Any) -> Any:
        """Put a colour bar beside the panel."""
        return self._ax.figure.colorbar(mappable, **{"ax": self._ax, **settings})
