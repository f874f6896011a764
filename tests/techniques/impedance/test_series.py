"""Resistances along a series, against the laws they were made from."""

import numpy as np
import pytest

from lamion.quantities import InputError, Quantity
from lamion.records import ImpedanceSpectrum
from lamion.synthetic.blocking_cell import with_noise
from lamion.techniques.impedance.circuit_parameters import circuit_parameters
from lamion.techniques.impedance.series import Resistances, activation_of_resistance, growth, resistance_series

F = np.geomspace(1e5, 0.1, 61)


def spectra(pairs, noise=0.005):
    """Return cells of 10 ohm with two arcs of the given resistances."""
    s = 2j * np.pi * F
    found = []
    for seed, (r1, r2) in enumerate(pairs):
        clean = 10 + r1 / (1 + (s * r1 * 1e-6) ** 0.9) + r2 / (1 + (s * r2 * 1e-3) ** 0.9)
        found.append(ImpedanceSpectrum(F, with_noise(clean, noise, np.random.default_rng(seed))))
    return found


def test_each_arc_has_its_own_activation_energy():
    """0.35 and 0.60 eV, from 25 to 55 degC."""
    T = np.array([298.15, 308.15, 318.15, 328.15])
    shift = (1 / T - 1 / 298.15) / 8.617333262e-5
    answer = circuit_parameters(
        spectra(zip(50 * np.exp(0.35 * shift), 200 * np.exp(0.60 * shift), strict=True)), "R0-p(R1,CPE1)-p(R2,CPE2)"
    )
    read = resistance_series(answer, "temperature", [Quantity(t, None, "K") for t in T])
    for name, truth in {"R1": 0.35, "R2": 0.60}.items():
        found = read.results[f"{name}.activation_energy"]
        assert found.value == pytest.approx(truth, abs=4 * found.std)
        assert found.std < 0.01
    assert read.series["Temperature / K"] == T.tolist()


@pytest.mark.parametrize(("law", "power"), [("parabolic", 0.5), ("linear", 1.0)])
def test_growth_is_recognised(law, power):
    hours = np.array([0.0, 10.0, 20.0, 50.0, 100.0])
    answer = circuit_parameters(spectra([(50.0, 100.0 + 5.0 * t**power) for t in hours]), "R0-p(R1,CPE1)-p(R2,CPE2)")
    read = resistance_series(answer, "time", [Quantity(t, None, "h") for t in hours])
    assert read.notes["R2.growth_law"] == law
    assert read.results["R2.growth"].value == pytest.approx(5.0, abs=4 * read.results["R2.growth"].std)
    assert read.notes["R1.growth_law"] == "constant"


def test_the_minimum_with_charge():
    soc = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
    answer = circuit_parameters(
        spectra([(50.0, 100.0 + 200.0 * (x - 0.5) ** 2) for x in soc]), "R0-p(R1,CPE1)-p(R2,CPE2)"
    )
    read = resistance_series(answer, "soc", [Quantity(x, None, "1") for x in soc])
    assert read.results["R2.soc_of_minimum"].value == 0.5


def test_coverage_of_the_activation_energy():
    """Seven temperatures, 1 % noise known: 68 % of the intervals hold the truth."""
    T, truth = np.linspace(293.15, 353.15, 7), 0.5
    clean = 100 * np.exp(truth / 8.617333262e-5 * (1 / T - 1 / 298.15))
    random = np.random.default_rng(5)
    hits = []
    for _ in range(400):
        values = clean * (1 + 0.01 * random.standard_normal(len(T)))
        found = activation_of_resistance(T, Resistances("R1", "ohm", values, 0.01 * values))
        hits.append(abs(found.value - truth) <= found.std)
    assert np.mean(hits) == pytest.approx(0.683, abs=0.07)


def test_one_value_for_each_spectrum():
    answer = circuit_parameters(spectra([(50.0, 100.0)] * 3), "R0-p(R1,CPE1)-p(R2,CPE2)")
    with pytest.raises(InputError, match="3 spectra and 2 values of the time"):
        resistance_series(answer, "time", [Quantity(0.0, None, "h"), Quantity(1.0, None, "h")])


def test_constant_growth_has_no_rate():
    hours = np.arange(5.0) * 3600
    values = np.array([20.1, 19.9, 20.0, 20.1, 19.9])
    found = growth(hours, Resistances("R1", "ohm", values, np.full(5, 0.1)))
    assert (found.law, found.rate.value) == ("constant", 0.0)
