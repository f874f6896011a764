"""Roughness, adhesion and sheets: surfaces of known truth, whose intervals cover as often as they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.report.figure_contract import hold

import lamion
from lamion.quantities import InputError
from lamion.records import AdhesionMap, HeightMap
from lamion.records.surface import points_of
from lamion.synthetic.surfaces import Sheets, rough_surface, sheets_map
from lamion.techniques.microscopy.adhesion import adhesion, adhesion_raw, compare_raw
from lamion.techniques.microscopy.levelling import LEVELLINGS, level_raw
from lamion.techniques.microscopy.mean_of_map import mean_of_map_raw
from lamion.techniques.microscopy.roughness import roughness, roughness_raw
from lamion.techniques.microscopy.sheets import sheets, sheets_raw

COVERED = 0.683


def height_map(z: np.ndarray, step: float = 1e-9) -> HeightMap:
    return HeightMap(**points_of(z.shape[1], z.shape[0], step, step), height=z.ravel())


def seeds(few: int = 400):
    return [(few, 0.07), pytest.param(2000, 0.04, marks=pytest.mark.slow)]


@pytest.mark.parametrize(("count", "within"), seeds())
@pytest.mark.parametrize("length", [2.0, 5.0])
def test_the_mean_of_a_map_is_covered(length, count, within):
    found = [mean_of_map_raw(rough_surface((96, 80), 1.0, 1.0, length, [int(length), k])) for k in range(count)]
    assert np.mean([abs(one.value) < one.deviation for one in found]) == pytest.approx(COVERED, abs=within)
    # In the plane a correlation of exp(-r2 / l2) sums up to pi l2 points.
    assert np.median([one.number for one in found]) == pytest.approx(96 * 80 / (np.pi * length**2), rel=0.25)


@pytest.mark.parametrize(("count", "within"), seeds())
@pytest.mark.parametrize("length", [2.0, 5.0])
def test_the_roughness_is_covered(length, count, within):
    found = [roughness_raw(rough_surface((96, 96), 1.0, 3.0, length, [7, int(length), k])) for k in range(count)]
    rq = [abs(one.root_mean_square - 3.0) < np.hypot(one.root_mean_square_noise, one.taken * 3.0) for one in found]
    # Of Gaussian heights the mean distance is sqrt(2 / pi) of the root mean square.
    ra = [
        abs(one.average - 3.0 * np.sqrt(2 / np.pi)) < np.hypot(one.average_noise, one.taken * one.average)
        for one in found
    ]
    assert np.mean(rq) == pytest.approx(COVERED, abs=within + 0.02 * (length > 3))
    assert np.mean(ra) == pytest.approx(COVERED, abs=within + 0.02 * (length > 3))


@pytest.mark.parametrize("levelling", LEVELLINGS)
def test_levelling_takes_away_what_it_says(levelling):
    y, x = np.mgrid[:30, :40] / 10.0
    terms = {"mean": 0.0 * x, "plane": 2 * x - y, "rows": 2 * x - y + np.sin(9 * y), "quadratic": x**2 - x * y + 3 * y}
    assert level_raw(terms[levelling] + 5.0, levelling) == pytest.approx(np.zeros(x.shape), abs=1e-9)


def test_a_reference_may_be_a_part_of_the_map():
    z = np.zeros((20, 30))
    z[5:15, 5:15] = 4.0
    tilted = z + np.add.outer(0.1 * np.arange(20), 0.2 * np.arange(30))
    assert level_raw(tilted, "plane", z == 0.0) == pytest.approx(z, abs=1e-9)


def test_the_roughness_by_levelling_is_its_uncertainty():
    bowed = rough_surface((80, 80), 1.0, 1e-9, 2.0, 3) + 4e-9 * np.linspace(-1, 1, 80)[None, :] ** 2
    answer = roughness([height_map(bowed)])
    flat = roughness([height_map(bowed)], "quadratic")
    assert answer["Rq"].value > 1.3 * flat["Rq"].value
    assert answer.notes["uncertainty"]["Rq"]["levelling / nm"] > 0.2
    assert any("depends on the levelling" in one for one in answer.warnings)
    assert flat["Rq"].value == pytest.approx(1.0, rel=0.05)
    hold(answer.figures["heights"])


def test_places_of_one_sample_scatter():
    maps = [height_map(rough_surface((64, 64), 1.0, rq, 2.0, k)) for k, rq in enumerate((1e-9, 2e-9, 3e-9))]
    answer = roughness(maps)
    # By hand: the standard error of 1, 2, 3 is 1 / sqrt(3), and Student's factor of two degrees of freedom 1.32.
    assert answer["Rq"].value == pytest.approx(2.0, rel=0.05)
    assert answer["Rq"].std == pytest.approx(1.32 / np.sqrt(3), rel=0.1)
    assert len(answer.series["Rq / nm"]) == 9


def test_what_shows_no_roughness_is_said():
    with pytest.raises(InputError, match="flat to the last digit"):
        roughness([height_map(np.zeros((10, 10)))])
    wide = roughness([height_map(rough_surface((64, 64), 1.0, 1e-9, 30.0, 1))])
    assert any("Scan a larger area" in one for one in wide.warnings)


def test_points_that_are_no_raster_are_refused():
    places = points_of(10, 10, 1e-9, 1e-9)
    with pytest.raises(InputError, match="not those of one raster"):
        HeightMap(x=places["x"][:-1], y=places["y"][:-1], height=np.zeros(99)).raster  # noqa: B018
    shuffled = np.random.default_rng(1).permutation(100)
    z = np.arange(100.0)
    again = HeightMap(x=places["x"][shuffled], y=places["y"][shuffled], height=z[shuffled])
    assert again.raster.values == pytest.approx(z.reshape(10, 10))


def test_a_real_map(real_data: Path):
    """Rq and Ra of pySPM 0.6.3's heights above a plane."""
    answer = lamion.analyze.roughness(str(real_data / "afm" / "di-5.di"))
    assert answer["Rq"].value == pytest.approx(1.536, abs=5e-4)
    assert answer["Ra"].value == pytest.approx(1.251, abs=5e-4)
    assert answer["Rq"].std > 0.1


