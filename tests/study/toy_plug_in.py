"""An installed plug-in with a few steps and a format, made in a folder that is then on sys.path."""

from pathlib import Path

import pytest

STEPS = """
import os, signal, sys, time
from pathlib import Path
from typing import Annotated

from lamion.quantities import Answer, InputError, Quantity
from lamion.tasks.declaring import File, Option, Result, task

PidFile = Annotated[str | None, Option("where it writes its number")]
ToyFile = Annotated[File | None, Option("a number")]
declared = task(results={"value": Result("1", "a number", headline=True)}, evidence="measured", example="", heavy=True)


@declared
def number(file: ToyFile = None) -> Answer:
    print("noise on stdout")
    os.write(1, b"more noise")
    if file is not None:
        value = float(file.raw.text.lines[0].text)
        return Answer({"value": Quantity(value, None, "1")}, notes={"pid": str(os.getpid())})
    threads = os.environ.get("OMP_NUM_THREADS", "")
    return Answer({"value": Quantity(1.5, 0.1, "1")}, notes={"pid": str(os.getpid()), "threads": threads})


@declared
def sleeps(pid_file: PidFile = None) -> Answer:
    Path(pid_file).write_text(str(os.getpid()))
    time.sleep(60)


@declared
def dies() -> Answer:
    os.kill(os.getpid(), signal.SIGKILL)


@declared
def refuses() -> Answer:
    raise InputError("The toy is broken.", "It fell.", "Mend it.")


@declared
def fails() -> Answer:
    raise KeyError("a defect")
"""

FORMAT = """
from lamion.formats.content import Format

FORMAT = Format("toy", lambda raw: False, lambda raw: None)
"""

ENTRY_POINTS = """
[lamion.tasks]
analyze.toy-number = lamion_toy.steps:number
analyze.toy-sleeps = lamion_toy.steps:sleeps
analyze.toy-dies = lamion_toy.steps:dies
analyze.toy-refuses = lamion_toy.steps:refuses
analyze.toy-fails = lamion_toy.steps:fails

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
