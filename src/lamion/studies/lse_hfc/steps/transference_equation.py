"""Which resistances belong into the equation of Evans, Vincent and Bruce: what happens with the electrolyte's.

The equation is evaluated on one cell, with the interfaces' resistances and with the electrolyte's. The reading as the
electrolyte's does not hold where it moves the fraction beyond the rounding of its printed digits.
"""

from __future__ import annotations

from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.synthetic.polarisation import PolarisedCell
from lamion.tasks.declaring import Option, Result, task
from lamion.techniques.conduction.transference import transference_from_numbers

_BIAS = 0.010


@task(
    results={
        "with_interfaces": Result("1", "the fraction with the interfaces' resistances", headline=True),
        "with_electrolyte": Result("1", "the fraction with the electrolyte's resistances", headline=True),
    },
    evidence="equation",
    cites=("evans1987",),
    example="",
)
def transference_equation(
    fraction: Annotated[Quantity, Option("as printed", example="0.78", maximum=0.999, printed=True)],
    conductivity: Annotated[Quantity, Option("of the film")],
    thickness: Annotated[Quantity, Option("of the film", subject=True)],
    interface: Annotated[Quantity, Option("of both interfaces together", of="charge_transfer", example="24.5 ohm cm2")],
) -> Answer:
    """Evaluate the equation with either resistance."""
    bulk = thickness.si / conductivity.si
    cell = PolarisedCell(bulk, interface.si, fraction.value, diffusion_time=1.0)
    right = _fraction(cell, cell.interfacial_resistance)
    wrong = _fraction(cell, bulk)
    holds = abs(wrong - fraction.value) <= 2 * (fraction.std or 0.0)
    reason = (
        f"On a cell of {1e4 * bulk:.3g} ohm cm2 between interfaces of {interface.to('ohm cm2')} with a true fraction "
        f"of {fraction.value:g} the equation gives {right:.2f} with the interfaces' resistances and {wrong:.2f} with "
        "the electrolyte's: R0 and Rs must be those of the interfaces, both electrodes together (Evans et al. 1987)."
    )
    return Answer(
        {
            "with_interfaces": Quantity(right, None, "1", "the equation, on an example cell"),
            "with_electrolyte": Quantity(wrong, None, "1", "the equation, on an example cell"),
        },
        verdict="holds" if holds else "does not hold",
        reason=reason,
    )


def _fraction(cell: PolarisedCell, resistance: float) -> float:
    given = Quantity(resistance, None, "ohm m2")
    initial = Quantity(cell.initial_current(_BIAS), None, "A/m2")
    steady = Quantity(cell.steady_current(_BIAS), None, "A/m2")
    answer = transference_from_numbers(Quantity(_BIAS, None, "V"), initial, steady, given, given)
    return answer.results["current_fraction"].value
