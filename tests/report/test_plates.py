"""Plates as they are drawn: letters, evidence, size, the same bytes twice, and the steps' own numbers."""

import csv
import io
import json
import re

import pytest

from lamion.quantities import FigureData, InputError
from lamion.quantities.figure import Axis, Band, Figure, Line, Panel, Points, figure_of
from lamion.report.figures.csv_table import plate_csv
from lamion.report.figures.plate import draw_plate
from lamion.report.plates import ShownPanel, ShownPlate, _overlaid
from lamion.report.run import run
from lamion.study.plates import Part, Plate

X, Y = Axis("time", "h"), Axis("voltage", "V")
FIRST = Figure(
    [Panel([Points([1.0, 2.0], [3.0, 4.0], "measured", y_error=[0.1, 0.2]), Line([1.0, 2.0], [3.0, 4.1])], X, Y)]
)
SECOND = Figure([Panel([Points([5.0], [6.0], "measured")], X, Y)])
MAP = FigureData(
    "map",
    "heights",
    {"values": [[1.0, 2.0], [3.0, 4.0]], "size": [2.0, 2.0], "length": "um", "what": "height", "unit": "nm"},
)


def plate():
    panels = (
        ShownPanel("a", "Voltage", "synthetic", ("one",), 1, FIRST.entitled("voltage")),
        ShownPanel("b", "Heights", "geometry", ("two",), 1, MAP),
        ShownPanel("c", "a photograph", absent="never published"),
    )
    return ShownPlate(Plate("7", "Films", (), 2, (50.0,)), panels)


def texts(svg):
    return re.findall(rb"<!-- (.*?) -->", svg)


def test_a_plate_is_drawn_at_a_journals_width_with_letters_and_evidence():
    svg = draw_plate(plate())
    assert b'width="180.00mm"' in svg
    said = texts(svg)
    for text in (b"a", b"b", b"Voltage", b"Heights", b"synthetic", b"geometry"):
        assert text in said, text
    assert any(b"Not drawn: c, a photograph: never published." in text for text in said)


def test_the_same_plate_gives_the_same_bytes():
    assert draw_plate(plate()) == draw_plate(plate())


def test_its_table_holds_the_numbers_of_every_panel_with_its_letter():
    rows = list(csv.DictReader(io.StringIO(plate_csv(plate().rows()))))
    points = [row for row in rows if row["letter"] == "a" and row["mark"] == "points"]
    assert [(float(row["x"]), float(row["y"]), float(row["y uncertainty"])) for row in points] == [
        (1, 3, 0.1),
        (2, 4, 0.2),
    ]
    assert {row["evidence"] for row in points} == {"synthetic"}
    assert {row["steps"] for row in points} == {"one"}
    heights = [float(row["y"]) for row in rows if row["letter"] == "b" and row["trace"].startswith("values")]
    assert heights == [1, 2, 3, 4]
    assert "c" not in {row["letter"] for row in rows}


def test_its_json_holds_all_that_is_drawn_and_what_is_not():
    data = json.loads(json.dumps(plate().to_json(), allow_nan=False))
    assert [panel["letter"] for panel in data["panels"]] == ["a", "b", "c"]
    assert data["panels"][0]["figure"]["data"] == json.loads(json.dumps(FIRST.entitled("voltage").data))
    assert data["panels"][2]["absent"] == "never published"


def test_traces_laid_over_each_other_keep_their_numbers_and_get_a_colour_and_a_name_each():
    both = _overlaid(
        [FIRST.entitled("1"), SECOND.entitled("2")], [Part("one", label="A"), Part("two", label="B")], "here"
    )
    (panel,) = figure_of(both.data).panels
    assert [list(trace.y) for trace in panel.traces] == [[3.0, 4.0], [3.0, 4.1], [6.0]]
    assert [trace.label for trace in panel.traces] == ["A", "", "B"]
    colours = [trace.color for trace in panel.traces]
    assert colours[0] == colours[1] != colours[2]


def test_figures_on_different_axes_are_not_laid_over_each_other():
    other = Figure([Panel([Line([1.0], [1.0])], X, Axis("current", "A"))])
    with pytest.raises(InputError, match="different axes"):
        _overlaid([FIRST.entitled("1"), other.entitled("2")], [Part("one"), Part("two")], "here")


def test_a_map_is_not_laid_over_a_plot():
    with pytest.raises(InputError, match="no single plot"):
        _overlaid([FIRST.entitled("1"), MAP], [Part("one"), Part("two")], "here")


STUDY = """
[study]
title = "One film"

[[sample]]
name = "A"
recipe = { polymer = "peo", salts = { litfsi = 18 } }

[[step]]
id = "made"
task = "recipe"
sample = "A"

[[step]]
id = "seen"
task = "audit points"
across = "cycle"
up = "capacity"

[step.series."a cell"]
x = [1, 600]
y = ["157.8 mAh/g", "135.2 mAh/g"]

[[plate]]
id = "S1"
title = "The film and its cell"

[[plate.panel]]
letter = "a"
title = "Composition"
step = "made"
wide = 2

[[plate.panel]]
letter = "b"
step = "seen"

[[plate.panel]]
letter = "c"
title = "a photograph"
absent = "never published"
"""


def test_a_users_study_with_a_plate_writes_and_shows_it(tmp_path):
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    done = run(tmp_path, workers=1)
    figures = done.folder / "figures"
    rows = list(csv.DictReader(io.StringIO((figures / "plate-S1.csv").read_text(encoding="utf-8"))))
    drawn = [float(row["y"]) for row in rows if row["letter"] == "b"]
    assert drawn == [157.8, 135.2] == list(done["seen"].series["Capacity / mAh/g"])
    assert (figures / "plate-S1.svg").read_bytes().startswith(b"<?xml")
    assert json.loads((figures / "plate-S1.json").read_text(encoding="utf-8"))["title"] == "The film and its cell"
    report = done.report.read_text(encoding="utf-8")
    assert "Figure S1. The film and its cell." in report
    assert "a photograph: never published." in report


def test_a_panel_can_show_one_part_of_a_drawing_that_is_no_plot():
    film = FigureData("film-transport", "field", {
        "map": {"x_um": [0.0, 1.0], "y_um": [0.0, 1.0], "size_um": [1.0, 1.0],
                "concentration_mol_m3": [[1.0, 2.0], [1.0, 2.0]]},
        "initial_mol_m3": 1.0,
        "profiles": [{"time_s": 1.0, "position_um": [0.0, 1.0], "concentration_mol_m3": [1.0, 2.0]}],
        "ends": {"time_s": [0.0, 1.0], "low_mol_m3": [1.0, 0.5], "high_mol_m3": [1.0, 1.5]},
    })  # fmt: skip
    whole, part = (
        draw_plate(ShownPlate(Plate("1", "t", (), 1), (ShownPanel("a", "f", "model", ("s",), 1, film, part),)))
        for part in (0, 2)
    )
    assert "position / µm".encode() in b"".join(texts(part))
    assert b"time / s" not in b"".join(texts(part))
    assert b"time / s" in b"".join(texts(whole))


def test_a_band_is_coloured_with_its_line():
    figure = Figure([Panel([Band([1.0], [1.0], [2.0]), Line([1.0], [1.5], "law")], X, Y)]).entitled("1")
    (panel,) = figure_of(
        _overlaid([SECOND.entitled("2"), figure], [Part("a", label="A"), Part("b", label="B")], "").data
    ).panels
    assert panel.traces[1].color == panel.traces[2].color
    assert [trace.label for trace in panel.traces] == ["A", "", "B"]
