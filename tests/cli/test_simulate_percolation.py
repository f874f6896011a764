"""`lamion simulate percolation` finds the optimum and says what it rests on."""

import pytest


def test_optimum(lamion, tmp_path):
    words = ["simulate", "percolation", "--size", 6, "--realisations", 2]
    said = lamion(*words, "--json", "--figure", tmp_path / "a.png")
    assert said.status == 0
    assert set(said.json["results"]) == {"optimum_fraction", "optimum_ratio", "enhancement"}
    assert "not robust" in said.json["warnings"][0]
    assert (tmp_path / "a.png").exists()
    assert lamion(*words, "--interface", -1).status == 2
    assert lamion("simulate", "percolation", "--size", 999).status == 2
    assert "2 to 1000" in lamion("simulate", "percolation", "--realisations", 1000000000).err
    assert "The seed -1 is not a whole number" in lamion("simulate", "percolation", "--seed", -1).err


def test_volumes_move_the_ratio(lamion):
    """The ratio goes with the polymer's volume: a tenth of it is a tenth of the ratio, beside the lattices' share."""
    words = ["simulate", "percolation", "--size", 4, "--realisations", 2, "--json", "--polymer-volume"]
    sure, unsure = (
        lamion(*words, volume).json["results"]["optimum_ratio"] for volume in ("39 cm3/mol", "39(4) cm3/mol")
    )
    extra = (unsure["uncertainty"] ** 2 - sure["uncertainty"] ** 2) ** 0.5
    assert extra == pytest.approx(4 / 39 * sure["value"])
