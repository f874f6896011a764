"""Activation energy from peak temperatures at several rates of heating.

FILEs are runs of one reaction, of mass or of heat, one a rate: the rate and the place where the reaction is fastest are
read from each.
"""

from __future__ import annotations

from lamion.quantities import Answer
from lamion.tasks.declaring import Result, task
from lamion.tasks.options.thermal import Reacting, RunFiles
from lamion.techniques.thermal.kissinger import kissinger as read_line


@task(
    results={
        "activation_energy": Result("kJ/mol", "of one step", headline=True),
        "frequency_factor": Result("1/s", "of first order"),
    },
    evidence="measured",
    example="tga_5.csv tga.csv tga_20.csv --step 2",
    cites=("kissinger1957",),
)
def kissinger(files: RunFiles, reacting: Reacting) -> Answer:
    """Fit the line."""
    runs = reacting.runs(files)
    return read_line([run.rate for run in runs], [run.peak for run in runs], [run.uncertainty for run in runs])
