"""CIF and XYZ: what is written comes back; what is damaged is refused or right, never another exception."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lamion.formats import cif, xyz
from lamion.formats.content import RawFile
from lamion.formats.diffraction_columns import read_pattern
from lamion.models.atomistic.structure.sheet import sheet
from lamion.models.atomistic.structure.stacking import slipped, stack
from lamion.quantities import FileFormatError, InputError
from lamion.substances.crystal import Crystal, cell_from_parameters
from lamion.substances.molecule import Molecule

pytest.importorskip("gemmi")

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
    read = _crystal(cif.cif_text(crystal))
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
        (("Ti1 0 0 0 1", "Ti1 0 0 0 0.5"), "occupancy of 0.5 at Ti1. Choose one of the alternatives"),
        (("'Ti O2'", "'Ti O3'"), "the atoms O6 Ti2 in the cell .*Atoms are not listed"),
        (("'Ti O2'", "'Ti O2 H'"), "leaves hydrogens out"),
        (("'Ti O2'", "'Ti Ox'"), "a formula such as"),
        (("_Z 2", "_Z 4"), "formula O2 Ti, Z = 4"),
        (("_Z 2", "_Z 0"), "above zero"),
        (("4.594(1)\n_cell_length_b", "?\n_cell_length_b"), "_cell_length_a"),
        (("0.3051(7) 0.3051(7)", "abc 0.3051(7)"), "fract_x of the site O1"),
        (("0.3051(7) 0.3051(7)", "? 0.3051(7)"), "Place that atom, or delete the site"),
        (("0.3051(7) 0.3051(7)", "03051 0.3051(7)"), "fract_x of the site O1"),
        (("0.3051(7) 0.3051(7)", "3051 0.3051(7)"), "decimal point"),
        (("O1 0.3051(7) 0.3051(7) 0 1\n", ""), "the atoms O4 Ti2 in the cell"),
        (("_cell_angle_beta 90\n", "_cell_angle_beta 90\n_cell_angle_beta 91\n"), "twice with different values"),
        (("_cell_angle_beta 90", "_cell_angle_beta 300"), "below 180"),
        (("_cell_angle_beta 90", "_cell_angle_beta 96"), "a cell of the symmetry of the space group P 42/m n m"),
        (("_cell_length_b 4.594(1)", "_cell_length_b 5.594(1)"), "a cell of the symmetry"),
        (("P 42/m n m'", "P 42/m q m'\n_symmetry_space_group_name_Hall 'P 1'"), "a Hall symbol, a name and a number"),
        (("Tables_number 136", "Tables_number 1"), "of different ones"),
        (("O1 0.3051(7) 0.3051(7) 0 1", "Xx1 0.3051(7) 0.3051(7) 0 1"), "an element for the site Xx1"),
        (("O1 0.3051(7) 0.3051(7) 0 1", "U1 0.3051(7) 0.3051(7) 0 1"), "up to radon"),
        (("O1 0.3051(7) 0.3051(7) 0 1", "O1 0.031 0.031 0 1"), "0.20 angstrom from Ti1 to O1"),
        (("loop_\n_atom_site_label", "_cell_modulation_dimension 1\nloop_\n_atom_site_label"), "modulated"),
        (("'P 42/m n m'", "'P 42/m n m"), "line 10: expected the syntax of a CIF"),
        (("_symmetry_Int_Tables_number 136\n", "_symmetry_Int_Tables_number\n"), "line 11: expected a value"),
    ],
)
def test_a_cif_that_contradicts_itself_is_refused(change, said):
    assert change[0] in RUTILE
    with pytest.raises(FileFormatError, match=said):
        _crystal(RUTILE.replace(*change))


OPERATIONS = {
    "c": ("x,y,z", "-x,y+1/2,-z+1/2", "-x,-y,-z", "x,-y+1/2,z+1/2"),
    "n": ("x,y,z", "1/2-x,1/2+y,1/2-z", "-x,-y,-z", "1/2+x,1/2-y,1/2+z"),
}


def _monoclinic(head, rows=("C1 0.1 0.2 0.3", "O1 0.15 0.3 0.4"), operations=OPERATIONS["c"], columns=("label",)):
    """Write a structure of 4 CO in 300 angstrom3."""
    lines = ["data_I", "_cell_length_a 6.000", "_cell_length_b 5.000", "_cell_length_c 10.154", "_cell_angle_alpha 90"]
    lines += ["_cell_angle_beta 100", "_cell_angle_gamma 90", *head]
    if operations:
        lines += ["loop_", "_symmetry_equiv_pos_as_xyz", *(f"'{operation}'" for operation in operations)]
    lines += ["loop_", *(f"_atom_site_{name}" for name in columns), *(f"_atom_site_fract_{axis}" for axis in "xyz")]
    return "\n".join([*lines, *rows]) + "\n"


@pytest.mark.parametrize(
    "head",
    [
        "_symmetry_cell_setting tetragonal",
        "_space_group_crystal_system tetragonal",
        "_cell_volume 62.45(3)",
        "_chemical_formula_weight 79.87\n_exptl_crystal_density_diffrn 4.25",
        "_symmetry_space_group_name_Hall '-P 4n 2n'",
    ],
)
def test_what_published_files_say_besides_is_understood(head):
    assert len(_crystal(RUTILE.replace("_cell_length_a", f"{head}\n_cell_length_a"))) == 6


@pytest.mark.parametrize("name", ["P 1 21/c 1", "P 21/c", "P2(1)/c", "P_21/c", "P 1 21/n 1", None])
def test_the_listed_operations_are_used(name):
    head = [] if name is None else [f"_symmetry_space_group_name_H-M '{name}'"]
    for key, second in (("c", [-0.1, 0.7, 0.2]), ("n", [0.4, 0.7, 0.2])):
        found = _crystal(_monoclinic(head, operations=OPERATIONS[key]))
        apart = found.fractions[1] - second
        assert found.symbols == ("C",) * 4 + ("O",) * 4
        assert np.abs(apart - np.round(apart)).max() < 1e-9


def test_a_lost_or_changed_operation_is_refused():
    for operations in (OPERATIONS["c"][:3], (*OPERATIONS["c"][:3], "x,-y+1/2,z")):
        with pytest.raises(FileFormatError, match="a whole list of symmetry operations"):
            _crystal(_monoclinic([], operations=operations))
    for wrong in ("x,y", "x,y,2z", "x,y,x", "x,y,z+1/7", "x,y,z+9999999999", "x,y,__import__('os')", "x;y;z"):
        with pytest.raises(FileFormatError, match=r"a symmetry operation such as|the syntax"):
            _crystal(_monoclinic([], operations=("x,y,z", wrong)))
    with pytest.raises(FileFormatError, match="of another one"):
        _crystal(_monoclinic(["_space_group_IT_number 14"], operations=("x,y,z",)))


def test_the_volume_must_be_the_cells():
    for volume, said in (("300", None), ("302.0", "302 angstrom3"), ("3.0e2", None), ("540.0", "make 299.99")):
        text = _monoclinic([f"_cell_volume {volume}"])
        if said is None:
            assert len(_crystal(text)) == 8
        else:
            with pytest.raises(FileFormatError, match=said):
                _crystal(text)


def test_without_symmetry_something_must_show_that_every_atom_is_listed():
    formula, hall = "_chemical_formula_sum 'C O'", "_symmetry_space_group_name_Hall '-P 2ybc'"
    for head in ([], [formula], ["_cell_volume 300"], ["_chemical_formula_weight 28.01"]):
        with pytest.raises(FileFormatError, match="expected a space group or symmetry operations"):
            _crystal(_monoclinic(head, operations=()))
    for head in ([formula, "_cell_formula_units_Z 4"], ["_exptl_crystal_density_diffrn 0.62"]):
        with pytest.raises(FileFormatError, match=r"expected the atoms C4 O4|expected a density"):
            _crystal(_monoclinic(head, operations=()))
    for head in ([formula, "_cell_formula_units_Z 1"], ["_exptl_crystal_density_diffrn 0.155"]):
        assert len(_crystal(_monoclinic(head, operations=()))) == 2
    assert len(_crystal(_monoclinic(["_space_group_name_H-M_alt 'P 1'"], operations=()))) == 2
    assert len(_crystal(_monoclinic([hall], operations=()))) == 8


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (["_exptl_crystal_density_diffrn 1.24"], "a density"),
        (["_chemical_formula_weight 44.01", "_cell_formula_units_Z 4"], "a formula weight"),
        (["_chemical_formula_sum 'C O'", "_chemical_formula_weight 44.01"], "a formula weight"),
        (["_chemical_formula_sum 'C O'", "_cell_formula_units_Z 8"], "formula C O, Z = 8"),
        (["loop_", "_atom_site_aniso_label", "C1", "O2"], "the site O2"),
        (
            [
                "loop_",
                "_geom_bond_atom_site_label_1",
                "_geom_bond_atom_site_label_2",
                "_geom_bond_distance",
                "C1 O1 1.5",
            ],
            "1.5 angstrom from C1 to O1",
        ),
    ],
)
def test_evidence_against_the_atoms_is_heard(head, said):
    assert len(_crystal(_monoclinic([]))) == 8
    with pytest.raises(FileFormatError, match=said):
        _crystal(_monoclinic(head))


def test_right_evidence_is_no_hindrance():
    bonds = ["loop_", "_geom_bond_atom_site_label_1", "_geom_bond_atom_site_label_2", "_geom_bond_distance"]
    length = np.linalg.norm([0.05, 0.1, 0.1] @ cell_from_parameters(6, 5, 10.154, 90, 100, 90))
    head = ["_chemical_formula_sum 'C1 O1'", "_cell_formula_units_Z 4", "_chemical_formula_weight 28.01"]
    head += ["_exptl_crystal_density_diffrn 0.620", *bonds, f"C1 O1 {length:.3f}(2)"]
    assert len(_crystal(_monoclinic(head))) == 8
    # Some programs print the whole cell's formula beside the number of the smallest units in it.
    assert len(_crystal(_monoclinic(["_chemical_formula_sum 'C4 O4'", "_cell_formula_units_Z 4"]))) == 8


def test_atoms_nearer_than_any_bond_are_refused():
    with pytest.raises(FileFormatError, match=r"0.\d\d angstrom from C1 to O1. If they are alternatives"):
        _crystal(_monoclinic([], rows=("C1 0.1 0.2 0.3", "O1 0.15 0.3 0.35")))


@pytest.mark.parametrize(("carbon", "oxygen"), [("0.25", "-0.25"), ("0", "0"), ("0.25", "-0.75"), ("?", "-0.75")])
def test_a_charged_cell_is_refused(carbon, oxygen):
    rows = [f"C1 {carbon} 0.1 0.2 0.3", f"O1 {oxygen} 0.15 0.3 0.4"]
    text = _monoclinic([], rows=rows, columns=("label", "charge"))
    if carbon == "0.25" and oxygen == "-0.75":
        with pytest.raises(FileFormatError, match=r"found one of -2. Sites may be lost"):
            _crystal(text)
    else:
        assert len(_crystal(text)) == 8


@pytest.mark.parametrize("stated", ["4", "1", "2"])
def test_multiplicities_are_either_of_what_programs_print(stated):
    rows = [f"C1 {stated} 0.1 0.2 0.3", "Cu1 2 0 0 0"]
    text = _monoclinic([], rows=rows, columns=("label", "symmetry_multiplicity"))
    if stated == "2":
        with pytest.raises(FileFormatError, match="2 atoms of the site C1"):
            _crystal(text)
    else:
        assert _crystal(text).symbols == ("C",) * 4 + ("Cu",) * 2


def test_a_missing_last_line_end_is_no_cut():
    assert len(_crystal(RUTILE[:-1])) == 6
    assert len(_crystal(_monoclinic([])[:-1])) == 8
    with pytest.raises(FileFormatError, match="the last coordinate, which may be cut"):
        _crystal(_monoclinic([], rows=("C1 0.1 0.2 0.3123", "O1 0.15 0.3 0.4123"))[:-3])


def test_the_one_block_with_a_structure_is_taken():
    above = "data_global\n_journal_year 2020\n_cell_length_a 3\n_chemical_formula_sum 'H2 O'\n"
    assert len(_crystal(above + RUTILE)) == 6
    with pytest.raises(FileFormatError, match="data blocks rutile, other"):
        _crystal(RUTILE + RUTILE.replace("data_rutile", "data_other"))
    with pytest.raises(FileFormatError, match="a list of atoms"):
        _crystal(above)
    with pytest.raises(FileFormatError, match="fractional coordinates"):
        _crystal(RUTILE.replace("_fract_", "_Cartn_"))


@pytest.mark.parametrize(
    ("columns", "row", "element"),
    [
        (("label", "type_symbol"), "Cu1 Cu2+", "Cu"),
        (("label", "type_symbol"), "Cu1 Cu+2", "Cu"),
        (("label", "type_symbol"), "M1 ZN", "Zn"),
        (("label", "type_symbol"), "X1 O2-", "O"),
        (("label", "type_symbol"), "D1 D", "H"),
        (("label",), "Zn1A", "Zn"),
        (("label",), "CU1", None),
        (("label",), "ZN1", "Zn"),
        (("label",), "Ow1", "O"),
        (("label",), "Co1", "Co"),
        (("label",), "T1", None),
        (("label", "type_symbol"), "T1 ?", None),
        (("label", "type_symbol"), "C1 OH", None),
        (("label", "occupancy"), "S1 .", "S"),
        (("label", "occupancy"), "S1 ?", "S"),
        (("label", "occupancy"), "S1 1.000", "S"),
    ],
)
def test_elements_are_told_by_type_and_label(columns, row, element):
    text = _monoclinic([], rows=[f"{row} 0.1 0.2 0.3"], columns=columns)
    if element is None:
        with pytest.raises(FileFormatError, match="under _atom_site_type_symbol"):
            _crystal(text)
    else:
        assert _crystal(text).symbols == (element,) * 4


def test_the_formula_decides_between_cobalt_and_carbon():
    for formula, element in (("Co", "Co"), ("C", "C"), ("D", "H")):
        label = "D1" if formula == "D" else "CO1"
        text = _monoclinic([f"_chemical_formula_sum {formula}"], rows=[f"{label} 0.1 0.2 0.3"])
        assert _crystal(text).symbols == (element,) * 4


def test_sites_that_are_no_atoms_or_stand_twice_are_counted_right():
    columns = ("label", "calc_flag")
    assert len(_crystal(_monoclinic([], rows=["C1 . 0.1 0.2 0.3", "X1 dum 0.4 0.4 0.4"], columns=columns))) == 4
    # The second site is an image of the first; the third stands on an inversion centre, printed a little off it.
    rows = ["C1 0.1 0.2 0.3", "C2 0.9 0.8 0.7", "Cu1 0.4995 0.0 0.5004"]
    found = _crystal(_monoclinic([], rows=rows))
    assert found.symbols == ("C",) * 4 + ("Cu",) * 2
    assert found.fractions[4] == pytest.approx([0.5, 0.0, 0.5], abs=1e-9)


@pytest.mark.parametrize(("column", "values"), [("disorder_group", "12"), ("disorder_group", "-.")])
def test_disorder_is_refused(column, values):
    first, second = ("-1" if value == "-" else value for value in values)
    rows = [f"C1 {first} 0.1 0.2 0.3", f"C2 {second} 0.3 0.2 0.3"]
    with pytest.raises(FileFormatError, match="disorder"):
        _crystal(_monoclinic([], rows=rows, columns=("label", column)))


def test_hydrogens_without_a_place_are_refused():
    with pytest.raises(FileFormatError, match="Add the hydrogens"):
        _crystal(_monoclinic([], rows=["C1 2 0.1 0.2 0.3"], columns=("label", "attached_hydrogens")))


def _cell_of(a, b, c, alpha, beta, gamma, name, rows):
    tags = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
    values = zip(tags, (a, b, c, alpha, beta, gamma), strict=True)
    lines = ["data_x", *(f"_cell_{tag} {value}" for tag, value in values), f"_space_group_name_H-M_alt '{name}'"]
    lines += ["loop_", "_atom_site_label", *(f"_atom_site_fract_{axis}" for axis in "xyz"), *rows]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", ["R -3 c", "R -3 c :H", "R-3c", "R -3 c H"])
def test_corundum_is_the_same_in_both_settings(name):
    hexagonal = _crystal(_cell_of(4.754, 4.754, 12.982, 90, 90, 120, name, ["Al1 0 0 0.3522", "O1 0.3063 0 0.25"]))
    assert (hexagonal.symbols.count("Al"), hexagonal.symbols.count("O")) == (12, 18)
    edge, angle = 5.12586, 55.2505
    rows = ["Al1 0.3522 0.3522 0.3522", "O1 0.5563 -0.0563 0.25"]
    primitive = _crystal(_cell_of(edge, edge, edge, angle, angle, angle, name.replace("H", "R"), rows))
    assert (primitive.symbols.count("Al"), primitive.symbols.count("O")) == (4, 6)
    assert 3 * primitive.volume == pytest.approx(hexagonal.volume, rel=1e-3)
    near = [np.sort(_distances(crystal))[0] for crystal in (hexagonal, primitive)]
    assert near[0] == pytest.approx(near[1], abs=2e-3)


def _distances(crystal):
    apart = crystal.fractions[:, None] - crystal.fractions[None]
    apart -= np.round(apart)
    shifts = np.array(np.meshgrid(*[[-1, 0, 1]] * 3)).reshape(3, -1).T @ crystal.cell
    found = np.linalg.norm((apart @ crystal.cell)[:, :, None] + shifts, axis=-1)
    return found[found > 1e-6]


def test_an_origin_that_is_left_open_is_taken_where_the_file_bears_it_out():
    diamond = _cell_of(3.567, 3.567, 3.567, 90, 90, 90, "F d -3 m", ["C1 0.125 0.125 0.125"])
    with_formula = diamond.replace("data_x", "data_x\n_chemical_formula_sum C\n_cell_formula_units_Z 8")
    assert len(_crystal(with_formula)) == 8
    assert np.sort(_distances(_crystal(with_formula)))[0] == pytest.approx(3.567 * 3**0.5 / 4)
    with pytest.raises(FileFormatError, match="Write the symmetry operations into the file"):
        _crystal(diamond.replace("0.125 0.125 0.125", "0.1 0.1 0.1").replace("3.567", "19.567"))
    for name in ("F d -3 m :2", "F d -3 m Z", "F d -3 m:2"):
        assert len(_crystal(diamond.replace("F d -3 m", name))) == 8


def test_upper_case_dots_and_missing_quotes_are_understood():
    upper = "\n".join(line.upper() if line.startswith("_") and " " not in line else line for line in RUTILE.split("\n"))
    assert len(_crystal(upper)) == 6
    assert len(_crystal(RUTILE.replace("_cell_", "_cell.").replace("_atom_site_", "_atom_site."))) == 6
    assert len(_crystal(RUTILE.replace("'P 42/m n m'", "P 42/m n m"))) == 6
    assert len(_crystal(RUTILE.replace("loop_", "_chemical_formula_sum ''\nloop_"))) == 6
    assert len(_crystal(RUTILE.replace("_symmetry_space_group_name_H-M 'P 42/m n m'\n", ""))) == 6


@pytest.mark.parametrize(
    "change",
    [
        ("4.594(1)\n_cell_length_b", "0\n_cell_length_b"),
        ("4.594(1)\n_cell_length_b", "1e99\n_cell_length_b"),
        ("'Ti O2'", "'" + "C11" * 100 + "!'"),
        ("'Ti O2'", "'Ti" + "9" * 5000 + "'"),
        ("'Ti O2'", "'Ti0.00000000000000000001 O2'"),
        ("'P 42/m n m'", "P" + " x" * 100000),
        ("Tables_number 136", "Tables_number 1e99"),
        ("_Z 2", "_Z 1e99"),
        ("_atom_site_occupancy\nTi1 0 0 0 1", "_atom_site_calc_flag\nTi1 0 0 0 dum"),
    ],
)
def test_absurd_values_are_refused_at_once(change):
    assert change[0] in RUTILE
    with pytest.raises(FileFormatError):
        _crystal(RUTILE.replace(*change))
    assert len(_crystal(RUTILE.replace("'P 42/m n m'", "'P" + " " * 100000 + "x'"))) == 6
    many = "9" * 5000
    text = _monoclinic([], rows=[f"C1 {many} 0.1 0.2 0.3"], columns=("label", "symmetry_multiplicity"))
    assert len(_crystal(text)) == 4


CHECKED = RUTILE.replace(
    "loop_", "_cell_volume 62.45\n_chemical_formula_weight 79.866\n_exptl_crystal_density_diffrn 4.247\nloop_", 1
)


@settings(max_examples=300, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), st.integers(0, 9))
def test_a_changed_digit_is_refused_or_small(place, digit):
    digits = [k for k, letter in enumerate(CHECKED) if letter.isdigit()]
    at = digits[place % len(digits)]
    try:
        found = _crystal(CHECKED[:at] + str(digit) + CHECKED[at + 1 :])
    except FileFormatError:
        return
    assert sorted(found.symbols) == ["O"] * 4 + ["Ti"] * 2
    assert found.volume == pytest.approx(62.45, rel=0.011)


@pytest.mark.parametrize("cut", range(1, len(cif.cif_text(CRYSTAL)) - 1, 9))
def test_a_cut_cif_is_refused(cut):
    with pytest.raises(FileFormatError):
        _crystal(cif.cif_text(CRYSTAL)[:cut])


@pytest.mark.parametrize("twice", [False, True])
def test_a_lost_or_doubled_line_is_refused_or_harmless(twice):
    for text, read, same in (
        (cif.cif_text(CRYSTAL), _crystal, lambda found: _same_crystal(found, CRYSTAL)),
        (xyz.xyz_text(MOLECULE), _molecule, lambda found: np.allclose(found.positions, MOLECULE.positions)),
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
    content = bytearray((RUTILE if is_cif else xyz.xyz_text(MOLECULE)).encode())
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
    assert len(_molecule(xyz.xyz_text(MOLECULE).replace("\n", "\r\n"))) == 3


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(st.tuples(*[st.integers(-9, 9)] * 3), min_size=1, max_size=8, unique=True), st.integers(-2, 2))
def test_molecules_come_back(places, charge):
    symbols = ("C",) * len(places)
    molecule = Molecule("m", symbols, 1.3 * np.array(places, dtype=float), charge, 1 + (6 * len(places) - charge) % 2)
    read = _molecule(xyz.xyz_text(molecule))
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
        ('1\nLattice="5 0 0 0 5 0 0 0 5" Properties=species:S:1:pos:R:3\nH 0 0 0\n', "Export the crystal as a CIF"),
        ('1\nlattice="5 0 0 0 5 0 0 0 5" pbc="F F T"\nH 0 0 0\n', "periodic"),
        ("1\nProperties=species:S:1:forces:R:3\nH 0 0 0\n", "the columns"),
    ],
)
def test_an_xyz_that_contradicts_itself_is_refused(text, said):
    with pytest.raises(FileFormatError, match=said):
        _molecule(text)


def test_a_box_without_periods_is_no_crystal():
    assert len(_molecule('1\nLattice="5 0 0 0 5 0 0 0 5" pbc="F F F"\nH 0 0 0\n')) == 1


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


SHARED = """data_shared
_chemical_formula_sum 'Cl Li0.4 Na0.6'
_cell_formula_units_Z 4
_cell_length_a 5.14
_cell_length_b 5.14
_cell_length_c 5.14
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'F m -3 m'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
_atom_site_occupancy
Li1 Li 0 0 0 0.4
Na1 Na 0 0 0 0.6
Cl1 Cl 0.5 0.5 0.5 1
"""


def _partial(text):
    return cif.read_raw_crystal(RawFile("a.cif", text.encode()), partial=True)


def test_species_that_share_a_site_keep_their_occupancies():
    found = _partial(SHARED)
    shares = {symbol: found.shares[np.array(found.symbols) == symbol].tolist() for symbol in ("Li", "Na", "Cl")}
    assert shares == {"Li": [0.4] * 4, "Na": [0.6] * 4, "Cl": [1.0] * 4}
    assert found.metadata["formula"] == "Li1.6 Na2.4 Cl4"
    again = _partial(cif.cif_text(found))
    assert again.shares == pytest.approx(found.shares)
    with pytest.raises(FileFormatError, match=r"occupancy of 0.4 at Li1\. .*simulate diffraction"):
        _crystal(SHARED)
    with pytest.raises(InputError, match="would need whole atoms"):
        found.check_whole("The free space")


def test_a_crystal_without_partial_sites_is_the_same_whether_they_are_allowed():
    found = _partial(RUTILE)
    assert found.occupancies is None
    assert found.symbols == _crystal(RUTILE).symbols


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("0 0.6\n", "0 0.7\n"), "the atoms Cl4 Li1.6 Na2.4 in the cell"),
        (("_chemical_formula_sum 'Cl Li0.4 Na0.6'\n", "", "0 0.6\n", "0 0.7\n"), "put 1.1 atoms on the place"),
        (("0 0.6\n", "0 1.6\n"), "occupancies from 0 to 1"),
        (("0 0.6\n", "0 -0.6\n"), "occupancies from 0 to 1"),
        (("Na1 Na 0 0 0 0.6", "Na1 Na 0.45 0.45 0.45 0.075"), "0.45 angstrom from Na1 to Cl1"),
    ],
)
def test_occupancies_that_cannot_be_are_refused(change, said):
    text = SHARED
    for old, new in zip(change[::2], change[1::2], strict=True):
        assert old in text
        text = text.replace(old, new)
    with pytest.raises(FileFormatError, match=said):
        _partial(text)


def test_alternatives_of_a_disorder_may_be_near_each_other():
    text = SHARED.replace("Na1 Na 0 0 0", "Na1 Na 0.04 0 0").replace("0 0.6\n", "0 0.1\n")
    assert len(_partial(text)) == 4 + 24 + 4
