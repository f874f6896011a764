"""The verbs for validity and relaxation times."""

import numpy as np
import pytest

from lamion.formats.csv_table import spectrum_text
from lamion.records.impedance import ImpedanceSpectrum


def test_kk(lamion, spectrum_file, tmp_path):
    said = lamion("analyze", "kk", spectrum_file, "--json", "--csv", tmp_path / "r.csv", "--figure", tmp_path / "r.png")
    assert said.status == 0, said.err
    assert said.json["notes"]["verdict"] == "valid"
    assert said.json["results"]["residual_rms"]["value"] == pytest.approx(0.003, rel=0.3)
    assert said.json["results"]["mu"]["value"] < 0.85
    assert "non-linearity" in said.json["notes"]["linearity"]
    assert (tmp_path / "r.png").read_bytes().startswith(b"\x89PNG")
    assert len((tmp_path / "r.csv").read_text().splitlines()) == 74


def test_kk_of_a_changing_cell(lamion, tmp_path):
    f = np.geomspace(0.1, 1e4, 51)
    path = tmp_path / "drift.csv"
    path.write_text(spectrum_text(ImpedanceSpectrum(f, (100 + 200 / (1 + 1j * f)) * (1 + 0.5 * np.exp(-f)))))
    said = lamion("analyze", "kk", path, "--json")
    assert said.json["notes"]["verdict"] == "not valid"
    assert "changed while it was measured" in said.json["notes"]["reason"]


def test_kk_options(lamion, spectrum_file):
    said = lamion("analyze", "kk", spectrum_file, "--json", "--no-capacitor", "--no-inductance", "--fmin", "1 Hz")
    assert said.status == 0, said.err
    assert lamion("analyze", "kk", spectrum_file, "--mu", "2").status == 2
    assert lamion("analyze", "kk", spectrum_file, "--fmin", "1 GHz").status == 2


def test_drt(lamion, tmp_path):
    f = np.geomspace(0.1, 1e5, 61)
    path = tmp_path / "arc.csv"
    path.write_text(spectrum_text(ImpedanceSpectrum(f, 10 + 50 / (1 + (2j * np.pi * f * 1e-3) ** 0.9))))
    said = lamion("analyze", "drt", path, "--json", "--csv", tmp_path / "g.csv", "--figure", tmp_path / "g.svg")
    assert said.status == 0, said.err
    results = said.json["results"]
    assert results["polarisation_resistance"]["value"] == pytest.approx(50, rel=1e-3)
    assert results["peak1.resistance"]["value"] == pytest.approx(50, rel=1e-3)
    assert results["peak1.time"]["value"] == pytest.approx(1e-3, rel=1e-3)
    assert results["peak1.time"]["unit"] == "s"
    assert said.json["notes"]["lambda"] > 0
    assert (tmp_path / "g.svg").read_text().startswith("<?xml")


def test_drt_options(lamion, spectrum_file):
    said = lamion(
        "analyze", "drt", spectrum_file, "--regularisation", "1e-3", "--tail", "cpe", "--no-inductance", "--json"
    )
    assert said.status == 0, said.err
    assert said.json["notes"]["lambda"] == 1e-3
    assert said.json["notes"]["tail"]["exponent"] == pytest.approx(0.9, abs=0.15)
    assert lamion("analyze", "drt", spectrum_file, "--regularisation", "-1").status == 2


def test_kk_with_a_second_amplitude(lamion, tmp_path):
    from tests.engines.butler_volmer_cell import ButlerVolmerCell

    from lamion.synthetic.blocking_cell import with_noise

    cell, f = ButlerVolmerCell(5.0, 100.0, 1e-5), np.geomspace(1e5, 0.1, 61)
    names = []
    for seed, amplitude in enumerate((0.005, 0.050)):
        z = with_noise(cell.impedance(f, amplitude), 0.002, np.random.default_rng(seed))
        names.append(tmp_path / f"a{seed}.csv")
        names[-1].write_text(spectrum_text(ImpedanceSpectrum(f, z)))
    pair = ("--amplitude-pair", names[1], "--amplitudes", "5 mV, 50 mV")
    said = lamion("analyze", "kk", names[0], *pair, "--json", "--figure", tmp_path / "k.svg")
    assert said.status == 0
    assert "difference" in (tmp_path / "k.svg").read_text()
    assert said.json["notes"]["verdict"] == "valid"
    assert said.json["notes"]["linearity"]["verdict"] == "not linear"
    assert 0.001 < said.json["results"]["largest_error_of_first"]["value"] < 0.003
    assert lamion("analyze", "kk", names[0], "--amplitude-pair", names[0]).status == 2
    assert lamion("analyze", "kk", names[0], "--amplitudes", "5 mV, 50 mV").status == 2
    assert lamion("analyze", "kk", names[0], "--amplitude-pair", names[1], "--amplitudes", "5 mV").status == 2
