"""The verbs for validity and relaxation times."""

import numpy as np
import pytest

from lamion.formats.csv_table import to_text
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
    path.write_text(to_text(ImpedanceSpectrum(f, (100 + 200 / (1 + 1j * f)) * (1 + 0.5 * np.exp(-f)))))
    said = lamion("analyze", "kk", path, "--json")
    assert said.json["notes"]["verdict"] == "not valid"
    assert "changed while it was measured" in said.json["notes"]["reason"]


def test_kk_options(lamion, spectrum_file):
    said = lamion("analyze", "kk", spectrum_file, "--json", "--no-capacitor", "--no-inductance", "--fmin", "1 Hz")
    assert said.status == 0, said.err
    assert lamion("analyze", "kk", spectrum_file, "--mu", "2").status == 2
    assert lamion("analyze", "kk", spectrum_file, "--fmin", "1 GHz").status == 2
