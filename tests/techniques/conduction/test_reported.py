"""Reported conductivities against spectra: the common area, what leaves it out, and values that repeat."""

import numpy as np
import pytest

from lamion.quantities import InputError
from lamion.tasks.audit.conductivity import conductivity
from lamion.techniques.conduction.reported import common_area_raw, repeats_raw

L = np.full(12, 1e-4)
R = np.geomspace(10.0, 1e6, 12)


def test_the_area_of_a_report_does_not_depend_on_that_report():
    reported = L / (R * 2e-4)
    before = common_area_raw(L, R, reported)
    reported[3] *= 7.0
    after = common_area_raw(L, R, reported)
    assert after.without[3] == before.without[3]
    assert after.without_std[3] == before.without_std[3]
    assert after.each[3] == pytest.approx(2e-4 / 7.0)


def test_the_area_and_what_it_predicts_cover_the_truth():
    """2,000 tables of twelve readings with 8 % of scatter, one of them of another sample."""
    rng = np.random.default_rng(1)
    area = predicted = 0
    for _ in range(2000):
        reported = L / (R * 2e-4) * np.exp(0.08 * rng.standard_normal(12))
        reported[0] *= 100.0
        found = common_area_raw(L, R, reported)
        area += abs(found.area - 2e-4) < found.std
        predicted += abs(found.each[1] - found.without[1]) < found.without_std[1]
    assert area / 2000 == pytest.approx(0.683, abs=0.08)
    assert predicted / 2000 == pytest.approx(0.683, abs=0.08)


def test_few_spectra_give_no_common_area():
    with pytest.raises(InputError, match="3 of 12 spectra give a resistance"):
        common_area_raw(L, np.where(np.arange(12) < 3, R, np.nan), L / R)


def test_repeats_of_chance_are_as_many_as_said():
    """Log-uniform values of three digits over four decades: pairs counted over 400 tables of 30."""
    rng = np.random.default_rng(2)
    pairs = expected = 0.0
    for _ in range(400):
        values = [float(f"{10 ** rng.uniform(-8, -4):.3g}") for _ in range(30)]
        found = repeats_raw(values)
        pairs += sum(len(group) * (len(group) - 1) / 2 for group in found.groups)
        expected += found.by_chance
    assert pairs == pytest.approx(expected, rel=0.25)


@pytest.mark.parametrize(
    ("thickness", "reported", "said"),
    [({"a": "9 um"}, {"b": "1e-4 S/cm"}, "The thickness of b is not given"),
     ({"b": "9 um", "c": "9 um"}, {"b": "1e-4 S/cm"}, "The thickness of c is given, and no file is called so")],
)  # fmt: skip
def test_what_goes_with_no_file_is_refused(tmp_path, thickness, reported, said):
    from lamion.synthetic.examples import example

    file = tmp_path / "b.csv"
    file.write_bytes(example("blocking_cell.csv"))
    with pytest.raises(InputError, match=said):
        conductivity([file], thickness=thickness, reported=reported)
