"""How precisely must the interfaces be known for a transference number on a thin film to have its printed digits?"""

from __future__ import annotations

import math
from dataclasses import replace

from lamion.quantities import Answer, Quantity
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.synthetic.polarisation import SymmetricCell
from lamion.techniques.conduction.current_fraction import Polarisation
from lamion.techniques.conduction.transference_design import sensitivity

_BIAS = 0.010


def run(inputs: Inputs) -> Answer:
    r"""Compute the precision needed of the steady interfacial resistance and of the initial current.

    .. math:: u_r(R_s) = \frac{\delta}{|\partial\rho_+/\partial\ln R_s|}

    with :math:`\delta` half of the last printed digit, and all else exact.

    Parameters
    ----------
    inputs : Inputs
        The printed ``fraction``; ``conductivity`` and ``thickness`` of the film; ``interface``, of both interfaces
        together; ``achievable``, the relative standard uncertainty that such a resistance can be read to.

    Returns
    -------
    Answer
        ``needed_precision.steady_resistance`` and ``.initial_current``, relative; ``fraction_if.*``, the fraction
        that 1 % on each would give. Two digits do not hold where the precision needed is finer than achievable.
    """
    printed = inputs.quantity("fraction")
    bulk = inputs.quantity("thickness").si / inputs.quantity("conductivity").si
    cell = SymmetricCell(bulk, inputs.quantity("interface").si, printed.value, diffusion_time=1.0)
    measured = Polarisation(
        bias=_BIAS,
        initial_current=cell.initial_current(_BIAS),
        steady_current=cell.steady_current(_BIAS),
        initial_resistance=cell.interfacial_resistance,
        steady_resistance=cell.interfacial_resistance,
    )
    half = (printed.std or 0.0) * math.sqrt(3)
    sensitive = sensitivity(bulk, cell.interfacial_resistance, printed.value)
    needed = {
        "steady_resistance": half / printed.value / abs(sensitive.steady_resistance),
        "initial_current": half / printed.value / abs(sensitive.initial_current),
    }
    achievable = inputs.quantity("achievable").value
    holds = needed["steady_resistance"] >= achievable
    interface = inputs.quantity("interface").to("ohm cm2")
    higher, lower = _fraction(measured, "steady_resistance", 0.01), _fraction(measured, "initial_current", -0.01)
    reason = (
        f"On a film of {1e4 * bulk:.3g} ohm cm2 between interfaces of {interface} the electrolyte holds "
        f"{100 * bulk / (bulk + cell.interfacial_resistance):.1f} % of the bias. For {printed.value:g} to mean two "
        f"digits, R_s must be known to {100 * needed['steady_resistance']:.2g} % and I_0 to "
        f"{100 * needed['initial_current']:.2g} %, each with all else exact; {100 * achievable:g} % is taken as "
        f"achievable. One per cent more on R_s alone gives {higher:.3f}, one per cent less on I_0 {lower:.3f}."
    )
    return Answer(
        {
            **{
                f"needed_precision.{name}": Quantity(value, None, "1", "the equation, on an example cell")
                for name, value in needed.items()
            },
            "fraction_if.steady_resistance_1_percent_higher": Quantity(
                higher, None, "1", "the equation, on an example cell"
            ),
            "fraction_if.initial_current_1_percent_lower": Quantity(
                lower, None, "1", "the equation, on an example cell"
            ),
        },
        verdict="holds" if holds else "does not hold",
        reason=reason,
    )


def _fraction(measured: Polarisation, name: str, relative: float) -> float:
    return replace(measured, **{name: getattr(measured, name) * (1 + relative)}).pair().ratio


KIND = StepKind(
    run,
    evidence="equation",
    options={
        "fraction": Option("quantity", "1", printed=True, at_most=0.999),
        "conductivity": Option("quantity", "S/m"),
        "thickness": Option("quantity", "m", from_subject=True),
        "interface": Option("quantity", "ohm m2"),
        "achievable": Option("quantity", "1"),
    },
)
