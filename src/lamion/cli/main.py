"""The command line: a table of verbs, each in a file of its own that is imported when it is used."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol

from lamion import __version__
from lamion.quantities.errors import InputError
from lamion.tasks import catalogue

VERBS = {
    "reproduce": ("lamion.cli.reproduce", "recompute the built-in study of a published electrolyte"),
    "run": ("lamion.cli.run", "run a study of your own"),
    "new": ("lamion.cli.new", "make a folder with a study to begin with"),
    "read": ("lamion.cli.read", "say what a file is and what is in it"),
}


class Verb(Protocol):
    """What each verb's module offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the verb's arguments."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do the work and return the exit status."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; by default those of the process.

    Returns
    -------
    int
        0 when all went well, 2 for anything the user can mend, 130 when interrupted.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return _dispatch(words)
    except InputError as error:
        print(f"lamion: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("lamion: interrupted. What was finished is kept; run the same command to go on.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        print(_help(), end="")
        return 0
    if words[0] in ("-V", "--version"):
        print(f"lamion {__version__}")
        return 0
    verb, rest = _verb(words)
    if verb not in VERBS:
        from lamion.cli.adapter import run

        return run(catalogue.find(verb), rest)
    from lamion.cli.parser import Parser, parse

    module: Verb = import_module(VERBS[verb][0])
    parser = Parser(prog=f"lamion {verb}", description=module.__doc__, formatter_class=argparse.RawTextHelpFormatter)
    module.add_arguments(parser)
    return module.run(parse(parser, rest))


def _known() -> dict[str, str]:
    """Return every verb with its one line."""
    tasks = {name: catalogue.help_line(name) for name in catalogue.names()}
    return {**{name: text for name, (_, text) in VERBS.items()}, **tasks}


def _verb(words: list[str]) -> tuple[str, list[str]]:
    known = {*VERBS, *catalogue.names()}
    for count in (2, 1):
        verb = " ".join(words[:count])
        if verb in known:
            return verb, words[count:]
    groups = sorted(verb.split()[1] for verb in known if verb.startswith(words[0] + " "))
    if groups:
        said = "needs to know what" if len(words) < 2 or words[1].startswith("-") else f"does not know '{words[1]}'"
        raise InputError(f"`lamion {words[0]}` {said}.", "", f"Known are: {', '.join(groups)}.")
    names = sorted({verb.split()[0] for verb in known})
    raise InputError(f"There is no command 'lamion {words[0]}'.", "", f"Known are: {', '.join(names)}.")


def _help() -> str:
    known = _known()
    width = max(map(len, known))
    verbs = "\n".join(f"  {verb:<{width}}  {text}" for verb, text in known.items())
    return (
        "lamion: a workbench for solid battery electrolytes\n\n"
        f"{verbs}\n\n"
        "`lamion VERB --help` says what a verb takes. Quantities are typed with their units:\n"
        '"9 um", "2.01 cm2", "5.62e-4 S/cm", "25 degC", "9 ± 0.3 um", "1.4(2) mV", "10 wt%".\n'
    )
