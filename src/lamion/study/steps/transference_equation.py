"""Which resistances belong into the equation of Evans, Vincent and Bruce: what happens with the electrolyte's."""

from __future__ import annotations

from lamion.quantities import Answer, Quantity
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.synthetic.polarisation import SymmetricCell
from lamion.techniques.conduction.transference import transference_from_numbers

_BIAS = 0.010


def run(inputs: Inputs) -> Answer:
    """Evaluate the equation on one cell, with the interfaces' resistances and with the electrolyte's.

    Parameters
    ----------
    inputs : Inputs
        The printed ``fraction``, taken as the truth of the example; ``conductivity`` and ``thickness`` of the film;
        ``interface``, of both interfaces together.

    Returns
    -------
    Answer
        ``with_interfaces`` and ``with_electrolyte``; the reading as the electrolyte's resistances does not hold
        where it moves the fraction beyond the rounding of its printed digits.
    """
    truth = inputs.quantity("fraction")
    bulk = inputs.quantity("thickness").si / inputs.quantity("conductivity").si
    cell = SymmetricCell(bulk, inputs.quantity("interface").si, truth.value, diffusion_time=1.0)
    right = _fraction(cell, cell.interfacial_resistance)
    wrong = _fraction(cell, bulk)
    holds = abs(wrong - truth.value) <= 2 * (truth.std or 0.0)
    interface = inputs.quantity("interface").to("ohm cm2")
    reason = (
        f"On a cell of {1e4 * bulk:.3g} ohm cm2 between interfaces of {interface} with a true fraction of "
        f"{truth.value:g} the equation gives {right:.2f} with the interfaces' resistances and {wrong:.2f} with the "
        "electrolyte's: R0 and Rs must be those of the interfaces, both electrodes together (Evans et al. 1987)."
    )
    return Answer(
        {
            "with_interfaces": Quantity(right, None, "1", "the equation, on an example cell"),
            "with_electrolyte": Quantity(wrong, None, "1", "the equation, on an example cell"),
        },
        verdict="holds" if holds else "does not hold",
        reason=reason,
    )


def _fraction(cell: SymmetricCell, resistance: float) -> float:
    given = Quantity(resistance, None, "ohm m2")
    initial = Quantity(cell.initial_current(_BIAS), None, "A/m2")
    steady = Quantity(cell.steady_current(_BIAS), None, "A/m2")
    answer = transference_from_numbers(Quantity(_BIAS, None, "V"), initial, steady, given, given)
    return answer.results["current_fraction"].value


KIND = StepKind(
    run,
    evidence="equation",
    options={
        "fraction": Option("quantity", "1", printed=True, at_most=0.999),
        "conductivity": Option("quantity", "S/m"),
        "thickness": Option("quantity", "m", from_subject=True),
        "interface": Option("quantity", "ohm m2"),
    },
)
