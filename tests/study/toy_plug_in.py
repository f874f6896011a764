"""An installed plug-in with a few steps and a format, made in a folder that is then on sys.path."""

from pathlib import Path

import pytest

STEPS = """
import os, signal, sys, time
from pathlib import Path

from lamion.quantities import Answer, InputError, Quantity
from lamion.study.kinds import Option, StepKind


def number(inputs):
    print("noise on stdout")
    os.write(1, b"more noise")
    raw = inputs.file("file")
    if raw is not None:
        return Answer({"value": Quantity(float(raw.text.lines[0].text), None, "1")}, notes={"pid": str(os.getpid())})
    threads = os.environ.get("OMP_NUM_THREADS", "")
    return Answer({"value": Quantity(1.5, 0.1, "1")}, notes={"pid": str(os.getpid()), "threads": threads})


def sleeps(inputs):
    Path(inputs.options["pid_file"]).write_text(str(os.getpid()))
    time.sleep(60)


def dies(inputs):
    os.kill(os.getpid(), signal.SIGKILL)


def refuses(inputs):
    raise InputError("The toy is broken.", "It fell.", "Mend it.")


def fails(inputs):
    raise KeyError("a defect")


OPTIONS = {"pid_file": Option("text", required=False), "file": Option("file", required=False)}
NUMBER, SLEEPS, DIES, REFUSES, FAILS = (
    StepKind(run, evidence="measured", options=OPTIONS, heavy=True) for run in (number, sleeps, dies, refuses, fails)
)
"""

FORMAT = """
from lamion.formats.content import Format

FORMAT = Format("toy", lambda raw: False, lambda raw: None)
"""

ENTRY_POINTS = """
[lamion.steps]
toy-number = lamion_toy.steps:NUMBER
toy-sleeps = lamion_toy.steps:SLEEPS
toy-dies = lamion_toy.steps:DIES
toy-refuses = lamion_toy.steps:REFUSES
toy-fails = lamion_toy.steps:FAILS

[lamion.formats]
toy = lamion_toy.format:FORMAT
"""


def install(folder: Path) -> Path:
    package = folder / "lamion_toy"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "steps.py").write_text(STEPS)
    (package / "format.py").write_text(FORMAT)
    info = folder / "lamion_toy-0.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lamion-toy\nVersion: 0.1\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    return folder


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """Return the folder of the installed plug-in."""
    folder = install(tmp_path / "site")
    monkeypatch.syspath_prepend(folder)
    yield folder
    import sys

    for name in [name for name in sys.modules if name.partition(".")[0] == "lamion_toy"]:
        del sys.modules[name]
