"""The printed number in a figure: at its place, in the axis' unit, and nowhere that was not declared."""

import pytest

from lamion.quantities.figure import Axis, Figure, Panel, Points, Rule, figure_of
from lamion.report.printed import with_printed
from lamion.study.claims import Claim

HELD = {"overpotential": [Claim("one", "film", "voltage", "42", 42.0, "mV", "predict")]}


def drawn(x=None, y=None, points=None, claims=HELD, **look):
    points = points or Points([0.0, 1.0], [0.01, 0.02], "computed")
    panel = Panel([points], x or Axis("time", "s"), y or Axis("voltage", "V"), **look)
    return figure_of(with_printed(Figure([panel]).entitled("Voltage"), claims).data).panels[0]


def test_a_declared_axis_gets_the_line_in_its_own_unit():
    panel = drawn(y=Axis("voltage", "V", results=("overpotential",)))
    (rule,) = [trace for trace in panel.traces if isinstance(trace, Rule)]
    assert (rule.axis, rule.at) == ("y", pytest.approx(0.042))
    assert rule.label == "printed, 42 mV"


def test_patterns_name_several_results():
    assert len(drawn(y=Axis("voltage", "V", results=("over*",))).traces) == 2


@pytest.mark.parametrize(
    "axis",
    [
        Axis("voltage", "V"),
        Axis("voltage", "V", results=("underpotential",)),
        Axis("current", "A", results=("overpotential",)),
    ],
)
def test_nothing_is_drawn_by_unit_or_name_alone_nor_where_it_cannot_stand(axis):
    assert len(drawn(y=axis).traces) == 1


def test_a_number_below_zero_has_no_place_on_a_logarithmic_axis():
    claims = {"overpotential": [Claim("one", "film", "voltage", "-4", -4.0, "mV", "predict")]}
    assert len(drawn(y=Axis("voltage", "V", "log", results=("overpotential",)), claims=claims).traces) == 1


def test_an_axis_with_ends_grows_until_the_number_is_in_view():
    panel = drawn(y=Axis("voltage", "mV", low=0.0, high=30.0, results=("overpotential",)))
    assert panel.y.low == 0.0
    assert panel.y.high > 42.0


def test_points_that_are_results_get_the_printed_ones_beside_them():
    points = Points([0.1, 1.0], [160.0, 150.0], "computed", results=["capacity.0.1C", "capacity.1C"])
    claims = {"capacity.1C": [Claim("one", "cell", "capacity", "142.5", 142.5, "mAh/g", "predict")]}
    panel = drawn(Axis("rate", "C"), Axis("capacity", "mAh/g"), points, claims)
    (printed,) = [trace for trace in panel.traces if isinstance(trace, Points) and trace.label == "printed"]
    assert (list(printed.x), list(printed.y)) == ([1.0], [142.5])


def test_a_panel_without_a_legend_is_not_given_one_where_another_has_it():
    y = Axis("voltage", "V", results=("overpotential",))
    panels = [Panel([Points([0.0], [1.0], "a")], Axis("time", "s"), y, legend=legend) for legend in ("best", "")]
    first, second = figure_of(with_printed(Figure(panels).entitled("Voltage"), HELD).data).panels
    assert first.traces[1].label == "printed, 42 mV"
    assert (second.traces[1].label, second.legend) == ("", "")


def test_a_figure_without_a_place_for_it_stays_the_same():
    figure = Figure([Panel([Points([0.0], [1.0])], Axis("time", "s"), Axis("voltage", "V"))]).entitled(
        "Voltage", kept=1
    )
    assert with_printed(figure, HELD) is figure
