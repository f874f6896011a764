"""What lamion wrote it may replace; what others wrote, and what it was given, it may not."""

import json

import pytest

from lamion import written
from lamion.quantities import InputError


def test_its_own_output_is_replaced_and_a_changed_one_is_not(tmp_path):
    path = tmp_path / "a.csv"
    written.write(path, b"one")
    written.write(path, b"two")
    assert path.read_bytes() == b"two"
    path.write_bytes(b"two, and a note of mine")
    with pytest.raises(InputError, match="exists already"):
        written.write(path, b"three")
    assert path.read_bytes() == b"two, and a note of mine"
    written.write(path, b"three", force=True)
    written.write(path, b"four")
    assert path.read_bytes() == b"four"


def test_an_input_is_not_replaced_even_with_force(tmp_path):
    path = tmp_path / "cell.csv"
    path.write_bytes(b"raw")
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    with pytest.raises(InputError, match="named twice"):
        written.write(link, b"x", inputs=[path], force=True)
    assert path.read_bytes() == b"raw"


def test_the_list_is_bounded_and_its_loss_is_no_harm(tmp_path, monkeypatch):
    monkeypatch.setattr(written, "_REMEMBERED", 3)
    for number in range(5):
        written.write(tmp_path / f"{number}.csv", b"x")
    kept = json.loads((written.state_folder() / "written.json").read_text())
    assert [name.rpartition("/")[2] for name in kept] == ["2.csv", "3.csv", "4.csv"]
    (written.state_folder() / "written.json").write_text("broken [")
    with pytest.raises(InputError, match="exists already"):
        written.write(tmp_path / "4.csv", b"y")
    written.write(tmp_path / "new.csv", b"y")
    written.write(tmp_path / "new.csv", b"z")


def test_a_state_folder_that_cannot_be_written_stops_nothing(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LAMION_STATE", str(tmp_path / "file"))
    written.write(tmp_path / "a.csv", b"x")
    assert (tmp_path / "a.csv").read_bytes() == b"x"


def test_the_state_folder_is_the_users_own(monkeypatch):
    monkeypatch.delenv("LAMION_STATE")
    assert written.state_folder().name == "lamion"
