"""One's own electrolyte and cell beside published ones: judged only where enough is cited."""

import pytest

import lamion
from lamion.quantities.figure import figure_of

OWN = {"conductivity": "5.62e-4 S/cm", "temperature": "25 degC", "modulus": "1.38 GPa", "thickness": "9 um"}


def rows(count, conductivity="1e-5 S/cm", **other):
    common = {"doi": "10.1000/1", "temperature": "25 degC", "modulus": "0.1 GPa", "thickness": "50 um"}
    return {f"film {k}": {**common, "conductivity": conductivity, **other} for k in range(count)}


def test_with_lamions_own_points_nothing_is_judged_and_all_are_shown():
    answer = lamion.audit.electrolytes(**OWN)
    assert answer.verdict == "not computed"
    assert answer.results["complete"].value < 10
    assert "table not available" in answer.reason.lower()
    assert str(int(answer.results["cited"].value)) in answer.reason
    shown = figure_of(answer.figures["points"].data).panels[0]
    drawn = sum(len(list(trace.x)) for trace in shown.traces if trace.mark == "points")
    assert drawn == answer.results["cited"].value + 1


def test_other_temperatures_have_another_mark():
    hot = {"hot": {**rows(1)["film 0"], "temperature": "80 degC"}}
    answer = lamion.audit.electrolytes(**OWN, points=hot)
    marks = {
        name: trace.marker
        for trace in figure_of(answer.figures["points"].data).panels[0].traces
        if trace.mark == "points"
        for name in trace.also.get("name", [])
    }
    assert marks["hot"] == "up"
    assert marks["Li10GeP2S12"] == "square"


@pytest.mark.parametrize(("count", "verdict"), [(9, "not computed"), (10, "agrees")])
def test_ten_points_that_state_everything_are_enough(count, verdict):
    points = rows(count - 1) | {"stiffer": {**rows(1, "2e-5 S/cm")["film 0"]}}
    assert lamion.audit.electrolytes(**OWN, points=points).verdict == verdict


def test_one_that_is_better_all_round_refutes_it():
    points = rows(10) | {"better": {**rows(1, "1e-3 S/cm")["film 0"], "modulus": "2 GPa", "thickness": "5 um"}}
    answer = lamion.audit.electrolytes(**OWN, points=points)
    assert answer.verdict == "disagrees"
    assert "better" in answer.reason


def test_where_nearly_every_point_is_unbeaten_nothing_is_decided():
    points = {
        f"film {k}": {**rows(1)["film 0"], "conductivity": f"{k + 1}e-6 S/cm", "modulus": f"{1 / (k + 1)} GPa"}
        for k in range(12)
    }
    assert lamion.audit.electrolytes(**OWN, points=points).verdict == "undecided"


def test_a_cell_without_its_power_is_not_judged():
    answer = lamion.audit.cells(energy="343.8 Wh/kg", cycles=300)
    assert answer.verdict == "not computed"
    assert "no power is stated" in answer.reason


def test_a_printed_number_is_a_point_with_its_rounding():
    answer = lamion.audit.points(
        series={"cell": {"x": [1, 600], "y": ["157.8 ± 0.1 mAh/g", "135 ± 1 mAh/g"]}}, across="cycle", up="capacity"
    )
    (trace,) = figure_of(answer.figures["points"].data).panels[0].traces
    assert (list(trace.x), list(trace.y), list(trace.y_error)) == ([1, 600], [157.8, 135], [0.1, 1])
    assert not trace.joined
