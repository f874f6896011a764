"""Current fraction of a Li|Li cell after Evans, Vincent and Bruce.

Either from files: --dc (current against time), --before and --after (impedance); or from numbers: --bias, --i0, --is,
--r0, --rs. The resistances are those of the interfaces, both electrodes together, not of the electrolyte.

With --conductivity, --diffusivity, --concentration, --temperature and --thermodynamic-factor the current fraction is
also read with concentrated-solution theory, which gives the transference number.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from lamion.quantities import Answer, InputError, Quantity
from lamion.records.measurements import CurrentTransient
from lamion.tasks.declaring import File, Option, Result, task
from lamion.tasks.options.points import Points
from lamion.techniques.conduction.newman_number import concentrated
from lamion.techniques.conduction.transference import transference_from_numbers, transference_from_records


@task(
    results={
        "current_fraction": Result("1", "the steady over the initial current, corrected", headline=True),
        "transference_number": Result("1", "by concentrated-solution theory", headline=True),
        "newman_number": Result("1", "by concentrated-solution theory"),
        "bulk_resistance": Result("ohm", "of the electrolyte, before"),
        "interfacial_resistance_before": Result("ohm", "of both electrodes together"),
        "interfacial_resistance_after": Result("ohm", "of both electrodes together"),
        "initial_current": Result("mA", "by Ohm's law"),
        "first_current": Result("mA", "the first that was recorded"),
        "steady_current": Result("mA", "at the end"),
    },
    evidence="measured",
    example='--bias "10 mV" --i0 "0.1 mA" --is "0.05 mA" --r0 "40 ohm" --rs "50 ohm"',
    cites=("evans1987", "balsara2015", "bruce1987", "fieller1954"),
    heavy=True,
)
def transference(
    points: Points,
    bias: Annotated[
        Quantity | None, Option("the voltage applied", of="voltage_difference", example="10 mV", otherwise="the file's")
    ] = None,
    dc: Annotated[File | None, Option("current against time", record="CurrentTransient")] = None,
    before: Annotated[File | None, Option("impedance before the polarisation", record="ImpedanceSpectrum")] = None,
    after: Annotated[File | None, Option("impedance at its end", record="ImpedanceSpectrum")] = None,
    i0: Annotated[Quantity | None, Option("the initial current", unit=("A/m2", "A"), example="0.1 mA")] = None,
    i_s: Annotated[Quantity | None, Option("the steady current", unit=("A/m2", "A"), example="0.05 mA")] = None,
    r0: Annotated[
        Quantity | None, Option("the interfaces' resistance before", unit=("ohm m2", "ohm"), example="40 ohm")
    ] = None,
    rs: Annotated[
        Quantity | None, Option("the interfaces' resistance at steady state", unit=("ohm m2", "ohm"), example="50 ohm")
    ] = None,
    conductivity: Annotated[Quantity | None, Option("of the electrolyte; see above")] = None,
    diffusivity: Annotated[Quantity | None, Option("of the salt; see above")] = None,
    concentration: Annotated[Quantity | None, Option("of the salt; see above")] = None,
    temperature: Annotated[Quantity | None, Option("of the cell; see above")] = None,
    thermodynamic_factor: Annotated[Quantity | None, Option("of the salt; see above")] = None,
) -> Answer:
    """Find the current fraction."""
    numbers = {"i0": i0, "is": i_s, "r0": r0, "rs": rs}
    given = {name: number for name, number in numbers.items() if number is not None}
    files = {name: file for name, file in (("dc", dc), ("before", before), ("after", after)) if file is not None}
    solution = _solution(
        conductivity=conductivity,
        diffusivity=diffusivity,
        concentration=concentration,
        temperature=temperature,
        thermodynamic_factor=thermodynamic_factor,
    )
    if len(files) == 3 and not given:
        current = files["dc"].read().the(CurrentTransient)
        answer = transference_from_records(
            current, points.within(files["before"]), points.within(files["after"]), bias=bias
        )
    elif len(given) == 4 and not files and bias is not None:
        points.refuse_any("numbers")
        answer = transference_from_numbers(bias, *given.values())
    else:
        said = ", ".join(f"--{name}" for name in (*files, *given)) or "nothing else"
        raise InputError(
            f"{'Besides the bias' if bias is not None else 'Without a bias'}, {said} was given.",
            "Three files are needed, or four numbers and the bias.",
            "Give --dc, --before and --after, or --bias, --i0, --is, --r0 and --rs.",
        )
    return answer if solution is None else _with_solution(answer, solution)


def _solution(**facts: Quantity | None) -> dict[str, Quantity] | None:
    """Return what concentrated-solution theory needs: all five, or none."""
    given = {name: quantity for name, quantity in facts.items() if quantity is not None}
    missing = [name for name in facts if name not in given]
    if given and missing:
        flag = missing[0].replace("_", "-")
        raise InputError(f"Concentrated-solution theory also needs --{flag}.", "", "Give all five, or none.")
    return given or None


def _with_solution(answer: Answer, solution: dict[str, Quantity]) -> Answer:
    """Add what concentrated-solution theory reads from the current fraction."""
    factor = solution["thermodynamic_factor"]
    others = [quantity for name, quantity in solution.items() if name != "thermodynamic_factor"]
    read = concentrated(answer.results["current_fraction"], *others, thermodynamic_factor=factor)
    return replace(
        answer,
        results={**answer.results, **read.results},
        notes={**answer.notes, "concentrated_solution": dict(read.notes)},
        warnings=(*answer.warnings, *read.warnings),
    )
