"""A study in the page: run, verdicts, and from a claim to its step, figure and file."""

import json

import pytest

from lamion.page.study import OpenStudy
from lamion.quantities import InputError
from lamion.report.run import run


def test_a_study_runs_to_the_verdicts_of_the_command_line(study_browser, study_folder):
    assert study_browser.get("/api/study").json()["claims"] == 2
    found = study_browser.post("/api/study/run").json()
    assert len(found["claims"]) == 2
    written = json.loads((study_folder / "results" / "results.json").read_text())
    told = {claim["id"]: (claim["verdict"], claim["reason"], claim["step"]) for claim in found["claims"]}
    assert told == {name: (item["verdict"], item["reason"], item["step"]) for name, item in written["claims"].items()}
    settled = next(claim for claim in found["claims"] if claim["step"])
    step = study_browser.get("/api/study/step", id=settled["step"]).json()
    assert step["figures"][0]["kind"] == "xy"
    assert step["answer"]["results"] == run(study_folder)[settled["step"]].to_json()["results"]
    assert len(step["files"]) == 3
    file = study_browser.get("/api/study/file", step=settled["step"], name=step["files"][0])
    assert file.content == (study_folder / "data" / step["files"][0]).read_bytes()


def test_no_file_outside_the_study_s_folder_is_handed_out(study_browser, study_folder):
    outside = study_folder.parent / "outside.csv"
    outside.write_bytes((study_folder / "data" / "synthetic_film_60C_cell1.csv").read_bytes())
    text = (study_folder / "study.toml").read_text()
    (study_folder / "study.toml").write_text(text.replace("data/synthetic_film_60C_cell*.csv", "../outside.csv"))
    study_browser.post("/api/study/run")
    assert study_browser.get("/api/study/step", id="conductivity-60C").json()["files"] == []
    for name in ("outside.csv", "../outside.csv", "/etc/passwd"):
        assert study_browser.get("/api/study/file", step="conductivity-60C", name=name).status_code == 422


def test_the_code_of_a_study_is_not_run_without_trust(study_folder):
    text = (study_folder / "study.toml").read_text()
    (study_folder / "study.toml").write_text(text.replace("seed = 1", 'seed = 1\nsteps = "steps.py"'))
    (study_folder / "steps.py").write_text("raise SystemExit\n")
    study = OpenStudy(study_folder)
    with pytest.raises(InputError, match="code of its own"):
        study.loaded()


def test_without_a_study_there_is_none(browser):
    assert browser.get("/api/study").status_code == 404
