"""Directives of the documentation that run lamion while it is built, and show what it really says.

``{lamion}`` runs the commands in its body, one a line, and shows each with its output. ``{file} NAME`` writes its body
into a file, or with ``:instead-of:`` puts it in the place of a line, or of as many as ``:lines:`` says. All of a page
share a folder, which begins with the files of ``lamion new files --examples``. A status that the page does not announce
fails the build.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import textwrap
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from lamion.cli.main import main
from lamion.synthetic.examples import EXAMPLES, example

_made = functools.cache(example)
_WIDEST = 100
_CONTINUED = re.compile(r"\\\n")


class Folders:
    """The folder of each page, as long as the build lasts."""

    def __init__(self) -> None:
        self._root = tempfile.TemporaryDirectory()

    def of(self, page: str) -> Path:
        """Return a page's folder; a new one holds the examples' files."""
        folder = Path(self._root.name) / page.replace("/", "-")
        if not folder.exists():
            folder.mkdir()
            for name in EXAMPLES:
                (folder / name).write_bytes(_made(name))
        return folder

    def remove(self, *_: object) -> None:
        """Remove all of them."""
        self._root.cleanup()


_FOLDERS = Folders()


def run(words: list[str], folder: Path) -> tuple[int, str]:
    """Run lamion as its command line does, in a folder, and return the status and all that it says."""
    said = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            status = main(words)
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 0
    # A page shows no path of the machine that built it.
    return status, said.getvalue().replace(f"{folder}{os.sep}", "").replace(str(folder), ".").strip("\n")


def _run_other(command: str, folder: Path) -> tuple[int, str]:
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S602  Our own pages' commands.
    return done.returncode, (done.stdout + done.stderr).strip("\n")


class Lamion(SphinxDirective):
    """Commands with what they answer."""

    has_content = True
    option_spec = {  # noqa: RUF012  docutils' own form
        "figure": directives.unchanged_required,
        "caption": directives.unchanged,
        "refused": directives.flag,
        "status": directives.nonnegative_int,
        "hide-output": directives.flag,
        "lines": directives.positive_int,
    }

    def run(self) -> list[nodes.Node]:
        """Run them one after the other."""
        shown: list[nodes.Node] = []
        for command in _CONTINUED.sub("\\\0", "\n".join(self.content)).splitlines():
            if command.strip():
                shown += self._one(command.replace("\0", "\n"))
        if "figure" in self.options:
            shown.append(self._figure())
        return [nodes.container("", *shown, classes=["run"])]

    def _one(self, command: str) -> list[nodes.Node]:
        folder = _FOLDERS.of(self.env.docname)
        words = shlex.split(command.replace("\\\n", " "), comments=True)
        status, output = run(words[1:], folder) if words[:1] == ["lamion"] else _run_other(command, folder)
        expected = 2 if "refused" in self.options else self.options.get("status", 0)
        if status != expected:
            raise self.error(f"exit status {status}, not {expected}: {command}\n{output}")
        lines = [part for line in output.splitlines() for part in _wrapped(line)]
        most = self.options.get("lines", len(lines))
        shown = [_block(command, "sh", "command")]
        if output and "hide-output" not in self.options:
            more = ["…"] if most < len(lines) else []
            shown.append(_block("\n".join(lines[:most] + more), "text", "output"))
        return shown

    def _figure(self) -> nodes.figure:
        name = self.options["figure"]
        made = _FOLDERS.of(self.env.docname) / name
        if not made.is_file():
            raise self.error(f"no command wrote {name}")
        kept = Path(self.env.doctreedir, "figures", self.env.docname.replace("/", "-"), made.name)
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, kept)
        caption = self.options.get("caption", "")
        image = nodes.image(uri="/" + os.path.relpath(kept, self.env.srcdir), alt=caption or name)
        text, problems = self.parse_inline(caption)
        return nodes.figure("", image, *([nodes.caption(caption, "", *text)] if caption else []), *problems)


class File(SphinxDirective):
    """A file as the reader writes it, or one line of it that the reader changes."""

    has_content = True
    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {  # noqa: RUF012  docutils' own form
        "instead-of": directives.unchanged_required,
        "lines": directives.positive_int,
    }

    def run(self) -> list[nodes.Node]:
        """Write it and show what was written."""
        name, body = self.arguments[0], "\n".join(self.content)
        path = _FOLDERS.of(self.env.docname) / name
        path.write_text(self._changed(path, body) if "instead-of" in self.options else body + "\n", encoding="utf-8")
        language = {".toml": "toml", ".py": "python"}.get(path.suffix, "text")
        block = _block(body, language, "file")
        return [nodes.container("", nodes.paragraph("", "", nodes.literal(text=name)), block, classes=["written"])]

    def _changed(self, path: Path, body: str) -> str:
        lines = path.read_text(encoding="utf-8").split("\n")
        found = [place for place, line in enumerate(lines) if line.startswith(self.options["instead-of"])]
        if len(found) != 1:
            raise self.error(f"{len(found)} lines of {path.name} begin with {self.options['instead-of']}")
        lines[found[0] : found[0] + self.options.get("lines", 1)] = [body]
        return "\n".join(lines)


def _wrapped(line: str) -> list[str]:
    """Break what is wider than a terminal is taken to be, as errors are."""
    return textwrap.wrap(line, _WIDEST, subsequent_indent="  ") if len(line) > _WIDEST else [line]


def _block(text: str, language: str, kind: str) -> nodes.literal_block:
    return nodes.literal_block(text, text, language=language, classes=[kind])


def setup(app: Sphinx) -> dict[str, bool]:
    """Name the directives to Sphinx."""
    app.add_directive("lamion", Lamion)
    app.add_directive("file", File)
    app.connect("build-finished", _FOLDERS.remove)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
