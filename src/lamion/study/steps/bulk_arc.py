"""Does the stated range of frequencies reach the arc of the electrolyte's bulk?"""

from __future__ import annotations

import math

from scipy.constants import epsilon_0

from lamion.quantities import Answer, propagate
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    r"""Compute where the bulk's arc has its top.

    .. math:: f = \frac{\sigma}{2 \pi \varepsilon_0 \varepsilon_r}

    Parameters
    ----------
    inputs : Inputs
        ``conductivity``; ``permittivity``, relative; ``highest_frequency`` of the instrument, and optionally the same
        ``as_printed``.

    Returns
    -------
    Answer
        ``bulk_frequency``; the verdict says whether the range reaches it.
    """
    arc = propagate(
        lambda sigma, eps: sigma / (2 * math.pi * epsilon_0 * eps),
        inputs.quantity("conductivity"),
        inputs.quantity("permittivity"),
        unit="Hz",
        source="sigma / (2 pi eps0 eps_r)",
    )
    highest, printed = inputs.quantity("highest_frequency"), inputs.optional_quantity("as_printed")
    reached = highest.si >= arc.si
    decades = abs(math.log10(arc.si / highest.si))
    literal = "" if printed is None else f" Taken literally, the printed {printed} would be further off still."
    reason = (
        f"The bulk's arc has its top at {arc}, {decades:.1f} decades {'below' if reached else 'above'} the highest "
        f"frequency of {highest}"
        + ("." if reached else f", so a resistance can only come from the spike's intercept.{literal}")
    )
    return Answer({"bulk_frequency": arc}, verdict="holds" if reached else "does not hold", reason=reason)


KIND = StepKind(
    run,
    evidence="derived from printed numbers",
    options={
        "conductivity": Option("quantity", "S/m"),
        "permittivity": Option("quantity", "1"),
        "highest_frequency": Option("quantity", "Hz"),
        "as_printed": Option("quantity", "Hz", required=False),
    },
)
