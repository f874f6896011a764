"""Powder patterns of known distances, sizes and crystallinity; and real ones of known substances."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lamion.formats import read
from lamion.models.atomistic.diffraction.reflections import PatternSettings, powder_pattern_raw
from lamion.quantities import InputError
from lamion.records import Pattern
from lamion.substances.crystal import Crystal
from lamion.synthetic.diffraction import PowderTruth
from lamion.techniques.diffraction.angles import STANDARDS, Scale
from lamion.techniques.diffraction.diffraction import diffraction
from lamion.techniques.diffraction.doublet import with_second
from lamion.techniques.diffraction.measured import Measured
from lamion.techniques.diffraction.radiation import Radiation, radiation_named, radiation_of
from lamion.techniques.diffraction.search import find_peaks, windows
from lamion.techniques.diffraction.size import breadth, scherrer_raw, williamson_hall_raw
from lamion.techniques.peaks.axes import curve_of
from lamion.techniques.peaks.component import Component
from lamion.techniques.peaks.fit import fit_peaks
from lamion.techniques.peaks.intervals import parameter_interval, share_interval
from lamion.techniques.peaks.peaks import Choice, at_positions

EXACT = {"zero": (0.0, 0.0), "displacement": (0.0, 0.0)}
ONE = PowderTruth([(19.1, 300.0)], size=20.0)
NARROW = np.round(np.arange(17.2, 21.0, 0.03), 3)


def pattern(truth: PowderTruth, x: np.ndarray, seed: int = 1, **facts: object) -> Pattern:
    return Pattern(x, truth.measured(x, seed), **({"anode": "Cu"} | facts))


def test_the_second_line_stands_where_braggs_law_puts_it():
    rays = radiation_named("CuKa")
    for angle in (10.0, 30.0, 60.0, 120.0):
        tie = with_second([Component.of("a", position=angle)], rays)[1].setting("position").tie
        for near in (angle - 1.0, angle, angle + 1.0):
            exact = 2 * math.degrees(math.asin(rays.second / rays.wavelength * math.sin(math.radians(near / 2))))
            assert tie.factor * near + tie.offset == pytest.approx(exact, abs=1e-3 if angle == 120.0 else 2e-5)


def test_the_radiation_is_the_files_or_the_anodes_or_what_is_said():
    x, y = np.arange(10.0, 20.0), np.ones(10)
    known = Pattern(x, y, wavelength=1.5406, second_wavelength=1.54439, second_ratio=0.48)
    assert radiation_of(known) == Radiation(1.5406, 1.54439, 0.48)
    assert radiation_of(known, ratio=0.0).has_second is False
    assert radiation_of(Pattern(x, y, anode="Co")).wavelength == 1.788996
    assert radiation_of(Pattern(x, y)).stated is False
    assert radiation_of(known, "0.7 angstrom").wavelength == pytest.approx(0.7)
    with pytest.raises(InputError, match="There is no radiation 'AgKa'"):
        radiation_named("AgKa")


def test_a_doublet_that_is_not_resolved_gives_the_first_line():
    answer = diffraction(pattern(ONE, NARROW), Measured(Choice(at_positions([19.0])), **EXACT))
    found = answer["19.position"]
    assert found.value == pytest.approx(19.1, abs=3 * found.std)
    assert answer["19.d"].value == pytest.approx(1.540593 / (2 * math.sin(math.radians(9.55))), rel=1e-4)
    alone = diffraction(pattern(ONE, NARROW), Measured(Choice(at_positions([19.0])), ratio=0.0, **EXACT))
    assert alone["19.position"].value - found.value > 0.01  # the centre of both lies higher


def test_positions_widths_and_areas_are_covered_as_often_as_stated():
    sharp = replace(ONE, instrument=0.0)
    y = np.stack([sharp.measured(NARROW, [2026, seed]) for seed in range(400)])
    components = with_second([Component.of("a", "lorentzian", position=19.1, width=0.35)], sharp.rays)
    fit = fit_peaks(NARROW, y, components, noise="counts")
    for name, value in (("position", 19.1), ("width", sharp.width(19.1)), ("area", 300.0)):
        inside = [
            low <= value <= high
            for low, high in (parameter_interval(fit, "a", name, seed).interval for seed in range(400))
        ]
        print(name, np.mean(inside))  # noqa: T201
        assert np.mean(inside) == pytest.approx(0.683, abs=0.07), name


def _covered(seeds: int) -> tuple[float, float]:
    """Draw the zero, the height of the sample, the instrument's width and the noise, and count d and the size."""
    rng = np.random.default_rng(5)
    inside = np.zeros(2)
    for seed in range(seeds):
        zero, height, width = 0.02 * rng.standard_normal(), 1e-4 * rng.standard_normal(), rng.normal(0.05, 0.01)
        truth = PowderTruth([(19.1, 80.0)], 20.0, instrument=width, zero=zero, displacement=height)
        choice = Choice(at_positions([19.1], "voigt"), shape="voigt", noise="counts")
        measured = Measured(choice, instrument=(0.05, 0.01), constant=(0.9, 0.0))
        answer = diffraction(pattern(truth, NARROW, seed), measured)
        for place, (name, value) in enumerate((("d", truth.rays.spacing(19.1)), ("size", 20.0))):
            found = answer[f"19.1.{name}"]
            low, high = found.interval or (found.value - found.std, found.value + found.std)
            inside[place] += low <= value <= (math.inf if high is None else high)
    print("d, size", inside / seeds)  # noqa: T201
    return inside[0] / seeds, inside[1] / seeds


