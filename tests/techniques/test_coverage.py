"""How often the statistical part of an interval covers the truth, whatever noise the instrument has.

Each truth is a closed form; each draw adds noise in proportion to the value, the same everywhere, or both.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from lamion.quantities.level import LEVEL
from lamion.records.impedance import ImpedanceSpectrum
from lamion.records.measurements import CurrentTransient
from lamion.synthetic.blocking_cell import BlockingCell, sweep
from lamion.synthetic.polarisation import PolarisedCell, polarisation, relaxation, spectrum
from lamion.techniques.conduction.arrhenius_line import fit_arrhenius
from lamion.techniques.conduction.blocking_resistance import blocking_resistances
from lamion.techniques.conduction.interfacial_resistance import CellModel
from lamion.techniques.conduction.restricted_diffusion import diffusion_coefficient_raw
from lamion.techniques.conduction.temperature_fit import temperature_series
from lamion.techniques.conduction.transference import transference_from_records
from lamion.techniques.impedance.circuit import Circuit
from lamion.techniques.impedance.fit import fit_circuit
from lamion.techniques.impedance.spectra import gather

NOISES = ("proportional", "additive", "mixed")
GAS = 8.31446261815324
Draws = Callable[[str, int], np.ndarray]


def noisy(exact: np.ndarray, kind: str, share: float, random: np.random.Generator) -> np.ndarray:
    """Add noise of a share of each value, of the median value, or both."""
    size = np.abs(exact)
    std = {
        "proportional": share * size,
        "additive": np.full(size.shape, share * np.median(size)),
        "mixed": share * np.hypot(size, np.median(size)),
    }[kind]
    error = random.standard_normal((2, *exact.shape))
    return exact + std * (error[0] + 1j * error[1] if np.iscomplexobj(exact) else error[0])


def of_circuit(kind: str, seeds: int) -> np.ndarray:
    """R0 of 20 ohm before an arc R1 of 100 ohm: shape (2, seeds)."""
    circuit, truth, f = Circuit.read("R0-p(R1,CPE1)"), [20.0, 100.0, 1e-5, 0.85], np.geomspace(1e6, 0.1, 71)
    exact, random = circuit.impedance(truth, f), np.random.default_rng(1)
    fits = fit_circuit(circuit, gather(f, np.stack([noisy(exact, kind, 0.005, random) for _ in range(seeds)])))
    assert fits.logarithmic[:2].all()
    return np.asarray((np.abs(np.log(fits.values / truth)) < fits.deviations)[:, :2].T)


def of_blocking_cell(cell: BlockingCell) -> Draws:
    """The electrolyte's resistance, which is the only thing of its conductivity that noise moves."""

    def draw(kind: str, seeds: int) -> np.ndarray:
        f, random = sweep(), np.random.default_rng(2)
        exact = cell.impedance(f)
        found = blocking_resistances(f, [noisy(exact, kind, 0.003, random) for _ in range(seeds)])
        return np.array([[abs(one.resistance - cell.resistance) < one.fit_std for one in found]])

    return draw


def of_relaxation(kind: str, seeds: int) -> np.ndarray:
    """D of a relaxation of 5 mV between alike electrodes."""
    tau = 1e-8 / 2.57e-12
    exact, random = relaxation(tau, 5e-3, np.linspace(0.0, 8 * tau / np.pi**2, 400)), np.random.default_rng(3)
    hits = []
    for _ in range(seeds):
        found = diffusion_coefficient_raw(exact.time, noisy(exact.voltage, kind, 2e-3, random))
        hits.append(abs(found.rate - np.pi**2 / tau) < found.rate_std)
    return np.array([hits])


def of_polarisation(kind: str, seeds: int) -> np.ndarray:
    """The current fraction of a film of 100 um between two interfaces, from its three records."""
    fraction, f, random = 0.35, np.geomspace(1e5, 0.05, 49), np.random.default_rng(4)
    cell = PolarisedCell(40.0, 25.0, fraction, diffusion_time=400.0)
    dc, impedance = polarisation(cell, 0.01, np.linspace(0, 2400, 601)), spectrum(cell, f).impedance
    hits = []
    for _ in range(seeds):
        before, after = (ImpedanceSpectrum(f, noisy(impedance, kind, 0.003, random)) for _ in range(2))
        current = CurrentTransient(dc.time, noisy(dc.current, kind, 0.003, random), dc.voltage)
        answer = transference_from_records(
            current, before, after, candidates=(CellModel(1, diffusion=True, inductance=False),)
        )
        low, high = answer.results["current_fraction"].interval
        hits.append((low is None or low <= fraction) and (high is None or high >= fraction))
    return np.array([hits])


def of_temperatures(points: int, *, known: bool) -> Draws:
    """30 kJ/mol from 25 to 85 degC, a factor of eight in conductivity."""

    def draw(kind: str, seeds: int) -> np.ndarray:
        T, random = np.linspace(298.15, 358.15, points), np.random.default_rng(5)
        exact = 100.0 * np.exp(-30e3 / (GAS * T))
        size = {"proportional": exact, "additive": np.median(exact), "mixed": np.hypot(exact, np.median(exact))}[kind]
        std = 0.01 * size * np.ones(points)
        hits = []
        for _ in range(seeds):
            found = fit_arrhenius(temperature_series(T, noisy(exact, kind, 0.01, random), std if known else None))
            hits.append(abs(found.activation_energy - 30e3) < found.activation_energy_margin(LEVEL))
        return np.array([hits])

    return draw


QUICK: dict[str, Draws] = {
    "R0 and R1": of_circuit,
    "D": of_relaxation,
    "Ea, 13 temperatures": of_temperatures(13, known=False),
    "Ea, 7 temperatures, uncertainties known": of_temperatures(7, known=True),
}
LONG: dict[str, Draws] = QUICK | {
    "sigma of an arc": of_blocking_cell(BlockingCell(300.0, bulk_q=1e-8)),
    "sigma of a depressed arc": of_blocking_cell(BlockingCell(3000.0, bulk_q=2e-8, bulk_n=0.85)),
    "t+": of_polarisation,
}


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("quantity", QUICK)
def test_intervals_cover(quantity, noise):
    assert QUICK[quantity](noise, 400).mean(axis=1) == pytest.approx(LEVEL, abs=0.07)


@pytest.mark.slow
@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("quantity", LONG)
def test_intervals_cover_with_many_seeds(quantity, noise):
    assert LONG[quantity](noise, 2000).mean(axis=1) == pytest.approx(LEVEL, abs=0.04)


@pytest.mark.parametrize("noise", NOISES)
def test_few_temperatures_without_uncertainties_cover_no_less(noise):
    """Seven points cannot tell how their noise grows: what is left covers up to a tenth more where it does not."""
    assert LEVEL - 0.07 < of_temperatures(7, known=False)(noise, 400).mean() < LEVEL + 0.1
