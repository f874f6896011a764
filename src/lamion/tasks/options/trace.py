"""A trace of plating and stripping, as the tasks take it."""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Quantity
from lamion.records.measurements import CyclingRecord
from lamion.tasks.declaring import File, Option
from lamion.techniques.plating.half_cycle import Trace

TraceFile = Annotated[
    File,
    Option(
        "voltage and current against time",
        positional=True,
        record=("CyclingRecord", "CurrentTransient", "VoltageTransient"),
    ),
]
TraceCurrent = Annotated[Quantity | None, Option("where the file has none", of="cell_current")]


def trace_of(file: File) -> Trace:
    """Return the file's trace, with a current or without."""
    record = file.read().records[0]
    return record if isinstance(record, Trace) else file.read().the(CyclingRecord)
