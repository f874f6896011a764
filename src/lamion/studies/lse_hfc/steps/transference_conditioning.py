r"""How precisely the interfaces must be known for a transference number on a thin film to have its digits.

.. math:: u_r(R_s) = \frac{\delta}{|\partial\rho_+/\partial\ln R_s|}

with :math:`\delta` half of the last printed digit, and all else exact. Shown, that the digits cannot be
known, where the precision needed is finer than what is achievable.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Annotated

from lamion.quantities import Answer, Quantity
from lamion.synthetic.polarisation import PolarisedCell
from lamion.tasks.declaring import Option, Result, task
from lamion.techniques.conduction.current_fraction import Polarisation
from lamion.techniques.conduction.transference_design import fraction_sensitivity

_BIAS = 0.010


@task(
    results={
        "needed_precision.*": Result("1", "of the steady resistance and of the initial current", headline=True),
        "fraction_if.*": Result("1", "the fraction that 1 % on one of them would give"),
    },
    evidence="equation",
    cites=("evans1987",),
    example="",
)
def transference_conditioning(
    fraction: Annotated[Quantity, Option("as printed", example="0.78", maximum=0.999, printed=True)],
    conductivity: Annotated[Quantity, Option("of the film")],
    thickness: Annotated[Quantity, Option("of the film", subject=True)],
    interface: Annotated[Quantity, Option("of both interfaces together", of="charge_transfer", example="24.5 ohm cm2")],
    achievable: Annotated[Quantity, Option("relative precision of such a resistance", example="0.5 %")],
) -> Answer:
    """Compute the precision needed of the steady interfacial resistance and of the initial current."""
    bulk = thickness.si / conductivity.si
    cell = PolarisedCell(bulk, interface.si, fraction.value, diffusion_time=1.0)
    measured = Polarisation(
        bias=_BIAS,
        initial_current=cell.initial_current(_BIAS),
        steady_current=cell.steady_current(_BIAS),
        initial_resistance=cell.interfacial_resistance,
        steady_resistance=cell.interfacial_resistance,
    )
    half = (fraction.std or 0.0) * math.sqrt(3)
    sensitive = fraction_sensitivity(bulk, cell.interfacial_resistance, fraction.value)
    needed = {
        "steady_resistance": half / fraction.value / abs(sensitive.steady_resistance),
        "initial_current": half / fraction.value / abs(sensitive.initial_current),
    }
    holds = needed["steady_resistance"] >= achievable.value
    higher, lower = _fraction(measured, "steady_resistance", 0.01), _fraction(measured, "initial_current", -0.01)
    reason = (
        f"On a film of {1e4 * bulk:.3g} ohm cm2 between interfaces of {interface.to('ohm cm2')} the electrolyte holds "
        f"{100 * bulk / (bulk + cell.interfacial_resistance):.1f} % of the bias. For {fraction.value:g} to mean two "
        f"digits, R_s must be known to {100 * needed['steady_resistance']:.2g} % and I_0 to "
        f"{100 * needed['initial_current']:.2g} %, each with all else exact; {100 * achievable.value:g} % is taken as "
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
        verdict="not shown" if holds else "shown",
        reason=reason,
    )


def _fraction(measured: Polarisation, name: str, relative: float) -> float:
    return replace(measured, **{name: getattr(measured, name) * (1 + relative)}).pair().ratio
