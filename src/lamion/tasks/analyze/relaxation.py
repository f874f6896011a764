"""T1 from a series of decays after saturation or inversion.

FILE holds the decays with their times of recovery, as a spectrometer's two-dimensional file does.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer
from lamion.records import InductionDecay
from lamion.tasks.declaring import File, Option, Result, task
from lamion.techniques.spectra.recovery import recovery


@task(
    results={
        "relaxation_time": Result("s", "T1", headline=True),
        "saturated_fraction": Result("1", "1 after a perfect saturation, 2 after a perfect inversion"),
    },
    evidence="measured",
    example="saturation_recovery.jdf",
)
def relaxation(
    file: Annotated[File, Option("a series of decays", positional=True, record="InductionDecay")],
) -> Answer:
    """Fit the recovery."""
    return recovery([one for one in file.read().records if isinstance(one, InductionDecay)])
