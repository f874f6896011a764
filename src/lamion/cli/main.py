"""The command line: a table of verbs, each in a file of its own that is imported when it is used.

What only lists verbs imports nothing else: ``lamion --help`` costs little more than the interpreter.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from contextlib import contextmanager
from importlib import import_module

from lamion.cli import overview
from lamion.tasks import catalogue

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Protocol

    from lamion.cli.parser import Argument, Parser

    class Verb(Protocol):
        """What each verb's module offers."""

        ARGUMENTS: Sequence[Argument]
        """What it takes; with OUTPUT where it shows an answer, what it can write of it; EXAMPLES, whole commands."""

        def run(self, arguments: argparse.Namespace) -> int:
            """Do the work and return the exit status."""


VERBS = {
    "reproduce": ("lamion.cli.reproduce", "recompute the built-in study of a published electrolyte"),
    "run": ("lamion.cli.run", "run a study of your own"),
    "new": ("lamion.cli.new", "make a folder with a study to begin with"),
    "page": ("lamion.page.verb", "open the local page in a browser: files, figures, fits, a study"),
    "tasks": ("lamion.cli.tasks", "list what lamion computes, with options and results"),
    "cite": ("lamion.cli.cite", "list the works and sources that an answer rests on"),
    "completion": ("lamion.cli.completion", "print what makes a shell complete lamion's words"),
    "read": ("lamion.cli.read", "say what a file is and what is in it"),
    "scan": ("lamion.cli.scan", "list what each file of a folder is"),
}


_HELP = ("-h", "--help", "help")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line, that of the process by default.

    The exit status is 0 when all went well, 1 when some of several files were refused, 2 for anything the user can
    mend, 130 when interrupted.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if sys.stdout is None:
        return _refused("There is no standard output to answer on: it was closed.")
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
    shown, warnings.showwarning = warnings.showwarning, _warn
    with _ended_by_signals():
        try:
            status = _dispatch(words)
            sys.stdout.flush()
            return status
        except KeyboardInterrupt:
            print("lamion: interrupted. What was finished is kept; run the same command to go on.", file=sys.stderr)
            return 130
        except BrokenPipeError:
            _drop_output()
            return 0
        except Exception as error:  # noqa: BLE001  What no user can mend is raised again.
            return _told(error)
        finally:
            warnings.showwarning = shown


def _told(error: Exception) -> int:
    """Say in a paragraph what a user can mend; a defect keeps its traceback."""
    from lamion.quantities.errors import MENDABLE, InputError, as_input_error

    if not isinstance(error, (InputError, *MENDABLE)):
        raise error
    if isinstance(error, OSError):
        _drop_output()
    return _refused(str(error if isinstance(error, InputError) else as_input_error(error)))


def _refused(text: str) -> int:
    from lamion.texts import plain

    if sys.stderr is not None:
        print(f"lamion: {plain(text)}", file=sys.stderr)
    return 2


def _drop_output() -> None:
    """Let what could not be delivered go nowhere, so that the interpreter's end does not stumble over it again."""
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let the signals that end a process end it in order: what is half done is cleaned up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ending = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in ending}
    taken = [number for number in ending if before[number] is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, before[number])


def _end(number: int, _: object) -> None:
    raise SystemExit(128 + number)


def _warn(message: Warning | str, *_: object, **__: object) -> None:
    """Say a warning in one line, without the place in the code that people have no use for."""
    from lamion.texts import plain

    print(f"lamion: warning: {plain(str(message))}", file=sys.stderr)


def known() -> dict[str, str]:
    """Return every verb with its one line."""
    tasks = {name: catalogue.help_line(name) for name in catalogue.names()}
    return {**{name: text for name, (_, text) in VERBS.items()}, **tasks}


def _dispatch(words: list[str]) -> int:
    if words[:1] == ["--complete"]:
        from lamion.cli.completion import candidates

        print("\n".join(candidates(words[1:], known())))
        return 0
    if words[:1] in (["-V"], ["--version"]):
        from lamion.cli.version import version

        print(version(), end="")
        return 0
    page = _page(words)
    if page:
        print(page, end="")
        return 0
    verb, rest = _verb(_renamed(words))
    if verb not in VERBS:
        from lamion.cli.adapter import run

        return run(catalogue.find(verb), rest)
    return _run_own(verb, rest)


_FORMERLY = {"simulate tortuosity": "analyze tortuosity"}
"""Verbs by the words they had before, which work for one version."""


def _renamed(words: list[str]) -> list[str]:
    now = _FORMERLY.get(" ".join(words[:2]))
    if now is None:
        return words
    print(f"lamion: `{' '.join(words[:2])}` is called `{now}` now.", file=sys.stderr)
    return [*now.split(), *words[2:]]


def _run_own(verb: str, rest: list[str]) -> int:
    """Run a verb that is no task."""
    from lamion.cli.parser import parse

    module: Verb = import_module(VERBS[verb][0])
    return module.run(parse(parser_of_own(verb), rest))


def parser_of_own(verb: str) -> Parser:
    """Make the parser of a verb that is no task."""
    from lamion.cli.pages import example
    from lamion.cli.parser import Parser

    module: Verb = import_module(VERBS[verb][0])
    examples = "\n".join(map(example, getattr(module, "EXAMPLES", ())))
    parser = Parser(
        prog=f"lamion {verb}", description=module.__doc__, epilog=f"examples:\n{examples}" if examples else None
    )
    parser.declare(module.ARGUMENTS)
    output: Mapping[str, bool] | None = getattr(module, "OUTPUT", None)
    if output is not None:
        from lamion.cli.output import add_output_arguments

        add_output_arguments(parser, **output)
    return parser


def _page(words: list[str]) -> str:
    """Return what only lists verbs: how to begin, all of them, one group."""
    if not words:
        return overview.beginning(known())
    if words[0] in _HELP:
        if words[0] == "help" and words[1:]:
            return _page(words[1:])
        return overview.every_verb(known())
    if words[0] in catalogue.GROUPS and (len(words) == 1 or words[1] in _HELP):
        return overview.of_group(words[0], known())
    return ""


def _verb(words: list[str]) -> tuple[str, list[str]]:
    names = {*VERBS, *catalogue.names()}
    for count in (2, 1):
        verb = " ".join(words[:count])
        if verb in names:
            return verb, words[count:]
    raise overview.unknown(words, sorted(names))
