"""Modulus and hardness against curves of known truth, against Hertz and Sneddon, and of the real files."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lamion.formats import read
from lamion.quantities import InputError, Quantity
from lamion.records import IndentationCurve
from lamion.synthetic.indentation import IndentedSolid, Programme, indentation_curve
from lamion.techniques.mechanics.creep import creep
from lamion.techniques.mechanics.cycle_reading import Settings, read_cycle
from lamion.techniques.mechanics.indentation import flat_punch, reduced_modulus
from lamion.techniques.mechanics.indentations import indentation
from lamion.techniques.mechanics.oliver_pharr import Reading, oliver_pharr_raw
from lamion.techniques.mechanics.probes import BERKOVICH, DIAMOND_MODULUS, DIAMOND_POISSON, Probe
from lamion.techniques.mechanics.unloading import cycles

QUARTZ = IndentedSolid(72e9, 0.18, 9e9, Probe("berkovich"))
PUNCH = IndentedSolid(1.38e9, 0.30, 1e9, Probe("flat-punch", 1e-6))
BALL = IndentedSolid(1.38e9, 0.30, 0.1e9, Probe("sphere", 10e-6))
LOADS = {"berkovich": 5e-3, "flat-punch": 50e-6, "sphere": 1e-3}


def settings_of(solid: IndentedSolid, **changed) -> Settings:
    own = Settings(solid.probe, Quantity(solid.poisson, None, "1"), beta=Quantity(1.0, None, "1"))
    return replace(own, **changed)


def one_reading(solid: IndentedSolid, seed: int, depth_noise: float = 2e-10, **changed):
    curve = indentation_curve(solid, Programme(LOADS[solid.probe.shape]), depth_noise=depth_noise, seed=seed)
    return read_cycle(curve, cycles(curve.load)[0], settings_of(solid, **changed))


@pytest.mark.parametrize("solid", [QUARTZ, PUNCH, BALL], ids=["berkovich", "punch", "sphere"])
def test_the_truth_is_read_back_without_noise(solid) -> None:
    found = one_reading(solid, 0, depth_noise=0.0)
    assert found.contact.modulus == pytest.approx(solid.modulus, rel=1e-6)
    if solid.probe.shape != "flat-punch":
        assert found.contact.hardness == pytest.approx(solid.hardness, rel=1e-6)


def test_a_hertzian_sphere() -> None:
    """P = 4/3 E_r sqrt(R) h^(3/2) is a wholly elastic contact: S = 2 E_r a, h_c = h / 2."""
    reduced, radius, depth = 2e9, 50e-6, 20e-9
    load = 4 / 3 * reduced * math.sqrt(radius) * depth**1.5
    stiffness = 2 * reduced * math.sqrt(radius * depth)
    found = oliver_pharr_raw(Reading(load, depth, 1 / stiffness, 0.3, Probe("sphere", radius)))
    assert found.depth == pytest.approx(depth / 2, rel=1e-12)
    assert found.reduced == pytest.approx(reduced, rel=1e-3)  # a paraboloid against a sphere


def test_a_flat_punch_is_sneddons() -> None:
    reduced = reduced_modulus(1.38e9, 0.3, DIAMOND_MODULUS, DIAMOND_POISSON)
    pressed = flat_punch(1e-6, 200e-9, reduced)
    found = oliver_pharr_raw(Reading(1e-6, pressed.depth, pressed.depth / 1e-6, 0.3, Probe("flat-punch", 100e-9)))
    assert found.modulus == pytest.approx(1.38e9, rel=1e-12)
    assert found.hardness == pytest.approx(pressed.pressure, rel=1e-12)


def _covered(solid: IndentedSolid, count: int, **changed) -> tuple[float, float]:
    """Return how many per cent of the truths one and 1.96 standard uncertainties cover."""
    found = [one_reading(solid, seed, **changed) for seed in range(count)]
    off = np.array([(one.contact.modulus - solid.modulus) / one.parts["fit"][0] for one in found])
    return 100.0 * float(np.mean(np.abs(off) < 1.0)), 100.0 * float(np.mean(np.abs(off) < 1.96))


SLOW = pytest.param(2000, 4.0, marks=pytest.mark.slow)
CREEPING = replace(QUARTZ, creep=3e-10)


@pytest.mark.parametrize(("count", "allowed"), [(400, 7.0), SLOW])
@pytest.mark.parametrize("solid", [QUARTZ, PUNCH, BALL, CREEPING], ids=["berkovich", "punch", "sphere", "creeping"])
def test_the_statistical_part_covers_the_truth(solid, count, allowed) -> None:
    """That of noise alone; what all unloadings share (beta, area, Poisson's ratio) is held at the truth here."""
    one, two = _covered(solid, count, correct_creep=bool(solid.creep))
    print(solid.probe.shape, one, two)  # noqa: T201
    assert abs(one - 68.3) < allowed
    assert abs(two - 95.0) < 3.5


def test_creep_is_corrected() -> None:
    """A dashpot in series: without the correction the modulus is too high by rate over unloading rate."""
    bare = one_reading(CREEPING, 0, depth_noise=0.0, correct_creep=False)
    mended = one_reading(CREEPING, 0, depth_noise=0.0)
    assert bare.contact.modulus > 1.009 * QUARTZ.modulus
    assert mended.contact.modulus == pytest.approx(QUARTZ.modulus, rel=2e-3)
    assert mended.parts["creep"][0] > 0.005 * QUARTZ.modulus


def test_drift_and_frame_are_taken_off() -> None:
    solid = replace(QUARTZ, drift=5e-11, frame_compliance=3e-7)
    found = one_reading(solid, 0, depth_noise=0.0, drift=Quantity(0.05, 0.01, "nm/s"), correct_creep=False)
    assert found.contact.modulus == pytest.approx(QUARTZ.modulus, rel=1e-4)
    assert found.parts["drift"][0] > 0


def test_the_frame_counts_where_it_is_uncertain() -> None:
    solid = replace(QUARTZ, frame_compliance=3e-7)
    certain = one_reading(solid, 0, frame_stiffness=Quantity(1 / 3e-7, None, "N/m"))
    open_ = one_reading(solid, 0, frame_stiffness=Quantity(1 / 3e-7, 0.1 / 3e-7, "N/m"))
    assert "frame" not in certain.parts
    assert open_.parts["frame"][0] > 0.002 * QUARTZ.modulus


def test_parts_by_hand() -> None:
    """E goes with 1 - nu^2 at a given E_r, with the root of the area, and with beta."""
    reading = Reading(0.5, 2.1e-6, 1 / 585e3, 0.18, Probe("berkovich"))
    contact = oliver_pharr_raw(reading)
    other = oliver_pharr_raw(replace(reading, poisson=0.28))
    assert other.modulus / contact.modulus == pytest.approx((1 - 0.28**2) / (1 - 0.18**2), rel=1e-12)
    larger = oliver_pharr_raw(replace(reading, area_factor=1.21))
    assert larger.reduced == pytest.approx(contact.reduced / 1.1, rel=1e-12)
    assert oliver_pharr_raw(replace(reading, beta=1.1)).reduced == pytest.approx(contact.reduced / 1.1, rel=1e-12)


def test_several_indents_are_a_mean_with_their_scatter() -> None:
    curves = [
        indentation_curve(replace(QUARTZ, modulus=one * 1e9), Programme(5e-3), depth_noise=1e-10, seed=k)
        for k, one in enumerate((70.0, 72.0, 74.0))
    ]
    answer = indentation(curves, settings_of(QUARTZ))
    assert answer["modulus"].value == pytest.approx(72.0, abs=0.3)
    assert answer["scatter"].value == pytest.approx(2.0, abs=0.3)
    budget = answer.notes["budget of the modulus, GPa"]
    assert math.hypot(budget["scatter"], budget["fit"]) == pytest.approx(1.32 * 2.0 / math.sqrt(3), rel=0.15)
    assert len(answer.series["Modulus / GPa"]) == 3


def test_unloadings_are_found_in_cycles_with_noise() -> None:
    share = np.concatenate([np.r_[0:s:80j, [s] * 20, s : 0.1 * s : 80j] for s in (0.06, 0.25, 1.0)])
    load = share + 2e-4 * np.random.default_rng(2).standard_normal(len(share))
    found = cycles(load)
    assert [round(one.peak, 2) for one in found] == [0.06, 0.25, 1.0]
    assert [one.start for one in found] == pytest.approx([99, 279, 459], abs=3)
    assert cycles(np.linspace(0.0, 1.0, 50)) == []
    assert cycles(np.zeros(50)) == []


def test_a_hold_too_short_shows_no_creep() -> None:
    curve = indentation_curve(QUARTZ, Programme(5e-3, hold=0.05))
    assert creep(curve.time, curve.depth, curve.load, cycles(curve.load)[0]) is None


def _warned(solid: IndentedSolid, load: float, **changed) -> str:
    return " ".join(indentation([indentation_curve(solid, Programme(load))], settings_of(solid, **changed)).warnings)


def test_the_support_of_a_film_is_warned_of() -> None:
    assert "of the film's thickness" in _warned(QUARTZ, 5e-3, thickness=Quantity(1.0, None, "um"))
    assert "of the film's thickness" not in _warned(QUARTZ, 5e-3, thickness=Quantity(9.0, None, "um"))


def test_pressures_that_cannot_be_are_warned_of() -> None:
    assert "bears no more than 0.18" in _warned(replace(QUARTZ, hardness=16e9), 5e-3)
    tiny = IndentedSolid(1.38e9, 0.30, 1e9, Probe("flat-punch", 100e-9))
    assert "69 times the modulus" in _warned(tiny, 3e-3)
    assert "times the modulus" not in _warned(tiny, 1e-6)


def test_ductile_solids_may_pile_up() -> None:
    solid = IndentedSolid(200e9, 0.3, 3e9, Probe("berkovich"))
    answer = indentation([indentation_curve(solid, Programme(5e-3))], settings_of(solid))
    assert "pile up" in " ".join(answer.warnings)
    assert answer.notes["budget of the modulus, GPa"]["pile-up"] > 20


def test_what_cannot_be_read_is_refused_with_what_lacks() -> None:
    reading = Reading(0.05, 570e-9, 6.5e-6, 0.3, Probe("berkovich"))
    with pytest.raises(InputError, match=r"would be negative: the frame's compliance.*--corrected"):
        oliver_pharr_raw(replace(reading, frame_compliance=6.6e-6))
    with pytest.raises(InputError, match=r"reduced modulus, .* is above 1147 GPa.*--area-function"):
        oliver_pharr_raw(replace(reading, area_factor=1e-3))
    with pytest.raises(InputError, match="there is no contact"):
        oliver_pharr_raw(replace(reading, depth=1e-9))
    with pytest.raises(InputError, match="area function gives"):
        oliver_pharr_raw(replace(reading, probe=Probe("berkovich", coefficients=(24.5, -1e-3))))


_UP = np.linspace(0.0, 1.0, 50)
_COARSE = np.r_[0:1:50j, 0.9:0.0:4j]


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        (IndentationCurve(1e-6 * _UP, 1e-3 * _UP), "never taken off"),
        (IndentationCurve(1e-6 * np.sqrt(_COARSE), 1e-3 * _COARSE), r"points between 0\.95 and 0\.4"),
        (IndentationCurve(1e-6 * np.linspace(0.0, 1.0, 100), 1e-3 * np.r_[_UP, _UP[::-1]]), "does not fall"),
    ],
)
def test_curves_refused(curve, expected) -> None:
    with pytest.raises(InputError, match=expected):
        indentation([curve], settings_of(QUARTZ))