def forces(mean: float, seed: int, scatter: float = 2e-9) -> AdhesionMap:
    z = mean + rough_surface((64, 64), 1.0, scatter, 3.0, seed)
    return AdhesionMap(**points_of(64, 64, 1e-8, 1e-8), adhesion=z.ravel())


def test_alike_samples_are_told_apart_as_often_as_stated():
    """Of samples that are alike one in twenty differs at 95 %, and the probability is even."""
    found = [
        compare_raw(
            *(adhesion_raw(8.0 + rough_surface((64, 64), 1.0, 2.0, 3.0, [k, which])) for which in range(2))
        ).probability
        for k in range(400)
    ]
    assert np.mean(np.array(found) < 0.05) == pytest.approx(0.05, abs=0.03)
    assert np.mean(np.array(found) < 0.317) == pytest.approx(0.317, abs=0.07)


def test_samples_that_differ():
    answer = adhesion([forces(8e-9, 1), forces(12e-9, 2)], ["a", "b"], scale=0.1)
    assert answer["adhesion"].value == pytest.approx(8.0, rel=0.05)
    assert answer["adhesion"].std == pytest.approx(0.8, rel=0.1)  # the spring constant, which the ratio does not hold
    assert answer["b.ratio"].value == pytest.approx(1.5, abs=0.05)
    assert answer.notes["verdict"] == "b above a"
    assert any("compares two places" in one for one in answer.warnings)
    scattered = adhesion([forces(8e-9, 1), forces(12e-9, 2)], ["a", "b"], places=0.3)
    assert scattered.notes["verdict"] == "b not told from a"
    hold(answer.figures["adhesion"])


def test_adhesion_of_no_sign_is_refused():
    with pytest.raises(InputError, match="not above zero"):
        adhesion([forces(8e-9, 1), forces(-8e-9, 2)], ["a", "b"])


SIZES = (1.0e-6, 1.5e-6, 2.0e-6, 2.5e-6, 3.0e-6)


@pytest.mark.parametrize(("count", "within"), [(60, 0.15), pytest.param(400, 0.07, marks=pytest.mark.slow)])
def test_the_thickness_of_sheets_is_covered(count, within):
    found = [sheets(sheets_map(Sheets(4.5e-9, SIZES), 1.2e-5, 192, [5, k])) for k in range(count)]
    covered = np.mean([abs(one["thickness"].value - 4.5) < one["thickness"].std for one in found])
    assert COVERED - within < covered < 0.95  # the spread of readings is counted in full
    for name, truth in (("smallest", 1.0), ("largest", 3.0), ("size", 2.0)):
        assert all(abs(one[name].value - truth) < 2 * one[name].std for one in found)


def test_sheets_that_are_cut_or_lie_on_each_other():
    record = sheets_map(Sheets(4.5e-9, SIZES), 1.2e-5, 192, 3)
    z = record.raster.values.copy()
    z[:30, 60:100] += 9e-9
    answer = sheets(height_map(z, 6.25e-8))
    assert "cut by the edge" in answer.series["Whole"]
    said = " ".join(answer.warnings)
    assert "cut by the edge of the map" in said
    assert "lie on each other" in said
    hold(answer.figures["heights"])


def test_no_sheet_is_said():
    with pytest.raises(InputError, match="No sheet stands out"):
        sheets_raw(rough_surface((64, 64), 1.0, 1e-9, 3.0, 1), 1e-9, 1e-9)
