"""The diffraction and sheet verbs: options that contradict each other, wavelengths, lattices in files."""

import numpy as np
import pytest

pytest.importorskip("periodictable")


@pytest.fixture
def iron(tmp_path):
    """A file with body-centred iron."""
    from lamion.formats.cif import cif_text
    from lamion.substances.crystal import Crystal

    crystal = Crystal("iron", 2.866 * np.eye(3), ("Fe", "Fe"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]]))
    path = tmp_path / "iron.cif"
    path.write_text(cif_text(crystal))
    return path


def test_a_forbidden_reflection_is_not_reported(lamion, iron):
    said = lamion("simulate", "diffraction", "--structure", iron)
    assert said.status == 2
    assert "44.72" in said.err
    found = lamion("simulate", "diffraction", "--structure", iron, "--highest", "120 deg", "--json").json
    assert set(map(abs, map(int, found["notes"]["hkl"]["peak1"].split()))) == {0, 1}


def test_wavelengths_of_every_kind(lamion, iron, capsys):
    words = ("simulate", "diffraction", "--structure", iron, "--highest", "60 deg", "--json", "--wavelength")
    for name, value in (("CuKa2", 1.544427), (".7 angstrom", 0.7), ("0.07 nm", 0.7)):
        assert lamion(*words, name).json["notes"]["wavelength_angstrom"] == pytest.approx(value)
    short = ("--wavelength", "0.2 angstrom", "--lowest", "0.5 deg", "--highest", "5 deg", "--json")
    assert "f0 alone" in lamion("simulate", "diffraction", *short).json["warnings"][0]
    with pytest.raises(SystemExit):
        lamion("simulate", "diffraction", "--help")
    assert "CuKa, CuKa1, CuKa2, MoKa, CoKa" in capsys.readouterr().out


def test_a_displacement_is_a_quantity(lamion):
    said = lamion("simulate", "diffraction", "--displacement", "4 angstrom2", "--json").json
    assert said["notes"]["atoms"].startswith("B = 4 angstrom2")
    assert lamion("simulate", "diffraction", "--json").json["notes"]["atoms"].startswith("static")
    assert "has no unit" in lamion("simulate", "diffraction", "--displacement", "2").err
    assert "displacement parameter of -2" in lamion("simulate", "diffraction", "--displacement", "-2 angstrom2").err


def test_every_strong_peak_has_an_uncertainty(lamion):
    said = lamion("simulate", "diffraction", "--lowest", "80 deg", "--highest", "120 deg", "--json").json
    for number in range(1, 6):
        uncertainty = said["results"][f"peak{number}.two_theta"]["uncertainty"]
        h, k, _ = said["notes"]["hkl"][f"peak{number}"].split()
        assert (uncertainty is None) == (h == k == "0")
        assert uncertainty is None or uncertainty > 0.01


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--node", "Zn"), "Node contradicts the structure"),
        (("--linker", "tcpp", "--slip", "0.5,0.3"), "Linker and slip contradict the structure"),
        (("--centre", "Cu", "--lattice", "16.7 angstrom"), "Centre and lattice contradict"),
        (("--spacing", "4.64 angstrom"), "Spacing contradicts"),
        (("--stacking", "slip"), "Stacking contradicts"),
    ],
)
@pytest.mark.parametrize("verb", ["diffraction", "pores"])
def test_idle_options_are_refused(lamion, iron, verb, words, said):
    answer = lamion("simulate", verb, "--structure", iron, *words)
    assert answer.status == 2
    assert said in answer.err


@pytest.mark.parametrize("verb", ["diffraction", "pores", "sheet"])
def test_a_slip_contradicts_other_stackings(lamion, verb):
    answer = lamion("simulate", verb, "--stacking", "AB", "--slip", "0.5,0.3")
    assert answer.status == 2
    assert "The slip 0.5,0.3 contradicts the stacking AB" in answer.err


def test_a_sheet_written_as_xyz_keeps_its_lattice(lamion, tmp_path):
    ase_io = pytest.importorskip("ase.io")
    cif, xyz = tmp_path / "sheet.cif", tmp_path / "sheet.xyz"
    assert lamion("simulate", "sheet", "--cif", cif, "--xyz", xyz).status == 0
    head = xyz.read_text().splitlines()[1]
    assert "multiplicity" not in head
    read, expected = ase_io.read(xyz, format="extxyz"), ase_io.read(cif)
    assert read.pbc.all()
    assert read.cell.cellpar() == pytest.approx(expected.cell.cellpar(), abs=1e-3)
    assert read.get_volume() == pytest.approx(16.70**2 * 4.64, rel=1e-5)


def test_a_pattern_takes_shared_sites_and_pores_refuse_them(lamion, tmp_path):
    from lamion.formats.cif import cif_text
    from lamion.substances.crystal import Crystal

    place = np.array([[0.0, 0, 0], [0.0, 0, 0], [0.5, 0.5, 0.5]])
    shares = np.array([0.5, 0.5, 1.0])
    path = tmp_path / "shared.cif"
    path.write_text(cif_text(Crystal("s", 3.5 * np.eye(3), ("Li", "Na", "Cl"), place, occupancies=shares)))
    said = lamion("simulate", "diffraction", "--structure", path, "--highest", "60 deg", "--json").json
    assert said["notes"]["occupancies"].startswith("below one at 2 of 3 places")
    refused = lamion("simulate", "pores", "--structure", path)
    assert refused.status == 2
    assert "fully occupied sites" in refused.err


def test_a_real_site_of_lithium_and_sodium(lamion, real_data):
    path = real_data / "trials" / "shared_site.cif"
    said = lamion("simulate", "diffraction", "--structure", path, "--highest", "55 deg", "--json").json
    strength = {said["notes"]["hkl"][f"peak{n}"]: said["results"][f"peak{n}.relative_intensity"] for n in (1, 2, 3)}
    found = {"".join(sorted(hkl.replace("-", ""))).strip(): strength[hkl]["value"] for hkl in strength}
    assert [hkl[-1] for hkl in found] == ["2", "2", "1"]
    # With f' and f'' at Cu K-alpha; 0.626 and 0.364 by f0 alone.
    assert list(found.values()) == pytest.approx([1.0, 0.632, 0.376], abs=1e-3)
