"""Patterns of stacks and crystals against hand values, exact cases and pymatgen."""

import itertools
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lamion.models.atomistic.diffraction.powder_pattern import powder_pattern
from lamion.models.atomistic.diffraction.profile import profile
from lamion.models.atomistic.diffraction.reflections import (
    DiffractionPeak,
    PatternSettings,
    powder_pattern_raw,
    reflections,
)
from lamion.models.atomistic.diffraction.stacking_from_peak import march_limit, stacking_from_peak
from lamion.models.atomistic.structure.sheet import sheet
from lamion.models.atomistic.structure.stacking import aa, ab, slipped, stack
from lamion.quantities import InputError
from lamion.substances.crystal import Crystal


def test_stacks_have_the_angles_of_the_paper_and_the_literature(layer):
    flat = PatternSettings(march=0.2)
    slip = powder_pattern_raw(stack(layer, slipped(4.64, (0.5, 0.3))), flat)
    assert slip[0].two_theta == pytest.approx(19.13, abs=0.005)
    assert slip[1].intensity < 0.05
    powder = powder_pattern_raw(stack(layer, aa(4.64)))
    assert powder[0].hkl == (1, 1, 0)
    assert powder[0].two_theta == pytest.approx(7.49, abs=0.005)


def test_doubled_layers_contradict_a_single_peak_at_19_degrees(layer):
    by_hkl = {peak.hkl: peak for peak in powder_pattern_raw(stack(layer, ab(9.28)), PatternSettings(march=0.2))}
    assert by_hkl[0, 0, 2].two_theta == pytest.approx(9.53, abs=0.005)
    assert 15 < by_hkl[0, 0, 2].intensity / by_hkl[0, 0, 4].intensity < 22


def test_the_powder_pattern_is_pymatgens(layer):
    stored = json.loads((Path(__file__).parent / "pymatgen_reference.json").read_text())
    settings = PatternSettings(wavelength=stored["wavelength"], anomalous=False)
    own = powder_pattern_raw(stack(layer, slipped(4.64, (0.5, 0.3))), settings)
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
    plain = {peak.hkl: peak.intensity for peak in powder_pattern_raw(cube)}
    textured = {peak.hkl: peak.intensity for peak in powder_pattern_raw(cube, PatternSettings(march=r))}
    along, across = r**-3, r**1.5
    diagonal = (r**2 / 3 + 2 / (3 * r)) ** -1.5
    expected = plain[1, 1, 1] / plain[1, 0, 0] * diagonal / ((2 * along + 4 * across) / 6)
    ratio = textured[1, 1, 1] / next(v for hkl, v in textured.items() if sorted(map(abs, hkl)) == [0, 0, 1])
    assert ratio == pytest.approx(expected, rel=1e-6)


def test_a_centred_cell_has_its_extinctions():
    places = np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]])
    peaks = powder_pattern_raw(Crystal("iron", 2.866 * np.eye(3), ("Fe", "Fe"), places), PatternSettings(highest=120.0))
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
        powder_pattern_raw(stack(layer, aa(4.64)), PatternSettings(**wrong))


def test_only_single_layers_explain_the_peak_and_only_when_flat(layer):
    answer = stacking_from_peak(layer, 4.64, 19.1)
    rows = [dict(zip(answer.series, row, strict=True)) for row in zip(*answer.series.values(), strict=True)]
    assert rows[0]["Stacking"] == "slip (0.5, 0.3), layers 4.64 Å apart"
    assert [row["Stacking"] for row in rows if row["Stacking"].startswith("slip")] == answer.notes["explains"]
    assert answer.results["explained"].value == 8  # every slip of a grid of 20 steps that is free of clashes
    assert answer.series["That peak alone"][-2:] == ["no", "no"]
    assert answer.series["Alone up to r / 1"][-2:] == [None, None]
    limit = answer.results["march_limit"].value
    assert 0.25 < limit < 0.4
    assert f"r below {limit:.2f}" in answer.notes["needs"]
    assert stacking_from_peak(layer, 4.64, 19.1, march=limit + 0.01).results["explained"].value == 0
    assert stacking_from_peak(layer, 4.64, 19.1, march=limit - 0.005).results["explained"].value > 0


def test_a_peak_that_no_stacking_shows_has_no_limit(layer):
    answer = stacking_from_peak(layer, 4.64, 25.0, steps=2)
    assert answer.to_json()["results"]["march_limit"]["value"] is None
    assert answer.notes["explains"] == "none"


