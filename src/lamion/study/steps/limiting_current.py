"""The limiting current of a film, to hold against the current at which a cell failed."""

from __future__ import annotations

from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import Answer, propagate
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind

_NAMES = ("thickness", "conductivity", "transference", "concentration", "temperature")


def run(inputs: Inputs) -> Answer:
    r"""Compute the limiting current, :math:`4 t_+ \sigma R T/(F L)` by Nernst and Einstein.

    Parameters
    ----------
    inputs : Inputs
        ``thickness``, ``conductivity``, ``transference``, ``concentration`` (which cancels), ``temperature``.

    Returns
    -------
    Answer
        ``limiting_current``, with the uncertainties of the inputs.
    """
    quantities = [inputs.quantity(name) for name in _NAMES]
    found = propagate(
        lambda *values: UniformFilm(*values).limiting_current, *quantities, unit="mA/cm2", source="uniform film"
    )
    reason = (
        f"The salt at the plating electrode is used up in the end at and above {found}; lithium then grows as "
        "dendrites (Chazalviel 1990), one way to a short circuit. The uncertainty is that of "
        f"{', '.join(f'{name} {quantity}' for name, quantity in zip(_NAMES, quantities, strict=True) if quantity.std)}."
    )
    return Answer({"limiting_current": found}, reason=reason)


KIND = StepKind(
    run,
    evidence="model",
    options={
        "thickness": Option("quantity", "m", from_subject=True),
        "conductivity": Option("quantity", "S/m"),
        "transference": Option("quantity", "1"),
        "concentration": Option("quantity", "mol/m3"),
        "temperature": Option("quantity", "K"),
    },
)
