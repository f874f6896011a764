"""Pictures and maps that are simulated: what they resolve follows from what is stated."""

import math

import pytest

import lamion
from lamion.quantities import InputError

LAYER = {"printed": "9 um", "pixel": "60 nm", "width": "12 um", "quick": True}
SHEETS = {
    "thickness": "4.5 nm",
    "smallest": "1 um",
    "largest": "3 um",
    "field": "12 um",
    "points": 128,
    "number": 4,
    "quick": True,
}
MAPS = {"of": "adhesion", "field": "4 um", "length": "100 nm", "points": 96, "quick": True}


def test_a_layer_is_known_as_well_as_its_scale():
    answer = lamion.design.thickness(**LAYER, scale_uncertainty="3 %")
    assert answer["simulated_thickness"].value == pytest.approx(9.0, rel=0.01)
    assert answer["relative_uncertainty"].value == pytest.approx(0.03, rel=0.15)
    assert answer.verdict == "resolvable"
    assert answer.synthetic
    worse = lamion.design.thickness(**LAYER, scale_uncertainty="30 %")
    assert worse.verdict == "not resolvable"


def test_a_picture_in_a_wrong_unit_is_refused():
    with pytest.raises(InputError, match="may be in another unit"):
        lamion.design.thickness(**LAYER | {"pixel": "60 um"})


def test_sheets_that_scatter():
    even = lamion.design.sheets(printed="4.5 nm", of="thickness", **SHEETS)
    # By hand: 40 % from sheet to sheet, four sheets on a map.
    uneven = lamion.design.sheets(printed="4.5 nm", of="thickness", **SHEETS, scatter="40 %")
    assert even["relative_uncertainty"].value < 0.01
    assert uneven["relative_uncertainty"].value == pytest.approx(0.2, rel=0.5)
    assert (even.verdict, uneven.verdict) == ("resolvable", "not resolvable")


def test_the_smallest_of_few_is_not_the_smallest():
    """Of n sizes drawn evenly from 1 to 3 um the smallest is 2 / (n + 1) above 1 um on average."""
    answer = lamion.design.sheets(printed="1 um", of="smallest", **SHEETS)
    assert answer["simulated_smallest"].value == pytest.approx(1.4, abs=0.25)
    with pytest.raises(InputError, match="do not fit"):
        lamion.design.sheets(printed="1 um", of="smallest", **SHEETS | {"largest": "8 um"})


def test_places_decide_what_maps_tell():
    answer = lamion.design.maps(**MAPS, places="20 %", factor=2)
    # By hand: 1.96 standard deviations of the logarithm, each place scattering by 0.2.
    assert answer["smallest_factor"].value == pytest.approx(math.exp(1.96 * math.sqrt(2) * 0.2), rel=0.07)
    assert answer.verdict == "resolvable"
    assert lamion.design.maps(**MAPS, places="50 %", factor=2).verdict == "not resolvable"
    assert lamion.design.maps(**MAPS, places="20 %").verdict == "undecided"
    more = lamion.design.maps(**MAPS, places="20 %", number=4)
    assert more["smallest_factor"].value == pytest.approx(math.exp(1.96 * math.sqrt(2) * 0.1), rel=0.05)
    with pytest.raises(InputError, match="between two steps"):
        lamion.design.maps(**MAPS | {"length": "1 nm"}, places="20 %")
