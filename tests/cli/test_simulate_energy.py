"""`lamion simulate energy`."""

import csv
import re

import pytest

ARGUMENTS = ("--cathode", "lfp", "--loading", "4 mg/cm2", "--capacity", "157.8 mAh/g", "--voltage", "3.39 V")
ARGUMENTS += ("--electrolyte-thickness", "9 um", "--electrolyte-density", "1.30 g/cm3")


def test_the_verb(lamion, tmp_path):
    said = lamion(
        "simulate", "energy", *ARGUMENTS, "--lithium-thickness", "25 um", "--json", "--csv", tmp_path / "mass.csv"
    )
    assert said.status == 0
    assert said.json["results"]["gravimetric_energy"]["value"] == pytest.approx(285.1, rel=0.0005)
    assert said.json["results"]["gravimetric_energy"]["unit"] == "Wh/kg"
    assert {"gravimetric_energy", "volumetric_energy"} <= set(said.json["results"])
    rows = list(csv.reader((tmp_path / "mass.csv").read_text().splitlines()))
    assert [row[0] for row in rows[1:]] == ["active material", "carbon", "binder", "electrolyte", "lithium"]


def test_the_verb_with_everything(lamion, tmp_path):
    out = tmp_path / "mass.svg"
    extra = ("--n-over-p", 2, "--collectors", "16 um", "8 um", "--package", "pouch", "--faces", 20, "--catholyte")
    said = lamion("simulate", "energy", *ARGUMENTS, *extra, "1.2 g/cm3", "--json", "--figure", out)
    assert said.status == 0
    assert said.json["notes"]["basis"].startswith("cell: ")
    assert said.json["results"]["n_over_p"]["value"] == pytest.approx(2)
    assert out.read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        ((), "by its thickness and by N/P, or by neither"),
        (("--lithium-thickness", "25"), "has no unit"),
        (("--lithium-thickness", "25 um", "--recipe", "8-1-1"), "the recipe '8-1-1' cannot be read"),
        (("--lithium-thickness", "25 um", "--recipe", "0:0:0"), "cannot be read"),
        (("--lithium-thickness", "25 um", "--cathode", "sugar"), "no substance called 'sugar'"),
        (("--lithium-thickness", "25 um", "--package", "pouch", "--faces", 0), "0 faces"),
        (("--lithium-thickness", "25 um", "--package", "pouch", "--faces", 10**400), "is not a whole number"),
        (("--lithium-thickness", "25 um", "--faces", 4), "--faces is given without --package pouch"),
        (("--lithium-thickness", "25 um", "--package", "pouch", "--case-mass", "3 g"), "without --package coin"),
        (("--lithium-thickness", "25 um", "--recipe=-8:-1:-1"), "cannot be read"),
        (("--lithium-thickness", "25 um", "--cathode", "litfsi"), "is a salt, not an active material"),
        (("--lithium-thickness", "25 um", "--recipe", "nan:1:1"), "make a whole|cannot be read"),
    ],
)
def test_the_verb_refuses(lamion, extra, words):
    said = lamion("simulate", "energy", *ARGUMENTS, *extra)
    assert said.status == 2
    assert re.search(words, said.err)
    assert said.err.count("\n") == 1


def test_a_small_energy_density_keeps_its_digits_in_the_figure(lamion, tmp_path):
    """A coin cell's case outweighs everything: 0.69 Wh/kg is not 1."""
    out = tmp_path / "mass.svg"
    extra = ("--lithium-thickness", "25 um", "--package", "coin", "--figure", out)
    said = lamion("simulate", "energy", *ARGUMENTS, *extra)
    assert said.status == 0
    assert "0.69 Wh/kg" in out.read_text(encoding="utf-8")
