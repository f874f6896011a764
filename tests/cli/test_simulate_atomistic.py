"""The atomistic verbs: names of results, files, and what is refused."""

import pytest

pytest.importorskip("tblite")


def test_diffraction_names_its_peaks(lamion):
    said = lamion("simulate", "diffraction", "--march", "0.2", "--spacing", "4.64 ± 0.02 angstrom", "--json").json
    assert said["results"]["peak1.two_theta"]["value"] == pytest.approx(19.13, abs=0.005)
    assert said["results"]["peak1.two_theta"]["uncertainty"] == pytest.approx(0.083, abs=0.002)
    assert said["results"]["peak1.relative_intensity"]["unit"] == "1"
    assert said["notes"]["hkl"]["peak1"] == "0 0 1"


def test_a_sheet_goes_through_a_cif_and_keeps_its_pattern(lamion, tmp_path):
    file = tmp_path / "sheet.cif"
    built = lamion("simulate", "sheet", "--cif", file, "--xyz", tmp_path / "sheet.xyz", "--figure", tmp_path / "s.png")
    assert built.status == 0
    direct = lamion("simulate", "diffraction", "--json").json["results"]
    read = lamion("simulate", "diffraction", "--structure", file, "--json").json["results"]
    for name, item in direct.items():
        assert read[name]["value"] == pytest.approx(item["value"], rel=1e-4)


def test_pores_say_what_passes(lamion, tmp_path):
    said = lamion("simulate", "pores", "--grid", "0.4 angstrom", "--json", "--csv", tmp_path / "p.csv").json
    assert said["results"]["limiting_sphere"]["value"] < said["results"]["largest_sphere"]["value"]
    assert said["series"]["Guest"] == ["li+", "tfsi-", "dfob-", "sn"]
    assert said["series"]["Passes"][:2] == ["yes", "no"]


def test_adsorption_prints_a_binding_energy_and_keeps_its_structures(lamion, tmp_path):
    words = ("simulate", "adsorption", "--host", "paddlewheel", "--adsorbate", "co", "--starts", "1", "--json")
    first = lamion(*words, "--cache", tmp_path / "kept", "--xyz", tmp_path / "co.xyz", "--figure", tmp_path / "co.png")
    assert first.json["results"]["binding_energy"]["value"] == pytest.approx(-0.27, abs=0.03)
    assert (tmp_path / "co.xyz").read_text().startswith("20\n")
    assert lamion(*words, "--cache", tmp_path / "kept").json == first.json


def test_adsorption_takes_hosts_and_molecules_from_files(lamion, tmp_path):
    host, guest = tmp_path / "own.xyz", tmp_path / "own-water.xyz"
    host.write_text("2\ncharge=1\nLi 0 0 0\nHe 0 0 -1.9\n")
    guest.write_text("3\n\nO 0 0 0\nH 0.76 0 0.59\nH -0.76 0 0.59\n")
    words = ("--host-file", host, "--site", "1", "--adsorbate-file", guest, "--donor", "1", "--starts", "1")
    said = lamion("simulate", "adsorption", *words, "--json", "--cache", tmp_path / "kept").json
    assert -2.0 < said["results"]["binding_energy"]["value"] < -1.0
    assert said["notes"]["contacts"] == ["O on Li"]
    assert said["notes"]["charge"] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("diffraction", "--march", "-1"), "March-Dollase"),
        (("diffraction", "--slip", "a,b"), "is not a number"),
        (("diffraction", "--wavelength", "soft"), "no wavelength"),
        (("diffraction", "--spacing", "4.64"), "has no unit"),
        (("diffraction", "--lattice", "30 angstrom"), "strain"),
        (("diffraction", "--structure", "missing.cif"), "no file"),
        (("sheet", "--node", "Xx"), "No paddlewheel of 'Xx'"),
        (("pores", "--guests", "peo"), "no molecule 'peo'"),
        (("pores", "--grid", "0.01 angstrom"), "points"),
        (("adsorption", "--host", "paddlewheel"), "go together"),
        (("adsorption", "--calculator", "gfn1"), "takes no calculator"),
        (("adsorption", "--host", "paddlewheel", "--adsorbate", "sn", "--site", "3"), "has its own site"),
        (("adsorption", "--host-file", "missing.xyz", "--site", "1", "--adsorbate", "sn"), "no file"),
        (("adsorption", "--host", "own.xyz", "--site", "1", "--adsorbate", "sn"), "Give it as host_file"),
        (("coordination", "--shells", "dme, peo"), "no molecule 'peo'"),
        (("redox", "--parts", "sn, wheel"), "no part 'wheel'"),
        (("adsorption", "--host", "paddlewheel", "--adsorbate", "sn", "--multiplicity", "2"), "multiplicity 2"),
        (("adsorption", "--host", "paddlewheel", "--adsorbate", "sn", "--starts", "0"), "from 1 to 50"),
    ],
)
def test_what_makes_no_sense_is_one_paragraph(lamion, words, said):
    answer = lamion("simulate", *words)
    assert answer.status == 2
    assert said in answer.err
    assert "Traceback" not in answer.err
