"""The closed form of the impedance against its limits, the step response and the impedance analysis."""

import json

import numpy as np
import pytest

from lamion.cli.main import main
from lamion.models.transport.film_impedance import (
    FilmAtRest,
    Interface,
    diffusion_resistance,
    film_impedance,
    film_impedance_raw,
    film_spectrum,
)
from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import InputError, Quantity
from lamion.techniques.impedance.circuit_parameters import circuit_parameters

FILM = UniformFilm(1e-4, 8.92e-3, 0.35, 2000.0, 298.15)
CONCENTRATED = UniformFilm(1e-4, 8.92e-3, -0.2, 2000.0, 358.15, diffusivity=4e-12, thermodynamic_factor=2.5)
INTERFACE = Interface(12e-4, 0.1)


@pytest.mark.parametrize("film", [FILM, CONCENTRATED])
def test_limits(film):
    """Steady: the slope of the steady voltage; fast: ohmic; between: Warburg's forty-five degrees."""
    low, high = film_impedance_raw(film, [1e-9, 1e9])
    assert low.real == pytest.approx(film.steady_voltage(1e-6) / 1e-6, rel=1e-9)
    assert high.real == pytest.approx(film.ohmic_resistance, rel=1e-4)
    warburg = film_impedance_raw(film, [1.0])[0] - film.ohmic_resistance
    assert np.angle(warburg, deg=True) == pytest.approx(-45, abs=1e-6)


def test_against_the_response_to_a_step_of_current():
    """The voltage after a small step is the inverse transform of Z/s; here by Talbot's contour."""
    time, current = 300.0, 1e-5
    count = 32
    angle = (2 * np.arange(count) + 1) * np.pi / count - np.pi
    s = count / time * (0.5017 * angle / np.tan(0.6407 * angle) - 0.6122 + 0.2645j * angle)
    slope = (
        count
        / time
        * (0.5017 / np.tan(0.6407 * angle) - 0.5017 * 0.6407 * angle / np.sin(0.6407 * angle) ** 2 + 0.2645j)
    )
    root = np.sqrt(s * FILM.thickness**2 / (4 * FILM.salt_diffusivity))
    impedance = FILM.ohmic_resistance + diffusion_resistance(FILM) * np.tanh(root) / root
    voltage = (np.exp(s * time) * impedance / s * slope).sum() / (1j * count) * current
    assert FILM.voltage(time, current) == pytest.approx(voltage.real, rel=1e-7)


def test_the_analysis_returns_what_was_put_in():
    frequency = np.geomspace(1e5, 1e-6, 111)
    spectrum = film_spectrum(FILM, frequency, 2e-4, interfaces=(INTERFACE, INTERFACE))
    results = circuit_parameters([spectrum], "R0-p(R1,C1)-Ws1").results
    assert results["R0"].value == pytest.approx(FILM.ohmic_resistance / 2e-4, rel=1e-6)
    assert results["R1"].value == pytest.approx(2 * INTERFACE.resistance / 2e-4, rel=1e-6)
    assert results["C1"].value == pytest.approx(INTERFACE.capacitance * 2e-4 / 2, rel=1e-6)
    diffusivity = FILM.thickness**2 / (4 * results["Ws1.tau"].value)
    assert diffusivity == pytest.approx(FILM.salt_diffusivity, rel=1e-6)
    fraction = results["R0"].value / (results["R0"].value + results["Ws1.R"].value)
    assert fraction == pytest.approx(FILM.transference, rel=1e-6)


def test_the_bulk_shows_its_arc():
    spectrum = film_spectrum(FILM, np.geomspace(1e9, 1e3, 61), 1e-4, relative_permittivity=10.0)
    results = circuit_parameters([spectrum], "p(R1,C1)").results
    assert results["R1"].value == pytest.approx(FILM.ohmic_resistance * 1e4, rel=1e-3)
    assert results["C1"].value == pytest.approx(10 * 8.8542e-12 / FILM.thickness * 1e-4, rel=1e-3)


def test_answer_propagates_and_warns():
    given = ((100, 1, "um"), (8.92e-5, 1e-6, "S/cm"), (0.35, 0.02, "1"), (2, None, "mol/L"), (25, None, "degC"))
    cell = FilmAtRest(
        *(Quantity(*q) for q in given), area=Quantity(1.0, 0.01, "cm2"), rct=Quantity(12.0, 0.5, "ohm cm2")
    )
    answer = film_impedance(cell)
    bulk = answer.results["bulk_resistance"]
    assert bulk.std / bulk.value == pytest.approx(np.sqrt(2e-4 + (1 / 89.2) ** 2), rel=1e-3)
    assert answer.results["current_fraction"].std == pytest.approx(0.02, rel=1e-3)
    assert not answer.warnings
    slow = FilmAtRest(
        *(Quantity(*q) for q in given), area=cell.area, rct=cell.rct, double_layer=Quantity(1, None, "F/m2")
    )
    assert not film_impedance(slow).warnings
    thin = FilmAtRest(
        Quantity(1, None, "um"), *(Quantity(*q) for q in given[1:]), area=cell.area, rct=Quantity(1e4, None, "ohm cm2"),
        double_layer=Quantity(1, None, "F/m2"),
    )  # fmt: skip
    assert "charge transfer" in film_impedance(thin).warnings[0]


COMMAND = [
    *("simulate", "impedance", "--transference", "0.78", "--thickness", "9 um"),
    *("--concentration", "2 mol/L", "--conductivity", "5.62e-4 S/cm"),
]


def test_the_command_line_closes_the_loop(tmp_path, capsys):
    file = tmp_path / "cell.csv"
    assert main([*COMMAND, "--rct", "24.5 ohm cm2", "--csv", str(file)]) == 0
    assert main(["analyze", "impedance", str(file), "--circuit", "R0-p(R1,C1)-Ws1", "--json"]) == 0
    results = json.loads(capsys.readouterr().out.splitlines()[-1])["results"]
    assert results["R1"]["value"] == pytest.approx(24.5, rel=1e-6)
    assert results["Ws1.R"]["value"] == pytest.approx(0.451684, rel=1e-5)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--rct=-3 ohm cm2"], "-3"),
        (["--thickness", "-9 um"], "-9"),
        (["--transference", "1.2"], "1.2"),
        (["--fmin", "1 Hz"], "without the other"),
        (["--fmin", "10 Hz", "--fmax", "1 Hz"], "10 Hz"),
    ],
)
def test_the_command_line_refuses(more, said, capsys):
    assert main([*COMMAND, *more]) == 2
    assert said in capsys.readouterr().err


def test_refusals():
    with pytest.raises(InputError, match="frequency"):
        film_impedance_raw(FILM, [0.0])
    with pytest.raises(InputError, match="permittivity is -1"):
        film_impedance_raw(FILM, [1.0], relative_permittivity=-1)
    with pytest.raises(InputError, match="area is 0"):
        film_spectrum(FILM, [1.0], 0.0)
    with pytest.raises(InputError, match="exponent is 2"):
        Interface(1.0, 1.0, 2.0)
