"""Files and folders are whole at every moment."""

import pytest

from lamion import atomic


def test_an_error_leaves_the_old_folder(tmp_path):
    out = tmp_path / "results"
    with atomic.folder(out) as fresh:
        (fresh / "a").write_text("old")

    def break_off():
        with atomic.folder(out) as fresh:
            (fresh / "a").write_text("new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert (out / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_a_new_folder_replaces_the_old_one_as_a_whole(tmp_path):
    out = tmp_path / "results"
    for names in (["a", "b"], ["b", "c"]):
        with atomic.folder(out) as fresh:
            for name in names:
                (fresh / name).write_text("")
    assert sorted(path.name for path in out.iterdir()) == ["b", "c"]
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_write_replaces_and_leaves_nothing_behind(tmp_path):
    atomic.write(tmp_path / "x", "one")
    atomic.write(tmp_path / "x", b"two")
    assert (tmp_path / "x").read_bytes() == b"two"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_left_aside_by_a_killed_swap_comes_back(tmp_path):
    aside = tmp_path / ".results.old.abc" / "results"
    aside.mkdir(parents=True)
    (aside / "a").write_text("old")
    atomic.restore(tmp_path / "results")
    assert (tmp_path / "results" / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["results"]


def test_a_failed_swap_keeps_the_old_folder(tmp_path, monkeypatch):
    out = tmp_path / "results"
    with atomic.folder(out) as fresh:
        (fresh / "a").write_text("old")
    original = type(out).rename

    def failing(self, target):
        if self.name.startswith(".results.new."):
            raise OSError(28, "No space left on device")
        return original(self, target)

    monkeypatch.setattr(type(out), "rename", failing)
    with pytest.raises(OSError, match="No space"), atomic.folder(out) as fresh:
        (fresh / "a").write_text("new")
    monkeypatch.undo()
    assert (out / "a").read_text() == "old"
