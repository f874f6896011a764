r"""Does the stated range of frequencies reach the arc of the electrolyte's bulk.

.. math:: f = \frac{\sigma}{2 \pi \varepsilon_0 \varepsilon_r}
"""

from __future__ import annotations

import math
from typing import Annotated

from scipy.constants import epsilon_0

from lamion.quantities import Answer, Quantity, propagate
from lamion.tasks.declaring import Option, Result, task


@task(
    results={"bulk_frequency": Result("Hz", "where the bulk's arc has its top", headline=True)},
    evidence="derived from printed numbers",
    example="",
)
def bulk_arc(
    conductivity: Annotated[Quantity, Option("of the electrolyte")],
    permittivity: Annotated[Quantity, Option("relative")],
    highest_frequency: Annotated[Quantity, Option("of the instrument", unit="Hz", example="1e5 Hz")],
    as_printed: Annotated[Quantity | None, Option("the same, taken literally", unit="Hz", example="105 Hz")] = None,
) -> Answer:
    """Compute where the bulk's arc has its top."""
    arc = propagate(
        lambda sigma, eps: sigma / (2 * math.pi * epsilon_0 * eps),
        conductivity,
        permittivity,
        unit="Hz",
        source="sigma / (2 pi eps0 eps_r)",
    )
    reached = highest_frequency.si >= arc.si
    decades = abs(math.log10(arc.si / highest_frequency.si))
    literal = "" if as_printed is None else f" Taken literally, the printed {as_printed} would be further off still."
    reason = (
        f"The bulk's arc has its top at {arc}, {decades:.1f} decades {'below' if reached else 'above'} the highest "
        f"frequency of {highest_frequency}"
        + ("." if reached else f", so a resistance can only come from the spike's intercept.{literal}")
    )
    return Answer({"bulk_frequency": arc}, verdict="shown", reason=reason)
