"""D, t+ and conductivity from a Li|Li cell's records together.

--dc holds current and voltage from the moment one of them was switched on and held, --spectrum the impedance at rest;
--relaxation, the voltage at the open circuit that follows at once, narrows the intervals. What the data do not
determine is said to be so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.quantities.properties import ROOM_TEMPERATURE
from lamion.records.measurements import CurrentTransient, VoltageTransient
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.points import Points
from lamion.techniques.transport.inverse import Measurement
from lamion.techniques.transport.polarisation import CellConditions, transport_properties

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
        '--area "2.01 cm2" --concentration "0.2 mol/L"'
    ),
    heavy=True,
    cites=("balsara2015",),
)
def polarisation(
    dc: Annotated[File, Option("current and voltage against time", record="CurrentTransient")],
    spectrum: Annotated[File, Option("impedance at rest", record="ImpedanceSpectrum")],
    thickness: Annotated[Quantity, Option("of the electrolyte", subject=True)],
    area: Annotated[Quantity, Option("of one electrode", subject=True)],
    concentration: Annotated[Quantity, Option("of the salt", subject=True)],
    points: Points,
    relaxation: Annotated[
        File | None, Option("voltage after the interruption, from then on", record="VoltageTransient")
    ] = None,
    temperature: Annotated[Quantity, Option("of the cell", subject=True)] = ROOM_TEMPERATURE,
    thermodynamic_factor: Annotated[Quantity, Option("of the salt; 1 in a dilute electrolyte")] = _IDEAL,
) -> Answer:
    """Fit the records."""
    facts = CellConditions(
        thickness=thickness,
        area=area,
        concentration=concentration,
        temperature=temperature,
        thermodynamic_factor=thermodynamic_factor,
    )
    after = None if relaxation is None else relaxation.read().the(VoltageTransient)
    measured = Measurement(dc.read().the(CurrentTransient), points.within(spectrum), after)
    answer = transport_properties(measured, facts)
    number = answer.results.get("transference")
    if number is None or 0 <= number.si <= 1:
        return answer
    text = (
        f"A transference number of {number.si:.2g} is rare: it rests on the concentration and on a "
        f"thermodynamic factor of {thermodynamic_factor}, so check those two first."
    )
    return replace(answer, warnings=(*answer.warnings, text))
