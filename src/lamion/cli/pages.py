"""How a help page reads: a short usage, paragraphs as wide as the terminal, examples that can be copied."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Iterable

from lamion.cli import terminal

_COLUMN = 26
_WORD = re.compile(r'(?:"[^"]*"|\S)+')


class Page(argparse.HelpFormatter):
    """The layout of a help page; paragraphs are told apart by blank lines, and indented ones stay as they are."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=_COLUMN, width=terminal.width())

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        found = []
        for paragraph in text.strip().split("\n\n"):
            if any(line.startswith(" ") for line in paragraph.splitlines()):
                found.append(paragraph)
            else:
                found.append(_filled(" ".join(paragraph.split()), width, indent))
        return "\n\n".join(found)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False, break_long_words=False)


def usage(prog: str, words: Iterable[str]) -> str:
    """Return the usage of a verb: what it cannot do without, as it is written, and that there is more.

    Examples
    --------
    >>> usage("lamion analyze drt", ["FILE"])
    'lamion analyze drt FILE [options]'
    """
    return "\n".join(_lines([*prog.split(), *words, "[options]"], terminal.width() - len("usage: "), " " * 7))


def example(command: str) -> str:
    """Return a command as lines that can be copied into a shell as they stand.

    Examples
    --------
    >>> print(example('lamion analyze diffusion relaxation.csv --thickness "100 um"'))
      lamion analyze diffusion relaxation.csv --thickness "100 um"
    """
    found = _lines(_WORD.findall(command), terminal.width() - 4, "    ")
    return "\n".join(f"  {line}" for line in " \\\n".join(found).split("\n"))


def _filled(text: str, width: int, indent: str) -> str:
    return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _lines(words: list[str], width: int, hanging: str) -> list[str]:
    """Break between words, and not between an option and its value."""
    found: list[str] = []
    for part in _options(words):
        if found and len(found[-1]) + 1 + len(part) <= width:
            found[-1] += f" {part}"
        else:
            found.append(f"{hanging}{part}" if found else part)
    return found


def _options(words: list[str]) -> list[str]:
    found: list[str] = []
    for word in words:
        if found and found[-1].startswith("--") and " " not in found[-1] and not word.startswith(("-", "[")):
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found
