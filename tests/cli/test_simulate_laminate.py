"""`lamion simulate laminate` does what its contract says."""

import pytest

NAMES = ["conductivity_ratio", "cation_ratio", "anion_ratio", "transference", "sheet_fraction"]
LAMINATE = ["simulate", "laminate", "--sheet-width", "1 um", "--sheet-thickness", "4.5 nm", "--gallery", "4.5 nm"]


def test_contract(lamion):
    words = ["--gap", "4.5 nm", "--sheet-cation", 0.1, "--sheet-anion", 0.01, "--gallery-transference", 0.35]
    said = lamion(*LAMINATE, *words, "--json")
    assert said.status == 0
    results = said.json["results"]
    assert list(results) == NAMES
    assert all(item["unit"] == "1" for item in results.values())
    assert results["cation_ratio"]["value"] == pytest.approx(0.18449, rel=1e-3)
    assert results["conductivity_ratio"]["value"] == pytest.approx(0.07837, rel=1e-3)
    assert results["transference"]["value"] == pytest.approx(0.8239, rel=1e-3)
    assert said.json["notes"]["bounds"]["cation"]["wiener_series"] < results["cation_ratio"]["value"]


@pytest.mark.parametrize("gap", ["0", "0 nm"])
def test_gap_zero(lamion, gap):
    said = lamion(*LAMINATE, "--gap", gap, "--sheet-cation", 0.1, "--sheet-anion", 0.1, "--json")
    assert said.json["results"]["conductivity_ratio"]["value"] == pytest.approx(1 / 5.5)
    closed = lamion(*LAMINATE, "--gap", gap, "--json")
    assert closed.json["results"]["conductivity_ratio"]["value"] == 0.0
    assert "Nothing passes" in closed.json["warnings"][0]


def test_measured_and_figure(lamion, tmp_path):
    said = lamion(*LAMINATE, "--measured", "5.62e-4 S/cm", "--figure", tmp_path / "a.svg", "--csv", tmp_path / "a.csv")
    assert "cannot be reached with impermeable sheets" in said.out
    assert (tmp_path / "a.svg").exists()
    assert "Ion,Cells per Corner Length / 1,Ratio / 1" in (tmp_path / "a.csv").read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--sheet-cation", "-1"], "-1"),
        (["--gap", "4.5"], "has no unit"),
        (["--gap", "-1 nm"], "gap is -1e-09 m"),
        (["--gallery-transference", "2"], "transference is 2"),
        (["--layer", "1 um"], "both film and layer"),
        (["--gallery-conductivity", "1e-3 S/cm"], "nothing measured"),
        (["--sheet-cation", "nan"], "nan"),
        (["--sheet-width", "1 cm"], "2.22e+06 times"),
        (["--gap", "1 cm"], "2.22e+06 times"),
        (["--missing", "0.1"], "Give widest too"),
        (["--realisations", "9"], "Give widest too"),
        (["--widest", "3 um", "--seed", "-1"], "The seed -1 is not a whole number"),
        (["--widest", "3 um", "--workers", "0"], "0 workers"),
        (["--widest", "9 mm"], "2e+06 times"),
    ],
)
def test_refusals(lamion, words, said):
    refused = lamion(*LAMINATE, *words)
    assert refused.status == 2
    assert said in refused.err


def test_irregular(lamion, tmp_path):
    short = ["simulate", "laminate", "--sheet-width", "100 nm", "--sheet-thickness", "4.5 nm", "--gallery", "4.5 nm"]
    words = [*short, "--widest", "300 nm", "--rows", 2, "--realisations", 2, "--sheet-cation", 0.1]
    said = lamion(*words, "--missing", 0.1, "--pinholes", "200 nm", "--json", "--figure", tmp_path / "a.png")
    assert said.status == 0
    assert list(said.json["results"]) == NAMES
    assert said.json["notes"]["realisations"] == 2
    assert len(said.json["series"]["Cation Ratio / 1"]) == 2
    assert lamion(*words, "--measured", "1e-4 S/cm").status == 2
