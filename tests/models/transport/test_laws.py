"""Laws that depend on the concentration: against quadrature, a made-up solution, and the dilute limit."""

import numpy as np
import pytest
import sympy
from scipy.integrate import quad

from lamion.models.transport.binary_electrolyte import BinaryElectrolyte, Polynomial, by_laws, constant, dilute
from lamion.models.transport.coupled import Sources
from lamion.models.transport.electrodes import from_resistance
from lamion.models.transport.medium import layers, uniform
from lamion.models.transport.protocol import CellProtocol, Stretch, polarise_and_relax, pulse, ramp, step
from lamion.models.transport.simulation import simulate
from lamion.models.transport.steady_state import limiting_current_raw, steady_state
from lamion.models.transport.uniform_film import UniformFilm
from lamion.numerics.tensor_grid import TensorGrid, even_edges, graded_edges, joined_edges
from lamion.numerics.time_steps import Stepping
from lamion.quantities import InputError
from lamion.substances import published_electrolyte

CONTRAST = UniformFilm(1e-4, 8.92e-3, 0.35, 2000.0, 298.15)
PEO = by_laws(published_electrolyte("litfsi-peo"))


def line(length, cells, ratio=10.0):
    return TensorGrid((graded_edges(length, cells, ratio),))


def test_the_laws_of_litfsi_in_peo_are_those_published():
    """By hand at 1 mol/L; 0.73 mS/cm is the size of PEO at 85 degC, the label of S/m would make it 100 times less."""
    c = np.array([1000.0])
    assert PEO.diffusivity.value(c) == pytest.approx(5.5e-12 + 4.92e-13 - 6.73e-13)
    assert PEO.transference.value(c) == pytest.approx(-0.0834 + 0.377 - 0.0505)
    assert PEO.conductivity.value(c) == pytest.approx(100 * (4.25e-5 + 1.2e-3 - 5.73e-4 + 6.53e-5))
    assert PEO.transference.value(np.array([100.0])) < 0
    for law in (PEO.diffusivity, PEO.conductivity, PEO.transference):
        assert law.slope(c) == pytest.approx((law.value(c + 1) - law.value(c - 1)) / 2, rel=1e-5)


@pytest.mark.parametrize("current", [1.0, 5.0, 15.0])
def test_transients_end_in_the_steady_state_of_the_quadrature(current):
    expected = steady_state(PEO, 5e-5, 1000.0, current)
    found = simulate(uniform(line(5e-5, 60), PEO), step(current, 4000.0), 1000.0, stepping=Stepping(1e-4))
    end = found.terminals[-1]
    assert end.low == pytest.approx(expected.low, rel=2e-4)
    assert end.high == pytest.approx(expected.high, rel=2e-3)
    assert end.voltage == pytest.approx(expected.voltage, rel=1e-3)
    assert end.potential_drop == pytest.approx(expected.potential_drop, rel=1e-3)


def test_the_steady_state_reduces_to_the_dilute_film():
    state = steady_state(dilute(CONTRAST), 1e-4, 2000.0, 2.4)
    assert state.drop == pytest.approx(CONTRAST.steady_drop(2.4), rel=1e-9)
    assert state.voltage == pytest.approx(CONTRAST.steady_voltage(2.4), rel=1e-9)
    assert state.potential_drop == pytest.approx(CONTRAST.steady_potential_drop(2.4), rel=1e-9)


def test_above_the_limiting_current_of_the_laws_there_is_no_steady_state():
    limit = limiting_current_raw(PEO, 5e-5, 600.0)
    with pytest.raises(InputError, match=f"{limit / 10:.4g} mA/cm2"):
        steady_state(PEO, 5e-5, 600.0, 1.01 * limit)
    found = simulate(uniform(line(5e-5, 60, 30.0), PEO), step(1.05 * limit, 1e5), 600.0, stepping=Stepping(1e-4))
    assert found.depletion_time < 1e5
    assert min(item.lowest for item in found.terminals) > 0


