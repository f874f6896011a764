"""A drift of the cell during the sweep: found, counted in the uncertainty, and not seen where there is none."""

from __future__ import annotations

import numpy as np
import pytest

from lamion.records.impedance import ImpedanceSpectrum
from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.circuit_parameters import circuit_parameters
from lamion.techniques.impedance.drift import drift_of, elapsed
from lamion.techniques.impedance.fit import fit_circuit
from lamion.techniques.impedance.spectra import gather

TEXT = "R0-p(R1,CPE1)-p(R2,CPE2)"
CELL = Circuit.read(TEXT)
FREQUENCY = np.geomspace(1e6, 0.01, 81)
RESISTANCES = [0, 1, 4]


def drawn(random, noise, size, kind):
    """A cell of random resistances and its spectrum while all of it, or its slower arc, grows by `size`."""
    truth = np.array([20.0, 100.0, 1e-7, 0.9, 100.0, 1e-3, 0.85])
    truth[RESISTANCES] *= 10 ** random.uniform(-0.4, 0.4, 3)
    moved = np.tile(truth, (len(FREQUENCY), 1))
    growth = 1 + size * elapsed(FREQUENCY)
    moved[:, [0, 1, 4] if kind == "all" else [4]] *= growth[:, None]
    if kind == "all":
        moved[:, [2, 5]] /= growth[:, None]
    exact = np.diag(CELL.impedance(moved, np.tile(FREQUENCY, (len(FREQUENCY), 1))))
    normal = random.standard_normal((2, len(FREQUENCY)))
    return truth, exact + noise * np.abs(exact) * (normal[0] + 1j * normal[1])


def outcomes(count, kind, factor):
    """How many draws are warned of, and how many more have the truth at the middle within the 95 % interval."""
    random = np.random.default_rng(17)
    noise = 0.01
    pairs = [drawn(random, noise, noise * factor(random), kind) for _ in range(count)]
    fits = fit_circuit(CELL, gather(FREQUENCY, np.array([z for _, z in pairs])))
    apart = np.abs(np.log(fits.values / np.array([truth for truth, _ in pairs])))[:, RESISTANCES]
    drifts = [drift_of(fits, index) for index in range(count)]
    variance = np.array([np.diag(own + one.covariance) for own, one in zip(fits.covariance, drifts, strict=True)])
    seen = np.array([one.seen for one in drifts])
    covered = apart < 1.96 * np.sqrt(variance[:, RESISTANCES])
    return seen.mean(), (covered | seen[:, None]).mean(axis=0)


def test_the_time_that_has_passed():
    assert elapsed([1.0, 4.0, 2.0]) == pytest.approx([0.5, 0.25 / 1.75 - 0.5, 0.75 / 1.75 - 0.5])


def test_a_drift_without_noise_is_found_with_the_values_at_the_middle():
    truth, z = drawn(np.random.default_rng(2), 0.0, 0.01, "all")
    fits = fit_circuit(CELL, gather(FREQUENCY, z))
    drift = drift_of(fits, 0)
    assert drift.seen
    assert drift.size == pytest.approx(0.01, rel=0.15)
    off = np.abs(np.log(fits.values[0] / truth))[RESISTANCES]
    assert off.max() > 3e-3
    assert (off < 1.2 * np.sqrt(np.diag(drift.covariance))[RESISTANCES]).all()


def test_too_few_points_tell_nothing():
    f = np.geomspace(1e5, 1.0, 3)
    circuit = Circuit.read("R0-p(R1,C1)")
    fits = fit_circuit(circuit, gather(f, circuit.impedance([10.0, 50.0, 1e-6], f)))
    drift = drift_of(fits, 0)
    assert np.isinf(drift.std)
    assert not drift.covariance.any()


def test_a_drift_that_the_spectrum_cannot_tell_does_not_count():
    """0.8 ohm beside a spike of 150 kohm show at the highest frequencies alone: how they drift is anybody's guess."""
    f, random = np.geomspace(1e5, 0.1, 73), np.random.default_rng(1)
    circuit, truth, draws = Circuit.read("R0-CPE1"), [0.8, 1e-5, 0.9], 200
    exact = circuit.impedance(truth, f)
    error = random.standard_normal((2, draws, len(f)))
    fits = fit_circuit(circuit, gather(f, exact * (1 + 0.003 * (error[0] + 1j * error[1]))))
    stds = np.sqrt([fits.covariance[k, 0, 0] + drift_of(fits, k).covariance[0, 0] for k in range(draws)])
    assert stds.max() < 0.01
    assert np.mean(np.abs(np.log(fits.values[:, 0] / 0.8)) < stds) == pytest.approx(0.683, abs=0.1)


def test_the_answer_tells_of_it_and_is_less_certain():
    random = np.random.default_rng(3)
    steady, drifting = (
        circuit_parameters([ImpedanceSpectrum(FREQUENCY, drawn(random, 0.003, size, "all")[1])], TEXT)
        for size in (0.0, 0.03)
    )
    assert not steady.warnings
    assert any("drift" in warning for warning in drifting.warnings)
    assert drifting.notes["spectra"][0]["drift"]["of_all_Z"] == pytest.approx(0.03, abs=0.01)
    assert drifting.results["R1"].std > 2 * steady.results["R1"].std


def test_few_false_alarms():
    assert outcomes(60, "all", lambda _: 0.0)[0] <= 0.1


@pytest.mark.slow
def test_one_in_twenty_false_alarms_at_most():
    assert outcomes(1000, "all", lambda _: 0.0)[0] <= 0.05


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["all", "slow arc"])
def test_drifts_of_three_to_ten_times_the_noise_are_covered_or_told(kind):
    _, held = outcomes(1000, kind, lambda random: random.uniform(3.0, 10.0))
    assert (held >= 0.95).all()