@pytest.mark.parametrize(
    ("shape", "given", "expected"),
    [
        ("flat-punch", {}, "has no radius"),
        ("sphere", {"radius": -1.0}, "has no radius"),
        ("berkovich", {"radius": 1e-6}, "has no radius. Give its area function"),
        ("sphere", {"radius": 1e-6, "coefficients": (24.5,)}, "no area function but its radius"),
    ],
)
def test_probes_refused(shape, given, expected) -> None:
    with pytest.raises(InputError, match=expected):
        Probe(shape, **given)


def test_an_ideal_tip_is_open_by_faces_and_apex() -> None:
    tip = Probe("berkovich")
    assert pytest.approx(0.0159, abs=2e-4) == tip.area_uncertainty(1e-3)  # 0.3 degrees of 65.27, evenly spread
    assert tip.area_uncertainty(100e-9) > 0.1
    assert Probe("berkovich", coefficients=(BERKOVICH,)).area_uncertainty(1e-7) == 0.0


def _of_file(real_data: Path, name: str, poisson: str, **changed):
    curves = read(real_data / "nanoindentation" / name).records
    probe = Probe("berkovich", coefficients=curves[0].area_function or ())
    return indentation(curves, Settings(probe, Quantity(f"{poisson}"), **changed))


def test_fused_quartz_of_the_real_workbook(real_data: Path) -> None:
    """The vendor's 72.8 GPa, from the rows alone; each cycle against its results; beta as the literature has it."""
    answer = _of_file(real_data, "FQ.xls", "0.18")
    assert answer["modulus"].value == pytest.approx(72.8, abs=1.0)
    assert len(answer.series["Modulus / GPa"]) == 50
    vendor = np.tile([73.3, 72.8, 72.6, 72.4, 72.6], 10)
    assert np.abs(np.array(answer.series["Modulus / GPa"]) - vendor).max() < 1.6
    assert np.abs(np.array(answer.series["Modulus / GPa"])[4::5] - 72.6).max() < 1.0
    budget = answer.notes["budget of the modulus, GPa"]
    assert list(budget)[:2] == ["beta", "area function"]
    said = " ".join(answer.assumptions)
    assert "at 1.034 it is 70.2" in said
    assert "A = 24.494 h2" in said
    plain = _of_file(real_data, "FQ.xls", "0.18", correct_creep=False)
    other = plain.notes["modulus at other beta, GPa"]
    assert (other["1.034"], other["1.05"]) == (pytest.approx(70.9, abs=0.3), pytest.approx(69.7, abs=0.3))


def test_a_negative_modulus_of_the_real_hld_is_refused(real_data: Path) -> None:
    with pytest.raises(InputError, match=r"negative: the frame's compliance, 6.639 nm/mN, is 10\d.*What lacks"):
        _of_file(real_data, "Exp-50mN_0000.hld", "0.3")
    answer = _of_file(real_data, "Exp-50mN_0000.hld", "0.3", corrected=True)
    assert "of an ideal Berkovich tip's" in " ".join(answer.warnings)
    assert "bears no more" in " ".join(answer.warnings)


def test_steel_of_the_real_text_lacks_its_area_function(real_data: Path) -> None:
    answer = _of_file(real_data, "RobinSteel0000LC.txt", "0.3")
    assert abs(answer["modulus"].value - 205.0) < 2 * answer["modulus"].std
    warned = " ".join(answer.warnings)
    for lacks in ("--area-function", "--frame-stiffness", "pile up"):
        assert lacks in warned
