"""`lamion cite`: what a task, a study and a results.json rest on."""

import json
import re

import pytest

from lamion.cli.main import main


@pytest.fixture
def said(capsys):
    def run(*words):
        status = main(["cite", *map(str, words)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def test_a_task_names_the_works_of_its_method(said):
    status, out, _ = said("analyze", "transference")
    assert status == 0
    assert "J. Evans, C. A. Vincent, P. G. Bruce, Polymer 28 (1987) 2324" in out
    assert "https://doi.org/10.1016/0032-3861(87)90394-6" in out


def test_a_task_without_works_says_why(said):
    assert "audit formula: it computes the formula that is given." in said("audit", "formula")[1]


def test_bibtex_has_an_entry_for_each_and_for_lamion(said):
    out = said("analyze transference", "--bibtex")[1]
    keys = re.findall(r"^@(\w+)\{([^,]+),$", out, flags=re.MULTILINE)
    assert ("article", "evans1987") in keys
    assert keys[-1] == ("software", "lamion")
    assert out.count("\n}") == len(keys)
    assert "author = {J. Evans and C. A. Vincent and P. G. Bruce}," in out


def test_the_built_in_study_names_methods_and_stored_values(said):
    found = json.loads(said("lse-hfc", "--json")[1])
    assert "10.1002/advs.202404307" in found["about"]
    methods = {one["key"]: one["tasks"] for one in found["methods"]}
    assert "own dendrite-modulus" in methods["monroe2005"]
    values = {value: one["source"] for one in found["values"] for value in one["values"]}
    assert values["peo's density"].startswith("Polymer Handbook")
    assert values["NCM622's potential"].startswith("NMC532 of Mohtat et al.")
    assert not found["unknown"]


def test_the_built_in_study_is_found_beside_a_folder_of_its_name(said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lse-hfc").mkdir()
    assert "monroe2005" in said("lse-hfc", "--bibtex")[1]


def test_a_results_file_names_the_same_as_its_study(said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "film"]) == 0
    assert main(["run", "film", "--workers", "1"]) in (0, 1)
    capsys.readouterr()
    study = json.loads(said("film", "--json")[1])
    results = json.loads(said("film/results/results.json", "--json")[1])
    assert study["methods"]
    assert results["methods"] == study["methods"]
    assert results["values"] == study["values"] != []
    assert json.loads(said("film/results", "--json")[1]) == results
    (tmp_path / "film" / "results" / "provenance.json").unlink()
    assert json.loads(said("film/results/results.json", "--json")[1])["values"] == []


def test_what_cannot_be_cited_is_refused_in_a_paragraph(said, tmp_path):
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "b.json").write_text("{")
    (tmp_path / "c.json").write_text('{"study": {}, "steps": {"one": {}}}')
    for words, why in (
        (["analyze", "transferense"], "Did you mean 'analyze transference'"),
        ([tmp_path / "a.json"], "no results.json"),
        ([tmp_path / "c.json"], "no results.json"),
        ([tmp_path / "lost.json"], "lost.json"),
        ([tmp_path / "b.json"], "cannot be read as JSON"),
        (["recipe", "--json", "--bibtex"], "both given"),
    ):
        status, out, err = said(*words)
        assert (status, out) == (2, "")
        assert why in err
