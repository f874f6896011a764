"""The sheet, its patterns and its pores, against hand values, exact cases, pymatgen and Zeo++."""

import json
import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from lamion.models.atomistic.clashes import tightest_contact
from lamion.models.atomistic.diffraction import PatternSettings, pattern
from lamion.models.atomistic.guests import passing_diameter
from lamion.models.atomistic.molecules import species
from lamion.models.atomistic.pores import pores
from lamion.models.atomistic.sheet import sheet
from lamion.models.atomistic.stacking import Stacking, aa, ab, slipped, stack
from lamion.models.atomistic.stacking_answer import slipped_pores_answer, stacking_answer
from lamion.quantities import InputError
from lamion.substances.crystal import Crystal

LITERATURE = 16.70


@pytest.fixture(scope="module")
def layer():
    return sheet(lattice=LITERATURE)


def test_the_sheet_has_the_frameworks_formula_and_lattice():
    built = sheet()
    assert Counter(built.symbols) == {"Cu": 3, "C": 48, "H": 24, "N": 4, "O": 8}
    assert built.lattice == pytest.approx(16.62, abs=0.03)  # the hand-built sheet without strain


def test_the_sheet_has_the_symmetry_p4_mmm(layer):
    a = layer.lattice

    def canonical(positions):
        wrapped = positions.copy()
        wrapped[:, :2] = np.round(wrapped[:, :2] % a, 3) % round(a, 3)
        return sorted(
            (symbol, *map(float, np.round(place, 2) + 0.0))
            for symbol, place in zip(layer.symbols, wrapped, strict=True)
        )

    own = canonical(layer.positions)
    turned = layer.positions @ np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]])
    mirrored = layer.positions * np.array([1.0, 1.0, -1.0])
    diagonal = layer.positions[:, [1, 0, 2]]
    assert canonical(turned) == own
    assert canonical(mirrored) == own
    assert canonical(diagonal) == own


@pytest.mark.parametrize(
    ("linker", "node", "centre"), [("tcpp", "Zn", "Zn"), ("tcbpp", "Cu", "Co"), ("tcpp", "Co", "Fe")]
)
def test_bonds_of_other_sheets_are_bonds(linker, node, centre):
    crystal = stack(sheet(linker, node=node, centre=centre), aa(12.0))
    apart = crystal.fractions[:, None, :] - crystal.fractions[None, :, :]
    apart -= np.round(apart)
    distance = np.linalg.norm(apart @ crystal.cell, axis=2) + 10 * np.eye(len(crystal))
    nearest = dict.fromkeys(crystal.symbols, 0.0)
    for symbol, value in zip(crystal.symbols, distance.min(axis=1), strict=True):
        nearest[symbol] = max(nearest[symbol], float(value))
    assert 1.05 < nearest["H"] < 1.12
    assert nearest["C"] < 1.45
    assert nearest["O"] == pytest.approx(1.26, abs=0.01)
    assert distance.min() > 1.0


def test_a_strained_lattice_keeps_the_rings(layer):
    assert layer.strain == pytest.approx(LITERATURE / sheet().lattice - 1)
    with pytest.raises(InputError, match="strain the sheet by"):
        sheet(lattice=18.0)


def test_stacks_have_the_angles_of_the_paper_and_the_literature(layer):
    flat = PatternSettings(march=0.2)
    slip = pattern(stack(layer, slipped(4.64, (0.5, 0.3))), flat)
    assert slip[0].two_theta == pytest.approx(19.13, abs=0.005)
    assert slip[1].intensity < 0.05
    powder = pattern(stack(layer, aa(4.64)))
    assert powder[0].hkl == (1, 1, 0)
    assert powder[0].two_theta == pytest.approx(7.49, abs=0.005)


