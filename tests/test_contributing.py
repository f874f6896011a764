"""CONTRIBUTING, followed: its steps are done on a copy of the repository, and every command is run."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lamion.synthetic.examples import EXAMPLES, example

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
_SECTION = re.compile(r"^### (.+?)\n(.*?)(?=^##)", flags=re.MULTILINE | re.DOTALL)
_STEP = re.compile(r"^<!-- (.+?) -->\n```\w+\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
STEPS = {title: _STEP.findall(body) for title, body in _SECTION.findall(TEXT)}
FOLLOWED = [title for title, steps in STEPS.items() if steps]
_COPIED = ("src", "tests", "docs", "pyproject.toml", "README.md", "CONTRIBUTING.md")


def test_every_kind_of_thing_has_steps():
    assert set(FOLLOWED) >= {
        "A technique",
        "A task",
        "A figure",
        "A file format",
        "An element of circuits",
        "A substance",
    }
    assert all(any(what == "run" for what, _ in STEPS[title]) for title in FOLLOWED)


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of what a stranger checks out, with the files of the examples."""
    made = tmp_path_factory.mktemp("contributed")
    for name in _COPIED:
        copied = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copied(ROOT / name, made / name)
    for name in EXAMPLES:
        (made / name).write_bytes(example(name))
    return made


@pytest.mark.parametrize("title", FOLLOWED)
def test_its_steps_lead_where_they_say(title, copy):
    """In the order of the page: a figure is drawn of the task above it."""
    for what, block in STEPS[title]:
        _follow(what, block, copy)


def _follow(what, block, copy):
    word, _, rest = what.partition(" ")
    if word == "write":
        assert not (copy / rest).exists(), f"{rest} is there already"
        (copy / rest).write_text(block, encoding="utf-8")
    elif word == "append":
        with (copy / rest.removeprefix("to ")).open("a", encoding="utf-8") as file:
            file.write(f"\n{block}")
    elif word == "insert":
        path, below = rest.removeprefix("in ").split(" below ")
        lines = (copy / path).read_text(encoding="utf-8").splitlines(keepends=True)
        (place,) = [number for number, line in enumerate(lines) if line.strip().startswith(below)]
        (copy / path).write_text("".join([*lines[: place + 1], block, *lines[place + 1 :]]), encoding="utf-8")
    else:
        assert what == "run"
        for line in block.splitlines():
            _run(line, copy)


def _run(line, copy):
    """Run a command of the page; behind a `#` stands what it says, after `refused:` where it shall fail."""
    command, _, wanted = line.partition("  # ")
    status = 2 if wanted.startswith("refused: ") else 0
    program, *words = shlex.split(command)
    start = {"lamion": ["-m", "lamion"], "pytest": ["-m", "pytest", "-q", "-p", "no:cacheprovider"], "python": []}
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *start[program], *words], cwd=copy, env=environment, capture_output=True, text=True
    )
    said = done.stdout + done.stderr
    assert done.returncode == status, f"{line}\n{said}"
    assert wanted.removeprefix("refused: ") in said, f"{line}\n{said}"


def test_every_place_that_it_names_is_there():
    named = re.findall(r"`([a-z_]+(?:/[a-z_]+)+(?:\.(?:py|toml|css)|/))`", TEXT)
    assert len(named) > 20
    gone = [name for name in named if not any((ROOT / folder / name).exists() for folder in ("src/lamion", "."))]
    assert not gone
