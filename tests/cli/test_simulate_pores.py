"""The verb that probes pores: what it prints, and what it refuses."""

import pytest

pytest.importorskip("ase")
_AA = ("simulate", "pores", "--stacking", "AA", "--spacing", "9.28 angstrom", "--lattice", "16.7 angstrom")


def test_the_text_says_what_passes_and_which_radii_were_used(lamion):
    words = (*_AA, "--guests", "li+,sn", "--radius", "Cu=1.5")
    assert "Passes" in lamion(*words).out
    said = lamion(*words, "--details")
    assert said.status == 0
    assert "Passes" in said.out
    assert "Cu: 1.5 angstrom, given" in said.out
    assert "H: 1.09 angstrom, Rowland and Taylor 1996" in said.out


def test_an_uncertain_spacing_widens_the_result(lamion):
    sure = lamion(*_AA, "--guests", "", "--json").json["results"]["largest_sphere"]
    words = [word if word != "9.28 angstrom" else "9.28 ± 0.5 angstrom" for word in _AA]
    unsure = lamion(*words, "--guests", "", "--json").json["results"]["largest_sphere"]
    assert unsure["value"] == sure["value"]
    assert unsure["uncertainty"] > sure["uncertainty"] + 0.05


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--radius", "Al"), "cannot be read"),
        (("--radius", "Qq=1.8"), "names no element"),
        (("--radius", "Al=184"), "not between"),
        (("--radius", "Al=nan"), "'nan'"),
        (("--grid", "5 angstrom"), "at most 1"),
        (("--grid", "500 angstrom"), "at most 1"),
    ],
)
def test_what_makes_no_sense_is_refused(lamion, words, said):
    answer = lamion(*_AA, *words)
    assert answer.status == 2
    assert said in answer.err
