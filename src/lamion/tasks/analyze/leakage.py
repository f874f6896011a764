"""Electronic conductivity of an electrolyte.

FILE is one polarisation of a cell whose electrodes block ions (`Test Time / s`, `Voltage / V`, `Current / A`), or its
steady currents at several voltages (`Voltage / V`, `Current / A`), then with --temperature.
"""

from __future__ import annotations

from typing import Annotated, Literal

from lamion.quantities import Answer, InputError, Quantity
from lamion.records.measurements import CurrentTransient, PolarisationCurve
from lamion.records.record import check_area
from lamion.tasks.declaring import File, Option, Result, task
from lamion.techniques.conduction.electronic_conductivity import (
    electronic_conductivity,
    electronic_conductivity_from_transient,
)


@task(
    results={
        "electronic_conductivity": Result("S/cm", "of the electrolyte", headline=True),
        "ionic_transference": Result("1", "the ions' share of the conductivity", headline=True),
        "leakage_ratio": Result("1", "the electrons' share of the conductivity"),
        "electron_conductivity": Result("S/cm", "of electrons, by Hebb and Wagner"),
        "hole_conductivity": Result("S/cm", "of holes, by Hebb and Wagner"),
    },
    evidence="measured",
    example='steady_currents.csv --thickness "100 um" --area "2 cm2" --temperature "25 degC"',
    cites=("hebb1952",),
)
def leakage(
    file: Annotated[
        File,
        Option(
            "a polarisation, or steady currents at several voltages",
            positional=True,
            record=("CurrentTransient", "PolarisationCurve"),
        ),
    ],
    thickness: Annotated[Quantity, Option("of the electrolyte", subject=True)],
    area: Annotated[Quantity, Option("of one electrode", subject=True)],
    temperature: Annotated[Quantity | None, Option("of the cell; needed for steady currents", subject=True)] = None,
    ionic_conductivity: Annotated[
        Quantity | None,
        Option("from impedance; gives the ionic transference", of="conductivity", example="1e-3 S/cm"),
    ] = None,
    electrodes: Annotated[
        Literal["blocking", "hebb-wagner"], Option("both blocking, or one of lithium", formerly="cell")
    ] = "blocking",
) -> Answer:
    """Find the electronic conductivity."""
    content = file.read()
    if isinstance(content.records[0], CurrentTransient):
        transient = content.the(CurrentTransient)
        return electronic_conductivity_from_transient(transient, thickness, area, ionic_conductivity=ionic_conductivity)
    curve = content.the(PolarisationCurve)
    check_area(curve, area.si)
    if temperature is None:
        raise InputError("Steady currents at several voltages need the cell's temperature.", "", "Give it.")
    return electronic_conductivity(
        curve.voltage,
        curve.current,
        thickness,
        area,
        temperature,
        cell=electrodes,
        ionic_conductivity=ionic_conductivity,
    )
