"""The closed form against the long series, Sand's equation and reference numbers computed by hand."""

import math

import numpy as np
import pytest

from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import InputError

LSE = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15)
CONTRAST = {t: UniformFilm(1e-4, 8.92e-3, t, 2000.0, 298.15) for t in (0.30, 0.35, 0.40)}
ONE_C = 12.0


def test_nernst_einstein():
    assert LSE.ion_diffusivities == pytest.approx(7.48e-12, rel=1e-3)
    assert LSE.salt_diffusivity == pytest.approx(2.57e-12, rel=1e-3)
    assert LSE.time_constant == pytest.approx(3.20, abs=0.005)
    assert LSE.limiting_current == pytest.approx(501, rel=1e-3)


@pytest.mark.parametrize(
    ("t", "diffusivity", "tau", "share", "limit"),
    [
        (0.30, 4.99e-13, 2031, 0.123, 0.275),
        (0.35, 5.40e-13, 1875, 0.129, 0.321),
        (0.40, 5.70e-13, 1777, 0.132, 0.367),
    ],
)
def test_thick_film(t, diffusivity, tau, share, limit):
    film = CONTRAST[t]
    assert film.salt_diffusivity == pytest.approx(diffusivity, rel=1.5e-3)
    assert film.time_constant == pytest.approx(tau, rel=3e-4)
    assert film.steady_fraction(60.0) == pytest.approx(share, abs=6e-4)
    assert film.limiting_current / 10 == pytest.approx(limit, abs=6e-4)


@pytest.mark.parametrize(("rate", "thin", "thick"), [(0.1, 9.589, 192.2), (0.4, 38.36, 769.0), (1.0, 95.89, 1922.4)])
def test_drops(rate, thin, thick):
    assert LSE.drop(60.0, rate * ONE_C) == pytest.approx(thin, rel=5e-4)
    assert CONTRAST[0.35].drop(60.0, rate * ONE_C) == pytest.approx(thick, rel=5e-4)


@pytest.mark.parametrize(("rate", "time"), [(0.4, 1676.0), (0.6, 721.9), (0.8, 405.9), (1.0, 259.8)])
def test_depletion(rate, time):
    film = CONTRAST[0.35]
    assert film.depletion_time(rate * ONE_C) == pytest.approx(time, rel=2e-3)
    assert film.depletion_time(-rate * ONE_C) == film.depletion_time(rate * ONE_C)
    assert film.concentration_at(film.thickness, film.depletion_time(rate * ONE_C), rate * ONE_C) == pytest.approx(
        0.0, abs=1e-6
    )


def test_sand():
    film = CONTRAST[0.35]
    assert film.sand_time(0.4 * ONE_C) == pytest.approx(1624, rel=1e-3)
    assert film.depletion_time(3 * ONE_C) == pytest.approx(film.sand_time(3 * ONE_C), rel=1e-6)


@pytest.mark.parametrize(
    ("film", "rate", "voltage", "electrostatic"),
    [
        (LSE, 1.0, 2.464e-3, 1.232e-3),
        (CONTRAST[0.35], 0.1, 40.40e-3, 20.198e-3),
        (CONTRAST[0.35], 0.2, 99.53e-3, 49.763e-3),
    ],
)
def test_voltages(film, rate, voltage, electrostatic):
    assert film.steady_voltage(rate * ONE_C) == pytest.approx(voltage, rel=1e-3)
    assert film.steady_potential_drop(rate * ONE_C) == pytest.approx(electrostatic, rel=1e-3)
    assert film.voltage(30 * film.time_constant, rate * ONE_C) == pytest.approx(film.steady_voltage(rate * ONE_C))
    assert film.potential_drop(30 * film.time_constant, rate * ONE_C) == pytest.approx(
        film.steady_potential_drop(rate * ONE_C)
    )


def test_voltage_begins_ohmic_and_tends_to_the_cations_resistance():
    assert LSE.voltage(0.0, ONE_C) == pytest.approx(1.922e-3, rel=1e-3)
    assert LSE.steady_voltage(1e-6) == pytest.approx(1e-6 * LSE.thickness / (0.78 * LSE.conductivity))
    stiff = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 298.15, thermodynamic_factor=2.5)
    assert stiff.steady_voltage(1e-6) == pytest.approx(1e-6 * LSE.thickness / (0.78 * LSE.conductivity))


@pytest.mark.parametrize("reduced", [1e-4, 1e-2, 0.029, 0.0301, 0.2, 3.0])
def test_the_sum_over_images_is_the_series(reduced):
    film = CONTRAST[0.35]
    t = reduced * film.thickness**2 / film.salt_diffusivity
    y = np.linspace(0, film.thickness, 33)
    odd = np.arange(1, 4001, 2)
    modes = 4 * film.thickness / (odd * math.pi) ** 2 * np.exp(-(odd**2) * t / film.time_constant)
    gradient = -(1 - 0.35) * 0.5 / (96485.33212 * film.salt_diffusivity)
    straight = y - film.thickness / 2
    series = 2000 + gradient * (straight + np.cos(math.pi * np.outer(y / film.thickness, odd)) @ modes)
    assert film.concentration_at(y, t, 0.5) == pytest.approx(series, rel=1e-9)


@pytest.mark.parametrize("fraction", [1e-6, 0.1, 0.39, 0.392, 0.99, 1 - 1e-9])
def test_time_to_a_share(fraction):
    assert LSE.steady_fraction(LSE.time_to(fraction)) == pytest.approx(fraction, rel=1e-9)


def test_what_is_never_reached():
    assert LSE.time_to(1.0) == math.inf
    assert LSE.depletion_time(ONE_C) == math.inf
    assert LSE.depletion_time(0.0) == math.inf


def test_just_below_and_above_the_limit():
    film = CONTRAST[0.35]
    assert film.steady_voltage(0.99 * film.limiting_current) > 0
    assert film.drop(film.depletion_time(ONE_C), ONE_C) == pytest.approx(2 * film.concentration)
    with pytest.raises(InputError, match=r"0\.3208 mA/cm2"):
        film.steady_voltage(1.01 * film.limiting_current)
    for refused in (film.drop, film.voltage, film.potential_drop):
        with pytest.raises(InputError, match=r"259\.8 s"):
            refused(260.0, ONE_C)


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"thickness": -9e-6}, "-9e-06 m"),
        ({"conductivity": 0.0}, "0 S/m"),
        ({"concentration": math.nan}, "nan mol/m3"),
        ({"temperature": math.inf}, "inf K"),
        ({"transference": 1.2}, "1.2"),
        ({"transference": 0.0}, "0"),
        ({"transference": 1.0, "diffusivity": 1e-12}, "1;"),
        ({"diffusivity": -1e-12}, "-1e-12"),
        ({"thermodynamic_factor": 0.0}, "0"),
    ],
)
def test_nonsense_is_refused(changed, number):
    film = {
        "thickness": 9e-6,
        "conductivity": 5.62e-2,
        "transference": 0.78,
        "concentration": 2000.0,
        "temperature": 298.15,
    }
    with pytest.raises(InputError, match=number):
        UniformFilm(**{**film, **changed})


def test_a_negative_transference_number_needs_a_diffusivity():
    film = UniformFilm(1e-4, 1e-2, -0.4, 1000.0, 358.0, diffusivity=5e-12)
    assert film.steady_drop(1.0) == pytest.approx(1.4 * 1e-4 / (96485.33212 * 5e-12))
