"""What the command line takes from a study, and how it runs one."""

import pytest

from lamion.cli import terminal

FOLDER = """
[study]
title = "Mine"
[[sample]]
name = "film"
thickness = "100 um"
area = "2 cm2"
[[sample]]
name = "other"
thickness = { step = "size", result = "thickness" }
area = "2 cm2"
recipe = { polymer = "peo", salts = { litfsi = 18 } }
[[step]]
id = "composition"
task = "recipe"
sample = "other"
"""


@pytest.fixture
def study(tmp_path, monkeypatch):
    (tmp_path / "study.toml").write_text(FOLDER)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def film(lamion, tmp_path):
    assert lamion("new", tmp_path / "film").status == 0
    return tmp_path / "film"


def test_a_sample_gives_what_is_missing(lamion, study, spectrum_file):
    said = lamion("analyze", "conductivity", spectrum_file, "--sample", "film", "--json")
    assert said.status == 0, said.err
    assert said.json["results"]["conductivity"]["value"] == pytest.approx(1e-4, rel=0.01)
    thick = lamion("analyze", "conductivity", spectrum_file, "--sample", "film", "--thickness", "200 um", "--json")
    assert thick.json["results"]["conductivity"]["value"] == pytest.approx(2e-4, rel=0.01)


def test_a_sample_gives_its_recipe(lamion, study):
    said = lamion("recipe", "--sample", "other", "--json")
    assert said.status == 0, said.err
    assert "mass_fraction.litfsi" in said.json["results"]
    written = lamion("recipe", "--sample", "other", "--eo-li", "20", "--json")
    assert written.json["results"]["mass_fraction.litfsi"] != said.json["results"]["mass_fraction.litfsi"]


def test_a_reference_is_refused(lamion, study, spectrum_file):
    said = lamion("analyze", "conductivity", spectrum_file, "--sample", "other")
    assert said.status == 2
    assert "The thickness of 'other' is a reference" in said.err
    assert "Give --thickness" in said.err
    assert lamion("analyze", "conductivity", spectrum_file, "--sample", "other", "--thickness", "9 um").status == 0


def test_a_sample_that_is_not_there(lamion, study, spectrum_file, tmp_path, monkeypatch):
    said = lamion("analyze", "conductivity", spectrum_file, "--sample", "flim")
    assert said.status == 2
    assert "Did you mean 'film'?" in said.err
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    said = lamion("analyze", "conductivity", spectrum_file, "--sample", "film")
    assert "There is no study.toml in this folder" in said.err


def test_the_study_is_no_place_for_output(lamion, study, spectrum_file):
    said = lamion(
        "analyze", "conductivity", spectrum_file, "--sample", "film", "--csv", "study.toml", "--force"
    )  # fmt: skip
    assert said.status == 2
    assert (study / "study.toml").read_text() == FOLDER


def test_a_dry_run_says_what_and_why_and_writes_nothing(lamion, film):
    said = lamion("run", film, "--dry-run")
    assert said.status == 0
    assert "2 steps: 2 to compute, 0 kept." in said.out
    assert "  composition       it is new" in said.out
    assert not (film / "results").exists()
    assert lamion("run", film, "--workers", 1).status == 0
    assert "2 steps: 0 to compute, 2 kept." in lamion("run", film / "study.toml", "--dry-run").out


def test_one_step_is_shown_as_a_verb_shows_it(lamion, film):
    said = lamion("run", film, "--step", "conductivity-60C")
    assert said.status == 0, said.err
    assert said.out.startswith("conductivity ")
    assert "The data are synthetic." in said.out
    assert {path.name for path in film.iterdir()} == {"study.toml", "claims.toml", "data", ".lamion"}
    assert "structural_case" in lamion("run", film, "--step", "composition", "--details").out
    wrong = lamion("run", film, "--step", "composition2")
    assert wrong.status == 2
    assert "Did you mean 'composition'?" in wrong.err


def test_a_folder_without_a_study(lamion, tmp_path):
    said = lamion("run", tmp_path)
    assert said.status == 2
    assert "There is no study.toml in" in said.err


def test_trust_reaches_the_study(lamion, film, monkeypatch):
    from lamion.report import run as running_studies

    load, seen = running_studies.load_study, {}

    def loaded(path, *, trust=False, ask=None):
        seen.update(trust=trust, ask=ask)
        return load(path)

    monkeypatch.setattr(running_studies, "load_study", loaded)
    assert lamion("run", film, "--dry-run", "--trust").status == 0
    assert seen == {"trust": True, "ask": terminal.ask}
    assert lamion("run", film, "--dry-run").status == 0
    assert seen["trust"] is False


def test_nobody_is_asked_where_there_is_no_terminal():
    assert terminal.ask("Run it?") is False


@pytest.mark.parametrize(("said", "yes"), [("y\n", True), ("YES\n", True), ("\n", False), ("no\n", False), ("", False)])
def test_a_person_is_asked(monkeypatch, capsys, said, yes):
    import io

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    error = Terminal()
    monkeypatch.setattr("sys.stdin", Terminal(said))
    monkeypatch.setattr("sys.stderr", error)
    assert terminal.ask("Run it?") is yes
    assert error.getvalue() == "Run it? [y/N] "