def test_constant_laws_of_concentrated_solutions_reduce_to_the_dilute_ones():
    """The same numbers, written as laws that the code cannot recognise as constant."""
    same = dilute(CONTRAST)

    class Law:
        def __init__(self, law):
            self.value, self.slope = law.value, law.slope

    unknown = BinaryElectrolyte(
        Law(same.diffusivity), same.conductivity, Law(same.transference), Law(same.thermodynamic_factor), 298.15
    )
    one, other = (
        simulate(uniform(line(1e-4, 50), item), step(2.4, 600.0), 2000.0, stepping=Stepping(1e-4))
        for item in (same, unknown)
    )
    assert one.concentration == pytest.approx(other.concentration, rel=1e-9)
    assert one.terminals[-1].voltage == pytest.approx(other.terminals[-1].voltage, rel=1e-3)


def made_up():
    """A transient with D(c), t+(c), kappa(c) and charge transfer, and the sources that it needs."""
    s, t, c = sympy.symbols("s t c")
    L, F, c0, T = 1e-4, 96485.33212331001, 1000.0, 358.15
    thermal = 8.31446261815324 * T / F
    laws = {"D": 5e-12 + 2e-15 * c, "kappa": 0.05 + 3e-5 * c, "t": 0.1 + 1e-4 * c}
    field = c0 * (1 + 0.3 * sympy.sin(t / 150) * sympy.cos(sympy.pi * s / 2) + 0.2 * s * (1 - s))

    def of(law):
        return laws[law].subs(c, field)

    slope = sympy.diff(field, s) / L
    rim = -F * of("D") * slope / (1 - of("t"))
    low, high = rim.subs(s, 0), rim.subs(s, 1)
    current = low * (1 - s) + high * s
    anion = -of("D") * slope - (1 - of("t")) * current / F
    salt = sympy.diff(field, t) + sympy.diff(anion, s) / L
    charge = sympy.diff(current, s) / L
    w = 2 * thermal * (1 - of("t"))
    gradient = -current / of("kappa") + w * slope / field
    read = {
        name: sympy.lambdify((s, t), expression, "numpy")
        for name, expression in {
            "c": field, "salt": salt, "charge": charge, "i": current, "gradient": gradient
        }.items()
    }  # fmt: skip
    electrolyte = BinaryElectrolyte(
        Polynomial((5e-12, 2e-15)), Polynomial((0.05, 3e-5)), Polynomial((0.1, 1e-4)), constant(1.0), T
    )
    return L, thermal, electrolyte, read


def errors(cells, steps):
    """Return the largest errors of concentration and of current at the end of the made-up transient."""
    L, thermal, electrolyte, read = made_up()
    end, rct = 300.0, 20e-4
    kinetics = from_resistance(rct, 358.15)
    grid = TensorGrid((even_edges(L, cells),))
    s = grid.centres[0] / L

    def overpotential(j):
        return 2 * thermal * np.arcsinh(j * rct / (2 * thermal))

    def voltage(t):
        inside = -quad(lambda x: L * float(read["gradient"](x, t)), 0, 1, epsabs=1e-14, epsrel=1e-12)[0]
        return inside + overpotential(float(read["i"](0.0, t))) - overpotential(-float(read["i"](1.0, t)))

    sources = Sources(lambda t: read["salt"](s, t) * np.ones(cells), lambda t: read["charge"](s, t) * np.ones(cells))
    found = simulate(
        uniform(grid, electrolyte),
        CellProtocol((Stretch(end, "voltage", voltage),)),
        read["c"](s, 0.0),
        kinetics=kinetics,
        stepping=Stepping(fixed=end / steps),
        sources=sources,
    )
    exact = read["c"](s, end)
    return np.max(np.abs(found.concentration[-1] - exact)), abs(found.terminals[-1].current - read["i"](0.0, end))


def test_second_order_in_space_on_a_made_up_transient():
    coarse, fine = errors(10, 64), errors(40, 64)
    assert np.log(np.array(coarse) / np.array(fine)) / np.log(4) == pytest.approx([2.0, 2.0], abs=0.3)


