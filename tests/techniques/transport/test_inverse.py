"""Properties from records: against the truth that made them, and how often the intervals cover it."""

import json

import numpy as np
import pytest

from lamion.cli.main import main
from lamion.models.transport.cell_response import hold, relaxed_voltage
from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import InputError, Quantity
from lamion.records.impedance import ImpedanceSpectrum
from lamion.records.measurements import CurrentTransient, VoltageTransient
from lamion.synthetic.polarisation import PolarisedCell, polarisation, relaxation, spectrum
from lamion.techniques.transport.inverse import Measurement, fit_cell
from lamion.techniques.transport.polarisation import CellConditions, transport_properties

FILM = UniformFilm(1e-4, 8.92e-3, 0.35, 2000.0, 298.15)
CELL = PolarisedCell(FILM.ohmic_resistance * 1e4, 20.0, 0.35, FILM.thickness**2 / FILM.salt_diffusivity)
TAU = FILM.time_constant
TRUTH = {"conductivity": 8.92e-5, "diffusivity": 1e4 * FILM.salt_diffusivity, "transference": 0.35}


def facts(**std):
    given = {"thickness": "100 um", "area": "1 cm2", "concentration": "2 mol/L", "temperature": "25 degC"}
    quantities = {name: text.split(" ") for name, text in given.items()}
    made = {name: Quantity(float(value), std.get(name), unit) for name, (value, unit) in quantities.items()}
    return CellConditions(**made, thermodynamic_factor=Quantity(1.0, std.get("thermodynamic_factor"), "1"))


def records(seed, noise=1.0):
    times, after = np.linspace(20, 6 * TAU, 100), np.linspace(20, 4 * TAU, 60)
    start = CELL.newman_number * CELL.bulk_resistance * CELL.steady_current(0.01)
    return Measurement(
        polarisation(CELL, 0.01, times, noise=0.005 * noise, seed=seed),
        spectrum(CELL, np.geomspace(1e5, 0.1, 40), noise=0.01 * noise, seed=10_000 + seed),
        relaxation(CELL.diffusion_time, start, after, noise=2e-5 * noise, seed=20_000 + seed),
    )


def test_the_response_in_time_is_the_exact_one():
    """Against the eigenvalue equation's roots at a held voltage, the series at a held current and at open circuit."""
    times = np.geomspace(1e-3, 6.0, 60) * TAU
    resistance, diffusion = CELL.bulk_resistance + 20.0, CELL.newman_number * CELL.bulk_resistance
    held = hold("voltage", 0.01, times, resistance, diffusion, 1 / CELL.diffusion_time)
    assert held.current == pytest.approx(CELL.current(0.01, times), rel=2e-4)
    small = hold("current", 1e-9, times, resistance, diffusion, 1 / CELL.diffusion_time)
    exact = [FILM.voltage(t, 1e-5) + 1e-9 * 20.0 for t in times]
    assert small.voltage == pytest.approx(exact, rel=2e-4)
    left = hold("current", 1e-5, np.array([1e3 * TAU]), resistance, diffusion, 1 / CELL.diffusion_time).modes
    decay = relaxation(CELL.diffusion_time, diffusion * 1e-5, times).voltage
    assert relaxed_voltage(times, diffusion, 1 / CELL.diffusion_time, left) == pytest.approx(decay, rel=1e-3, abs=1e-9)


def test_records_without_noise_return_the_truth():
    answer = transport_properties(records(0, noise=1e-5), facts())
    for name, value in TRUTH.items():
        assert answer.results[name].value == pytest.approx(value, rel=1e-3), name
    assert answer.notes["not_identifiable"] == []


def test_a_held_current_serves_as_well():
    times = np.linspace(20, 6 * TAU, 100)
    held = hold(
        "current", 1e-5, times, CELL.bulk_resistance + 20.0, CELL.newman_number * CELL.bulk_resistance,
        1 / CELL.diffusion_time,
    )  # fmt: skip
    rng = np.random.default_rng(3)
    record = CurrentTransient(times, held.current, held.voltage * (1 + 0.002 * rng.standard_normal(100)))
    answer = transport_properties(Measurement(record, records(1).spectrum), facts())
    assert answer.notes["imposed"] == "current"
    for name, value in TRUTH.items():
        assert abs(answer.results[name].value - value) < 3.5 * answer.results[name].std, name


def test_what_is_not_known_about_the_cell_widens_the_answer():
    known = transport_properties(records(2), facts()).results
    unsure = transport_properties(records(2), facts(thickness=5.0, concentration=0.1)).results
    assert unsure["diffusivity"].std / unsure["diffusivity"].value == pytest.approx(0.1, rel=0.03)
    anion = 1 - known["transference"].value
    assert unsure["transference"].std == pytest.approx(anion * np.hypot(0.05, 0.05) / 2, rel=0.05)
    assert unsure["conductivity"].std > known["conductivity"].std


