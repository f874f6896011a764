"""Texts that keep apart: which of them are shown is decided when the page is laid out and their sizes are known."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Bbox


class KeptApart(Artist):
    """Draws nothing: hides each text that would cover an earlier one or a line of the axes."""

    def __init__(self, drawn_in: Axes, texts: Sequence[Text]) -> None:
        super().__init__()
        self._drawn_in = drawn_in
        self._texts = texts
        self.set_in_layout(False)
        self.set_zorder(min((text.get_zorder() for text in texts), default=0.0) - 1.0)

    def draw(self, renderer: RendererBase) -> None:
        """Choose, just before the texts are drawn."""
        lines = self._lines()
        taken: list[Bbox] = []
        for text in self._texts:
            text.set_visible(True)
            box = text.get_window_extent(renderer)
            free = not any(box.overlaps(other) for other in taken)
            text.set_visible(free and not any(line.intersects_bbox(box, filled=False) for line in lines))
            if text.get_visible():
                taken.append(box)

    def _lines(self) -> list[Path]:
        """Return the axes' lines, where they are on the page; those from end to end are no obstacle."""
        lines = [line for line in self._drawn_in.lines if line.get_linestyle() != "None"]
        return [line.get_path().transformed(line.get_transform()) for line in lines if len(line.get_path()) > 2]
