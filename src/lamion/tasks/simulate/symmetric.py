"""Overpotential of a Li|Li cell: film, two interfaces, concentrations.

With --half-cycle the cell is followed in time instead, through --cycles of plating and stripping, or through the
rising currents of --staircase.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from lamion.models.cells.symmetric_cell import symmetric_cell
from lamion.models.cells.symmetric_history import critical_current as stairs
from lamion.models.cells.symmetric_history import cycled
from lamion.quantities import Answer, InputError, Quantity
from lamion.tasks.declaring import Option, Result, task
from lamion.tasks.options.symmetric import SymmetricOptions

_PARTS = ("ohmic", "charge_transfer", "concentration")
_CYCLES = 3


@task(
    results={
        "overpotential": Result("mV", "of the cell, in the steady state or at the time", headline=True),
        "peak_to_peak": Result("mV", "from plating to stripping: twice the overpotential"),
        "unexplained": Result("mV", "what of the measured overpotential is left", headline=True),
        "overpotential.first": Result("mV", "at the end of the first half cycle", headline=True),
        "overpotential.last": Result("mV", "at the end of the last half cycle", headline=True),
        "largest_carried": Result("mA/cm2", "the largest current of the staircase that is carried", headline=True),
        "limiting_current": Result("mA/cm2", "above which there is no steady state", headline=True),
        "ohmic": Result("mV", "of the electrolyte"),
        "charge_transfer": Result(
            "mV", "of two interfaces by Butler and Volmer; between the readings where they are not said"
        ),
        "charge_transfer_linear": Result("mV", "of two interfaces that are ohmic"),
        "concentration": Result("mV", "of the salt's gradient"),
        "overpotential.lowest": Result("mV", "of all readings of the resistance"),
        "overpotential.highest": Result("mV", "of all readings of the resistance"),
        "concentration_swing": Result("mol/L", "dissolving over plating electrode, at the end"),
        "depletion_time": Result("s", "until the salt at an electrode is used up"),
    },
    evidence="model",
    example=(
        '--thickness "9 um" --conductivity "1.37e-3 S/cm" --transference 0.81 --concentration "2 mol/L" '
        '--rct "24.5 ohm cm2" --rct-convention cell --current "0.4 mA/cm2" --temperature "55 degC" --measured "42 mV"'
    ),
    cites=("newman2004",),
)
def symmetric(
    options: SymmetricOptions,
    measured: Annotated[
        Quantity | None, Option("an overpotential to compare with", of="voltage_difference", example="42 mV")
    ] = None,
    time: Annotated[
        Quantity | None,
        Option("since the current was switched on", otherwise="steady state"),
    ] = None,
    half_cycle: Annotated[
        Quantity | None, Option("follow the cell in time, each direction for so long", unit="s", example="1 h")
    ] = None,
    cycles: Annotated[int | None, Option("with a half cycle", example="5", otherwise="3")] = None,
    staircase: Annotated[
        tuple[Quantity, ...],
        Option("rising currents, with a half cycle", of="current", example="0.2 mA/cm2, 0.4 mA/cm2"),
    ] = (),
) -> Answer:
    """Compute the budget, or follow the cell."""
    if half_cycle is None:
        for name, given in (("staircase", bool(staircase)), ("cycles", cycles is not None)):
            if given:
                verb = "has" if name == "staircase" else "have"
                raise InputError(f"The {name} {verb} no time.", "", "Give a half cycle, for example '1 h'.")
        found = symmetric_cell(options.cell(), convention=options.rct_convention, measured=measured, time=time)
        return replace(found, reason=_reason(found))
    _refuse_beside_half_cycle({"time": time, "measured": measured})
    number = _CYCLES if cycles is None else cycles
    if not staircase:
        return cycled(options.cell(), options.rct_convention, half_cycle, number)
    first = staircase[0] if options.current is None else options.current
    return stairs(options.cell(first), options.rct_convention, staircase, half_cycle, number)


def _refuse_beside_half_cycle(given: dict[str, Quantity | None]) -> None:
    for name, quantity in given.items():
        if quantity is not None:
            raise InputError(
                f"{name.capitalize()} and half cycle were both given.",
                f"{name.capitalize()} belongs to one constant current, a half cycle to plating and stripping in turn.",
                "Leave one of them out.",
            )


def _reason(answer: Answer) -> str:
    low, high = (answer.results[f"overpotential.{end}"].value for end in ("lowest", "highest"))
    said = ", ".join(f"{name.replace('_', ' ')} {answer.results[name].value:.3g} mV" for name in _PARTS)
    least, most = f"{low:.3g}", f"{high:.3g}"
    lie = f"give {least}" if least == most else f"lie in {least} to {most}"
    return (
        f"{said[0].upper()}{said[1:]}. All readings of R_ct (the cell's or one interface's, Butler-Volmer or ohmic) "
        f"{lie} mV."
    )
