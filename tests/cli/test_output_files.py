"""Units, decimal commas, and what a command may write over."""

import csv
import json

import pytest

from lamion.formats.csv_table import spectrum_text
from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum

CELL = ("--thickness", "100 ± 2 um", "--area", "2.0 cm2")


def test_a_unit_is_for_the_results_of_its_dimension(lamion, spectrum_file):
    words = ("analyze", "conductivity", spectrum_file, *CELL)
    plain = lamion(*words, "--json").json
    said = lamion(*words, "--json", "--unit", "mS/cm", "--unit", "kohm").json
    assert said["results"]["conductivity"]["unit"] == "mS/cm"
    for part in ("value", "uncertainty"):
        assert said["results"]["conductivity"][part] == pytest.approx(1e3 * plain["results"]["conductivity"][part])
    assert said["results"]["resistance"]["value"] == pytest.approx(1e-3 * plain["results"]["resistance"]["value"])
    assert said["results"]["conductance"] == plain["results"]["conductance"]
    assert said["series"] == plain["series"]
    assert "mS/cm" in lamion(*words, "--unit", "mS/cm").out


def test_a_unit_is_given_to_results_that_are_not_reached(lamion):
    words = ["simulate", "transport", "--thickness", "9 um", "--conductivity", "5.62e-4 S/cm", "--transference", 0.78]
    words += ["--concentration", "2 mol/L", "--current", "1.2 mA/cm2", "--time", "60 s", "--unit", "min", "--json"]
    results = lamion(*words).json["results"]
    assert results["depletion_time"] == {"value": None, "uncertainty": None, "unit": "min", "interval": None}
    assert results["time_to_99_percent"]["unit"] == "min"


def test_an_impossible_unit_names_those_of_the_results(lamion, spectrum_file):
    said = lamion("analyze", "conductivity", spectrum_file, *CELL, "--unit", "eV")
    assert said.status == 2
    assert "No result is an energy" in said.err
    assert "S/cm" in said.err
    assert lamion("analyze", "conductivity", spectrum_file, *CELL, "--unit", "bananas").status == 2


def test_decimal_commas(lamion, spectrum_file, tmp_path):
    points, commas = tmp_path / "points.csv", tmp_path / "commas.csv"
    assert lamion("read", spectrum_file, "--csv", points).status == 0
    assert lamion("read", spectrum_file, "--csv", commas, "--decimal-comma").status == 0
    with_points = list(csv.reader(points.read_text().splitlines()))
    with_commas = list(csv.reader(commas.read_text().splitlines(), delimiter=";"))
    assert with_commas[0] == with_points[0]
    assert [[cell.replace(",", ".") for cell in row] for row in with_commas[1:]] == with_points[1:]
    assert lamion("read", commas, "--json").json["series"] == lamion("read", points, "--json").json["series"]


def test_texts_keep_their_points(lamion, tmp_path):
    names = [tmp_path / f"{seed}.csv" for seed in (1, 2)]
    for seed, name in enumerate(names):
        name.write_text(spectrum_text(blocking_cell_spectrum(BlockingCell(50.0), seed=seed)))
    out = tmp_path / "out.csv"
    assert lamion("analyze", "conductivity", *names, *CELL, "--csv", out, "--decimal-comma").status == 0
    assert "1.csv;" in out.read_text()


def test_decimal_commas_need_a_table(lamion):
    said = lamion("recipe", "--eo-li", 18, "--decimal-comma")
    assert said.status == 2
    assert "Give --csv FILE too." in said.err


def test_a_command_can_be_repeated_and_a_stranger_is_safe(lamion, spectrum_file, tmp_path):
    out = tmp_path / "out.csv"
    words = ("read", spectrum_file, "--csv", out)
    assert lamion(*words).status == 0
    assert lamion(*words).status == 0
    out.write_text("mine\n")
    said = lamion(*words)
    assert said.status == 2
    assert "replace it with --force" in said.err
    assert not said.out
    assert out.read_text() == "mine\n"
    assert lamion(*words, "--force").status == 0
    assert out.read_text() != "mine\n"


@pytest.mark.parametrize("option", ["--csv", "--fitted"])
def test_an_input_is_never_an_output(lamion, spectrum_file, option):
    raw = spectrum_file.read_bytes()
    words = ("analyze", "impedance", spectrum_file, "--circuit", "R0-CPE1", option, spectrum_file)
    for more in ((), ("--force",)):
        said = lamion(*words, *more)
        assert said.status == 2
        assert "named twice in this command" in said.err
    assert spectrum_file.read_bytes() == raw


def test_two_outputs_are_two_files(lamion, spectrum_file, tmp_path):
    out = tmp_path / "a.svg"
    said = lamion("analyze", "kk", spectrum_file, "--csv", out, "--figure", out)
    assert said.status == 2
    assert not out.exists()


def test_what_cannot_be_written_is_said_before_the_work(lamion, spectrum_file, tmp_path, monkeypatch):
    monkeypatch.setattr("lamion.tasks.declaring.Task.answer", lambda *_: pytest.fail("worked for nothing"))
    stranger = tmp_path / "a.csv"
    stranger.write_text("mine")
    for path in (stranger, tmp_path / "no" / "b.csv"):
        assert lamion("analyze", "kk", spectrum_file, "--csv", path).status == 2
    assert lamion("analyze", "kk", spectrum_file, "--figure", tmp_path / "a.gif").status == 2


def test_one_bad_file_of_several_is_left_out(lamion, tmp_path):
    good = [tmp_path / f"{seed}.csv" for seed in (1, 2)]
    for seed, name in enumerate(good):
        name.write_text(spectrum_text(blocking_cell_spectrum(BlockingCell(50.0), seed=seed)))
    bad = tmp_path / "bad.csv"
    bad.write_text("Freq/Hz,Z'/ohm\n1,2\n")
    for words in (("read",), ("analyze", "conductivity", *CELL)):
        files = ("--json", good[0], bad, good[1]) if words == ("read",) else (*CELL, "--json", good[0], bad, good[1])
        said = lamion(*words[:2], *files)
        assert said.status == 1
        assert "bad.csv" in said.err
        assert list(said.json["notes"]["refused"]) == ["bad.csv"]
        assert "bad.csv" not in json.dumps(said.json["series"])
        assert said.err.splitlines()[1:] == ["lamion: 1 of 3 files was refused."]


def test_a_person_sees_what_was_left_out(lamion, spectrum_file, tmp_path):
    said = lamion("analyze", "conductivity", spectrum_file, tmp_path / "nowhere.csv", *CELL)
    assert said.status == 1
    assert "Left out, since not readable: nowhere.csv." in said.out


def test_no_good_file_is_status_2(lamion, tmp_path):
    said = lamion("read", tmp_path / "a.csv", tmp_path / "b.csv")
    assert said.status == 2
    assert "None of the 2 files can be read." in said.err


def test_nothing_is_left_out_where_the_order_of_files_counts(lamion, spectrum_file, tmp_path):
    words = ("--temperatures", "25 degC, 45 degC", *CELL)
    assert lamion("analyze", "arrhenius", spectrum_file, tmp_path / "nowhere.csv", *words).status == 2
