r"""Inductance of leads with losses: :math:`Z = L (j\omega)^n`, n from 0.4 to 1; L is in henry for n = 1."""

from __future__ import annotations

from lamion.techniques.impedance.elements.element import (
    Array,
    Element,
    ElementParameter,
    Frequencies,
    Response,
    exponent,
)


def _respond(frequencies: Frequencies, L: Array, n: Array) -> Response:
    impedance = L * frequencies.power(n)
    return Response(impedance, (impedance, impedance * frequencies.log_s))


MODIFIED_INDUCTOR = Element(
    "La",
    "modified inductor",
    (
        ElementParameter("L", "ohm s^n", "inductance", impedance_power=1.0, time_power=1.0, time_exponent="n"),
        exponent("n", "exponent, 1 for an ideal inductor", 0.4, 1.0, (0.9,)),
    ),
    "L*s**n",
    _respond,
)
