"""`lamion simulate symmetric`."""

import csv

import pytest

FILM = ("--thickness", "9 um", "--conductivity", "1.366e-3 S/cm", "--transference", 0.81, "--concentration", "2 mol/L")
TEST = ("--rct", "24.5 ohm cm2", "--current", "0.4 mA/cm2", "--temperature", "55 degC")
NAMES = ("ohmic", "charge_transfer", "charge_transfer_linear", "concentration", "overpotential", "unexplained")


def test_the_verb(lamion, tmp_path):
    out, table = tmp_path / "budget.png", tmp_path / "budget.csv"
    words = ("--rct-convention", "cell", "--measured", "42 mV", "--json", "--figure", out, "--csv", table)
    said = lamion("simulate", "symmetric", *FILM, *TEST, *words)
    assert said.status == 0
    results = said.json["results"]
    assert set(NAMES) <= set(results)
    assert {results[name]["unit"] for name in NAMES} == {"mV"}
    assert results["unexplained"]["value"] == pytest.approx(31.9, abs=0.1)
    assert out.read_bytes().startswith(b"\x89PNG")
    rows = list(csv.reader(table.read_text().splitlines()))
    assert [row[0] for row in rows] == ["Convention", "cell", "interface"]


def test_without_a_measured_value_nothing_is_unexplained(lamion):
    said = lamion("simulate", "symmetric", *FILM, *TEST, "--json")
    assert "unexplained" not in said.json["results"]
    assert said.json["results"]["overpotential"]["uncertainty"] > 2
    assert "--rct-convention" in said.json["warnings"][0]


@pytest.mark.parametrize(
    ("extra", "result"),
    [(("--half-cycle", "1 h"), "overpotential.last"), (("--staircase", "0.2 mA/cm2", "0.4 mA/cm2"), "largest_carried")],
)
def test_in_time(lamion, tmp_path, extra, result):
    out = tmp_path / "a.svg"
    said = lamion("simulate", "symmetric", *FILM, *TEST, "--half-cycle", "1 h", *extra, "--json", "--figure", out)
    assert said.status == 0
    assert result in said.json["results"]
    assert out.read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (("--current", "200 mA/cm2"), "is not below the limiting current"),
        (("--rct", "24.5"), "has no unit"),
        (("--staircase", "0.2 mA/cm2"), "The staircase has no time"),
        (("--half-cycle", "1 h", "--cycles", 0), "number of cycles is 0"),
        (("--rct-convention", "both"), "cannot be 'both'"),
        (("--cycles", 3), "The cycles have no time"),
        (("--half-cycle", "1 h", "--measured", "42 mV"), "Measured and half cycle were both given"),
        (("--half-cycle", "1 h", "--time", "60 s"), "Time and half cycle were both given"),
        (("--half-cycle", "1e300 h"), "The half cycle is"),
        (("--half-cycle", "1e30 h", "--staircase", "0.2 mA/cm2"), "The half cycle is"),
        (("--transference", "1e-320", "--half-cycle", "1 h"), "The transference is"),
        (("--thickness", "5 ± 1e308 um"), "An uncertainty is larger"),
        (("--temperature", "55 C"), "degC"),
    ],
)
def test_the_verb_refuses(lamion, extra, words):
    said = lamion("simulate", "symmetric", *FILM, *TEST, *extra)
    assert said.status == 2
    assert words in said.err
    assert said.err.count("\n") == 1
