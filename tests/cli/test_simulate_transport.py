"""`lamion simulate transport` as its contract says, with reference numbers computed by hand."""

import csv

import numpy as np
import pytest
from scipy.io import netcdf_file

NAMES = {
    "concentration_drop": "mol/m3",
    "steady_fraction": "1",
    "time_to_99_percent": "s",
    "limiting_current": "mA/cm2",
    "depletion_time": "s",
    "voltage": "mV",
    "potential_drop": "mV",
}
LSE = {
    "--thickness": "9 um",
    "--conductivity": "5.62e-4 S/cm",
    "--transference": "0.78",
    "--concentration": "2 mol/L",
    "--current": "1.2 mA/cm2",
    "--time": "60 s",
}
CONTRAST = {**LSE, "--thickness": "100 um", "--conductivity": "8.92e-5 S/cm", "--transference": "0.35"}


def words(options, **changed):
    merged = {**options, **{"--" + name.replace("_", "-"): value for name, value in changed.items()}}
    return [word for pair in merged.items() for word in pair]


def simulate(lamion, options, **changed):
    said = lamion("simulate", "transport", "--json", "--cells", "40", *words(options, **changed))
    assert said.status == 0, said.err
    assert {name: item["unit"] for name, item in said.json["results"].items()} == NAMES
    return {name: item["value"] for name, item in said.json["results"].items()}


def test_thin_film(lamion):
    results = simulate(lamion, LSE)
    assert results["concentration_drop"] == pytest.approx(95.89, rel=5e-4)
    assert results["steady_fraction"] == pytest.approx(1.0)
    assert results["limiting_current"] == pytest.approx(50.1, abs=0.05)
    assert results["time_to_99_percent"] == pytest.approx(14.0, abs=0.1)
    assert results["depletion_time"] is None
    assert results["voltage"] == pytest.approx(2.464, rel=1e-3)
    assert results["potential_drop"] == pytest.approx(1.232, rel=1e-3)


def test_thick_film_before_it_is_depleted(lamion):
    results = simulate(lamion, CONTRAST)
    assert results["concentration_drop"] == pytest.approx(1922, rel=5e-4)
    assert results["steady_fraction"] == pytest.approx(0.129, abs=5e-4)
    assert results["depletion_time"] == pytest.approx(259.8, rel=2e-3)
    assert results["time_to_99_percent"] is None


def test_above_the_limiting_current_it_warns(lamion):
    said = lamion("simulate", "transport", "--json", *words(CONTRAST))
    assert "limiting current" in said.json["warnings"][0]
    assert "259.8 s" in said.json["warnings"][0]


@pytest.mark.parametrize(
    ("current", "voltage", "drop"), [("0.12 mA/cm2", 40.40, 20.198), ("0.24 mA/cm2", 99.53, 49.763)]
)
def test_steady_voltages(lamion, current, voltage, drop):
    results = simulate(lamion, CONTRAST, current=current, time="12 h")
    assert results["voltage"] == pytest.approx(voltage, rel=1e-3)
    assert results["potential_drop"] == pytest.approx(drop, rel=1e-3)


def test_charge_transfer_is_part_of_the_voltage_alone(lamion):
    """The salt of so thin a film hardly moves, nor does the exchange current with it."""
    plain = simulate(lamion, LSE)
    cell, interface = (
        simulate(lamion, LSE, rct="24.5 ohm cm2", rct_convention=convention) for convention in ("cell", "interface")
    )
    thermal = 8.314462618 * 298.15 / 96485.33212
    assert cell["voltage"] - plain["voltage"] == pytest.approx(
        4e3 * thermal * np.arcsinh(12 * 12.25e-4 / 2 / thermal), rel=1e-3
    )
    assert interface["voltage"] - plain["voltage"] == pytest.approx(
        4e3 * thermal * np.arcsinh(12 * 24.5e-4 / 2 / thermal), rel=1e-3
    )
    assert cell["potential_drop"] == pytest.approx(plain["potential_drop"])


def test_uncertainties_are_propagated(lamion):
    """The drop goes as L/(sigma t+) by Nernst and Einstein."""
    said = lamion("simulate", "transport", "--json", *words(LSE, thickness="9 ± 0.3 um", transference="0.78 ± 0.02"))
    drop = said.json["results"]["concentration_drop"]
    assert drop["uncertainty"] / drop["value"] == pytest.approx(np.hypot(0.3 / 9, 0.02 / 0.78), rel=1e-3)


def test_a_single_ion_conductor_has_ohms_law_alone(lamion):
    results = simulate(lamion, LSE, transference="1")
    assert results["concentration_drop"] == 0
    assert results["voltage"] == results["potential_drop"] == pytest.approx(1.922, rel=1e-3)
    assert results["limiting_current"] is None


