"""Batches go on: what cannot be used is named and counted, everything else is computed."""

import json
import signal
import subprocess
import sys

import pytest
from tests.limited import POSIX

from lamion.formats.bdf.writer import write
from lamion.formats.csv_table import spectrum_text
from lamion.synthetic.blocking_cell import BlockingCell, blocking_cell_spectrum
from lamion.synthetic.cycling import CycledCell, cycling_record

CELL = ("--thickness", "100 um", "--area", "2 cm2")


@pytest.fixture
def sixty(tmp_path):
    """Fifty-five spectra; one file of another measurement, one cut, one text, one of two points and one missing."""
    names = []
    for seed in range(55):
        names.append(tmp_path / f"cell{seed:02d}.csv")
        names[-1].write_text(spectrum_text(blocking_cell_spectrum(BlockingCell(50.0), seed=seed)))
    bad = {
        "rest.csv": "Test Time / s,Voltage / V\n0,0.1\n1,0.09\n2,0.08\n3,0.075\n",
        "cut.csv": names[0].read_text()[:-20],
        "diary.txt": "Dear diary\n",
        "two.csv": "freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n1000,50,1\n100,51,5\n",
    }
    for name, text in bad.items():
        (tmp_path / name).write_text(text)
    return [*names[:30], *(tmp_path / name for name in bad), tmp_path / "nowhere.csv", *names[30:]]


BAD = {"rest.csv", "cut.csv", "diary.txt", "two.csv", "nowhere.csv"}


def test_five_of_sixty(lamion, sixty):
    said = lamion("analyze", "conductivity", *sixty, *CELL, "--json")
    assert said.status == 1
    assert set(said.json["notes"]["refused"]) == BAD
    assert len(said.json["series"]["File"]) == 55
    assert said.err.splitlines()[-1] == "lamion: 5 of 60 files were refused."
    for name, line in zip(said.json["notes"]["refused"], said.err.splitlines(), strict=False):
        assert name in line


def test_a_folder_stands_for_its_files(lamion, sixty, tmp_path):
    (tmp_path / ".hidden.csv").write_text("secret")
    said = lamion("analyze", "conductivity", tmp_path, *CELL, "--json")
    assert said.status == 1
    assert set(said.json["notes"]["refused"]) == BAD - {"nowhere.csv"}
    assert len(said.json["series"]["File"]) == 55
    (tmp_path / "empty").mkdir()
    said = lamion("analyze", "conductivity", tmp_path / "empty", *CELL)
    assert (said.status, "holds no files" in said.err) == (2, True)


def test_a_folder_of_cells_is_a_row_each(lamion, tmp_path):
    for number, folder in enumerate(["first", "second"]):
        (tmp_path / folder).mkdir()
        content = cycling_record(CycledCell(), cycles=3 + number)
        write(content, tmp_path / folder / "cell.bdf.csv")
    (tmp_path / "README.txt").write_text("Two cells of one batch.\n")
    (tmp_path / "rest.csv").write_text("Test Time / s,Voltage / V,Current / A\n0,3,0\n1,3,0\n1.5,3,0")
    said = lamion("analyze", "cycling", tmp_path, "--json")
    assert said.status == 1
    assert said.json["series"]["File"] == ["first/cell.bdf.csv", "second/cell.bdf.csv"]
    assert (said.json["notes"]["replicates"], list(said.json["notes"]["refused"])) == (2, ["README.txt", "rest.csv"])
    assert said.err.splitlines()[1].startswith("lamion: rest.csv: No current flows in the record.")
    assert said.err.splitlines()[-1] == "lamion: 2 of 4 files were refused."


def test_a_warning_of_all_is_said_once(lamion, sixty):
    words = ("analyze", "conductivity", *sixty[:30], *CELL)
    alike = [text for text in lamion(*words, "--json").json["warnings"] if "Leads and contacts" in text]
    shown = " ".join(lamion(*words).out.split())
    assert len(alike) > 10
    assert shown.count("Leads and contacts") == shown.count("Likewise") == 1
    assert f"and {len(alike) - 7} more." in shown


def test_none_of_several(lamion, sixty):
    bad = [path for path in sixty if path.name in BAD]
    said = lamion("analyze", "conductivity", *bad, *CELL)
    assert said.status == 2
    assert not said.out


