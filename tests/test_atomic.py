"""Files and folders are whole at every moment."""

import pytest

from lamion import atomic


def test_an_error_leaves_the_old_folder(tmp_path):
    out = tmp_path / "results"
    with atomic.folder(out) as fresh:
        (fresh / "a").write_text("old")
    with pytest.raises(RuntimeError), atomic.folder(out) as fresh:
        (fresh / "a").write_text("new")
        raise RuntimeError
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
