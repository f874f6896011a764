"""Efficiency of lithium plated on copper, with a reservoir or without.

FILE is the whole test of a Li|Cu cell from its first plating on: `Test Time / s`, `Voltage / V`, `Current / A`. It is
cut where a stripping reaches its end and the copper is bare; what lies between is either one plating and one stripping,
or cycles on a reservoir (Aurbach). The two are named apart.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.tasks.declaring import Option, Result, task
from lamion.tasks.options.trace import TraceCurrent, TraceFile, trace_of
from lamion.techniques.plating.lithium_efficiency import lithium_efficiency as read_efficiency


@task(
    results={
        "efficiency.reservoir": Result("1", "of lithium cycled on a reservoir of it", headline=True),
        "efficiency.plating_stripping": Result("1", "of lithium plated and stripped to the end", headline=True),
    },
    evidence="measured",
    example='reservoir.csv --accuracy "0.1 %"',
    cites=("aurbach1989", "adams2018"),
)
def lithium_efficiency(
    file: TraceFile,
    current: TraceCurrent = None,
    cutoff: Annotated[
        Quantity | None,
        Option("at which stripping has ended", of="voltage", example="0.5 V", otherwise="half of the largest"),
    ] = None,
    accuracy: Annotated[
        Quantity | None, Option("of each charge, relative, one standard uncertainty", unit="1", example="0.05 %")
    ] = None,
) -> Answer:
    """Find the efficiency."""
    return read_efficiency(trace_of(file), current=current, cutoff=cutoff, accuracy=accuracy)