def test_two_files_of_one_name_are_told_apart(lamion, sixty, tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "diary.txt").write_text("Dear other diary\n")
    said = lamion("read", *sixty[:2], tmp_path / "diary.txt", tmp_path / "more" / "diary.txt", "--json")
    assert said.status == 1
    assert list(said.json["notes"]["refused"]) == ["diary.txt", str(tmp_path / "more" / "diary.txt")]


STEPS = """
[[step]]
id = "short"
task = "analyze conductivity"
sample = "film"
files = ["two.csv"]
settles = { "film.activation_energy" = "conductivity" }
[[step]]
id = "after"
task = "audit formula"
formula = "2 * a"
unit = "S/cm"
means = "twice that"
values = { a = { step = "short", result = "conductivity" } }
"""


@pytest.fixture
def failing(lamion, tmp_path):
    """Make a study whose second step fails and takes a third with it."""
    assert lamion("new", tmp_path / "film").status == 0
    study = tmp_path / "film" / "study.toml"
    study.write_text(study.read_text() + STEPS)
    (tmp_path / "film" / "two.csv").write_text("freq/Hz,Re(Z)/Ohm,-Im(Z)/Ohm\n1000,50,1\n100,51,5\n")
    return tmp_path / "film"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_failed_step_leaves_a_report(lamion, failing, workers):
    said = lamion("run", failing, "--workers", workers)
    assert said.status == 1, said.err
    assert said.err.splitlines()[-1] == "lamion: 2 of 4 steps failed."
    results = json.loads((failing / "results" / "results.json").read_text())
    assert list(results["failed"]) == ["short", "after"]
    assert set(results["steps"]) == {"composition", "conductivity-60C"}
    assert results["claims"]["film.activation_energy"]["verdict"] == "not computed"
    assert "Step 'short'" in results["claims"]["film.activation_energy"]["reason"]
    report = (failing / "results" / "report.html").read_text()
    assert 'id="step-short"' in report
    assert "which has no answer" in report
    assert "Content-Security-Policy" in report
    assert str(failing) not in json.dumps(results)


def test_python_raises_what_a_step_failed_with(failing):
    import lamion

    done = lamion.run(failing)
    assert "conductivity" in done["conductivity-60C"]
    with pytest.raises(lamion.InputError, match="Step 'short'"):
        _ = done["short"]
    with pytest.raises(lamion.InputError, match="Step 'short'"):
        lamion.run(failing, step="short")


def test_results_that_were_changed_are_kept(lamion, failing):
    assert lamion("run", failing).status == 1
    report = failing / "results" / "report.html"
    report.write_text(report.read_text() + "<!-- my notes -->")
    said = lamion("run", failing)
    assert said.status == 2
    assert "'report.html'" in said.err
    assert "my notes" in report.read_text()
    assert lamion("run", failing, "--force").status == 1
    assert "my notes" not in report.read_text()


def test_a_file_from_elsewhere_is_named_in_the_report(lamion, failing, tmp_path):
    (tmp_path / "far.csv").write_text(spectrum_text(blocking_cell_spectrum(BlockingCell(50.0), seed=4)))
    study = failing / "study.toml"
    text = study.read_text().replace('settles = { "film.activation_energy" = "conductivity" }\n', "")
    study.write_text(text.replace('files = ["two.csv"]', f'files = ["{tmp_path / "far.csv"}"]'))
    assert lamion("run", failing).status == 0
    assert "far.csv does not lie in the study" in (failing / "results" / "report.html").read_text()


@POSIX
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGKILL"])
def test_a_run_that_is_ended_leaves_nothing_for_ever(lamion, failing, name):
    code = (
        "import sys, time; from lamion.report import results_folder as r;"
        "r.draw = lambda *_: (print('drawing', flush=True), time.sleep(60));"
        "from lamion.cli.main import main; sys.exit(main(['run', sys.argv[1]]))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(failing)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "drawing\n"
    assert list(failing.glob(".results.new.*"))
    process.send_signal(getattr(signal, name))
    process.communicate(timeout=120)
    assert process.returncode == (-signal.SIGKILL if name == "SIGKILL" else 128 + getattr(signal, name))
    assert bool(list(failing.glob(".results.new.*"))) == (name == "SIGKILL")
    assert lamion("run", failing).status == 1
    assert not list(failing.glob(".results.new.*"))
