"""What the page says is what the command line says: to the last digit, and by the command that it shows."""

import json
import shlex

import pytest

from lamion.cli.main import main
from lamion.page.command import said
from lamion.page.forms import example, form
from lamion.synthetic.examples import EXAMPLES
from lamion.synthetic.examples import example as example_file
from lamion.tasks import catalogue

SAME = (
    "recipe",
    "analyze arrhenius",
    "analyze conductivity",
    "analyze cycling",
    "analyze diffusion",
    "analyze drt",
    "analyze dsc",
    "analyze kk",
    "analyze plating",
    "analyze raman",
    "analyze transference",
    "analyze window",
    "simulate energy",
    "simulate symmetric",
    "simulate transport",
    "design transference",
    "audit formula",
)
VERBS = [name for name in catalogue.built_in() if catalogue.find(name).is_verb]


@pytest.fixture
def in_examples(tmp_path, monkeypatch):
    for name in EXAMPLES:
        (tmp_path / name).write_bytes(example_file(name))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", SAME)
def test_a_number_on_the_page_is_the_command_line_s(browser, in_examples, capsys, name):
    filled = browser.post("/api/example", task=name).json()
    found = browser.run(name, **filled["options"])
    assert found.status_code == 200, found.text
    words = shlex.split(found.json()["command"])
    assert words[0] == "lamion"
    assert main([*words[1:], "--json"]) == 0
    printed = capsys.readouterr().out
    assert json.dumps(found.json()["answer"], ensure_ascii=False) + "\n" == printed


@pytest.mark.parametrize("name", VERBS)
def test_every_form_says_the_words_of_its_example(workspace, name):
    task = catalogue.find(name)
    filled = example(name, workspace)
    command = said(task, filled["options"])
    again = example_of(task, command.command)
    assert again == {key: item for key, item in filled["options"].items() if key != "quick"}


def example_of(task, command):
    from lamion.cli.adapter import parser_of
    from lamion.cli.parser import parse

    given = vars(parse(parser_of(task), shlex.split(command)[1 + len(task.name.split()) :]))
    return {one.written: given[one.name] for one in task.said if one.name in given}


@pytest.mark.parametrize("name", VERBS)
def test_every_form_declares_its_options_as_the_command_line_does(name):
    found = form(name)
    task = catalogue.find(name)
    assert list(found["options"]) == [one.written for one in task.said]
    assert all(option["help"] for option in found["options"].values())
    assert found["help"]
    assert json.dumps(found, allow_nan=False)


def test_values_that_begin_with_a_minus_reach_the_command_line(in_examples, capsys, browser):
    for name in ("dsc.csv",):
        browser.drop(name, example_file(name))
    options = {"file": "dsc.csv", "exothermic": "up", "low": "-10 degC", "high": "65 degC"}
    found = browser.run("analyze dsc", **options)
    assert found.status_code == 200, found.text
    assert main([*shlex.split(found.json()["command"])[1:], "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == found.json()["answer"]


def test_points_that_are_left_out_stand_in_the_command(browser, lithium_cell):
    browser.drop("lithium_cell.csv", lithium_cell)
    found = browser.run("analyze kk", file="lithium_cell.csv", leave_out=["1", "4-6"]).json()
    assert found["command"] == "lamion analyze kk lithium_cell.csv --leave-out 1 --leave-out 4-6"
    assert (
        len(found["answer"]["series"]["Frequency / Hz"])
        == browser.get("/api/read", name="lithium_cell.csv").json()["points"] - 4
    )


def test_a_switch_that_is_on_is_turned_off_by_its_word(browser, lithium_cell):
    browser.drop("lithium_cell.csv", lithium_cell)
    found = browser.run("analyze kk", file="lithium_cell.csv", capacitor=False).json()
    assert found["command"] == "lamion analyze kk lithium_cell.csv --no-capacitor"
    assert browser.run("analyze kk", file="lithium_cell.csv", capacitor=True).json()["command"].endswith("cell.csv")


def test_what_is_not_determined_is_said(browser, lithium_cell):
    browser.drop("lithium_cell.csv", lithium_cell)
    options = {"files": ["lithium_cell.csv"], "circuit": "R0-p(R1,CPE1)-p(R2,CPE2)"}
    rows = browser.run("analyze impedance", **options).json()["rows"]
    lost = [row for row in rows if not row["determined"]]
    assert lost
    assert all(row["text"] == "not determined" for row in lost)


def test_an_error_is_the_command_line_s_paragraph(browser, lithium_cell):
    browser.drop("lithium_cell.csv", lithium_cell)
    answer = browser.run("analyze impedance", files=["lithium_cell.csv"], circuit="R0-p(R1,")
    assert answer.status_code == 422
    assert "circuit" in answer.json()["error"]
    missing = browser.run("analyze conductivity", files=["lithium_cell.csv"]).json()["error"]
    assert "thickness is missing" in missing


def test_of_sixty_files_with_a_bad_one_fifty_nine_are_answered_for_and_the_one_is_named(browser):
    from lamion.formats.csv_table import spectrum_text
    from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum

    names = [f"cell_{number:02}.csv" for number in range(60)]
    for number, name in enumerate(names):
        text = spectrum_text(blocking_cell_spectrum(BlockingCell(50.0 + number), seed=number))
        browser.drop(name, b"Dear diary\n" if number == 17 else text.encode())
    found = browser.run("analyze impedance", files=names, circuit="R0-CPE1").json()
    assert len(found["answer"]["series"]["File"]) == 59
    assert list(found["answer"]["notes"]["refused"]) == ["cell_17.csv"]


def test_work_that_nobody_waits_for_ends(browser):
    from lamion.page.jobs import CancelledError, Jobs

    jobs = Jobs()
    job = jobs.begin("a")
    job(1, 3, "first")
    assert jobs.progress("a") == {"done": 1, "total": 3, "what": "first"}
    jobs.begin("a")
    with pytest.raises(CancelledError):
        job(2, 3, "second")
    jobs.end("a", job)
    assert "a" in jobs.running


def test_a_spectrum_is_drawn_before_anything_is_computed_of_it(browser, lithium_cell):
    browser.drop("lithium_cell.csv", lithium_cell)
    found = browser.get("/api/read", name="lithium_cell.csv").json()
    plane, bode = found["figures"]
    numbers = plane["data"]["panels"][0]["traces"][0]["also"]["Point / 1"]
    assert numbers == list(range(1, found["points"] + 1))
    assert plane["data"]["panels"][0]["equal"]
    assert [panel["y"]["text"] for panel in bode["data"]["panels"]] == ["|Z| / Ω", "−phase / deg"]


def test_what_is_no_plot_comes_as_the_report_s_picture(browser):
    filled = browser.post("/api/example", task="simulate sheet").json()
    figures = browser.run("simulate sheet", **filled["options"]).json()["figures"]
    assert figures[0]["kind"] == "sheet"
    assert figures[0]["svg"].startswith("data:image/svg+xml;base64,")
