"""Activation energy at each conversion, from several heating rates.

FILEs are runs of one reaction, of mass or of heat, one a rate. --method kas and ofw use the temperatures at which a
conversion is reached, friedman the rates there.
"""

from __future__ import annotations

from typing import Annotated, Literal

from lamion.quantities import Answer
from lamion.tasks.declaring import Option, Result, task
from lamion.tasks.options.thermal import Reacting, RunFiles
from lamion.techniques.thermal.isoconversional import isoconversional as read_lines


@task(
    results={
        "activation_energy": Result("kJ/mol", "at a conversion of 0.5", headline=True),
        "spread": Result("kJ/mol", "over conversions from 0.1 to 0.9", headline=True),
    },
    evidence="measured",
    example="tga_5.csv tga.csv tga_20.csv --step 2",
    cites=("vyazovkin2011",),
)
def isoconversional(
    files: RunFiles,
    reacting: Reacting,
    method: Annotated[Literal["kas", "friedman", "ofw"], Option("of the lines")] = "kas",
) -> Answer:
    """Fit the lines."""
    return read_lines(reacting.runs(files), method)