def test_the_limit_of_a_cube_is_that_of_marchs_equation():
    """At the limit the second line of a cube has a tenth of the first; both are summed by hand."""
    cube = Crystal("cube", 5.0 * np.eye(3), ("Cu",), np.zeros((1, 3)))
    settings = PatternSettings(highest=30.0)
    plain = {tuple(sorted(map(abs, peak.hkl))): peak.intensity for peak in powder_pattern_raw(cube, settings)}

    def ratio(r):
        first = (2 * r**-3 + 4 * r**1.5) / 6
        second = (8 * (r**2 / 2 + 1 / (2 * r)) ** -1.5 + 4 * r**1.5) / 12
        return plain[0, 1, 1] / plain[0, 0, 1] * second / first

    found = march_limit(reflections(cube, settings), powder_pattern_raw(cube, settings)[0].two_theta, settings)
    assert ratio(found) == pytest.approx(0.1, abs=0.001)


def test_an_extinct_reflection_is_no_peak():
    iron = Crystal("iron", 2.866 * np.eye(3), ("Fe", "Fe"), np.array([[0.0, 0, 0], [0.5, 0.5, 0.5]]))
    with pytest.raises(InputError, match=r"No reflection .* not extinct is at 44\.72 degrees"):
        powder_pattern_raw(iron)
    with pytest.raises(InputError, match="choose a shorter one"):
        powder_pattern_raw(Crystal("small", np.eye(3), ("Fe",), np.zeros((1, 3))), PatternSettings(wavelength=4.0))


def test_an_uncertainty_is_found_whatever_a_peak_is_called_in_the_variant(layer):
    """Every reflection of a stretched lattice moves by Bragg's law, those of the layers' distance not at all."""
    wider = sheet(lattice=16.75)
    crystals = [stack(one, slipped(4.64, (0.5, 0.3))) for one in (layer, wider)]
    answer = powder_pattern(crystals, PatternSettings(lowest=80.0, highest=120.0))
    for name, hkl in answer.notes["hkl"].items():
        h, k, _ = map(int, hkl.split())
        two_theta = answer.results[f"{name}.two_theta"]
        if h == k == 0:
            assert two_theta.std is None
            continue
        inverse = [np.linalg.norm(np.linalg.inv(crystal.cell) @ list(map(int, hkl.split()))) for crystal in crystals]
        by_hand = 2 * np.degrees(np.arcsin(1.54187 / 2 * np.array(inverse)))
        assert two_theta.std == pytest.approx(abs(by_hand[1] - by_hand[0]), rel=0.03)


def test_short_wavelengths_go_without_dispersion_and_say_so(layer):
    crystal = stack(layer, aa(4.64))
    short = PatternSettings(wavelength=0.2, lowest=0.5, highest=5.0)
    answer = powder_pattern([crystal], short)
    assert "f0 alone" in answer.warnings[0]
    assert answer.notes["form_factors"] == "f0"
    assert powder_pattern_raw(crystal, short) == powder_pattern_raw(crystal, replace(short, anomalous=False))
    with pytest.raises(InputError, match="Form factors are not known"):
        powder_pattern_raw(
            Crystal("c", 2 * np.eye(3), ("C",), np.zeros((1, 3))), PatternSettings(wavelength=0.1, highest=170.0)
        )


def test_lines_closer_than_the_drawn_width_are_one_peak():
    close = [DiffractionPeak(19.0, 4.67, 1.0, (0, 0, 1)), DiffractionPeak(19.17, 4.63, 0.8, (1, 0, 1))]
    assert profile(close, PatternSettings(), 0.3).is_single()
    assert not profile(close, PatternSettings(), 0.05).is_single()
    together = [
        DiffractionPeak(8.0, 11.0, 1.0, (1, 0, 0)),
        *(DiffractionPeak(x, 5.2, 0.07, (1, 1, 0)) for x in (16.95, 17.05)),
    ]
    assert not profile(together, PatternSettings(), 0.3).is_single()  # 0.07 and 0.07 are one peak of 0.13


