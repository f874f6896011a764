"""Onset of oxidation or reduction of an electrolyte from a voltammogram.

FILE is a linear or cyclic sweep: `Voltage / V` and `Current / A`, with `Test Time / s` where the scan rate shall follow
from it. The onset is read by a threshold of the current density (with --area) and by the tangent, each under several
backgrounds; what they differ by is the interval.
"""

from __future__ import annotations

from typing import Annotated, Literal

from lamion.quantities import Answer, InputError, Quantity
from lamion.records.measurements import CurrentTransient, CyclingRecord, PolarisationCurve, Voltammogram
from lamion.tasks.declaring import File, Option, Result, task
from lamion.techniques.stability.window import THRESHOLD, Conditions
from lamion.techniques.stability.window import window as read_window


@task(
    results={
        "onset.threshold": Result("V", "where a stated current density flows", headline=True),
        "onset.tangent": Result("V", "where the steepest tangent meets the background", headline=True),
    },
    evidence="measured",
    example='sweep.csv --area "1 cm2" --electrode steel --reference Li',
    uncited="its thresholds, tangents and backgrounds are options, and their spread is the result",
    usual=True,
)
def window(
    file: Annotated[
        File,
        Option(
            "current against potential",
            positional=True,
            record=("Voltammogram", "PolarisationCurve", "CurrentTransient", "CyclingRecord"),
        ),
    ],
    area: Annotated[Quantity | None, Option("of the working electrode", subject=True)] = None,
    threshold: Annotated[Quantity, Option("of the current density", of="current", example="10 uA/cm2")] = THRESHOLD,
    resistance: Annotated[
        Quantity | None, Option("not corrected by the instrument", unit="ohm", example="20 ohm")
    ] = None,
    scan_rate: Annotated[Quantity | None, Option("where the file has no times", unit="V/s", example="1 mV/s")] = None,
    direction: Annotated[Literal["oxidation", "reduction"], Option("which end of the window")] = "oxidation",
    electrode: Annotated[str, Option("the working electrode's material", example="carbon")] = "",
    reference: Annotated[str, Option("against what the potential is counted", example="Li/Li+")] = "",
) -> Answer:
    """Find the onset."""
    record = file.read().records[0]
    if not isinstance(record, Voltammogram | PolarisationCurve | CurrentTransient | CyclingRecord):
        raise InputError(f"{file.name} holds no current against potential.", "", "Give a linear or cyclic sweep.")
    given = Conditions(area, threshold, resistance, scan_rate, direction == "reduction", electrode, reference)
    return read_window(record, given)
