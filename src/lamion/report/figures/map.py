"""Values over a plane: heights, forces, brightness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lamion.report.figures.style import Theme
from lamion.report.figures.xy import printed_unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def map_(page: Figure, data: Mapping[str, Any], theme: Theme) -> None:
    """Draw a map: ``values`` row by row, ``size`` in ``length``, ``what`` is mapped and its ``unit``."""
    page.set_size_inches(5.6, 4.2)
    axes = page.subplots()
    width, height = data["size"]
    values = np.array(data["values"], dtype=float)
    unit = "" if data["unit"] == "1" else f" / {printed_unit(data['unit'])}"
    picture = axes.imshow(
        values, cmap="viridis", origin="lower", extent=(0, width, 0, height), interpolation="nearest", aspect="equal"
    )
    for name, set_label in (("x", axes.set_xlabel), ("y", axes.set_ylabel)):
        set_label(f"{name} / {printed_unit(data['length'])}")
    page.colorbar(picture, ax=axes, label=f"{data['what']}{unit}")