@pytest.mark.parametrize("width", [0.01, 0.05, 0.3])
def test_narrow_peaks_are_drawn_at_their_height(layer, width):
    answer = powder_pattern([stack(layer, slipped(4.64, (0.5, 0.3)))], PatternSettings(), width=width)
    line, labels = answer.figures["diffraction"].data["panels"][0]["traces"]
    angles, intensity = np.array(line["x"]), np.array(line["y"])
    assert len(angles) < 21_000
    height = intensity[np.abs(angles - 19.128) < width].max()
    assert height == pytest.approx(0.0906, abs=0.002) or width == 0.3
    strongest = answer.results["peak1.two_theta"].value
    assert labels["x"][0] == pytest.approx(strongest, abs=1e-4)
    assert labels["texts"][0].split("\u2009") == answer.notes["hkl"]["peak1"].split()
    assert labels["y"][0] == pytest.approx(intensity[np.abs(angles - strongest).argmin()], abs=1e-3)


def test_a_measured_pattern_outside_the_range_is_a_warning(layer):
    crystals = [stack(layer, aa(4.64))]
    outside = {"two_theta_deg": [50.0, 51.0], "intensity": [1.0, 2.0]}
    answer = powder_pattern(crystals, PatternSettings(), measured=outside)
    assert "measured pattern is not drawn" in answer.warnings[0]
    assert "measured" not in _named(answer)
    inside = powder_pattern(crystals, PatternSettings(), measured={**outside, "two_theta_deg": [1, 30]})
    assert not inside.warnings
    assert _named(inside)[0] == "measured"


def _named(answer):
    return [trace.get("label") for trace in answer.figures["diffraction"].data["panels"][0]["traces"]]


def test_a_displacement_weakens_high_angles(layer):
    crystal = stack(layer, aa(4.64))
    still, moving = (
        {peak.hkl: peak for peak in powder_pattern_raw(crystal, PatternSettings(displacement=b))} for b in (0.0, 4.0)
    )
    first, second = still[1, 1, 0], still[0, 0, 1]
    damping = np.exp(-2 * 4.0 * (1 / (4 * second.d**2) - 1 / (4 * first.d**2)))
    ratio = moving[0, 0, 1].intensity / moving[1, 1, 0].intensity
    assert ratio == pytest.approx(damping * second.intensity / first.intensity, rel=1e-6)


def _summed(hkl, sites, edge, wavelength):
    """Return |F|2 of a face-centred cubic cell times multiplicity and Lorentz-polarisation, f0 by another table."""
    import gemmi

    centred = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    sine = wavelength * np.linalg.norm(hkl) / (2 * edge)
    theta = np.arcsin(sine)
    total = sum(
        share
        * gemmi.Element(symbol).it92.calculate_sf((sine / wavelength) ** 2)
        * np.exp(2j * np.pi * ((centred + place) @ hkl)).sum()
        for symbol, place, share in sites
    )
    images = {p for k in itertools.product((1, -1), repeat=3) for p in itertools.permutations(np.array(k) * hkl)}
    return len(images) * abs(total) ** 2 * (1 + np.cos(2 * theta) ** 2) / (sine**2 * np.cos(theta))


def test_species_that_share_a_site_scatter_by_their_occupancies():
    sites = [("Li", 0.0, 0.3), ("Na", 0.0, 0.5), ("Cl", 0.5, 1.0)]  # a fifth of the cations' places is empty
    places = np.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]])
    crystal = Crystal(
        "shared",
        5.14 * np.eye(3),
        sum(((symbol,) * 4 for symbol, _, _ in sites), ()),
        np.vstack([places + shift for _, shift, _ in sites]),
        occupancies=np.repeat([share for _, _, share in sites], 4),
    )
    settings = PatternSettings(highest=70.0, anomalous=False)
    found = {tuple(sorted(map(abs, peak.hkl))): peak.intensity for peak in powder_pattern_raw(crystal, settings)}
    expected = {hkl: _summed(np.array(hkl), sites, 5.14, settings.wavelength) for hkl in found}
    assert len(found) == 5
    for hkl, intensity in found.items():
        assert intensity == pytest.approx(expected[hkl] / max(expected.values()), rel=2e-3)


def test_a_share_of_one_species_and_of_itself_is_the_whole_atom():
    place = np.array([[0.0, 0, 0], [0.0, 0, 0], [0.5, 0.5, 0.5]])
    split = Crystal("split", 4.0 * np.eye(3), ("Cs", "Cs", "Cl"), place, occupancies=np.array([0.3, 0.7, 1.0]))
    whole = Crystal("whole", 4.0 * np.eye(3), ("Cs", "Cl"), place[1:])
    one, other = (powder_pattern_raw(crystal, PatternSettings(highest=90.0)) for crystal in (split, whole))
    assert [peak.intensity for peak in one] == pytest.approx([peak.intensity for peak in other])
