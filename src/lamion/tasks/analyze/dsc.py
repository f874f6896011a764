"""Onset, peak and enthalpy of a DSC run; glass transition, crystallinity.

FILE holds a heat flow against temperature and time. Vendors differ in which way is exothermic: where the file does not
say it, --exothermic does. --low and --high are the limits of the event, --glass the range of a glass transition, --cold
that of a crystallisation on heating, which is subtracted. A crystallinity needs the polymer's share of the sample and
the enthalpy of a crystal of it alone: published values for PEO run from 188 to 214 J/g, and none is taken for granted.
"""

from __future__ import annotations

from typing import Annotated, Literal

from lamion.quantities import Answer, InputError, Quantity
from lamion.records import ThermalCurve
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.spectrum import only_one
from lamion.techniques.thermal.dsc import DscChoice
from lamion.techniques.thermal.dsc import dsc as read_dsc


@task(
    results={
        "onset": Result("degC", "where the steepest tangent meets the baseline", headline=True),
        "peak": Result("degC", "of the event", headline=True),
        "enthalpy": Result("J/g", "over the sample's mass, positive where heat is taken up", headline=True),
        "enthalpy_of_polymer": Result("J/g", "over the polymer's mass, cold crystallisation subtracted", headline=True),
        "crystallinity": Result("1", "of the polymer, by mass", headline=True),
        "cold_crystallisation": Result("J/g", "over the sample's mass, negative"),
        "glass_transition": Result("degC", "at half height, at this rate of heating", headline=True),
        "heat_capacity_step": Result("J/(g K)", "at the glass transition"),
    },
    evidence="measured",
    example='dsc.csv --exothermic up --low "20 degC" --high "65 degC" --glass "-75 degC, -35 degC"',
    cites=("hoehne2003", "hemminger1991", "moynihan1974"),
)
def dsc(
    file: Annotated[File, Option("heat flow against temperature", positional=True, record="ThermalCurve")],
    exothermic: Annotated[Literal["up", "down"] | None, Option("which way, where the file is silent")] = None,
    mass: Annotated[
        Quantity | None, Option("of the sample, where the file is silent", unit="mg", example="4.2 mg")
    ] = None,
    ramp: Annotated[int | None, Option("which, counted from 1", minimum=1, maximum=99, example="2")] = None,
    rate: Annotated[
        Quantity | None, Option("of heating, where the file has no time", unit="K/min", example="10 K/min")
    ] = None,
    low: Annotated[
        Quantity | None,
        Option("where the event begins", of="temperature", example="20 degC", otherwise="found"),
    ] = None,
    high: Annotated[
        Quantity | None, Option("where it ends", of="temperature", example="65 degC", otherwise="found")
    ] = None,
    baseline: Annotated[Literal["linear", "sigmoidal"], Option("under the event")] = "linear",
    glass: Annotated[
        tuple[Quantity, ...],
        Option("range that holds a glass transition", of="temperature", example="-75 degC, -35 degC"),
    ] = (),
    cold: Annotated[
        tuple[Quantity, ...],
        Option("range of a crystallisation on heating", of="temperature", example="-20 degC, 5 degC"),
    ] = (),
    polymer_share: Annotated[
        Quantity | None, Option("the polymer's mass fraction of the sample", example="0.3")
    ] = None,
    crystal_enthalpy: Annotated[
        Quantity | None, Option("of a crystal of the polymer alone", unit="J/g", example="203 J/g")
    ] = None,
    temperature_uncertainty: Annotated[
        Quantity | None, Option("of the temperature's calibration", unit="K", example="0.3 K")
    ] = None,
    enthalpy_uncertainty: Annotated[
        Quantity | None, Option("of the heat flow's calibration, relative", example="2 %")
    ] = None,
) -> Answer:
    """Read the event."""
    choice = DscChoice(
        exothermic=exothermic,
        mass=mass,
        ramp=ramp,
        rate=None if rate is None else rate.si,
        low=None if low is None else low.si,
        high=None if high is None else high.si,
        baseline=baseline,
        glass=_range(glass, "glass"),
        cold=_range(cold, "cold"),
        polymer=polymer_share,
        whole=crystal_enthalpy,
        temperature_error=0.0 if temperature_uncertainty is None else temperature_uncertainty.si,
        enthalpy_error=0.0 if enthalpy_uncertainty is None else enthalpy_uncertainty.si,
    )
    return read_dsc(only_one(file, ThermalCurve), choice)


def _range(ends: tuple[Quantity, ...], name: str) -> tuple[float, float] | None:
    if not ends:
        return None
    if len(ends) != 2 or not ends[0].si < ends[1].si:
        raise InputError(
            f"A range has two temperatures, the lower one first; --{name} has {len(ends)}.",
            "",
            f'Write --{name} "-75 degC, -35 degC".',
        )
    return ends[0].si, ends[1].si