def test_distances_and_sizes_are_covered_as_often_as_stated():
    distance, size = _covered(120)
    assert distance == pytest.approx(0.683, abs=0.13)
    assert 0.683 - 0.13 <= size <= 0.683 + 0.2  # how the widths are taken off each other comes on top of the noise


@pytest.mark.slow
def test_distances_are_covered_over_many_draws():
    distance, size = _covered(2000)
    assert distance == pytest.approx(0.683, abs=0.04)
    assert 0.683 - 0.04 <= size <= 0.683 + 0.15


HALO = PowderTruth(
    [(19.1, 300.0), (23.4, 400.0)], 15.0, instrument=0.0, halo=(21.0, 7.0, 1500.0), background=(150.0, -20.0)
)
WIDE = np.round(np.arange(12.0, 33.0, 0.12), 3)


def test_the_crystallinity_is_covered_as_often_as_stated():
    """The noise's part at the true baseline; what baselines change comes on top in the answer."""
    alone = replace(HALO, radiation=radiation_named("CuKa1"))
    y = np.stack([alone.measured(WIDE, [11, seed]) for seed in range(400)])
    narrow = [
        Component.of("one", "lorentzian", position="19.1 fixed", width=0.5),
        Component.of("two", "lorentzian", position="23.4 fixed", width=0.5),
    ]
    broad = Component.of("halo", "gaussian", position=21.0, width="6, 1.5 to 40")
    fit = fit_peaks(WIDE, y, (*narrow, broad), noise="counts")
    found = [share_interval(fit, "halo", spectrum=seed).interval for seed in range(400)]
    inside = np.mean([low <= 1.0 - alone.crystallinity <= high for low, high in found])
    print("crystallinity", inside)  # noqa: T201
    assert inside == pytest.approx(0.683, abs=0.07)


def test_the_crystallinity_holds_what_baselines_change():
    inside = 0
    for seed in range(20):
        answer = diffraction(pattern(HALO, WIDE, seed), Measured(halos=(20.0,)))
        found = answer["crystallinity"]
        parts = found.interval or (found.value - found.std, found.value + found.std)
        inside += parts[0] <= HALO.crystallinity <= parts[1]
        assert found.std > 0.003
    assert inside >= 12
    assert any("apparent" in text for text in answer.assumptions)


def test_two_halos_and_none():
    two = diffraction(pattern(HALO, WIDE), Measured(halos=(18.0, 22.0)))
    assert 0.0 < two["crystallinity"].value < 1.0
    bare = PowderTruth([], 10.0, halo=(21.0, 7.0, 1500.0))
    answer = diffraction(pattern(bare, WIDE), Measured(halos=(20.0,)))
    assert answer["crystallinity"].value == 0.0
    with pytest.raises(InputError, match="halo at 60 deg lies outside"):
        diffraction(pattern(HALO, WIDE), Measured(halos=(60.0,)))


