"""Resistor, capacitor and inductor."""

from __future__ import annotations

from lamion.techniques.impedance.elements.element import (
    Array,
    Element,
    ElementParameter,
    Frequencies,
    Response,
    resistance,
)


def _resistor(frequencies: Frequencies, R: Array) -> Response:
    impedance = R + 0j * frequencies.omega
    return Response(impedance, (impedance,))


def _capacitor(frequencies: Frequencies, C: Array) -> Response:
    impedance = -1j / (C * frequencies.omega)
    return Response(impedance, (-impedance,))


def _inductor(frequencies: Frequencies, L: Array) -> Response:
    impedance = 1j * (L * frequencies.omega)
    return Response(impedance, (impedance,))


RESISTOR = Element("R", "resistor", (resistance(),), "R", _resistor)
CAPACITOR = Element(
    "C",
    "capacitor",
    (ElementParameter("C", "F", "capacitance", impedance_power=-1.0, time_power=1.0),),
    "1/(C*s)",
    _capacitor,
)
INDUCTOR = Element(
    "L", "inductor", (ElementParameter("L", "H", "inductance", impedance_power=1.0, time_power=1.0),), "L*s", _inductor
)
