"""A study from a folder of files: a step for each, blanks for what they do not say, which a run lists at once."""

import json
import shutil
import tomllib

import pytest

from lamion.cli.main import main
from lamion.formats.csv_table import spectrum_text
from lamion.quantities import InputError
from lamion.study.blanks import listed
from lamion.study.from_folder import study_from
from lamion.study.study_file import load_study
from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum
from lamion.synthetic.examples import example
from lamion.tasks import catalogue


@pytest.fixture
def folder(tmp_path):
    """A spectrum of a film in a folder of its own; beside it a series, a Raman spectrum, and what is no measurement."""
    place = tmp_path / "measured"
    (place / "film 1").mkdir(parents=True)
    (place / "film 1" / "blocking_cell.csv").write_bytes(example("blocking_cell.csv"))
    for name in ("conductivities.csv", "raman.csv"):
        (place / name).write_bytes(example(name))
    (place / "notes.txt").write_text("Dear diary\n")
    return place


def test_each_file_gets_its_step(folder, tmp_path):
    begun = study_from(folder, tmp_path / "study")
    study = tomllib.loads(begun.text)
    assert (begun.used, begun.passed_by, begun.blanks) == (3, 1, 2)
    assert [(one["task"], one["sample"]) for one in study["step"]] == [
        ("analyze arrhenius", "measured"),
        ("analyze raman", "measured"),
        ("analyze conductivity", "film 1"),
    ]
    assert study["sample"][1] == {"name": "film 1", "area": "?", "thickness": "?"}
    assert "# notes.txt: what looks like a text" in begun.text
    head = begun.text[: begun.text.index("[[sample]]")].replace("# claims =", "claims =")
    assert tomllib.loads(head)["study"]["claims"] == "claims.toml", "a study with claims needs one mark less"


def test_a_blank_shows_that_an_uncertainty_belongs_to_it(folder, tmp_path):
    text = study_from(folder, tmp_path / "study").text
    assert 'thickness = "?"    # as in "9 ± 0.3 um"' in text
    assert 'area = "?"    # as in "2.01 ± 0.02 cm2"' in text


def test_which_of_several_sweeps_counts_is_a_blank(folder, tmp_path, capsys):
    """A file of two sweeps waits for the number of one, and runs with it."""
    cell = BlockingCell(5.8, electrode_q=2e-5)
    first, second = (spectrum_text(blocking_cell_spectrum(cell, seed=seed)) for seed in (1, 2))
    (folder / "film 1" / "blocking_cell.csv").write_text(first + second.partition("\n")[2])
    home = tmp_path / "study"
    assert main(["new", str(home), "--from", str(folder)]) == 0
    text = (home / "study.toml").read_text(encoding="utf-8")
    assert 'cycle = "?"    # 2 sweeps: which one, as in 2 or "last"' in text
    assert "3 steps, 3 blanks" in capsys.readouterr().out
    text = text.replace('area = "?"', 'area = "2.01 cm2"').replace('thickness = "?"', 'thickness = "9 um"')
    (home / "study.toml").write_text(text, encoding="utf-8")
    assert main(["run", str(home)]) == 1
    assert "the cycle of the step conductivity.blocking-cell" in capsys.readouterr().out
    (home / "study.toml").write_text(text.replace('cycle = "?"', 'cycle = "last"'), encoding="utf-8")
    assert main(["run", str(home)]) == 0


def test_a_run_computes_what_it_can_and_lists_the_blanks(folder, tmp_path, capsys):
    home = tmp_path / "study"
    assert main(["new", str(home), "--from", str(folder)]) == 0
    assert "3 steps, 2 blanks; 1 file passed by" in capsys.readouterr().out
    assert main(["run", str(home)]) == 1
    said = capsys.readouterr()
    assert "3 steps: 2 computed, 0 kept, 1 wait." in said.out
    assert "the thickness of the sample film 1, for conductivity.blocking-cell" in said.out
    assert said.err == ""
    results = json.loads((home / "results" / "results.json").read_text())
    assert "conductivity.blocking-cell" not in results["steps"] or not results["steps"][
        "conductivity.blocking-cell"
    ].get("results")
    text = (home / "study.toml").read_text()
    filled = text.replace('area = "?"', 'area = "2.01 cm2"').replace('thickness = "?"', 'thickness = "9 um"')
    (home / "study.toml").write_text(filled)
    assert main(["run", str(home)]) == 0
    assert "3 steps: 1 computed, 2 kept." in capsys.readouterr().out


def test_what_depends_on_a_blank_waits_too(folder, tmp_path, capsys):
    home = tmp_path / "study"
    main(["new", str(home), "--from", str(folder)])
    with (home / "study.toml").open("a") as file:
        file.write('\n[[step]]\nid = "twice"\ntask = "audit formula"\nformula = "2 * s"\nunit = "S/cm"\n')
        file.write('values = { s = { step = "conductivity.blocking-cell", result = "conductivity" } }\n')
    assert main(["run", str(home)]) == 1
    assert "'twice': it depends on the step 'conductivity.blocking-cell'" in capsys.readouterr().err
    assert list(listed(load_study(home))) == ["thickness of the sample film 1", "area of the sample film 1"]


def test_blanks_alone_are_refused_with_all_of_them(folder, tmp_path, capsys):
    for path in (folder / "raman.csv", folder / "conductivities.csv"):
        path.unlink()
    home = tmp_path / "study"
    main(["new", str(home), "--from", str(folder)])
    capsys.readouterr()
    assert main(["run", str(home)]) == 2
    said = capsys.readouterr().err
    assert "2 blanks, the thickness of the sample film 1; the area of the sample film 1" in said


def test_a_folder_without_measurements_is_refused(folder, tmp_path):
    with pytest.raises(InputError, match="There is no folder"):
        study_from(tmp_path / "nowhere", tmp_path)
    shutil.rmtree(folder / "film 1")
    for path in (folder / "raman.csv", folder / "conductivities.csv"):
        path.unlink()
    with pytest.raises(InputError, match="None of the 1 files"):
        study_from(folder, tmp_path)


def test_a_study_begins_files_of_one_kind_in_one_way():
    """A kind of record is named first by one usual task, whose file is required."""
    usual = [task for name in catalogue.built_in() if (task := catalogue.find(name)).usual]
    taking = [next(one for one in task.parameters.values() if one.kind == "file") for task in usual]
    first = [one.option.records[0] for one in taking]
    assert len(first) == len(set(first)) >= 12
    assert all(one.required for one in taking)
