"""What the conductivity of a coated film says of the coating: two layers in series."""

from __future__ import annotations

from lamion.quantities import Answer, InputError, propagate
from lamion.study.inputs import Inputs
from lamion.study.kinds import Option, StepKind


def run(inputs: Inputs) -> Answer:
    r"""Subtract the film's area-specific resistance from that of the coated film.

    .. math:: r = \frac{L + l}{\sigma_{L+l}} - \frac{L}{\sigma_L}, \qquad \sigma_l = l / r

    Parameters
    ----------
    inputs : Inputs
        ``conductivity`` and ``thickness`` of the film, ``coated_conductivity``, and the ``layer``'s thickness.

    Returns
    -------
    Answer
        ``layer_resistance`` (ohm cm2) and ``layer_conductivity``.
    """
    given = [inputs.quantity(name) for name in ("conductivity", "thickness", "coated_conductivity", "layer")]

    def resistance(film: float, thickness: float, coated: float, layer: float) -> float:
        return (thickness + layer) / coated - thickness / film

    source = "layers in series"
    layer = propagate(resistance, *given, unit="ohm cm2", source=source)
    if layer.value <= 0:
        raise InputError("the coated film resists less than the film alone.", "", "Check both conductivities.")
    return Answer(
        {
            "layer_resistance": layer,
            "layer_conductivity": propagate(lambda *x: x[3] / resistance(*x), *given, unit="S/cm", source=source),
        },
        warnings=[
            "The uncertainties are those of the inputs as given; the rounding of a printed number is not its error."
        ],
    )


KIND = StepKind(
    run,
    evidence="derived from printed numbers",
    options={
        "conductivity": Option("quantity", "S/m"),
        "thickness": Option("quantity", "m", from_subject=True),
        "coated_conductivity": Option("quantity", "S/m"),
        "layer": Option("quantity", "m"),
    },
)
