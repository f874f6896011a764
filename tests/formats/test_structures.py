"""CIF and XYZ: what is written comes back; what is damaged is refused or right, never another exception."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamion.formats import cif, xyz
from lamion.formats.content import RawFile
from lamion.formats.diffraction_columns import read_pattern
from lamion.models.atomistic.sheet import sheet
from lamion.models.atomistic.stacking import slipped, stack
from lamion.quantities import FileFormatError, InputError
from lamion.substances.crystal import Crystal, cell_from_parameters
from lamion.substances.molecule import Molecule

pytest.importorskip("ase")

CRYSTAL = Crystal(
    "rutile",
    np.diag([4.594, 4.594, 2.959]),
    ("Ti", "Ti", "O", "O", "O", "O"),
    np.array(
        [[0, 0, 0], [0.5, 0.5, 0.5], [0.305, 0.305, 0], [0.695, 0.695, 0], [0.195, 0.805, 0.5], [0.805, 0.195, 0.5]]
    ),
)
MOLECULE = Molecule(
    "water", ("O", "H", "H"), np.array([[0.0, 0.0, 0.119], [0.0, 0.763, -0.477], [0.0, -0.763, -0.477]])
)
RUTILE = """data_rutile
_chemical_formula_sum 'Ti O2'
_cell_formula_units_Z 2
_cell_length_a 4.594(1)
_cell_length_b 4.594(1)
_cell_length_c 2.959(1)
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'P 42/m n m'
_symmetry_Int_Tables_number 136
loop_
_atom_site_label
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Ti1 0 0 0 1
O1 0.3051(7) 0.3051(7) 0 1
"""


def _crystal(text):
    return cif.read_raw_crystal(RawFile("a.cif", text if isinstance(text, bytes) else text.encode()))


def _molecule(text):
    return xyz.read_raw_molecule(RawFile("a.xyz", text if isinstance(text, bytes) else text.encode()))


def _same_crystal(one, other, tolerance=1e-4):
    if one.symbols != other.symbols:
        return False
    apart = one.fractions - other.fractions
    apart = apart - np.round(apart)
    return np.allclose(one.cell, other.cell, atol=tolerance) and np.abs(apart @ other.cell).max() < tolerance


def test_a_built_sheet_comes_back():
    crystal = stack(sheet(), slipped(4.64, (0.5, 0.3)))
    read = _crystal(cif.to_text(crystal))
    assert read.symbols == crystal.symbols
    assert read.lengths_and_angles == pytest.approx(crystal.lengths_and_angles, abs=1e-5)
    apart = (read.fractions - crystal.fractions + 0.5) % 1.0 - 0.5
    assert np.abs(apart).max() < 1e-7


def test_a_space_group_is_expanded():
    read = _crystal(RUTILE)
    assert sorted(read.symbols) == ["O"] * 4 + ["Ti"] * 2
    assert read.volume == pytest.approx(4.594**2 * 2.959)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("Ti1 0 0 0 1", "Ti1 0 0 0 0.5"), "occupancy"),
        (("'Ti O2'", "'Ti O3'"), "declared formula"),
        (("_chemical_formula_sum 'Ti O2'\n", ""), "declared formula"),
        (("4.594(1)\n_cell_length_b", "?\n_cell_length_b"), "_cell_length_a"),
        (("0.3051(7) 0.3051(7)", "abc 0.3051(7)"), "fract_x"),
        (("O1 0.3051(7) 0.3051(7) 0 1\n", ""), "declared formula"),
        (("_cell_angle_beta 90\n", "_cell_angle_beta 90\n_cell_angle_beta 91\n"), "twice"),
        (("_cell_angle_beta 90", "_cell_angle_beta 300"), "expected"),
    ],
)
def test_a_cif_that_contradicts_itself_is_refused(change, said):
    assert change[0] in RUTILE
    with pytest.raises(FileFormatError, match=said):
        _crystal(RUTILE.replace(*change))


@pytest.mark.parametrize("cut", range(1, len(cif.to_text(CRYSTAL)) - 1, 9))
def test_a_cut_cif_is_refused(cut):
    with pytest.raises(FileFormatError):
        _crystal(cif.to_text(CRYSTAL)[:cut])


@pytest.mark.parametrize("twice", [False, True])
def test_a_lost_or_doubled_line_is_refused_or_harmless(twice):
    for text, read, same in (
        (cif.to_text(CRYSTAL), _crystal, lambda found: _same_crystal(found, CRYSTAL)),
        (xyz.to_text(MOLECULE), _molecule, lambda found: np.allclose(found.positions, MOLECULE.positions)),
    ):
        lines = text.splitlines(keepends=True)
        for number, line in enumerate(lines):
            damaged = "".join(lines[:number] + [line] * (2 if twice else 0) + lines[number + 1 :])
            try:
                found = read(damaged)
            except InputError:
                continue
            assert same(found), (number, line)


@settings(max_examples=200, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.integers(0, 255), st.sampled_from(["flip", "insert", "cut"]), st.booleans())
def test_damaged_bytes_never_raise_anything_else(place, byte, kind, is_cif):
    content = bytearray((RUTILE if is_cif else xyz.to_text(MOLECULE)).encode())
    place %= len(content)
    if kind == "flip":
        content[place] = byte
    elif kind == "insert":
        content[place:place] = bytes([byte])
    else:
        del content[place : place + 1 + byte % 20]
    try:
        found = (_crystal if is_cif else _molecule)(bytes(content))
    except InputError:
        return
    assert len(found) == (6 if is_cif else 3)


@settings(max_examples=50, derandomize=True, deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_noise_is_refused(content, is_cif):
    with pytest.raises(InputError):
        (_crystal if is_cif else _molecule)(content)


def test_encodings_and_line_ends_do_not_matter():
    for text in (RUTILE.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + RUTILE.encode(), RUTILE.encode("utf-16")):
        assert len(_crystal(text)) == 6
    assert len(_molecule(xyz.to_text(MOLECULE).replace("\n", "\r\n"))) == 3


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(st.tuples(*[st.integers(-9, 9)] * 3), min_size=1, max_size=8, unique=True), st.integers(-2, 2))
def test_molecules_come_back(places, charge):
    symbols = ("C",) * len(places)
    molecule = Molecule("m", symbols, 1.3 * np.array(places, dtype=float), charge, 1 + (6 * len(places) - charge) % 2)
    read = _molecule(xyz.to_text(molecule))
    assert (read.symbols, read.charge, read.multiplicity) == (symbols, charge, molecule.multiplicity)
    assert np.allclose(read.positions, molecule.positions, atol=1e-6)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2\n\nH 0 0 0\n", "number of lines"),
        ("1\n\nH 0 0\n", "three numbers"),
        ("1\n\nH 0 0 1,5\n", "three numbers"),
        ("1\n\nQq 0 0 0\n", "an element"),
        ("1\ncharge=x\nH 0 0 0\n", "charge"),
        ("1\nmultiplicity=1\nH 0 0 0\n", "multiplicity"),
        ("2\n\nH 0 0 0\nH 0 0 0\n", "apart"),
        ("999999\n\nH 0 0 0\n", "number of atoms"),
        ("1\n\nH 0 0 0", "cut line"),
        ("1\n\nH 0 0 nan\n", "three numbers"),
    ],
)
def test_an_xyz_that_contradicts_itself_is_refused(text, said):
    with pytest.raises(FileFormatError, match=said):
        _molecule(text)


def test_impossible_cells_are_refused():
    with pytest.raises(InputError, match="No cell has the angles"):
        cell_from_parameters(5, 5, 5, 30, 30, 90)
    with pytest.raises(InputError, match="coincide"):
        Crystal("twice", 5 * np.eye(3), ("H", "H"), np.array([[0.0, 0, 0], [1.0, 0, 0]]))
    with pytest.raises(InputError, match="flat or left-handed"):
        Crystal("left", np.diag([5.0, 5.0, -5.0]), ("H",), np.zeros((1, 3)))


def test_a_real_pattern_is_read(real_data):
    found = read_pattern(real_data / "xrd" / "example_evadiffract.xy")
    assert len(found["two_theta_deg"]) == 28
    assert (found["two_theta_deg"][0], found["intensity"][0]) == (5.0001, 4.852)


@pytest.mark.parametrize(
    "rows",
    [["5 1", "4 2"], ["5 x"] * 12, ["200 1"], ["5 1"], ["5 1"] + [f"{k} 1" for k in range(6, 20)] + ["footer"]],
)
def test_a_pattern_that_contradicts_itself_is_refused(rows, tmp_path):
    file = tmp_path / "a.xy"
    file.write_text("# angle intensity\n" + "\n".join(rows) + "\n")
    with pytest.raises(FileFormatError):
        read_pattern(file)
