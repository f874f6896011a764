"""Every verb is made to write onto its input, onto a stranger's file, into a full disk and into a closed pipe."""

import hashlib
import json
import os
import shlex
import subprocess
import sys

import pytest
from tests.limited import POSIX

from lamion.cli.main import VERBS, main
from lamion.synthetic.examples import EXAMPLES, example
from lamion.tasks import catalogue

_OWN = {
    "read": ["read", "blocking_cell.csv"],
    "scan": ["scan", "."],
}
_WRITTEN = ("--csv", "--figure")


def commands():
    """Return a whole command of each verb that writes an answer, with the options that name files."""
    found = dict(_OWN)
    for name in catalogue.names():
        task = catalogue.find(name)
        if task.is_verb and not task.extra:
            found[name] = [*name.split(), *shlex.split(task.example)]
    return found


def options(name):
    if name in _OWN:
        return ("--csv",)
    return (*_WRITTEN, *(f"--{file}" for file in catalogue.find(name).files))


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in EXAMPLES:
        (tmp_path / name).write_bytes(example(name))
    for ending in ("csv", "svg"):
        (tmp_path / f"stranger.{ending}").write_text("years of work\n")
    return tmp_path


def hashes(folder):
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.mark.parametrize("name", commands())
def test_neither_an_input_nor_a_stranger_is_replaced(here, name, capsys):
    words, before = commands()[name], hashes(here)
    inputs = [word for word in words if (here / word).is_file()]
    for option in options(name):
        ending = "svg" if option == "--figure" else "csv"
        stranger = f"stranger.{ending}"
        (here / f"link.{ending}").symlink_to(inputs[0] if inputs else stranger)
        for target in [*inputs, stranger, f"link.{ending}"]:
            for more in [[], ["--force"]] if target in inputs else [[]]:
                assert main([*words, option, target, *more]) == 2, (option, target)
                assert capsys.readouterr().err.count("\n") == 1
        (here / f"link.{ending}").unlink()
    assert hashes(here) == before


DRIVER = """
import json, os, resource, sys, traceback
from lamion.cli.main import main
commands, full = json.loads(sys.argv[1]), sys.argv[2] == "full"
if full:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
report = os.fdopen(os.dup(2), "w")
sys.stderr = open(os.devnull, "w")
for name, words in commands.items():
    try:
        status = main(words)
    except BaseException:
        report.write(f"{name}: {traceback.format_exc()}\\n")
        continue
    if full and status != 2:
        report.write(f"{name}: {status}\\n")
report.flush()
"""


def driven(folder, given, how, **streams):
    environment = {**os.environ, "LAMION_STATE": str(folder / "state")}
    return subprocess.run(
        [sys.executable, "-c", DRIVER, json.dumps(given), how],
        cwd=folder, env=environment, stderr=subprocess.PIPE, text=True, check=False, **streams,
    )  # fmt: skip


def quick_commands():
    return {name: words for name, words in commands().items() if name in _OWN or not catalogue.find(name).heavy}


@POSIX
def test_a_full_disk_is_a_paragraph(here):
    given = {
        f"{name} {option}": [*words, option, "a.svg" if option == "--figure" else "a.csv"]
        for name, words in quick_commands().items()
        for option in options(name)
    }
    before = hashes(here)
    done = driven(here, given, "full", stdout=subprocess.DEVNULL)
    assert (done.returncode, done.stderr) == (0, "")
    assert hashes(here) == before
    with open("/dev/full", "w") as full:
        assert driven(here, quick_commands(), "stdout", stdout=full).stderr == ""
    assert hashes(here) == before


@POSIX
@pytest.mark.parametrize("name", ["read", "recipe", "analyze kk", "tasks"])
def test_a_closed_pipe_is_no_traceback(here, name):
    before = hashes(here)
    reading, writing = os.pipe()
    os.close(reading)
    words = {**commands(), "tasks": ["tasks", "--json"]}[name]
    assert driven(here, {name: words}, "pipe", stdout=writing).stderr == ""
    os.close(writing)
    assert hashes(here) == before


@POSIX
@pytest.mark.parametrize(("output", "status"), [(">&-", 2), ("> /dev/full", 2), ("| head -c 1", 0)])
def test_an_answer_that_is_not_delivered_is_said(here, output, status):
    command = f"set -o pipefail; {sys.executable} -m lamion read blocking_cell.csv --json {output}"
    done = subprocess.run(["/bin/bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == status
    assert done.stderr.count("\n") == (1 if status else 0)
    assert "Traceback" not in done.stderr


def test_every_verb_that_writes_an_answer_is_tried():
    from importlib import import_module

    shown = {name for name, (module, _) in VERBS.items() if hasattr(import_module(module), "OUTPUT")}
    assert shown == set(_OWN)
