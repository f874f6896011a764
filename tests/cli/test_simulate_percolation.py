"""`lamion simulate percolation` finds the optimum and says what it rests on."""


def test_optimum(lamion, tmp_path):
    words = ["simulate", "percolation", "--size", 6, "--realisations", 2]
    said = lamion(*words, "--json", "--figure", tmp_path / "a.png")
    assert said.status == 0
    assert set(said.json["results"]) == {"optimum_fraction", "optimum_ratio", "enhancement"}
    assert "not robust" in said.json["warnings"][0]
    assert (tmp_path / "a.png").exists()
    assert lamion(*words, "--interface", -1).status == 2
    assert lamion("simulate", "percolation", "--size", 999).status == 2
