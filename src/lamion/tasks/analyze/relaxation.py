"""T1 from a series of decays after saturation or inversion.

FILE holds the decays with their times of recovery, as a spectrometer's two-dimensional file does, or a table of their
intensities, `Recovery / s` and `Intensity`.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer
from lamion.records import InductionDecay, RecoverySeries
from lamion.tasks.declaring import File, Option, Result, task
from lamion.techniques.spectra.recovery import recovery


@task(
    results={
        "relaxation_time": Result("s", "T1", headline=True),
        "saturated_fraction": Result("1", "1 after a perfect saturation, 2 after a perfect inversion"),
    },
    evidence="measured",
    example="recovery.csv",
    cites=("fukushima1981",),
    usual=True,
)
def relaxation(
    file: Annotated[
        File, Option("a series of decays or intensities", positional=True, record=("InductionDecay", "RecoverySeries"))
    ],
) -> Answer:
    """Fit the recovery."""
    records = file.read().records
    if isinstance(records[0], RecoverySeries):
        return recovery(records[0])
    return recovery([one for one in records if isinstance(one, InductionDecay)])