def test_a_standard_takes_the_height_of_the_sample_away():
    rays = radiation_named("CuKa")
    lines = rays.angle(STANDARDS["silicon"].spacings()[:5])
    truth = PowderTruth([(19.1, 200.0), *((float(at), 300.0) for at in lines)], 60.0, displacement=2e-4)
    record = pattern(truth, np.round(np.arange(15.0, 80.0, 0.02), 3), 3)
    blind = diffraction(record, Measured(displacement=(0.0, 3e-4)))
    sharp = diffraction(record, Measured(displacement=(0.0, 3e-4), standard="silicon"))
    d = float(rays.spacing(19.1))
    assert sharp["peak1.d"].std < 0.2 * blind["peak1.d"].std
    assert sharp["peak1.d"].value == pytest.approx(d, abs=3 * sharp["peak1.d"].std)
    assert sharp.notes["displacement_um"][0] == pytest.approx(200.0, abs=3 * sharp.notes["displacement_um"][1])
    with pytest.raises(InputError, match="lines of the standard lab6"):
        diffraction(record, Measured(Choice(at_positions([19.1, 28.4])), standard="lab6"))


def test_the_scale_moves_angles_as_klug_and_alexander_say():
    scale = Scale.of((0.02, 0.0), (1e-4, 0.0), 0.2)
    moved = 30.0 + 0.02 - math.degrees(2e-4 / 0.2 * math.cos(math.radians(15.0)))
    assert 30.0 - scale.shift(30.0) == pytest.approx(moved, abs=1e-9)
    unsure = Scale.of()
    assert unsure.uncertainty(30.0) == pytest.approx(
        math.hypot(0.02, math.degrees(1e-3 * math.cos(math.radians(15.0)))), rel=1e-9
    )


def test_sizes_by_scherrer_and_williamson_and_hall():
    assert scherrer_raw(math.radians(0.5), math.radians(40.0), 0.15406, 0.9) == pytest.approx(16.91, abs=0.01)
    same = breadth(0.01, 1e-4, 0.0, 0.0)
    assert (same.value, same.convention) == (0.01, 0.0)
    assert math.isnan(breadth(0.01, 1e-4, 0.011, 0.0).value)
    theta = np.radians([10.0, 15.0, 22.0, 30.0])
    beta = (0.9 * 0.154 / 25.0 - 4 * 1e-3 * np.sin(theta)) / np.cos(theta)
    line = williamson_hall_raw(beta, np.full(4, 1e-5), 2 * theta, 0.154)
    assert (line.size, line.strain) == (pytest.approx(25.0), pytest.approx(-1e-3))


def test_size_and_strain_of_a_whole_pattern():
    at = [20.0, 30.0, 40.0, 55.0, 70.0, 85.0]
    truth = PowderTruth([(angle, 900.0) for angle in at], 30.0, strain=1.5e-3, instrument=0.06)
    record = pattern(truth, np.round(np.arange(15.0, 92.0, 0.03), 3), 2)
    answer = diffraction(record, Measured(instrument=(0.06, 0.005), constant=(0.9, 0.0)))
    low, high = answer["size"].interval
    assert low - 3 < 30.0 < high + 3
    assert answer["strain"].value == pytest.approx(1.5e-3, abs=3 * answer["strain"].std)
    assert answer["peak6.size"].value < 0.6 * answer["size"].value  # strain looks like small crystallites there
    without = diffraction(record, Measured())
    assert "size" not in without
    assert without["peak1.smallest_size"].value < 30.0
    too_wide = diffraction(record, Measured(instrument=(0.9, 0.05)))
    assert "peak1.size" in too_wide.unreached
    assert any("the instrument's own" in text for text in too_wide.warnings)


SALT = Crystal("CsCl", 4.123 * np.eye(3), ("Cs", "Cl"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]]))
SHEETS = Crystal("sheets", np.diag([4.0, 4.0, 9.0]), ("Cu", "O"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.3]]))


def _of_crystal(crystal: Crystal, march: float, seed: int) -> Pattern:
    rays = radiation_named("CuKa")
    settings = PatternSettings(rays.wavelength, 8.0, 70.0, march=march)
    found = [one for one in powder_pattern_raw(crystal, settings) if one.intensity > 0.004]
    truth = PowderTruth([(one.two_theta, 900.0 * one.intensity) for one in found], 60.0)
    return pattern(truth, np.round(np.arange(8.0, 70.0, 0.03), 3), seed)


