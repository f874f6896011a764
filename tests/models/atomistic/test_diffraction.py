"""Patterns of stacks and crystals against hand values, exact cases and pymatgen."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from lamion.models.atomistic.diffraction import PatternSettings, pattern
from lamion.models.atomistic.stacking import aa, ab, slipped, stack
from lamion.models.atomistic.stacking_answer import stacking_answer
from lamion.quantities import InputError
from lamion.substances.crystal import Crystal


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


def test_one_stacking_explains_the_peak(layer):
    answer = stacking_answer(layer, 4.64, 19.1)
    assert answer.notes["explains"] == ["slip (0.5, 0.3), layers 4.64 Å apart"]
    assert answer.series["That peak alone"][3:] == ["no", "no"]