def test_what_the_data_do_not_hold_is_not_made_up():
    """A film that has reached its steady state before the first sample shows R_D, and nothing of D."""
    cell = PolarisedCell(1.6, 24.5, 0.78, diffusion_time=1.0)
    steady = polarisation(cell, 0.01, np.linspace(50.0, 600.0, 60), noise=0.002, seed=1)
    answer = transport_properties(
        Measurement(steady, spectrum(cell, np.geomspace(1e5, 1e3, 30), noise=0.01, seed=2)), facts()
    )
    assert "conductivity" in answer.results
    assert "diffusivity" in answer.notes["not_identifiable"]
    assert "diffusivity" not in answer.results
    assert any("do not determine the diffusivity" in text for text in answer.warnings)
    low, high = answer.notes["bounds"]["diffusivity"]
    assert high is None
    assert low is None or low < 1e4 * FILM.thickness**2


def covered(seeds):
    hits = {name: [0, 0] for name in TRUTH}
    for seed in seeds:
        results = transport_properties(records(seed), facts()).results
        for name, value in TRUTH.items():
            quantity = results[name]
            low, high = quantity.interval or (quantity.value - quantity.std, quantity.value + quantity.std)
            hits[name][0] += low <= value <= high
            hits[name][1] += abs(quantity.value - value) <= 1.96 * quantity.std
    return {name: (one / len(seeds), two / len(seeds)) for name, (one, two) in hits.items()}


def test_intervals_cover_the_truth():
    """60 seeds here, with the width that a binomial count of them has; 400 in the slow run."""
    for name, (one, two) in covered(range(60)).items():
        assert one == pytest.approx(0.683, abs=0.16), name
        assert two > 0.88, name


@pytest.mark.slow
def test_intervals_cover_the_truth_400_seeds():
    for name, (one, two) in covered(range(400)).items():
        assert one == pytest.approx(0.683, abs=0.07), name
        assert two == pytest.approx(0.95, abs=0.03), name


def test_the_command_line(tmp_path, capsys):
    measured = records(5)
    for name, record in (
        ("dc", measured.polarisation), ("spectrum", measured.spectrum), ("relaxation", measured.relaxation)
    ):  # fmt: skip
        columns = record.columns()
        rows = [",".join(columns), *(",".join(map(repr, row)) for row in zip(*columns.values(), strict=True))]
        (tmp_path / f"{name}.csv").write_text("\n".join(rows) + "\n")
    files = [word for name in ("dc", "spectrum", "relaxation") for word in (f"--{name}", str(tmp_path / f"{name}.csv"))]
    cell = ["--thickness", "100 ± 1 um", "--area", "1 cm2", "--concentration", "2 mol/L"]
    figure = tmp_path / "fit.png"
    assert main(["analyze", "polarisation", *files, *cell, "--json", "--figure", str(figure)]) == 0
    results = json.loads(capsys.readouterr().out)["results"]
    assert results["transference"]["value"] == pytest.approx(0.35, abs=0.01)
    assert figure.stat().st_size > 10_000
    assert main(["analyze", "polarisation", *files, *cell[:4], "--concentration", "-2 mol/L"]) == 2
    assert "-2" in capsys.readouterr().err


def test_refusals():
    good = records(0)
    few = CurrentTransient([1.0, 2.0], [1e-5, 1e-5], [0.01, 0.01])
    with pytest.raises(InputError, match="2 points"):
        fit_cell(Measurement(few, good.spectrum))
    t = np.linspace(1, 10, 20)
    with pytest.raises(InputError, match="Neither"):
        fit_cell(Measurement(CurrentTransient(t, t * 1e-5, t * 0.01), good.spectrum))
    with pytest.raises(InputError, match="holds no voltage"):
        fit_cell(Measurement(CurrentTransient(t, t * 1e-5), good.spectrum))
    with pytest.raises(InputError, match="opposite signs"):
        fit_cell(Measurement(CurrentTransient(t, 0 * t - 1e-5, 0 * t + 0.01), good.spectrum))
    with pytest.raises(InputError, match="3 points"):
        fit_cell(Measurement(good.polarisation, ImpedanceSpectrum([3.0, 2.0, 1.0], [1, 2, 3])))
    with pytest.raises(InputError, match="relaxation has 2"):
        fit_cell(Measurement(good.polarisation, good.spectrum, VoltageTransient([0.0, 1.0], [1e-3, 1e-3])))
