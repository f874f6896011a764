"""A conductivity carried from one temperature to another by its activation energy."""

from __future__ import annotations

from lamion.quantities import Answer
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind
from lamion.substances import Arrhenius


def run(inputs: Inputs) -> Answer:
    r"""Apply Arrhenius' law of sigma.

    .. math:: \sigma(T) = \sigma(T_0) \exp\left[-\frac{E_a}{R}\left(\frac1T - \frac1{T_0}\right)\right]

    Parameters
    ----------
    inputs : Inputs
        ``conductivity`` ``at`` one temperature, ``activation_energy``, and the temperature it is carried ``to``.

    Returns
    -------
    Answer
        ``conductivity``.
    """
    law = Arrhenius(inputs.quantity("conductivity"), inputs.quantity("at"), inputs.quantity("activation_energy"))
    to = inputs.quantity("to")
    return Answer({"conductivity": law.at(to).to("S/cm")}, notes={"temperature": str(to)})


KIND = StepKind(
    run,
    evidence="derived from printed numbers",
    options={
        "conductivity": Option("quantity", "S/m"),
        "at": Option("quantity", "K"),
        "activation_energy": Option("quantity", "eV"),
        "to": Option("quantity", "K"),
    },
)
