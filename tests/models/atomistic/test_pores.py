"""Pores against exact cases and Zeo++."""

import math

import numpy as np
import pytest

from lamion.models.atomistic.guests import passing_diameter
from lamion.models.atomistic.molecules import species
from lamion.models.atomistic.pores import pores
from lamion.models.atomistic.pores_answer import slipped_pores_answer
from lamion.models.atomistic.stacking import aa, slipped, stack
from lamion.quantities import InputError
from lamion.substances.crystal import Crystal


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
