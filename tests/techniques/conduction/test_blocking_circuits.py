"""What the circuits of a blocking cell say: roles of arcs by their capacitance, the resistance and its gradient."""

import numpy as np
import pytest

from lamion.synthetic.blocking_cell import with_noise
from lamion.techniques.conduction.blocking_choice import BlockingChoice, BlockingSpectrum, choose
from lamion.techniques.conduction.blocking_circuits import BlockingFit
from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.families import BLOCKING_FAMILY
from lamion.techniques.impedance.fit import fit_circuit
from lamion.techniques.impedance.spectra import gather

FREQUENCY = np.geomspace(0.1, 1e7, 70)
TRUTH = {
    "L0": 1e-7,
    "R0": 4.0,
    "R1": 300.0,
    "CPE1.Q": 2e-9,
    "CPE1.n": 0.95,
    "R2": 500.0,
    "CPE2.Q": 1e-7,
    "CPE2.n": 0.9,
}
SPIKE = {"Q": 1e-4, "n": 0.9}


def fitted(circuit, **changed):
    """Fit a circuit to its own exact spectrum from the truth."""
    read = Circuit.read(circuit)
    last = read.names[-1].split(".")[0]
    values = {**TRUTH, f"{last}.Q": SPIKE["Q"], f"{last}.n": SPIKE["n"], **changed}
    truth = np.array([values[name] for name in read.names])
    data = read.impedance(truth, FREQUENCY) * (1 + 1e-4 * np.cos(7.0 * np.arange(len(FREQUENCY))))
    return BlockingFit.of(fit_circuit(read, gather(FREQUENCY, data), start=truth), 0)


@pytest.mark.parametrize("circuit", BLOCKING_FAMILY)
def test_the_resistance_is_the_sum_of_the_electrolytes(circuit):
    found = fitted(circuit)
    counted = [name for name in found.values if name.startswith("R")]
    assert found.resistance == pytest.approx(sum(TRUTH[name] for name in counted), rel=1e-2)
    assert found.gradient.sum() == pytest.approx(found.resistance)
    assert all(arc.is_electrolyte for arc in found.arcs)
    assert found.role == ("electrolyte" if found.arcs else "none")


def test_an_arc_with_an_electrodes_capacitance_is_not_counted():
    circuit = "R0-p(R1,CPE1)-p(R2,CPE2)-CPE3"
    found = fitted(circuit, **{"CPE2.Q": 2e-5, "CPE3.Q": 1e-4})
    assert [arc.is_electrolyte for arc in found.arcs] == [True, False]
    assert found.resistance == pytest.approx(304.0, rel=1e-2)


def test_an_arc_knows_its_time_and_its_top():
    arc = fitted("p(R1,CPE1)-CPE2").arcs[0]
    assert arc.time_constant == pytest.approx((300.0 * 2e-9) ** (1 / 0.95), rel=1e-2)
    assert arc.top == pytest.approx(1 / (2 * np.pi * arc.time_constant))


def test_an_electrode_arc_without_a_resistance_before_it_makes_no_sense():
    assert not fitted("p(R1,CPE1)-CPE2", **{"CPE1.Q": 5e-5}).plausible


def test_spectra_fitted_together_get_each_its_own_circuit():
    s = 2j * np.pi * FREQUENCY
    spike = 50 + 1 / (1e-5 * s**0.9)
    arc = 300 / (1 + (s * 1e-5) ** 0.9) + 1 / (1e-4 * s**0.9)
    noise = np.random.default_rng(1)
    found = choose([BlockingSpectrum(FREQUENCY, with_noise(z, 1e-4, noise)) for z in (spike, arc)])
    assert all(isinstance(one, BlockingChoice) for one in found)
    assert [len(one.best.arcs) for one in found] == [0, 1]
    assert [one.best.resistance for one in found] == pytest.approx([50.0, 300.0], rel=1e-3)