def test_profile_fields_and_figure_are_written(lamion, tmp_path):
    table, fields, picture = tmp_path / "p.csv", tmp_path / "f.nc", tmp_path / "f.png"
    files = ["--csv", table, "--fields", fields, "--figure", picture]
    said = lamion("simulate", "transport", "--cells", "20", "--width", "12 um", *words(LSE), *files)
    assert said.status == 0, said.err
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert set(rows[0]) == {"Position / um", "Concentration / mol/m3", "Reference Potential / mV"}
    assert len(rows) == 20
    assert picture.read_bytes()[:4] == b"\x89PNG"
    with netcdf_file(fields, mmap=False) as file:
        c = file.variables["concentration"]
        assert c.dimensions == ("time", "y", "x")
        assert c.units == b"mol m-3"
        assert c[-1, :, 3] == pytest.approx([float(row["Concentration / mol/m3"]) for row in rows])
        assert file.variables["time"][-1] == 60.0
        assert np.mean(c[0]) == pytest.approx(2000.0)
    again = tmp_path / "again.nc"
    lamion("simulate", "transport", "--cells", "20", "--width", "12 um", *words(LSE), "--fields", again)
    assert again.read_bytes() == fields.read_bytes()


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"thickness": "-9 um"}, "-9 um"),
        ({"conductivity": "0 S/cm"}, "0 S/cm"),
        ({"transference": "1.2"}, "1.2"),
        ({"transference": "-0.1"}, "-0.1"),
        ({"time": "300 s"}, "259.8 s"),
        ({"cells": "1e9"}, "1e+09"),
        ({"cells": "100000", "dimension": "3"}, "1e+15"),
        ({"cells": "200", "dimension": "3"}, "8e+06"),
        ({"dimension": "4"}, "4"),
        ({"current": "nan mA/cm2"}, "nan"),
        ({"temperature": "25 C"}, "degC"),
        ({"thermodynamic_factor": "0"}, "0"),
        ({"thickness": "1e300 m"}, "The thickness is 1e300 m"),
        ({"thickness": "1e-300 m"}, "1e-300 m"),
        ({"temperature": "1e9 K"}, "The temperature is 1e9 K"),
        ({"time": "1e30 s"}, "The time is 1e30 s"),
        ({"width": "1 um", "dimension": "1"}, "no width"),
    ],
)
def test_nonsense_is_refused_with_the_number(lamion, changed, number):
    said = lamion("simulate", "transport", *words(CONTRAST, **changed))
    assert said.status == 2
    assert number in said.err
    assert len(said.err.strip().splitlines()) == 1


def test_an_uncertain_number_of_one_is_warned_of(lamion):
    said = lamion("simulate", "transport", *words(LSE, transference="1.00 ± 0.05"), "--json")
    assert "exactly 1" in said.json["warnings"][0]
    sure = lamion("simulate", "transport", *words(LSE, transference="1"), "--json")
    assert sure.json["warnings"] == []


def test_a_time_near_an_uncertain_depletion_is_warned_of(lamion):
    unsure = {"conductivity": "8.92(50)e-5 S/cm", "cells": "20"}
    near = lamion("simulate", "transport", *words(CONTRAST, **unsure, time="255 s"), "--json")
    assert "two standard uncertainties" in near.json["warnings"][0]
    early = lamion("simulate", "transport", *words(CONTRAST, **unsure, time="60 s"), "--json")
    assert len(early.json["warnings"]) == 1


def test_a_law_is_drawn(lamion, tmp_path):
    film = {"--thickness": "50 um", "--concentration": "1 mol/L", "--current": "0.2 mA/cm2", "--time": "60 s"}
    drawn = tmp_path / "a.png"
    said = lamion("simulate", "transport", "--law", "litfsi-peo", *words(film, cells="20"), "--figure", drawn)
    assert said.status == 0
    assert drawn.exists()


def test_laws_of_concentration(lamion):
    """At the end the drop is that of the quadrature, and the time to 99 % lies near the dilute 4.4 L2/(pi2 D)."""
    options = {"--law": "litfsi-peo", "--thickness": "50 um", "--concentration": "1 mol/L", "--current": "0.2 mA/cm2"}
    results = simulate(lamion, {**options, "--time": "1 h"})
    assert results["concentration_drop"] == pytest.approx(147.5, rel=1e-3)
    assert results["steady_fraction"] == pytest.approx(1.0, abs=1e-3)
    assert results["time_to_99_percent"] == pytest.approx(4.4 * 50e-6**2 / (np.pi**2 * 5.32e-12), rel=0.1)
    assert results["depletion_time"] is None
    beside = lamion("simulate", "transport", *words({**options, "--time": "1 h", "--transference": "0.3"}))
    assert beside.status == 2
    assert "The transference is given beside a law" in beside.err
    unknown = lamion("simulate", "transport", *words({**options, "--time": "1 h", "--law": "water"}))
    assert unknown.status == 2
    assert "litfsi-peo" in unknown.err
    missing = lamion("simulate", "transport", *words({name: LSE[name] for name in LSE if name != "--conductivity"}))
    assert missing.status == 2
    assert "The conductivity is missing" in missing.err
