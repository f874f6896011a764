r"""Constant-phase element: :math:`Z = 1/(Q (j\omega)^n)`."""

from __future__ import annotations

from lamion.techniques.impedance.elements.element import (
    Array,
    Element,
    Frequencies,
    Response,
    exponent,
    pseudo_capacitance,
)


def _respond(frequencies: Frequencies, Q: Array, n: Array) -> Response:
    impedance = frequencies.power(-n) / Q
    return Response(impedance, (-impedance, -impedance * frequencies.log_s))


CONSTANT_PHASE = Element(
    "CPE",
    "constant-phase element",
    (pseudo_capacitance(), exponent("n", "exponent, 1 for a capacitor", 0.1, 1.0, (0.7, 0.9))),
    "1/(Q*s**n)",
    _respond,
    "G. J. Brug et al., J. Electroanal. Chem. 176 (1984) 275, doi:10.1016/S0022-0728(84)80324-1",
)
