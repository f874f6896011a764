r"""Inductance of leads with losses: :math:`Z = L (j\omega)^a`, a between 0.5 and 1."""

from __future__ import annotations

from lamion.techniques.impedance.elements.element import (
    Array,
    Element,
    Frequencies,
    Parameter,
    Response,
    exponent,
)


def _respond(frequencies: Frequencies, L: Array, a: Array) -> Response:
    impedance = L * frequencies.power(a)
    return Response(impedance, (impedance, impedance * frequencies.log_s))


MODIFIED_INDUCTOR = Element(
    "La",
    "modified inductor",
    (
        Parameter("L", "H s^(a-1)", "inductance", impedance_power=1.0, time_power=1.0, time_exponent="a"),
        exponent("a", "exponent, 1 for an ideal inductor", 0.4, 1.0, (0.9,)),
    ),
    "L*s**a",
    _respond,
)
