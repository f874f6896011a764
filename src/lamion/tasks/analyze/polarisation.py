"""D, t+ and conductivity from a Li|Li cell's records together.

--dc holds current and voltage from the moment one of them was switched on and held, --spectrum the impedance at rest;
--relaxation, the voltage at the open circuit that follows at once, narrows the intervals. What the data do not
determine is said to be so.
"""

from __future__ import annotations

from typing import Annotated

from lamion.models.transport.inverse import Measurement
from lamion.models.transport.polarisation_answer import CellFacts, transport_properties
from lamion.quantities import Answer, Quantity
from lamion.records.measurements import CurrentTransient, VoltageTransient
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.points import Points

_ROOM = Quantity(25.0, None, "degC")
_IDEAL = Quantity(1.0, None, "1")


@task(
    results={
        "conductivity": Result("S/cm", "of the electrolyte", headline=True),
        "diffusivity": Result("cm2/s", "of the salt", headline=True),
        "transference": Result("1", "of the lithium ion", headline=True),
        "interfacial_resistance": Result("ohm", "of both electrodes together"),
    },
    evidence="measured",
    example=(
        '--dc polarisation.csv --spectrum lithium_cell.csv --relaxation relaxation.csv --thickness "100 um" '
        '--area "2.01 cm2" --concentration "2 mol/L"'
    ),
    heavy=True,
    sources=("10.1149/2.0651514jes",),
)
def polarisation(
    dc: Annotated[File, Option("current and voltage against time", record="CurrentTransient")],
    spectrum: Annotated[File, Option("impedance at rest", record="ImpedanceSpectrum")],
    thickness: Annotated[Quantity, Option("of the electrolyte", unit="m", example="100 um", subject=True)],
    area: Annotated[Quantity, Option("of one electrode", unit="m2", example="2.01 cm2", subject=True)],
    concentration: Annotated[Quantity, Option("of the salt", unit="mol/m3", example="2 mol/L", subject=True)],
    points: Points,
    relaxation: Annotated[
        File | None, Option("voltage after the interruption, from then on", record="VoltageTransient")
    ] = None,
    temperature: Annotated[Quantity, Option("of the cell", unit="K", subject=True)] = _ROOM,
    thermodynamic_factor: Annotated[Quantity, Option("of the salt; 1 in a dilute electrolyte")] = _IDEAL,
) -> Answer:
    """Fit the records."""
    facts = CellFacts(
        thickness=thickness,
        area=area,
        concentration=concentration,
        temperature=temperature,
        thermodynamic_factor=thermodynamic_factor,
    )
    after = None if relaxation is None else relaxation.read().the(VoltageTransient)
    measured = Measurement(dc.read().the(CurrentTransient), points.within(spectrum), after)
    return transport_properties(measured, facts)
