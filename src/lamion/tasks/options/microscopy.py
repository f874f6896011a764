"""What is said of a scanning probe and a microscope."""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Quantity
from lamion.tasks.declaring import Option

HeightScale = Annotated[Quantity | None, Option("of all heights, relative", unit="1", example="2 %", otherwise="exact")]


def relative(uncertainty: Quantity | None) -> float:
    """Return a relative uncertainty, zero where none is given."""
    return 0.0 if uncertainty is None else uncertainty.si