def test_second_order_in_time_on_a_made_up_transient():
    """On one grid, against itself in many steps, so that the error of space drops out."""
    L, _, electrolyte, read = made_up()
    grid = TensorGrid((even_edges(L, 20),))
    s = grid.centres[0] / L
    sources = Sources(lambda t: read["salt"](s, t) * np.ones(20), lambda t: read["charge"](s, t) * np.ones(20))

    def end(steps):
        drive = CellProtocol((Stretch(300.0, "voltage", lambda t: 0.02 * np.sin(t / 100)),))
        return simulate(
            uniform(grid, electrolyte),
            drive,
            read["c"](s, 0.0),
            kinetics=from_resistance(20e-4, 358.15),
            stepping=Stepping(fixed=300.0 / steps),
            sources=sources,
        ).concentration[-1]

    best = end(256)
    coarse, fine = (np.max(np.abs(end(steps) - best)) for steps in (8, 32))
    assert np.log(coarse / fine) / np.log(4) == pytest.approx(2.0, abs=0.3)


def test_layers_pass_the_same_flux():
    """At the steady state each layer has the gradient that its own D asks for."""
    one, other = UniformFilm(9e-6, 5e-2, 0.5, 1000.0, 298.15), UniformFilm(2e-6, 1e-2, 0.5, 1000.0, 298.15)
    grid = TensorGrid((joined_edges(even_edges(9e-6, 45), even_edges(2e-6, 20)),))
    medium = layers(grid, [(dilute(one), 9e-6), (dilute(other), 2e-6)])
    found = simulate(medium, step(5.0, 200.0), 1000.0, stepping=Stepping(1e-5))
    c = found.concentration[-1]
    gradients = np.diff(c) / np.diff(grid.centres[0])
    for film, rows in ((one, slice(2, 40)), (other, slice(48, 62))):
        assert gradients[rows] == pytest.approx(-0.5 * 5.0 / (96485.33212 * film.salt_diffusivity), rel=1e-4)
    coupled = simulate(medium, step(5.0, 200.0), 1000.0, stepping=Stepping(1e-5), path="coupled")
    assert coupled.concentration[-1] == pytest.approx(c, rel=1e-8)
    assert coupled.terminals[-1].voltage == pytest.approx(found.terminals[-1].voltage, rel=1e-4)


def test_programmes():
    film = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15)
    medium = uniform(line(9e-6, 40), dilute(film))
    relaxed = simulate(medium, polarise_and_relax(12.0, polarise=60.0, relax=6.0), 2000.0, stepping=Stepping(1e-5))
    tail = [(item.time - 60.0, item.voltage) for item in relaxed.terminals if item.time > 62.0]
    after, voltage = np.array(tail).T
    rate = -np.polyfit(after, np.log(voltage), 1)[0]
    assert 1 / rate == pytest.approx(film.time_constant, rel=0.01)
    pulsed = simulate(medium, pulse(12.0, on=1.0, off=1.0, count=2), 2000.0, stepping=Stepping(1e-4))
    assert set(np.round(pulsed.series("current"), 9)) == {0.0, 12.0}
    ramped = simulate(medium, ramp(0.0, 12.0, 100.0), 2000.0, stepping=Stepping(1e-5))
    assert ramped.terminals[-1].current == pytest.approx(12.0)
    assert ramped.terminals[-1].drop < film.steady_drop(12.0)
    lag = film.steady_drop(12.0) * film.thickness**2 / (12 * film.salt_diffusivity) / 100.0 * 6 / 5
    assert film.steady_drop(12.0) - ramped.terminals[-1].drop == pytest.approx(lag, rel=0.3)


def test_a_held_voltage_gives_back_the_current_that_belongs_to_it():
    film = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15)
    medium = uniform(line(9e-6, 60), dilute(film))
    voltage = film.steady_voltage(12.0)
    found = simulate(medium, step(voltage, 60.0, control="voltage"), 2000.0, stepping=Stepping(1e-5))
    assert found.terminals[-1].current == pytest.approx(12.0, rel=1e-4)
    assert found.terminals[1].current > 12.0
