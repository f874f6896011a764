"""What a person sees: a screen holds it, the numbers come first, what to worry about comes last."""

import re

import numpy as np
import pytest

from lamion.cli import terminal
from lamion.formats.csv_table import spectrum_text
from lamion.records import ImpedanceSpectrum
from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum, with_noise

RECIPE = ["recipe", "--eo-li", 18, "--eo-sn", 4, "--framework", 0.497, "--lidfob", 0.01]
NUMBERS = ["analyze", "transference", "--bias", "10 mV", "--i0", "0.1 mA", "--is", "0.05 mA", "--r0", "40 ohm"]
NUMBERS += ["--rs", "50 ohm"]
TRANSPORT = ["simulate", "transport", "--thickness", "9 um", "--conductivity", "5.62e-4 S/cm", "--transference", 0.78]
TRANSPORT += ["--concentration", "2 mol/L", "--current", "1.2 mA/cm2", "--time", "60 s"]
ENERGY = ["simulate", "energy", "--cathode", "lfp", "--loading", "4 mg/cm2", "--capacity", "157.8 mAh/g"]
ENERGY += ["--voltage", "3.39 V", "--electrolyte-thickness", "9 um", "--electrolyte-density", "1.30 g/cm3"]
ENERGY += ["--lithium-thickness", "25 um"]
CELL = ("--thickness", "9 ± 0.3 um", "--area", "2.01 cm2")