def test_a_crystal_explains_its_own_pattern_and_another_does_not():
    own = diffraction(_of_crystal(SALT, 1.0, 1), Measured(crystal=SALT))
    assert own["explained_fraction"].value == pytest.approx(1.0, abs=1e-3)
    assert own.series["hkl"][0] == "1 0 0"
    other = diffraction(_of_crystal(SALT, 1.0, 1), Measured(crystal=SHEETS))
    assert other["explained_fraction"].value < 0.9
    assert any("has no reflection at" in text for text in other.warnings)
    assert any("is not among the peaks" in text for text in other.warnings)


@pytest.mark.parametrize("march", [0.5, 0.7, 1.0])
def test_how_flat_plates_lie_is_found(march: float):
    answer = diffraction(_of_crystal(SHEETS, march, 3), Measured(crystal=SHEETS))
    low, high = answer["march_parameter"].interval
    assert low - 0.1 <= march <= high + 0.1
    factor = answer["lotgering_factor"]
    if march == 1.0:
        assert factor.value == pytest.approx(0.0, abs=2 * factor.std + 0.02)
    else:
        assert factor.value > 0.1


def test_peaks_are_found_and_windows_do_not_overlap():
    truth = PowderTruth([(20.0, 100.0), (21.0, 60.0), (40.0, 500.0)], 25.0)
    record = pattern(truth, np.round(np.arange(10.0, 60.0, 0.02), 3))
    seen = find_peaks(curve_of(record))
    assert [one.position for one in seen] == pytest.approx([20.0, 21.0, 40.0], abs=0.15)
    for one, two in zip(windows(seen, record.two_theta)[:-1], windows(seen, record.two_theta)[1:], strict=True):
        assert one.high <= two.low
    flat = Pattern(record.two_theta, np.random.default_rng(1).poisson(100.0, len(record)).astype(float))
    with pytest.raises(InputError, match="no peak that stands out"):
        diffraction(flat)


def test_a_line_of_beta_is_said():
    beta = float(2 * math.degrees(math.asin(1.392235 / 1.540593 * math.sin(math.radians(20.0)))))
    truth = PowderTruth([(beta, 40.0), (40.0, 3000.0)], 60.0)
    answer = diffraction(pattern(truth, np.round(np.arange(30.0, 45.0, 0.02), 3)), Measured())
    assert any(text.startswith("peak1 stands where K-beta of peak2") for text in answer.warnings)


def test_named_and_counted_peaks():
    record = pattern(PowderTruth([(20.0, 100.0), (30.0, 500.0)], 25.0), np.round(np.arange(15.0, 36.0, 0.03), 3))
    assert next(iter(diffraction(record, Measured(Choice(number=1))))).startswith("peak1.")
    with pytest.raises(InputError, match="2 peaks stand out, fewer than 9"):
        diffraction(record, Measured(Choice(number=9)))
    with pytest.raises(InputError, match="The peak '50' lies outside"):
        diffraction(record, Measured(Choice(at_positions([50.0]))))


RUTILE = {"27.44": 3.2477, "36.08": 2.4874, "54.32": 1.6874}
"""Angstrom, of (110), (101) and (211): 4.5937 and 2.9587 angstrom, E. P. Meagher, G. A. Lager, Can. Mineral. 17 (1979)
77."""


def test_real_rutile(real_data: Path):
    record = read(real_data / "xrd" / "TiO2.raw").records[0]
    answer = diffraction(record, Measured(Choice(at_positions([float(at) for at in RUTILE]))))
    for name, d in RUTILE.items():
        found = answer[f"{name}.d"]
        assert found.value == pytest.approx(d, abs=2 * found.std)
    u = 0.3053
    oxygen = [[u, u, 0], [1 - u, 1 - u, 0], [0.5 - u, 0.5 + u, 0.5], [0.5 + u, 0.5 - u, 0.5]]
    places = np.array([[0, 0, 0], [0.5, 0.5, 0.5], *oxygen])
    rutile = Crystal("rutile", np.diag([4.5937, 4.5937, 2.9587]), ("Ti", "Ti", "O", "O", "O", "O"), places)
    whole = diffraction(record, Measured(crystal=rutile))
    assert any("K-beta" in text for text in whole.warnings)
    assert whole["explained_fraction"].value > 0.99
    assert whole["march_parameter"].value == pytest.approx(1.0, abs=2 * whole["march_parameter"].std)  # a powder
    assert whole["lotgering_factor"].value == pytest.approx(0.0, abs=0.02)
