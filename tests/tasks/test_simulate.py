"""The simulations as tasks: what Python and a study can say of them beside the command line."""

import pytest

from lamion.models.transport.uniform_film import UniformFilm
from lamion.quantities import InputError
from lamion.tasks import catalogue

FILM = {"thickness": "9 um", "conductivity": "5.62e-4 S/cm", "transference": 0.78, "concentration": "2 mol/L"}
TEST = {**FILM, "rct": "24.5 ohm cm2", "temperature": "55 degC"}
CELL = {"cathode": "ncm622", "loading": "7 mg/cm2", "one_c": "1.30 mA/cm2", "window": ["2.8 V", "4.3 V"]}
NAMES = [name for name in catalogue.built_in() if name.startswith("simulate ")]


@pytest.mark.parametrize("name", [*NAMES, "analyze rate-table", "analyze laminate"])
def test_every_simulation_is_said_in_full(name):
    found = catalogue.find(name)
    assert found.is_verb
    assert found.results
    assert any(result.headline for result in found.results.values())
    assert all(parameter.option.help for parameter in found.parameters.values())


def test_without_current_and_time_a_film_has_its_limiting_current_alone():
    """By hand: 2 F D c/(L (1 - t+)), with D by Nernst and Einstein."""
    task = catalogue.find("simulate transport")
    answer = task(**{**FILM, "conductivity": "5.62(10)e-4 S/cm"}, temperature="55 degC")
    assert list(answer.results) == ["limiting_current"]
    expected = UniformFilm(9e-6, 5.62e-2, 0.78, 2000.0, 328.15).limiting_current
    assert answer["limiting_current"].si == pytest.approx(expected)
    assert answer["limiting_current"].std / answer["limiting_current"].value == pytest.approx(0.1 / 5.62, rel=1e-6)
    assert answer.reason.endswith("The uncertainty is that of conductivity 5.62(10)e-4 S/cm.")
    assert "uncertainty" not in task(**FILM).reason
    assert task(**{**FILM, "transference": 1})["limiting_current"] is None
    for one in ({"time": "60 s"}, {"current": "1 mA/cm2"}):
        with pytest.raises(InputError, match="is missing"):
            task(**FILM, **one)


def test_a_picture_is_of_the_steady_state_or_not():
    task = catalogue.find("simulate transport")
    early, late = (
        task(**FILM, current="0.24 mA/cm2", time=time, width="12 um", cells=10, picture=True)
        for time in ("1 s", "60 s")
    )
    assert (early.verdict, late.verdict) == ("disagrees", "agrees")
    assert "passing moment" in early.reason
    assert not task(**FILM, current="0.24 mA/cm2", time="60 s", cells=10).verdict


def test_fields_are_made_for_who_wants_them():
    task = catalogue.find("simulate transport")
    words = {**FILM, "current": "1.2 mA/cm2", "time": "60 s", "cells": 10}
    assert not task(**words).files
    assert task(**words, wanted=["fields"]).files["fields"].startswith(b"CDF")
    with pytest.raises(InputError, match="no concentration field"):
        task(**{**words, "transference": 1}, wanted=["fields"])


def test_a_quick_field_is_coarser():
    task = catalogue.find("simulate transport")
    found = task(**FILM, current="1.2 mA/cm2", time="60 s", width="12 um", quick=True)
    assert found.notes["finite_volumes"]["cells"] == "40x40"


def test_a_staircase_needs_no_other_current():
    task = catalogue.find("simulate symmetric")
    stairs = ["0.2 mA/cm2", "0.4 mA/cm2"]
    assert task(**TEST, half_cycle="1 h", staircase=stairs)["largest_carried"].value == pytest.approx(0.4)
    with pytest.raises(InputError, match="has no current"):
        task(**TEST)
    assert "All readings" in task(**TEST, current="0.4 mA/cm2").reason


def test_rates_may_be_written_with_a_c():
    task = catalogue.find("simulate cell")
    with pytest.raises(InputError, match="2 rates and 1 capacities"):
        task(**CELL, rates="0.1C, 1C", capacities=["180 mAh/g"])
    with pytest.raises(InputError, match="'1D' is not a number"):
        task(**CELL, rates="1D")


def test_a_rate_table_is_fitted():
    pytest.importorskip("pybamm")
    task = catalogue.find("analyze rate-table")
    capacities = ["170 mAh/g", "155 mAh/g", "140 mAh/g"]
    found = task(**CELL, rates=[0.2, 0.5, 1], capacities=capacities, also=[0.8], quick=True)
    assert found["rms.fitted"].value < found["rms.blind"].value
    assert found.reason.endswith("This capacity is not among them.")
    assert "capacity.0.8C" in found


def test_the_interval_of_an_optimum_holds_every_bond_that_was_tried():
    found = catalogue.find("simulate percolation")(size=20, realisations=8, quick=True)
    ratios = [row["optimum_ratio"] for row in found.notes["sensitivity"]]
    low, high = found["optimum_ratio"].at_95
    assert low <= min(one for one in ratios if one is not None)
    assert None in ratios
    assert high is None
    assert "8^3 sites, 3 times" in found.method


def test_a_sheet_brings_its_files():
    pytest.importorskip("ase")
    found = catalogue.find("simulate sheet")()
    assert found.files["cif"].startswith(b"data_")
    assert b"Lattice=" in found.files["xyz"]


@pytest.mark.parametrize(
    ("options", "said"), [({"stacking": "AA"}, "Stacking beside slips says"), ({"guests": "sn"}, "Guests beside slips")]
)
def test_every_slip_leaves_no_room_for_one(options, said):
    pytest.importorskip("ase")
    with pytest.raises(InputError, match=said):
        catalogue.find("simulate pores")(slips=True, **options)


def test_galleries_and_sheets_that_explain_a_film():
    found = catalogue.find("analyze laminate")(
        eo_li=18,
        eo_sn=4,
        framework=0.497,
        sheet_thickness="4.5 nm",
        sheet_width="2 um",
        ratio=6.3,
        transference=0.78,
        contrast_transference=0.35,
        conductivity="5.62e-4 S/cm",
    )
    assert found["least_gallery"].value > 1
    assert "cases" in found.notes