def rows(text):
    """Rows of a terminal of 100 columns."""
    return sum(1 + max(0, len(line) - 1) // 100 for line in text.splitlines())


def places(text, *words):
    flat = " ".join(text.split())
    found = [flat.index(" ".join(word.split())) for word in words]
    assert found == sorted(found)


def test_recipe(lamion):
    said = lamion(*RECIPE)
    assert rows(said.out) <= 16
    places(said.out, "mass_fraction.peo", "salt_concentration.guest", "0.983(35) mol/L", "pores-filled", "--details")
    assert "of all salts in what fills the framework" in said.out


def test_read_of_a_real_file(lamion, real_data):
    said = lamion("read", real_data / "impedance" / "exampleDataGamry.DTA")
    assert rows(said.out) <= 12
    places(said.out, "impedance spectrum; Gamry data file; 72 points", "Frequency", "amplitude  10 mV rms", "--details")
    assert "VCHRANGE" not in said.out
    assert "VCHRANGE" in lamion("read", real_data / "impedance" / "exampleDataGamry.DTA", "--details").out


def test_read_of_every_real_file_takes_one_screen(lamion, real_data):
    for path in sorted((real_data / "impedance").glob("*.*")):
        said = lamion("read", path)
        assert rows(said.out) <= 24, path
        assert said.status == 0 or said.err.count("\n") == 1, path


def test_read_of_many_files_takes_one_screen(lamion, tmp_path):
    names = [tmp_path / f"{seed}.csv" for seed in range(40)]
    for seed, name in enumerate(names):
        name.write_text(spectrum_text(blocking_cell_spectrum(BlockingCell(50.0), seed=seed), ["synthetic: yes"]))
    said = lamion("read", *names)
    assert rows(said.out) <= 24
    assert "40 files" in said.out
    assert "and 28 more, with --details" in said.out
    assert "The data are synthetic." in said.out


def test_conductivity_of_three_cells_says_a_common_warning_once(lamion, tmp_path):
    names = [tmp_path / f"{seed}.csv" for seed in (1, 2, 3)]
    for seed, name in enumerate(names):
        name.write_text(spectrum_text(blocking_cell_spectrum(BlockingCell(5.0), seed=seed), ["synthetic: yes"]))
    said = lamion("analyze", "conductivity", *names, *CELL)
    assert rows(said.out) <= 14
    places(said.out, "conductivity", "resistance", "R from the fit", "The data are synthetic.", "warning: 1.csv")
    assert said.out.count("Leads and contacts") == 1
    assert "Likewise: 2.csv, 3.csv." in " ".join(said.out.split())
    assert lamion("analyze", "conductivity", *names, *CELL, "--details").out.count("warning: ") == 3


def test_conductivity_of_a_real_file(lamion, real_data):
    said = lamion("analyze", "conductivity", real_data / "impedance" / "exampleDataCHInstruments.txt", *CELL)
    assert rows(said.out) <= 16
    assert said.out.startswith("conductivity ")
    assert said.out.splitlines()[-1].startswith(("warning: ", "  "))


def test_impedance_of_a_good_and_of_a_hopeless_file(lamion, real_data):
    good = lamion("analyze", "impedance", real_data / "impedance" / "Circuit1_EIS_1.z")
    assert rows(good.out) <= 12
    places(good.out, "R0", "29.095(20) ohm", "R1", "46.727(23) ohm", "the best by AICc", "0.041 % of the modulus")
    hopeless = lamion("analyze", "impedance", real_data / "impedance" / "exampleDataGamry.DTA")
    assert rows(hopeless.out) <= 24
    places(hopeless.out, "not determined", "Complex least squares", "warning: ", "not identifiable")


def test_kk(lamion, spectrum_file, real_data):
    said = lamion("analyze", "kk", real_data / "impedance" / "exampleDataGamry.DTA")
    assert rows(said.out) <= 14
    places(said.out, "residual_rms", "verdict: not valid", "reason: ", "Lin-KK")
    assert "verdict: valid" in lamion("analyze", "kk", spectrum_file).out


def test_transference_from_numbers_without_uncertainty_says_so(lamion):
    said = lamion(*NUMBERS)
    assert rows(said.out) <= 12
    places(said.out, "current_fraction", "only in an ideal, dilute electrolyte", "No uncertainty came out")
    known = lamion(*NUMBERS[:4], "--i0", "0.1(1) mA", *NUMBERS[6:])
    assert "No uncertainty" not in known.out


@pytest.mark.parametrize("words", [TRANSPORT, ENERGY], ids=["transport", "energy"])
def test_simulations(lamion, words):
    said = lamion(*words)
    assert said.status == 0
    assert rows(said.out) <= 14


def test_energy_says_what_is_counted(lamion):
    places(lamion(*ENERGY).out, "gravimetric_energy", "Counted is the stack", "warning: Neither collectors")


def test_a_pipe_and_no_color_get_no_escape_codes(lamion, monkeypatch):
    assert "\x1b" not in lamion(*ENERGY).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    forced = lamion(*ENERGY).out
    assert "\x1b[33mwarning: " in forced
    assert "\x1b[1m" in forced
    monkeypatch.setenv("NO_COLOR", "1")
    plain = lamion(*ENERGY).out
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[\d;]*m", "", forced) == plain
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in lamion(*ENERGY).out


def test_json_is_never_coloured(lamion, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert lamion(*ENERGY, "--json").json["notes"]["basis"].startswith("stack")
    assert "\x1b" not in lamion(*ENERGY, "--details").out


def test_a_verdict_has_a_colour_and_its_word(lamion, spectrum_file, tmp_path, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1;32mverdict: valid" in lamion("analyze", "kk", spectrum_file).out
    f = np.geomspace(0.1, 1e4, 51)
    path = tmp_path / "drift.csv"
    path.write_text(spectrum_text(ImpedanceSpectrum(f, (100 + 200 / (1 + 1j * f)) * (1 + 0.5 * np.exp(-f)))))
    assert "\x1b[1;31mverdict: not valid" in lamion("analyze", "kk", path).out


def test_lines_fit_the_terminal(lamion, monkeypatch, tmp_path):
    monkeypatch.setattr(terminal, "width", lambda: 60)
    noisy = with_noise(29.1 + 46.7 / (1 + 1j * np.geomspace(1e5, 1.0, 51) * 3e-3), 0.005, np.random.default_rng(3))
    (tmp_path / "a.csv").write_text(spectrum_text(ImpedanceSpectrum(np.geomspace(1e5, 1.0, 51), noisy)))
    for words in (RECIPE, ENERGY, ["analyze", "impedance", tmp_path / "a.csv"], ["read", tmp_path / "a.csv"]):
        said = lamion(*words).out.splitlines()
        assert len(said) <= 24
        assert max(map(len, said)) <= 60
