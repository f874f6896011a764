"""Diffusion coefficients against the exact series, with counted coverage."""

import json

import numpy as np
import pytest

from lamion.models.transport.binary_electrolyte import BinaryElectrolyte, Polynomial, constant
from lamion.models.transport.medium import uniform
from lamion.models.transport.protocol import polarise_and_relax
from lamion.models.transport.simulation import simulate
from lamion.numerics.tensor_grid import TensorGrid, even_edges
from lamion.numerics.time_steps import Stepping
from lamion.quantities import InputError, Quantity
from lamion.quantities.constants import FARADAY
from lamion.quantities.level import LEVEL, LEVEL_95
from lamion.records.measurements import VoltageTransient
from lamion.synthetic.polarisation import relaxation
from lamion.techniques.conduction.last_mode import fit_last_mode
from lamion.techniques.conduction.restricted_diffusion import diffusion_coefficient, diffusion_coefficient_raw

LENGTH, D = 100e-6, 2.57e-12
TAU = LENGTH**2 / D


def draw(seed, *, noise=2e-6, offset=1e-5, time_constants=8.0):
    time = np.linspace(0.0, time_constants * TAU / np.pi**2, 400)
    return relaxation(TAU, 5e-3, time, noise=noise, offset=offset, seed=seed)


def test_the_exact_series_gives_the_exact_coefficient():
    answer = diffusion_coefficient(draw(0, noise=0.0), Quantity(100.0, 0.0, "um"))
    assert answer.results["diffusivity"].value == pytest.approx(D * 1e4, rel=1e-4)
    assert answer.results["offset"].value == pytest.approx(0.01, abs=1e-4)
    assert answer.notes["window"]["start_over_L2_D"] == pytest.approx(0.05, abs=0.01)
    json.dumps(answer.to_store(), allow_nan=False)


def test_a_line_through_the_logarithm_agrees():
    """The textbook reading, d ln U / dt = -pi2 D / L2, on an exact record without offset."""
    exact = draw(0, noise=0.0, offset=0.0)
    late = exact.time > 0.15 * TAU
    slope = np.polyfit(exact.time[late], np.log(exact.voltage[late]), 1)[0]
    found = diffusion_coefficient(exact, Quantity(100.0, 0.0, "um"), offset=False)
    assert found.results["diffusivity"].value == pytest.approx(-slope * LENGTH**2 / np.pi**2 * 1e4, rel=1e-4)


def test_a_start_far_from_steady_gives_the_same():
    """After a short polarisation the third mode starts larger; the window takes care of it."""
    time = np.linspace(0.0, 8 * TAU / np.pi**2, 400)
    theta = np.pi**2 * time / TAU
    voltage = 1e-3 * sum(np.exp(-(n**2) * theta) / n for n in (1, 3, 5, 7))
    answer = diffusion_coefficient(VoltageTransient(time, voltage), Quantity(100.0, 0.0, "um"))
    assert answer.results["diffusivity"].value == pytest.approx(D * 1e4, rel=1e-3)


def test_the_thickness_enters_squared():
    answer = diffusion_coefficient(draw(0, noise=0.0), Quantity(100.0, 2.0, "um"))
    quantity = answer.results["diffusivity"]
    assert quantity.std / quantity.value == pytest.approx(0.04, rel=1e-2)


def test_a_negative_relaxation_is_one_too():
    exact = draw(0, noise=0.0)
    turned = VoltageTransient(exact.time, -exact.voltage)
    assert diffusion_coefficient(turned, Quantity(100.0, 0.0, "um")).results["diffusivity"].value == pytest.approx(
        D * 1e4, rel=1e-4
    )


def test_a_short_record_says_so():
    answer = diffusion_coefficient(draw(3, time_constants=2.0), Quantity(100.0, 0.0, "um"))
    assert any("hard to tell apart" in w for w in answer.warnings)


@pytest.mark.parametrize(
    ("transient", "words"),
    [
        (draw(1, noise=5e-2), "does not stand out of its noise|too short"),
        (VoltageTransient(np.arange(6.0), np.exp(-np.arange(6.0))), "too short"),
        (VoltageTransient(np.arange(60.0), np.zeros(60)), "does not change"),
    ],
)
def test_what_a_user_can_cause(transient, words):
    with pytest.raises(InputError, match=words):
        diffusion_coefficient(transient, Quantity(100.0, None, "um"))


def test_a_thickness_is_a_length():
    with pytest.raises(InputError, match="not a positive length"):
        diffusion_coefficient(draw(1), Quantity(100.0, None, "s"))


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.5])
def test_the_window_does_not_depend_on_the_first_guess(rate):
    t = np.linspace(0.0, 100.0, 2001)
    mode = fit_last_mode(t, np.exp(-rate * t) + 3 * np.exp(-9 * rate * t), window=1.0)
    assert mode.rate == pytest.approx(rate, rel=1e-2)