def test_doubled_layers_contradict_a_single_peak_at_19_degrees(layer):
    by_hkl = {peak.hkl: peak for peak in pattern(stack(layer, ab(9.28)), PatternSettings(march=0.2))}
    assert by_hkl[0, 0, 2].two_theta == pytest.approx(9.53, abs=0.005)
    assert 15 < by_hkl[0, 0, 2].intensity / by_hkl[0, 0, 4].intensity < 22


def test_the_powder_pattern_is_pymatgens(layer):
    stored = json.loads((Path(__file__).parent / "pymatgen_reference.json").read_text())
    settings = PatternSettings(wavelength=stored["wavelength"], anomalous=False)
    own = pattern(stack(layer, slipped(4.64, (0.5, 0.3))), settings)
    for angle, intensity in stored["peaks"]:
        found = sum(peak.intensity for peak in own if abs(peak.two_theta - angle) < 0.03)
        assert 100 * found == pytest.approx(intensity, rel=0.01)


def test_a_texture_keeps_the_sum_over_all_orientations():
    """March's function is normalised: its mean over the sphere is 1 for every r."""
    cosine = np.linspace(0.0, 1.0, 20001)
    for r in (0.2, 0.5, 2.0):
        weight = (r**2 * cosine**2 + (1 - cosine**2) / r) ** -1.5
        assert np.trapezoid(weight, cosine) == pytest.approx(1.0, abs=1e-4)


def test_a_cubic_family_is_textured_reflection_by_reflection():
    cube = Crystal("cube", 5.0 * np.eye(3), ("Cu",), np.zeros((1, 3)))
    r = 0.4
    plain = {peak.hkl: peak.intensity for peak in pattern(cube)}
    textured = {peak.hkl: peak.intensity for peak in pattern(cube, PatternSettings(march=r))}
    along, across = r**-3, r**1.5
    diagonal = (r**2 / 3 + 2 / (3 * r)) ** -1.5
    expected = plain[1, 1, 1] / plain[1, 0, 0] * diagonal / ((2 * along + 4 * across) / 6)
    ratio = textured[1, 1, 1] / next(v for hkl, v in textured.items() if sorted(map(abs, hkl)) == [0, 0, 1])
    assert ratio == pytest.approx(expected, rel=1e-6)


def test_a_centred_cell_has_its_extinctions():
    places = np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]])
    peaks = pattern(Crystal("iron", 2.866 * np.eye(3), ("Fe", "Fe"), places), PatternSettings(highest=120.0))
    assert peaks
    assert all(sum(peak.hkl) % 2 == 0 for peak in peaks)


@pytest.mark.parametrize(
    "wrong",
    [
        {"march": 0.0},
        {"march": math.nan},
        {"lowest": 40.0},
        {"wavelength": -1.0},
        {"normal": (0, 0, 0)},
        {"highest": 200.0},
    ],
)
def test_settings_that_make_no_sense_are_refused(layer, wrong):
    with pytest.raises(InputError):
        pattern(stack(layer, aa(4.64)), PatternSettings(**wrong))


def test_contacts(layer):
    slip = tightest_contact(layer, slipped(4.64, (0.5, 0.3)))
    assert set(slip.pair) == {"C", "H"}
    assert slip.distance == pytest.approx(2.60, abs=0.02)  # the hand-built sheet's
    assert not slip.clash
    assert tightest_contact(layer, aa(4.64)).clash
    assert tightest_contact(layer, ab(4.64)).clash
    assert not tightest_contact(layer, aa(9.28)).clash


@pytest.mark.parametrize("spacing", [0.0, -4.64, math.nan, 500.0])
def test_impossible_spacings_are_refused(layer, spacing):
    with pytest.raises(InputError):
        stack(layer, Stacking(spacing))


def test_pores_of_a_simple_cubic_lattice_are_exact():
    cell, r = 6.0, 1.75
    found = pores(Crystal("cubic", cell * np.eye(3), ("Cl",), np.zeros((1, 3))), 0.1)
    assert found.largest == pytest.approx(cell * math.sqrt(3) - 2 * r, abs=1e-3)
    assert found.limiting == pytest.approx(cell * math.sqrt(2) - 2 * r, abs=0.1)


