"""`lamion scan` and what several files say together: exit status, plurals, cut lines, the count last."""

import numpy as np
import pytest

from lamion.formats.conditions import conditions
from lamion.formats.content import FileContent
from lamion.records import ImpedanceSpectrum

_SPECTRUM = "Frequency / Hz,Z' / ohm,Z'' / ohm\n1000,50,-1\n100,51,-5\n10,55,-50\n"
_POINT = "Frequency / Hz,Z' / ohm,Z'' / ohm\n1000,50,-1\n"


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"a.csv": _SPECTRUM}, 0),
        ({"a.csv": _SPECTRUM, "b.txt": "Dear diary\n"}, 1),
        ({"b.txt": "Dear diary\n"}, 2),
        ({}, 0),
    ],
)
def test_the_exit_status_says_whether_all_some_or_none_were_read(lamion, tmp_path, files, status):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    for more in ((), ("--json",)):
        assert lamion("scan", tmp_path, *more).status == status


def test_what_is_cut_says_so_and_where_the_rest_is(lamion, tmp_path):
    (tmp_path / "a.csv").write_text(f"# Comments: {'long ' * 40}\n{_SPECTRUM}")
    lines = lamion("scan", tmp_path).out.splitlines()
    assert lines[1].endswith(" ...")
    assert len(lines[1]) <= 100
    assert lines[-1] == "--csv has the rest"


def test_what_is_not_cut_says_nothing_of_it(lamion, tmp_path):
    (tmp_path / "a.csv").write_text(_SPECTRUM)
    said = lamion("scan", tmp_path).out
    assert "..." not in said
    assert "--csv" not in said


def test_one_of_anything_is_singular(lamion, tmp_path):
    (tmp_path / "a.csv").write_text(_POINT)
    np.save(tmp_path / "b.npy", np.zeros((1, 1), dtype=np.uint8))
    (tmp_path / "c.xyz").write_text("1\nhelium\nHe 0.0 0.0 0.0\n")
    said = lamion("scan", tmp_path).out
    for one in ("1 point,", "1 voxel,", "1 atom,"):
        assert one in said
    for name, one in (("a.csv", "1 point"), ("b.npy", "1 voxel"), ("c.xyz", "1 atom")):
        assert lamion("read", tmp_path / name).out.splitlines()[0].endswith(f" {one}")
    assert "phase 0  1 voxel\n" in lamion("read", tmp_path / "b.npy").out
    assert "(1 point," in repr(ImpedanceSpectrum([1.0], [1.0]))
    (tmp_path / "b.npy").unlink()
    (tmp_path / "c.xyz").unlink()
    assert lamion("scan", tmp_path).out.startswith("1 file, 0 of them refused")


def test_a_sidecar_belongs_to_its_table(lamion, tmp_path):
    (tmp_path / "a.csv").write_text(_SPECTRUM)
    (tmp_path / "alone.bdf.metadata.json").write_text("{}")
    assert lamion("read", tmp_path / "a.csv", "--bdf", tmp_path / "a.bdf.csv").status == 0
    said = lamion("scan", tmp_path)
    assert said.out.startswith("3 files, 1 of them refused")
    assert "a.bdf.metadata.json" not in said.out


def test_an_option_that_only_begins_alike_is_not_suggested(lamion, tmp_path):
    assert "Did you mean" not in lamion("scan", tmp_path, "--figure", "x.png").err


def test_an_option_that_is_near_is_suggested(lamion, tmp_path):
    assert "Did you mean '--force'?" in lamion("scan", tmp_path, "--froce").err


@pytest.mark.parametrize("said", ["0.000 cm\u00b2", "0,000 cm\u00b2", "0 cm2", "0.0 m2", ""])
def test_an_area_that_nobody_gave_is_left_out(said):
    header = {"Electrode surface area": said, "Characteristic mass": "0.000 mg"}
    assert conditions(FileContent("", "", "", (ImpedanceSpectrum([1.0], [1.0]),), header, ())) == {}


def test_an_area_that_somebody_gave_is_told():
    content = FileContent(
        "", "", "", (ImpedanceSpectrum([1.0], [1.0]),), {"Electrode surface area": "2.010 cm\u00b2"}, ()
    )
    assert conditions(content) == {"area by the header": "2.010 cm\u00b2"}


def test_the_count_is_in_the_singular_and_stands_last(lamion, tmp_path):
    (tmp_path / "a.csv").write_text(_SPECTRUM)
    said = lamion("read", tmp_path / "a.csv", tmp_path / "none.csv")
    assert said.err.splitlines()[-1] == "lamion: 1 of 2 files was refused."


def test_the_count_stands_last_where_no_file_is_left(lamion, tmp_path):
    (tmp_path / "a.csv").write_text(_SPECTRUM)
    (tmp_path / "b.csv").write_text(_SPECTRUM.replace("50", "60"))
    words = ("--thickness", "9 um", "--area", "2 cm2", "--fmin", "1e9 Hz")
    said = lamion("analyze", "conductivity", tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "none.csv", *words)
    assert said.status == 2
    assert said.err.splitlines()[-1].endswith("1 of 3 files was refused.")


def test_a_study_that_is_not_there_hints_at_how_to_make_one(lamion, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = lamion("run", "nofilm")
    assert said.status == 2
    assert "There is no study 'nofilm'." in said.err
    assert "lamion new" in said.err
