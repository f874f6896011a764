"""Pores against exact cases and Zeo++."""

import math

import numpy as np
import pytest

from lamion.models.atomistic.pores.enclosing import enclosing_radii
from lamion.models.atomistic.pores.free_space import free_space
from lamion.models.atomistic.pores.guests import narrowest_window, passing_diameter
from lamion.models.atomistic.pores.pores import crystal_pores, pores, slipped_pores
from lamion.models.atomistic.structure.molecules import species
from lamion.models.atomistic.structure.radii import described, radius
from lamion.models.atomistic.structure.stacking import aa, slipped, stack
from lamion.quantities import InputError
from lamion.substances.crystal import Crystal

_CUBIC = {
    "simple": ([[0, 0, 0]], 6.0, math.sqrt(3) / 2, math.sqrt(2) / 2),
    "body-centred": ([[0, 0, 0], [0.5, 0.5, 0.5]], 7.0, math.sqrt(5) / 4, 3 * math.sqrt(2) / 8),
    "face-centred": ([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]], 8.0, 0.5, math.sqrt(6) / 6),
}
"""Places, edge, and the distances of the widest place and of the window from the nearest atom, in edges."""


@pytest.mark.parametrize("lattice", _CUBIC)
@pytest.mark.parametrize("spacing", [0.45, 1.0])
def test_the_interval_holds_the_exact_pores_of_cubic_lattices_wherever_the_origin_is(lattice, spacing):
    places, edge, widest, window = _CUBIC[lattice]
    rng = np.random.default_rng(7)
    for _ in range(3):
        at = np.array(places) + rng.random(3)
        found = pores(Crystal(lattice, edge * np.eye(3), ("Cl",) * len(at), at), spacing)
        for bracket, distance in ((found.largest, widest), (found.limiting, window)):
            exact = 2 * (distance * edge - 1.75)
            assert bracket.low - 1e-9 <= exact <= bracket.high + 1e-9
            assert bracket.half < 0.0101


def test_pores_of_a_skewed_cell_are_those_of_the_same_lattice():
    skewed = np.array([[6.0, 0, 0], [6.0, 6.0, 0], [-6.0, 6.0, 6.0]])
    found = pores(Crystal("skewed", skewed, ("Cl",), np.array([[0.2, 0.4, 0.7]])))
    assert found.largest.middle == pytest.approx(6 * math.sqrt(3) - 3.5, abs=1e-3)
    assert abs(found.limiting.middle - (6 * math.sqrt(2) - 3.5)) <= found.limiting.half


def test_two_kinds_of_atoms_leave_a_window_between_their_spheres():
    """Caesium chloride: the window is the circle that two kinds of spheres leave, at the middle of an edge's face."""
    radii = {"Cs": 2.0, "Cl": 1.0}
    crystal = Crystal("CsCl", 6.0 * np.eye(3), ("Cs", "Cl"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]]))
    space = free_space(crystal, 0.1, radii)
    middles = space.boxes()
    found = pores(crystal, 0.5, radii=radii)
    assert 2 * middles.clearance.max() <= found.largest.high
    assert 2 * middles.most.max() >= found.largest.low
    assert found.limiting.high <= found.largest.high


def test_a_box_holds_no_clearance_above_its_bound(layer):
    space = free_space(stack(layer, slipped(4.64, (0.5, 0.3))), 1.0)
    boxes = space.boxes()
    rng = np.random.default_rng(3)
    inside = (boxes.index + rng.random((len(boxes), 3))) / space.shape
    clearance = space.clearance(inside)
    assert np.all(clearance <= boxes.most + 1e-9)
    assert np.all(clearance >= boxes.clearance - space.slack(boxes) - 1e-9)


def test_a_closed_cage_lets_nothing_through():
    """Atoms whose spheres overlap along every face leave a cage without a window."""
    grid = np.array([[i, j, k] for i in range(4) for j in range(4) for k in range(4)]) / 4
    shell = grid[np.any(grid == 0, axis=1)]
    crystal = Crystal("cage", 8.0 * np.eye(3), ("C",) * len(shell), shell)
    found = pores(crystal)
    assert found.largest.middle == pytest.approx(8.0 - 3.4, abs=0.001)
    assert found.limiting is None
    answer = crystal_pores(crystal, [("li+", species("li+").conformers)])
    assert answer.to_json()["results"]["limiting_sphere"]["value"] is None
    assert answer.series["Passes"] == ["no"]


def test_dense_iron_has_no_pore():
    iron = Crystal("iron", 2.87 * np.eye(3), ("Fe", "Fe"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]]))
    answer = crystal_pores(iron, [])
    assert dict(answer.unreached) == {"largest_sphere": "angstrom", "limiting_sphere": "angstrom"}
    assert "Alvarez" in answer.warnings[0]


@pytest.mark.parametrize("spacing", [0.0, -1.0, 5.0, 500.0, math.nan])
def test_a_grid_that_makes_no_sense_is_refused(spacing):
    with pytest.raises(InputError, match="at most 1"):
        pores(Crystal("cubic", 6.0 * np.eye(3), ("Cl",), np.zeros((1, 3))), spacing)


def test_pores_move_with_no_shift_of_the_origin_and_no_other_grid(layer):
    crystal = stack(layer, slipped(4.64, (0.5, 0.3)))
    moved = Crystal("moved", crystal.cell, crystal.symbols, crystal.fractions + np.array([0.31, 0.17, 0.43]))
    one, other = pores(crystal), pores(moved, 0.9)
    assert one.largest.middle == pytest.approx(other.largest.middle, abs=1e-3)
    assert max(one.limiting.low, other.limiting.low) <= min(one.limiting.high, other.limiting.high)
    assert abs(one.limiting.middle - 4.99) < 0.05


