"""Every figure of every task's example, and what the drawer makes of a specification."""

import csv
import io
import shlex

import numpy as np
import pytest
from tests.report.figure_contract import hold

from lamion.cli.main import main
from lamion.quantities import Answer
from lamion.quantities.figure import (
    Axis,
    Band,
    Bars,
    Figure,
    Labels,
    Line,
    Note,
    Panel,
    Points,
    Rule,
    Span,
    figure_of,
    reciprocal_temperature,
)  # fmt: skip
from lamion.report.figures.csv_table import csv_table
from lamion.report.figures.draw import draw, page_of
from lamion.report.figures.style import DARK, LIGHT, for_both_schemes
from lamion.report.figures.xy import printed_unit
from lamion.synthetic.examples import EXAMPLES, example
from lamion.tasks import catalogue

NAMES = [name for name in catalogue.built_in() if catalogue.find(name).example]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the files that examples name."""
    made = tmp_path_factory.mktemp("examples")
    for name in EXAMPLES:
        (made / name).write_bytes(example(name))
    return made


@pytest.mark.parametrize("name", NAMES)
def test_the_figures_of_its_example_keep_the_contract(name, folder, monkeypatch, capsys):
    task, answers = catalogue.find(name), []
    to_json = Answer.to_json
    monkeypatch.chdir(folder)
    monkeypatch.setattr(Answer, "to_json", lambda self: answers.append(self) or to_json(self))
    quick = ["--quick"] if task.quick else []
    assert main([*name.split(), *shlex.split(task.example), *quick, "--json"]) == 0, capsys.readouterr().err
    for figure in answers[0].figures.values():
        hold(figure)


ALL = Figure(
    [
        Panel(
            [
                Band([0.0, 1.0], [0.5, 1.5], [1.5, 2.5], "band"),
                Points(
                    [0.0, 1.0, 2.0],
                    [1.0, 2.0, float("nan")],
                    "points",
                    y_error=[0.1, 0.2, None],
                    used=[True, True, False],
                ),
                Line(np.array([0.0, 1.0]), np.array([1.0, 2.0]), "line", 1, "dashed"),
                Rule(0.5, text="here"),
                Span(0.2, 0.4, "y"),
                Note(0.5, 1.0, "text"),
                Labels([0.0, 1.0], [1.0, 2.0], ["first", "second"]),
            ],
            Axis("time", "s"),
            Axis("current", "mA/cm2"),
        ),
        Panel(
            [Bars([0.0, 1.0], [0.0, 0.0], [1.0, 2.0], "bars", texts=["1", "2"])],
            Axis(ticks=[(0.0, "a"), (1.0, "b")]),
            Axis("voltage", "V"),
        ),
    ],
    columns=2,
).entitled("Everything")


def test_every_mark_is_drawn_and_comes_back_from_json():
    assert figure_of(ALL.data).entitled("Everything") == ALL
    left, right = page_of(ALL).axes
    assert left.get_ylabel() == "current / mA/cm²"
    assert {text.get_text() for text in left.texts} == {"here", "text", "first", "second"}
    assert [text.get_text() for text in right.texts] == ["1", "2"]
    assert [label.get_text() for label in right.get_xticklabels()] == ["a", "b"]
    assert "left out" in left.get_legend_handles_labels()[1]


def test_its_numbers_come_as_one_table():
    rows = list(csv.DictReader(io.StringIO(csv_table(ALL))))
    points = [row for row in rows if row["trace"] == "points"]
    assert [row["x axis"] for row in points] == ["time / s"] * 3
    assert [row["y"] for row in points] == ["1.0", "2.0", ""]
    assert [row["y uncertainty"] for row in points] == ["0.1", "0.2", ""]
    assert [row["used"] for row in points] == ["True", "True", "False"]
    labels = [row for row in rows if row["mark"] == "labels"]
    assert [(row["x"], row["y"], row["text"]) for row in labels] == [("0.0", "1.0", "first"), ("1.0", "2.0", "second")]
    bars = [row for row in rows if row["trace"] == "bars"]
    assert [(row["x"], row["y high"]) for row in bars] == [("a", "1.0"), ("b", "2.0")]


def _shown(figure, width):
    """Return the labels that a page shows, by their text, with their places on it."""
    page = page_of(figure)
    page.set_size_inches(width, 3.0)
    page.draw_without_rendering()
    return {text.get_text(): text.get_window_extent() for text in page.axes[0].texts if text.get_visible()}


def test_labels_cover_neither_each_other_nor_a_line():
    peaks = [1.0, 1.2, 2.0, 3.0]
    x = np.linspace(0.0, 4.0, 801)
    wall = Line([3.0, 3.0, 3.05], [0.0, 0.9, 0.9])
    pattern = Line(x, sum(0.5 * np.exp(-(((x - peak) / 0.02) ** 2)) for peak in peaks))
    labels = Labels(peaks, [0.5] * 4, ["strongest", "too near", "alone", "behind the wall"])
    rule = Rule(2.0, label="no obstacle")
    panel = Panel([pattern, wall, rule, labels], Axis("angle", "deg"), Axis("intensity", high=1.0))
    figure = Figure([panel]).entitled("Peaks")
    narrow, wide = _shown(figure, 5.0), _shown(figure, 24.0)
    assert set(narrow) == {"strongest", "alone"}
    assert set(wide) == {"strongest", "too near", "alone"}
    boxes = list(wide.values())
    assert not any(a.overlaps(b) for k, a in enumerate(boxes) for b in boxes[:k])


def test_panels_that_share_their_heights_are_named_once():
    panels = [Panel([Line([0.0, 1.0], [0.0, 1.0])], Axis("time", "s"), Axis("voltage", "V")) for _ in range(3)]
    page = page_of(Figure(panels, share_x=True, share_y=True).entitled("Cells"))
    assert page.get_supylabel() == "voltage / V"
    assert [axes.get_ylabel() for axes in page.axes] == [""] * 3


def test_a_value_gives_the_colour_along_its_scale():
    lines = [Line([0.0, 1.0], [0.0, rate], f"{rate:g}C", value=rate) for rate in (0.1, 1.0, 10.0)]
    panel = Panel(lines, Axis("capacity", "mAh/g"), Axis("voltage", "V"))
    (axes,) = page_of(Figure([panel], colors=Axis("rate", "C", "log")).entitled("Rates")).axes
    colors = np.array([line.get_color() for line in axes.lines])
    (middle,) = page_of(Figure([panel], colors=Axis("rate", "C")).entitled("Rates")).axes
    assert np.ptp(colors, axis=0).max() > 0.3
    assert not np.allclose(colors[1], middle.lines[1].get_color())


def test_degrees_celsius_stand_opposite_the_reciprocal_temperature():
    axis = reciprocal_temperature([293.15, 353.15])
    for place, text in axis.opposite.ticks:
        assert 1000.0 / place - 273.15 == pytest.approx(float(text))
        assert axis.low < place < axis.high


def test_one_picture_serves_both_colour_schemes():
    svg = draw(ALL, "svg")
    both = for_both_schemes(svg, "xy")
    style = both.split(b"<style", 1)[1].split(b"</style>", 1)[0].decode()
    for light, dark in ((LIGHT.ink, DARK.ink), (LIGHT.paper, DARK.paper), (LIGHT.faint, DARK.faint)):
        assert f'[style*="fill: {light}"]{{fill:{dark}!important}}' in style
        assert f"{light}".encode() in svg
    assert b"prefers-color-scheme" not in svg
    assert len(both) < len(svg) + 1000


@pytest.mark.parametrize(
    ("unit", "printed"),
    [
        ("mol/m3", "mol/m³"),
        ("um", "µm"),
        ("kohm", "kΩ"),
        ("ohm cm2", "Ω cm²"),
        ("s-1", "s⁻¹"),
        ("% of |Z|", "% of |Z|"),
    ],
)
def test_units_are_printed_as_people_write_them(unit, printed):
    assert printed_unit(unit) == printed