def covered(seeds: int) -> tuple[float, float]:
    found = [diffusion_coefficient_raw(d.time, d.voltage) for d in map(draw, range(seeds))]
    misses = np.array([abs(r.rate - np.pi**2 / TAU) for r in found])
    return (
        float(np.mean(misses <= [r.rate_std for r in found])),
        float(np.mean(misses <= [r.rate_margin_95 for r in found])),
    )


def test_intervals_cover():
    at_68, at_95 = covered(400)
    assert at_68 == pytest.approx(LEVEL, abs=0.07)
    assert at_95 == pytest.approx(LEVEL_95, abs=0.035)


def test_a_drift_is_fitted_said_and_in_the_interval():
    """1 mV/h beside a relaxation of 5 mV; a record without one hardly ever shows any."""
    inside, said = [], []
    for seed in range(200):
        one = draw(seed)
        drifting = VoltageTransient(one.time, one.voltage + 1e-3 / 3600 * one.time)
        found = diffusion_coefficient(drifting, Quantity(100.0, None, "um"))
        assert any("mV/h besides its relaxation" in text for text in found.warnings)
        inside.append(abs(found["diffusivity"].value - 2.57e-8) < found["diffusivity"].std)
        said.append(any("mV/h" in text for text in diffusion_coefficient(one, Quantity(100.0, None, "um")).warnings))
    assert np.mean(inside) == pytest.approx(LEVEL, abs=0.09)
    assert np.mean(said) < 0.03


@pytest.mark.slow
def test_intervals_cover_with_many_seeds():
    at_68, at_95 = covered(2000)
    assert at_68 == pytest.approx(LEVEL, abs=0.04)
    assert at_95 == pytest.approx(LEVEL_95, abs=0.02)


def test_an_end_far_from_zero_is_no_cell_of_two_alike_electrodes():
    """An open-circuit voltage of 458 mV relaxes like one of two lithium electrodes."""
    time = np.linspace(0, 5000, 500)
    for end, doubted in ((0.458, True), (0.002, False)):
        voltage = end + 0.02 * np.exp(-time / 600)
        answer = diffusion_coefficient(VoltageTransient(time, voltage), Quantity(100.0, None, "um"))
        assert any("458 mV" in warning for warning in answer.warnings) == doubted


def strong(share, *, slope=0.0, transference=0.35):
    """Return the relaxation after a current of a share of the limiting one, by the equation with D(c), without noise.

    The ends are then twice that share of the mean concentration apart; D(c) = D (1 + slope (c/c0 - 1)).
    """
    salt = 1000.0
    law = Polynomial((D * (1 - slope), D * slope / salt))
    medium = BinaryElectrolyte(law, constant(0.02), constant(transference), constant(1.0), 298.15)
    current = share * 2 * FARADAY * D * salt / (LENGTH * (1 - transference))
    tau = TAU / np.pi**2
    protocol = polarise_and_relax(current, polarise=10 * tau, relax=8 * tau)
    time = np.linspace(0.0, 8 * tau, 401)[1:]
    grid = TensorGrid((even_edges(LENGTH, 80),))
    found = simulate(uniform(grid, medium), protocol, salt, times=tuple(10 * tau + time), stepping=Stepping(1e-6))
    after = np.array([(item.time - 10 * tau, item.voltage) for item in found.terminals if item.time > 10.001 * tau])
    return time, np.interp(time, *after.T)


@pytest.mark.parametrize(("share", "slope"), [(0.3, 0.0), (0.3, -0.4), (0.3, 0.4), (0.6, 0.0), (0.6, 0.4)])
def test_the_interval_holds_the_logarithm_of_the_concentrations(share, slope):
    """The nonlinear equation gives 0.1 to 2 % more than D(c0), beyond what the noise alone explains."""
    time, voltage = strong(share, slope=slope)
    near, far, alone = [], [], []
    for seed in range(40):
        noise = np.random.default_rng(seed).normal(0.0, 2e-6, len(time))
        found = diffusion_coefficient(VoltageTransient(time, voltage + noise), Quantity(100.0, None, "um"))
        miss = abs(found["diffusivity"].value - 1e4 * D)
        near.append(miss < found["diffusivity"].std)
        far.append(miss < found.notes["half_interval_95_cm2_s"])
        alone.append(miss < found["diffusivity"].value * found.notes["uncertainty"]["relaxation"])
    assert np.mean(alone) < 0.3
    assert np.mean(far) > 0.95
    # A D that rises with the concentration bends the relaxation up to twice as far.
    assert slope > 0 or np.mean(near) > 0.95


def test_a_strong_polarisation_is_warned_of_and_a_weak_one_is_not():
    for share, doubted in ((0.05, False), (0.6, True)):
        time, voltage = strong(share)
        found = diffusion_coefficient(VoltageTransient(time, voltage), Quantity(100.0, None, "um"))
        assert any("polarisation was strong" in text for text in found.warnings) == doubted
    weak = diffusion_coefficient(draw(0), Quantity(100.0, None, "um"))
    assert weak.notes["uncertainty"]["strong_polarisation"] < 1e-3