def test_a_closed_cage_lets_nothing_through():
    """Atoms whose spheres overlap along every face leave a cage without a window."""
    grid = np.array([[i, j, k] for i in range(4) for j in range(4) for k in range(4)]) / 4
    shell = grid[np.any(grid == 0, axis=1)]
    found = pores(Crystal("cage", 8.0 * np.eye(3), ("C",) * len(shell), shell), 0.25)
    assert found.largest == pytest.approx(8.0 - 3.4, abs=0.01)
    assert found.limiting == 0.0


def test_pores_move_with_no_shift_of_the_origin(layer):
    crystal = stack(layer, slipped(4.64, (0.5, 0.3)))
    moved = Crystal("moved", crystal.cell, crystal.symbols, crystal.fractions + np.array([0.31, 0.17, 0.43]))
    one, other = pores(crystal, 0.4), pores(moved, 0.4)
    assert one.largest == pytest.approx(other.largest, abs=5e-3)
    assert one.limiting == pytest.approx(other.limiting, abs=0.4)


def test_pores_are_those_of_zeo(layer, tmp_path):
    """With one radius for all atoms Zeo++'s Voronoi network is exact; with several it is not, unless refined."""
    storage = pytest.importorskip("pyzeo.netstorage")
    crystal = stack(layer, aa(9.28))
    file, radii, result = tmp_path / "a.cssr", tmp_path / "a.rad", tmp_path / "a.res"
    a, b, c, alpha, beta, gamma = crystal.lengths_and_angles
    lines = [f"{'':38}{a:8.4f}{b:8.4f}{c:8.4f}", f"{'':21}{alpha:8.4f}{beta:8.4f}{gamma:8.4f}    SPGR =  1 P 1"]
    lines += [f"{len(crystal):4d}   0 sheet", "     0 sheet"]
    for k, (symbol, place) in enumerate(zip(crystal.symbols, crystal.fractions % 1, strict=True), start=1):
        x, y, z = place
        lines.append(f"{k:4d} {symbol:<4s}  {x:.8f} {y:.8f} {z:.8f}    0   0   0   0   0   0   0   0  0.000")
    file.write_text("\n".join(lines) + "\n")
    radii.write_text("".join(f"{symbol} 1.5\n" for symbol in sorted(set(crystal.symbols))))
    network = storage.AtomNetwork.read_from_CSSR(str(file), rad_flag=True, rad_file=str(radii))
    network.calculate_free_sphere_parameters(str(result))
    largest, limiting = map(float, result.read_text().split()[1:3])
    own = pores(crystal, 0.25, radii=dict.fromkeys(crystal.symbols, 1.5))
    assert own.largest == pytest.approx(largest, abs=0.01)
    assert own.limiting == pytest.approx(limiting, abs=0.15)


def test_one_stacking_explains_the_peak(layer):
    answer = stacking_answer(layer, 4.64, 19.1)
    assert answer.notes["explains"] == ["slip (0.5, 0.3), layers 4.64 Å apart"]
    assert answer.series["That peak alone"][3:] == ["no", "no"]


def test_pores_over_the_slips_hold_the_hand_value(layer):
    answer = slipped_pores_answer(layer, 4.64, 10)
    found = answer.results["largest_sphere"]
    assert abs(found.value - 5.39) < 2 * found.std  # one slip, Zeo++
    with pytest.raises(InputError, match="without a clash"):
        slipped_pores_answer(layer, 2.0, 10)


def test_windows_of_ions():
    assert passing_diameter(species("li+").conformers[0]) == 1.52
    ball = passing_diameter(species("co").conformers[0])
    assert ball == pytest.approx(2 * 1.70, abs=0.06)  # lengthwise, the wider of its two atoms
    assert 5.5 < passing_diameter(species("tfsi-").conformers[0]) < 7.0
