"""Salt diffusion from the relaxation of a voltage.

FILE is a table with the headers `Test Time / s` and `Voltage / V`: the open-circuit voltage of a Li|Li cell after a
polarisation, from the interruption of the current on.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.records.measurements import VoltageTransient
from lamion.tasks.declaring import File, Option, Result, task
from lamion.techniques.conduction.restricted_diffusion import diffusion_coefficient


@task(
    results={
        "diffusivity": Result("cm2/s", "of the salt", headline=True),
        "time_constant": Result("s", "of the last exponential"),
        "offset": Result("mV", "of two unlike electrodes"),
    },
    evidence="measured",
    example='relaxation.csv --thickness "100 um"',
    cites=("harned1945", "newman1973"),
)
def diffusion(
    file: Annotated[File, Option("voltage against time", positional=True, record="VoltageTransient")],
    thickness: Annotated[Quantity, Option("of the electrolyte between the electrodes", subject=True)],
) -> Answer:
    """Fit the relaxation."""
    return diffusion_coefficient(file.read().the(VoltageTransient), thickness)