@pytest.mark.parametrize("stacking", [aa(9.28), slipped(4.64, (0.5, 0.3))], ids=["AA", "slip"])
def test_pores_are_those_of_zeo(layer, stacking, tmp_path):
    """With one radius for all atoms Zeo++'s Voronoi network is exact; with several it is not, unless refined."""
    storage = pytest.importorskip("pyzeo.netstorage")
    crystal = stack(layer, stacking)
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
    own = pores(crystal, radii=dict.fromkeys(crystal.symbols, 1.5))
    assert own.largest.middle == pytest.approx(largest, abs=2e-3)
    assert own.limiting.low - 2e-3 <= limiting <= own.limiting.high + 2e-3
    assert own.limiting.half < 0.02


def test_pores_over_the_slips_hold_the_hand_value(layer):
    answer = slipped_pores(layer, 4.64, 10)
    found = answer.results["largest_sphere"]
    assert abs(found.value - 5.39) < 2 * found.std  # one slip, Zeo++
    assert found.std > 0.2
    with pytest.raises(InputError, match="without a clash"):
        slipped_pores(layer, 2.0, 10)


def test_both_diameters_carry_the_uncertainty_of_the_radii():
    crystal = Crystal("cubic", 6.0 * np.eye(3), ("Cl",), np.zeros((1, 3)))
    wider = Crystal("wider", 6.3 * np.eye(3), ("Cl",), np.zeros((1, 3)))
    results = crystal_pores(crystal, []).results
    assert results["largest_sphere"].std == pytest.approx(0.2, abs=1e-3)
    assert results["limiting_sphere"].std == pytest.approx(0.2, abs=1e-3)
    moved = crystal_pores(crystal, [], moved=[wider]).results["largest_sphere"].std
    assert moved == pytest.approx(math.hypot(0.2, 0.3 * math.sqrt(3)), abs=2e-3)


def test_a_guest_as_wide_as_the_window_is_too_close_to_say():
    crystal = Crystal("cubic", 6.0 * np.eye(3), ("Cl",), np.zeros((1, 3)))  # a window of 4.99
    guests = [(name, species(name).conformers) for name in ("li+", "sn", "tfsi-")]
    answer = crystal_pores(crystal, guests)
    assert answer.series["Passes"] == ["yes", "too close to say", "no"]
    assert crystal_pores(crystal, guests, radii={"Cl": 1.0}).series["Passes"][1] == "yes"


def test_windows_of_ions_and_molecules():
    assert narrowest_window(species("li+").conformers) == 1.52
    assert passing_diameter(species("co").conformers[0]) == pytest.approx(2 * 1.70, abs=1e-6)  # its wider atom
    assert narrowest_window(species("sn").conformers) == passing_diameter(species("sn-trans").conformers[0])
    assert 5.5 < narrowest_window(species("tfsi-").conformers) < 7.0


def test_the_window_of_water_is_that_of_a_free_search():
    from scipy.optimize import minimize

    water = species("h2o").conformers[0]
    radii = np.array([radius(symbol) for symbol in water.symbols])

    def reach(x):
        n = np.array([math.sin(x[0]) * math.cos(x[1]), math.sin(x[0]) * math.sin(x[1]), math.cos(x[0])])
        apart = water.positions - x[2:]
        return float(np.max(np.linalg.norm(apart - np.outer(apart @ n, n), axis=1) + radii))

    rng = np.random.default_rng(1)
    starts = [np.concatenate([rng.uniform(0, math.pi, 2), water.positions.mean(axis=0)]) for _ in range(12)]
    options = {"xatol": 1e-8, "fatol": 1e-9, "maxiter": 4000}
    best = 2 * min(minimize(reach, start, method="Nelder-Mead", options=options).fun for start in starts)
    assert passing_diameter(water) == pytest.approx(best, abs=2e-3)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 12])
def test_the_smallest_circle_around_discs_is_that_of_a_convex_search(count):
    from scipy.optimize import minimize

    rng = np.random.default_rng(count)
    sets, radii = 2 * rng.normal(size=(20, count, 2)), rng.uniform(0.5, 2.0, count)
    sets[:5, :, 1] = 0.0
    for points, found in zip(sets, enclosing_radii(sets, radii), strict=True):

        def reach(c, points=points):
            return float(np.max(np.linalg.norm(points - c, axis=1) + radii))

        options = {"xatol": 1e-9, "fatol": 1e-10, "maxiter": 2000}
        searched = [minimize(reach, s, method="Nelder-Mead", options=options).fun for s in (points[0], points.mean(0))]
        assert found == pytest.approx(min(searched), abs=1e-6)


def test_every_element_of_a_framework_has_a_radius_with_a_source():
    pytest.importorskip("ase")
    assert radius("Al") == 1.84
    assert radius("Ba") == 2.68
    assert radius("Fe") == 2.44
    assert radius("Zr") == 2.52
    assert described(["Zr", "O"], {"O": 1.4}) == {"O": "1.4 angstrom, given", "Zr": "2.52 angstrom, Alvarez 2013"}
    for symbol in ("Pm", "Lr", "Xx"):
        with pytest.raises(InputError, match="Give one of your own"):
            radius(symbol)


def test_stored_radii_are_those_of_ase_but_for_what_it_misprints():
    """ASE keeps hydrogen's and lithium's of Bondi, and strontium's for barium."""
    ase = pytest.importorskip("ase.data")
    from lamion.models.atomistic.structure.radii import VAN_DER_WAALS

    other = {s for s, r in VAN_DER_WAALS.items() if abs(r - ase.vdw_radii[ase.atomic_numbers[s]]) > 1e-9}
    assert other == {"H", "Ba"}
