"""Every element's declared equation and derivative against its code, through SymPy."""

from __future__ import annotations

import numpy as np
import pytest

from lamion.quantities import InputError, units
from lamion.techniques.impedance.elements.element import Frequencies
from lamion.techniques.impedance.elements.register import ELEMENTS

FREQUENCY = np.geomspace(1e-3, 1e5, 9)


def _values(element, random):
    return [
        random.uniform(max(p.lower, 0.3), min(p.upper, 0.99)) if p.exponent else 10 ** random.uniform(-1.5, 1.5)
        for p in element.parameters
    ]


@pytest.mark.parametrize("symbol", ELEMENTS.built_in)
def test_code_agrees_with_the_declared_equation(symbol):
    sympy = pytest.importorskip("sympy")
    element = ELEMENTS.load(symbol)
    names = {p.name: sympy.Symbol(p.name, positive=True) for p in element.parameters}
    s = sympy.Symbol("s")
    equation = sympy.sympify(element.equation, locals={**names, "s": s})
    assert equation.free_symbols | {s} == {s, *names.values()}
    random = np.random.default_rng(1)
    for _ in range(3):
        values = _values(element, random)
        response = element.respond(Frequencies.of(FREQUENCY), *(np.array([[v]]) for v in values))
        wanted = [equation] + [
            sympy.diff(equation, symbol_) * (1 if p.exponent else symbol_)
            for p, symbol_ in zip(element.parameters, names.values(), strict=True)
        ]
        for expression, found in zip(wanted, (response.impedance, *response.derivatives), strict=True):
            exactly = sympy.lambdify([s, *names.values()], expression, "mpmath")
            for place, frequency in enumerate(FREQUENCY):
                exact = complex(exactly(2j * np.pi * frequency, *values))
                scale = abs(response.impedance[0, place])
                assert found[0, place] == pytest.approx(exact, rel=1e-7, abs=1e-8 * scale)


@pytest.mark.parametrize("symbol", ELEMENTS.built_in)
def test_declared_powers_scale_size_and_time(symbol):
    """An element made a times larger and t times slower has a times the impedance at one t-th of the frequency."""
    element = ELEMENTS.load(symbol)
    values = dict(zip((p.name for p in element.parameters), _values(element, np.random.default_rng(2)), strict=True))
    a, t = 3.7, 0.02
    scaled = [
        values[p.name]
        * (1.0 if p.exponent else a**p.impedance_power * t ** (p.time_power * values.get(p.time_exponent, 1.0)))
        for p in element.parameters
    ]
    before = element.respond(Frequencies.of(FREQUENCY), *(np.array([[v]]) for v in values.values()))
    after = element.respond(Frequencies.of(FREQUENCY / t), *(np.array([[v]]) for v in scaled))
    np.testing.assert_allclose(after.impedance, a * before.impedance, rtol=1e-9)


@pytest.mark.parametrize("symbol", ELEMENTS.built_in)
def test_every_parameter_says_what_it_is(symbol):
    element = ELEMENTS.load(symbol)
    assert element.symbol == symbol
    assert element.title
    for parameter in element.parameters:
        units.check(parameter.unit)
    assert all(p.name and p.unit and p.meaning and p.lower < p.upper for p in element.parameters)


def test_unknown_element_is_refused():
    with pytest.raises(InputError, match="no circuit element called 'X'"):
        ELEMENTS.load("X")


@pytest.mark.parametrize(("symbol", "low", "high"), [("TLMi", 5.0, 10 / 7), ("TLMe", 2.0, 10 / 7)])
def test_transmission_line_limits(symbol, low, high):
    """At low frequency only the open rail conducts, at high both side by side."""
    element = ELEMENTS.load(symbol)
    values = [np.array([[v]]) for v in (2.0, 5.0, 1e-3, 1.0)]
    z = element.respond(Frequencies.of([1e-6, 1e12]), *values).impedance[0]
    np.testing.assert_allclose(z.real, [low, high], rtol=1e-3)


def test_a_users_package_adds_an_element(monkeypatch):
    """An entry point of the group lamion.elements is found by the circuit's grammar, and fitted."""
    from lamion import registry
    from lamion.techniques.impedance.circuit import Circuit
    from lamion.techniques.impedance.elements.element import Element, Response, resistance, time_constant
    from lamion.techniques.impedance.fit import fit_circuit
    from lamion.techniques.impedance.spectra import gather

    def respond(frequencies, R, tau):
        impedance = R / (1 + frequencies.s * tau)
        return Response(impedance, (impedance, -impedance * frequencies.s * tau / (1 + frequencies.s * tau)))

    class Point:
        name = "Debye"

        def load(self):
            return Element("Debye", "an arc", (resistance(), time_constant()), "R/(1 + s*tau)", respond)

    def points(group, name="Debye"):
        return [Point()] if (group, name) == ("lamion.elements", "Debye") else []

    monkeypatch.setattr(registry, "entry_points", points)
    circuit, f = Circuit.read("R0-Debye1"), np.geomspace(1e5, 1.0, 40)
    assert circuit.names == ("R0", "Debye1.R", "Debye1.tau")
    data = circuit.impedance([5.0, 50.0, 1e-3], f)
    assert fit_circuit(circuit, gather(f, data)).values[0] == pytest.approx([5.0, 50.0, 1e-3], rel=1e-6)
